"""Plain facts on cards, side by side."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme.look import Look
from ui.widgets.icon_label import IconLabel
from ui.widgets.text import Label, card


class Fact(QWidget):
    """One plain fact on a card."""

    def __init__(self, look: Look, icon: str, title: str) -> None:
        super().__init__()
        frame = card()
        inner = QHBoxLayout(frame)
        inner.setContentsMargins(14, 12, 14, 12)
        inner.setSpacing(12)
        inner.addWidget(IconLabel(look, icon, "text2", 22))
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(Label(title, "caption"))
        self._words = Label("", "h3", is_wrapped=True)
        self._line = Label("", "secondary", is_wrapped=True)
        words.addWidget(self._words)
        words.addWidget(self._line)
        inner.addLayout(words, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)

    def say(self, words: str, line: str = "") -> None:
        """The fact itself, and a line under it."""
        self._words.setText(words)
        self._line.setText(line)
        self._line.setVisible(bool(line))

    @property
    def words(self) -> str:
        """What it says."""
        return self._words.text()
