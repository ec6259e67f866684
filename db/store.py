"""One open workspace: database, photos and keys."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from platform import node
from typing import Any
from uuid import UUID

from sqlalchemy import event, select, text
from sqlalchemy.orm import Session, sessionmaker

from audit_app.clock import Clock
from audit_app.errors import NotFound, StoreError
from audit_app.version import VERSION
from db import journal
from db.backup import BEFORE_UPGRADE, make_backup
from db.connect import check_library, connect, make_engine
from db.errors import is_of_disk, translated
from db.files import in_words as file_in_words
from db.files import remove_parts, sync_folder, write_durably
from db.migrate import migrate, schema_of
from db.photos import PhotoStore
from db.tables.system import Device
from db.unsaved import FILE as UNSAVED
from db.unsaved import UnsavedFile
from db.vault import Secret, Vault

DATABASE, PHOTOS, BACKUPS = "store.db", "photos", "backups"
BEGINNING = "beginning"
"""Lies in the folder while a workspace is being made. Without it a missing or empty database is a
lost one, and is never silently replaced by a new one."""


class WriteSession(Session):
    """A session that keeps its journal."""


class SettleSession(Session):
    """A session that writes down what the centre said."""


class ReadSession(Session):
    """A session on a connection that can only query."""


journal.listen(WriteSession)


class Store:
    """The local store of one workspace.

    Attributes:
        folder: the workspace.
        photos: originals and renditions.
        unsaved: what the database could not take yet.
        vault: the ways to open the workspace.
    """

    def __init__(self, folder: Path, clock: Clock, vault: Vault, secret: Secret) -> None:
        self.folder = folder
        self.vault = vault
        self.clock = clock
        self._secret = secret
        self.photos = PhotoStore(folder / PHOTOS, secret.photos)
        self.unsaved = UnsavedFile(folder / UNSAVED, secret.unsaved)
        self._writer = make_engine(self.path, self.key, writer=True)
        journal.guard(self._writer)
        self._reader = make_engine(self.path, self.key, writer=False)
        self._writes = sessionmaker(self._writer, class_=WriteSession, expire_on_commit=False)
        self._settles = sessionmaker(self._writer, class_=SettleSession, expire_on_commit=False)
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
            AuditError: the passphrase is too short.
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
        write_durably(folder / BEGINNING, b"")
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
            WrongKey: the passphrase or the recovery code does not fit.
            StoreError: damaged, gone, newer than this program, locked or read-only.
        """
        if not Store.exists(folder):
            raise NotFound(f"There is no workspace in {folder}.", "Choose another folder.")
        vault = Vault(folder)
        secret = vault.open(passphrase=passphrase, recovery=recovery)
        if not ((folder / DATABASE).exists() or (folder / BEGINNING).exists()):
            raise _gone(folder, "is gone")
        return Store._ready(Store(folder, clock, vault, secret))

    @staticmethod
    def _ready(store: "Store") -> "Store":
        check_library()
        try:
            with translated():
                store._begin()  # noqa: SLF001 (its own class)
        except OSError as error:
            store.close()
            raise file_in_words(error, store.path) from error
        except BaseException:
            store.close()
            raise
        return store

    def _begin(self) -> None:
        is_new = (self.folder / BEGINNING).exists()
        if not is_new and self.path.stat().st_size == 0:
            raise _gone(self.folder, "is empty")
        connection = connect(self.path, self.key())
        try:
            if not is_new and schema_of(connection) == 0:
                raise _gone(self.folder, "is empty")
            migrate(
                connection,
                version=VERSION,
                back_up=lambda: make_backup(self, reason=BEFORE_UPGRADE),
            )
        finally:
            connection.close()
        self._know_device()
        if is_new:
            (self.folder / BEGINNING).unlink()
            sync_folder(self.folder)
        for folder in (self.folder, self.folder / BACKUPS):
            remove_parts(folder)
        self.photos.remove_parts()
        with suppress(StoreError):
            # A disk that is full already is said when something is to be saved.
            self.unsaved.take_room()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that can only query; it sees the last committed state."""
        with translated(), self._fresh_after_trouble(), self._reads() as session:
            yield session

    @contextmanager
    def write(
        self, *, actor: str, action: str, reason: str | None = None
    ) -> Iterator[WriteSession]:
        """A session for one step: trail and outbox are kept, all is committed on leaving.

        Raises:
            StoreError: it could not be saved; nothing of it was.
        """
        with (
            translated(),
            self._fresh_after_trouble(),
            self._writes() as session,
            session.begin(),
        ):
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

    @contextmanager
    def settle(self) -> Iterator[Session]:
        """A session for what the centre said: it writes rows, but neither trail nor outbox.

        Raises:
            StoreError: it could not be saved; nothing of it was.
        """
        with (
            translated(),
            self._fresh_after_trouble(),
            self._settles() as session,
            session.begin(),
        ):
            # Rows come in the order of their numbers, which is not that of their parents.
            session.execute(text("PRAGMA defer_foreign_keys=ON"))
            journal.let_centre_write(session)
            yield session

    def rename_device(self, session: Session) -> UUID:
        """A new id for this device, from the next step on: another one uses its numbers."""
        found = session.scalars(select(Device)).one()
        made = Device(id=self.clock.new_id(), name=found.name, made_at=self.clock.now())
        session.delete(found)
        session.add(made)
        session.flush()
        event.listen(session, "after_commit", lambda _: self._rename(made.id), once=True)
        return made.id

    def _rename(self, device: UUID) -> None:
        self._device = device

    @contextmanager
    def hold(self) -> Iterator[Any]:
        """Keep everybody from writing for a while; gives the writer's own raw connection.

        Writers queue for that connection. Going to the file's lock from outside, a backup could
        be passed by one writer after another until its patience ends.
        """
        with translated(), self._writer.connect() as connection, connection.begin():
            yield connection.connection.driver_connection

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

    @contextmanager
    def _fresh_after_trouble(self) -> Iterator[None]:
        """After an error of the disk the next step starts on new connections."""
        try:
            yield
        except Exception as error:
            if is_of_disk(error):
                self._reader.dispose()
                self._writer.dispose()
            raise

    def _head(self, session: Session) -> tuple[int, bytes]:
        # Asked for at every step, so it goes past the statement builder.
        row = (
            session.connection()
            .exec_driver_sql(
                "SELECT seq, hash FROM trail WHERE device = ? ORDER BY seq DESC LIMIT 1",
                (self.device.bytes,),
            )
            .first()
        )
        return (row[0], row[1]) if row else (0, journal.FIRST)

    def _know_device(self) -> None:
        with translated(), self._writes() as session, session.begin():
            found = session.scalars(select(Device)).first()
            if found is None:
                found = Device(
                    id=self.clock.new_id(), name=node() or "device", made_at=self.clock.now()
                )
                session.add(found)
            self._device = found.id


def _gone(folder: Path, what: str) -> StoreError:
    return StoreError(
        f"The database of the workspace {folder} {what}.",
        "Restore the newest backup with the command “restore”; photos and keys are still here.",
    )
