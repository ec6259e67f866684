"""What became of each op that was sent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from audit_app.sync import mirror
from audit_app.sync.checkpoint import overlaid
from audit_app.sync.outbox import PENDING, REFUSING, SEALED, SETTLING
from audit_app.sync.protocol import Answer, Verdict
from db.tables import OutboxOp, Shadow, Staged

_AT_ONCE = 500
"""Numbers in one statement; SQLite bounds how many a statement may name."""


@dataclass(frozen=True, slots=True)
class Forwarded:
    """An op of ours that was written at the centre just as it was sent."""

    entity: str
    row_id: UUID
    scope: str
    set: Mapping[str, Any]
    seq: int


def take_results(session: Session, answer: Answer) -> None:
    """Each answered op is settling: it stays on the screen until the checkpoint holds its outcome."""
    if not answer.results:
        return
    numbers = answer.results.keys()
    query = (
        select(OutboxOp.no, OutboxOp.entity, OutboxOp.row_id, OutboxOp.scope, OutboxOp.set)
        .where(OutboxOp.no >= min(numbers), OutboxOp.no <= max(numbers), OutboxOp.state == SEALED)
        .order_by(OutboxOp.no)
    )
    answered = [op for op in session.execute(query) if op.no in answer.results]
    settled = [op.no for op in answered if _is_taken(answer, op.no)]
    for start in range(0, len(settled), _AT_ONCE):
        session.execute(
            update(OutboxOp)
            .where(OutboxOp.no.in_(settled[start : start + _AT_ONCE]))
            .values(state=SETTLING, code="", words="")
            .execution_options(synchronize_session=False)
        )
    for op in answered:
        if not _is_taken(answer, op.no):
            result = answer.results[op.no]
            session.execute(
                update(OutboxOp)
                .where(OutboxOp.no == op.no)
                .values(state=REFUSING, code=result.code, words=result.words)
                .execution_options(synchronize_session=False)
            )
    _forward(
        session,
        [
            Forwarded(op.entity, op.row_id, op.scope, op.set, answer.results[op.no].seq)
            for op in answered
            if op.scope in answer.forward and _is_taken(answer, op.no)
        ],
    )


def _is_taken(answer: Answer, no: int) -> bool:
    return answer.results[no].verdict is not Verdict.REFUSED


def _forward(session: Session, forwarded: Sequence[Forwarded]) -> None:
    """Rows that only this push changed: the centre has them as they are here.

    Where more of the device's own changes wait, or a colleague's row is on the stage, the op goes
    into what the centre is known to have instead.
    """
    if not forwarded:
        return
    names = {(op.entity, op.row_id) for op in forwarded}
    ahead = _names_ahead(session, names)
    staged = _staged(session, names)
    has_shadows = session.scalar(select(Shadow.row_id).limit(1)) is not None
    known: dict[str, dict[UUID, int | None]] = {}
    for op in forwarded:
        name = (op.entity, op.row_id)
        if name in staged:
            row = staged[name]
            row.fields = overlaid(row.fields, [op])
            row.seq = op.seq
        elif name in ahead:
            _grow_shadow(session, op)
        elif op.entity in mirror.TABLES:
            known.setdefault(op.entity, {})[op.row_id] = op.seq
    for kind, numbers in known.items():
        mirror.set_seq(session, kind, numbers)
        # What stood beside the row is older than what the centre has now.
        if has_shadows:
            ids = list(numbers)
            for start in range(0, len(ids), _AT_ONCE):
                some = ids[start : start + _AT_ONCE]
                session.execute(delete(Shadow).where(Shadow.row_id.in_(some)))


def _names_ahead(session: Session, names: set[tuple[str, UUID]]) -> set[tuple[str, UUID]]:
    query = select(OutboxOp.entity, OutboxOp.row_id).where(OutboxOp.state.in_((PENDING, SEALED)))
    return {(row.entity, row.row_id) for row in session.execute(query)} & names


def _staged(session: Session, names: set[tuple[str, UUID]]) -> dict[tuple[str, UUID], Staged]:
    if not session.scalar(select(func.count()).select_from(Staged)):
        return {}
    rows = session.scalars(select(Staged))
    return {(row.entity, row.id): row for row in rows if (row.entity, row.id) in names}


def _grow_shadow(session: Session, op: Forwarded) -> None:
    shadow = session.get(Shadow, op.row_id)
    if shadow is None:
        session.add(
            Shadow(
                row_id=op.row_id,
                entity=op.entity,
                scope=op.scope,
                seq=op.seq,
                fields=overlaid({}, [op]),
            )
        )
        session.flush()
    else:
        shadow.fields = overlaid(shadow.fields, [op])
        shadow.seq = op.seq
