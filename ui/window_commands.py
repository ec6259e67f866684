"""The commands that work everywhere in the window."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from ui.commands import Command
from ui.places import FIRST_ROUTE, places
from ui.routes import PlanVisit
from ui.theme.tokens import Theme

if TYPE_CHECKING:
    from ui.main_window import MainWindow


def window_commands(window: "MainWindow") -> list[Command]:
    """Going places, finding things, and the look."""
    return [*_going(window), *_finding(window), *_looks(window)]


def _going(window: "MainWindow") -> list[Command]:
    group = _tr("Going places")
    router = window.router

    def is_open() -> bool:
        return router.now is not None

    going = [
        Command(
            f"go.{place.id}",
            place.words,
            group,
            partial(router.go, FIRST_ROUTE[place.id]),
            place.icon,
            (place.key,) if place.key else (),
            is_enabled=is_open,
        )
        for place in places()
    ]
    return [
        *going,
        Command(
            "go.back",
            _tr("Back"),
            group,
            router.back,
            "arrow-left",
            ("Alt+Left",),
            is_enabled=lambda: router.can_go_back,
        ),
        Command(
            "visit.plan",
            _tr("Plan a visit"),
            group,
            lambda: router.go(PlanVisit()),
            "calendar-plus",
            ("Ctrl+N",),
            is_enabled=is_open,
        ),
        Command(
            "go.reports.quick",
            _tr("Make a report"),
            group,
            lambda: router.go(FIRST_ROUTE["reports"]),
            "printer",
            ("Ctrl+P",),
            is_enabled=is_open,
        ),
        Command(
            "go.sync.quick",
            _tr("What waits to be sent"),
            group,
            lambda: router.go(FIRST_ROUTE["sync"]),
            "cloud-upload",
            ("Ctrl+Shift+S",),
            is_enabled=is_open,
        ),
    ]


def _finding(window: "MainWindow") -> list[Command]:
    group = _tr("Everywhere")

    def full_screen() -> None:
        if window.isFullScreen():
            window.showNormal()
        else:
            window.showFullScreen()

    def remind() -> None:
        if window.page is not None:
            window.page.remind_saved()

    return [
        Command(
            "palette",
            _tr("Find a command or a place"),
            group,
            window.palette_over.open_palette,
            "search",
            ("Ctrl+K",),
            is_listed=False,
        ),
        Command(
            "keys",
            _tr("Keys on this screen"),
            group,
            window.key_sheet.open_sheet,
            "keyboard",
            ("F1", "?"),
        ),
        Command(
            "pane.next",
            _tr("Next pane"),
            group,
            lambda: window.turn_panes(1),
            keys=("F6",),
            is_listed=False,
        ),
        Command(
            "pane.previous",
            _tr("Pane before"),
            group,
            lambda: window.turn_panes(-1),
            keys=("Shift+F6",),
            is_listed=False,
        ),
        Command("save", _tr("Is it saved?"), group, remind, "save", ("Ctrl+S",)),
        Command("screen.full", _tr("Full screen"), group, full_screen, "monitor", ("F11",)),
        Command("quit", _tr("Close Onsite"), group, window.close, "x", ("Ctrl+Q",)),
    ]


def _looks(window: "MainWindow") -> list[Command]:
    group = _tr("Look")
    look = window.look
    themes = (
        (Theme.SYSTEM, _tr("Look of the system"), "monitor"),
        (Theme.LIGHT, _tr("Light look"), "sun"),
        (Theme.DARK, _tr("Dark look"), "moon"),
        (Theme.OUTDOOR, _tr("Outdoor look"), "compass"),
    )
    return [
        *(
            Command(
                f"look.{theme.value}",
                words,
                group,
                partial(window.choose_look, theme),
                icon,
            )
            for theme, words, icon in themes
        ),
        Command(
            "look.larger",
            _tr("Larger text"),
            group,
            lambda: window.choose_look(text_percent=_next_size(look.text_percent, 1)),
            "type",
            ("Ctrl+=", "Ctrl++"),
        ),
        Command(
            "look.smaller",
            _tr("Smaller text"),
            group,
            lambda: window.choose_look(text_percent=_next_size(look.text_percent, -1)),
            "type",
            ("Ctrl+-",),
        ),
    ]


TEXT_SIZES = (90, 100, 110, 125, 150)


def _next_size(now: int, by: int) -> int:
    nearest = min(range(len(TEXT_SIZES)), key=lambda i: abs(TEXT_SIZES[i] - now))
    return TEXT_SIZES[max(0, min(len(TEXT_SIZES) - 1, nearest + by))]


def _tr(text: str) -> str:
    return QCoreApplication.translate("commands", text)
