"""A panel of fields with one thing to do at its foot."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from audit_app.errors import AuditError
from ui.theme.look import Look
from ui.widgets.button import Button
from ui.widgets.field import Field
from ui.widgets.strip import Banner
from ui.widgets.text import Label


class Form(QWidget):
    """Scrolls when it is long; what was refused stands above the button, in words.

    Signals:
        submitted: the primary button, or Enter in a one-line field.
    """

    submitted = Signal()

    def __init__(self, look: Look, action: str = "", icon: str = "") -> None:
        super().__init__()
        self.look = look
        inner = QWidget()
        self.column = QVBoxLayout()
        self.column.setSpacing(14)
        # The stretch below lets wrapped labels have the height of their real width.
        padded = QVBoxLayout(inner)
        padded.setContentsMargins(18, 8, 18, 12)
        padded.addLayout(self.column)
        padded.addStretch(1)
        self._padded = padded
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        # The bar takes its room from the margin, so that fields and foot keep one edge.
        area.verticalScrollBar().rangeChanged.connect(self._make_room)
        self.banner = Banner(look)
        self.button = Button(look, action, icon, "primary")
        self.button.clicked.connect(self.submitted)
        self.button.setVisible(bool(action))
        self.foot = QHBoxLayout()
        self.foot.setContentsMargins(18, 8, 18, 14)
        self.foot.setSpacing(8)
        self.foot.addWidget(self.button, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(area, 1)
        above = QHBoxLayout()
        above.setContentsMargins(18, 0, 18, 0)
        above.addWidget(self.banner)
        outer.addLayout(above)
        outer.addLayout(self.foot)

    def add(self, widget: QWidget) -> None:
        """Put this below the rest."""
        self.column.addWidget(widget)

    def line(self, label: str, text: str = "", hint: str = "", *, example: str = "") -> QLineEdit:
        """A labelled one-line field."""
        edit = QLineEdit(text)
        edit.setPlaceholderText(example)
        edit.returnPressed.connect(self.submitted)
        self.add(Field(label, edit, hint))
        return edit

    def heading(self, words: str) -> None:
        """A heading above the next fields."""
        self.add(Label(words, "h3"))

    def text(self, words: str, kind: str = "secondary") -> Label:
        """A sentence between fields."""
        label = Label(words, kind, is_wrapped=True)
        self.add(label)
        return label

    def buttons(self, buttons: Sequence[QWidget]) -> None:
        """Put these side by side below the rest."""
        row = QHBoxLayout()
        row.setSpacing(8)
        for button in buttons:
            row.addWidget(button, 1)
        self.column.addLayout(row)

    def _make_room(self, _least: int, most: int) -> None:
        edge, bar = 18, 10
        trailing = edge - bar if most else edge
        is_rtl = self.isRightToLeft()
        self._padded.setContentsMargins(
            trailing if is_rtl else edge, 8, edge if is_rtl else trailing, 12
        )

    def begin(self) -> None:
        """The step is being done: it cannot be asked for twice."""
        self.banner.clear()
        self.button.setEnabled(False)

    def refuse(self, error: AuditError) -> None:
        """Say why it was not done; everything typed stays."""
        self.button.setEnabled(True)
        self.banner.say(str(error))

    def end(self) -> None:
        """It is done."""
        self.button.setEnabled(True)
        self.banner.clear()
