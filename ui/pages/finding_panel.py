"""One finding to write up: grade, what was seen, fix by, evidence, and more about it."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from audit_app.domain.words import Grade
from audit_app.services.finding_rows import ActionRow, FindingView
from ui.pages.runner.kept_field import KeptLine, KeptText
from ui.theme.look import Look
from ui.widgets.button import Button
from ui.widgets.day_pick import DayPick
from ui.widgets.photo_strip import PhotoStrip
from ui.widgets.text import Label, card
from ui.words import day_words, word

GRAVE = (Grade.MINOR, Grade.MAJOR, Grade.CRITICAL)
MILD = (Grade.OFI, Grade.STRENGTH)
DAYS = (0, 7, 30)
PARTS = ("statement", "cause", "containment", "criterion", "impact", "dissent")


class ActionCard(QWidget):
    """One agreed action: text, owner, due day and state.

    Signals:
        edited: the action's id, "text" or "owner", and what it says now.
        due_chosen: the action's id and the day it is due.
    """

    edited = Signal(object, str, str)
    due_chosen = Signal(object, object)

    def __init__(self, look: Look, row: ActionRow) -> None:
        super().__init__()
        self.action = row.id
        frame = card()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        column = QVBoxLayout(frame)
        column.setContentsMargins(10, 10, 10, 10)
        column.setSpacing(8)
        self.due = DayPick(look, self.tr("Due day"))
        self.due.chosen.connect(lambda day: self.due_chosen.emit(self.action, day))
        self.lines = {
            "text": KeptLine(self.tr("What will be done")),
            "owner": KeptLine(self.tr("Who does it")),
        }
        for name, line in self.lines.items():
            line.setPlaceholderText(line.accessibleName())
            line.typing.settled.connect(
                lambda text, name=name: self.edited.emit(self.action, name, text)
            )
        who = QHBoxLayout()
        who.setSpacing(8)
        who.addWidget(self.lines["owner"], 1)
        who.addWidget(self.due)
        column.addWidget(self.lines["text"])
        column.addLayout(who)
        self.lines["text"].typing.reset(row.text)
        self.lines["owner"].typing.reset(row.owner)
        self.show_action(row)

    def show_action(self, row: ActionRow) -> None:
        """Show how it stands; what is being typed is left alone."""
        self.due.show_day(row.due, is_late=row.overdue)
        self.due.setToolTip(f"{word(row.state)}. {day_words(row.due)}".strip(" ."))
        self.lines["text"].typing.show_stored(row.text)
        self.lines["owner"].typing.show_stored(row.owner)


class FindingPanel(QWidget):
    """Shows one finding and tells each change.

    Signals:
        edited: a part's name (see ``PARTS`` and "title") and its text.
        regraded: another grade.
        fix_by: the day the auditor asks for.
        action_asked: add an action.
        action_edited: the action's id, the field and its text.
        action_due: the action's id and the day it is due.
        photo_asked: another photo for this finding.
        photo_opened: the id of a photo.
    """

    edited = Signal(str, str)
    regraded = Signal(object)
    fix_by = Signal(object)
    action_asked = Signal()
    action_edited = Signal(object, str, str)
    action_due = Signal(object, object)
    photo_asked = Signal()
    photo_opened = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._id: UUID | None = None
        self._today = date(1970, 1, 1)
        self._cards: list[ActionCard] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self.title = Label("", "h3", is_wrapped=True)
        self._missing = Label("", "watch", is_wrapped=True)
        self._suggestion = Label("", "watch", is_wrapped=True)
        self._grades: dict[Grade, Button] = {}
        self._group = QButtonGroup(self)
        self._make_grades()
        self.texts = {name: KeptText(self._part(name), 3) for name in PARTS}
        for name, text in self.texts.items():
            text.typing.settled.connect(lambda words, name=name: self.edited.emit(name, words))
        self._add_text("statement")
        self._make_due()
        self._actions = QVBoxLayout()
        self._actions.setSpacing(8)
        self._column.addLayout(self._actions)
        self._column.addSpacing(10)
        self._evidence = Label("", "label")
        self.photos = PhotoStrip(look)
        self.photos.opened.connect(self.photo_opened)
        self.take = Button(look, self.tr("Take photo"), "camera", key="C")
        self.take.clicked.connect(self.photo_asked)
        for part in (self._evidence, self.photos, self.take):
            self._column.addWidget(part)
        self._column.addSpacing(4)
        self._more = Button(look, self.tr("Cause, containment and more"), "chevron-down", "ghost")
        self._more.clicked.connect(self._turn)
        self._column.addWidget(self._more)
        self._make_folded()

    @property
    def finding_id(self) -> UUID | None:
        """The finding shown."""
        return self._id

    def show_finding(self, view: FindingView, today: date) -> None:
        """Show this finding; what is being typed in it is left alone."""
        is_other = view.row.id != self._id
        self._id, self._today = view.row.id, today
        self.title.setText(view.row.title)
        for grade, button in self._grades.items():
            button.setChecked(grade is view.row.grade)
            button.setEnabled(not view.locked)
        self._mild.setVisible(view.row.grade in MILD or not self._folded.isHidden())
        parts = self._values(view)
        for name, text in self.texts.items():
            text.setReadOnly(view.locked and name not in {"cause", "containment", "dissent"})
            if is_other:
                text.typing.reset(parts[name])
            else:
                text.typing.show_stored(parts[name])
        self._show_missing(view)
        due = view.actions[0].due if view.actions else None
        for days, button in self._days.items():
            button.setChecked(due == today + timedelta(days=days))
        self._show_actions(view.actions)
        self.photos.show_evidence(view.evidence)
        count = len(view.evidence)
        words = self.tr("Evidence, %n item(s)", "", count) if count else self.tr("Evidence")
        self._evidence.setText(words)
        self.take.setVisible(not view.locked)

    def flush(self) -> None:
        """Send what is typed."""
        for text in self.texts.values():
            text.typing.flush()
        for shown in self._cards:
            for line in shown.lines.values():
                line.typing.flush()

    def unsent(self) -> None:
        """Saving failed; the text stays and is sent again with the next flush."""
        for text in self.texts.values():
            text.typing.unsent()

    def grade_button(self, grade: Grade) -> Button:
        """The button that gives this grade."""
        return self._grades[grade]

    def day_button(self, days: int) -> Button:
        """The quick pick for this many days."""
        return self._days[days]

    def _make_grades(self) -> None:
        self._group.setExclusive(True)
        self._column.addWidget(self.title)
        self._column.addSpacing(4)
        self._column.addWidget(self._missing)
        self._column.addWidget(Label(self.tr("Severity"), "label"))
        self._column.addLayout(self._grade_row(GRAVE))
        self._mild = QWidget()
        mild = self._grade_row(MILD)
        self._mild.setLayout(mild)
        self._column.addWidget(self._mild)
        self._column.addWidget(self._suggestion)
        self._column.addSpacing(8)

    def _grade_row(self, grades: Sequence[Grade]) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for grade in grades:
            kind = "choice-bad" if grade in {Grade.MAJOR, Grade.CRITICAL} else "choice"
            button = Button(self._look, word(grade), kind=kind)
            button.setCheckable(True)
            button.clicked.connect(lambda _on=False, grade=grade: self.regraded.emit(grade))
            self._group.addButton(button)
            self._grades[grade] = button
            row.addWidget(button, 1)
        return row

    def _make_due(self) -> None:
        self._column.addSpacing(8)
        self._column.addWidget(Label(self.tr("Fix by"), "label"))
        words = {0: self.tr("Today"), 7: self.tr("7 days"), 30: self.tr("30 days")}
        row = QHBoxLayout()
        row.setSpacing(6)
        self._days: dict[int, Button] = {}
        for days in DAYS:
            button = Button(self._look, words[days], kind="choice")
            button.setCheckable(True)
            button.clicked.connect(lambda _on=False, days=days: self._on_day(days))
            self._days[days] = button
            row.addWidget(button, 1)
        self._column.addLayout(row)
        self._column.addSpacing(4)

    def _make_folded(self) -> None:
        self._folded = QWidget()
        column = QVBoxLayout(self._folded)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for name in PARTS[1:]:
            column.addWidget(Label(self._part(name), "label"))
            column.addWidget(self.texts[name])
        self._folded.hide()
        self._column.addWidget(self._folded)

    def _add_text(self, name: str) -> None:
        self._column.addWidget(Label(self._part(name), "label"))
        self._column.addWidget(self.texts[name])

    def _part(self, name: str) -> str:
        return {
            "statement": self.tr("What was seen"),
            "cause": self.tr("Cause"),
            "containment": self.tr("Containment"),
            "criterion": self.tr("Requirement"),
            "impact": self.tr("Impact"),
            "dissent": self.tr("What the vendor says"),
        }[name]

    def _values(self, view: FindingView) -> dict[str, str]:
        return {
            "statement": view.statement,
            "cause": view.cause,
            "containment": view.containment,
            "criterion": view.criterion,
            "impact": view.impact,
            "dissent": view.dissent,
        }

    def _show_missing(self, view: FindingView) -> None:
        words = {
            "criterion": self.tr("the requirement"),
            "evidence": self.tr("evidence"),
            "statement": self.tr("what was seen"),
        }
        needed = [words.get(part, part) for part in view.missing]
        is_asked = bool(needed) and view.row.grade in GRAVE
        self._missing.setText(self.tr("Still needed: {0}").format(", ".join(needed)))
        self._missing.setVisible(is_asked)
        self._suggestion.setText(
            self.tr("{0} is suggested. {1}").format(word(view.suggested), view.suggestion)
            if view.suggested
            else ""
        )
        self._suggestion.setVisible(view.suggested is not None)

    def _show_actions(self, rows: Sequence[ActionRow]) -> None:
        if [shown.action for shown in self._cards] == [row.id for row in rows]:
            for shown, row in zip(self._cards, rows, strict=True):
                shown.show_action(row)
            return
        for shown in self._cards:
            self._actions.removeWidget(shown)
            shown.hide()
            shown.deleteLater()
        self._cards = [ActionCard(self._look, row) for row in rows]
        for shown in self._cards:
            shown.edited.connect(self.action_edited)
            shown.due_chosen.connect(self.action_due)
            self._actions.addWidget(shown)

    def _turn(self) -> None:
        is_opening = self._folded.isHidden()
        self._folded.setVisible(is_opening)
        self._more.show_icon("chevron-up" if is_opening else "chevron-down")
        is_mild = any(self._grades[grade].isChecked() for grade in MILD)
        self._mild.setVisible(is_opening or is_mild)

    def _on_day(self, days: int) -> None:
        for other, button in self._days.items():
            button.setChecked(other == days)
        self.fix_by.emit(self._today + timedelta(days=days))
