"""One run in one direction: ask in batches, move the bytes, write down what became of each."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from audit_app.changes import Changes, Kind
from audit_app.errors import AuditError
from audit_app.sync.blob_bytes import WrongBytes, bytes_of, keep_bytes
from audit_app.sync.blob_plan import HERE, LOCAL, SENDING, STORED, WANTED, Travelling, note
from audit_app.sync.blob_wire import BlobRefused, BlobWire
from audit_app.sync.protocol.blobs import BlobVerdict, Offer, Receipt, Reply
from db.store import Store

BATCH = 500
"""Files asked for in one request; each batch is sent before the next one is asked for."""

_KINDS = {
    "evidence": Kind.EVIDENCE,
    "template_version": Kind.TEMPLATE,
    "report_issue": Kind.REPORT,
}


@dataclass(frozen=True, slots=True)
class BlobStep:
    """How far a run is.

    Attributes:
        done: bytes that have arrived in this run.
        total: bytes of this run, as far as they are known.
        left: files still to come.
    """

    done: int
    total: int
    left: int


@dataclass(slots=True)
class BlobReport:
    """What one run did.

    Attributes:
        moved: files that arrived at the other end.
        size: their bytes.
        waiting: files here for which the centre has given no receipt.
        troubles: why some did not go through, each said once.
        words: why the run ended early; "" if it came to its end.
        changes: rows whose photos or files are new on this device.
    """

    moved: int = 0
    size: int = 0
    waiting: int = 0
    troubles: tuple[str, ...] = ()
    words: str = ""
    changes: Changes = field(default_factory=Changes)


class BlobRun:
    """One run, in one direction."""

    def __init__(
        self,
        store: Store,
        wire: BlobWire,
        progress: Callable[[BlobStep], None],
        items: Sequence[Travelling],
        is_genuine: Callable[[Receipt], bool],
    ) -> None:
        self.report = BlobReport()
        self.troubles: dict[str, None] = {}
        self._store = store
        self._wire = wire
        self._progress = progress
        self._items = items
        self._is_genuine = is_genuine
        self._done = 0
        self._total = sum(item.size for item in items)
        self._left = len(items)

    def send(self) -> None:
        """Send what the centre asks for, and let it say that it has it."""
        for batch in _batches(self._items):
            sent = []
            for item, reply in self._asked(batch):
                if not self._settled(item, reply) and self._sent(item):
                    sent.append(item)
                self._over()
            # The bytes are there; only the centre's word makes them stored.
            for item, reply in self._asked(sent):
                if not self._settled(item, reply):
                    self._in_trouble(item, "The centre has not kept it.", state=LOCAL)

    def fetch(self) -> None:
        """Fetch what the centre has."""
        for batch in _batches(self._items):
            for item, reply in self._asked(batch):
                receipt = self._checked(item, reply)
                if receipt is not None:
                    self._total += receipt.size - item.size
                    self._fetched(item, receipt)
                self._over()

    def _asked(self, items: Sequence[Travelling]) -> Iterator[tuple[Travelling, Reply]]:
        if not items:
            return
        offers = [Offer(item.entity, str(item.row), item.part) for item in items]
        yield from zip(items, self._wire.ask(offers), strict=True)

    def _settled(self, item: Travelling, reply: Reply) -> bool:
        """Whether there is nothing to send: it is there, or may not go there."""
        receipt = self._checked(item, reply)
        if receipt is not None:
            state = HERE if item.state == HERE else STORED
            note(
                self._store,
                item,
                state=state,
                receipt=receipt.wire(),
                size=receipt.size,
                done=receipt.size,
                upload="",
                trouble="",
            )
        elif reply.verdict is BlobVerdict.REFUSED:
            self._in_trouble(item, reply.words or "The centre refuses it.")
        elif reply.verdict is BlobVerdict.UNKNOWN:
            self._in_trouble(item, "The centre does not know its row.")
        else:
            return False
        return True

    def _checked(self, item: Travelling, reply: Reply) -> Receipt | None:
        """The receipt, if it is for just this and from the centre."""
        receipt = reply.receipt
        if receipt is None:
            return None
        is_for_it = (receipt.scope, receipt.sha256, receipt.rendition) == item.key
        is_itself = bool(item.rendition) or receipt.content == item.sha256
        if is_for_it and is_itself and self._is_genuine(receipt):
            return receipt
        self.troubles.setdefault("The centre gave a receipt that is not valid.")
        return None

    def _sent(self, item: Travelling) -> bool:
        try:
            data = bytes_of(self._store, item)
        except AuditError as error:
            # What the centre had and has lost is wanted again, if it is not here either.
            lost = {"state": WANTED} if item.state in {STORED, HERE} else {}
            self._in_trouble(item, str(error), **lost)
            return False
        offer = Offer(
            item.entity, str(item.row), item.part, hashlib.sha256(data).hexdigest(), len(data)
        )
        self._total += len(data) - item.size
        note(self._store, item, state=SENDING, size=len(data), receipt=[])
        before, arrived = self._done, 0

        def moved(count: int) -> None:
            nonlocal arrived
            arrived = count
            self._done = before + count
            self._tell()

        try:
            self._wire.send(
                offer,
                data,
                item.upload,
                begun=lambda upload: note(self._store, item, upload=upload),
                moved=moved,
            )
        except BlobRefused as error:
            self._in_trouble(item, str(error), state=LOCAL)
            return False
        finally:
            note(self._store, item, done=arrived)
        self.report.moved += 1
        self.report.size += len(data)
        return True

    def _fetched(self, item: Travelling, receipt: Receipt) -> None:
        before = self._done

        def moved(count: int) -> None:
            self._done = before + count
            self._tell()

        try:
            data = self._wire.fetch(item.entity, item.row, item.part, receipt, moved)
            keep_bytes(self._store, item, data)
        except (BlobRefused, WrongBytes) as error:
            self._in_trouble(item, str(error))
        else:
            note(
                self._store,
                item,
                state=HERE,
                receipt=receipt.wire(),
                size=len(data),
                done=len(data),
                trouble="",
            )
            self.report.moved += 1
            self.report.size += len(data)
            self.report.changes |= Changes.of(_KINDS[item.entity], item.row)

    def _in_trouble(self, item: Travelling, words: str, **values: str) -> None:
        self.troubles.setdefault(words)
        note(self._store, item, trouble=words, **values)

    def _over(self) -> None:
        self._left -= 1
        self._tell()

    def _tell(self) -> None:
        self._progress(BlobStep(self._done, max(self._total, self._done), self._left))


def _batches(items: Sequence[Travelling]) -> Iterable[Sequence[Travelling]]:
    return (items[start : start + BATCH] for start in range(0, len(items), BATCH))
