"""Beside the findings: one of them to work on, or a new one."""

from collections.abc import Callable, Sequence
from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from audit_app.domain.findings import may_move
from audit_app.domain.words import FindingState, Grade
from audit_app.errors import AuditError
from audit_app.services.finding_rows import FindingRow, FindingView
from audit_app.services.results import Done
from ui.pages.finding_desk import FindingDesk
from ui.pages.finding_panel import FindingPanel
from ui.pages.runner.kept_field import KeptText
from ui.shell import Shell
from ui.theme.look import Look
from ui.widgets.button import Button
from ui.widgets.choice import PickBox
from ui.widgets.field import Field
from ui.widgets.form import Form
from ui.widgets.text import Label
from ui.words import word

STEPS = (
    FindingState.ACKNOWLEDGED,
    FindingState.DISPUTED,
    FindingState.CLOSED,
    FindingState.VOID,
)


class FindingSide(QWidget):
    """One finding: its panel, where it came from, and the next step of its life.

    Signals:
        question_asked: show the question it came from; its audit and ref.
        photo_asked: the audit and the finding a photo is wanted for.
        photo_opened: rows and the id of one.
        merged: the id of the finding that it went up in.
    """

    question_asked = Signal(object, str)
    photo_asked = Signal(object, object)
    photo_opened = Signal(object, object)
    merged = Signal(object)

    def __init__(self, shell: Shell, finding_id: UUID) -> None:
        super().__init__()
        look = shell.look
        self._shell = shell
        self.view: FindingView | None = None
        self.panel = FindingPanel(look)
        self.desk = FindingDesk(shell, self.panel)
        self.desk.shown.connect(self._show)
        self.desk.failed.connect(shell.messages.refuse)
        self.panel.photo_asked.connect(self._on_photo)
        self.panel.photo_opened.connect(
            lambda name: self.photo_opened.emit(self.panel.photos.rows, name)
        )
        self._origin = Button(look, self.tr("Question"), "clipboard-list", "ghost")
        self._origin.clicked.connect(self._on_origin)
        self._state = Label("", "label")
        self.note = KeptText(self.tr("Reason or note"), 2)
        self.note.setPlaceholderText(self.tr("Reason or note for the next step"))
        self.error = Label("", "error", is_wrapped=True)
        self.error.hide()
        self.steps: dict[FindingState, Button] = {}
        self._steps = QVBoxLayout()
        self._steps.setSpacing(8)
        for state, words in self._step_words().items():
            button = Button(look, words, kind="danger" if state is FindingState.VOID else "")
            button.clicked.connect(lambda _on=False, state=state: self._step(state))
            self.steps[state] = button
            self._steps.addWidget(button)
        self._history = Label("", "caption", is_wrapped=True)
        self.merge = PickBox(look)
        self.merge.setAccessibleName(self.tr("Merge into another finding"))
        self.merge.picked.connect(self._on_merge)
        self._merge_field = Field(self.tr("Merge into another finding"), self.merge)
        self._merge_field.hide()
        self._build()
        self.desk.open(finding_id)

    def flush(self) -> None:
        """Save what is being typed."""
        self.panel.flush()

    def _build(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(18, 4, 10, 14)
        column.setSpacing(8)
        column.addWidget(self._origin, 0, Qt.AlignmentFlag.AlignLeading)
        column.addWidget(self.panel)
        column.addSpacing(10)
        column.addWidget(self._state)
        column.addWidget(self.note)
        column.addWidget(self.error)
        column.addLayout(self._steps)
        column.addWidget(self._merge_field)
        column.addWidget(self._history)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        self.act = Button(self._shell.look, self.tr("Add action"), "list-todo", key="A")
        self.act.clicked.connect(lambda _on=False: self.desk.add_action())
        foot = QHBoxLayout()
        foot.setContentsMargins(18, 8, 18, 14)
        foot.addWidget(self.act, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(area, 1)
        outer.addLayout(foot)

    def _step_words(self) -> dict[FindingState, str]:
        return {
            FindingState.ACKNOWLEDGED: self.tr("The vendor accepts it"),
            FindingState.DISPUTED: self.tr("The vendor disputes it"),
            FindingState.CLOSED: self.tr("Close, verified"),
            FindingState.VOID: self.tr("It does not stand"),
        }

    def _show(self, view: FindingView) -> None:
        self.view = view
        row = view.row
        asked = self.tr("Question {0}").format(row.question) if row.question else ""
        self._origin.setText(asked)
        self._origin.setVisible(bool(row.question_ref))
        self._state.setText(self.tr("State: {0}").format(word(row.state)))
        for state, button in self.steps.items():
            button.setVisible(may_move(row.state, state))
        is_final = not any(may_move(row.state, state) for state in STEPS)
        self.note.setVisible(not is_final)
        self._read_others(view)
        self._history.setText("\n".join(view.history))
        self._history.setVisible(bool(view.history))

    def _step(self, state: FindingState) -> None:
        view = self.view
        if view is None:
            return
        findings, name = self._shell.services.findings, view.row.id
        text = self.note.toPlainText()
        works: dict[FindingState, Callable[[], Done]] = {
            FindingState.ACKNOWLEDGED: partial(findings.acknowledge, name),
            FindingState.DISPUTED: partial(findings.dispute, name, dissent=text),
            FindingState.CLOSED: partial(findings.close, name, note=text),
            FindingState.VOID: partial(findings.void, name, reason=text),
        }

        def done(_done: Done) -> None:
            self.note.typing.reset("")
            self._say("")

        def failed(error: AuditError) -> None:
            self._say(str(error))

        self._shell.tasks.in_db(works[state], done, failed, owner=self)

    def _read_others(self, view: FindingView) -> None:
        """Other findings of this audit that it could be merged into, while it is being written."""
        audit, findings = view.row.audit_id, self._shell.services.findings

        def done(rows: tuple[FindingRow, ...]) -> None:
            others = [
                (row.id, f"{row.number}  {row.title}") for row in rows if row.id != view.row.id
            ]
            self._merge_field.setVisible(bool(others))
            if others:
                self.merge.show_options([(None, self.tr("Stays by itself")), *others])

        if view.locked or view.row.state is not FindingState.DRAFT:
            self._merge_field.hide()
            return
        self._shell.tasks.in_db(partial(findings.listed, audit_id=audit), done, owner=self)

    def _on_merge(self, into: object) -> None:
        view = self.view
        if view is None or not isinstance(into, UUID):
            return
        self.flush()
        work = partial(self._shell.services.findings.merge, view.row.id, into=into)

        def done(_done: Done) -> None:
            self.merged.emit(into)

        def failed(error: AuditError) -> None:
            self._say(str(error))

        self._shell.tasks.in_db(work, done, failed, owner=self)

    def _say(self, words: str) -> None:
        self.error.setText(words)
        self.error.setVisible(bool(words))

    def _on_photo(self) -> None:
        if self.view is not None:
            self.photo_asked.emit(self.view.row.audit_id, self.view.row.id)

    def _on_origin(self) -> None:
        if self.view is not None:
            self.question_asked.emit(self.view.row.audit_id, self.view.row.question_ref)


class NewFinding(Form):
    """A finding that no question asked for."""

    def __init__(self, look: Look, audits: Sequence[tuple[UUID, str]]) -> None:
        super().__init__(look, self.tr("Open finding"), "flag")
        self.audit = PickBox(look, audits)
        self.add(Field(self.tr("Audit"), self.audit))
        grades = [(grade, word(grade)) for grade in Grade]
        self.grade = PickBox(look, grades)
        self.grade.select(Grade.MINOR)
        self.add(Field(self.tr("Severity"), self.grade))
        self.title = self.line(
            self.tr("What was found, in one line"),
            example=self.tr("Visitors are not escorted on the floor"),
        )
        if not audits:
            self.banner.say(self.tr("No audit is open. Start a visit first."))
            self.button.setEnabled(False)
