"""The device's own changes on their way: numbered once, sent until they are answered."""

from collections.abc import Sequence
from itertools import groupby
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from audit_app.sync.protocol import Cursor, Op, Request, TrailHead
from audit_app.version import VERSION
from db.journal import plain
from db.tables import Centre, CursorLog, OutboxOp, ScopeCursor, TrailEntry

PENDING, SEALED, SETTLING = "pending", "sealed", "settling"
ACKED, REFUSING, REFUSED, DROPPED = "acked", "refusing", "refused", "dropped"
"""See ``OutboxOp``; ``refusing`` is refused until its checkpoint has taken it off the screen."""

MOST_OPS = 2500
"""Ops in one request; measured as a good size (SYNC 2.7)."""


def next_request(
    session: Session,
    device: UUID,
    *,
    rows: int = 2500,
    ops: int = MOST_OPS,
    counts: bool = False,
) -> Request:
    """Seal what waits and say it, with how far everything was read.

    A sealed op never changes again: whatever becomes of this request, the same ops are sent until
    the centre has answered them.
    """
    centre = session.scalars(select(Centre)).first()
    acked = centre.acked if centre else 0
    sealed = _sealed(session, ops)
    top = max([acked, highest(session)])
    if len(sealed) < ops:
        sealed = [*sealed, *_seal(session, top, ops - len(sealed))]
    sent = tuple(_op(op) for op in sealed)
    cursors, log = _cursors(session)
    return Request(
        device=str(device),
        # The end of what this request brings: numbers behind it are not known there yet.
        top=max([acked, *(op.no for op in sent)]),
        acked=acked,
        ops=sent,
        cursors=cursors,
        log=log,
        limit=rows,
        instance=centre.instance if centre else "",
        app=VERSION,
        trail=_trail(session, device),
        counts=counts,
    )


def highest(session: Session) -> int:
    """The highest number ever given here that is still in the queue or the journal."""
    return session.scalar(select(func.coalesce(func.max(OutboxOp.no), 0))) or 0


def waiting(session: Session) -> int:
    """How many changes the centre has not answered yet."""
    states = (PENDING, SEALED)
    query = select(func.count()).select_from(OutboxOp).where(OutboxOp.state.in_(states))
    return session.scalar(query) or 0


def _sealed(session: Session, most: int) -> list[OutboxOp]:
    return _first_groups(session, SEALED, most)


def _seal(session: Session, top: int, most: int) -> list[OutboxOp]:
    found = _first_groups(session, PENDING, most)
    for no, op in enumerate(found, top + 1):
        op.no, op.state = no, SEALED
    session.flush()
    return found


def _first_groups(session: Session, state: str, most: int) -> list[OutboxOp]:
    """The first ops in this state; a group goes whole, even where it alone is too large."""
    query = select(OutboxOp).where(OutboxOp.state == state).order_by(OutboxOp.id)
    found = list(session.scalars(query.limit(most + 1)))
    if len(found) <= most:
        return found
    groups = [list(ops) for _, ops in groupby(found, key=lambda op: op.group)]
    if len(groups) > 1:
        return [op for ops in groups[:-1] for op in ops]
    return list(session.scalars(query.where(OutboxOp.group == found[0].group)))


def _op(op: OutboxOp) -> Op:
    assert op.no is not None, "only sealed ops are sent"  # noqa: S101 (a promise of ours)
    return Op(
        op.no,
        op.group,
        op.scope,
        op.entity,
        str(op.row_id),
        op.base or 0,
        op.set,
        str(plain(op.at)),
    )


def _cursors(session: Session) -> tuple[dict[str, Cursor], dict[str, Sequence[Cursor]]]:
    cursors: dict[str, Cursor] = {}
    asking = []
    for cursor in session.scalars(select(ScopeCursor).where(ScopeCursor.is_lost.is_(False))):
        cursors[cursor.scope] = (cursor.seq, cursor.commit_id)
        if cursor.asks:
            asking.append(cursor.scope)
    log: dict[str, Sequence[Cursor]] = {}
    for scope in asking:
        query = select(CursorLog).where(CursorLog.scope == scope).order_by(CursorLog.id)
        log[scope] = [(entry.seq, entry.commit_id) for entry in session.scalars(query)]
    return cursors, log


def _trail(session: Session, device: UUID) -> TrailHead | None:
    row = session.execute(
        select(TrailEntry.seq, TrailEntry.hash)
        .where(TrailEntry.device == device)
        .order_by(TrailEntry.seq.desc())
        .limit(1)
    ).first()
    return TrailHead(row.seq, row.hash.hex()) if row else None


def seal_again(session: Session, first: int) -> None:
    """The centre was put back to an older state: what it has forgotten is sent once more.

    Changes that a person let go are sent empty; their numbers must be filled.
    """
    known = (OutboxOp.no >= first,)
    session.execute(
        update(OutboxOp).where(*known, OutboxOp.state == DROPPED).values(set={}, state=ACKED)
    )
    session.execute(
        update(OutboxOp)
        .where(*known, OutboxOp.state.in_((ACKED, SETTLING, REFUSING, REFUSED)))
        .values(state=SEALED)
    )
    if session.scalar(select(OutboxOp.id).where(OutboxOp.no == first)) is None:
        # The journal no longer goes back that far; an empty op fills the gap in the numbers.
        last = session.scalars(select(OutboxOp).order_by(OutboxOp.id.desc()).limit(1)).one()
        session.add(
            OutboxOp(
                no=first,
                group=f"filler {first}",
                scope=last.scope,
                entity=last.entity,
                row_id=last.row_id,
                base=None,
                set={},
                state=SEALED,
                at=last.at,
            )
        )
