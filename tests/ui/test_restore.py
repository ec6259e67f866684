"""Backups on the screen: made, looked at, put back, also when the workspace does not open."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from audit_app.errors import StoreError, WorkspaceBusy, WrongKey
from audit_app.services import Services
from tests.builders import StillClock, a_vendor, a_world
from tests.ui.waiting import settle
from ui.app import App
from ui.desk import Desk
from ui.pages.backup_list import RestoreForm
from ui.pages.backups import BackupsPage
from ui.pages.opening import may_restore
from ui.pages.page import Page
from ui.pages.restore_screen import RestoreScreen
from ui.routes import Backups, Today

PATIENCE_MS = 60_000


class Started:
    """The program over one workspace folder, as after a double click."""

    def __init__(self, app: App, qtbot: QtBot, folder: Path) -> None:
        self.app, self.folder, self._qtbot = app, folder, qtbot

    @property
    def services(self) -> Services:
        services = self.app._services
        assert services is not None
        return services

    def wait(self, is_so: Callable[[], bool]) -> None:
        self._qtbot.waitUntil(is_so, timeout=PATIENCE_MS)

    def quit(self) -> None:
        self.app.window.close()
        self.app.close()
        QCoreApplication.processEvents()
        for alone in (self.app.welcome, self.app.unlock, self.app.opening):
            alone.deleteLater()
        self.app.window.deleteLater()
        self.app.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def settle(self) -> None:
        settle(self._qtbot, self.app.tasks)

    def vendors(self) -> list[str]:
        return [row.name for row in self.services.vendors.listed()]


@pytest.fixture
def start(
    qapp: QApplication, fonts: None, qtbot: QtBot, tmp_path: Path
) -> Iterator[Callable[[], Started]]:
    running: list[Started] = []

    def begin() -> Started:
        clock = StillClock()
        app = App(qapp, Desk(tmp_path / "workspace", clock), clock, tmp_path / "state")
        app.look.is_motion_reduced = True
        app.tasks.broke.connect(broken.append)
        app.show()
        running.append(Started(app, qtbot, tmp_path / "workspace"))
        return running[-1]

    broken: list[Exception] = []
    yield begin
    for program in running:
        program.quit()
    assert not broken, broken


def own_workspace(started: Started) -> Started:
    started.wait(started.app.welcome.isVisible)
    started.app.welcome.own_asked.emit("Ada Reed", "Acme Markets")
    started.wait(lambda: isinstance(started.app.window.page, Page))
    started.settle()
    return started


def test_putting_a_backup_back_from_settings_shows_what_stood_then(
    start: Callable[[], Started],
) -> None:
    program = own_workspace(start())
    program.services.vendors.save_vendor(name="Nordwind")
    page = open_backups(program)
    page.make.click()
    program.settle()
    program.services.vendors.save_vendor(name="Made by mistake")
    (backup,) = program.services.workspace.backups()

    page.list.opened.emit(backup)
    page.findChildren(RestoreForm)[0].button.click()
    program.wait(lambda: program.app.window.router.now == Today())
    program.settle()

    assert program.vendors() == ["Nordwind"]
    assert "is kept in set-aside-" in program.app.window.strip.words
    assert list(program.folder.glob("set-aside-*/store.db"))
    assert not program.app.window.router.can_go_back, "the places before are of another workspace"


def test_a_backup_that_is_damaged_is_refused_and_the_workspace_opens_again(
    start: Callable[[], Started],
) -> None:
    program = own_workspace(start())
    program.services.vendors.save_vendor(name="Nordwind")
    backup = program.services.workspace.back_up()
    file = program.folder / "backups" / f"{backup.name}.db"
    file.write_bytes(b"\0" * file.stat().st_size)

    program.app.window.restore_asked.emit(backup.name)
    program.wait(lambda: bool(program.app.opening.banner.words))
    assert "damaged" in program.app.opening.banner.words

    program.app.opening.retry_asked.emit()
    program.wait(lambda: isinstance(program.app.window.page, Page))
    program.settle()
    assert program.vendors() == ["Nordwind"]


def test_a_workspace_that_does_not_open_offers_its_backups(
    start: Callable[[], Started], tmp_path: Path
) -> None:
    folder = tmp_path / "workspace"
    world = a_world(folder)
    a_vendor(world, "Nordwind")
    world.services.workspace.back_up()
    world.close()
    for left in folder.glob("store.db-*"):
        left.unlink()
    (folder / "store.db").write_bytes(b"\0" * 8192)

    program = start()
    opening = program.app.opening
    program.wait(lambda: bool(opening.banner.words))
    program.app.opening.backups_asked.emit()
    program.settle()
    screen = program.app.window.findChild(RestoreScreen)
    assert isinstance(screen, RestoreScreen)
    assert screen.isVisible()

    screen.list.rows.opened.emit(program.app._desk.backups()[0].name)
    form = screen.findChild(RestoreForm)
    assert isinstance(form, RestoreForm)
    form.button.click()
    program.wait(lambda: isinstance(program.app.window.page, Page))
    program.settle()

    assert program.vendors() == ["Nordwind"]


def test_a_wrong_key_or_a_busy_workspace_offers_no_backup() -> None:
    assert may_restore(StoreError("Damaged."))
    assert not may_restore(WrongKey("Wrong."))
    assert not may_restore(WorkspaceBusy("Open elsewhere."))


def open_backups(program: Started) -> BackupsPage:
    program.app.window.router.go(Backups())
    program.settle()
    page = program.app.window.page
    assert isinstance(page, BackupsPage)
    return page
