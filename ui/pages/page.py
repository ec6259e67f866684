"""What every page of the window starts from."""

from typing import ClassVar

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from audit_app.changes import Changes, Kind
from ui.breadth import Breadth
from ui.routes import Route
from ui.shell import Shell
from ui.widgets.text import Label

HEAD_EDGE = 26
"""Where a page begins at its sides, in pixels."""


class Page(QWidget):
    """A place in the window.

    ``cares_for`` names the kinds of things it shows: when a step touches one, ``reload`` runs
    soon (once for many changes), or when the page is next shown.
    """

    cares_for: ClassVar[frozenset[Kind]] = frozenset()

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self.setProperty("kind", "canvas")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.shell = shell
        self.look = shell.look
        self.breadth = Breadth.WIDE
        self._is_stale = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._on_soon)
        shell.bus.changed.connect(self._on_changes)

    def open_route(self, route: Route) -> None:
        """Show this place; called each time the auditor comes here."""
        self.reload()

    def reload(self) -> None:
        """Fetch anew what is shown."""

    def flush(self) -> None:
        """Save what is being typed; called when the page is left and when the window closes."""

    def fit(self, breadth: Breadth) -> None:
        """The window's width step changed, or the page is shown for the first time."""
        self.breadth = breadth

    def panes(self) -> list[QWidget]:
        """The parts F6 walks through, in reading order; the first has the focus on coming here."""
        return [self]

    def remind_saved(self) -> None:
        """Ctrl+S: there is nothing to do, and the auditor should see that."""
        self.flush()
        self.shell.messages.say(self.tr("Already saved on this device"))

    def reload_soon(self) -> None:
        """Reload once, after what is going on now."""
        self._soon.start()

    def _on_changes(self, changes: Changes) -> None:
        if not changes.has(*self.cares_for):
            return
        if self.isVisible():
            self.reload_soon()
        else:
            self._is_stale = True

    def _on_soon(self) -> None:
        self._is_stale = False
        self.reload()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self.reload_soon()


class PageHead(QWidget):
    """Title and one line under it, with the page's buttons at the end."""

    def __init__(self, title: str, line: str = "") -> None:
        super().__init__()
        self._title = Label(title, "h1")
        self._line = Label(line, "secondary")
        self._line.setVisible(bool(line))
        column = QVBoxLayout()
        column.setSpacing(2)
        column.addWidget(self._title)
        column.addWidget(self._line)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(HEAD_EDGE, 18, HEAD_EDGE, 10)
        self._row.setSpacing(8)
        self._row.addLayout(column)
        self._row.addStretch(1)

    @property
    def title(self) -> str:
        """What stands as title."""
        return self._title.text()

    def show_words(self, title: str, line: str = "") -> None:
        """Another title and line."""
        self._title.setText(title)
        self._line.setText(line)
        self._line.setVisible(bool(line))

    def add(self, widget: QWidget) -> None:
        """Put this at the end of the row."""
        self._row.addWidget(widget)
