"""A layer over the runner: while it is open, single keys belong to it."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from ui.widgets.overlay import Overlay

COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


class Layer(Overlay):
    """Takes the keys of the page beneath, such as Enter and the digits; Ctrl and Alt pass."""

    def event(self, event: QEvent) -> bool:
        is_plain = (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and not event.modifiers() & COMMANDS
        )
        if is_plain:
            event.accept()
            return True
        return super().event(event)
