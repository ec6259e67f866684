"""One answer of the centre is taken in: one local transaction, and the next request is known."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from audit_app.sync import mirror
from audit_app.sync.answered import take_results
from audit_app.sync.checkpoint import Shown, show
from audit_app.sync.guards import mass_deletion
from audit_app.sync.outbox import (
    ACKED,
    PENDING,
    REFUSED,
    REFUSING,
    SEALED,
    SETTLING,
    seal_again,
    waiting,
)
from audit_app.sync.protocol import Answer, Request, Row, Status, Verdict
from db.store import Store
from db.tables import Centre, CursorLog, OutboxOp, ScopeCursor, Shadow, Staged, TrailAnchor

KEPT_CURSORS = 50
"""Earlier cursors of a scope that are remembered, for a centre put back to an older backup."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What an answer led to.

    Attributes:
        again: another request is needed.
        shown: what the checkpoint brought; None while pages are still to come.
        refused: changes that were refused.
        asks: rows that would vanish, and of how many; nothing is shown before a person says yes.
    """

    again: bool
    shown: Shown | None = None
    refused: int = 0
    asks: tuple[int, int] | None = None


def take_in(
    store: Store, request: Request, answer: Answer, now: datetime, *, may_delete: bool = False
) -> Taken:
    """Take in one answer to one request; whole or not at all.

    Args:
        may_delete: a person has said yes to a mass deletion.
    """
    with store.settle() as session:
        _note_contact(session, answer, now)
        match answer.status:
            case Status.FORKED:
                _fork(store, session)
                return Taken(again=True)
            case Status.NEED_FROM:
                seal_again(session, answer.need_from)
                _set_acked(session, answer.need_from - 1)
                return Taken(again=True)
            case Status.RESET:
                _reset(session, request, answer)
                return Taken(again=True)
            case Status.OK:
                return _settle(session, answer, now, may_delete=may_delete)
    return Taken(again=False)


def _note_contact(session: Session, answer: Answer, now: datetime) -> None:
    centre = session.scalars(select(Centre)).first()
    if centre is None or answer.status is Status.OTHER_CENTRE:
        return
    centre.instance = centre.instance or answer.instance
    centre.contact_at, centre.trouble = now, ""
    centre.durable = max(centre.durable, answer.durable_op)
    if answer.time:
        # Told to people only; nothing is decided by it.
        centre.clock_offset = (datetime.fromisoformat(answer.time) - now).total_seconds()


def _set_acked(session: Session, no: int) -> None:
    session.execute(update(Centre).values(acked=no))


def _fork(store: Store, session: Session) -> None:
    """Another device, or an older or newer copy of this one, uses these numbers.

    The device takes a new name and numbers what is not settled from 1 again. The worst of it is
    one more visible conflict.
    """
    store.rename_device(session)
    _set_acked(session, 0)
    session.execute(delete(OutboxOp).where(OutboxOp.state.in_((ACKED, SETTLING))))
    session.execute(update(OutboxOp).where(OutboxOp.state == REFUSING).values(state=REFUSED))
    session.execute(update(OutboxOp).where(OutboxOp.state == SEALED).values(state=PENDING))
    session.execute(update(OutboxOp).values(no=None))


def _reset(session: Session, request: Request, answer: Answer) -> None:
    """The centre has lost part of what was read: tell it where, then read those scopes anew."""
    for scope, common in answer.reset.items():
        cursor = session.get(ScopeCursor, scope)
        if cursor is None:
            continue
        if scope not in request.log:
            cursor.asks = True
            continue
        cursor.seq, cursor.commit_id, cursor.fresh, cursor.asks = 0, "", True, False
        mine = OutboxOp.scope == scope
        session.execute(update(OutboxOp).where(mine, OutboxOp.base > common).values(base=common))
        session.execute(
            update(Shadow).where(Shadow.scope == scope, Shadow.seq > common).values(seq=common)
        )
        mirror.lower_seq(session, scope, common)
        session.execute(delete(Staged).where(Staged.scope == scope))
        session.execute(delete(CursorLog).where(CursorLog.scope == scope))


def _settle(session: Session, answer: Answer, now: datetime, *, may_delete: bool) -> Taken:
    take_results(session, answer)
    refused = sum(1 for r in answer.results.values() if r.verdict is Verdict.REFUSED)
    if answer.results:
        highest = max(answer.results)
        session.execute(update(Centre).where(Centre.acked < highest).values(acked=highest))
    _stage(session, answer.rows)
    _note_scopes(session, answer.scopes)
    for scope, (seq, commit) in answer.cursors.items():
        _move_cursor(session, scope, seq, commit)
    _note_anchor(session, answer)
    if answer.more:
        return Taken(again=True, refused=refused)
    asks = None if may_delete else mass_deletion(session)
    if asks is not None:
        return Taken(again=False, refused=refused, asks=asks)
    shown = show(session, now)
    return Taken(waiting(session) > 0, shown, refused)


def _stage(session: Session, rows: Iterable[Row]) -> None:
    batch: list[dict[str, Any]] = [
        {
            "entity": row.entity,
            "id": UUID(row.id),
            "scope": row.scope,
            "seq": row.seq,
            "fields": dict(row.values),
            "created": row.created,
            "changed": row.changed,
        }
        for row in rows
    ]
    if not batch:
        return
    session.flush()
    statement = insert(Staged)
    session.connection().execute(
        statement.on_conflict_do_update(
            index_elements=["entity", "id"],
            set_={n: statement.excluded[n] for n in batch[0] if n not in {"entity", "id"}},
        ),
        batch,
    )
    session.expire_all()


def _note_scopes(session: Session, scopes: tuple[str, ...] | None) -> None:
    """Which scopes this account may read now; what it lost is put aside by the engine."""
    if scopes is None:
        return
    known = {cursor.scope: cursor for cursor in session.scalars(select(ScopeCursor))}
    for scope in scopes:
        if scope not in known:
            session.add(ScopeCursor(scope=scope))
        else:
            known[scope].is_lost = False
    for scope, cursor in known.items():
        if scope not in scopes:
            cursor.is_lost = True
    session.flush()


def _move_cursor(session: Session, scope: str, seq: int, commit: str) -> None:
    cursor = session.get(ScopeCursor, scope)
    if cursor is None:
        cursor = ScopeCursor(scope=scope)
        session.add(cursor)
    moved = (cursor.seq, cursor.commit_id) != (seq, commit)
    cursor.seq, cursor.commit_id, cursor.asks = seq, commit, False
    if not (moved and seq):
        return
    session.add(CursorLog(scope=scope, seq=seq, commit_id=commit))
    session.flush()
    old = (
        select(CursorLog.id)
        .where(CursorLog.scope == scope)
        .order_by(CursorLog.id.desc())
        .offset(KEPT_CURSORS)
    )
    session.execute(delete(CursorLog).where(CursorLog.id.in_(old)))


def _note_anchor(session: Session, answer: Answer) -> None:
    said = answer.anchor
    if said is not None:
        session.merge(
            TrailAnchor(
                device=UUID(said.device),
                seq=said.seq,
                head=said.head,
                time=said.time,
                signature=said.signature,
                instance=answer.instance,
            )
        )
