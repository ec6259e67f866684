"""A panel over the window that Esc or a press beside it closes; not a modal box."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from ui.theme.look import Look


class Overlay(QWidget):
    """Dims its host and shows one panel near the top.

    Signals:
        closed: it went away.
    """

    closed = Signal()

    def __init__(self, look: Look, host: QWidget, width: int = 640, height: int = 560) -> None:
        super().__init__(host)
        self.look = look
        self._host = host
        self._wide, self._high = width, height
        self._focus_before: QWidget | None = None
        self.panel = QFrame(self)
        self.panel.setProperty("kind", "overlay")
        self.column = QVBoxLayout(self.panel)
        self.column.setContentsMargins(16, 16, 16, 16)
        self.column.setSpacing(8)
        host.installEventFilter(self)
        self.hide()

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return not self.isHidden()

    def open_over(self, focus: QWidget) -> None:
        """Show, with the focus here; it returns where it was on closing."""
        self._focus_before = self.window().focusWidget()
        self._place()
        self.show()
        self.raise_()
        focus.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_over(self) -> None:
        """Go away."""
        if not self.is_open:
            return
        self.hide()
        if self._focus_before is not None:
            self._focus_before.setFocus(Qt.FocusReason.OtherFocusReason)
            self._focus_before = None
        self.closed.emit()

    def _place(self) -> None:
        self.setGeometry(self._host.rect())
        width = min(self.look.px(self._wide), self.width() - 32)
        height = min(self.look.px(self._high), self.height() - 64)
        top = max(32, min(self.height() // 10, self.height() - height - 32))
        self.panel.setGeometry((self.width() - width) // 2, top, width, height)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize and self.is_open:
            self._place()
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        # Esc belongs to this layer before any shortcut of the window beneath.
        is_escape = (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        )
        if is_escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_over()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.panel.geometry().contains(event.position().toPoint()):
            self.close_over()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(0, 0, 0, 110))
        painter.end()
