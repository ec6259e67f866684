"""The central store as the auditor meets it: join, sync, decide, see what waits."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING
from uuid import UUID

from audit_app.changes import Changes, Kind
from audit_app.clock import Clock
from audit_app.errors import AuditError
from audit_app.services.checklist import ChecklistService
from audit_app.services.conflict_words import in_words
from audit_app.services.following import Following
from audit_app.services.settings import SettingsService
from audit_app.settings import AUDITOR, SEND_ORIGINALS
from audit_app.sync.conflicts import Choice, ConflictRow, ConflictsService, Settled
from audit_app.sync.desk import Facts, QueueGroup, SyncDesk
from audit_app.sync.engine import MassDelete, Report, Step, SyncEngine
from audit_app.sync.tray import RefusedRow, TrayService
from db.store import Store

if TYPE_CHECKING:
    # The way over HTTP is imported when it is first taken: a start must not wait for it.
    from audit_app.sync.account import AccountService, Joined
    from audit_app.sync.blob_run import BlobReport, BlobStep
    from audit_app.sync.http import HttpTransport


@dataclass(frozen=True, slots=True)
class SyncStep:
    """How far a sync is: rows first, then photos and files.

    Attributes:
        left: changes still to be sent.
        photo_bytes, photo_total, photos_left: bytes of photos and files that arrived, of how many,
            and how many files are still to come.
    """

    sent: int = 0
    received: int = 0
    left: int = 0
    photo_bytes: int = 0
    photo_total: int = 0
    photos_left: int = 0


@dataclass(frozen=True, slots=True)
class Synced:
    """What one sync did.

    Attributes:
        words: why it ended early; "" if it did not.
        asks: a mass deletion that waits for a yes.
        photos_waiting: files not yet at the centre.
    """

    sent: int
    received: int
    waiting: int
    refused: int
    held: int
    photos_waiting: int
    words: str
    asks: MassDelete | None
    changes: Changes


@dataclass(frozen=True, slots=True)
class SyncPicture:
    """Everything the Sync screen shows, from one read."""

    facts: Facts
    queue: tuple[QueueGroup, ...]
    refused: tuple[RefusedRow, ...]
    held: int


class SyncingService:
    """One method for each thing the auditor does with the central store."""

    def __init__(
        self, store: Store, clock: Clock, settings: SettingsService, checklist: ChecklistService
    ) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings
        self._checklist = checklist
        self._following = Following(checklist)
        self._desk = SyncDesk(store)
        self._conflicts = ConflictsService(store, clock)
        self._tray = TrayService(store, clock)
        self._running = Lock()

    def picture(self) -> SyncPicture:
        """What the Sync screen shows."""
        return SyncPicture(
            self._desk.facts(), self._desk.queue(), self._tray.refused(), self._tray.held()
        )

    def facts(self) -> Facts:
        """The plain facts, for the rail."""
        return self._desk.facts()

    def join(self, address: str, *, code: str, password: str, totp: str = "") -> "Joined":
        """Join a central store; see ``AccountService.join``."""
        return self._account().join(address, code=code, password=password, totp=totp)

    def sign_in(self, *, password: str, totp: str = "") -> None:
        """Sign in again; see ``AccountService.sign_in``."""
        self._account().sign_in(password=password, totp=totp)

    def leave(self) -> None:
        """Forget the central store; every row stays here."""
        self._account().leave()

    def run(
        self,
        progress: Callable[[SyncStep], None] = lambda _step: None,
        cancelled: Callable[[], bool] = lambda: False,
        *,
        may_delete: bool = False,
    ) -> Synced:
        """Sync rows, then photos and files.

        Raises:
            NotFound: the workspace is joined to no central store.
            Unreachable: nobody answers; what was exchanged before stays.
            SignInNeeded: the password is wanted again.
            AuditError: this device or account is not accepted, or a sync is under way.
        """
        with self._alone(), self._transport() as transport:
            engine = SyncEngine(self._store, self._clock, transport, self._following)

            def tell(step: Step) -> None:
                progress(SyncStep(step.sent, step.received, step.left))

            report = engine.run(tell, cancelled, may_delete=may_delete)
            if report.words or report.asks is not None or cancelled():
                return _told(report, None)
            return _told(report, self._photos(transport, report, progress, cancelled))

    def _photos(
        self,
        transport: "HttpTransport",
        report: Report,
        progress: Callable[[SyncStep], None],
        cancelled: Callable[[], bool],
    ) -> "BlobReport":
        from audit_app.sync.blobs import BlobSync

        blobs = BlobSync(self._store, transport.client)

        def tell(step: "BlobStep") -> None:
            progress(SyncStep(report.sent, report.received, 0, step.done, step.total, step.left))

        originals = self._settings.get(SEND_ORIGINALS) == "yes"
        sent = blobs.send(tell, cancelled, originals=originals)
        if sent.words:
            return sent
        fetched = blobs.fetch(tell, cancelled)
        return replace(sent, words=fetched.words, changes=sent.changes | fetched.changes)

    def send_again(self, ids: tuple[int, ...]) -> int:
        """Put refused changes back into the queue."""
        return self._tray.send_again(ids)

    def let_go(self, ids: tuple[int, ...]) -> None:
        """Give refused changes up."""
        self._tray.let_go(ids)

    def send_held(self) -> int:
        """Send what a restored centre has lost."""
        return self._tray.send_held()

    def conflicts(self) -> tuple[ConflictRow, ...]:
        """The conflicts that wait for a person, answers in the words of their checklist."""
        return tuple(in_words(row, self._checklist) for row in self._conflicts.open())

    def told(self) -> tuple[ConflictRow, ...]:
        """Those that a rule settled by itself."""
        return tuple(in_words(row, self._checklist) for row in self._conflicts.told())

    def settle(self, conflict_id: UUID, *, choice: Choice) -> Settled:
        """Decide a conflict."""
        settled = self._conflicts.settle(
            conflict_id, choice=choice, actor=self._settings.get(AUDITOR)
        )
        self._renew(settled)
        return settled

    def undo(self, settled: Settled) -> Settled:
        """Take a decision back."""
        taken = self._conflicts.undo(settled, actor=self._settings.get(AUDITOR))
        self._renew(taken)
        return taken

    def _account(self) -> "AccountService":
        from audit_app.sync.account import AccountService

        return AccountService(self._store, self._clock)

    def _renew(self, settled: Settled) -> None:
        if settled.audit_id is not None:
            self._following.renew(settled.audit_id)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Two syncs of one device at once would send the same numbers twice."""
        if not self._running.acquire(blocking=False):
            raise AuditError("A sync is under way already.", "It goes on by itself.")
        try:
            yield
        finally:
            self._running.release()

    @contextmanager
    def _transport(self) -> "Iterator[HttpTransport]":
        from audit_app.sync.http import HttpTransport

        transport = HttpTransport(self._store, self._clock)
        try:
            yield transport
        finally:
            transport.close()


def _told(report: Report, photos: "BlobReport | None") -> Synced:
    return Synced(
        report.sent,
        report.received,
        report.waiting,
        report.refused,
        report.held,
        photos.waiting if photos else 0,
        report.words or (photos.words if photos else ""),
        report.asks,
        Changes.of(Kind.SYNC) | report.changes | (photos.changes if photos else Changes()),
    )
