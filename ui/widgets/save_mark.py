"""Whether what was entered is on disk: always visible, never a box in the way (UI 5)."""

from enum import StrEnum

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from audit_app.errors import AuditError
from ui.theme.look import Look
from ui.widgets.button import Button
from ui.widgets.icon_label import IconLabel
from ui.widgets.text import Label, set_kind

SHOW_WRITING_AFTER_MS = 150
SHOW_AGE_FOR_S = 10


class SaveState(StrEnum):
    """What the mark tells."""

    IDLE = "idle"
    WRITING = "writing"
    FAILED = "failed"


class SaveMark(QWidget):
    """Call ``begin`` when a write starts, ``saved`` or ``failed`` when it ends.

    Writes may overlap: the mark is idle again when each begun write has ended. A failure stays
    until ``begin`` is called for the retry.

    Signals:
        retry_asked: the auditor pressed Retry.
    """

    retry_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._pending = 0
        self._age = SHOW_AGE_FOR_S + 1
        self.state = SaveState.IDLE
        self._icon = IconLabel(look, "circle-check", "good", 18)
        self._words = Label("", "caption")
        self._retry = Button(look, self.tr("Retry"), "refresh-cw", "danger")
        self._retry.clicked.connect(self.retry_asked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for part in (self._icon, self._words, self._retry):
            row.addWidget(part)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._slow = QTimer(self)
        self._slow.setSingleShot(True)
        self._slow.setInterval(SHOW_WRITING_AFTER_MS)
        self._slow.timeout.connect(self._on_slow)
        self._ageing = QTimer(self)
        self._ageing.setInterval(1000)
        self._ageing.timeout.connect(self._on_second)
        self._show_idle()

    @property
    def words(self) -> str:
        """What the mark says now."""
        return self._words.text()

    def begin(self) -> None:
        """A write started."""
        self._pending += 1
        if self.state is not SaveState.WRITING:
            self._slow.start()

    def saved(self) -> None:
        """A write is on disk."""
        self._pending = max(0, self._pending - 1)
        if self._pending == 0 and self.state is not SaveState.FAILED:
            self._age = 0
            self._show_idle()
            self._ageing.start()

    def failed(self, error: AuditError) -> None:
        """A write did not reach the disk; say why and offer Retry."""
        self._pending = max(0, self._pending - 1)
        self._slow.stop()
        self._ageing.stop()
        self.state = SaveState.FAILED
        self._icon.show_icon("circle-alert", "bad")
        set_kind(self._words, "bad")
        self._words.setText(self.tr("Not saved. {0}").format(str(error)))
        self._words.setToolTip(str(error))
        self._retry.show()
        self._announce()

    def retried(self) -> None:
        """The failed write is being tried again."""
        self.state = SaveState.IDLE
        self._show_idle()

    def remind(self) -> None:
        """Ctrl+S: say that everything is saved already."""
        if self.state is SaveState.IDLE and self._pending == 0:
            self._words.setText(self.tr("Already saved"))
            self._age = SHOW_AGE_FOR_S - 2
            self._ageing.start()
            self._announce()

    def _show_idle(self) -> None:
        self._slow.stop()
        self.state = SaveState.IDLE
        self._retry.hide()
        self._icon.show_icon("circle-check", "good")
        set_kind(self._words, "caption")
        saved = self.tr("Saved on this device")
        if 0 < self._age <= SHOW_AGE_FOR_S:
            saved = self.tr("Saved on this device {0} s ago").format(self._age)
        self._words.setText(saved)

    def _on_slow(self) -> None:
        if self._pending and self.state is SaveState.IDLE:
            self.state = SaveState.WRITING
            self._ageing.stop()
            self._icon.show_icon("circle", "text3")
            self._words.setText(self.tr("Saving"))

    def _on_second(self) -> None:
        self._age += 1
        if self._age > SHOW_AGE_FOR_S:
            self._ageing.stop()
        if self.state is SaveState.IDLE:
            self._show_idle()

    def _announce(self) -> None:
        QAccessible.updateAccessibility(QAccessibleEvent(self._words, QAccessible.Event.Alert))
