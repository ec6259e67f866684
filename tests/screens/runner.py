"""The checklist runner as an auditor uses it."""

from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from audit_app.services.checklist_rows import QuestionRow
from tests.ui.waiting import settle
from ui.main_window import MainWindow
from ui.pages.runner.measure_body import MeasureBody
from ui.pages.runner.page import RunnerPage
from ui.routes import Checklist

NO_KEYS = Qt.KeyboardModifier.NoModifier


class RunnerScreen:
    """Drives the real window by keys; each step waits until it is on disk."""

    def __init__(self, window: MainWindow, qtbot: QtBot) -> None:
        self.window, self._qtbot = window, qtbot

    @property
    def page(self) -> RunnerPage:
        page = self.window.page
        assert isinstance(page, RunnerPage)
        return page

    def open(self, audit_id: UUID, ref: str = "") -> "RunnerScreen":
        if not self.window.isVisible():
            self.window.show()
        self.window.activateWindow()
        self._qtbot.waitUntil(self.window.isActiveWindow)
        self.window.router.go(Checklist(audit_id, ref))
        self.settle()
        return self

    def settle(self) -> "RunnerScreen":
        settle(self._qtbot, self.window.tasks)
        # The side panel is read a moment after the question is opened.
        self._qtbot.wait(80)
        settle(self._qtbot, self.window.tasks)
        return self

    @property
    def current(self) -> QuestionRow:
        row = self.page.current
        assert row is not None
        return row

    def row(self, code: str) -> QuestionRow:
        return next(row for row in self.page.questions.rows() if row.code == code)

    def go_to(self, code: str) -> "RunnerScreen":
        self.page.walk.open_question(self.row(code).ref)
        return self

    def key(
        self, key: Qt.Key, modifier: Qt.KeyboardModifier = NO_KEYS, on: QWidget | None = None
    ) -> "RunnerScreen":
        target = on or QApplication.focusWidget() or self.page.list
        self._qtbot.keyClick(target, key, modifier)
        return self

    def keys(self, text: str) -> "RunnerScreen":
        for letter in text:
            target = QApplication.focusWidget() or self.page.list
            self._qtbot.keyClicks(target, letter)
        return self

    def type(self, text: str) -> "RunnerScreen":
        """Type into whatever field has the keys."""
        self._qtbot.keyClicks(QApplication.focusWidget(), text)
        return self

    def enter(self) -> "RunnerScreen":
        return self.key(Qt.Key.Key_Return)

    def note(self, text: str) -> "RunnerScreen":
        self.page.to_note()
        self._qtbot.keyClicks(self.page.card.note, text)
        self.page.card.note.typing.flush()
        return self.key(Qt.Key.Key_Escape)

    def measure(self, *values: str) -> "RunnerScreen":
        """Fill in the number fields of the open question, one after another, by keys."""
        body = self.page.card.body
        assert isinstance(body, MeasureBody)
        for line, value in zip(body.lines.values(), values, strict=True):
            line.setFocus()
            line.selectAll()
            self._qtbot.keyClicks(line, value)
        return self
