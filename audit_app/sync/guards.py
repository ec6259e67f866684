"""A wrong, an empty or a restored centre must never take rows away from a laptop."""

from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from audit_app.domain.records import DELETED, RECORDS
from audit_app.sync import mirror
from audit_app.sync.outbox import SETTLING
from db.tables import OutboxOp, ScopeCursor, Shadow, Staged

MOST_DELETIONS, LARGE_SHARE, FEW = 50, 0.3, 5
"""A checkpoint that deletes more rows than this, or a larger share of their kinds, is asked about."""


def mass_deletion(session: Session) -> tuple[int, int] | None:
    """How many rows would vanish, of how many, if that is more than one would expect.

    An empty or a wrong centre must never empty a laptop (SYNC 1.2).
    """
    gone, alive = 0, 0
    for kind, table in mirror.TABLES.items():
        deleted = Staged.fields[DELETED].as_string().is_not(None)
        going = set(session.scalars(select(Staged.id).where(Staged.entity == kind, deleted)))
        if going:
            here = set(session.scalars(select(table.c.id).where(table.c.deleted_at.is_(None))))
            gone += len(going & here)
            alive += len(here)
    is_many = gone > MOST_DELETIONS or (gone > FEW and gone > alive * LARGE_SHARE)
    return (gone, alive) if is_many else None


def hold_vanished(session: Session) -> int:
    """After a restored centre was read anew: rows it has lost stay here, as not yet sent.

    Gives how many.
    """
    held = 0
    query = select(ScopeCursor).where(ScopeCursor.fresh.is_(True))
    sent_again = _sent_again(session)
    for cursor in session.scalars(query).all():
        for kind in RECORDS:
            here = mirror.rows_in(session, kind, cursor.scope)
            if not here:
                continue
            there = set(
                session.scalars(
                    select(Staged.id).where(Staged.entity == kind, Staged.scope == cursor.scope)
                )
            )
            # What was just sent again is there, though it is not sent back.
            gone = here - there - {row_id for k, row_id in sent_again if k == kind}
            if gone:
                mirror.set_seq(session, kind, dict.fromkeys(gone))
                session.execute(delete(Shadow).where(Shadow.row_id.in_(gone)))
                held += len(gone)
        cursor.fresh = False
    return held


def _sent_again(session: Session) -> set[tuple[str, UUID]]:
    query = select(OutboxOp.entity, OutboxOp.row_id).where(OutboxOp.state == SETTLING)
    return {(row.entity, row.row_id) for row in session.execute(query)}
