"""Where the auditor is, and the way back."""

from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QObject, Signal


@dataclass(frozen=True, slots=True)
class Route:
    """A place in the window; every place is one of these."""


@dataclass(frozen=True, slots=True)
class Today(Route):
    """What is due now."""


@dataclass(frozen=True, slots=True)
class Checklist(Route):
    """The checklist runner; without an audit, the visit under way."""

    audit_id: UUID | None = None
    ref: str = ""


@dataclass(frozen=True, slots=True)
class SignOff(Route):
    """Signing one audit off."""

    audit_id: UUID


@dataclass(frozen=True, slots=True)
class Findings(Route):
    """The findings board; of one audit or visit if given, with one opened if given."""

    audit_id: UUID | None = None
    visit_id: UUID | None = None
    finding_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Actions(Route):
    """Corrective actions."""

    finding_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Visits(Route):
    """Visits by month, or one of them."""

    visit_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class PlanVisit(Route):
    """Planning a new visit, at this site if given, like that visit if given."""

    site_id: UUID | None = None
    like: UUID | None = None


@dataclass(frozen=True, slots=True)
class Vendors(Route):
    """The vendor register, or one vendor, or one of its sites."""

    vendor_id: UUID | None = None
    site_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Reports(Route):
    """Reports, with the draft of one audit if given."""

    audit_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Templates(Route):
    """The checklist templates, or one of them."""

    version_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Sync(Route):
    """What waits on this device."""


@dataclass(frozen=True, slots=True)
class Conflicts(Route):
    """What two people changed without seeing each other, one at a time."""


@dataclass(frozen=True, slots=True)
class Settings(Route):
    """The choices of this device."""

    section: str = ""


@dataclass(frozen=True, slots=True)
class Backups(Route):
    """The backups of this workspace, and putting one back."""


class Router(QObject):
    """The present route and the ones before it.

    Signals:
        moved: the route to show now.
    """

    moved = Signal(Route)

    def __init__(self, depth: int = 50) -> None:
        super().__init__()
        self._stack: list[Route] = []
        self._depth = depth

    @property
    def now(self) -> Route | None:
        """Where the auditor is; None before the first move."""
        return self._stack[-1] if self._stack else None

    @property
    def can_go_back(self) -> bool:
        """Whether there is a place to go back to."""
        return len(self._stack) > 1

    def go(self, route: Route) -> None:
        """Show this place; it stays on the way back unless it is where we are."""
        if self.now != route:
            self._stack.append(route)
            del self._stack[: -self._depth]
        self.moved.emit(route)

    def forget(self) -> None:
        """Another workspace is open: the places before lead nowhere now."""
        self._stack.clear()

    def replace(self, route: Route) -> None:
        """Show this place instead of the present one, leaving no step back to it."""
        if self._stack:
            self._stack.pop()
        self.go(route)

    def back(self) -> None:
        """Return to the place before."""
        if self.can_go_back:
            self._stack.pop()
            self.moved.emit(self._stack[-1])
