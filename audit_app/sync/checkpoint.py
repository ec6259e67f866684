"""What the centre said becomes what the screens show, at once and whole (SYNC 2.6).

Pages are put aside until the last one has come. Then, in one local transaction, every row that
arrived is shown with the device's own unsettled changes on top, and what was answered is settled.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from audit_app.changes import Changes, Kind
from audit_app.domain.records import DELETED, RECORDS
from audit_app.sync import mirror
from audit_app.sync.guards import hold_vanished
from audit_app.sync.outbox import ACKED, PENDING, REFUSED, REFUSING, SEALED, SETTLING
from db.tables import OutboxOp, Shadow, Staged

Name = tuple[str, UUID]
"""Kind and id of a row."""

_SHOWN_AS: Mapping[str, Kind] = {
    **{kind.value: kind for kind in Kind if kind.value in RECORDS},
    "template_version": Kind.TEMPLATE,
    "report_issue": Kind.REPORT,
}


@dataclass(slots=True)
class Shown:
    """What a checkpoint brought.

    Attributes:
        rows: rows that are new or different on the screens, by kind.
        audits: audits whose answers changed: what is in memory of them is out of date.
        waiting: rows that stay aside until a parent or a newer program comes.
        held: rows that the centre no longer has; they are kept here.
    """

    rows: dict[str, set[UUID]] = field(default_factory=dict)
    audits: set[UUID] = field(default_factory=set)
    waiting: int = 0
    held: int = 0

    @property
    def changes(self) -> Changes:
        """For the screens."""
        touched: dict[Kind, frozenset[UUID]] = {}
        for kind, ids in self.rows.items():
            shown = _SHOWN_AS.get(kind)
            if shown is not None:
                touched[shown] = touched.get(shown, frozenset()) | ids
        return Changes(touched)


@dataclass(frozen=True, slots=True)
class _Arrived:
    """A row as the centre has it, about to be shown."""

    scope: str
    seq: int | None
    values: Mapping[str, Any]
    created: datetime
    changed: datetime


def show(session: Session, now: datetime) -> Shown:
    """Settle what was answered and show what is complete."""
    shown = Shown()
    shown.held = hold_vanished(session)
    arrived = _take_stage(session, shown, now)
    names = _names(arrived)
    ended = _ended(session) - names
    ahead = _unsettled(session, names | ended)
    for kind in RECORDS:
        rows = arrived.get(kind, {})
        if rows:
            _show_kind(session, kind, rows, ahead, shown)
    _show_ended(session, ended, ahead, shown, now)
    for before, after in ((SETTLING, ACKED), (REFUSING, REFUSED)):
        session.execute(update(OutboxOp).where(OutboxOp.state == before).values(state=after))
    _clear_shadows(session)
    return shown


def _names(arrived: Mapping[str, Mapping[Name, _Arrived]]) -> set[Name]:
    return {name for rows in arrived.values() for name in rows}


def _take_stage(session: Session, shown: Shown, now: datetime) -> dict[str, dict[Name, _Arrived]]:
    """The staged rows that can be shown, taken off the stage; the others stay on it."""
    staged: dict[Name, _Arrived] = {}
    for found in session.execute(select(Staged.__table__)).mappings():
        staged[found["entity"], found["id"]] = _Arrived(
            found["scope"],
            found["seq"],
            found["fields"],
            _moment(found["created"], now),
            _moment(found["changed"], now),
        )
    ready = {name: row for name, row in staged.items() if mirror.can_hold(name[0], row.values)}
    _drop_orphans(session, ready)
    shown.waiting = len(staged) - len(ready)
    if len(ready) == len(staged):
        session.execute(delete(Staged))
    else:
        for kind, row_id in ready:
            session.execute(delete(Staged).where(Staged.entity == kind, Staged.id == row_id))
    by_kind: dict[str, dict[Name, _Arrived]] = {}
    for name, row in ready.items():
        by_kind.setdefault(name[0], {})[name] = row
    return by_kind


def _drop_orphans(session: Session, ready: dict[Name, _Arrived]) -> None:
    """Leave out rows whose parent is neither here nor among them, and then their children."""
    parents = {name: mirror.parents_of(name[0], row.values) for name, row in ready.items()}
    missing = {parent for named in parents.values() for parent in named} - ready.keys()
    for kind in {kind for kind, _ in missing}:
        ids = {row_id for other, row_id in missing if other == kind}
        missing -= {(kind, row_id) for row_id in mirror.existing(session, kind, ids)}
    while True:
        orphans = [name for name in ready if any(p in missing for p in parents[name])]
        if not orphans:
            return
        for name in orphans:
            del ready[name]
            missing.add(name)


def _unsettled(session: Session, names: set[Name]) -> dict[Name, list[OutboxOp]]:
    """The device's own changes that must stay on top, oldest first."""
    query = select(OutboxOp).where(OutboxOp.state.in_((PENDING, SEALED))).order_by(OutboxOp.id)
    ahead: dict[Name, list[OutboxOp]] = {}
    for op in session.scalars(query):
        name = (op.entity, op.row_id)
        if name in names:
            ahead.setdefault(name, []).append(op)
    return ahead


def _show_kind(
    session: Session,
    kind: str,
    rows: Mapping[Name, _Arrived],
    ahead: Mapping[Name, list[OutboxOp]],
    shown: Shown,
) -> None:
    before = mirror.read_rows(session, kind, (row_id for _, row_id in rows))
    written, parted = [], []
    for name, row in rows.items():
        row_id = name[1]
        values = overlaid(row.values, ahead.get(name, ()))
        if name in ahead:
            parted.append(_shadow_row(kind, row_id, row))
        made = mirror.columns(kind, row_id, row.scope, row.seq, values, row.created, row.changed)
        written.append(made)
        if _told(before.get(row_id)) != _told(values):
            shown.rows.setdefault(kind, set()).add(row_id)
            _note_audit(kind, values, shown)
    mirror.write_rows(session, kind, written)
    if parted:
        ids = [row["row_id"] for row in parted]
        session.execute(delete(Shadow).where(Shadow.row_id.in_(ids)))
        session.execute(insert(Shadow), parted)


class Sets(Protocol):
    """Anything that sets fields, as an op does."""

    @property
    def set(self) -> Mapping[str, Any]:
        """The fields and their values."""
        ...


def overlaid(values: Mapping[str, Any], ops: Iterable[Sets]) -> dict[str, Any]:
    """What the centre has, with the device's own changes on top."""
    out = dict(values)
    for op in ops:
        out.update(op.set)
    return {name: value for name, value in out.items() if value is not None}


def _told(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Empty text and no text are the same to a reader."""
    if values is None:
        return None
    return {n: v for n, v in values.items() if v not in ("", [], None, False)}


def _shadow_row(kind: str, row_id: UUID, row: _Arrived) -> dict[str, Any]:
    return {
        "row_id": row_id,
        "entity": kind,
        "scope": row.scope,
        "seq": row.seq,
        "fields": dict(row.values),
    }


def _note_audit(kind: str, values: Mapping[str, Any], shown: Shown) -> None:
    if kind in {"answer", "finding", "evidence"} and "audit_id" in values:
        shown.audits.add(UUID(values["audit_id"]))


def _ended(session: Session) -> set[Name]:
    """Rows with a change that was answered since the last checkpoint."""
    return _with_state(session, SETTLING, REFUSING)


def _with_state(session: Session, *states: str) -> set[Name]:
    query = select(OutboxOp.entity, OutboxOp.row_id).where(OutboxOp.state.in_(states))
    return {(row.entity, row.row_id) for row in session.execute(query)}


def _show_ended(
    session: Session,
    names: set[Name],
    ahead: Mapping[Name, list[OutboxOp]],
    shown: Shown,
    now: datetime,
) -> None:
    """A change that did not go in leaves the screen, though its row did not come again.

    One that lost against an unseen value stands in a conflict; a refused one waits in its tray. A
    row that the centre has never had is hidden, not removed: it comes back when the change is sent
    again.
    """
    if not names:
        return
    refused = _with_state(session, REFUSING)
    shadows = {(row.entity, row.row_id): row for row in session.scalars(select(Shadow))}
    for kind in RECORDS:
        changed = {n for n in names if n[0] == kind and (n in shadows or n in refused)}
        here = mirror.read_rows(session, kind, (row_id for _, row_id in changed))
        written = []
        for name in changed:
            row_id, shadow, own = name[1], shadows.get(name), ahead.get(name, [])
            if row_id not in here:
                continue
            if shadow is not None:
                values, scope, seq = overlaid(shadow.fields, own), shadow.scope, shadow.seq
            else:
                values, seq = {**here[row_id], DELETED: now.isoformat()}, None
                scope = _scope_of(session, kind, row_id)
            written.append(mirror.columns(kind, row_id, scope, seq, values, now, now))
            shown.rows.setdefault(kind, set()).add(row_id)
            _note_audit(kind, values, shown)
        mirror.write_rows(session, kind, written)


def _scope_of(session: Session, kind: str, row_id: UUID) -> str:
    table = mirror.TABLES[kind]
    return str(session.scalar(select(table.c.scope).where(table.c.id == row_id)))


def _clear_shadows(session: Session) -> None:
    """A row without unsettled changes is what the centre said; nothing need stand beside it."""
    open_rows = select(OutboxOp.row_id).where(OutboxOp.state.in_((PENDING, SEALED)))
    session.execute(
        delete(Shadow)
        .where(Shadow.row_id.not_in(open_rows))
        .execution_options(synchronize_session=False)
    )


def _moment(text: str, now: datetime) -> datetime:
    """A moment as another device's clock told it; a wrong one must not stop the sync."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return now
    return moment if moment.tzinfo else now
