"""Photos and files: stored whole and encrypted first, then written down."""

import mimetypes
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit_app.changes import Changes, Kind
from audit_app.clock import Clock
from audit_app.errors import ImportRefused, NotFound
from audit_app.services.evidence_reads import evidence_rows
from audit_app.services.finding_rows import EvidenceRow
from audit_app.services.results import Done
from audit_app.services.settings import SettingsService
from audit_app.services.steps import Steps, guard_open
from db.renditions import make_renditions
from db.store import Store
from db.tables import Audit, Evidence, Finding, Site, Thumbnail, Visit

LARGEST_FILE = 100 * 1024 * 1024
"""Bytes; a bigger file is refused with a sentence."""


@dataclass(frozen=True, slots=True)
class Added:
    """A photo or file that is now safe on this device."""

    row: EvidenceRow
    changes: Changes


class EvidenceService:
    """The photos and files of audits."""

    def __init__(self, store: Store, clock: Clock, settings: SettingsService, steps: Steps) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings
        self._steps = steps

    def add_photo(
        self,
        audit_id: UUID,
        *,
        data: bytes,
        name: str,
        ref: str = "",
        finding_id: UUID | None = None,
        caption: str = "",
    ) -> Added:
        """Keep a photo: original and renditions durably on disk, then its row.

        Raises:
            ImportRefused: it is not a photo we can read, or it is too large.
        """
        _check_size(data, name)
        with self._store.read() as session:
            guard_open(session, audit_id)
            zone = _zone(session, audit_id)
        made = make_renditions(data)
        sha256 = self._store.photos.put(data)
        for size in (1600, 1000):
            self._store.photos.put_rendition(sha256, size, made.images[size])
        taken = made.facts.taken_at
        if taken is not None and taken.tzinfo is None:
            taken = taken.replace(tzinfo=zone)
        return self._add(
            audit_id,
            sha256,
            data,
            name,
            thumbnail=made.images[320],
            fill=lambda row: _fill(
                row,
                kind="photo",
                mime=made.facts.mime,
                ref=ref,
                finding_id=finding_id,
                caption=caption,
                width=made.facts.width,
                height=made.facts.height,
                taken_at=taken,
                latitude=made.facts.latitude,
                longitude=made.facts.longitude,
            ),
        )

    def add_file(
        self,
        audit_id: UUID,
        *,
        data: bytes,
        name: str,
        ref: str = "",
        finding_id: UUID | None = None,
        caption: str = "",
    ) -> Added:
        """Keep any other file as evidence; it is never opened by the program."""
        _check_size(data, name)
        with self._store.read() as session:
            guard_open(session, audit_id)
        sha256 = self._store.photos.put(data)
        mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return self._add(
            audit_id,
            sha256,
            data,
            name,
            thumbnail=b"",
            fill=lambda row: _fill(
                row, kind="file", mime=mime, ref=ref, finding_id=finding_id, caption=caption
            ),
        )

    def of_question(self, audit_id: UUID, *, ref: str) -> tuple[EvidenceRow, ...]:
        """The evidence of one question."""
        with self._store.read() as session:
            return evidence_rows(session, audit_id=audit_id, ref=ref)

    def of_finding(self, finding_id: UUID) -> tuple[EvidenceRow, ...]:
        """The evidence of one finding, its question's included."""
        with self._store.read() as session:
            return evidence_rows(session, finding_id=finding_id)

    def of_audit(self, audit_id: UUID) -> tuple[EvidenceRow, ...]:
        """All evidence of one audit."""
        with self._store.read() as session:
            return evidence_rows(session, audit_id=audit_id)

    def bin(self, audit_id: UUID) -> tuple[EvidenceRow, ...]:
        """What was removed and can be brought back until sign-off."""
        with self._store.read() as session:
            return evidence_rows(session, audit_id=audit_id, binned=True)

    def image(self, evidence_id: UUID, *, size: int) -> bytes:
        """A rendition of a photo as JPEG bytes; ``size`` is 1600 or 1000 pixels."""
        with self._store.read() as session:
            item = _get(session, evidence_id)
        return self._store.photos.get_rendition(item.sha256, size)

    def original(self, evidence_id: UUID) -> tuple[str, bytes]:
        """Name and bytes as they came in, to save elsewhere."""
        with self._store.read() as session:
            item = _get(session, evidence_id)
        return item.name, self._store.photos.get(item.sha256)

    def caption(self, evidence_id: UUID, *, text: str) -> Done:
        """Say what a photo shows."""
        return self._change(
            evidence_id, "caption", "Caption", lambda row: setattr(row, "caption", text.strip())
        )

    def remove(self, evidence_id: UUID) -> Done:
        """Move it to the visit's bin; the file stays."""
        moment = self._clock.now()
        return self._change(
            evidence_id, "remove photo", "Photo removed", lambda row: _bin(row, moment)
        )

    def restore(self, evidence_id: UUID) -> Done:
        """Bring it back from the bin."""
        return self._change(
            evidence_id, "restore photo", "Photo restored", lambda row: _bin(row, None)
        )

    def _add(
        self,
        audit_id: UUID,
        sha256: str,
        data: bytes,
        name: str,
        *,
        thumbnail: bytes,
        fill: Callable[[Evidence], None],
    ) -> Added:
        with self._steps.step(audit_id, action="add evidence", label="Photo added") as session:
            audit = session.get_one(Audit, audit_id)
            row = Evidence(
                id=self._clock.new_id(),
                scope=audit.scope,
                audit_id=audit_id,
                name=PurePath(name).name[:200],
                sha256=sha256,
                size=len(data),
                added_by=self._settings.auditor,
                binned_at=None,
            )
            fill(row)
            if row.finding_id is not None and session.get(Finding, row.finding_id) is None:
                raise NotFound("The finding of this photo is not in the workspace.")
            session.add(row)
            if thumbnail:
                session.merge(Thumbnail(sha256=sha256, data=thumbnail))
        with self._store.read() as session:
            shown = evidence_rows(session, evidence_id=row.id)[0]
        changes = Changes.of(Kind.EVIDENCE, row.id) | Changes.of(Kind.AUDIT, audit_id)
        if row.finding_id is not None:
            changes = changes | Changes.of(Kind.FINDING, row.finding_id)
        return Added(shown, changes)

    def _change(
        self, evidence_id: UUID, action: str, label: str, change: Callable[[Evidence], None]
    ) -> Done:
        with self._store.read() as session:
            audit_id = _get(session, evidence_id).audit_id
        with self._steps.step(audit_id, action=action, label=label) as session:
            change(_get(session, evidence_id))
        return Done(
            evidence_id,
            Changes.of(Kind.EVIDENCE, evidence_id) | Changes.of(Kind.AUDIT, audit_id),
        )


def _bin(row: Evidence, moment: datetime | None) -> None:
    row.binned_at = moment


def _fill(
    row: Evidence,
    *,
    kind: str,
    mime: str,
    ref: str,
    finding_id: UUID | None,
    caption: str,
    width: int = 0,
    height: int = 0,
    taken_at: datetime | None = None,
    latitude: float | None = None,
    longitude: float | None = None,
) -> None:
    row.kind, row.mime, row.ref, row.finding_id = kind, mime, ref, finding_id
    row.caption, row.width, row.height = caption.strip(), width, height
    row.taken_at, row.latitude, row.longitude = taken_at, latitude, longitude


def _get(session: Session, evidence_id: UUID) -> Evidence:
    item = session.get(Evidence, evidence_id)
    if item is None or item.deleted_at is not None:
        raise NotFound("This photo or file is not in the workspace.")
    return item


def _check_size(data: bytes, name: str) -> None:
    if not data:
        raise ImportRefused(f"“{PurePath(name).name}” is empty.", "Choose another file.")
    if len(data) > LARGEST_FILE:
        size = len(data) // (1024 * 1024)
        raise ImportRefused(
            f"“{PurePath(name).name}” is too large: {size} MB, at most 100 MB.",
            "Shrink it first, or note where it is kept.",
        )


def _zone(session: Session, audit_id: UUID) -> ZoneInfo:
    name = session.scalars(
        select(Site.time_zone)
        .join(Visit, Visit.site_id == Site.id)
        .join(Audit, Audit.visit_id == Visit.id)
        .where(Audit.id == audit_id)
    ).one()
    return ZoneInfo(name)
