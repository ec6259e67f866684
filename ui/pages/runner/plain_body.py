"""Answering with words, a date, a time, a place on a scale, a file, or by confirming."""

from decimal import Decimal

from PySide6.QtCore import QDate, QDateTime, Qt, QTime
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QDateEdit,
    QDateTimeEdit,
    QHBoxLayout,
    QSlider,
    QTimeEdit,
    QVBoxLayout,
    QWidget,
)

from audit_app.domain.words import Tone
from audit_app.services.checklist_rows import ChoiceRow, FieldRow, QuestionRow
from ui.pages.runner.body import Body
from ui.pages.runner.kept_field import KeptLine, KeptText
from ui.theme.look import Look
from ui.widgets.answer_button import AnswerGrid
from ui.widgets.button import Button
from ui.widgets.text import Label

CONFIRMED = "OK"


class NoteBody(Body):
    """Nothing to answer: the question is a note to read."""

    def show_row(self, row: QuestionRow) -> None:
        """A note has no answer."""


class TextBody(Body):
    """Words: one line, several lines, a barcode or a place."""

    def __init__(self, look: Look, row: QuestionRow) -> None:
        super().__init__()
        del look
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.fields: dict[str, KeptLine | KeptText] = {}
        for field in row.fields:
            name = field.label or row.text
            line = _field(name, is_long=field.multiline)
            if isinstance(line, KeptText):
                line.setPlaceholderText(self.tr("Shift+Enter begins a new line"))
            line.typing.reset(field.value)
            line.typing.settled.connect(lambda text, ref=field.ref: self.measured.emit(ref, text))
            self.fields[field.ref] = line
            if len(row.fields) > 1:
                column.addWidget(Label(field.label, "label"))
            column.addWidget(line)

    def show_row(self, row: QuestionRow) -> None:
        for field in row.fields:
            self.fields[field.ref].typing.show_stored(field.value)
            self.fields[field.ref].setReadOnly(row.readonly)

    def show_drafts(self, drafts: dict[str, str]) -> None:
        for ref, text in drafts.items():
            if ref in self.fields:
                self.fields[ref].typing.reset("", text)
                self.fields[ref].typing.unsent()

    def flush(self) -> None:
        for line in self.fields.values():
            line.typing.flush()

    def unsent(self) -> None:
        for line in self.fields.values():
            line.typing.unsent()

    def first_field(self) -> QWidget | None:
        return next(iter(self.fields.values()), None)


def _field(name: str, *, is_long: bool) -> KeptLine | KeptText:
    return KeptText(name, is_passing_enter=True) if is_long else KeptLine(name)


class _Day(QDateEdit):
    """Keys for the list pass through when they mean nothing in a date."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape}:
            event.ignore()
        else:
            super().keyPressEvent(event)


class MomentBody(Body):
    """A date, a time, or both; empty until it is set."""

    FORMATS = {"date": "yyyy-MM-dd", "time": "HH:mm", "datetime": "yyyy-MM-ddTHH:mm"}  # noqa: RUF012

    def __init__(self, look: Look, row: QuestionRow) -> None:
        super().__init__()
        self._ref = row.fields[0].ref
        self._kind = row.fields[0].kind
        self._stored = ""
        self.edit: QDateTimeEdit
        if self._kind == "date":
            self.edit = _Day()
            self.edit.setCalendarPopup(True)
        elif self._kind == "time":
            self.edit = QTimeEdit()
        else:
            self.edit = QDateTimeEdit()
            self.edit.setCalendarPopup(True)
        self.edit.setAccessibleName(row.fields[0].label or row.text)
        self.edit.setMinimumWidth(look.px(220))
        self._now = Button(look, self.tr("Now") if self._kind != "date" else self.tr("Today"))
        self._clear = Button(look, self.tr("Clear"), kind="ghost")
        self._empty = Label(self.tr("Not set"), "secondary")
        self._now.clicked.connect(self.take_now)
        self._clear.clicked.connect(lambda: self.measured.emit(self._ref, ""))
        self.edit.editingFinished.connect(self.flush)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(10)
        for part in (self.edit, self._now, self._clear, self._empty):
            across.addWidget(part)
        across.addStretch(1)

    def show_row(self, row: QuestionRow) -> None:
        value = row.fields[0].value
        is_same = value == self._stored
        self._stored = value
        self._clear.setVisible(bool(value))
        self._empty.setVisible(not value)
        self.setEnabled(not row.readonly)
        if is_same and value:
            return
        self.edit.blockSignals(True)
        self.edit.setDateTime(self._moment(value))
        self.edit.blockSignals(False)

    def flush(self) -> None:
        text = self._text()
        shown = self._moment(self._stored).toString(self.FORMATS[self._kind])
        if text != shown:
            self.measured.emit(self._ref, self._stored_text())

    def first_field(self) -> QWidget | None:
        return self.edit

    def _text(self) -> str:
        return self.edit.dateTime().toString(self.FORMATS[self._kind])

    def _stored_text(self) -> str:
        """As the form keeps it (ISO 8601); a time and a date-time carry their offset."""
        moment = self.edit.dateTime()
        if self._kind == "date":
            return moment.toString("yyyy-MM-dd")
        offset = moment.toOffsetFromUtc(moment.offsetFromUtc()).toString(Qt.DateFormat.ISODate)
        zone = offset[19:] or "Z"
        if self._kind == "time":
            return moment.toString("HH:mm:00.000") + zone
        return moment.toString("yyyy-MM-ddTHH:mm:00.000") + zone

    def _moment(self, value: str) -> QDateTime:
        now = QDateTime.currentDateTime()
        if not value:
            return QDateTime(now.date(), QTime(now.time().hour(), now.time().minute()))
        if self._kind == "date":
            return QDateTime(QDate.fromString(value[:10], "yyyy-MM-dd"), QTime(0, 0))
        if self._kind == "time":
            return QDateTime(now.date(), QTime.fromString(value[:5], "HH:mm"))
        return QDateTime.fromString(value[:16], "yyyy-MM-ddTHH:mm")

    def take_now(self) -> None:
        """Set it to this moment."""
        self.edit.setDateTime(QDateTime.currentDateTime())
        self.measured.emit(self._ref, self._stored_text())


class RangeBody(Body):
    """A place on a scale between two ends."""

    def __init__(self, look: Look, row: QuestionRow) -> None:
        super().__init__()
        field = row.fields[0]
        self._ref = field.ref
        self._low = field.minimum if field.minimum is not None else Decimal(0)
        self._high = field.maximum if field.maximum is not None else Decimal(10)
        whole = self._low == int(self._low) and self._high == int(self._high)
        self._step = Decimal(1) if whole else (self._high - self._low) / 20
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, max(1, int((self._high - self._low) / self._step)))
        self.slider.setMinimumHeight(look.px(44))
        self.slider.setAccessibleName(field.label or row.text)
        self._value = Label("", "question")
        self._value.setMinimumWidth(look.px(64))
        self.slider.valueChanged.connect(self._on_moved)
        self.slider.sliderReleased.connect(self.flush)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(12)
        across.addWidget(Label(f"{self._low:f}", "caption"))
        across.addWidget(self.slider, 1)
        across.addWidget(Label(f"{self._high:f} {field.unit}".strip(), "caption"))
        across.addWidget(self._value)
        self._stored = ""
        self._is_set = False

    def show_row(self, row: QuestionRow) -> None:
        value = row.fields[0].value
        self._stored = value
        self._is_set = bool(value)
        self.setEnabled(not row.readonly)
        if not self.slider.isSliderDown():
            self.slider.blockSignals(True)
            place = int((Decimal(value) - self._low) / self._step) if value else 0
            self.slider.setValue(place)
            self.slider.blockSignals(False)
        self._value.setText(value)

    def take_digit(self, digit: int) -> bool:
        value = Decimal(digit)
        if not self._low <= value <= self._high:
            return False
        self.measured.emit(self._ref, str(digit))
        return True

    def flush(self) -> None:
        text = self._text()
        if self._is_set and text != self._stored:
            self.measured.emit(self._ref, text)

    def _text(self) -> str:
        return f"{self._low + self._step * self.slider.value():f}"

    def _on_moved(self) -> None:
        self._is_set = True
        self._value.setText(self._text())
        if not self.slider.isSliderDown():
            self.flush()


class ConfirmBody(Body):
    """One button: the auditor confirms what the question says."""

    def __init__(self, look: Look, row: QuestionRow) -> None:
        super().__init__()
        self._ref = row.fields[0].ref if row.fields else row.ref
        self._is_on = False
        self.grid = AnswerGrid(look, (ChoiceRow(CONFIRMED, self.tr("Confirmed"), Tone.GOOD, "1"),))
        self.grid.pressed.connect(lambda _name: self._turn())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.grid)

    def show_row(self, row: QuestionRow) -> None:
        self._is_on = row.answered
        self.grid.select((CONFIRMED,) if row.answered else ())
        self.grid.setEnabled(not row.readonly)

    def arrange(self, width: int) -> None:
        self.grid.arrange(width)

    def take_digit(self, digit: int) -> bool:
        if digit == 1:
            self._turn()
        return digit == 1

    def _turn(self) -> None:
        self.measured.emit(self._ref, "" if self._is_on else CONFIRMED)


class FileBody(Body):
    """A file that is the answer."""

    def __init__(self, look: Look, row: QuestionRow) -> None:
        super().__init__()
        self._field: FieldRow = row.fields[0]
        self._name = Label("", "secondary")
        self.choose = Button(look, self.tr("Choose a file"), "file-up")
        self.choose.clicked.connect(lambda: self.file_asked.emit(self._field.ref))
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(12)
        across.addWidget(self.choose)
        across.addWidget(self._name, 1)

    def show_row(self, row: QuestionRow) -> None:
        self._field = row.fields[0]
        self._name.setText(self._field.value or self.tr("No file yet"))
        self.choose.setEnabled(not row.readonly)
