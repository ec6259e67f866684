"""A job that takes a while: how far it is, and a way to stop it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QVBoxLayout

from ui.tasks import Progress, Step
from ui.theme.look import Look
from ui.widgets.button import Button
from ui.widgets.text import Label


class ProgressPanel(QFrame):
    """Shows one job of the work lane.

    Signals:
        stopped: the auditor pressed Cancel.
    """

    stopped = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._progress: Progress | None = None
        self._words = Label("", "h3", is_wrapped=True)
        self._count = Label("", "caption")
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._cancel = Button(look, self.tr("Cancel"))
        self._cancel.clicked.connect(self._on_cancel)
        column = QVBoxLayout()
        column.setSpacing(6)
        for part in (self._words, self._bar, self._count):
            column.addWidget(part)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 12, 12, 12)
        row.setSpacing(16)
        row.addLayout(column, 1)
        row.addWidget(self._cancel)
        self.hide()

    def begin(self, words: str, progress: Progress | None) -> None:
        """A job started; without a Progress it cannot be stopped."""
        self._progress = progress
        self._words.setText(words)
        self._count.setText("")
        self._bar.setRange(0, 0)
        self._bar.setAccessibleName(words)
        self._cancel.setEnabled(True)
        self._cancel.setVisible(progress is not None)
        self.show()

    def show_step(self, step: Step) -> None:
        """How far it is."""
        self._bar.setRange(0, step.total)
        self._bar.setValue(step.done)
        counted = self.tr("{0} of {1}").format(step.done, step.total) if step.total else ""
        self._count.setText(", ".join(part for part in (counted, step.words) if part))

    def end(self) -> None:
        """The job is over."""
        self._progress = None
        self.hide()

    def _on_cancel(self) -> None:
        if self._progress is not None:
            self._progress.stop()
            self._cancel.setEnabled(False)
            self._words.setText(self.tr("Stopping"))
            self.stopped.emit()
