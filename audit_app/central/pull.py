"""Handing out what is new: the current rows past each cursor, in the order of their scope."""

import heapq
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, Select, and_, func, or_, select

from audit_app.central.rows import CentralRow, from_columns, kinds
from audit_app.central.tables import OTHER, SCOPE, SCOPE_COMMIT
from audit_app.domain.records import DELETED, RECORDS
from audit_app.sync.protocol import Cursor, Row

_MOST_AT_ONCE = 500
"""Scopes in one query: a longer list of conditions is slow to plan."""


@dataclass(frozen=True, slots=True)
class Pulled:
    """One page.

    Attributes:
        cursors: how far each scope is read with it.
        more: rows are left.
    """

    rows: tuple[Row, ...]
    cursors: Mapping[str, Cursor]
    more: bool


def heads_of(connection: Connection, scopes: Iterable[str]) -> dict[str, Cursor]:
    """The end of each scope that exists."""
    query = select(SCOPE.c.id, SCOPE.c.seq, SCOPE.c.commit_id).where(SCOPE.c.id.in_(set(scopes)))
    return {row.id: (row.seq, row.commit_id) for row in connection.execute(query)}


def unknown_cursors(
    connection: Connection, cursors: Mapping[str, Cursor], heads: Mapping[str, Cursor]
) -> set[str]:
    """Scopes whose cursor this centre has no history for: it was restored from a backup.

    A page may end inside a commit, so a cursor may stand before the commit it names.
    """
    doubtful = {s: c for s, c in cursors.items() if c[0] and heads.get(s) != c}
    known = _commits(connection, {commit for _, commit in doubtful.values()})
    return {s for s, (seq, commit) in doubtful.items() if known.get((s, commit), -1) < seq}


def common_points(
    connection: Connection, log: Mapping[str, Iterable[Cursor]], scopes: Iterable[str]
) -> dict[str, int]:
    """For each scope the newest of the device's earlier cursors that is known here, else 0."""
    wanted = {scope: list(log.get(scope, ())) for scope in scopes}
    known = _commits(connection, {commit for log in wanted.values() for _, commit in log})
    return {
        scope: max((seq for seq, c in cursors if known.get((scope, c), -1) >= seq), default=0)
        for scope, cursors in wanted.items()
    }


def _commits(connection: Connection, names: Iterable[str]) -> dict[tuple[str, str], int]:
    wanted = set(names) - {""}
    if not wanted:
        return {}
    query = select(SCOPE_COMMIT.c.scope, SCOPE_COMMIT.c.commit_id, SCOPE_COMMIT.c.seq).where(
        SCOPE_COMMIT.c.commit_id.in_(wanted)
    )
    return {(row.scope, row.commit_id): row.seq for row in connection.execute(query)}


def pull(connection: Connection, cursors: Mapping[str, Cursor], limit: int) -> Pulled:
    """The next rows of these scopes, at most ``limit``.

    Rows that change while pages are read move to a higher number and come later, so a device must
    read on until nothing is left, whatever the end was when it began.
    """
    heads = heads_of(connection, cursors)
    behind = {s: c[0] for s, c in cursors.items() if s in heads and c[0] < heads[s][0]}
    found = list(_page(connection, behind, limit + 1)) if behind else []
    more = len(found) > limit
    rows = found[:limit]
    reached = {s: heads[s] for s in cursors if s in heads}
    if more:
        # Scopes are read one after the other; the page ends inside the last one it holds.
        last = rows[-1]
        later = {scope for scope in behind if scope > last.scope}
        for scope in later:
            del reached[scope]
        reached[last.scope] = (last.seq, _commit_at(connection, last.scope, last.seq))
    return Pulled(tuple(row.wire() for row in rows), reached, more)


def _page(connection: Connection, behind: Mapping[str, int], limit: int) -> Iterator[CentralRow]:
    """Rows of all kinds in the order of scope and number."""
    left = limit
    names = sorted(behind)
    for start in range(0, len(names), _MOST_AT_ONCE):
        some = {name: behind[name] for name in names[start : start + _MOST_AT_ONCE]}
        streams = [_of_kind(connection, kind, some, left) for kind, _ in kinds()]
        for row in heapq.merge(*streams, key=lambda row: (row.scope, row.seq)):
            yield row
            left -= 1
            if not left:
                return


def _of_kind(
    connection: Connection, kind: str, behind: Mapping[str, int], limit: int
) -> list[CentralRow]:
    table = dict(kinds())[kind]
    query: Select[tuple[object, ...]] = (
        select(table)
        .where(or_(*(and_(table.c.scope == s, table.c.seq > seq) for s, seq in behind.items())))
        .order_by(table.c.scope, table.c.seq)
        .limit(limit)
    )
    rows = connection.execute(query).mappings()
    return [from_columns(row["entity"] if table is OTHER else kind, row) for row in rows]


def _commit_at(connection: Connection, scope: str, seq: int) -> str:
    """The commit that a number lies in."""
    return str(
        connection.scalar(
            select(SCOPE_COMMIT.c.commit_id)
            .where(SCOPE_COMMIT.c.scope == scope, SCOPE_COMMIT.c.seq >= seq)
            .order_by(SCOPE_COMMIT.c.seq)
            .limit(1)
        )
        or ""
    )


def counts_of(connection: Connection, scopes: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Rows of each scope, and how many of them are tombstones: to compare at the end of a sync."""
    totals: dict[str, tuple[int, int]] = dict.fromkeys(scopes, (0, 0))
    for kind, table in kinds():
        is_known = kind in RECORDS
        gone = func.count(table.c[DELETED]) if is_known else func.count(table.c.extra[DELETED])
        query = (
            select(table.c.scope, func.count(), gone)
            .where(table.c.scope.in_(totals))
            .group_by(table.c.scope)
        )
        for scope, rows, deleted in connection.execute(query):
            before = totals[scope]
            totals[scope] = (before[0] + rows, before[1] + deleted)
    return totals
