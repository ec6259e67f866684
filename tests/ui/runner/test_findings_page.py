"""The findings board and table."""

from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from audit_app.domain.words import FindingState, Grade
from tests.builders import STROKES, World, answer
from tests.screens.runner import RunnerScreen
from tests.ui.waiting import settle
from ui.delegates.finding_card import PLACE
from ui.main_window import MainWindow
from ui.models.finding_list import ROW_ROLE, Column
from ui.pages.finding_side import FindingSide, NewFinding
from ui.pages.finding_table import FINDING, LEAST_FINDING
from ui.pages.findings import FindingsPage
from ui.routes import Findings


@pytest.fixture
def page(runner: RunnerScreen, world: World, audit: UUID, qtbot: QtBot) -> FindingsPage:
    """A minor, a critical and an empty board around them."""
    answer(world, audit, "A2", "MIN")
    answer(world, audit, "A3", "MAJ")
    return shown(runner.window, Findings(), qtbot)


def shown(window: MainWindow, route: Findings, qtbot: QtBot) -> FindingsPage:
    window.router.go(route)
    settle(qtbot, window.tasks)
    page = window.page
    assert isinstance(page, FindingsPage)
    return page


def numbers(page: FindingsPage, column: Column) -> list[str]:
    return [row.number for row in page.board.columns[column].model.rows]


def test_an_empty_board_says_where_findings_come_from(runner: RunnerScreen, qtbot: QtBot) -> None:
    page = shown(runner.window, Findings(), qtbot)

    assert page.empty.isVisible()


def test_the_gravest_finding_stands_first(page: FindingsPage) -> None:
    assert numbers(page, Column.OPEN) == ["F-02", "F-01"]
    assert page.board.columns[Column.OPEN].isVisible()


def test_one_key_turns_the_board_into_a_table(page: FindingsPage, qtbot: QtBot) -> None:
    focus = QApplication.focusWidget()
    qtbot.keyClick(focus, Qt.Key.Key_T)

    assert page.table.isVisible()
    model = page.table.model()
    assert model.rowCount() == 2
    assert model.index(0, 1).data() == "Critical"
    qtbot.keyClick(focus, Qt.Key.Key_T)
    assert not page.table.isVisible()


def test_chips_and_search_narrow_the_board(page: FindingsPage, qtbot: QtBot) -> None:
    page.chips[Grade.MINOR].click()
    assert numbers(page, Column.OPEN) == ["F-01"]

    page.chips[Grade.MINOR].click()
    page.search.setText("alarm")
    qtbot.waitUntil(lambda: numbers(page, Column.OPEN) == ["F-02"])


def test_a_finding_lives_from_issued_to_closed_beside_the_board(
    page: FindingsPage, runner: RunnerScreen, world: World, audit: UUID
) -> None:
    services = world.services
    for row in services.findings.listed():
        services.findings.edit(row.id, statement="Seen", criterion="SOW 4")
    services.sign_off.sign(audit, party="auditor", name="Ada Reed", strokes=STROKES)
    services.sign_off.sign_off(audit)
    page.reload()
    runner.settle()
    assert len(numbers(page, Column.WAITING)) == 2
    index = page.board.columns[Column.WAITING].model.index(0)
    name = index.data(ROW_ROLE).id

    page.open_finding(name)
    runner.settle()
    side = page.beside.content
    assert isinstance(side, FindingSide)
    side.steps[FindingState.CLOSED].click()
    runner.settle()
    assert "closing note is empty" in side.error.text()

    side.note.setPlainText("Alarm log of 14 days read")
    side.steps[FindingState.CLOSED].click()
    runner.settle()
    assert len(numbers(page, Column.CLOSED)) == 1
    assert side.error.text() == ""


def test_a_finding_is_opened_without_a_question(
    page: FindingsPage, runner: RunnerScreen, world: World
) -> None:
    page.start_new()
    runner.settle()
    form = page.beside.content
    assert isinstance(form, NewFinding)

    form.submitted.emit()
    runner.settle()
    assert "no title" in form.banner.words

    form.title.setText("Visitors walk alone")
    form.submitted.emit()
    runner.settle()
    assert isinstance(page.beside.content, FindingSide)
    assert "Visitors walk alone" in [row.title for row in world.services.findings.listed()]


def test_a_finding_leads_back_to_its_question(page: FindingsPage, runner: RunnerScreen) -> None:
    page.open_finding(page.board.columns[Column.OPEN].model.rows[0].id)
    runner.settle()
    side = page.beside.content
    assert isinstance(side, FindingSide)
    assert side.view is not None

    side.question_asked.emit(side.view.row.audit_id, side.view.row.question_ref)
    runner.settle()

    assert runner.current.code == "A3"


def test_the_board_of_one_audit_says_so(
    runner: RunnerScreen, world: World, audit: UUID, qtbot: QtBot
) -> None:
    answer(world, audit, "A2", "MIN")
    page = shown(runner.window, Findings(audit_id=audit), qtbot)
    assert page.only.isVisible()

    page.only.click()
    settle(qtbot, runner.window.tasks)

    assert not page.only.isVisible()


def test_cards_are_read_out_whole(page: FindingsPage) -> None:
    model = page.board.columns[Column.OPEN].model
    spoken = model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole)

    assert str(spoken).startswith("F-02. Critical. Is the alarm answered?")


@pytest.mark.parametrize("size", [(720, 600), (1000, 700), (1368, 912)])
def test_findings_fit_every_window(
    page: FindingsPage, runner: RunnerScreen, size: tuple[int, int]
) -> None:
    runner.window.resize(*size)
    runner.settle()

    assert (runner.window.width(), runner.window.height()) == size


def test_an_empty_column_says_what_will_stand_there(page: FindingsPage) -> None:
    verify = page.board.columns[Column.VERIFY]
    assert verify._none.isVisible()
    assert "verified" in verify._none.text()
    assert not page.board.columns[Column.OPEN]._none.isVisible()


def test_cards_name_their_site_unless_all_are_of_one_audit(
    page: FindingsPage, runner: RunnerScreen, audit: UUID, qtbot: QtBot
) -> None:
    cards = page.board.columns[Column.OPEN].list
    tall = cards.sizeHintForRow(0)

    page = shown(runner.window, Findings(audit_id=audit), qtbot)

    assert cards.sizeHintForRow(0) == tall - PLACE


def test_a_narrow_table_leaves_out_what_matters_least(
    page: FindingsPage, runner: RunnerScreen
) -> None:
    page.turn_kind()
    table = page.table
    wide = [column for column in range(9) if not table.isColumnHidden(column)]
    assert wide == list(range(9))

    runner.window.resize(720, 700)
    runner.settle()

    shown_now = [column for column in range(9) if not table.isColumnHidden(column)]
    assert {0, 1, FINDING, 5} <= set(shown_now)
    assert 8 not in shown_now
    assert table.columnWidth(FINDING) >= LEAST_FINDING - 20
    assert table.horizontalScrollBar().maximum() == 0


def test_two_findings_are_merged_beside_the_board_and_undo_parts_them(
    page: FindingsPage, runner: RunnerScreen, world: World, audit: UUID
) -> None:
    critical, minor = page.board.columns[Column.OPEN].model.rows
    page.open_finding(minor.id)
    runner.settle()
    side = page.beside.content
    assert isinstance(side, FindingSide)
    assert side._merge_field.isVisible()

    side.merge.picked.emit(critical.id)
    runner.settle()

    assert numbers(page, Column.OPEN) == ["F-02"]
    side = page.beside.content
    assert isinstance(side, FindingSide)
    assert side.view is not None
    assert side.view.row.id == critical.id, "the one that stays is shown"

    world.services.checklist.undo(audit)
    page.reload()
    runner.settle()
    assert numbers(page, Column.OPEN) == ["F-02", "F-01"]
