"""The list model and its painted rows."""

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from audit_app.domain.words import Tone
from audit_app.services.checklist_rows import AnswerChip
from tests.ui.runner.rows import a_row, answered
from ui.models.question_list import Filter, QuestionList
from ui.pages.runner.question_card import QuestionCard
from ui.pages.runner.work_list import WorkList
from ui.theme.look import Look

SPOKEN = Qt.ItemDataRole.AccessibleTextRole


def a_list(count: int = 5) -> QuestionList:
    model = QuestionList()
    model.show_questions([a_row(n) for n in range(1, count + 1)], "S3", "/data/q1")
    return model


def changes_of(model: QuestionList) -> list[tuple[int, int]]:
    seen: list[tuple[int, int]] = []

    def note(first: QModelIndex, last: QModelIndex) -> None:
        seen.append((first.row(), last.row()))

    model.dataChanged.connect(note)
    return seen


@pytest.fixture
def shown(look: Look, qtbot: QtBot) -> WorkList:
    model = a_list(2000)
    view = WorkList(look, model, QuestionCard(look))
    qtbot.addWidget(view)
    view.resize(660, 700)
    view.show()
    view.show_open(is_gliding=False)
    qtbot.waitExposed(view)
    return view


def test_the_model_keeps_qts_rules(qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(a_list())


def test_a_saved_answer_repaints_its_row_once() -> None:
    model = a_list()
    seen = changes_of(model)
    row = answered(a_row(2), "P")

    model.show_pending(row)
    model.apply([row], None)
    model.settle(row.ref)

    assert seen == [(1, 1)]


def test_a_refused_answer_goes_back() -> None:
    model = a_list()
    model.show_pending(answered(a_row(2), "F"))
    seen = changes_of(model)

    model.settle("/data/q2")

    assert model.row("/data/q2") == a_row(2)
    assert seen == [(1, 1)]


def test_the_second_of_two_quick_answers_stays_while_the_first_is_saved() -> None:
    model = a_list()
    first, second = answered(a_row(2), "P"), answered(a_row(2), "F")
    model.show_pending(first)
    model.show_pending(second)
    seen = changes_of(model)

    model.apply([first], None)
    model.settle(first.ref)
    assert model.row(first.ref) == second

    model.apply([second], None)
    model.settle(second.ref)
    assert model.row(first.ref) == second
    assert seen == [], "nothing flickers"


def test_to_do_keeps_the_open_question_until_it_is_left() -> None:
    model = a_list()
    model.apply([answered(a_row(1), "P"), answered(a_row(3), "P")], None)

    model.show_section("S3", Filter.TO_DO, "/data/q1")
    assert model.listed() == ["/data/q1", "/data/q2", "/data/q4", "/data/q5"]

    model.show_section("S3", Filter.TO_DO, "/data/q2")
    assert model.listed() == ["/data/q2", "/data/q4", "/data/q5"]


def test_next_to_do_goes_round_and_leaves_skipped_ones_for_last() -> None:
    model = a_list(4)
    model.apply([answered(a_row(2), "P"), a_row(3, skipped=True)], None)

    assert model.next_to_do("/data/q1") == "/data/q4"
    assert model.next_to_do("/data/q4") == "/data/q1"
    model.apply([answered(a_row(1), "P"), answered(a_row(4), "P")], None)
    assert model.next_to_do("/data/q4") == "/data/q3"
    model.apply([answered(a_row(3), "P")], None)
    assert model.next_to_do("/data/q4") == ""


def test_a_question_that_no_longer_applies_leaves_the_list() -> None:
    model = a_list(3)

    model.apply([], ("/data/q1", "/data/q3"))

    assert model.listed() == ["/data/q1", "/data/q3"]
    assert model.rowCount() == 2


def test_a_row_is_read_out_whole(fonts: None) -> None:
    model = QuestionList()
    chip = AnswerChip("Fail", Tone.BAD)
    row = a_row(2, text="Door seals are intact.", selected=("F",), answer=chip, photos=2)
    model.show_questions([a_row(1), row], "S3", "/data/q1")

    spoken = model.data(model.index(1), SPOKEN)

    assert spoken == "3.2. Door seals are intact. Fail. 2 photos"


def test_two_thousand_rows_are_painted_and_one_card_is_live(shown: WorkList, qtbot: QtBot) -> None:
    before = len(shown.findChildren(QWidget))
    model = shown.model()
    assert isinstance(model, QuestionList)

    for number in (2, 700, 2000, 1999):
        model.open(f"/data/q{number}")
        shown.show_open()
        assert shown.grab().width() > 0

    assert model.rowCount() == 2000
    assert len(shown.findChildren(QuestionCard)) == 1
    # Another question brings its own answer buttons and takes the old ones with it.
    qtbot.waitUntil(lambda: len(shown.findChildren(QWidget)) == before)
    assert len(shown.findChildren(QAbstractButton)) < 20


def test_the_open_card_stays_where_the_eyes_are(shown: WorkList) -> None:
    model = shown.model()
    assert isinstance(model, QuestionList)
    model.open("/data/q500")
    shown.show_open(is_gliding=False)
    top = shown.visualRect(model.place("/data/q500")).top()

    model.open("/data/q501")
    shown.show_open()

    assert shown.visualRect(model.place("/data/q501")).top() == top


def test_rows_answer_to_screen_readers_as_list_items(shown: WorkList) -> None:
    faced = QAccessible.queryAccessibleInterface(shown)
    item = faced.child(2)

    assert item.role() == QAccessible.Role.ListItem
    assert item.text(QAccessible.Text.Name) == "3.3. Point 3 of the list is in order. Not answered"


def test_rows_are_painted_in_the_other_direction(shown: WorkList) -> None:
    plain = shown.grab().toImage()

    shown.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    turned = shown.grab().toImage()

    assert turned != plain
    # The ring of the second row stands at the right edge now.
    row = shown.visualRect(shown.model().index(3, 0))
    ring = turned.copy(row.right() - 45, row.top() + 10, 40, 40)
    blank = plain.copy(row.right() - 45, row.top() + 10, 40, 40)
    assert ring != blank
