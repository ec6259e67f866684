"""Answering with numbers: one value, a sample, or a review with its interval."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from audit_app.domain.words import Mark, Tone
from audit_app.forms.kinds import QuestionKind
from audit_app.services.checklist_rows import FieldRow, QuestionRow
from ui.pages.runner.body import Body
from ui.pages.runner.kept_field import NumberLine
from ui.theme.look import Look
from ui.theme.tokens import TONE_ICONS
from ui.widgets.button import Button
from ui.widgets.icon_label import IconLabel
from ui.widgets.text import Label, set_kind

FIELD_WIDTH = 120
MARK_KEYS = {Mark.NOT_APPLICABLE: "I", Mark.NOT_VERIFIED: "U"}
TONE_KINDS = {
    Tone.GOOD: "good",
    Tone.WATCH: "watch",
    Tone.BAD: "bad",
    Tone.NEUTRAL: "secondary",
}


class Judgement(QWidget):
    """What a measured value means, in words with a shape and a colour."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._icon = IconLabel(look, "circle-check", "good", 20)
        self.words = Label("", "secondary", is_wrapped=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.words, 1, Qt.AlignmentFlag.AlignVCenter)
        self.say("", None)

    def say(self, words: str, tone: Tone | None) -> None:
        """Say this in the colour of its tone; "" says nothing."""
        self.words.setText(words)
        self._icon.setVisible(bool(words) and tone is not None)
        if tone is not None:
            icon = "triangle-alert" if tone is Tone.BAD else TONE_ICONS[tone]
            self._icon.show_icon(icon, tone.value)
            set_kind(self.words, TONE_KINDS[tone])
        else:
            set_kind(self.words, "secondary")


class MarkRow(QWidget):
    """Not applicable, Not verified: in place of a value."""

    def __init__(self, look: Look, body: Body) -> None:
        super().__init__()
        words = {
            Mark.NOT_APPLICABLE: self.tr("Not applicable"),
            Mark.NOT_VERIFIED: self.tr("Not verified"),
        }
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        self.buttons: dict[Mark, Button] = {}
        self._now: Mark | None = None
        for mark, text in words.items():
            button = Button(look, text, kind="choice", key=MARK_KEYS[mark])
            button.setCheckable(True)
            button.clicked.connect(lambda _on=False, mark=mark: self._on_clicked(body, mark))
            row.addWidget(button)
            self.buttons[mark] = button
        row.addStretch(1)

    def show_mark(self, mark: Mark | None) -> None:
        """Show which one stands."""
        self._now = mark
        for one, button in self.buttons.items():
            button.setChecked(one is mark)

    def _on_clicked(self, body: Body, mark: Mark) -> None:
        self.buttons[mark].setChecked(self._now is mark)
        body.marked.emit(None if self._now is mark else mark)


class MeasureBody(Body):
    """One to three number fields, judged as they are typed."""

    def __init__(self, look: Look, row: QuestionRow) -> None:
        super().__init__()
        self._kind = row.kind
        self._aim = row.aim
        self.lines: dict[str, NumberLine] = {}
        self.judgement = Judgement(look)
        self.marks = MarkRow(look, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(14)
        is_single = len(row.fields) == 1
        if is_single:
            across = QHBoxLayout()
            across.setSpacing(12)
            field = row.fields[0]
            if field.label.strip() and field.label.strip() != row.text.strip():
                across.addWidget(Label(field.label, "label"))
            across.addWidget(self._line(look, field))
            if field.unit:
                across.addWidget(Label(field.unit, "secondary"))
            across.addSpacing(6)
            across.addWidget(self.judgement, 1)
            column.addLayout(across)
        else:
            grid = QGridLayout()
            grid.setHorizontalSpacing(14)
            grid.setVerticalSpacing(6)
            for place, field in enumerate(row.fields):
                grid.addWidget(Label(field.label, "label"), 0, place)
                grid.addLayout(self._with_unit(look, field), 1, place)
            grid.setColumnStretch(len(row.fields), 1)
            column.addLayout(grid)
            column.addWidget(self.judgement)
        column.addWidget(self.marks)

    def show_row(self, row: QuestionRow) -> None:
        for field in row.fields:
            self.lines[field.ref].typing.show_stored(field.value)
            self.lines[field.ref].setEnabled(not row.readonly)
        self._aim = row.aim
        self.marks.show_mark(row.mark)
        self.marks.setEnabled(not row.readonly)
        self._judge(row)

    def show_drafts(self, drafts: dict[str, str]) -> None:
        for ref, text in drafts.items():
            if ref in self.lines:
                self.lines[ref].typing.reset("", text)
                self.lines[ref].typing.unsent()

    def flush(self) -> None:
        for line in self.lines.values():
            line.typing.flush()

    def unsent(self) -> None:
        for line in self.lines.values():
            line.typing.unsent()

    def first_field(self) -> QWidget | None:
        empty = (line for line in self.lines.values() if not line.text())
        return next(empty, next(iter(self.lines.values()), None))

    def _with_unit(self, look: Look, field: FieldRow) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._line(look, field))
        if field.unit:
            row.addWidget(Label(field.unit, "secondary"))
        row.addStretch(1)
        return row

    def _line(self, look: Look, field: FieldRow) -> NumberLine:
        name = f"{field.label} ({field.unit})" if field.unit else field.label
        line = NumberLine(name)
        line.setFixedWidth(look.px(FIELD_WIDTH))
        line.typing.settled.connect(lambda text, ref=field.ref: self.measured.emit(ref, text))
        line.typing.reset(field.value)
        line.textEdited.connect(lambda _text: self._on_typing())
        self.lines[field.ref] = line
        return line

    def _judge(self, row: QuestionRow) -> None:
        if row.mark is not None or row.answer is None:
            problem = row.problem if row.mark is None else ""
            if problem:
                self.judgement.say(problem, Tone.WATCH)
            else:
                self.judgement.say(row.aim, None)
            return
        words = row.answer.judgement
        if self._kind in {QuestionKind.SAMPLE, QuestionKind.REVIEW}:
            words = f"{row.answer.label}. {words}".strip()
        self.judgement.say(words, row.answer.tone)

    def _on_typing(self) -> None:
        """What was judged was another number; the new one is judged when typing rests."""
        self.judgement.say(self._aim, None)
        if self._kind is QuestionKind.SAMPLE:
            self._show_share()

    def _show_share(self) -> None:
        """The share so far, before the answer is judged and saved."""
        texts = [line.text().strip() for line in self.lines.values()]
        if len(texts) < 2 or not all(text.isdecimal() for text in texts[:2]):
            return
        checked, good = int(texts[0]), int(texts[1])
        if 0 <= good <= checked and checked:
            self.judgement.say(
                self.tr("{0} of {1} = {2} %").format(good, checked, f"{100 * good / checked:.1f}"),
                None,
            )
