"""The panel beside a list, and the drawer it becomes in a narrow window."""

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ui.breadth import Breadth
from ui.theme.look import Look
from ui.widgets.side_by_side import SideBySide


def test_a_second_panel_opens_in_a_narrow_window_after_the_first_was_closed(
    look: Look, qtbot: QtBot
) -> None:
    side = SideBySide(look, QLabel("list"))
    qtbot.addWidget(side)
    side.show()
    side.fit(Breadth.PORTRAIT)
    side.open_side(QLabel("first"), "First")
    side.close_side()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    second = QLabel("second")
    side.open_side(second, "Second")

    assert side.content is second
    assert second.isVisible()


def test_a_panel_moves_between_drawer_and_side_and_back(look: Look, qtbot: QtBot) -> None:
    side = SideBySide(look, QLabel("list"))
    qtbot.addWidget(side)
    side.show()
    content = QLabel("content")
    side.open_side(content, "Content")
    for breadth in (Breadth.PORTRAIT, Breadth.WIDE, Breadth.PORTRAIT):
        side.fit(breadth)
        assert content.isVisible()
