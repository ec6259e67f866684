"""Taking in a device's changes: one transaction, in the order of their numbers (SYNC 2.4)."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Protocol

from sqlalchemy import Connection, insert, select, update

from audit_app.central.intake import Head, Intake, Sender
from audit_app.central.rows import CentralRow
from audit_app.central.tables import SCOPE, SCOPE_COMMIT
from audit_app.sync.protocol import Cursor, Op, Result


class Gate(Protocol):
    """What a user may do; the policy's side of a push."""

    def open_scopes(self, connection: Connection, ops: Mapping[str, Sequence[Op]]) -> set[str]:
        """Of scopes that are new or foreign, those this user may write to, made ready for it."""
        ...

    def refusal(self, op: Op, stored: CentralRow | None) -> Result | None:
        """Why this user may not make this change; None if he may."""
        ...


@dataclass(frozen=True, slots=True)
class Pushed:
    """What a push did.

    Attributes:
        heads: scope to (seq before, new cursor).
        forward: scopes in which every op was written just as it was sent.
    """

    results: Mapping[int, Result]
    heads: Mapping[str, tuple[int, Cursor]]
    forward: frozenset[str]


def push(
    connection: Connection, sender: Sender, ops: Sequence[Op], gate: Gate, now: datetime
) -> Pushed:
    """Apply new ops; the device's row is locked and their numbers were checked."""
    by_scope: dict[str, list[Op]] = {}
    for op in ops:
        by_scope.setdefault(op.scope, []).append(op)
    allowed = gate.open_scopes(connection, by_scope)
    heads = _lock(connection, allowed)
    intake = Intake(connection, sender, gate.refusal, heads, now)
    intake.read_rows(op for op in ops if op.scope in heads)
    for _, group in groupby(ops, key=lambda op: op.group):
        intake.take_group(tuple(group))
    intake.write()
    _commit(connection, sender, heads, now)
    return Pushed(
        intake.results,
        {scope: (head.before, (head.seq, head.commit)) for scope, head in heads.items()},
        frozenset(scope for scope, head in heads.items() if head.exact),
    )


def _lock(connection: Connection, scopes: Iterable[str]) -> dict[str, Head]:
    """Lock the scopes in one order everywhere, so that two pushes cannot wait for each other."""
    wanted = sorted(scopes)
    if not wanted:
        return {}
    rows = connection.execute(
        select(SCOPE.c.id, SCOPE.c.seq, SCOPE.c.commit_id)
        .where(SCOPE.c.id.in_(wanted))
        .order_by(SCOPE.c.id)
        .with_for_update()
    )
    return {row.id: Head(row.seq, row.commit_id, row.seq) for row in rows}


def _commit(
    connection: Connection, sender: Sender, heads: Mapping[str, Head], now: datetime
) -> None:
    """Give the new end of each scope its name: a cursor with it proves this history."""
    for scope, head in heads.items():
        if head.seq == head.before:
            continue
        head.commit = secrets.token_hex(6)
        connection.execute(
            update(SCOPE).where(SCOPE.c.id == scope).values(seq=head.seq, commit_id=head.commit)
        )
        connection.execute(
            insert(SCOPE_COMMIT).values(
                scope=scope, seq=head.seq, commit_id=head.commit, device=sender.device, at=now
            )
        )
