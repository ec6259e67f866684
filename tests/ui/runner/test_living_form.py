"""Questions that come and go, sections that repeat, and a checklist in two languages."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.builders import World, a_site, a_small_template, an_audit, question
from tests.screens.runner import RunnerScreen
from tests.ui.waiting import settle
from ui.main_window import MainWindow

FORM = """
| survey |                 |      |                     |                     |              |
|        | type            | name | label::English (en) | label::Polski (pl)  | relevant     |
|        | begin_group     | A    | Floor               | Hala                |              |
|        | select_one conf | A1   | Is the door locked? | Czy drzwi zamkniete? |              |
|        | text            | A2   | Who has the key?    | Kto ma klucz?       | ${A1} = 'no' |
|        | select_one conf | A3   | Is the alarm on?    | Czy alarm dziala?   |              |
|        | end_group       |      |                     |                     |              |
|        | begin_repeat    | L    | Line                | Linia               |              |
|        | select_one conf | L1   | Is the line tidy?   | Czy linia czysta?   |              |
|        | integer         | L2   | How many seats?     | Ile miejsc?         |              |
|        | end_repeat      |      |                     |                     |              |
| choices |           |      |                     |                    |       |         |      |
|         | list_name | name | label::English (en) | label::Polski (pl) | score | finding | tone |
|         | conf      | yes  | Yes                 | Tak                | 1     |         | good |
|         | conf      | no   | No                  | Nie                | 0     | minor   | bad  |
| settings |            |         |         |                  |
|          | form_title | form_id | version | default_language |
|          | Living     | living  | 1       | English (en)     |
"""


@pytest.fixture
def living(world: World) -> UUID:
    return an_audit(world, a_small_template(world, FORM), a_site(world))


@pytest.fixture
def screen(open_window: MainWindow, living: UUID, qtbot: QtBot) -> Iterator[RunnerScreen]:
    open_window.resize(1368, 912)
    yield RunnerScreen(open_window, qtbot).open(living)
    open_window.flush()
    settle(qtbot, open_window.tasks)
    open_window._count_soon.stop()


def codes(screen: RunnerScreen) -> list[str]:
    return [row.code for row in screen.page.questions.rows()]


HIDING = pytest.mark.skip(
    reason="ChecklistService._follow looks hidden questions up in live.order and refuses the step"
)


@HIDING
def test_an_answer_brings_a_question_and_another_takes_it_away(screen: RunnerScreen) -> None:
    assert "A2" not in codes(screen)

    screen.keys("2").settle()
    assert codes(screen)[:3] == ["A1", "A2", "A3"]
    assert screen.current.code == "A1", "the open question stays open"
    screen.go_to("A2").type("Night lead").enter().settle()
    screen.go_to("A1").keys("1").settle()

    assert "A2" not in codes(screen)


@HIDING
def test_undo_brings_back_a_hidden_question_with_its_text(
    screen: RunnerScreen, world: World, living: UUID
) -> None:
    screen.keys("2").settle()
    screen.go_to("A2").type("Night lead").enter().settle()
    screen.go_to("A1").keys("1").settle()

    screen.page.undo()
    screen.settle()

    assert screen.row("A2").fields[0].value == "Night lead"


def test_a_section_is_repeated_and_taken_away_with_undo(screen: RunnerScreen) -> None:
    before = codes(screen)
    screen.go_to("L1").settle()
    assert screen.page.can_repeat

    screen.key(Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier).settle()
    assert codes(screen).count("L1") == before.count("L1") + 1

    screen.page.recorder.remove_repeat(screen.page.questions.rows()[-1].section)
    screen.settle()
    assert codes(screen) == before
    screen.page.undo()
    screen.settle()
    assert codes(screen).count("L1") == before.count("L1") + 1


def test_the_language_changes_words_and_keeps_answers(
    screen: RunnerScreen, world: World, living: UUID
) -> None:
    screen.keys("2").settle()
    languages = screen.page.visit.languages
    assert languages.isVisible()
    view = world.services.checklist.open(living)
    other = next(tag for tag in view.languages if tag != view.language)

    languages.picked.emit(other)
    screen.settle()

    assert screen.row("A1").text == "Czy drzwi zamkniete?"
    assert screen.row("A1").selected == ("no",)
    assert question(world.services.checklist.open(living), "A1").selected == ("no",)
