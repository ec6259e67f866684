"""The main job, whole: plan, answer by keyboard, photograph, find, restart, sign, seal, report."""

from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from audit_app.domain.words import AuditState, VisitState
from audit_app.forms.kinds import QuestionKind
from audit_app.services.checklist_rows import AuditView, QuestionRow
from tests.builders import StillClock, a_photo
from tests.screens.program import Program
from tests.screens.runner import RunnerScreen
from ui.pages.runner.bodies import MEASURED
from ui.theme.fonts import load_fonts

GENERAL = "General vendor site audit"
QUESTIONS = 57
FINDINGS = {
    "GEN-A02": "Two of five scopes name no target.",
    "GEN-C01": "Old policy in use.",
    "GEN-F01": "Badge door held open at 10:40.",
}
PHOTOS = ("GEN-A02", "GEN-F01")


@pytest.fixture
def program(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Program:
    load_fonts()
    return Program(qapp, qtbot, tmp_path, StillClock())


def drop(runner: RunnerScreen, file: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])
    left = Qt.MouseButton.LeftButton
    plain = Qt.KeyboardModifier.NoModifier
    event = QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, mime, left, plain)
    runner.page.dropEvent(event)
    runner.settle()


def give(runner: RunnerScreen, row: QuestionRow) -> None:
    """Answer the open question by keys only, as its kind asks."""
    if row.kind in MEASURED:
        values = {QuestionKind.SAMPLE: ("30", "30"), QuestionKind.REVIEW: ("98", "96", "99")}
        runner.measure(*values.get(row.kind, ("1",)))
    elif row.kind is QuestionKind.CHOICE:
        runner.keys("3" if row.code in FINDINGS else "1")
    else:
        runner.type(f"Nothing to add on {row.number}")


class Auditor:
    """Walks the checklist with the keyboard and writes findings up on the way."""

    def __init__(self, photos: Path) -> None:
        self._photos = photos
        self._written: set[str] = set()

    def answer_until(self, runner: RunnerScreen, count: int) -> None:
        """Answer until this many answers stand."""
        for _ in range(3 * QUESTIONS):
            row = runner.current
            if not row.answered:
                give(runner, row)
            if row.code in FINDINGS and row.code not in self._written:
                self._write_up(runner, row.code)
            runner.page.flush()
            if runner.current.ref == row.ref:
                runner.enter()
            QApplication.processEvents()
            if sum(1 for shown in runner.page.questions.rows() if shown.answered) >= count:
                break
        runner.settle()

    def _write_up(self, runner: RunnerScreen, code: str) -> None:
        runner.settle()
        runner.keys("e").type(FINDINGS[code]).key(Qt.Key.Key_Escape).settle()
        self._written.add(code)
        if code in PHOTOS:
            drop(runner, self._photos / f"{code}.jpg")


def told(view: AuditView) -> dict[str, tuple[object, ...]]:
    """Everything an auditor entered, by question code."""
    return {
        row.code: (row.selected, tuple(f.value for f in row.fields), row.mark, row.note, row.photos)
        for row in view.questions
    }


def test_the_main_job_from_plan_to_report_over_a_restart(program: Program, tmp_path: Path) -> None:
    for code in PHOTOS:
        (tmp_path / f"{code}.jpg").write_bytes(a_photo(seed=len(code)))
    program.start()
    assert program.is_welcoming
    program.begin_workspace("Ada Reed", "Acme Markets")
    services = program.services
    vendor = services.vendors.save_vendor(name="Nordwind").id
    site = services.vendors.save_site(
        vendor_id=vendor,
        name="Warsaw",
        country="PL",
        time_zone="Europe/Warsaw",
        streams=("merchant", "product", "content", "live"),
        markets=("DE", "FR", "GB"),
        shared_markets=True,
        ai_assist=True,
    ).id
    audit = program.plan_a_visit(site, GENERAL)
    assert services.visits.of_audit(audit).state is VisitState.UNDER_WAY

    runner = program.runner(audit)
    assert len(runner.page.questions.order) == QUESTIONS
    auditor = Auditor(tmp_path)
    auditor.answer_until(runner, 30)
    before = told(services.checklist.open(audit))
    where = runner.current.code
    program.quit()

    program.start()
    program.settle()
    assert program.is_on_today
    services = program.services
    view = services.checklist.open(audit)
    assert told(view) == before, "everything is there after a restart"
    assert view.progress.answered >= 30
    runner = program.runner(audit)
    assert not runner.current.answered or runner.current.to_do, where
    auditor.answer_until(runner, QUESTIONS)

    view = services.checklist.open(audit)
    assert [row.code for row in view.questions if not row.answered] == []
    assert view.progress.answered == view.progress.total == QUESTIONS
    assert view.score.coverage == 100
    findings = services.findings.listed(audit_id=audit)
    assert len(findings) == 3
    assert all(row.complete for row in findings)
    assert sum(row.photos for row in view.questions) == 2
    assert not [row for row in services.checklist.left(audit) if row.blocking]

    seal(program, audit)
    file = program.issue_report(audit)
    assert file.read_bytes().startswith(b"%PDF-")
    (report,) = program.services.reports.listed()
    assert report.sha256 == sha256(file.read_bytes()).hexdigest()
    assert report.pages > 5
    program.quit()


def seal(program: Program, audit: UUID) -> None:
    """Both parties sign and the audit is sealed."""
    page = program.sign_off(audit)
    assert page.auditor.name.text() == "Ada Reed"
    page.vendor.name.setText("Jan Nowak")
    for signer in page.signers:
        program.draw(signer.pad)
        signer.sign.click()
        program.settle()
        assert signer.error.text() == ""
    page.sign_off.click()
    program.settle()
    summary = program.services.sign_off.summary(audit)
    assert summary.state is AuditState.SIGNED
    assert len(summary.signatures) == 2
    assert len(summary.manifest) == 64
    assert program.services.visits.of_audit(audit).state is VisitState.SIGNED
