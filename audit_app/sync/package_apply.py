"""A package's rows are written: in one transaction, as changes of this device."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.orm import Session

from audit_app.clock import Clock
from audit_app.domain.merge import Clash
from audit_app.domain.records import RECORDS
from audit_app.sync import mirror
from audit_app.sync.checkpoint import Shown
from audit_app.sync.package_parts import Made
from audit_app.sync.package_plan import Plan, Settled
from db.base import Base, Synced
from db.journal import begin_group
from db.tables import Conflict, Package, PackageRow

_CLASSES: Mapping[str, type[Any]] = {
    mapper.class_.__tablename__: mapper.class_
    for mapper in Base.registry.mappers
    if issubclass(mapper.class_, Synced)
}
_AT_ONCE = 500
_ABOUT_AUDIT = frozenset({"answer", "finding", "evidence"})


def apply(
    session: Session, clock: Clock, made: Made, plan: Plan, me: UUID, *, auditor: str
) -> Shown:
    """Write what was decided; gives what changed on the screens.

    Every scope is a group of its own, so that the centre can refuse one and take the others.
    """
    shown = Shown()
    by_scope: dict[str, list[Settled]] = {}
    for settled in plan.rows:
        by_scope.setdefault(settled.row.scope, []).append(settled)
    # The rows stand parents first, so a scope that others build on was met before them.
    for scope, rows in by_scope.items():
        begin_group(session, str(clock.new_id()))
        for kind, some in _portions(rows):
            here = _here(session, kind, some)
            for settled in some:
                _write(session, settled, here.get(settled.row.id), shown)
            # What the next kind belongs to has to be there before it.
            session.flush()
            for settled in some:
                for clash in settled.decision.clashes:
                    _note_conflict(session, made, settled, clash, scope, auditor)
    session.flush()
    _remember(session, made, plan, me, clock.now())
    return shown


def _portions(rows: list[Settled]) -> Iterator[tuple[str, list[Settled]]]:
    for kind, of_kind in groupby(rows, key=lambda settled: settled.row.entity):
        held = list(of_kind)
        for start in range(0, len(held), _AT_ONCE):
            yield kind, held[start : start + _AT_ONCE]


def _here(session: Session, kind: str, some: list[Settled]) -> dict[UUID, Any]:
    ids = [settled.row.id for settled in some if not settled.is_new]
    query = select(_CLASSES[kind]).where(_CLASSES[kind].id.in_(ids))
    return {row.id: row for row in session.scalars(query)}


def _write(session: Session, settled: Settled, here: Any | None, shown: Shown) -> None:
    row, changes = settled.row, settled.decision.changes
    if not changes:
        return
    kind, record = row.entity, RECORDS[row.entity]
    extra = {name: value for name, value in changes.items() if name not in record.fields}
    if here is None:
        known = {name: mirror.typed(kind, name, changes.get(name)) for name in record.fields}
        made = _CLASSES[kind](
            id=row.id, scope=row.scope, extra=extra, created_at=row.created, **known
        )
        session.add(made)
    else:
        for name in changes.keys() - extra.keys():
            setattr(here, name, mirror.typed(kind, name, changes[name]))
        if extra:
            here.extra = {**(here.extra or {}), **extra}
    shown.rows.setdefault(kind, set()).add(row.id)
    audit_id = changes.get("audit_id") or (settled.held or {}).get("audit_id")
    if kind in _ABOUT_AUDIT and audit_id is not None:
        shown.audits.add(UUID(audit_id))


def _note_conflict(
    session: Session, made: Made, settled: Settled, clash: Clash, scope: str, auditor: str
) -> None:
    row = settled.row
    # The same clash of the same package is the same conflict, however often it is merged.
    conflict_id = uuid5(row.id, f"{clash.field} {made.device} {made.id}")
    if session.get(Conflict, conflict_id) is not None:
        return
    session.add(
        Conflict(
            id=conflict_id,
            scope=scope,
            entity=row.entity,
            row_id=row.id,
            field=clash.field,
            base=[clash.base],
            central=[clash.central],
            candidate=[clash.candidate],
            device=made.device,
            by=made.by,
            central_by=auditor,
            central_at=settled.mine.changed if settled.mine else None,
            at=row.changed,
            status=clash.status,
        )
    )


def _remember(session: Session, made: Made, plan: Plan, me: UUID, now: datetime) -> None:
    """What the maker, and those it had heard of, are known to have had."""
    is_whole = not (plan.unknown or plan.orphans or plan.refused)
    session.merge(
        Package(
            id=made.id,
            device=made.device,
            by=made.by,
            made_at=made.at,
            merged_at=now if is_whole else None,
            earlier=sorted(map(str, made.earlier)),
        )
    )
    session.flush()
    known = set(session.scalars(select(Package.id)))
    told: list[dict[str, Any]] = []
    heard: list[dict[str, Any]] = []
    for settled in plan.rows:
        row = settled.row
        if not settled.is_dealt_with:
            continue
        for device, seen in row.seen.items():
            if device not in {me, made.device}:
                if seen.package not in known:
                    session.add(Package(id=seen.package, device=device, earlier=[]))
                    known.add(seen.package)
                heard.append(_said(settled, device, seen.package, seen.fields))
        if made.device != me:
            told.append(_said(settled, made.device, made.id, row.values))
    session.flush()
    connection = session.connection()
    if heard:
        # What came from that laptop itself is at least as good.
        connection.execute(insert(PackageRow).on_conflict_do_nothing(), heard)
    if told:
        statement = insert(PackageRow)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["row_id", "device"],
                set_={
                    "package": statement.excluded.package,
                    "fields": statement.excluded.fields,
                },
            ),
            told,
        )


def _said(
    settled: Settled, device: UUID, package: UUID, fields: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "row_id": settled.row.id,
        "device": device,
        "package": package,
        "entity": settled.row.entity,
        "fields": dict(fields),
    }
