"""A list with what was chosen beside it; in a narrow window that part becomes a drawer."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui.breadth import Breadth
from ui.theme.look import Look
from ui.theme.tokens import SIDE_WIDTH
from ui.widgets.button import IconButton
from ui.widgets.drawer import Drawer
from ui.widgets.hand import lay_out_for_hand
from ui.widgets.text import ElidedLabel


class SideBySide(QWidget):
    """Main part and, when something is chosen, a panel for it.

    Signals:
        closed: the panel was closed by the auditor.
    """

    closed = Signal()

    def __init__(self, look: Look, main: QWidget, width: int = SIDE_WIDTH + 42) -> None:
        super().__init__()
        self._look, self._wide = look, width
        self._content: QWidget | None = None
        self._is_beside = True
        self._title = ElidedLabel("", "h2")
        close = IconButton(look, "x", self.tr("Close"), "ghost-icon")
        close.clicked.connect(self._on_closed)
        top = QHBoxLayout()
        top.setContentsMargins(18, 12, 10, 4)
        top.addWidget(self._title, 1)
        top.addWidget(close)
        self.panel = QFrame()
        self.panel.setObjectName("side")
        self._column = QVBoxLayout(self.panel)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addLayout(top)
        self._across = QHBoxLayout(self)
        self._across.setContentsMargins(0, 0, 0, 0)
        self._across.setSpacing(0)
        self._across.addWidget(main, 1)
        self._across.addWidget(self.panel)
        self._drawer = Drawer(look, self, "", width=width)
        self._drawer.closed.connect(self._on_closed)
        look.changed.connect(self._arrange)
        self._arrange()
        self.panel.hide()

    @property
    def content(self) -> QWidget | None:
        """What is shown beside the main part; None when closed."""
        return self._content

    def fit(self, breadth: Breadth) -> None:
        """Stand beside the main part from 1024 px on, lie over it below."""
        is_beside = breadth >= Breadth.MIDDLE
        if is_beside != self._is_beside:
            self._is_beside = is_beside
            if self._content is not None:
                self._place(self._content)

    def open_side(self, content: QWidget, title: str) -> None:
        """Show this under this title, in place of what was there."""
        if self._content is not None and self._content is not content:
            self._take_away(self._content)
        self._content = content
        self._title.show_text(title)
        self._drawer.show_title(title)
        self.panel.setAccessibleName(title)
        self._place(content)

    def close_side(self) -> None:
        """Show the main part alone."""
        content, self._content = self._content, None
        self.panel.hide()
        self._drawer.close_drawer()
        if content is not None:
            self._take_away(content)

    def _take_away(self, content: QWidget) -> None:
        self._drawer.let_go(content)
        content.hide()
        content.setParent(None)
        content.deleteLater()

    def _place(self, content: QWidget) -> None:
        if self._is_beside:
            self._drawer.blockSignals(True)
            self._drawer.close_drawer()
            self._drawer.blockSignals(False)
            self._drawer.let_go(content)
            self._column.addWidget(content, 1)
            content.show()
            self.panel.show()
        else:
            self.panel.hide()
            self._drawer.hold(content)
            if not self._drawer.is_open:
                self._drawer.open_drawer()

    def _on_closed(self) -> None:
        if self._content is not None:
            self.close_side()
            self.closed.emit()

    def _arrange(self) -> None:
        self.panel.setFixedWidth(self._look.px(self._wide))
        lay_out_for_hand(self._look, self._across, self.panel)
