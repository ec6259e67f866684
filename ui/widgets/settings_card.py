"""A card of choices that belong together."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui.theme.look import Look
from ui.widgets.icon_label import IconLabel
from ui.widgets.text import Label


class SettingsCard(QFrame):
    """A title and what is added below it."""

    def __init__(self, look: Look, icon: str, title: str) -> None:
        super().__init__()
        self.look = look
        self.setProperty("kind", "card")
        self.setAccessibleName(title)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(IconLabel(look, icon, "text2", 20))
        head.addWidget(Label(title, "h2"), 1)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(20, 16, 20, 18)
        self.column.setSpacing(12)
        self.column.addLayout(head)

    def add(self, widget: QWidget) -> None:
        """Put this below the rest."""
        self.column.addWidget(widget)

    def say(self, words: str, kind: str = "secondary") -> Label:
        """A sentence below the rest."""
        label = Label(words, kind, is_wrapped=True)
        self.column.addWidget(label)
        return label

    def row(self, *widgets: QWidget) -> None:
        """Put these side by side at the start of a line."""
        line = QHBoxLayout()
        line.setSpacing(8)
        for widget in widgets:
            line.addWidget(widget)
        line.addStretch(1)
        self.column.addLayout(line)

    def words(self) -> str:
        """All that is said on the card, to search in."""
        labels = [label.text() for label in self.findChildren(QLabel)]
        return " ".join([self.accessibleName(), *labels])
