"""Below the list: back, skip, and on to what is next."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from ui.theme.look import Look
from ui.widgets.button import Button
from ui.widgets.text import ElidedLabel

NEXT_HEIGHT = 52


class BottomBar(QFrame):
    """Steps through the checklist.

    Signals:
        back_asked, skip_asked, next_asked, add_asked, remove_asked: the button was pressed.
    """

    back_asked = Signal()
    skip_asked = Signal()
    next_asked = Signal()
    add_asked = Signal()
    remove_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("bottombar")
        self.setAccessibleName(self.tr("Steps"))
        back = Button(look, self.tr("Back"), "chevron-left", key="Shift+Enter")
        back.clicked.connect(self.back_asked)
        self.skip = Button(look, self.tr("Skip for now"), kind="ghost", key="S")
        self.skip.clicked.connect(self.skip_asked)
        self.add = Button(look, self.tr("Add another"), "plus", "ghost", key="Ctrl+D")
        self.add.clicked.connect(self.add_asked)
        self.remove = Button(look, self.tr("Remove this one"), "trash-2", "ghost")
        self.remove.clicked.connect(self.remove_asked)
        self._hint = ElidedLabel("", "caption")
        trailing = Qt.AlignmentFlag.AlignTrailing | Qt.AlignmentFlag.AlignVCenter
        self._hint.setAlignment(trailing)
        self.next = Button(
            look, self.tr("Next to do"), "chevron-right", "primary", is_trailing=True, key="Enter"
        )
        self._look = look
        look.changed.connect(self._size_next)
        self._size_next()
        self.next.clicked.connect(self.next_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 12, 20, 12)
        row.setSpacing(10)
        for part in (back, self.skip, self.add, self.remove):
            row.addWidget(part)
        row.addWidget(self._hint, 1)
        row.addSpacing(8)
        row.addWidget(self.next)
        self.show_repeats(is_repeat=False)

    def _size_next(self) -> None:
        self.next.setMinimumHeight(self._look.px(NEXT_HEIGHT))

    def show_hint(self, words: str) -> None:
        """Which keys answer the open question."""
        self._hint.show_text(words)

    def show_repeats(self, *, is_repeat: bool) -> None:
        """Whether the section can be repeated."""
        self.add.setVisible(is_repeat)
        self.remove.setVisible(is_repeat)

    def show_done(self, *, is_done: bool) -> None:
        """Whether nothing is left to do."""
        self.next.setText(self.tr("What is left") if is_done else self.tr("Next to do"))
