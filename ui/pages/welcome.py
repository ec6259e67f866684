"""The first minute: one question, then two names."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from audit_app.errors import AuditError
from ui.pages.opening import centred
from ui.tasks import Progress
from ui.theme.look import Look
from ui.widgets.big_choice import BigChoice
from ui.widgets.button import Button
from ui.widgets.field import Field
from ui.widgets.progress_panel import ProgressPanel
from ui.widgets.strip import Banner
from ui.widgets.text import Label


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
        self.progress = ProgressPanel(look)
        working = QWidget()
        alone = QVBoxLayout(working)
        alone.setContentsMargins(0, 0, 0, 0)
        alone.addWidget(self.progress)
        alone.addStretch(1)
        self._steps.addWidget(working)
        self.banner = Banner(look)
        column = QVBoxLayout()
        column.addStretch(2)
        column.addWidget(self.banner)
        column.addWidget(self._steps)
        column.addStretch(3)
        centred(self, column, look)

    def begin(self) -> None:
        """Ask the question."""
        self.progress.end()
        self._steps.setCurrentIndex(0)

    def say_working(self, words: str, progress: Progress | None = None) -> None:
        """The workspace is being made; with a Progress it can be stopped."""
        self.banner.clear()
        self._steps.setCurrentIndex(2)
        self.progress.begin(words, progress)

    def refuse(self, error: AuditError) -> None:
        """It was not made; say why and go back to the question."""
        self.begin()
        self.banner.say(str(error))

    def _first(self, folder: str) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(Label(self.tr("Welcome to Onsite"), "count"))
        column.addWidget(
            Label(self.tr("Vendor audits on site, with or without a network."), "secondary")
        )
        column.addSpacing(12)
        self.demo = BigChoice(
            self._look,
            "compass",
            self.tr("Explore the demo programme"),
            self.tr("Four vendors and two years of audits, made up for trying things out."),
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
        column.addStretch(1)
        return page

    def _second(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
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
        column.addStretch(1)
        return page

    def _ask_names(self) -> None:
        self._steps.setCurrentIndex(1)
        self.name.setFocus()

    def _start(self) -> None:
        name = self.name.text().strip()
        self._name_field.show_error("" if name else self.tr("Enter your name."))
        if name:
            self.own_asked.emit(name, self.organisation.text().strip())
