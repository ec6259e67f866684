"""The one mechanism that writes trail and outbox with every change.

A write session carries who does what. When it flushes, each synced row that is new or changed
yields one trail entry and one outbox op in the same transaction. No service calls this; no
service can go round it: writes in a session without a journal are refused, and so is any statement
on a synced table that does not come out of such a flush, however it was written.
"""

import hashlib
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Engine, event, inspect, select
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction
from sqlalchemy.orm.attributes import History

from audit_app.clock import Clock
from db.base import BOOKKEEPING, Base, Synced
from db.tables.system import OutboxOp, Shadow, TrailEntry

FIRST = b"\x00" * 32
"""What stands before the first entry of a chain."""

UNSETTLED = ("pending", "sealed", "settling")
"""States of an op whose outcome is not yet in the row."""

_KEY = "onsite.journal"
_FLUSHING = "onsite.flushing"

_CHANGES = re.compile(
    r"""\b(?:(?:INSERT|REPLACE)\b[^'"(]*?\bINTO|UPDATE(?:\s+OR\s+\w+)?|DELETE\s+FROM)
    \s+["`\[]?(\w+)""",
    re.IGNORECASE | re.VERBOSE,
)
"""The table that a statement changes."""


@dataclass(slots=True)
class Journal:
    """Who does what in one write session, and where the device's chain stands.

    Attributes:
        group: one name for all ops of the session: they are applied together or not at all.
    """

    clock: Clock
    device: UUID
    actor: str
    action: str
    reason: str | None
    version: str
    group: str
    seq: int
    head: bytes
    ops: dict[UUID, OutboxOp] = field(default_factory=dict)


def attach(session: Session, journal: Journal) -> None:
    """Give a session its journal."""
    session.info[_KEY] = journal


def begin_group(session: Session, group: str) -> None:
    """From here on the changes of this session are a group of their own.

    They are committed here with the rest of the session; at the centre they go in, or are
    refused, without it.
    """
    session.flush()
    journal: Journal = session.info[_KEY]
    journal.group = group


def canonical(record: object) -> str:
    """Canonical JSON: sorted keys, no blanks, unescaped Unicode (after RFC 8785)."""
    return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def chain(previous: bytes, body: str) -> bytes:
    """The hash of an entry after the one before it."""
    inner = hashlib.sha256(b"\x00" + body.encode()).digest()
    return hashlib.sha256(b"\x01" + previous + inner).digest()


def plain(value: object) -> object:
    """A column's value as JSON can hold it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, bytes):
        return value.hex()
    return value


def listen(session_class: type[Session]) -> None:
    """Make every session of this class keep its journal."""
    event.listen(session_class, "before_flush", _before_flush)
    event.listen(session_class, "after_flush", _after_flush)
    event.listen(session_class, "do_orm_execute", _refuse_bulk)


def guard(engine: Engine) -> None:
    """Let no statement of this engine change a synced table outside a journalled flush."""
    synced = {
        mapper.class_.__tablename__.casefold()
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Synced)
    }

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.info[_FLUSHING] = False

    @event.listens_for(engine, "before_cursor_execute")
    def _before_execute(
        connection: Connection,
        _cursor: object,
        statement: str,
        _parameters: object,
        _context: object,
        _executemany: object,
    ) -> None:
        if connection.info.get(_FLUSHING):
            return
        for table in _CHANGES.findall(statement):
            if table.casefold() in synced:
                raise RuntimeError(f"{table} changes row by row, so that the trail sees it.")


def let_centre_write(session: Session) -> None:
    """Open the guard for one transaction: rows that come from the centre are no changes of ours."""
    session.connection().info[_FLUSHING] = True


def _after_flush(session: Session, _flush: UOWTransaction) -> None:
    session.connection().info[_FLUSHING] = False


def _refuse_bulk(state: ORMExecuteState) -> None:
    if not (state.is_insert or state.is_update or state.is_delete):
        return
    for mapper in state.all_mappers:
        if issubclass(mapper.class_, Synced):
            raise RuntimeError(
                f"{mapper.class_.__name__} changes row by row, so that the trail sees it."
            )


def _before_flush(session: Session, _flush: UOWTransaction, _instances: object) -> None:
    for row in session.deleted:
        if isinstance(row, Synced):
            raise RuntimeError(f"{type(row).__name__} is never removed; set deleted_at.")
    changed = [row for row in (*session.new, *session.dirty) if isinstance(row, Synced)]
    if not changed:
        return
    journal: Journal | None = session.info.get(_KEY)
    if journal is None:
        raise RuntimeError("Synced rows change only in a session of Store.write.")
    for row in changed:
        _note(session, journal, row, new=row in session.new)
    session.connection().info[_FLUSHING] = True


def _note(session: Session, journal: Journal, row: Synced, *, new: bool) -> None:
    now = journal.clock.now()
    if new:
        if inspect(row).attrs["created_at"].value is None:
            row.created_at = now
        row.changed_at = now
        _fill_defaults(row)
    old, fresh = _difference(row, new=new)
    if not fresh:
        return
    row.changed_at = now
    kind = row.__tablename__
    _write_entry(session, journal, kind, row.id, old, fresh, now)
    _write_op(session, journal, kind, row, old, fresh, now)


def _fill_defaults(row: Synced) -> None:
    """Plain column defaults now, so that the trail shows what the row will hold."""
    for attribute in inspect(row).mapper.column_attrs:
        default = attribute.columns[0].default
        if getattr(row, attribute.key) is None and default is not None and default.is_scalar:
            setattr(row, attribute.key, default.arg)


def _difference(row: Synced, *, new: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    state = inspect(row)
    old, fresh = _extra_difference(state.attrs["extra"].history, row.extra or {})
    for attribute in state.mapper.column_attrs:
        name = attribute.key
        if name in BOOKKEEPING:
            continue
        value = plain(getattr(row, name))
        if new:
            if value is not None:
                fresh[name] = value
            continue
        history = state.attrs[name].history
        if not history.has_changes():
            continue
        before = plain(history.deleted[0]) if history.deleted else None
        if before != value:
            old[name], fresh[name] = before, value
    return old, fresh


def _extra_difference(
    history: History, extra: dict[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Fields that this version does not know, and that came with a change from elsewhere."""
    if not history.has_changes():
        return {}, {}
    before: dict[str, Any] = (history.deleted[0] if history.deleted else None) or {}
    names = [name for name in {**before, **extra} if before.get(name) != extra.get(name)]
    old = {name: before.get(name) for name in names} if history.deleted else {}
    return old, {name: extra.get(name) for name in names}


def _write_entry(
    session: Session,
    journal: Journal,
    kind: str,
    object_id: UUID,
    old: dict[str, Any],
    fresh: dict[str, Any],
    now: datetime,
) -> None:
    journal.seq += 1
    record: dict[str, Any] = {
        "v": 1,
        "device": str(journal.device),
        "seq": journal.seq,
        "wall": plain(now),
        "actor": journal.actor,
        "action": journal.action,
        "kind": kind,
        "id": str(object_id),
        "old": old,
        "new": fresh,
        "app": journal.version,
    }
    if journal.reason:
        record["reason"] = journal.reason
    body = canonical(record)
    head = chain(journal.head, body)
    session.add(
        TrailEntry(
            device=journal.device,
            seq=journal.seq,
            kind=kind,
            object_id=object_id,
            body=body,
            previous=journal.head,
            hash=head,
        )
    )
    journal.head = head


def _shadow(kind: str, row: Synced, old: dict[str, Any]) -> Shadow:
    """The row as the centre last said it was."""
    names = (attribute.key for attribute in inspect(row).mapper.column_attrs)
    fields = {n: plain(getattr(row, n)) for n in names if n not in BOOKKEEPING}
    fields |= (row.extra or {}) | old
    known = {name: value for name, value in fields.items() if value is not None}
    return Shadow(row_id=row.id, entity=kind, scope=row.scope, seq=row.seq, fields=known)


def _write_op(
    session: Session,
    journal: Journal,
    kind: str,
    row: Synced,
    old: dict[str, Any],
    fresh: dict[str, Any],
    now: datetime,
) -> None:
    """Add to the pending op of the row, or start one.

    The base of a new op is the smallest of the row's sequence and the bases of its unsettled ops
    (SYNC 2.6): an own change still on its way does not prove that a colleague's was seen. With the
    first unsettled op the row parts from what the centre said, and that is put aside.
    """
    pending = journal.ops.get(row.id)
    if pending is None:
        with session.no_autoflush:
            open_ops = session.scalars(
                select(OutboxOp).where(OutboxOp.row_id == row.id, OutboxOp.state.in_(UNSETTLED))
            ).all()
            if not open_ops and row.seq is not None:
                session.merge(_shadow(kind, row, old))
        pending = next((op for op in open_ops if op.state == "pending"), None)
        if pending is None:
            bases = [row.seq, *(op.base for op in open_ops)]
            known = [base for base in bases if base is not None]
            pending = OutboxOp(
                group=journal.group,
                scope=row.scope,
                entity=kind,
                row_id=row.id,
                base=min(known) if known and None not in bases else None,
                set={},
                state="pending",
                at=now,
            )
            session.add(pending)
        journal.ops[row.id] = pending
    pending.set = {**pending.set, **fresh}
    pending.at = now
