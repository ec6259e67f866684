"""Fields with a label above and the error below, and the search field."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from ui.theme.look import Look
from ui.widgets.painted import draw_icon, mirrored
from ui.widgets.text import Label

TYPING_PAUSE_MS = 400


class Field(QWidget):
    """A labelled control; what is wrong with it stands under it, in words."""

    def __init__(self, label: str, control: QWidget, hint: str = "") -> None:
        super().__init__()
        self.control = control
        self._name = label
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        self._label = Label(label, "label")
        self._label.setBuddy(control)
        self._hint = Label(hint, "caption", is_wrapped=True)
        self._hint.setVisible(bool(hint))
        self._error = Label("", "error", is_wrapped=True)
        self._error.hide()
        for part in (self._label, control, self._hint, self._error):
            column.addWidget(part)
        control.setAccessibleName(label)
        if hint:
            control.setAccessibleDescription(hint)

    @property
    def error(self) -> str:
        """What is wrong, empty when nothing is."""
        return "" if self._error.isHidden() else self._error.text()

    def show_error(self, words: str) -> None:
        """Say what is wrong, or clear it with the empty text."""
        self._error.setText(words)
        self._error.setVisible(bool(words))
        self.control.setAccessibleDescription(words or self._hint.text())
        self.control.setProperty("has_error", bool(words))
        style = self.control.style()
        style.unpolish(self.control)
        style.polish(self.control)


class DebouncedText(QObject):
    """Tells when typing in a line rests, and at once when the line is left.

    Signals:
        settled: the text to keep.
    """

    settled = Signal(str)

    def __init__(self, line: QLineEdit, pause_ms: int = TYPING_PAUSE_MS) -> None:
        super().__init__(line)
        self._line = line
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(pause_ms)
        self._timer.timeout.connect(self.flush)
        self._last = line.text()
        line.textEdited.connect(lambda _text: self._timer.start())
        line.editingFinished.connect(self.flush)

    def flush(self) -> None:
        """Send what is typed now, if it was not sent yet; as on blur, close or lock."""
        self._timer.stop()
        if self._line.text() != self._last:
            self._last = self._line.text()
            self.settled.emit(self._last)

    def forget(self, text: str) -> None:
        """This text is stored already: typing begins from it."""
        self._last = text


class SearchField(QLineEdit):
    """Finds as you type; Esc empties it.

    Signals:
        searched: what to look for, after a short pause.
        entered: Enter was pressed.
        arrowed: arrow up (-1) or down (+1), for the list below.
    """

    searched = Signal(str)
    entered = Signal()
    arrowed = Signal(int)

    def __init__(self, look: Look, placeholder: str) -> None:
        super().__init__()
        self._look = look
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(120)
        self._timer.timeout.connect(lambda: self.searched.emit(self.text().strip()))
        self.textChanged.connect(lambda _text: self._timer.start())
        look.changed.connect(self._make_room)
        self._make_room()

    def _make_room(self) -> None:
        room = self._look.px(18) + 8
        is_rtl = self.isRightToLeft()
        self.setTextMargins(0 if is_rtl else room, 0, room if is_rtl else 0, 0)
        self.update()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._make_room()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        side = self._look.px(18)
        box = QRectF(self.rect())
        place = QRectF(14, box.center().y() - side / 2, side, side)
        place = mirrored(place, box, self.layoutDirection())
        draw_icon(painter, self._look, "search", self._look.tokens.text3, place)
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.arrowed.emit(1 if key == Qt.Key.Key_Down else -1)
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.entered.emit()
        elif key == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        # Esc would close the layer above before this field could empty itself.
        is_escape = (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        )
        if is_escape and self.text():
            event.accept()
            return True
        return super().event(event)
