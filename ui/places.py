"""The places of the rail, which route belongs to which, and the page that shows it."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication

from ui.pages.page import Page
from ui.routes import (
    Actions,
    Backups,
    Checklist,
    Conflicts,
    Findings,
    PlanVisit,
    Reports,
    Route,
    Settings,
    SignOff,
    Sync,
    Templates,
    Today,
    Vendors,
    Visits,
)
from ui.shell import Shell
from ui.widgets.rail import Place

PageMaker = Callable[[Shell], Page]

PLACE_OF: Mapping[type[Route], str] = {
    Today: "today",
    Visits: "visits",
    PlanVisit: "visits",
    Checklist: "checklist",
    SignOff: "checklist",
    Findings: "findings",
    Actions: "actions",
    Vendors: "vendors",
    Reports: "reports",
    Templates: "templates",
    Sync: "sync",
    Conflicts: "sync",
    Settings: "settings",
    Backups: "settings",
}
FIRST_ROUTE: Mapping[str, Route] = {
    "today": Today(),
    "visits": Visits(),
    "checklist": Checklist(),
    "findings": Findings(),
    "actions": Actions(),
    "vendors": Vendors(),
    "reports": Reports(),
    "templates": Templates(),
    "sync": Sync(),
    "settings": Settings(),
}


def places() -> tuple[Place, ...]:
    """The entries of the rail, in order."""
    return (
        Place("today", _tr("Today"), "calendar-check", "Alt+1"),
        Place("checklist", _tr("Checklist"), "clipboard-list", "Alt+2"),
        Place("findings", _tr("Findings"), "flag", "Alt+3"),
        Place("actions", _tr("Actions"), "list-todo", "Alt+4"),
        Place("visits", _tr("Visits"), "calendar-days", "Alt+5"),
        Place("vendors", _tr("Vendors"), "building-2", "Alt+6"),
        Place("reports", _tr("Reports"), "file-text", "Alt+7"),
        Place("templates", _tr("Templates"), "library", "Alt+8"),
        Place("sync", _tr("Sync"), "cloud-off", "Alt+9", is_low=True),
        Place("settings", _tr("Settings"), "settings", "Ctrl+,", is_low=True),
    )


def page_makers() -> Mapping[type[Route], PageMaker]:
    """How each page is made; modules are imported when their page is first opened."""
    return {
        Today: _today,
        Visits: _visits,
        PlanVisit: _visits,
        Checklist: _checklist,
        SignOff: _sign_off,
        Findings: _findings,
        Actions: _actions,
        Vendors: _vendors,
        Reports: _reports,
        Templates: _templates,
        Sync: _sync,
        Conflicts: _conflicts,
        Settings: _settings,
        Backups: _backups,
    }


def _today(shell: Shell) -> Page:
    from ui.pages.today import TodayPage

    return TodayPage(shell)


def _visits(shell: Shell) -> Page:
    from ui.pages.visits import VisitsPage

    return VisitsPage(shell)


def _checklist(shell: Shell) -> Page:
    from ui.pages.runner.page import RunnerPage

    return RunnerPage(shell)


def _sign_off(shell: Shell) -> Page:
    from ui.pages.sign_off import SignOffPage

    return SignOffPage(shell)


def _findings(shell: Shell) -> Page:
    from ui.pages.findings import FindingsPage

    return FindingsPage(shell)


def _actions(shell: Shell) -> Page:
    from ui.pages.actions import ActionsPage

    return ActionsPage(shell)


def _vendors(shell: Shell) -> Page:
    from ui.pages.vendors import VendorsPage

    return VendorsPage(shell)


def _reports(shell: Shell) -> Page:
    from ui.pages.reports import ReportsPage

    return ReportsPage(shell)


def _templates(shell: Shell) -> Page:
    from ui.pages.templates import TemplatesPage

    return TemplatesPage(shell)


def _sync(shell: Shell) -> Page:
    from ui.pages.sync import SyncPage

    return SyncPage(shell)


def _conflicts(shell: Shell) -> Page:
    from ui.pages.conflicts import ConflictsPage

    return ConflictsPage(shell)


def _settings(shell: Shell) -> Page:
    from ui.pages.settings import SettingsPage

    return SettingsPage(shell)


def _backups(shell: Shell) -> Page:
    from ui.pages.backups import BackupsPage

    return BackupsPage(shell)


def _tr(text: str) -> str:
    return QCoreApplication.translate("places", text)
