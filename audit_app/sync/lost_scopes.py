"""What this account may no longer read leaves the device, once nothing of it waits to be sent."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from audit_app.changes import Changes, Kind
from audit_app.domain.records import RECORDS
from audit_app.sync import mirror
from audit_app.sync.outbox import PENDING, REFUSED, SEALED, SETTLING
from db.store import Store
from db.tables import AuditSummary, CursorLog, OutboxOp, ScopeCursor, Shadow, Staged, UndoStep

_KEEPS = (PENDING, SEALED, SETTLING, REFUSED)
"""A change in one of these states is nowhere but here."""


def purge(store: Store) -> Changes:
    """Take lost scopes off this device; gives what left the screens."""
    with store.read() as session:
        lost = list(session.scalars(select(ScopeCursor.scope).where(ScopeCursor.is_lost)))
    if not lost:
        return Changes()
    gone = Changes()
    with store.settle() as session:
        for scope in lost:
            if not _is_waiting(session, scope):
                gone = gone | _purge(session, scope)
    return gone


def _is_waiting(session: Session, scope: str) -> bool:
    query = select(OutboxOp.id).where(OutboxOp.scope == scope, OutboxOp.state.in_(_KEEPS)).limit(1)
    return session.scalar(query) is not None


def _purge(session: Session, scope: str) -> Changes:
    gone = Changes()
    audits = mirror.rows_in(session, "audit", scope)
    for kind in reversed(list(RECORDS)):
        ids = mirror.rows_in(session, kind, scope)
        mirror.remove_rows(session, kind, ids)
        if ids and kind in {known.value for known in Kind}:
            gone = gone | Changes.of(Kind(kind), *ids)
    for audit_id in audits:
        session.execute(delete(AuditSummary).where(AuditSummary.audit_id == audit_id))
        session.execute(delete(UndoStep).where(UndoStep.audit_id == audit_id))
    for table in (OutboxOp, Shadow, Staged, CursorLog, ScopeCursor):
        session.execute(delete(table).where(table.scope == scope))
    return gone
