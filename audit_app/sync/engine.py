"""One run of the sync: ask, take in, ask again, until both ends agree (SYNC 2.6).

No thread is made here; whoever calls gives it a lane of its own. A run can end anywhere, by a cut
line, a full disk or the power: each step is one transaction, and the next run goes on from there.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit_app.changes import Changes
from audit_app.clock import Clock
from audit_app.errors import AuditError, NotFound
from audit_app.sync import inventory, lost_scopes
from audit_app.sync.checkpoint import Shown
from audit_app.sync.outbox import MOST_OPS, next_request, waiting
from audit_app.sync.protocol import Answer, Request, Status
from audit_app.sync.settling import Taken, take_in
from db.store import Store
from db.tables import Centre

MOST_ROUNDS = 10_000
"""Requests in one run; more means that the two ends talk past each other."""

MOST_ROWS, FEWEST_ROWS = 2500, 50
"""Rows asked for at once: fewer after a failure, so that a bad line gets something through."""


class Unreachable(AuditError):
    """The centre could not be reached or did not answer as one; nothing is lost."""


class SignInNeeded(AuditError):
    """The centre wants the password again; what was entered waits meanwhile."""


class Transport(Protocol):
    """Carries one request to the centre and its answer back."""

    def exchange(self, request: Request) -> Answer:
        """Ask and wait.

        Raises:
            Unreachable: no answer came.
            AuditError: the account or the device is not accepted.
        """
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """How far a run is, in things that were counted."""

    sent: int
    received: int
    left: int


class Following(Protocol):
    """What the rest of the program does when rows change behind its back."""

    def quiet(self) -> AbstractContextManager[object]:
        """Hold back steps of the auditor while rows change."""
        ...

    def after(self, shown: Shown) -> None:
        """Reckon anew what hangs on the rows that changed."""
        ...


@dataclass(frozen=True, slots=True)
class MassDelete:
    """More would vanish than one would expect; a person must say yes."""

    rows: int
    of: int


@dataclass(slots=True)
class Report:
    """What one run did.

    Attributes:
        waiting: changes that are still not at the centre.
        refused: changes that the centre refused in this run.
        held: rows that the centre has lost and that are kept here.
        asks: set when a mass deletion waits for a yes.
        differs: scopes that still differ from the centre after being read anew.
    """

    sent: int = 0
    received: int = 0
    requests: int = 0
    waiting: int = 0
    refused: int = 0
    held: int = 0
    asks: MassDelete | None = None
    differs: tuple[str, ...] = ()
    words: str = ""
    changes: Changes = field(default_factory=Changes)


class SyncEngine:
    """Brings this workspace and the centre to the same state."""

    def __init__(
        self, store: Store, clock: Clock, transport: Transport, following: Following
    ) -> None:
        self._store = store
        self._clock = clock
        self._transport = transport
        self._following = following
        self._rows = MOST_ROWS

    def run(
        self,
        progress: Callable[[Step], None] = lambda _step: None,
        cancelled: Callable[[], bool] = lambda: False,
        *,
        may_delete: bool = False,
    ) -> Report:
        """Sync once.

        Args:
            progress: told after each request.
            cancelled: asked between requests; what was exchanged by then stays.
            may_delete: a person has said yes to a mass deletion.

        Raises:
            Unreachable: the centre did not answer; what was exchanged before stays.
            NotFound: the workspace is joined to no centre.
            AuditError: this device or account is not accepted.
        """
        report = Report()
        self._talk(report, progress, cancelled, may_delete=may_delete)
        if report.asks is None and not report.words and not cancelled():
            self._compare(report, progress, cancelled, may_delete=may_delete)
        with self._store.read() as session:
            report.waiting = waiting(session)
        return report

    def _talk(
        self,
        report: Report,
        progress: Callable[[Step], None],
        cancelled: Callable[[], bool],
        *,
        may_delete: bool,
    ) -> None:
        for _ in range(MOST_ROUNDS):
            if cancelled():
                return
            request, answer = self._ask(report)
            if answer.status in _LAST_WORDS:
                report.words = answer.words or _LAST_WORDS[answer.status]
                self._take(request, answer, report, may_delete=True)
                self._note_trouble(report.words)
                return
            taken = self._take(request, answer, report, may_delete=may_delete)
            with self._store.read() as session:
                left = waiting(session)
            progress(Step(report.sent, report.received, left))
            if taken.asks:
                report.asks = MassDelete(*taken.asks)
                return
            if not taken.again:
                return
        raise AuditError(
            "The sync did not come to an end.",
            "Nothing is lost; try again, and tell your administrator if it stays so.",
        )

    def _ask(self, report: Report, *, counts: bool = False) -> tuple[Request, Answer]:
        with self._store.settle() as session:
            _centre(session).tried_at = self._clock.now()
            request = next_request(
                session, self._store.device, rows=self._rows, ops=MOST_OPS, counts=counts
            )
        try:
            answer = self._transport.exchange(request)
        except Unreachable as error:
            self._rows = max(self._rows // 2, FEWEST_ROWS)
            self._note_trouble(str(error))
            raise
        except AuditError as error:
            self._note_trouble(str(error))
            raise
        self._rows = min(self._rows * 2, MOST_ROWS)
        report.requests += 1
        return request, answer

    def _take(self, request: Request, answer: Answer, report: Report, *, may_delete: bool) -> Taken:
        now = self._clock.now()
        with self._following.quiet():
            taken = take_in(self._store, request, answer, now, may_delete=may_delete)
            if taken.shown is not None:
                self._following.after(taken.shown)
        report.sent += len(answer.results)
        report.received += len(answer.rows)
        report.refused += taken.refused
        if taken.shown is not None:
            report.held += taken.shown.held
            report.changes = report.changes | taken.shown.changes
            report.changes = report.changes | lost_scopes.purge(self._store)
        return taken

    def _compare(
        self,
        report: Report,
        progress: Callable[[Step], None],
        cancelled: Callable[[], bool],
        *,
        may_delete: bool,
    ) -> None:
        """Both ends count; a scope that differs is read anew, once."""
        if report.received == report.sent == 0:
            return
        for attempt in range(2):
            request, answer = self._ask(report, counts=True)
            if answer.status is not Status.OK:
                return
            taken = self._take(request, answer, report, may_delete=may_delete)
            if taken.again or taken.asks:
                # Somebody wrote meanwhile; the next run compares.
                return
            with self._store.read() as session:
                differs = inventory.differing(session, answer.counts)
            if not differs:
                return
            if attempt:
                report.differs = differs
                return
            with self._store.settle() as session:
                inventory.read_anew(session, differs)
            self._talk(report, progress, cancelled, may_delete=may_delete)

    def _note_trouble(self, words: str) -> None:
        with self._store.settle() as session:
            _centre(session).trouble = words


_LAST_WORDS: Mapping[Status, str] = {
    Status.REVOKED: "This device is no longer enrolled at the centre.",
    Status.UPGRADE: "Install a newer version of Onsite to receive what is new.",
    Status.OTHER_CENTRE: "The address leads to another central store than before.",
}
"""Answers after which there is nothing more to ask."""


def _centre(session: Session) -> Centre:
    centre = session.scalars(select(Centre)).first()
    if centre is None:
        raise NotFound(
            "This workspace is not joined to a central store.", "Join one under Settings, Sync."
        )
    return centre


def next_try(failures: int, now: datetime) -> datetime:
    """When to try again by itself: half a minute, then twice as long, at most an hour."""
    from datetime import timedelta

    return now + timedelta(seconds=min(30 * 2 ** max(failures - 1, 0), 3600))
