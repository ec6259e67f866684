"""The first minute: one question, then two names; later only the passphrase, if there is one."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from audit_app.errors import AuditError
from ui.theme.look import Look
from ui.widgets.big_choice import BigChoice
from ui.widgets.button import Button
from ui.widgets.field import Field
from ui.widgets.strip import Banner
from ui.widgets.text import Label

WIDE = 560


class Welcome(QWidget):
    """Shown when the workspace is new.

    Signals:
        demo_asked: explore the demo programme.
        own_asked: start an empty programme; the auditor's name, the organisation's name.
    """

    demo_asked = Signal()
    own_asked = Signal(str, str)

    def __init__(self, look: Look, folder: str) -> None:
        super().__init__()
        self.setProperty("kind", "canvas")
        self._look = look
        self._steps = QStackedWidget()
        self._steps.addWidget(self._first(folder))
        self._steps.addWidget(self._second())
        self._working = Label("", "h2", is_wrapped=True)
        self._working.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._steps.addWidget(self._working)
        self.banner = Banner(look)
        column = QVBoxLayout()
        column.addStretch(2)
        column.addWidget(self.banner)
        column.addWidget(self._steps)
        column.addStretch(3)
        _centred(self, column, look)

    def say_working(self, words: str) -> None:
        """The workspace is being made."""
        self.banner.clear()
        self._working.setText(words)
        self._steps.setCurrentIndex(2)

    def refuse(self, error: AuditError) -> None:
        """It was not made; say why and go back to the question."""
        self.banner.say(str(error))
        self._steps.setCurrentIndex(0)

    def _first(self, folder: str) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setSpacing(12)
        column.addWidget(Label(self.tr("Welcome to Onsite"), "count"))
        column.addWidget(
            Label(
                self.tr("Vendor audits on site, with or without a network."),
                "secondary",
                is_wrapped=True,
            )
        )
        column.addSpacing(12)
        self.demo = BigChoice(
            self._look,
            "compass",
            self.tr("Explore the demo programme"),
            self.tr("Vendors, visits and audits made up for trying things out."),
        )
        self.demo.clicked.connect(self.demo_asked)
        self.own = BigChoice(
            self._look,
            "clipboard-check",
            self.tr("Start my own programme"),
            self.tr("Empty, with six checklists ready to use."),
        )
        self.own.clicked.connect(self._ask_names)
        column.addWidget(self.demo)
        column.addWidget(self.own)
        column.addSpacing(8)
        where = self.tr("Everything is kept encrypted on this device, in {0}").format(folder)
        column.addWidget(Label(where, "caption", is_wrapped=True))
        return page

    def _second(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setSpacing(14)
        column.addWidget(Label(self.tr("Who audits?"), "h1"))
        self.name, self.organisation = QLineEdit(), QLineEdit()
        hint = self.tr("Stands on findings, reports and signatures.")
        self._name_field = Field(self.tr("Your name"), self.name, hint)
        column.addWidget(self._name_field)
        column.addWidget(Field(self.tr("Your organisation"), self.organisation))
        for line in (self.name, self.organisation):
            line.returnPressed.connect(self._start)
        row = QHBoxLayout()
        back = Button(self._look, self.tr("Back"), "chevron-left")
        back.clicked.connect(lambda: self._steps.setCurrentIndex(0))
        start = Button(self._look, self.tr("Start"), "chevron-right", "primary", is_trailing=True)
        start.clicked.connect(self._start)
        row.addWidget(back)
        row.addStretch(1)
        row.addWidget(start)
        column.addLayout(row)
        return page

    def _ask_names(self) -> None:
        self._steps.setCurrentIndex(1)
        self.name.setFocus()

    def _start(self) -> None:
        name = self.name.text().strip()
        self._name_field.show_error("" if name else self.tr("Enter your name."))
        if name:
            self.own_asked.emit(name, self.organisation.text().strip())


class Unlock(QWidget):
    """Asks for the passphrase or the recovery code.

    Signals:
        passphrase_given: what was typed.
    """

    passphrase_given = Signal(str)

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
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._open)
        column.addLayout(row)
        column.addStretch(3)
        _centred(self, column, look)

    def begin(self) -> None:
        """Put the focus into the field."""
        self._edit.setFocus()

    def refuse(self, error: AuditError) -> None:
        """It did not open; what was typed stays."""
        self._open.setEnabled(True)
        self._field.show_error(str(error))
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
    """

    retry_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setProperty("kind", "canvas")
        self._words = Label(self.tr("Opening"), "secondary")
        self._words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.banner = Banner(look)
        self._retry = Button(look, self.tr("Try again"), "refresh-cw")
        self._retry.clicked.connect(self._on_retry)
        self._retry.hide()
        column = QVBoxLayout()
        column.setSpacing(14)
        column.addStretch(2)
        column.addWidget(self._words)
        column.addWidget(self.banner)
        column.addWidget(self._retry, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)
        _centred(self, column, look)

    def refuse(self, error: AuditError) -> None:
        """It did not open; nothing was changed."""
        self._words.hide()
        self.banner.say(str(error))
        self._retry.show()

    def _on_retry(self) -> None:
        self.banner.clear()
        self._retry.hide()
        self._words.show()
        self.retry_asked.emit()


def _centred(widget: QWidget, column: QVBoxLayout, look: Look) -> None:
    inner = QWidget()
    inner.setMaximumWidth(look.px(WIDE))
    column.setContentsMargins(0, 0, 0, 0)
    inner.setLayout(column)
    row = QHBoxLayout(widget)
    row.setContentsMargins(24, 24, 24, 24)
    row.addStretch(1)
    row.addWidget(inner, 100)
    row.addStretch(1)
