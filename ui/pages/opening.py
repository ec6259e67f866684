"""What stands alone in the window before a workspace is open: the lock, and why it did not open."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from audit_app.errors import AuditError, StoreError, WorkspaceBusy, WrongKey
from ui.theme.look import Look
from ui.widgets.button import Button
from ui.widgets.field import Field
from ui.widgets.strip import Banner
from ui.widgets.text import Label

WIDE = 560


class Unlock(QWidget):
    """Asks for the passphrase or the recovery code.

    Signals:
        passphrase_given: what was typed.
        backups_asked: the key may be right and the workspace damaged; show its backups.
    """

    passphrase_given = Signal(str)
    backups_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setProperty("kind", "canvas")
        self._edit = QLineEdit()
        self._edit.setEchoMode(QLineEdit.EchoMode.Password)
        self._edit.returnPressed.connect(self._give)
        hint = self.tr("The recovery code opens it as well.")
        self._field = Field(self.tr("Passphrase"), self._edit, hint)
        self._open = Button(look, self.tr("Open"), "lock", "primary")
        self._open.clicked.connect(self._give)
        column = QVBoxLayout()
        column.setSpacing(14)
        column.addStretch(2)
        column.addWidget(Label(self.tr("This workspace is locked"), "h1"))
        column.addWidget(self._field)
        self._backups = Button(look, self.tr("Put a backup back"), "rotate-ccw")
        self._backups.clicked.connect(self.backups_asked)
        self._backups.hide()
        row = QHBoxLayout()
        row.addWidget(self._backups)
        row.addStretch(1)
        row.addWidget(self._open)
        column.addLayout(row)
        column.addStretch(3)
        centred(self, column, look)

    @property
    def typed(self) -> str:
        """What stands in the field."""
        return self._edit.text()

    def begin(self) -> None:
        """Put the focus into the field."""
        self._open.setEnabled(True)
        self._edit.setFocus()

    def refuse(self, error: AuditError) -> None:
        """It did not open; what was typed stays."""
        self._open.setEnabled(True)
        self._field.show_error(str(error))
        self._backups.setVisible(may_restore(error))
        self._edit.selectAll()
        self._edit.setFocus()

    def _give(self) -> None:
        if self._edit.text():
            self._open.setEnabled(False)
            self._field.show_error("")
            self.passphrase_given.emit(self._edit.text())


class Opening(QWidget):
    """What stands in the window for the moment it takes to open, and why it did not open.

    Signals:
        retry_asked: try to open again.
        backups_asked: show the backups, because the workspace is damaged.
    """

    retry_asked = Signal()
    backups_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setProperty("kind", "canvas")
        self._words = Label(self.tr("Opening"), "secondary")
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.banner = Banner(look)
        self._retry = Button(look, self.tr("Try again"), "refresh-cw")
        self._retry.clicked.connect(self._on_retry)
        self._backups = Button(look, self.tr("Put a backup back"), "rotate-ccw")
        self._backups.clicked.connect(self.backups_asked)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        for button in (self._retry, self._backups):
            button.hide()
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(16)
        column.addStretch(2)
        column.addWidget(self._words)
        column.addWidget(self.banner)
        column.addLayout(buttons)
        column.addStretch(3)
        centred(self, column, look)

    def say(self, words: str) -> None:
        """What is being done now."""
        self.banner.clear()
        self._retry.hide()
        self._backups.hide()
        self._words.setText(words)
        self._words.show()

    def refuse(self, error: AuditError) -> None:
        """It did not open; nothing was changed."""
        self._words.hide()
        self.banner.say(str(error))
        self._retry.show()
        self._backups.setVisible(may_restore(error))

    def _on_retry(self) -> None:
        self.say(self.tr("Opening"))
        self.retry_asked.emit()


def may_restore(error: AuditError) -> bool:
    """Whether a backup could help: not when only the key is wrong, or another window has it."""
    return isinstance(error, StoreError) and not isinstance(error, WrongKey | WorkspaceBusy)


def centred(widget: QWidget, column: QVBoxLayout, look: Look) -> None:
    """Lay the column out in the middle of the widget, not wider than is good to read."""
    inner = QWidget()
    inner.setMaximumWidth(look.px(WIDE))
    column.setContentsMargins(0, 0, 0, 0)
    inner.setLayout(column)
    row = QHBoxLayout(widget)
    row.setContentsMargins(24, 24, 24, 24)
    row.addStretch(1)
    row.addWidget(inner, 100)
    row.addStretch(1)
