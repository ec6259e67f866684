"""This workspace as a whole: what it is, how safe it is, its backups."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select

from audit_app.clock import Clock
from audit_app.services.programme_rows import WorkspaceInfo
from audit_app.services.settings import SettingsService
from audit_app.settings import AUDITOR, DEMO, ORGANISATION
from db.backup import Backup, is_due, list_backups, make_backup
from db.store import Store
from db.tables.system import OutboxOp, TrailEntry

_NOT_THERE = ("pending", "sealed", "refusing", "refused")
"""States of a change that the centre does not hold."""


class WorkspaceService:
    """Facts about the workspace, its keys and its backups."""

    def __init__(self, store: Store, clock: Clock, settings: SettingsService) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings
        self._backed_up = ""

    def info(self) -> WorkspaceInfo:
        """What Settings shows."""
        backups = self.backups()
        folder = self._store.folder
        return WorkspaceInfo(
            folder=str(folder),
            organisation=self._settings.get(ORGANISATION),
            auditor=self._settings.get(AUDITOR),
            is_protected=self._store.vault.is_protected,
            has_recovery=self._store.vault.has("recovery"),
            database_bytes=_size(folder, "store.db*"),
            photo_bytes=_size(folder / "photos", "**/*"),
            backups=len(backups),
            last_backup=backups[0].made_at if backups else None,
            demo=self._settings.get(DEMO) == "yes",
            settings=self._settings.all(),
        )

    def backups(self) -> tuple[Backup, ...]:
        """Verified backups, newest first."""
        return tuple(
            sorted(list_backups(self._store.folder), key=lambda b: b.made_at, reverse=True)
        )

    def last_backup(self) -> datetime | None:
        """When the last verified backup was made."""
        found = self.backups()
        return found[0].made_at if found else None

    def back_up(self) -> Backup:
        """Make a verified backup now."""
        return make_backup(self._store, reason="manual")

    def back_up_if_due(self) -> Backup | None:
        """A verified backup, if something changed and the last one is a quarter of an hour old."""
        if not is_due(self._store.folder, self._clock.now()):
            return None
        head = self.trail_head()
        if not head or head == self._backed_up:
            return None
        made = make_backup(self._store, reason="automatic")
        self._backed_up = head
        return made

    def set_passphrase(self, passphrase: str) -> None:
        """Protect the workspace; from then on it opens with this passphrase only."""
        self._store.vault.set_passphrase(passphrase)

    def new_recovery_code(self) -> str:
        """A code that opens the workspace when the passphrase is lost; shown this once."""
        return self._store.vault.add_recovery()

    def trail_head(self) -> str:
        """The hash of the newest trail entry of this device, in hex."""
        with self._store.read() as session:
            head = session.scalars(
                select(TrailEntry.hash)
                .where(TrailEntry.device == self._store.device)
                .order_by(TrailEntry.seq.desc())
                .limit(1)
            ).first()
        return head.hex() if head else ""

    def waiting(self) -> int:
        """How many changes have not reached the centre."""
        with self._store.read() as session:
            query = select(func.count()).where(OutboxOp.state.in_(_NOT_THERE))
            return session.scalar(query) or 0


def _size(folder: Path, pattern: str) -> int:
    return sum(path.stat().st_size for path in folder.glob(pattern) if path.is_file())
