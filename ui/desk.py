"""Opens the workspace away from the GUI thread, keeps it open, and closes it."""

import os
import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from audit_app.clock import Clock
from audit_app.settings import AUDITOR, ORGANISATION

if TYPE_CHECKING:
    from audit_app.services import Services
    from db.backup import Backup
    from db.restore import Restored
    from ui.tasks import Progress


class Door(StrEnum):
    """What is needed to come in."""

    NEW = "new"
    LOCKED = "locked"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class Key:
    """What opens a workspace; both None for the key that lies on this device."""

    passphrase: str | None = None
    recovery: str | None = None


class Desk:
    """The open workspace; every method belongs to the database lane.

    The services, and with them SQLAlchemy, are imported here and not before: the window is on
    the screen by then.
    """

    def __init__(self, folder: Path, clock: Clock, passphrase: str | None = None) -> None:
        self.folder = folder
        self._clock = clock
        self._passphrase = passphrase
        self._open = ExitStack()
        self._services: Services | None = None
        self._key: Key | None = None

    def door(self) -> Door:
        """Whether there is a workspace, and whether it asks for a passphrase."""
        from db.store import Store
        from db.vault import Vault

        if not Store.exists(self.folder):
            return Door.NEW
        if self._passphrase is None and Vault(self.folder).is_protected:
            return Door.LOCKED
        return Door.READY

    def open(self, typed: str | None = None) -> "Services":
        """Open the workspace; ``typed`` may be the passphrase or the recovery code.

        Raises:
            StoreError: the key is wrong, another program has it open, or it is damaged.
        """
        from audit_app.errors import WrongKey

        if typed is None:
            return self._enter(Key(self._passphrase))
        try:
            return self._enter(Key(typed))
        except WrongKey:
            if not _may_be_recovery(typed):
                raise
        return self._enter(Key(recovery=typed))

    def start_own(self, name: str, organisation: str) -> "Services":
        """Make an empty workspace with the shipped checklists, for this auditor."""
        import resources

        services = self._enter(Key(self._passphrase), create=True)
        services.settings.put({AUDITOR.key: name, ORGANISATION.key: organisation})
        services.templates.import_shipped(resources.path("checklists"))
        return services

    def start_demo(self, progress: "Progress") -> "Services":
        """Make a workspace with the demo programme.

        It is built in a folder of its own beside the workspace and takes its place when it is
        whole: stopping it, or losing power, leaves no half programme behind.

        Raises:
            Stopped: the auditor pressed Cancel; nothing is left of it.
            AuditError: the folder holds something else, or cannot be written.
        """
        from audit_app.demo.build import build_demo
        from db.lock import WorkspaceLock
        from db.store import Store

        aside = self.folder.with_name(f".{self.folder.name}-building")
        shutil.rmtree(aside, ignore_errors=True)
        try:
            with WorkspaceLock(aside):
                store = Store.create(aside, self._clock, passphrase=self._passphrase)
                try:
                    build_demo(store, self._clock, progress.report)
                finally:
                    store.close()
            _put_in_place(aside, self.folder)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
        return self._enter(Key(self._passphrase))

    def backups(self) -> "tuple[Backup, ...]":
        """The backups of the workspace, newest first; it need not be open, or whole."""
        from db.backup import list_backups

        return list_backups(self.folder)

    def restore(self, name: str, typed: str | None = None) -> "tuple[Services, Restored]":
        """Close the workspace, put this backup back, and open it again.

        ``typed`` is the passphrase or recovery code when the workspace was never opened.

        Raises:
            StoreError: the backup or the key does not fit; what was there stays, closed.
        """
        from db.lock import WorkspaceLock
        from db.restore import restore

        key = self._key
        if key is None:
            given = typed if typed is not None else self._passphrase
            is_code = given is not None and _may_be_recovery(given)
            key = Key(recovery=given) if is_code else Key(given)
        self.close()
        with WorkspaceLock(self.folder):
            done = restore(
                self.folder,
                self._clock,
                name=name,
                passphrase=key.passphrase,
                recovery=key.recovery,
            )
        return self._enter(key), done

    def close(self) -> None:
        """Close the workspace; nothing is lost by closing it twice."""
        self._open.close()
        self._services = None

    def _enter(self, key: Key, *, create: bool = False) -> "Services":
        from audit_app.opening import open_services

        if self._services is None:
            self._services = self._open.enter_context(
                open_services(
                    self.folder,
                    passphrase=key.passphrase,
                    recovery=key.recovery,
                    create=create,
                    clock=self._clock,
                )
            )
            self._key = key
        return self._services


def _put_in_place(built: Path, folder: Path) -> None:
    from audit_app.errors import AuditError
    from db.files import in_words, sync_folder

    if folder.exists():
        try:
            folder.rmdir()
        except OSError as error:
            raise AuditError(
                f"The folder {folder} holds something else.", "Choose an empty folder."
            ) from error
    try:
        built.rename(folder)
        sync_folder(folder.parent)
    except OSError as error:
        raise in_words(error, folder) from error


def _may_be_recovery(typed: str) -> bool:
    letters = typed.replace("-", "").replace(" ", "")
    return len(letters) >= 32 and letters.isalnum()


def has_display(platform: str, environment: "os._Environ[str] | dict[str, str]") -> bool:
    """Whether a window can be shown; Qt itself would abort without a word.

    ``platform`` is ``sys.platform``.
    """
    if not platform.startswith(("linux", "freebsd", "openbsd")):
        return True
    chosen = environment.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if chosen in {"offscreen", "minimal", "vnc", "linuxfb", "eglfs", "minimalegl"}:
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))
