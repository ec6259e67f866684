"""One request of a device: hello, push and pull (SYNC 2.4)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection, delete, select, update

from audit_app.central.database import Database
from audit_app.central.intake import Sender
from audit_app.central.pull import common_points, counts_of, heads_of, pull, unknown_cursors
from audit_app.central.push import Gate, Pushed, push
from audit_app.central.tables import DEVICE, OP_RESULT
from audit_app.sync.protocol import (
    NOTHING_READ,
    Anchor,
    Answer,
    Cursor,
    Op,
    Request,
    Result,
    Status,
    TrailHead,
)

OLDEST_PROTOCOL = 1


class Policy(Gate, Protocol):
    """A gate that also knows what its user may read."""

    def readable(self, connection: Connection) -> set[str]:
        """The scopes this user may read."""
        ...


class Signer(Protocol):
    """Gives the centre's word on the head of a trail."""

    def anchor(self, connection: Connection, device: str, trail: TrailHead) -> Anchor | None:
        """The head as counter-signed; None where it does not follow what was signed before."""
        ...


@dataclass(frozen=True, slots=True)
class Exchange:
    """The centre's side of a sync, over one database.

    Attributes:
        instance: which centre this is; a device joined to another one is turned away.
    """

    database: Database
    instance: str
    signer: Signer | None = None

    def answer(self, request: Request, sender: Sender, policy: Policy, now: datetime) -> Answer:
        """Take in the ops, then hand out what is new.

        The push is one transaction. The pull is another one that only reads: what it hands out is
        committed, whatever becomes of this answer on its way.
        """
        if request.instance and request.instance != self.instance:
            return self._say(
                Status.OTHER_CENTRE, "This workspace belongs to another central store."
            )
        taken = self.database.run(
            lambda connection: self._take(connection, request, sender, policy, now),
            user=sender.user,
        )
        if isinstance(taken, Answer):
            return replace(taken, time=now.isoformat())
        if request.protocol < OLDEST_PROTOCOL:
            # What was sent is kept; only reading needs a newer program.
            answer = self._say(Status.UPGRADE, "Install a newer version of Onsite to read on.")
            return replace(answer, results=taken.results, last_op=taken.last_op)
        answer = self.database.read(
            lambda connection: self._hand_out(connection, request, taken, policy),
            user=sender.user,
        )
        return replace(answer, time=now.isoformat())

    def _say(self, status: Status, words: str = "") -> Answer:
        return Answer(status, self.instance, words=words)

    def _take(
        self,
        connection: Connection,
        request: Request,
        sender: Sender,
        policy: Policy,
        now: datetime,
    ) -> "Answer | _Taken":
        device = connection.execute(
            select(DEVICE.c.last_op, DEVICE.c.revoked_at)
            .where(DEVICE.c.id == sender.device)
            .with_for_update()
        ).first()
        if device is None or device.revoked_at is not None:
            return self._say(Status.REVOKED, "This device is no longer enrolled.")
        last = int(device.last_op)
        if request.top < last:
            # It was put back to an older state and would give its numbers out a second time.
            return self._say(Status.FORKED)
        _forget_results(connection, sender, request.acked)
        first = min((op.no for op in request.ops), default=request.top + 1)
        if first > last + 1:
            return replace(self._say(Status.NEED_FROM), need_from=last + 1)
        known = _results(connection, sender, request.ops)
        for op in request.ops:
            if op.no <= last and known.get(op.no, ("",))[0] != op.digest():
                return self._say(Status.FORKED)
        reset = self._resets(connection, request, policy)
        if reset:
            return replace(self._say(Status.RESET), reset=reset)
        results = {no: result for no, (_, result) in known.items()}
        fresh = sorted((op for op in request.ops if op.no > last), key=lambda op: op.no)
        pushed = push(connection, sender, fresh, policy, now) if fresh else _NOTHING_PUSHED
        results.update(pushed.results)
        top = max([last, *(op.no for op in fresh)])
        anchor = None
        if request.trail is not None and self.signer is not None:
            anchor = self.signer.anchor(connection, str(sender.device), request.trail)
        connection.execute(
            update(DEVICE)
            .where(DEVICE.c.id == sender.device)
            .values(last_op=top, last_seen=now, app=request.app, schema=request.schema)
        )
        return _Taken(results, pushed, top, anchor)

    def _resets(
        self, connection: Connection, request: Request, policy: Policy
    ) -> Mapping[str, int]:
        """Scopes to be read anew; looked at before anything is applied.

        The log is asked for only when it is needed: a first answer names the scopes with 0, and
        the device comes again with its earlier cursors of just those.
        """
        readable = policy.readable(connection)
        cursors = {s: c for s, c in request.cursors.items() if s in readable}
        heads = heads_of(connection, cursors)
        lost = unknown_cursors(connection, cursors, heads)
        return common_points(connection, request.log, lost) if lost else {}

    def _hand_out(
        self, connection: Connection, request: Request, taken: "_Taken", policy: Policy
    ) -> Answer:
        readable = policy.readable(connection)
        wanted = readable if request.everything else readable & request.cursors.keys()
        wanted |= readable & taken.pushed.heads.keys()
        cursors: dict[str, Cursor] = {s: request.cursors.get(s, NOTHING_READ) for s in wanted}
        forward = [
            scope
            for scope in taken.pushed.forward
            if scope in wanted and taken.pushed.heads[scope][0] == cursors[scope][0]
        ]
        for scope in forward:
            cursors[scope] = taken.pushed.heads[scope][1]
        page = pull(connection, cursors, request.limit)
        moved = {
            scope: cursor
            for scope, cursor in page.cursors.items()
            if cursor != request.cursors.get(scope)
        }
        return Answer(
            Status.OK,
            self.instance,
            results=taken.results,
            forward=tuple(sorted(forward)),
            rows=page.rows,
            cursors=moved,
            more=page.more,
            scopes=None if readable == request.cursors.keys() else tuple(sorted(readable)),
            counts=counts_of(connection, wanted) if request.counts and not page.more else {},
            last_op=taken.last_op,
            anchor=taken.anchor,
        )


@dataclass(frozen=True, slots=True)
class _Taken:
    results: Mapping[int, Result]
    pushed: Pushed
    last_op: int
    anchor: Anchor | None


_NOTHING_PUSHED = Pushed({}, {}, frozenset())


def _forget_results(connection: Connection, sender: Sender, acked: int) -> None:
    if acked:
        connection.execute(
            delete(OP_RESULT).where(OP_RESULT.c.device == sender.device, OP_RESULT.c.no <= acked)
        )


def _results(
    connection: Connection, sender: Sender, ops: tuple[Op, ...]
) -> dict[int, tuple[str, Result]]:
    if not ops:
        return {}
    query = select(OP_RESULT.c.no, OP_RESULT.c.digest, OP_RESULT.c.result).where(
        OP_RESULT.c.device == sender.device,
        OP_RESULT.c.no >= min(op.no for op in ops),
        OP_RESULT.c.no <= max(op.no for op in ops),
    )
    return {row.no: (row.digest, Result.read(row.result)) for row in connection.execute(query)}
