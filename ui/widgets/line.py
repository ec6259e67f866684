"""A one-line field whose text can also come from the store."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit


class Line(QLineEdit):
    """Tells what the store put in apart from what was typed.

    Signals:
        shown: the text that came from the store.
    """

    shown = Signal(str)

    def show_text(self, text: str) -> None:
        """Show what is stored."""
        if text != self.text():
            self.setText(text)
        self.shown.emit(text)
