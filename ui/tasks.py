"""Work away from the GUI thread: the only place that makes threads.

The database lane is one thread, so writes keep the order they were asked for in. The work lane is
a small pool for photos, reports and imports. Results and errors come back on the GUI thread.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from threading import Event
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from audit_app.changes import Changes
from audit_app.errors import AuditError
from ui.bus import Bus

WORKERS = 2

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Step:
    """How far a job is: ``done`` of ``total`` (0 when unknown), and what it does now."""

    done: int
    total: int
    words: str = ""


class Stopped(Exception):
    """The auditor stopped this job; nothing more is to be said about it."""


class Progress:
    """Handed to a job so that it can say how far it is and notice that it should stop."""

    def __init__(self, tell: Callable[[Step], None]) -> None:
        self._tell = tell
        self._stop = Event()

    def report(self, done: int, total: int, words: str = "") -> None:
        """Tell the screen how far the job is.

        Raises:
            Stopped: the auditor pressed Cancel; let it pass through.
        """
        if self._stop.is_set():
            raise Stopped
        self._tell(Step(done, total, words))

    def stop(self) -> None:
        """Ask the job to stop at its next report."""
        self._stop.set()

    @property
    def is_stopped(self) -> bool:
        """Whether the job was asked to stop."""
        return self._stop.is_set()


class Tasks(QObject):
    """Runs work and hands back the result.

    A result with a ``changes`` attribute, or a ``Changes`` itself, is told to the bus after
    ``done`` has run. Callbacks of an ``owner`` that is gone by then are not called.

    Signals:
        refused: an AuditError that no ``failed`` callback took.
        broke: an error that is our own mistake; the crash report is the listener's business.
        busy: how many jobs of both lanes are unfinished.
    """

    refused = Signal(AuditError)
    broke = Signal(Exception)
    busy = Signal(int)
    _returned = Signal(object)

    def __init__(self, bus: Bus) -> None:
        super().__init__()
        self._bus = bus
        self._database = ThreadPoolExecutor(1, thread_name_prefix="database")
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="work")
        self._count = 0
        self._is_closed = False
        self._returned.connect(self._on_returned, Qt.ConnectionType.QueuedConnection)

    def in_db(
        self,
        work: Callable[[], T],
        done: Callable[[T], object] | None = None,
        failed: Callable[[AuditError], object] | None = None,
        *,
        owner: QObject | None = None,
    ) -> None:
        """Run ``work`` in the database lane; jobs keep their order."""
        self._start(self._database, work, done, failed, owner)

    def in_db_slowly(
        self,
        work: Callable[[Progress], T],
        done: Callable[[T], object] | None = None,
        failed: Callable[[AuditError], object] | None = None,
        *,
        step: Callable[[Step], object] | None = None,
        owner: QObject | None = None,
    ) -> Progress:
        """Run a long job in the database lane, with steps; other database work waits for it."""
        progress = self._progress(step, owner)
        self._start(self._database, lambda: work(progress), done, failed, owner)
        return progress

    def in_work(
        self,
        work: Callable[[Progress], T],
        done: Callable[[T], object] | None = None,
        failed: Callable[[AuditError], object] | None = None,
        *,
        step: Callable[[Step], object] | None = None,
        owner: QObject | None = None,
    ) -> Progress:
        """Run ``work`` in the pool; the Progress given back can stop it.

        ``work`` must not use a database session of another thread; services open their own.
        """

        progress = self._progress(step, owner)
        self._start(self._pool, lambda: work(progress), done, failed, owner)
        return progress

    @property
    def count(self) -> int:
        """How many jobs are unfinished."""
        return self._count

    def close(self) -> None:
        """Finish what the database lane was given, drop what the pool has not begun.

        Nothing is told to a screen after that: a result that is still on its way would start the
        next read of a page in a lane that has ended.
        """
        self._is_closed = True
        self._pool.shutdown(wait=True, cancel_futures=True)
        self._database.shutdown(wait=True)

    def _progress(self, step: Callable[[Step], object] | None, owner: QObject | None) -> Progress:
        def tell(now: Step) -> None:
            if step is not None:
                self._returned.emit(_Report(lambda: step(now), owner))

        return Progress(tell)

    def _start(
        self,
        lane: ThreadPoolExecutor,
        work: Callable[[], Any],
        done: Callable[[Any], object] | None,
        failed: Callable[[AuditError], object] | None,
        owner: QObject | None,
    ) -> None:
        if self._is_closed:
            # A page's timer may still ring while its window goes; what was typed is saved by now.
            return
        self._count += 1
        self.busy.emit(self._count)
        future = lane.submit(work)
        future.add_done_callback(
            lambda ended: self._returned.emit(_Ended(ended, done, failed, owner))
        )

    @Slot(object)
    def _on_returned(self, message: "_Ended | _Report") -> None:
        is_gone = self._is_closed or (
            message.owner is not None and not shiboken6.isValid(message.owner)
        )
        if isinstance(message, _Report):
            if not is_gone:
                message.tell()
            return
        self._count -= 1
        self.busy.emit(self._count)
        if message.future.cancelled():
            return
        error = message.future.exception()
        if error is None:
            result = message.future.result()
            if message.done is not None and not is_gone:
                message.done(result)
            self._tell_bus(result)
        elif isinstance(error, AuditError):
            if message.failed is not None and not is_gone:
                message.failed(error)
            else:
                self.refused.emit(error)
        elif not isinstance(error, Stopped):
            self._on_broken(error, message, is_gone=is_gone)

    def _on_broken(self, error: BaseException, message: "_Ended", *, is_gone: bool) -> None:
        self.broke.emit(error)
        if message.failed is not None and not is_gone:
            words = self.tr("Something went wrong inside Onsite.")
            hint = self.tr("Nothing that was saved is lost. Please try again.")
            message.failed(AuditError(words, hint))

    def _tell_bus(self, result: object) -> None:
        changes = getattr(result, "changes", result)
        if isinstance(changes, Changes):
            self._bus.tell(changes)


@dataclass(frozen=True, slots=True)
class _Ended:
    future: Future[Any]
    done: Callable[[Any], object] | None
    failed: Callable[[AuditError], object] | None
    owner: QObject | None


@dataclass(frozen=True, slots=True)
class _Report:
    tell: Callable[[], object]
    owner: QObject | None
