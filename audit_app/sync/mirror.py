"""Rows as the centre sends them, and rows as the tables of this device hold them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Enum, Table, bindparam, delete, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from audit_app.domain.records import RECORDS, Shape
from db.base import BOOKKEEPING, Base
from db.journal import plain

TABLES: Mapping[str, Table] = {kind: Base.metadata.tables[kind] for kind in RECORDS}


def can_hold(kind: str, values: Mapping[str, Any]) -> bool:
    """Whether this version of the program understands such a row.

    A kind it does not know, a word it has not learnt or a needed field that is missing keep a row
    waiting as it came; fields it does not know are kept beside the others.
    """
    record = RECORDS.get(kind)
    if record is None:
        return False
    table = TABLES[kind]
    try:
        for name, value in values.items():
            if name not in record.fields or value is None:
                continue
            words = table.c[name].type
            if isinstance(words, Enum) and value not in words.enums:
                return False
            _typed(record.fields[name].shape, value)
    except (TypeError, ValueError):
        return False
    needed = (field.name for field in record.fields.values() if field.needed)
    return all(values.get(name) is not None for name in needed)


def parents_of(kind: str, values: Mapping[str, Any]) -> list[tuple[str, UUID]]:
    """The rows that must be there before this one can be shown."""
    record = RECORDS[kind]
    return [
        (parent, UUID(str(values[name])))
        for name, parent in record.parents.items()
        if values.get(name) is not None
    ]


def read_rows(session: Session, kind: str, ids: Iterable[UUID]) -> dict[UUID, dict[str, Any]]:
    """Rows as the tables hold them, as plain values; nothing that is empty."""
    table, record = TABLES[kind], RECORDS[kind]
    found: dict[UUID, dict[str, Any]] = {}
    wanted = list(ids)
    for start in range(0, len(wanted), 500):
        some = wanted[start : start + 500]
        for row in session.execute(select(table).where(table.c.id.in_(some))).mappings():
            values = {n: plain(row[n]) for n in record.fields if row[n] is not None}
            found[row["id"]] = values | (row["extra"] or {})
    return found


def existing(session: Session, kind: str, ids: Iterable[UUID]) -> set[UUID]:
    """Those of the ids that have a row."""
    table = TABLES[kind]
    wanted = list(ids)
    found: set[UUID] = set()
    for start in range(0, len(wanted), 500):
        query = select(table.c.id).where(table.c.id.in_(wanted[start : start + 500]))
        found.update(session.scalars(query))
    return found


def write_rows(session: Session, kind: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write rows as ``columns`` made them, new and known ones alike."""
    batch = list(rows)
    if not batch:
        return
    table = TABLES[kind]
    statement = insert(table)
    session.connection().execute(
        statement.on_conflict_do_update(
            index_elements=["id"],
            set_={
                column.name: statement.excluded[column.name]
                for column in table.columns
                # When a row was made is told once; the first to hear of it keeps that.
                if column.name not in {"id", "created_at"}
            },
        ),
        batch,
    )


def columns(
    kind: str,
    row_id: UUID,
    scope: str,
    seq: int | None,
    values: Mapping[str, Any],
    created: datetime,
    changed: datetime,
) -> dict[str, Any]:
    """One row for its table; what is not told takes the column's own default."""
    table, record = TABLES[kind], RECORDS[kind]
    out: dict[str, Any] = {
        "id": row_id,
        "scope": scope,
        "seq": seq,
        "extra": {name: value for name, value in values.items() if name not in record.fields},
        "created_at": created,
        "changed_at": changed,
    }
    for column in table.columns:
        name = column.name
        if name in BOOKKEEPING:
            continue
        value = values.get(name)
        if value is None:
            default: Any = column.default
            out[name] = None if column.nullable or default is None else _default(default)
        else:
            out[name] = _typed(record.fields[name].shape, value)
    return out


def _default(default: Any) -> Any:
    # A callable default is wrapped to take a context; ours (list, dict) ignore it.
    return default.arg if default.is_scalar else default.arg(None)


def set_seq(session: Session, kind: str, numbers: Mapping[UUID, int | None]) -> None:
    """Note how far these rows are known to the centre; what they hold stays."""
    table = TABLES[kind]
    session.connection().execute(
        update(table).where(table.c.id == bindparam("p_row")).values(seq=bindparam("p_seq")),
        [{"p_row": row_id, "p_seq": seq} for row_id, seq in numbers.items()],
    )


def lower_seq(session: Session, scope: str, common: int) -> None:
    """Nothing of this scope after ``common`` is known to the centre any more."""
    for table in TABLES.values():
        session.connection().execute(
            update(table).where(table.c.scope == scope, table.c.seq > common).values(seq=common)
        )


def rows_in(session: Session, kind: str, scope: str) -> set[UUID]:
    """Rows of a scope that the centre is said to hold."""
    table = TABLES[kind]
    query = select(table.c.id).where(table.c.scope == scope, table.c.seq.is_not(None))
    return set(session.scalars(query))


def remove_rows(session: Session, kind: str, ids: Iterable[UUID]) -> None:
    """Take rows off this device; used only where an account lost the right to read them."""
    table = TABLES[kind]
    for row_id in ids:
        session.connection().execute(delete(table).where(table.c.id == row_id))


def typed(kind: str, name: str, value: Any) -> Any:
    """A plain value as the table of its kind holds it."""
    record, column = RECORDS[kind], TABLES[kind].c[name]
    if value is None:
        default: Any = column.default
        return None if column.nullable or default is None else _default(default)
    made = _typed(record.fields[name].shape, value)
    words = column.type
    return words.enum_class(made) if isinstance(words, Enum) and words.enum_class else made


def _typed(shape: Shape, value: Any) -> Any:
    match shape:
        case Shape.MOMENT:
            return datetime.fromisoformat(value)
        case Shape.DAY:
            return date.fromisoformat(value)
        case Shape.ID:
            return UUID(value)
        case Shape.REAL:
            return float(value)
        case Shape.LIST if not isinstance(value, list):
            raise TypeError
        case Shape.TEXT if not isinstance(value, str):
            raise TypeError
        case Shape.INTEGER if not isinstance(value, int):
            raise TypeError
    return value
