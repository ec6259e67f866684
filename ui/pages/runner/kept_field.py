"""Text fields that save themselves while typing goes on, and never lose what is in them."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from ui.widgets.field import TYPING_PAUSE_MS

MINUS = "\N{MINUS SIGN}"
NUMBER_KEYS = frozenset("0123456789.,-+" + MINUS)


class Typing(QObject):
    """Keeps apart what is stored, what was sent and what is typed in one field.

    Signals:
        settled: a text to save; while typing goes on, on blur, and on ``flush``.
    """

    settled = Signal(str)

    def __init__(
        self,
        field: QWidget,
        read: Callable[[], str],
        write: Callable[[str], object],
        *,
        is_waiting_for_rest: bool = False,
    ) -> None:
        """Without ``is_waiting_for_rest`` no text waits longer than the pause to be saved.

        With it the pause begins anew at each key: for values that mean something else, or nothing,
        before they are whole.
        """
        super().__init__(field)
        self._is_waiting_for_rest = is_waiting_for_rest
        self._read, self._write = read, write
        self._stored = ""
        self._sent = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(TYPING_PAUSE_MS)
        self._timer.timeout.connect(self.flush)

    def note(self) -> None:
        """A key was typed."""
        if self._is_waiting_for_rest or not self._timer.isActive():
            self._timer.start()

    def reset(self, value: str, typed: str | None = None) -> None:
        """Another question: show what it holds, or what was typed there and could not be saved."""
        self._timer.stop()
        self._stored = self._sent = value
        self._write(value if typed is None else typed)

    def show_stored(self, value: str) -> None:
        """The stored text changed; what is being typed now is left alone."""
        if value == self._stored:
            return
        self._stored = value
        if value == self._read():
            self._sent = value
        elif not self._timer.isActive():
            self._sent = value
            self._write(value)

    def unsent(self) -> None:
        """Saving failed: the text stays, and goes out again with the next flush."""
        self._sent = self._stored

    def flush(self) -> None:
        """Send what is typed, if it was not sent yet."""
        self._timer.stop()
        text = self._read()
        if text != self._sent:
            self._sent = text
            self.settled.emit(text)


class KeptLine(QLineEdit):
    """One line of text. ``typing.settled`` tells what to save; Esc leaves the field.

    Signals:
        left: Esc was pressed; the keys belong to the list again.
    """

    left = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.typing = Typing(self, self.text, self._write)
        self.textEdited.connect(lambda _text: self.typing.note())

    def _write(self, text: str) -> None:
        """Show a text from its beginning; a long one is read from there."""
        self.setText(text)
        self.setCursorPosition(0 if not self.hasFocus() else len(text))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.typing.flush()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class NumberLine(KeptLine):
    """A number; letters are not taken, so the single-letter keys still work while it has focus.

    A field that is come to holds its number selected: what is typed replaces it.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.setProperty("kind", "measure")
        self.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)
        self.typing = Typing(self, self._plain, self._show, is_waiting_for_rest=True)

    def _plain(self) -> str:
        """As it is stored: a full stop, an ASCII minus, no spaces."""
        text = self.text().strip().replace(MINUS, "-").replace("\N{NO-BREAK SPACE}", "")
        if text.count(",") == 1 and "." not in text:
            text = text.replace(",", ".")
        return text

    def _show(self, value: str) -> None:
        self.setText(value.replace("-", MINUS))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        # Coming back from another window goes on where typing was left; a press places the cursor.
        kept = {
            Qt.FocusReason.ActiveWindowFocusReason,
            Qt.FocusReason.PopupFocusReason,
            Qt.FocusReason.MouseFocusReason,
        }
        if event.reason() not in kept:
            self.selectAll()

    def event(self, event: QEvent) -> bool:
        is_letter = (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.text().isprintable()
            and bool(event.text().strip())
            and event.text() not in NUMBER_KEYS
        )
        if is_letter:
            event.ignore()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        is_word = bool(text.strip()) and text.isprintable() and text not in NUMBER_KEYS
        plain = Qt.KeyboardModifier.NoModifier | Qt.KeyboardModifier.ShiftModifier
        if is_word and not event.modifiers() & ~plain:
            event.ignore()
        else:
            super().keyPressEvent(event)


class KeptText(QPlainTextEdit):
    """Several lines of text.

    With ``is_passing_enter`` Enter belongs to the page, and Shift+Enter begins a new line.

    Signals:
        left: Esc was pressed.
    """

    left = Signal()

    def __init__(self, name: str, lines: int = 3, *, is_passing_enter: bool = False) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self._lines = lines
        self._is_passing_enter = is_passing_enter
        self.typing = Typing(self, self.toPlainText, self._show)
        self._is_showing = False
        self.textChanged.connect(self._on_changed)
        self._fit()

    def _show(self, text: str) -> None:
        self._is_showing = True
        self.setPlainText(text)
        self._is_showing = False

    def _on_changed(self) -> None:
        if not self._is_showing:
            self.typing.note()

    def _fit(self) -> None:
        self.setFixedHeight(self.fontMetrics().lineSpacing() * self._lines + 24)

    def event(self, event: QEvent) -> bool:
        is_enter = (
            self._is_passing_enter
            and event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        )
        if is_enter and isinstance(event, QKeyEvent):
            is_new_line = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            event.setAccepted(is_new_line)
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in {QEvent.Type.FontChange, QEvent.Type.StyleChange}:
            self._fit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.typing.flush()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif is_enter and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            # Qt would insert a line separator, which is no line break outside this field.
            self.insertPlainText("\n")
        elif is_enter and self._is_passing_enter:
            event.ignore()
        else:
            super().keyPressEvent(event)
