"""Photos and files between this device and the centre (SYNC 4).

Rows go first; then, small things before large ones, the bytes that they name. Nothing counts as
sent before the centre's receipt, and nothing is kept here before its hash was checked. A run can
end anywhere: what has arrived stays where it arrived, and the next run goes on from there.
"""

import time
from collections.abc import Callable, Collection
from uuid import UUID

import httpx

from audit_app.sync.blob_line import Line, Stopped
from audit_app.sync.blob_plan import (
    HERE,
    LOCAL,
    SENDING,
    SMALL,
    STORED,
    WANTED,
    not_at_centre,
    plan,
    rank,
    travelling,
)
from audit_app.sync.blob_run import BlobReport, BlobRun, BlobStep
from audit_app.sync.blob_wire import BlobWire
from audit_app.sync.engine import Unreachable
from audit_app.sync.protocol.blobs import Receipt
from audit_app.sync.receipts import receipt_check
from db.store import Store


class BlobSync:
    """Sends and fetches the photos and files of one workspace; makes no threads."""

    def __init__(
        self,
        store: Store,
        http: httpx.Client,
        *,
        pause: Callable[[float], None] = time.sleep,
        is_genuine: Callable[[Receipt], bool] | None = None,
    ) -> None:
        """Args:
        http: knows the centre's address and this device's token.
        pause: waits for so many seconds.
        is_genuine: whether a receipt bears the centre's signature; by the key that came with
            this workspace's enrolment, if not given.
        """
        self._store = store
        self._http = http
        self._pause = pause
        if is_genuine is None:
            with store.read() as session:
                is_genuine = receipt_check(session)
        self._is_genuine = is_genuine

    def send(
        self,
        progress: Callable[[BlobStep], None] = lambda _step: None,
        cancelled: Callable[[], bool] = lambda: False,
        *,
        originals: bool = True,
        everything: bool = False,
    ) -> BlobReport:
        """Send what the centre does not have.

        Args:
            originals: photos and files in full size too; without it only what is small.
            everything: ask for what has a receipt too, after the centre was put back to an older
                state; what it lost is sent again, whoever it came from.

        Raises:
            AuditError: the device or its account is not accepted.
        """
        plan(self._store)
        states = (LOCAL, SENDING, STORED, HERE) if everything else (LOCAL, SENDING)
        with self._store.read() as session:
            items = [
                item for item in travelling(session, states) if originals or rank(item) < SMALL
            ]
        run = BlobRun(self._store, self._wire(cancelled), progress, items, self._is_genuine)
        return self._told(run, run.send)

    def fetch(
        self,
        progress: Callable[[BlobStep], None] = lambda _step: None,
        cancelled: Callable[[], bool] = lambda: False,
        *,
        originals: bool = False,
        rows: Collection[UUID] | None = None,
    ) -> BlobReport:
        """Fetch what is not here.

        Args:
            originals: in full size too; without it what lists, reports and checklists need.
            rows: only of these, and of them everything.

        Raises:
            AuditError: the device or its account is not accepted.
        """
        plan(self._store)
        with self._store.read() as session:
            items = [
                item
                for item in travelling(session, (WANTED,), rows)
                if originals or rows is not None or rank(item) < SMALL
            ]
        run = BlobRun(self._store, self._wire(cancelled), progress, items, self._is_genuine)
        return self._told(run, run.fetch)

    def _wire(self, cancelled: Callable[[], bool]) -> BlobWire:
        return BlobWire(Line(self._http, pause=self._pause, cancelled=cancelled))

    def _told(self, run: BlobRun, work: Callable[[], None]) -> BlobReport:
        report = run.report
        try:
            work()
        except Stopped:
            report.words = "Stopped; the rest waits for the next sync."
        except Unreachable as error:
            report.words = str(error)
        report.troubles = tuple(run.troubles)
        with self._store.read() as session:
            report.waiting = not_at_centre(session)
        return report
