"""Is everything still what was entered? Trail, signed audits, photos."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from audit_app.domain.manifest import manifest_hash
from audit_app.domain.words import AuditState
from audit_app.errors import NotFound, StoreError
from audit_app.services.sealed_records import audit_records
from audit_app.sync.anchors import signed_heads
from db.backup import examine_live, list_backups
from db.errors import translated
from db.store import Store
from db.tables import Audit, Evidence
from db.verify import TrailReport, verify_trail


@dataclass(frozen=True, slots=True)
class Verified:
    """The result of checking a workspace.

    Attributes:
        database: what the database's own checks say; empty when it is whole.
        changed_audits: numbers of signed audits whose contents no longer give their manifest.
        lost_photos: names of photos whose file is missing or damaged.
        seen_photos: how many photo files were read and hashed.
    """

    trail: TrailReport
    database: tuple[str, ...]
    signed_audits: int
    changed_audits: tuple[str, ...]
    seen_photos: int
    lost_photos: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong; a trail that is not anchored yet is not wrong."""
        return not (
            self.trail.broken_at or self.database or self.changed_audits or self.lost_photos
        )


def verify_workspace(store: Store) -> Verified:
    """Check the whole workspace; reads every photo, so it takes a while.

    Raises:
        StoreError: the database is so damaged that its rows cannot be read.
    """
    with translated():
        damage = examine_live(store)
    with store.read() as session:
        trail = verify_trail(session, signed_heads(session))
        signed = session.scalars(
            select(Audit).where(Audit.state == AuditState.SIGNED, Audit.deleted_at.is_(None))
        ).all()
        changed = tuple(
            audit.number
            for audit in signed
            if manifest_hash(audit_records(session, audit)) != audit.manifest
        )
        photos = dict(
            session.execute(
                select(Evidence.sha256, Evidence.name).where(Evidence.deleted_at.is_(None))
            ).all()
        )
    lost = tuple(name for sha256, name in photos.items() if not store.photos.is_whole(sha256))
    return Verified(trail, damage, len(signed), changed, len(photos), lost)


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing the doctor says; ``grave`` means something must be done."""

    grave: bool
    words: str


def examine_workspace(store: Store) -> tuple[Remark, ...]:
    """What is wrong with an open workspace, and what could be safer, in words."""
    remarks = []
    try:
        result = verify_workspace(store)
    except StoreError as error:
        return (Remark(grave=True, words=str(error)), *examine_closed(store.folder))
    if result.database:
        remarks.append(
            Remark(
                grave=True,
                words=f"The database is damaged: {result.database[0]}. Restore a backup.",
            )
        )
    if result.trail.broken_at:
        remarks.append(
            Remark(
                grave=True,
                words=f"The trail is broken at {result.trail.broken_at}: {result.trail.why}.",
            )
        )
    remarks += [
        Remark(grave=True, words=f"Audit {number} was changed after it was signed.")
        for number in result.changed_audits
    ]
    remarks += [
        Remark(grave=True, words=f"Photo {name} is missing or damaged on this device.")
        for name in result.lost_photos
    ]
    if not store.vault.is_protected:
        remarks.append(
            Remark(
                grave=False,
                words="No passphrase: whoever holds this device can read the workspace. "
                "Set one in Settings.",
            )
        )
    if not store.vault.has("recovery"):
        remarks.append(
            Remark(
                grave=False, words="No recovery code: a forgotten passphrase would lose everything."
            )
        )
    if not list_backups(store.folder):
        remarks.append(Remark(grave=False, words="There is no backup yet. Make one with “backup”."))
    with store.read() as session:
        named = set(session.scalars(select(Evidence.sha256)))
    orphans = set(store.photos.originals()) - named
    if orphans:
        remarks.append(
            Remark(
                grave=False, words=f"{len(orphans)} photo files belong to no audit; they are kept."
            )
        )
    return tuple(remarks)


def examine_closed(folder: Path) -> tuple[Remark, ...]:
    """What can be said of a workspace that does not open."""
    remarks = []
    if not folder.exists():
        raise NotFound(f"There is no folder {folder}.", "Check the path.")
    backups = list_backups(folder)
    if backups:
        remarks.append(
            Remark(
                grave=False,
                words=f"There are {len(backups)} backups; the newest is {backups[0].name}. "
                "“restore” puts it back and keeps the present database aside.",
            )
        )
    else:
        remarks.append(Remark(grave=True, words="There is no backup to restore."))
    return tuple(remarks)
