"""The day an action is due: shown, called late, and picked from a calendar."""

from datetime import date

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QTableView
from pytestqt.qtbot import QtBot

from ui.theme.look import Look
from ui.widgets.day_pick import DayPick


def a_pick(look: Look, qtbot: QtBot) -> tuple[DayPick, list[object]]:
    pick = DayPick(look, "Due day")
    qtbot.addWidget(pick)
    pick.show()
    picked: list[object] = []
    pick.chosen.connect(picked.append)
    return pick, picked


def test_a_day_says_itself_and_whether_it_is_late(look: Look, qtbot: QtBot) -> None:
    pick, _picked = a_pick(look, qtbot)
    assert pick.accessibleName() == "Due day: No day"

    pick.show_day(date(2026, 11, 24))
    assert pick.text() == "24 Nov"
    assert pick.accessibleName() == "Due day: Tue 24 Nov 2026"

    pick.show_day(date(2026, 11, 24), is_late=True)
    assert pick.accessibleName().endswith("overdue")


@pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)", extend=True)
def test_a_day_is_picked_with_the_keyboard(look: Look, qtbot: QtBot) -> None:
    pick, picked = a_pick(look, qtbot)
    pick.show_day(date(2026, 11, 24))

    calendar = pick.open_calendar()
    assert calendar.selectedDate() == QDate(2026, 11, 24)
    days = calendar.findChild(QTableView)
    assert isinstance(days, QTableView)
    qtbot.keyClick(days, Qt.Key.Key_Right)
    qtbot.keyClick(days, Qt.Key.Key_Return)

    assert picked == [date(2026, 11, 25)]
