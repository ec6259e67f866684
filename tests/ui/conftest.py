"""Fixtures of the screens: a look, a window, and a real workspace where one is needed."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, QTranslator
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import resources
from tests.builders import StillClock, World, a_world
from tests.central.conftest import databases
from tests.ui.clearing import (
    no_other_thread_clears_widgets,
    nothing_is_left_for_tests_without_screens,
)
from ui.bus import Bus
from ui.main_window import MainWindow
from ui.tasks import Tasks
from ui.theme.fonts import load_fonts
from ui.theme.look import Look
from ui.theme.tokens import Theme

__all__ = [
    "databases",
    "no_other_thread_clears_widgets",
    "nothing_is_left_for_tests_without_screens",
]


@pytest.fixture(scope="session")
def fonts(qapp: QApplication) -> Iterator[None]:
    """The shipped fonts and the English words, once."""
    load_fonts()
    translator = QTranslator()
    assert translator.load(str(resources.path("i18n", "onsite_en.qm")))
    qapp.installTranslator(translator)
    yield
    qapp.removeTranslator(translator)


@pytest.fixture
def look(qapp: QApplication, fonts: None) -> Look:
    """The light look at normal size, without motion."""
    return Look(qapp, Theme.LIGHT, is_motion_reduced=True)


@pytest.fixture
def bus(qapp: QApplication) -> Bus:
    return Bus()


@pytest.fixture
def tasks(bus: Bus) -> Iterator[Tasks]:
    """The lanes; an error that is our own mistake fails the test."""
    lanes = Tasks(bus)
    broken: list[Exception] = []
    lanes.broke.connect(broken.append)
    yield lanes
    lanes.close()
    QCoreApplication.processEvents()
    assert not broken, broken


@pytest.fixture
def make_window(look: Look, bus: Bus, tmp_path: Path) -> Iterator[Callable[[Tasks], MainWindow]]:
    """Makes a window whose geometry is remembered in the test's own folder."""
    made: list[MainWindow] = []

    def make(tasks: Tasks) -> MainWindow:
        remembered = QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)
        window = MainWindow(look, tasks, bus, StillClock(), remembered)
        made.append(window)
        return window

    yield make
    for window in made:
        window.close()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def window(make_window: Callable[[Tasks], MainWindow], tasks: Tasks) -> MainWindow:
    """A window before any workspace is open."""
    return make_window(tasks)


@pytest.fixture
def world(tmp_path: Path, tasks: Tasks) -> Iterator[World]:
    """An empty real workspace; the lanes are closed before it is."""
    made = a_world(tmp_path / "workspace")
    yield made
    tasks.close()
    made.close()


@pytest.fixture
def open_window(window: MainWindow, world: World, qtbot: QtBot) -> MainWindow:
    """A window over the empty workspace, on Today."""
    window.show()
    window.show_services(world.services)
    qtbot.waitUntil(lambda: window.tasks.count == 0)
    return window
