"""What the centre refused, and what it has lost: nothing of it vanishes, a person decides."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from audit_app.clock import Clock
from audit_app.domain.records import DELETED, RECORDS
from audit_app.sync import mirror
from audit_app.sync.checkpoint import overlaid
from audit_app.sync.outbox import DROPPED, PENDING, REFUSED, SEALED, SETTLING
from audit_app.sync.row_names import row_name
from db.store import Store
from db.tables import OutboxOp, Shadow


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """One change that needs a person.

    Attributes:
        words: why the centre refused it.
    """

    id: int
    entity: str
    row_id: UUID
    about: str
    where: str
    values: dict[str, Any]
    code: str
    words: str
    at: datetime


class TrayService:
    """The changes that need attention; they never block the others."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def refused(self) -> tuple[RefusedRow, ...]:
        """What was refused, oldest first."""
        with self._store.read() as session:
            query = select(OutboxOp).where(OutboxOp.state == REFUSED).order_by(OutboxOp.id)
            return tuple(
                RefusedRow(
                    op.id,
                    op.entity,
                    op.row_id,
                    *row_name(session, op.entity, op.row_id),
                    dict(op.set),
                    op.code,
                    op.words,
                    op.at,
                )
                for op in session.scalars(query)
            )

    def send_again(self, ids: Iterable[int]) -> int:
        """Put refused changes back into the queue, and onto the screen; gives how many."""
        now, count = self._clock.now(), 0
        with self._store.settle() as session:
            query = select(OutboxOp).where(OutboxOp.id.in_(set(ids)), OutboxOp.state == REFUSED)
            for op in session.scalars(query.order_by(OutboxOp.id)).all():
                op.state, op.no, op.code, op.words = PENDING, None, "", ""
                session.flush()
                _show_again(session, op, now)
                count += 1
        return count

    def let_go(self, ids: Iterable[int]) -> None:
        """Give refused changes up. The trail on this device still tells of them."""
        with self._store.settle() as session:
            session.execute(
                update(OutboxOp)
                .where(OutboxOp.id.in_(set(ids)), OutboxOp.state == REFUSED)
                .values(state=DROPPED)
            )

    def held(self) -> int:
        """Rows that a restored centre no longer has, and that no change of this device brings."""
        with self._store.read() as session:
            return sum(len(_held(session, kind)) for kind in RECORDS)

    def send_held(self) -> int:
        """Send rows that the centre has lost, as they are here; gives how many."""
        now, count = self._clock.now(), 0
        with self._store.settle() as session:
            group = str(self._clock.new_id())
            for kind in RECORDS:
                ids = _held(session, kind)
                scopes = _scopes(session, kind, ids)
                for row_id, values in mirror.read_rows(session, kind, ids).items():
                    session.add(
                        OutboxOp(
                            group=group,
                            scope=scopes[row_id],
                            entity=kind,
                            row_id=row_id,
                            base=None,
                            set=values,
                            state=PENDING,
                            at=now,
                        )
                    )
                    count += 1
        return count


def _show_again(session: Session, op: OutboxOp, now: datetime) -> None:
    here = mirror.read_rows(session, op.entity, [op.row_id]).get(op.row_id)
    if here is None:
        return
    shadow = session.get(Shadow, op.row_id)
    table = mirror.TABLES[op.entity]
    seq = session.scalar(select(table.c.seq).where(table.c.id == op.row_id))
    if shadow is None and seq is not None:
        # The row parts from what the centre said once more; that is put aside again.
        fields = dict(here)
        session.add(
            Shadow(row_id=op.row_id, entity=op.entity, scope=op.scope, seq=seq, fields=fields)
        )
    values = {name: value for name, value in here.items() if name != DELETED or seq is not None}
    row = mirror.columns(op.entity, op.row_id, op.scope, seq, overlaid(values, [op]), now, now)
    mirror.write_rows(session, op.entity, [row])


def _held(session: Session, kind: str) -> set[UUID]:
    """Rows the centre does not have and for which no change is on its way or waits for a person."""
    table = mirror.TABLES[kind]
    unsent = set(session.scalars(select(table.c.id).where(table.c.seq.is_(None))))
    if not unsent:
        return unsent
    states = (PENDING, SEALED, SETTLING, REFUSED, DROPPED)
    query = select(OutboxOp.row_id).where(OutboxOp.entity == kind, OutboxOp.state.in_(states))
    return unsent - set(session.scalars(query))


def _scopes(session: Session, kind: str, ids: set[UUID]) -> dict[UUID, str]:
    table = mirror.TABLES[kind]
    rows = session.execute(select(table.c.id, table.c.scope).where(table.c.seq.is_(None)))
    return {row.id: row.scope for row in rows if row.id in ids}
