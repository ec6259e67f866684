"""Waiting for the lanes in tests of screens."""

from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from ui.tasks import Tasks


def settle(qtbot: QtBot, tasks: Tasks) -> None:
    """Wait until everything asked for is done and painted."""
    QCoreApplication.processEvents()
    qtbot.waitUntil(lambda: tasks.count == 0, timeout=20_000)
    QCoreApplication.processEvents()
    qtbot.waitUntil(lambda: tasks.count == 0, timeout=20_000)
