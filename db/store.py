"""One open workspace: database, photos and keys."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from platform import node
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

import db.tables
from audit_app.clock import Clock
from audit_app.errors import NotFound, StoreError
from audit_app.version import VERSION
from db import journal
from db.backup import make_backup
from db.connect import check_library, connect, make_engine
from db.errors import in_words, translated
from db.files import PhotoStore
from db.migrate import migrate
from db.tables.system import Device, TrailEntry
from db.vault import Secret, Vault

DATABASE, PHOTOS, BACKUPS, EXPORTS = "store.db", "photos", "backups", "exports"


class WriteSession(Session):
    """A session that keeps its journal."""


class ReadSession(Session):
    """A session on a connection that can only query."""


journal.listen(WriteSession)


class Store:
    """The local store of one workspace.

    Attributes:
        folder: the workspace.
        photos: originals and renditions.
        vault: the ways to open the workspace.
    """

    def __init__(self, folder: Path, clock: Clock, vault: Vault, secret: Secret) -> None:
        self.folder = folder
        self.vault = vault
        self.clock = clock
        self._secret = secret
        self.photos = PhotoStore(folder / PHOTOS, secret.photos)
        self._writer = make_engine(self.path, self.key, writer=True)
        self._reader = make_engine(self.path, self.key, writer=False)
        self._writes = sessionmaker(self._writer, class_=WriteSession, expire_on_commit=False)
        self._reads = sessionmaker(self._reader, class_=ReadSession, expire_on_commit=False)
        self._device: UUID | None = None

    @property
    def path(self) -> Path:
        """The database file."""
        return self.folder / DATABASE

    def key(self) -> bytes:
        """Key and salt of the database."""
        return self._secret.database

    @staticmethod
    def exists(folder: Path) -> bool:
        """Whether a workspace was ever made in the folder."""
        return Vault.exists(folder)

    @staticmethod
    def create(folder: Path, clock: Clock, *, passphrase: str | None = None) -> "Store":
        """Make a new workspace.

        Raises:
            StoreError: there is one already, or the folder cannot be written.
        """
        if Store.exists(folder):
            raise StoreError(f"There is a workspace in {folder} already.", "Open it instead.")
        if (folder / DATABASE).exists():
            raise StoreError(
                f"{folder} holds a database without its key file.",
                "Put vault.json back from a backup, or choose an empty folder.",
            )
        vault = Vault(folder)
        return Store._ready(Store(folder, clock, vault, vault.create(passphrase)))

    @staticmethod
    def open(
        folder: Path,
        clock: Clock,
        *,
        passphrase: str | None = None,
        recovery: str | None = None,
    ) -> "Store":
        """Open a workspace, bringing an older one to this version after a backup.

        Raises:
            NotFound: there is none.
            StoreError: wrong key, damaged, newer than this program, locked or read-only.
        """
        if not Store.exists(folder):
            raise NotFound(f"There is no workspace in {folder}.", "Choose another folder.")
        vault = Vault(folder)
        secret = vault.open(passphrase=passphrase, recovery=recovery)
        if not (folder / DATABASE).exists() and any((folder / BACKUPS).glob("*.db")):
            raise StoreError(
                f"The database of the workspace {folder} is gone.",
                "Restore the newest backup with the command “restore”.",
            )
        return Store._ready(Store(folder, clock, vault, secret))

    @staticmethod
    def _ready(store: "Store") -> "Store":
        check_library()
        try:
            connection = connect(store.path, store.key())
            try:
                migrate(
                    connection,
                    version=VERSION,
                    back_up=lambda: make_backup(store, reason="before-upgrade"),
                )
            finally:
                connection.close()
            store._know_device()  # noqa: SLF001 (its own class)
        except StoreError:
            store.close()
            raise
        except Exception as error:
            store.close()
            known = in_words(error)
            if known is None:
                raise
            raise known from error
        return store

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that can only query; it sees the last committed state."""
        with translated(), self._reads() as session:
            yield session

    @contextmanager
    def write(
        self, *, actor: str, action: str, reason: str | None = None
    ) -> Iterator[WriteSession]:
        """A session for one step: trail and outbox are kept, all is committed on leaving.

        Raises:
            StoreError: it could not be saved; nothing of it was.
        """
        with translated(), self._writes() as session, session.begin():
            seq, head = self._head(session)
            journal.attach(
                session,
                journal.Journal(
                    clock=self.clock,
                    device=self.device,
                    actor=actor,
                    action=action,
                    reason=reason,
                    version=VERSION,
                    group=str(self.clock.new_id()),
                    seq=seq,
                    head=head,
                ),
            )
            yield session

    @property
    def device(self) -> UUID:
        """This device's id in trail and outbox."""
        if self._device is None:
            raise StoreError("The workspace is not open.", "Open it again.")
        return self._device

    def close(self) -> None:
        """Close all connections; the write-ahead log goes into the file."""
        self._reader.dispose()
        self._writer.dispose()

    def _head(self, session: Session) -> tuple[int, bytes]:
        row = session.execute(
            select(TrailEntry.seq, TrailEntry.hash)
            .where(TrailEntry.device == self.device)
            .order_by(TrailEntry.seq.desc())
            .limit(1)
        ).first()
        return (row.seq, row.hash) if row else (0, journal.FIRST)

    def _know_device(self) -> None:
        with translated(), self._writes() as session, session.begin():
            found = session.scalars(select(Device)).first()
            if found is None:
                found = Device(
                    id=self.clock.new_id(), name=node() or "device", made_at=self.clock.now()
                )
                session.add(found)
            self._device = found.id


def moment_name(moment: datetime) -> str:
    """A moment as part of a file name, in UTC."""
    return moment.strftime("%Y%m%dT%H%M%SZ")


__all__ = ["DATABASE", "ReadSession", "Store", "WriteSession", "db", "moment_name"]
