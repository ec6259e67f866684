"""Before leaving: does this device hold all that a visit needs where there is no network?"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audit_app.clock import Clock
from audit_app.domain.actions import DONE
from audit_app.domain.words import FindingState
from audit_app.errors import NotFound
from audit_app.services.readiness import last_audit_at, missing_checklists
from db.photos import PhotoStore
from db.store import Store
from db.tables import (
    Action,
    Audit,
    Centre,
    Evidence,
    Finding,
    ReportIssue,
    Site,
    Staged,
    TemplateVersion,
    Vendor,
    Visit,
)

ROOM = 2 * 1024**3
"""Bytes that should be free: a long visit's photos with their smaller pictures, and its backups."""
FRESH = timedelta(hours=24)
"""A backup, or word from the central store, that is older should be renewed before leaving."""
_SHOWN = 1000
"""Pixels of the longest side that are enough to compare with the last visit."""


class NeedKind(StrEnum):
    """What a visit needs on this device."""

    CHECKLIST = "checklist"
    SITE = "site"
    LAST_AUDIT = "last_audit"
    FOLLOW_UP = "follow_up"
    PHOTOS = "photos"
    REPORT = "report"
    CONTACT = "contact"
    SPACE = "space"
    BACKUP = "backup"


@dataclass(frozen=True, slots=True)
class Need:
    """One thing, whether it is here, and a sentence about it."""

    kind: NeedKind
    is_ready: bool
    words: str

    @property
    def is_vital(self) -> bool:
        """Whether the visit cannot be carried out on this device without it."""
        return self.kind in {NeedKind.CHECKLIST, NeedKind.SITE}


@dataclass(frozen=True, slots=True)
class Travel:
    """Everything a visit needs, in the order in which it is missed."""

    needs: tuple[Need, ...]

    @property
    def is_ready(self) -> bool:
        """Whether nothing is missing."""
        return all(need.is_ready for need in self.needs)

    @property
    def can_go(self) -> bool:
        """Whether the visit can be carried out, if less comfortably."""
        return all(need.is_ready for need in self.needs if need.is_vital)


class TravelService:
    """Checks a visit before the auditor leaves; needs neither a network nor a central store."""

    def __init__(
        self, store: Store, clock: Clock, backup_at: Callable[[], datetime | None]
    ) -> None:
        self._store = store
        self._clock = clock
        self._backup_at = backup_at

    def readiness(self, visit_id: UUID) -> Travel:
        """What the visit needs, item by item.

        Raises:
            NotFound: the visit is not in the workspace.
        """
        photos, now = self._store.photos, self._clock.now()
        with self._store.read() as session:
            visit = session.get(Visit, visit_id)
            if visit is None or visit.deleted_at is not None:
                raise NotFound("This visit is not in the workspace.", "Choose another one.")
            needs = [*_checklists(session, visit), _site(session, visit)]
            last = last_audit_at(session, visit.site_id, other_than=visit_id)
            needs.append(_last_audit(session, last))
            needs.append(_follow_up(session, visit))
            if last is not None:
                needs.append(_photos(session, last, photos))
                needs.append(_report(session, last, photos))
            centre = session.scalars(select(Centre)).first()
            if centre is not None:
                needs.append(_contact(centre, now))
        needs.append(_space(self._store.folder))
        needs.append(_backup(self._backup_at(), now))
        return Travel(tuple(needs))


def _here(kind: NeedKind, words: str) -> Need:
    return Need(kind, is_ready=True, words=words)


def _missing(kind: NeedKind, words: str) -> Need:
    return Need(kind, is_ready=False, words=words)


def _checklists(session: Session, visit: Visit) -> Iterator[Need]:
    query = (
        select(Audit.form_sha256, Audit.number, TemplateVersion.title, TemplateVersion.version)
        .outerjoin(TemplateVersion, TemplateVersion.id == Audit.template_version_id)
        .where(Audit.visit_id == visit.id, Audit.deleted_at.is_(None))
        .order_by(Audit.number)
    )
    found = session.execute(query).all()
    if not found:
        yield _missing(NeedKind.CHECKLIST, "No checklist was chosen for this visit.")
    missing = missing_checklists(session, visit.id)
    for sha256, number, title, version in found:
        name = f"“{title}”, version {version}" if title else f"The checklist of {number}"
        if sha256 in missing:
            yield _missing(NeedKind.CHECKLIST, f"{name} is not on this device: sync.")
        else:
            yield _here(NeedKind.CHECKLIST, f"{name} is on this device.")


def _site(session: Session, visit: Visit) -> Need:
    site, vendor = session.get(Site, visit.site_id), session.get(Vendor, visit.vendor_id)
    if site is None or vendor is None or site.deleted_at or vendor.deleted_at:
        return _missing(NeedKind.SITE, "The site or its vendor was deleted: restore it, or sync.")
    return _here(NeedKind.SITE, f"{vendor.name}, {site.name} is on this device.")


def _last_audit(session: Session, last: UUID | None) -> Need:
    if last is None:
        return _here(NeedKind.LAST_AUDIT, "There is no earlier signed audit of this site.")
    audit = session.get_one(Audit, last)
    waits = session.scalar(
        select(func.count()).select_from(Staged).where(Staged.scope == audit.scope)
    )
    if waits:
        return _missing(
            NeedKind.LAST_AUDIT,
            f"{waits} parts of the last audit, {audit.number}, have not arrived: sync.",
        )
    return _here(NeedKind.LAST_AUDIT, f"The last audit, {audit.number}, is on this device.")


def _follow_up(session: Session, visit: Visit) -> Need:
    here = (Visit.site_id == visit.site_id, Audit.deleted_at.is_(None), Visit.id != visit.id)
    findings = session.scalar(
        select(func.count())
        .select_from(Finding)
        .join(Audit, Finding.audit_id == Audit.id)
        .join(Visit, Audit.visit_id == Visit.id)
        .where(
            *here,
            Finding.deleted_at.is_(None),
            Finding.state.not_in((FindingState.CLOSED, FindingState.VOID)),
        )
    )
    actions = session.scalar(
        select(func.count())
        .select_from(Action)
        .join(Finding, Action.finding_id == Finding.id)
        .join(Audit, Finding.audit_id == Audit.id)
        .join(Visit, Audit.visit_id == Visit.id)
        .where(
            *here,
            Action.deleted_at.is_(None),
            Finding.deleted_at.is_(None),
            Action.state.not_in(DONE),
        )
    )
    words = f"Open from earlier visits: {findings} findings and {actions} actions, on this device."
    return _here(NeedKind.FOLLOW_UP, words)


def _photos(session: Session, last: UUID, photos: PhotoStore) -> Need:
    named = set(
        session.scalars(
            select(Evidence.sha256).where(
                Evidence.audit_id == last,
                Evidence.kind == "photo",
                Evidence.deleted_at.is_(None),
                Evidence.binned_at.is_(None),
            )
        )
    )
    held = photos.held()
    absent = sum(1 for each in named if (each, 0) not in held and (each, _SHOWN) not in held)
    if absent:
        words = f"{absent} of {len(named)} photos of the last audit are not on this device: sync."
        return _missing(NeedKind.PHOTOS, words)
    return _here(NeedKind.PHOTOS, f"All {len(named)} photos of the last audit are on this device.")


def _report(session: Session, last: UUID, photos: PhotoStore) -> Need:
    issued = session.scalars(
        select(ReportIssue)
        .where(ReportIssue.audit_id == last, ReportIssue.deleted_at.is_(None))
        .order_by(ReportIssue.issued_at.desc(), ReportIssue.id.desc())
        .limit(1)
    ).first()
    if issued is None:
        return _missing(NeedKind.REPORT, "No report of the last audit was issued: issue it.")
    if Path(issued.file).is_file() or (issued.sha256, 0) in photos.held():
        return _here(NeedKind.REPORT, f"The last report, {issued.number}, is on this device.")
    words = f"The last report, {issued.number}, is not on this device: sync, or make it again."
    return _missing(NeedKind.REPORT, words)


def _contact(centre: Centre, now: datetime) -> Need:
    if centre.contact_at is not None and now - centre.contact_at <= FRESH:
        return _here(NeedKind.CONTACT, "The central store was reached within the last day.")
    return _missing(
        NeedKind.CONTACT,
        "The central store was not reached within the last day: sync, or take in a package.",
    )


def _space(folder: Path) -> Need:
    free = shutil.disk_usage(folder).free
    words = f"{free / 1024**3:.1f} GB are free on the disk"
    if free < ROOM:
        return _missing(NeedKind.SPACE, f"{words}; make room for {ROOM // 1024**3} GB.")
    return _here(NeedKind.SPACE, f"{words}.")


def _backup(made_at: datetime | None, now: datetime) -> Need:
    if made_at is None:
        return _missing(NeedKind.BACKUP, "There is no backup: make one before you leave.")
    if now - made_at > FRESH:
        words = "The last backup is more than a day old: make one before you leave."
        return _missing(NeedKind.BACKUP, words)
    return _here(NeedKind.BACKUP, "The last backup is less than a day old.")
