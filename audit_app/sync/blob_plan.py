"""Which photos and files have to travel: what the rows name, set against what is here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, delete, exists, func, or_, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import InstrumentedAttribute, Session

from audit_app.sync.protocol import ProtocolError
from audit_app.sync.protocol.blobs import ORIGINAL, PARTS, RENDITIONS, SOURCE, Receipt, rendition
from db.store import Store
from db.tables import Blob, Evidence, ReportIssue, StoredFile, TemplateVersion, Thumbnail

LOCAL, SENDING, STORED, WANTED, HERE = "local", "sending", "stored", "wanted", "here"
"""See ``Blob``."""

PHOTO = "photo"
SMALL = 5
"""Ranks below this are small and travel on any network: checklists, what lists and reports show."""

_RANKS: Mapping[tuple[str, str], int] = {
    ("template_version", ORIGINAL): 0,
    ("evidence", "320"): 1,
    ("evidence", "1000"): 2,
    ("template_version", SOURCE): 3,
    ("report_issue", ORIGINAL): 4,
    ("evidence", "1600"): 5,
    ("evidence", ORIGINAL): 6,
}
_TABLES: Mapping[str, Any] = {
    "template_version": TemplateVersion,
    "evidence": Evidence,
    "report_issue": ReportIssue,
}


@dataclass(frozen=True, slots=True)
class Travelling:
    """One entry of the table ``blob``, read.

    Attributes:
        upload: where an upload can be gone on with.
    """

    scope: str
    sha256: str
    rendition: str
    entity: str
    row: UUID
    part: str
    state: str
    size: int
    upload: str
    receipt: Receipt | None

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is known by."""
        return self.scope, self.sha256, self.rendition


def plan(store: Store) -> None:
    """Write down what the rows name and nobody has written down yet, and forget what they do not.

    A row that the centre does not know yet is left alone: rows go first.
    """
    with store.read() as session:
        new = [(entity, row) for entity in PARTS for row in session.scalars(_unplanned(entity))]
        gone = [entity for entity in PARTS if session.scalar(_forgotten(entity))]
    if not new and not gone:
        return
    with store.settle() as session:
        for entity in gone:
            session.execute(_forget(entity))
        here = _Here(store, session) if new else None
        for entity, row in new:
            for part in _parts_of(entity, row):
                assert here is not None  # noqa: S101 (there are new ones)
                session.execute(_entry(entity, row, part, here))


def travelling(
    session: Session, states: Iterable[str], rows: Iterable[UUID] | None = None
) -> list[Travelling]:
    """Entries in one of these states, in the order they travel in."""
    query = (
        select(Blob)
        .where(Blob.state.in_(set(states)))
        .order_by(Blob.rank, Blob.row_id, Blob.rendition)
    )
    if rows is not None:
        query = query.where(Blob.row_id.in_(set(rows)))
    return [
        Travelling(
            scope=found.scope,
            sha256=found.sha256,
            rendition=found.rendition,
            entity=found.entity,
            row=found.row_id,
            part=found.part,
            state=found.state,
            size=found.size,
            upload=found.upload,
            receipt=_receipt(found.receipt),
        )
        for found in session.scalars(query)
    ]


def rank(item: Travelling) -> int:
    """Smaller ones travel first."""
    return _RANKS[item.entity, item.part]


def note(store: Store, item: Travelling, **values: Any) -> None:
    """Write down how far one is."""
    with store.settle() as session:
        session.execute(
            update(Blob)
            .where(
                Blob.scope == item.scope,
                Blob.sha256 == item.sha256,
                Blob.rendition == item.rendition,
            )
            .values(values)
        )


def not_at_centre(session: Session) -> int:
    """Photos and files that are here and for which the centre has given no receipt."""
    query = select(func.count()).select_from(Blob).where(Blob.state.in_((LOCAL, SENDING)))
    return session.scalar(query) or 0


def may_leave_device(session: Session, sha256: str) -> bool:
    """Whether the centre holds this original for every row that names it, by its receipts.

    Only then may its bytes be removed here; a row that is not at the centre yet keeps them.
    """
    for entity in ("evidence", "report_issue"):
        table = _TABLES[entity]
        held = exists().where(
            Blob.scope == table.scope,
            Blob.sha256 == table.sha256,
            Blob.rendition == "",
            Blob.state.in_((STORED, HERE)),
            func.json_array_length(Blob.receipt) > 0,
        )
        named = select(func.count()).where(table.sha256 == sha256, table.deleted_at.is_(None))
        if session.scalar(named.where(~held)):
            return False
    return True


class _Here:
    """What lies on this device, and how many bytes it has."""

    def __init__(self, store: Store, session: Session) -> None:
        self._photos = store.photos.held()
        self._thumbnails = _sizes(session, Thumbnail.sha256, Thumbnail.data)
        self._files = _sizes(session, StoredFile.sha256, StoredFile.data)

    def size(self, entity: str, sha256: str, part: str) -> int | None:
        if entity == "template_version":
            return self._files.get(sha256)
        if part == RENDITIONS[0]:
            return self._thumbnails.get(sha256)
        return self._photos.get((sha256, int(part or 0)))


def _sizes(
    session: Session, name: InstrumentedAttribute[str], data: InstrumentedAttribute[bytes]
) -> dict[str, int]:
    return {row[0]: row[1] for row in session.execute(select(name, func.length(data)))}


def _parts_of(entity: str, row: Any) -> Iterable[str]:
    if entity == "evidence" and row.kind != PHOTO:
        return (ORIGINAL,)
    return PARTS[entity]


def _entry(entity: str, row: Any, part: str, here: _Here) -> Any:
    sha256 = getattr(row, PARTS[entity][part])
    size = here.size(entity, sha256, part)
    if size is None and entity == "report_issue":
        # It was written to a place of the auditor's choice; the sender looks there.
        size = row.size if _is_own_report(row) else None
    return (
        insert(Blob)
        .values(
            scope=row.scope,
            sha256=sha256,
            rendition=rendition(part),
            entity=entity,
            row_id=row.id,
            part=part,
            state=WANTED if size is None else LOCAL,
            rank=_RANKS[entity, part],
            size=size or 0,
            done=0,
            upload="",
            receipt=[],
            trouble="",
        )
        .on_conflict_do_nothing()
    )


def _is_own_report(row: ReportIssue) -> bool:
    from pathlib import Path

    return bool(row.file) and Path(row.file).is_file()


def _unplanned(entity: str) -> Select[Any]:
    table = _TABLES[entity]
    fields = sorted(set(PARTS[entity].values()))
    planned = [
        exists().where(
            Blob.scope == table.scope,
            Blob.sha256 == getattr(table, field),
            Blob.rendition == "",
        )
        for field in fields
    ]
    return select(table).where(
        table.seq.is_not(None), table.deleted_at.is_(None), or_(*(~there for there in planned))
    )


def _gone(entity: str) -> Any:
    table = _TABLES[entity]
    names = [Blob.sha256 == getattr(table, field) for field in set(PARTS[entity].values())]
    row = exists().where(
        table.id == Blob.row_id,
        table.scope == Blob.scope,
        table.deleted_at.is_(None),
        or_(*names),
    )
    return and_(Blob.entity == entity, ~row)


def _forgotten(entity: str) -> Select[Any]:
    return select(func.count()).select_from(Blob).where(_gone(entity))


def _forget(entity: str) -> Any:
    return delete(Blob).where(_gone(entity))


def _receipt(said: list[Any]) -> Receipt | None:
    try:
        return Receipt.read(said) if said else None
    except ProtocolError:
        return None
