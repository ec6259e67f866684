"""The window: rail, the page of the present route, what is said, and the layers above."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QEvent, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QBoxLayout,
    QMainWindow,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from audit_app.changes import Changes
from audit_app.clock import Clock
from audit_app.domain.visits import IN_PROGRESS
from audit_app.domain.words import Tone
from audit_app.settings import TEXT_SIZE, THEME
from ui.breadth import Breadth, breadth
from ui.bus import Bus
from ui.commands import Commands
from ui.key_sheet import KeySheet
from ui.messages import Messages
from ui.pages.page import Page
from ui.palette import Entry, Palette
from ui.places import FIRST_ROUTE, PLACE_OF, PageMaker, page_makers, places
from ui.routes import Checklist, Route, Router, Sync, Today
from ui.shell import Shell
from ui.tasks import Tasks
from ui.theme.look import Look
from ui.theme.tokens import Theme
from ui.widgets.rail import Rail
from ui.widgets.strip import Banner, Strip
from ui.window_commands import window_commands

if TYPE_CHECKING:
    from collections.abc import Callable

    from audit_app.services import Services

SMALLEST = (720, 600)
FIRST_SIZE = (1368, 912)


class MainWindow(QMainWindow):
    """Rail and pages.

    Before a workspace is open, ``show_alone`` shows one widget without the rail: the welcome or
    the question for the passphrase. ``show_services`` then makes the pages.

    Signals:
        closing: the window is about to close; typed text has been flushed to the lane.
        restore_asked: put the backup of this name back.
    """

    closing = Signal()
    restore_asked = Signal(str)

    def __init__(
        self, look: Look, tasks: Tasks, bus: Bus, clock: Clock, remembered: QSettings
    ) -> None:
        super().__init__()
        self.look, self.tasks, self.bus = look, tasks, bus
        self._clock = clock
        self.messages = Messages()
        self.router = Router()
        self.commands = Commands(self)
        self._remembered = remembered
        self._shell: Shell | None = None
        self._pages: dict[PageMaker, Page] = {}
        self._fitted: dict[Page, Breadth] = {}
        self._is_under_way = False
        self._makers = page_makers()
        self.setWindowTitle("Onsite")
        self.setMinimumSize(*SMALLEST)

        self.rail = Rail(look, places())
        self.rail.chosen.connect(lambda name: self.router.go(FIRST_ROUTE[name]))
        self._banner = Banner(look, Tone.WATCH)
        self._stack = QStackedWidget()
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._banner)
        column.addWidget(self._stack, 1)
        self._body = QWidget()
        self._body.setProperty("kind", "canvas")
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._body)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(self.rail)
        self._layout.addWidget(right, 1)
        self.setCentralWidget(self._body)
        self.strip = Strip(look, self._body)
        self.palette_over = Palette(look, self._body, self.commands, self._find_places)
        self.key_sheet = KeySheet(look, self._body, self.commands)

        self.messages.said.connect(self.strip.show_message)
        self.messages.warned.connect(self._banner.show_message)
        tasks.refused.connect(self.messages.refuse)
        self.router.moved.connect(self._on_moved)
        self._count_soon = QTimer(self)
        self._count_soon.setSingleShot(True)
        self._count_soon.setInterval(500)
        self._count_soon.timeout.connect(self._count)
        bus.changed.connect(self._on_changed)
        look.changed.connect(self._on_look_changed)
        self.commands.declare(window_commands(self))
        self.rail.hide()
        self._restore_geometry()

    @property
    def page(self) -> Page | None:
        """The page shown now."""
        shown = self._stack.currentWidget()
        return shown if isinstance(shown, Page) else None

    def show_alone(self, widget: QWidget) -> None:
        """Show this and no rail, while no workspace is open."""
        self.rail.hide()
        self._shell = None
        self._forget_pages()
        if self._stack.indexOf(widget) < 0:
            self._stack.addWidget(widget)
        self._stack.setCurrentWidget(widget)

    def show_services(self, services: "Services", first: Route | None = None) -> Shell:
        """A workspace is open: show its pages."""
        self._forget_pages()
        self.router.forget()
        self._shell = Shell(
            look=self.look,
            clock=self._clock,
            tasks=self.tasks,
            bus=self.bus,
            commands=self.commands,
            messages=self.messages,
            router=self.router,
            services=services,
            restore=self.restore_asked.emit,
        )
        self.rail.show()
        self.router.go(first or Today())
        self._count()
        return self._shell

    def flush(self) -> None:
        """Save what is being typed on any page."""
        for page in self._pages.values():
            page.flush()

    def to_front(self) -> None:
        """Raise the window, as when the program is started a second time."""
        if self.isMinimized():
            self.showNormal()
        else:
            self.show()
        self.raise_()
        self.activateWindow()

    def choose_look(self, theme: Theme | None = None, text_percent: int | None = None) -> None:
        """Change the look at once, and remember it in the workspace when one is open."""
        self.look.choose(theme, text_percent)
        if self._shell is not None:
            settings = self._shell.services.settings
            values = {
                THEME.key: self.look.theme.value,
                TEXT_SIZE.key: str(self.look.text_percent),
            }
            self.tasks.in_db(lambda: settings.put(values))

    def turn_panes(self, by: int) -> None:
        """Move the focus to the next or previous pane: rail, then the page's own."""
        panes: list[QWidget] = [self.rail, *(self.page.panes() if self.page else [])]
        panes = [pane for pane in panes if pane.isVisible()]
        if not panes:
            return
        focus = QApplication.focusWidget()
        start = -1 if by > 0 else 0
        holding = (i for i, pane in enumerate(panes) if focus and pane.isAncestorOf(focus))
        here = next(holding, start)
        panes[(here + by) % len(panes)].setFocus()
        self.focusNextChild()

    def _on_moved(self, route: Route) -> None:
        if self._shell is None:
            return
        before = self.page
        maker = self._makers[type(route)]
        page = self._pages.get(maker)
        if page is None:
            page = maker(self._shell)
            self._pages[maker] = page
            self._stack.addWidget(page)
        if before is not None and before is not page:
            before.flush()
        self._stack.setCurrentWidget(page)
        self._fit(page)
        if before is not page:
            page.panes()[0].setFocus(Qt.FocusReason.OtherFocusReason)
        page.open_route(route)
        self._show_checklist_place()
        self.rail.mark(PLACE_OF[type(route)])

    def _breadth(self) -> Breadth:
        # Larger text needs more room, so the steps come earlier with it.
        return breadth(round(self.width() * 100 / self.look.text_percent))

    def _fit(self, page: Page) -> None:
        step = self._breadth()
        if self._fitted.get(page) is not step:
            self._fitted[page] = step
            page.fit(step)

    def _forget_pages(self) -> None:
        for page in self._pages.values():
            self.commands.withdraw(page)
            self._stack.removeWidget(page)
            page.deleteLater()
        self._pages.clear()
        self._fitted.clear()

    def _find_places(self, take: "Callable[[Sequence[Entry]], None]") -> None:
        if self._shell is None:
            take(())
            return
        from ui.place_finder import find_places

        find_places(self._shell, take)

    def _on_changed(self, _changes: Changes) -> None:
        self._count_soon.start()

    def _count(self) -> None:
        """What waits to be sent, and whether there is a visit to go on with."""
        if self._shell is None:
            return
        services = self._shell.services

        def work() -> tuple[int, bool]:
            states = {visit.state for visit in services.visits.listed()}
            return services.workspace.waiting(), bool(states & IN_PROGRESS)

        self.tasks.in_db(work, self._show_counts, owner=self)

    def _show_counts(self, found: tuple[int, bool]) -> None:
        waiting, self._is_under_way = found
        self.rail.show_badge(PLACE_OF[Sync], waiting)
        self._show_checklist_place()

    def _show_checklist_place(self) -> None:
        """The checklist stands in the rail while a visit is under way, or while it is open."""
        place = PLACE_OF[Checklist]
        now = self.router.now
        is_there = now is not None and PLACE_OF[type(now)] == place
        self.rail.show_place(place, is_shown=self._is_under_way or is_there)

    def _on_look_changed(self) -> None:
        self._on_width()

    def _on_width(self) -> None:
        is_foot = self._breadth() is Breadth.PORTRAIT
        direction = QBoxLayout.Direction
        self._layout.setDirection(direction.BottomToTop if is_foot else direction.LeftToRight)
        self.rail.show_at_foot(is_foot=is_foot)
        if self.page is not None:
            self._fit(self.page)

    def _geometry_key(self) -> str:
        size = self.screen().availableSize()
        return f"window/{size.width()}x{size.height()}"

    def _restore_geometry(self) -> None:
        kept = self._remembered.value(self._geometry_key())
        if isinstance(kept, QByteArray) and self.restoreGeometry(kept):
            return
        room = self.screen().availableSize()
        self.resize(min(FIRST_SIZE[0], room.width()), min(FIRST_SIZE[1], room.height()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        # Locking the screen or changing the program must not leave typed words unsaved.
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.flush()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._on_width()

    def closeEvent(self, event: QCloseEvent) -> None:
        self.flush()
        self._remembered.setValue(self._geometry_key(), self.saveGeometry())
        self.closing.emit()
        super().closeEvent(event)
