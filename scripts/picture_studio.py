"""The window as it stands for one picture: size, look, direction, and the way to each screen."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from audit_app.clock import Clock
from audit_app.services import Services
from ui.bus import Bus
from ui.main_window import MainWindow
from ui.pages.page import Page
from ui.routes import Route
from ui.tasks import Tasks
from ui.theme.look import Look
from ui.theme.tokens import Theme

PATIENCE = 60.0
"""Seconds a screen may take to become quiet before the picture is given up."""

P = TypeVar("P", bound=QWidget)


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: its name without ``.png``, and how the window is dressed for it."""

    name: str
    theme: Theme = Theme.LIGHT
    size: tuple[int, int] = (1368, 912)
    is_right_to_left: bool = False
    text_percent: int = 100
    scale: float = 1.0


class Studio:
    """Drives a real window; every picture gets a fresh one over the same workspace."""

    def __init__(self, qt: QApplication, services: Services, clock: Clock, scratch: Path) -> None:
        self.services, self.scratch = services, scratch
        self._qt, self._clock = qt, clock
        self._bus = Bus()
        self._tasks = Tasks(self._bus)
        self._tasks.broke.connect(self._give_up)
        self.look = Look(qt, Theme.LIGHT, is_motion_reduced=True)
        self.window = self._new_window()

    def dress(self, shot: Shot) -> None:
        """A fresh window in the size, look and direction of this shot, on no page yet."""
        self._forget_window()
        right, left = Qt.LayoutDirection.RightToLeft, Qt.LayoutDirection.LeftToRight
        self._qt.setLayoutDirection(right if shot.is_right_to_left else left)
        self.look.choose(shot.theme, shot.text_percent)
        self.window = self._new_window()
        self.window.resize(*shot.size)
        self.window.show()
        self.window.activateWindow()

    def go(self, route: Route) -> Page:
        """Open this place as a press in the rail would."""
        if self.window.router.now is None:
            self.window.show_services(self.services, route)
        else:
            self.window.router.go(route)
        self.settle()
        page = self.window.page
        if page is None:
            raise SystemExit(f"{route} shows no page")
        return page

    def open(self, kind: type[P], route: Route) -> P:
        """Open this place, whose page is of this kind."""
        page = self.go(route)
        if not isinstance(page, kind):
            raise SystemExit(f"{route} shows no {kind.__name__}")
        return page

    def find(self, page: QWidget, kind: type[P]) -> P:
        """The one part of this kind that is shown."""
        shown = [part for part in page.findChildren(kind) if part.isVisible()]
        if len(shown) != 1:
            raise SystemExit(f"{len(shown)} of {kind.__name__} are shown")
        return shown[0]

    def settle(self) -> None:
        """Wait until every job is done, every short timer has run, and all is painted."""
        ends = time.monotonic() + PATIENCE
        quiet = 0
        while quiet < 12:
            QCoreApplication.processEvents()
            time.sleep(0.02)
            quiet = quiet + 1 if self._tasks.count == 0 else 0
            if time.monotonic() > ends:
                raise SystemExit("The screen does not come to rest.")

    def draw(self, pad: QWidget, places: tuple[tuple[float, float], ...]) -> None:
        """A stroke with the mouse through these places, in parts of the pad's size."""
        press, move = QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove
        for number, (x, y) in enumerate(places):
            self._mouse(pad, move if number else press, x, y)
        self._mouse(pad, QEvent.Type.MouseButtonRelease, *places[-1])

    def grab(self, file: Path) -> None:
        """Keep what the window shows."""
        if not self.window.grab().save(str(file)):
            raise SystemExit(f"{file} could not be written.")

    def close(self) -> None:
        """Finish what was asked for."""
        self._forget_window()
        self._tasks.close()

    def _mouse(self, pad: QWidget, kind: QEvent.Type, x: float, y: float) -> None:
        at = QPointF(x * pad.width(), y * pad.height())
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        is_release = kind is QEvent.Type.MouseButtonRelease
        held = none if is_release else left
        button = none if kind is QEvent.Type.MouseMove else left
        everywhere = QPointF(pad.mapToGlobal(QPoint(int(at.x()), int(at.y()))))
        plain = Qt.KeyboardModifier.NoModifier
        QCoreApplication.sendEvent(pad, QMouseEvent(kind, at, everywhere, button, held, plain))

    def _new_window(self) -> MainWindow:
        kept = QSettings(str(self.scratch / "window.ini"), QSettings.Format.IniFormat)
        kept.clear()
        return MainWindow(self.look, self._tasks, self._bus, self._clock, kept)

    def _forget_window(self) -> None:
        self.settle()
        self.window.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def _give_up(self, error: Exception) -> None:
        raise error
