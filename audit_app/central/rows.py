"""Rows of the central store: as typed columns in the database, as plain values in between."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, RowMapping, Table, bindparam, column, func, select
from sqlalchemy.dialects.postgresql import JSONB, insert

from audit_app.central.tables import OTHER, RECORD_TABLES
from audit_app.domain.merge import Stored, Version
from audit_app.domain.records import RECORDS, Record, Shape
from audit_app.sync.protocol import Row

Key = tuple[str, str, str]
"""Scope, kind, id."""

_ALL = "*"
"""Stands for every field that holds something and has no version of its own."""

_LONGEST = 200_000
"""Characters of one text; a longer one is refused."""


class BadValue(ValueError):
    """A value that its field cannot hold; the words name the field."""


@dataclass(frozen=True, slots=True)
class CentralRow:
    """One row with the versions of its fields.

    Attributes:
        versions: field name, or ``*``, to (seq, device, no).
        created, changed: the clocks of the devices that made it and changed it last.
    """

    scope: str
    entity: str
    id: str
    seq: int
    values: Mapping[str, Any]
    versions: Mapping[str, Sequence[Any]]
    created: str
    changed: str

    @property
    def key(self) -> Key:
        """What names the row."""
        return self.scope, self.entity, self.id

    def stored(self) -> Stored:
        """As the merge reads it."""
        named = {name: Version(*known) for name, known in self.versions.items() if name != _ALL}
        common = self.versions.get(_ALL)
        if common is not None:
            every = Version(*common)
            named = dict.fromkeys(self.values, every) | named
        return Stored(self.values, named)

    def with_changes(self, changes: Mapping[str, Any], version: Version, at: str) -> "CentralRow":
        """The row after one op wrote these fields."""
        mark = (version.seq, version.device, version.no)
        versions: dict[str, Sequence[Any]] = dict(self.versions)
        if versions:
            versions.update(dict.fromkeys(changes, mark))
        else:
            versions[_ALL] = mark
        values = {k: v for k, v in {**self.values, **changes}.items() if v is not None}
        return replace(self, seq=version.seq, values=values, versions=versions, changed=at)

    def wire(self) -> Row:
        """As it is sent."""
        return Row(
            self.entity, self.id, self.scope, self.seq, self.values, self.created, self.changed
        )


def new_row(key: Key, at: str) -> CentralRow:
    """A row that nobody has sent yet."""
    return CentralRow(*key, 0, {}, {}, at, at)


def check(kind: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values in the one spelling that is stored.

    Raises:
        BadValue: one of them does not fit its field.
    """
    record = RECORDS.get(kind)
    return {name: _checked(record, name, value) for name, value in values.items()}


def _checked(record: Record | None, name: str, value: Any) -> Any:
    _refuse_unstorable(name, value)
    field = record.fields.get(name) if record else None
    if field is None or value is None:
        return value
    try:
        return _plain(_typed(field.shape, value))
    except (TypeError, ValueError, OverflowError) as error:
        raise BadValue(f"{name} does not hold {field.shape}") from error


def _refuse_unstorable(name: str, value: Any) -> None:
    if isinstance(value, str):
        if "\x00" in value or len(value) > _LONGEST or _has_half_signs(value):
            raise BadValue(f"{name} holds text that cannot be stored")
    elif isinstance(value, list):
        for part in value:
            _refuse_unstorable(name, part)
    elif isinstance(value, dict):
        for part in (*value, *value.values()):
            _refuse_unstorable(name, part)
    elif isinstance(value, float) and not math.isfinite(value):
        raise BadValue(f"{name} is not a number")


def is_storable(values: Mapping[str, Any]) -> bool:
    """Whether the database can hold these values at all, fit for their fields or not."""
    try:
        _refuse_unstorable("values", dict(values))
    except BadValue:
        return False
    return True


def _has_half_signs(text: str) -> bool:
    return any(0xD800 <= ord(sign) <= 0xDFFF for sign in text) if not text.isascii() else False


def _typed(shape: Shape, value: Any) -> Any:
    """A plain value as the database takes it."""
    match shape:
        case Shape.MOMENT:
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is None:
                raise ValueError("a moment needs its zone")
            return moment.astimezone(UTC)
        case Shape.DAY:
            return date.fromisoformat(value)
        case Shape.ID:
            return UUID(value)
        case Shape.FLAG:
            wanted: type | tuple[type, ...] = bool
        case Shape.INTEGER:
            wanted = int
        case Shape.REAL:
            wanted = (int, float)
        case Shape.LIST:
            wanted = (list, dict)
        case _:
            wanted = str
    is_flag = isinstance(value, bool)
    if not isinstance(value, wanted) or (is_flag and shape is not Shape.FLAG):
        raise TypeError
    if isinstance(value, int) and not -(2**63) <= value < 2**63:
        raise OverflowError
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return value


def load(connection: Connection, keys: Iterable[Key]) -> dict[Key, CentralRow]:
    """Those of the named rows that exist."""
    wanted: dict[str, list[Key]] = {}
    for key in keys:
        wanted.setdefault(key[1], []).append(key)
    found: dict[Key, CentralRow] = {}
    for kind, named in wanted.items():
        table = RECORD_TABLES.get(kind, OTHER)
        query = select(table).where(
            table.c.scope.in_({scope for scope, _, _ in named}),
            table.c.id.in_({UUID(row) for _, _, row in named}),
        )
        if table is OTHER:
            query = query.where(OTHER.c.entity == kind)
        for row in connection.execute(query).mappings():
            central = from_columns(kind, row)
            found[central.key] = central
    return {key: found[key] for named in wanted.values() for key in named if key in found}


def from_columns(kind: str, row: RowMapping) -> CentralRow:
    """A row as read from the table of its kind."""
    record = RECORDS.get(kind)
    values = {
        name: _plain(row[name])
        for name in (record.fields if record else ())
        if row[name] is not None
    }
    return CentralRow(
        row["scope"],
        kind,
        str(row["id"]),
        row["seq"],
        values | row["extra"],
        row["versions"],
        row["row_created_at"],
        row["row_changed_at"],
    )


def save(connection: Connection, rows: Iterable[CentralRow]) -> None:
    """Write rows, new and changed ones alike."""
    by_kind: dict[str, list[CentralRow]] = {}
    for row in rows:
        by_kind.setdefault(row.entity, []).append(row)
    for kind, group in by_kind.items():
        table = RECORD_TABLES.get(kind, OTHER)
        write_many(connection, table, [_columns(row) for row in group], replacing=True)


def write_many(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, Any]],
    *,
    replacing: bool = False,
) -> None:
    """Write many rows in one statement; the database reads them from one JSON text.

    Thousands of statements cost more than the rows themselves. Every value is plain JSON, and a
    name that a row lacks is null.

    Args:
        replacing: a row with the same key takes the new values.
    """
    if not rows:
        return
    source = func.jsonb_to_recordset(bindparam("rows", type_=JSONB)).table_valued(
        *(column(c.name, c.type) for c in table.columns), name="given"
    )
    given = source.render_derived(with_types=True)
    names = [c.name for c in table.columns]
    statement = insert(table).from_select(names, select(*(given.c[name] for name in names)))
    if replacing:
        keys = [c.name for c in table.primary_key]
        statement = statement.on_conflict_do_update(
            index_elements=keys,
            set_={name: statement.excluded[name] for name in names if name not in keys},
        )
    connection.execute(statement, {"rows": list(rows)})


def _columns(row: CentralRow) -> dict[str, Any]:
    record = RECORDS.get(row.entity)
    columns: dict[str, Any] = {
        "scope": row.scope,
        "id": row.id,
        "seq": row.seq,
        "versions": dict(row.versions),
        "row_created_at": row.created,
        "row_changed_at": row.changed,
    }
    if record is None:
        return columns | {"entity": row.entity, "extra": dict(row.values)}
    known = {name: value for name, value in row.values.items() if name in record.fields}
    extra = {name: value for name, value in row.values.items() if name not in record.fields}
    return columns | known | {"extra": extra}


def kinds() -> Iterator[tuple[str, Table]]:
    """Every table that holds rows, with its kind; "" for the one of unknown kinds."""
    yield from RECORD_TABLES.items()
    yield "", OTHER
