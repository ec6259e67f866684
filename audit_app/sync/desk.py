"""What a person sees of the sync: plain facts, and what waits, visit by visit."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audit_app.domain.merge import OPEN
from audit_app.sync.outbox import ACKED, PENDING, REFUSED, REFUSING, SEALED, SETTLING
from audit_app.sync.row_names import row_name
from db.store import Store
from db.tables import Centre, Conflict, OutboxOp


class Place(StrEnum):
    """Where a change is, in the words of UI 3."""

    HERE = "here"
    """On this device; there is no central store to send it to."""
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    NEEDS_YOU = "needs_you"


@dataclass(frozen=True, slots=True)
class Facts:
    """How this workspace stands with the centre.

    Attributes:
        trouble: why the last try failed, in words; "" after a good one.
        waiting, waiting_bytes: changes not yet at the centre, and their size before packing.
        clock_offset: seconds by which this device's clock is behind the centre's.
    """

    is_joined: bool
    address: str
    user: str
    role: str
    contact_at: datetime | None
    tried_at: datetime | None
    trouble: str
    waiting: int
    waiting_bytes: int
    refused: int
    conflicts: int
    clock_offset: float


@dataclass(frozen=True, slots=True)
class Thing:
    """So many changes of one kind, in one place."""

    kind: str
    place: Place
    count: int
    newest: datetime


@dataclass(frozen=True, slots=True)
class QueueGroup:
    """What waits of one audit, one vendor or the library."""

    scope: str
    title: str
    where: str
    things: tuple[Thing, ...]


class SyncDesk:
    """Reads for the Sync screen."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def facts(self) -> Facts:
        """The plain facts on top."""
        with self._store.read() as session:
            centre = session.scalars(select(Centre)).first()
            waiting, size = session.execute(
                select(func.count(), func.coalesce(func.sum(func.length(OutboxOp.set)), 0)).where(
                    OutboxOp.state.in_((PENDING, SEALED))
                )
            ).one()
            refused = _count(session, (REFUSED, REFUSING))
            conflicts = session.scalar(
                select(func.count())
                .select_from(Conflict)
                .where(Conflict.status == OPEN, Conflict.deleted_at.is_(None))
            )
        return Facts(
            is_joined=centre is not None,
            address=centre.address if centre else "",
            user=centre.user if centre else "",
            role=centre.role if centre else "",
            contact_at=centre.contact_at if centre else None,
            tried_at=centre.tried_at if centre else None,
            trouble=centre.trouble if centre else "",
            waiting=waiting,
            waiting_bytes=size,
            refused=refused,
            conflicts=conflicts or 0,
            clock_offset=centre.clock_offset if centre else 0.0,
        )

    def queue(self, most: int = 200) -> tuple[QueueGroup, ...]:
        """What waits, and what was sent last, by what it belongs to; newest first."""
        with self._store.read() as session:
            is_joined = session.scalars(select(Centre)).first() is not None
            rows = session.execute(
                select(
                    OutboxOp.scope,
                    OutboxOp.entity,
                    OutboxOp.state,
                    func.count(),
                    func.max(OutboxOp.at),
                ).group_by(OutboxOp.scope, OutboxOp.entity, OutboxOp.state)
            ).all()
            by_scope: dict[str, list[Thing]] = {}
            for scope, kind, state, count, newest in rows:
                place = _place(state, is_joined=is_joined)
                if place is not None:
                    by_scope.setdefault(scope, []).append(Thing(kind, place, count, newest))
            groups = [
                QueueGroup(scope, *_title(session, scope), _merged(things))
                for scope, things in by_scope.items()
            ]
        groups.sort(key=lambda group: max(thing.newest for thing in group.things), reverse=True)
        return tuple(groups[:most])


def _count(session: Session, states: Iterable[str]) -> int:
    query = select(func.count()).select_from(OutboxOp).where(OutboxOp.state.in_(tuple(states)))
    return session.scalar(query) or 0


def _place(state: str, *, is_joined: bool) -> Place | None:
    match state:
        case "pending":
            return Place.WAITING if is_joined else Place.HERE
        case "sealed":
            return Place.SENDING
        case "refused" | "refusing":
            return Place.NEEDS_YOU
        case _ if state in (ACKED, SETTLING):
            return Place.SENT
    return None


def _merged(things: Iterable[Thing]) -> tuple[Thing, ...]:
    """Things of one kind in one place, counted together, what needs a person first."""
    found: dict[tuple[str, Place], Thing] = {}
    for thing in things:
        key = (thing.kind, thing.place)
        other = found.get(key)
        found[key] = (
            thing
            if other is None
            else Thing(
                thing.kind,
                thing.place,
                thing.count + other.count,
                max(thing.newest, other.newest),
            )
        )
    order = [Place.NEEDS_YOU, Place.SENDING, Place.WAITING, Place.HERE, Place.SENT]
    return tuple(sorted(found.values(), key=lambda t: (order.index(t.place), t.kind)))


def _title(session: Session, scope: str) -> tuple[str, str]:
    kind, _, rest = scope.partition(":")
    try:
        row_id = UUID(rest)
    except ValueError:
        return scope, ""
    title, where = row_name(session, kind, row_id)
    return title or scope, where
