"""One action: its words, owner and date, the proof, and the next step of its life."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from PySide6.QtWidgets import QGridLayout, QPlainTextEdit, QWidget

from audit_app.domain.actions import STEPS
from audit_app.domain.words import ActionState, Tone
from audit_app.services.finding_rows import ActionRow
from audit_app.services.results import Done
from ui.routes import Findings
from ui.shell import Shell
from ui.theme.tokens import GRADE_ICONS, GRADE_TONES
from ui.widgets.button import Button
from ui.widgets.choice import DateField
from ui.widgets.field import Field
from ui.widgets.form import Form
from ui.widgets.tag import Tag
from ui.widgets.wrap_layout import WrapLayout
from ui.words import day_words, word

QUICK_DAYS = (0, 7, 30, 90)


class ActionPanel(Form):
    """Shows an action; words and dates are saved with the button, steps at once."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell.look, self.tr("Save"), "check")
        self._shell = shell
        self._action: ActionRow | None = None
        self._tags = WrapLayout()
        self.column.addLayout(self._tags)
        self._where = self.text("")
        go = Button(shell.look, self.tr("Open the finding"), "flag")
        go.clicked.connect(self._open_finding)
        self.add(go)
        self._words = QPlainTextEdit()
        self._words.setFixedHeight(shell.look.px(110))
        self._words.setTabChangesFocus(True)
        self.add(Field(self.tr("What will be done"), self._words))
        self._owner = self.line(self.tr("Owner"))
        self._due = DateField(shell.look, shell.clock.now().astimezone().date())
        self.add(Field(self.tr("Due"), self._due))
        buttons = []
        for days in QUICK_DAYS:
            words = self.tr("%n days", "", days) if days else self.tr("Today")
            button = Button(shell.look, words, kind="choice")
            button.clicked.connect(partial(self._due_in, days))
            buttons.append(button)
        self.buttons(buttons)
        self.heading(self.tr("Next step"))
        self._proof = QPlainTextEdit()
        self._proof.setFixedHeight(shell.look.px(80))
        self._proof.setTabChangesFocus(True)
        self._proof.setPlaceholderText(self.tr("Which record, photo or sample shows it"))
        self.add(Field(self.tr("Proof or reason"), self._proof))
        self._steps: list[QWidget] = []
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        self.column.addLayout(self._grid)
        self.submitted.connect(self._save)

    def show_action(self, action: ActionRow) -> None:
        """Show this action; what is being typed stays while it is the same one."""
        is_same = self._action is not None and self._action.id == action.id
        if action == self._action:
            return
        self._action = action
        while (item := self._tags.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        look = self._shell.look
        grade = Tag(look, word(action.grade), GRADE_TONES[action.grade], GRADE_ICONS[action.grade])
        self._tags.addWidget(grade)
        self._tags.addWidget(Tag(look, word(action.state), Tone.NEUTRAL))
        if action.overdue:
            self._tags.addWidget(Tag(look, self.tr("Overdue"), Tone.BAD, "clock"))
        self._where.setText(f"{action.vendor}, {action.site}")
        if not is_same:
            self._words.setPlainText(action.text)
            self._owner.setText(action.owner)
            self._proof.setPlainText(action.proof)
            if action.due is not None:
                self._due.show_day(action.due)
        self._show_steps(action)

    def _show_steps(self, action: ActionRow) -> None:
        for old in self._steps:
            old.hide()
            old.deleteLater()
        self._steps = []
        for state in sorted(STEPS[action.state], key=list(ActionState).index):
            kind = "ghost" if state is ActionState.CANCELLED else ""
            button = Button(self._shell.look, word(state), kind=kind)
            button.clicked.connect(partial(self._move, state))
            place = len(self._steps)
            self._grid.addWidget(button, place // 2, place % 2)
            self._steps.append(button)
        if not self._steps:
            ended = self.tr("Nothing more is to be done.")
            if action.done_at is not None:
                ended = self.tr("Done on {0}.").format(day_words(action.done_at.date()))
            self._steps.append(self.text(ended))

    def _due_in(self, days: int, _on: object = None) -> None:
        self._due.show_day(self._shell.clock.now().astimezone().date() + timedelta(days=days))

    def _open_finding(self) -> None:
        if self._action is not None:
            self._shell.router.go(Findings(finding_id=self._action.finding_id))

    def _save(self) -> None:
        action, actions = self._action, self._shell.services.actions
        if action is None:
            return
        text, owner, due = self._words.toPlainText(), self._owner.text(), self._due.day
        self._step(partial(actions.edit, action.id, text=text, owner=owner, due=due))

    def _move(self, state: ActionState, _on: object = None) -> None:
        action, actions = self._action, self._shell.services.actions
        if action is None:
            return
        words = self._proof.toPlainText()
        self._step(partial(actions.move, action.id, state=state, note=words, proof=words))

    def _step(self, work: Callable[[], Done]) -> None:
        self.begin()
        self._shell.tasks.in_db(work, lambda _done: self.end(), self.refuse, owner=self)
