"""Merging a device's ops into rows: group by group, whole or not at all."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection, select

from audit_app.central.rows import (
    BadValue,
    CentralRow,
    Key,
    check,
    is_storable,
    load,
    new_row,
    save,
    write_many,
)
from audit_app.central.rules import broken_rule
from audit_app.central.tables import ERASED, HISTORY, OP_RESULT
from audit_app.domain.merge import Clash, Incoming, Merged, Version, merge
from audit_app.domain.records import CONFLICT, RECORDS, Record
from audit_app.sync.protocol import Op, Result, Verdict

_NAMES = UUID("5c1f8f5e-9c0e-5d3b-9a44-6a3e0f5b7c21")
"""Conflicts are named by what they are about, so that a repeated op makes no second one."""

_UNKNOWN = Record("", {}, {})

Refusal = Callable[[Op, CentralRow | None], Result | None]


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose device is talking.

    Attributes:
        device: the id its ops are numbered under.
        by: the user's name, for people who read conflicts and history.
    """

    device: UUID
    user: UUID
    by: str


@dataclass(slots=True)
class Head:
    """The end of one scope while it is locked."""

    seq: int
    commit: str
    before: int
    exact: bool = True


@dataclass(slots=True)
class Intake:
    """One push under way: rows in memory, written at the end.

    Attributes:
        refusal: the policy's word on one op, None where the user may.
        results: what became of each op, by number.
    """

    connection: Connection
    sender: Sender
    refusal: Refusal
    heads: dict[str, Head]
    now: datetime
    results: dict[int, Result] = field(default_factory=dict)
    rows: dict[Key, CentralRow] = field(default_factory=dict)
    dirty: dict[Key, None] = field(default_factory=dict)
    undo: dict[Key, tuple[CentralRow | None, bool]] = field(default_factory=dict)
    erased: set[tuple[str, str]] = field(default_factory=set)
    history: list[dict[str, Any]] = field(default_factory=list)
    digests: list[tuple[Op, Result]] = field(default_factory=list)

    def read_rows(self, ops: Iterable[Op]) -> None:
        """Load every row that these ops touch, and the audits they belong to."""
        keys: set[Key] = set()
        for op in ops:
            keys.add((op.scope, op.entity, op.id))
            audit = op.values.get("audit_id")
            if isinstance(audit, str):
                keys.add((op.scope, "audit", audit))
        keys = {key for key in keys if _is_uuid(key[2])}
        self.rows = load(self.connection, keys)
        parents = {
            (row.scope, "audit", str(row.values["audit_id"]))
            for row in self.rows.values()
            if "audit_id" in row.values
        }
        self.rows.update(load(self.connection, parents - self.rows.keys()))
        ids = {UUID(row) for _, _, row in keys}
        if ids:
            found = self.connection.execute(select(ERASED).where(ERASED.c.id.in_(ids)))
            self.erased = {(row.entity, str(row.id)) for row in found}

    def take_group(self, ops: Sequence[Op]) -> None:
        """Merge a group whole, or refuse it whole."""
        self.undo = {}
        kept = {op.scope: self.heads[op.scope].seq for op in ops if op.scope in self.heads}
        results: list[Result] = []
        applied: list[dict[str, Any] | None] = []
        refused: Result | None = None
        for op in ops:
            outcome = self._take(op)
            if isinstance(outcome, Result):
                refused = outcome
                break
            results.append(outcome[0])
            applied.append(outcome[1])
        if refused is None:
            broken = broken_rule(ops, self.rows.get)
            refused = broken and Result(Verdict.REFUSED, 0, *broken)
        if refused is not None:
            self._take_back()
            for scope, seq in kept.items():
                self.heads[scope].seq, self.heads[scope].exact = seq, False
            results, applied = [refused] * len(ops), [{}] * len(ops)
        for op, result, written in zip(ops, results, applied, strict=True):
            self.results[op.no] = result
            self._note(op, result, written)

    def _take(self, op: Op) -> Result | tuple[Result, dict[str, Any] | None]:
        """Merge one op: a refusal, or its result and what was written if that differs from it."""
        if op.scope not in self.heads:
            return _refused("scope", "This account may not write there.")
        if not _is_uuid(op.id):
            return _refused("id", "The row has no proper id.")
        if (op.entity, op.id) in self.erased:
            return _refused("gone", "This was erased for good.")
        key = (op.scope, op.entity, op.id)
        stored = self.rows.get(key)
        refusal = self.refusal(op, stored)
        if refusal is not None:
            return refusal
        try:
            values = check(op.entity, op.values)
        except BadValue as error:
            return _refused("value", f"The centre cannot store this: {error}.")
        record = RECORDS.get(op.entity, _UNKNOWN)
        if stored is None:
            lacking = [
                f.name for f in record.fields.values() if f.needed and values.get(f.name) is None
            ]
            if lacking:
                return _refused("incomplete", f"A new {op.entity} needs {', '.join(lacking)}.")
        row = stored or new_row(key, op.at)
        incoming = Incoming(str(self.sender.device), op.no, op.base, values)
        merged = merge(record, row.stored(), incoming, self._base_value(op))
        return self._keep(op, row, merged, values)

    def _keep(
        self, op: Op, row: CentralRow, merged: Merged, values: Mapping[str, Any]
    ) -> tuple[Result, dict[str, Any] | None]:
        head = self.heads[op.scope]
        if merged.changes:
            head.seq += 1
            version = Version(head.seq, str(self.sender.device), op.no)
            row = row.with_changes(merged.changes, version, op.at)
            self._put(row)
        for clash in merged.clashes:
            self._put(self._conflict(op, row, clash))
        is_exact = all(row.values.get(name) == value for name, value in values.items()) and all(
            name in values for name in merged.changes
        )
        head.exact = head.exact and is_exact
        verdict = Verdict.CONFLICT if merged.clashes else Verdict.OK
        return Result(verdict, row.seq), None if is_exact else dict(merged.changes)

    def _put(self, row: CentralRow) -> None:
        self.undo.setdefault(row.key, (self.rows.get(row.key), row.key in self.dirty))
        self.rows[row.key] = row
        self.dirty[row.key] = None

    def _take_back(self) -> None:
        for key, (before, was_dirty) in self.undo.items():
            if before is None:
                del self.rows[key]
            else:
                self.rows[key] = before
            if not was_dirty:
                del self.dirty[key]

    def _conflict(self, op: Op, row: CentralRow, clash: Clash) -> CentralRow:
        """A row that travels like any other and waits for a person."""
        head = self.heads[op.scope]
        head.seq += 1
        device = str(self.sender.device)
        named = uuid5(_NAMES, "/".join((op.entity, op.id, clash.field, device, str(op.no))))
        by, at = self._writer_of(row, clash.field)
        values = {
            "entity": op.entity,
            "row_id": op.id,
            "field": clash.field,
            "base": [clash.base],
            "central": [clash.central],
            "candidate": [clash.candidate],
            "device": device,
            "by": self.sender.by,
            "at": op.at,
            "central_by": by,
            "central_at": at,
            "status": clash.status,
        }
        empty = new_row((op.scope, CONFLICT, str(named)), op.at)
        version = Version(head.seq, device, op.no)
        return empty.with_changes(check(CONFLICT, values), version, op.at)

    def _writer_of(self, row: CentralRow, name: str) -> tuple[str, str | None]:
        version = row.stored().versions.get(name)
        if version is None:
            return "", None
        found = self.connection.execute(
            select(HISTORY.c.by, HISTORY.c.at_client).where(
                HISTORY.c.scope == row.scope,
                HISTORY.c.device == UUID(version.device),
                HISTORY.c.no == version.no,
            )
        ).first()
        return (found.by, found.at_client) if found else (self.sender.by, None)

    def _base_value(self, op: Op) -> Callable[[str], Any]:
        """What a field held when the device read the row last."""

        def value(name: str) -> Any:
            if not op.base:
                return None
            query = (
                select(HISTORY.c["values"], HISTORY.c.applied)
                .where(
                    HISTORY.c.scope == op.scope,
                    HISTORY.c.row_id == UUID(op.id),
                    HISTORY.c.seq <= op.base,
                )
                .order_by(HISTORY.c.seq.desc())
            )
            for sent, applied in self.connection.execute(query):
                written = sent if applied is None else applied
                if name in written:
                    return written[name]
            return None

        return value

    def _note(self, op: Op, result: Result, applied: dict[str, Any] | None) -> None:
        self.digests.append((op, result))
        if op.scope not in self.heads or not _is_uuid(op.id):
            return
        self.history.append(
            {
                "scope": op.scope,
                "device": str(self.sender.device),
                "no": op.no,
                "seq": result.seq,
                "entity": op.entity,
                "row_id": op.id,
                # What no database holds was refused; its device keeps it, and the rest goes on.
                "values": dict(op.values) if is_storable(op.values) else {},
                "applied": applied,
                "verdict": result.verdict.value,
                "by": self.sender.by,
                "at_client": op.at,
                "at_server": self.now.isoformat(),
            }
        )

    def write(self) -> None:
        """Everything into the database."""
        connection, device = self.connection, str(self.sender.device)
        save(connection, (self.rows[key] for key in self.dirty))
        write_many(connection, HISTORY, self.history)
        write_many(
            connection,
            OP_RESULT,
            [
                {"device": device, "no": op.no, "digest": op.digest(), "result": result.wire()}
                for op, result in self.digests
            ],
        )


def _refused(code: str, words: str) -> Result:
    return Result(Verdict.REFUSED, 0, code, words)


def _is_uuid(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
