"""Beside the question: what the last visit found, and never wider than its panel."""

from datetime import UTC, datetime

from pytestqt.qtbot import QtBot

from audit_app.domain.words import Tone
from audit_app.services.checklist_rows import AnswerChip, PreviousAnswer
from ui.pages.runner.side_panel import LastVisit, SidePanel
from ui.theme.look import Look
from ui.theme.tokens import SIDE_WIDTH

SPRING = datetime(2026, 3, 14, 10, 0, tzinfo=UTC)


def previous(label: str) -> PreviousAnswer:
    return PreviousAnswer(SPRING, AnswerChip(label, Tone.GOOD, "2.5 under the target."), "", None)


def test_the_last_visit_says_its_day_and_its_answer(look: Look, qtbot: QtBot) -> None:
    last = LastVisit(look)
    qtbot.addWidget(last)
    last.resize(SIDE_WIDTH - 36, 100)

    last.show_previous(previous("Pass"))

    assert last.accessibleName() == "Last visit, 14 Mar 2026. Pass. 2.5 under the target."


def test_a_long_last_answer_does_not_widen_the_panel(look: Look, qtbot: QtBot) -> None:
    side = SidePanel(look)
    qtbot.addWidget(side)
    side.resize(SIDE_WIDTH, 700)
    side.show()

    side.last.show_previous(previous("12.5 moderators per team leader on the night shift"))
    qtbot.wait(1)

    room = side._area.viewport().width()
    assert side.last.isVisible()
    assert side.last.mapTo(side._area.viewport(), side.last.rect().topRight()).x() < room
    assert "14 Mar 2026" in side.last._date.text(), "the day is not squeezed out"
