"""Syncs by itself while the program is open: quietly, and less often while nobody answers."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from audit_app.changes import Changes, Kind
from audit_app.clock import Clock
from audit_app.errors import AuditError
from ui.bus import Bus
from ui.tasks import Progress, Tasks

if TYPE_CHECKING:
    # The window is on the screen before the database and what works with it are imported.
    from audit_app.services.syncing import Synced, SyncingService

FIRST_MS = 15_000
"""The auditor's first minute belongs to the auditor."""
EVERY_MS = 5 * 60_000


class AutoSync(QObject):
    """One workspace's syncs that nobody asked for. What needs a person waits on the Sync page."""

    def __init__(self, tasks: Tasks, bus: Bus, clock: Clock, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks, self._bus, self._clock = tasks, bus, clock
        self._service: SyncingService | None = None
        self._failures = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.sync)

    def begin(self, service: "SyncingService") -> None:
        """A workspace is open."""
        self._service, self._failures = service, 0
        self._timer.start(FIRST_MS)

    def stop(self) -> None:
        """It is closing."""
        self._service = None
        self._timer.stop()

    @property
    def waits_ms(self) -> int:
        """Milliseconds until the next try; -1 when none is planned."""
        return self._timer.remainingTime()

    def sync(self) -> None:
        """Sync now, if the workspace is joined to a centre."""
        service = self._service
        if service is None:
            return

        def work(progress: Progress) -> "Synced | None":
            if not service.facts().is_joined:
                return None
            return service.run(cancelled=lambda: progress.is_stopped)

        self._tasks.in_work(work, self._on_done, self._on_refused, owner=self)

    def _on_done(self, done: "Synced | None") -> None:
        self._failures = 0
        if self._service is not None:
            self._timer.start(EVERY_MS)
        if done is not None:
            self._bus.tell(done.changes)

    def _on_refused(self, _error: AuditError) -> None:
        """The Sync page says why; the next try comes later each time."""
        from audit_app.sync.engine import next_try

        self._failures += 1
        if self._service is not None:
            now = self._clock.now()
            pause = next_try(self._failures, now) - now
            self._timer.start(int(pause.total_seconds() * 1000))
        self._bus.tell(Changes.of(Kind.SYNC))
