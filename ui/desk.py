"""Opens the workspace away from the GUI thread, keeps it open, and closes it."""

import os
from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from audit_app.clock import Clock
from audit_app.settings import AUDITOR, ORGANISATION

if TYPE_CHECKING:
    from audit_app.services import Services
    from ui.tasks import Progress


class Door(StrEnum):
    """What is needed to come in."""

    NEW = "new"
    LOCKED = "locked"
    READY = "ready"


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
        from audit_app.errors import StoreError
        from audit_app.opening import open_services

        passphrase = typed if typed is not None else self._passphrase
        try:
            return self._enter(passphrase=passphrase)
        except StoreError:
            if typed is None or not _may_be_recovery(typed):
                raise
        self._services = self._open.enter_context(
            open_services(self.folder, recovery=typed, clock=self._clock)
        )
        return self._services

    def start_own(self, name: str, organisation: str) -> "Services":
        """Make an empty workspace with the shipped checklists, for this auditor."""
        import resources

        services = self._enter(passphrase=self._passphrase, create=True)
        services.settings.put({AUDITOR.key: name, ORGANISATION.key: organisation})
        services.templates.import_shipped(resources.path("checklists"))
        return services

    def start_demo(self, progress: "Progress") -> "Services":
        """Make a workspace with the demo programme."""
        from audit_app.demo.build import build_demo
        from db.lock import WorkspaceLock
        from db.store import Store

        with WorkspaceLock(self.folder):
            store = Store.create(self.folder, self._clock, passphrase=self._passphrase)
            try:
                build_demo(store, self._clock, progress.report)
            finally:
                store.close()
        return self._enter(passphrase=self._passphrase)

    def close(self) -> None:
        """Close the workspace; nothing is lost by closing it twice."""
        self._open.close()
        self._services = None

    def _enter(self, *, passphrase: str | None, create: bool = False) -> "Services":
        from audit_app.opening import open_services

        if self._services is None:
            self._services = self._open.enter_context(
                open_services(self.folder, passphrase=passphrase, create=create, clock=self._clock)
            )
        return self._services


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
