"""The one way back from a step to the screens."""

from PySide6.QtCore import QObject, Signal

from audit_app.changes import Changes


class Bus(QObject):
    """Tells every open screen what a step touched; each decides whether it cares.

    Signals:
        changed: a ``Changes``, always on the GUI thread.
    """

    changed = Signal(Changes)

    def tell(self, changes: Changes) -> None:
        """Pass these changes on, unless nothing was touched."""
        if changes:
            self.changed.emit(changes)
