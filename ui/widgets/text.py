"""Words on the screen: labels by kind, and setting a kind."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget


def set_kind(widget: QWidget, kind: str) -> None:
    """Give the widget a look of the style sheet, at once even when it is already shown."""
    if widget.property("kind") == kind:
        return
    widget.setProperty("kind", kind)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)


class Label(QLabel):
    """A text of one kind.

    Kinds: h1, h2, h3, question, count, secondary, caption, label, good, bad, watch, error, code,
    keycap, or empty for body text. Its height follows its words, so cards do not stretch it.
    """

    def __init__(self, text: str = "", kind: str = "", *, is_wrapped: bool = False) -> None:
        super().__init__(text)
        if kind:
            self.setProperty("kind", kind)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(is_wrapped)
        vertical = QSizePolicy.Policy.Minimum if is_wrapped else QSizePolicy.Policy.Fixed
        policy = QSizePolicy(self.sizePolicy().horizontalPolicy(), vertical)
        # A new policy forgets that wrapped words need more height where they have less width.
        policy.setHeightForWidth(is_wrapped)
        self.setSizePolicy(policy)


class ElidedLabel(Label):
    """One line that ends in an ellipsis instead of widening its panel."""

    def __init__(self, text: str = "", kind: str = "") -> None:
        super().__init__("", kind)
        self._full = text
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(24)
        self.show_text(text)

    def show_text(self, text: str) -> None:
        """Show this text, shortened to the width there is."""
        self._full = text
        self.setAccessibleName(text)
        self._fit()

    def _fit(self) -> None:
        metrics = self.fontMetrics()
        shown = metrics.elidedText(self._full, Qt.TextElideMode.ElideRight, max(self.width(), 24))
        super().setText(shown)
        self.setToolTip(self._full if shown != self._full else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


def hairline() -> QFrame:
    """A line between two things."""
    line = QFrame()
    line.setProperty("kind", "hairline")
    return line


def card() -> QFrame:
    """A bordered surface to put a layout in."""
    frame = QFrame()
    frame.setProperty("kind", "card")
    return frame
