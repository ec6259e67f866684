"""A panel that slides over the edge of a narrow window and stands beside the page in a wide one."""

from enum import StrEnum

from PySide6.QtCore import QEasingCurve, QEvent, QObject, QPropertyAnimation, QRect, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.theme.look import Look
from ui.widgets.button import IconButton
from ui.widgets.text import Label


class Edge(StrEnum):
    """Which side of its host a drawer belongs to, in reading direction."""

    START = "start"
    END = "end"


class Drawer(QFrame):
    """Lies over ``host`` at one edge, with a title and a way to close it.

    Put the content in with ``hold``. Esc closes it when the focus is inside.

    Signals:
        closed: it was closed.
    """

    closed = Signal()

    def __init__(
        self, look: Look, host: QWidget, title: str, edge: Edge = Edge.END, width: int = 360
    ) -> None:
        super().__init__(host)
        self.setProperty("kind", "drawer")
        self._look, self._host, self._edge, self._wide = look, host, edge, width
        self._title = Label(title, "h2")
        close = IconButton(look, "x", self.tr("Close"), "ghost-icon", key=self.tr("Esc"))
        close.clicked.connect(self.close_drawer)
        top = QHBoxLayout()
        top.setContentsMargins(18, 12, 10, 4)
        top.addWidget(self._title, 1)
        top.addWidget(close)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addLayout(top)
        self._content: QWidget | None = None
        self._motion = QPropertyAnimation(self, b"geometry", self)
        self._motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        self.setAccessibleName(title)
        host.installEventFilter(self)
        self.hide()

    def hold(self, content: QWidget) -> None:
        """Put this inside, in place of what was there."""
        if self._content is not None:
            self._column.removeWidget(self._content)
            self._content.hide()
        self._content = content
        self._column.addWidget(content, 1)
        content.show()

    def let_go(self, content: QWidget) -> None:
        """Hold this no longer; whoever owns it is about to take it away."""
        if self._content is content:
            self._column.removeWidget(content)
            self._content = None

    def show_title(self, title: str) -> None:
        """Another title."""
        self._title.setText(title)
        self.setAccessibleName(title)

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return not self.isHidden()

    def open_drawer(self) -> None:
        """Slide in."""
        end = self._place()
        self.setProperty("edge", "right" if self._is_right() else "left")
        style = self.style()
        style.unpolish(self)
        style.polish(self)
        self.show()
        self.raise_()
        duration = self._look.duration()
        if duration:
            away = end.width() if self._is_right() else -end.width()
            self._motion.setDuration(duration)
            self._motion.setStartValue(end.translated(away, 0))
            self._motion.setEndValue(end)
            self._motion.start()
        else:
            self.setGeometry(end)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.focusNextChild()

    def close_drawer(self) -> None:
        """Go away."""
        if self.is_open:
            self._motion.stop()
            self.hide()
            self.closed.emit()

    def _is_right(self) -> bool:
        is_rtl = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        return ((self._edge is Edge.END) != is_rtl) != self._look.is_left_handed

    def _place(self) -> QRect:
        width = min(self._look.px(self._wide), self._host.width())
        left = self._host.width() - width if self._is_right() else 0
        return QRect(left, 0, width, self._host.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize and self.is_open:
            self._motion.stop()
            self.setGeometry(self._place())
        return super().eventFilter(watched, event)
