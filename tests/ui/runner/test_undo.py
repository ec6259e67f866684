"""Ctrl+Z takes back any change of the visit: answers, photos, findings, actions."""

from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from audit_app.domain.words import Grade
from tests.builders import STROKES, World, a_photo, answer
from tests.screens.runner import RunnerScreen
from ui.pages.finding_side import FindingSide
from ui.pages.findings import FindingsPage
from ui.routes import Findings

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
Z = Qt.Key.Key_Z


def actions(world: World) -> list[str]:
    return [row.text for row in world.services.actions.listed()]


def test_undo_takes_back_an_action_and_redo_brings_it_again(
    runner: RunnerScreen, world: World
) -> None:
    runner.go_to("A2").keys("2").settle()
    runner.keys("a").settle()
    assert len(actions(world)) == 1
    runner.key(Qt.Key.Key_Escape)

    runner.key(Z, CTRL).settle()
    assert actions(world) == []
    assert runner.row("A2").answer is not None, "only the action is taken back"
    assert runner.page.side.finding._cards == []

    runner.key(Z, CTRL | SHIFT).settle()
    assert len(actions(world)) == 1
    assert len(runner.page.side.finding._cards) == 1


def test_undo_takes_back_a_photo(runner: RunnerScreen, world: World, audit: UUID) -> None:
    world.services.evidence.add_photo(
        audit, data=a_photo(), name="door.jpg", ref=runner.row("A1").ref
    )
    runner.page.recorder.refresh(runner.row("A1").ref)
    runner.settle()
    assert runner.row("A1").photos == 1

    runner.key(Z, CTRL).settle()

    assert runner.row("A1").photos == 0


def test_undo_takes_back_a_grade(runner: RunnerScreen, world: World) -> None:
    runner.go_to("A2").keys("2").settle()
    runner.page.side.finding.grade_button(Grade.MAJOR).click()
    runner.settle()
    (row,) = world.services.findings.listed()
    assert row.grade is Grade.MAJOR

    runner.key(Z, CTRL).settle()

    (row,) = world.services.findings.listed()
    assert row.grade is Grade.MINOR
    assert runner.page.side.finding.grade_button(Grade.MINOR).isChecked()


def test_the_strip_offers_to_do_it_again(runner: RunnerScreen) -> None:
    runner.go_to("A2").keys("2").settle()
    runner.key(Z, CTRL).settle()
    strip = runner.window.strip
    assert strip.words == "Undid: Minor on 1.2"

    redo = next(b for b in strip.findChildren(QPushButton) if b.text() == "Redo")
    redo.click()
    runner.settle()

    assert runner.row("A2").selected == ("MIN",)


def test_the_cause_is_written_after_signing_and_the_statement_is_not(
    runner: RunnerScreen, world: World, audit: UUID
) -> None:
    services = world.services
    answer(world, audit, "A2", "MIN")
    (row,) = services.findings.listed()
    services.findings.edit(row.id, statement="Paper on the floor of aisle 3.")
    services.sign_off.sign(audit, party="auditor", name="Ada Reed", strokes=STROKES)
    services.sign_off.sign_off(audit)
    runner.window.router.go(Findings(finding_id=row.id))
    runner.settle()
    page = runner.window.page
    assert isinstance(page, FindingsPage)
    side = page.beside.content
    assert isinstance(side, FindingSide)
    assert side.panel.texts["statement"].isReadOnly()

    side.panel.texts["cause"].setPlainText("No bins in the aisle.")
    side.flush()
    runner.settle()

    assert services.findings.view(row.id).cause == "No bins in the aisle."
    assert runner.window.strip.words == ""
