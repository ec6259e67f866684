"""What a screen shows when it has nothing yet: finished, not broken, with one way on."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.theme.look import Look
from ui.widgets.button import Button
from ui.widgets.icon_label import IconLabel
from ui.widgets.text import Label


class EmptyState(QWidget):
    """An icon, a sentence, and at most one action.

    Signals:
        chosen: the action was pressed.
    """

    chosen = Signal()

    def __init__(
        self, look: Look, icon: str, title: str, words: str = "", action: str = ""
    ) -> None:
        super().__init__()
        self._look = look
        self._icon = IconLabel(look, icon, "text3", 36)
        self._title = Label(title, "h2", is_wrapped=True)
        self._words = Label(words, "secondary", is_wrapped=True)
        self._button = Button(look, action, kind="primary")
        self._button.clicked.connect(self.chosen)
        centre = Qt.AlignmentFlag.AlignHCenter
        inner = QWidget()
        inner.setMaximumWidth(440)
        inner.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._icon, 0, centre)
        for label in (self._title, self._words):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addSpacing(8)
        column.addWidget(self._button, 0, centre)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(inner, 100)
        across.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(24, 24, 24, 24)
        outer.addStretch(2)
        outer.addLayout(across)
        outer.addStretch(3)
        self._words.setVisible(bool(words))
        self._button.setVisible(bool(action))

    def show_words(self, title: str, words: str = "", action: str = "") -> None:
        """Another sentence and action."""
        self._title.setText(title)
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self._button.setText(action)
        self._button.setVisible(bool(action))
