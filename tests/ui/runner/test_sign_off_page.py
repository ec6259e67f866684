"""Signing off: received, not necessarily agreed; then read-only until reopened with a reason."""

from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot

from audit_app.domain.words import AuditState
from tests.builders import STROKES, World, answer
from tests.screens.runner import RunnerScreen
from tests.ui.waiting import settle
from ui.pages.sign_off import SignOffPage
from ui.routes import SignOff

DRAWN = tuple(tuple(line) for line in STROKES)


@pytest.fixture
def page(runner: RunnerScreen, audit: UUID, qtbot: QtBot) -> SignOffPage:
    runner.window.router.go(SignOff(audit))
    settle(qtbot, runner.window.tasks)
    shown = runner.window.page
    assert isinstance(shown, SignOffPage)
    return shown


def sign(page: SignOffPage, name: str = "Ada Reed") -> None:
    page.auditor.name.setText(name)
    page.auditor.pad.show_strokes(DRAWN, is_fixed=False)
    page.auditor.sign.click()


def test_the_declaration_says_received_not_agreed(page: SignOffPage) -> None:
    assert page.view is not None
    assert "does not by itself mean agreement" in page.view.declaration


def test_signing_without_drawing_is_refused_beside_the_pad(
    page: SignOffPage, runner: RunnerScreen
) -> None:
    page.auditor.name.setText("Ada Reed")
    page.auditor.sign.click()
    runner.settle()

    assert page.auditor.error.text() == (
        "The signature field is empty. Sign with mouse, finger or pen."
    )
    assert not page.sign_off.isEnabled()


def test_both_parties_sign_and_the_audit_is_sealed(
    page: SignOffPage, runner: RunnerScreen, world: World, audit: UUID
) -> None:
    sign(page)
    runner.settle()
    page.vendor.name.setText("Jan Nowak")
    page.vendor.remark.setText("We see 3.2 differently")
    page.vendor.pad.show_strokes(DRAWN, is_fixed=False)
    page.vendor.sign.click()
    runner.settle()
    assert page.sign_off.isEnabled()

    page.sign_off.click()
    runner.settle()

    view = world.services.sign_off.summary(audit)
    assert view.state is AuditState.SIGNED
    assert {row.name for row in view.signatures} == {"Ada Reed", "Jan Nowak"}
    assert "Nothing in it can change now" in page.signed.words
    assert not page.sign_off.isVisible()
    assert page.auditor.pad.strokes == DRAWN


def test_a_signature_can_be_taken_back_before_sign_off(
    page: SignOffPage, runner: RunnerScreen, world: World, audit: UUID
) -> None:
    sign(page)
    runner.settle()

    page.auditor.take_back.click()
    runner.settle()

    assert world.services.sign_off.summary(audit).signatures == ()
    assert page.auditor.pad.is_empty
    assert not page.sign_off.isEnabled()


def test_an_unfinished_finding_stands_in_the_way_and_leads_there(
    page: SignOffPage, runner: RunnerScreen, world: World, audit: UUID
) -> None:
    answer(world, audit, "A2", "MIN")
    sign(page)
    runner.settle()

    assert not page.sign_off.isEnabled()
    assert "F-01 has no statement" in page.banner.words
    page.left.opened.emit(page.left.model.rows[0].id)
    runner.settle()
    assert runner.current.code == "A2"


def test_reopening_asks_for_a_reason_and_makes_a_new_version(
    page: SignOffPage, runner: RunnerScreen, world: World, audit: UUID
) -> None:
    sign(page)
    runner.settle()
    page.sign_off.click()
    runner.settle()

    page.reopen.click()
    runner.settle()
    assert world.services.sign_off.summary(audit).state is AuditState.SIGNED

    page.reason.setText("The vendor sent the missing log")
    page.reopen.click()
    runner.settle()
    view = world.services.sign_off.summary(audit)
    assert (view.state, view.version) == (AuditState.OPEN, 2)
    assert runner.page.answering.is_open, "back in the checklist, open again"


@pytest.mark.parametrize("size", [(720, 600), (1000, 700), (1368, 912)])
def test_sign_off_fits_every_window(
    page: SignOffPage, runner: RunnerScreen, size: tuple[int, int]
) -> None:
    runner.window.resize(*size)
    runner.settle()

    assert (runner.window.width(), runner.window.height()) == size
