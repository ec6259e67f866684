"""Unreachable objects are cleared away on the GUI thread only.

Python clears cycles on whichever thread happens to make the next object. A widget or a timer that
goes away on another thread than its own takes the whole program with it.
"""

import gc

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1000
"""As often the program asks itself whether there is something to clear."""


class Tidying(QObject):
    """Takes clearing over from Python while it lives."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.tidy)
        self._timer.start()

    def tidy(self) -> None:
        """Clear the youngest generations that are due, by Python's own thresholds."""
        due = [count > most for count, most in zip(gc.get_count(), gc.get_threshold(), strict=True)]
        for generation in (2, 1, 0):
            if due[generation]:
                gc.collect(generation)
                return

    def end(self) -> None:
        """Give it back to Python."""
        self._timer.stop()
        gc.enable()
