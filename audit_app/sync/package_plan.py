"""What merging a package would do, decided row by row before anything is written."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit_app.domain.merge import OPEN
from audit_app.domain.records import CONFLICT, RECORDS
from audit_app.sync import mirror
from audit_app.sync.package_closed import Closed
from audit_app.sync.package_merge import Decision, Ground, alike, decide
from audit_app.sync.package_parts import Made, PackedRow, Seen
from db.journal import plain
from db.tables import Centre, Package, PackageRow, Shadow

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Mine:
    """A row as this device has it; ``centre`` is what the centre last said of it."""

    values: Mapping[str, Any]
    changed: datetime
    seq: int | None
    centre: Mapping[str, Any]


@dataclass(slots=True)
class Settled:
    """One row of the package and what becomes of it.

    Attributes:
        is_dealt_with: all of the row was taken, kept or put into conflicts; nothing was refused.
    """

    row: PackedRow
    mine: Mine | None
    decision: Decision
    is_dealt_with: bool = True

    @property
    def held(self) -> Mapping[str, Any] | None:
        """The fields of the row here; None where it is new."""
        return None if self.mine is None else self.mine.values

    @property
    def is_new(self) -> bool:
        """Whether this device does not have the row."""
        return self.mine is None


@dataclass(slots=True)
class Plan:
    """What merging would do.

    Attributes:
        rows: in an order in which they can be written, parents first.
        unknown: rows that only a newer version understands.
        orphans: rows that belong to something that is neither here nor in the package.
        stale: rows of which this device has had newer values from the same laptop.
        refused: what a signed audit does not let in, in words.
    """

    rows: list[Settled] = field(default_factory=list)
    unknown: int = 0
    orphans: int = 0
    stale: int = 0
    refused: list[str] = field(default_factory=list)


def plan(session: Session, made: Made, me: UUID, rows: Iterable[PackedRow]) -> Plan:
    """Decide every row of a package against what is here now."""
    by_kind: dict[str, list[PackedRow]] = {kind: [] for kind in RECORDS}
    out = Plan()
    for row in rows:
        if mirror.can_hold(row.entity, row.values) and _has_its_own_id(row):
            by_kind[row.entity].append(row)
        else:
            out.unknown += 1
    common = _CommonGround(session, made, me)
    present: set[UUID] = set()
    for kind, packed in by_kind.items():
        for some in _portions(packed):
            here = _read(session, kind, [row.id for row in some])
            known = _known(session, [row.id for row in some])
            for row in some:
                mine, told = here.get(row.id), known.get(row.id, {})
                if common.is_stale(told):
                    out.stale += 1
                    continue
                ground = common.of(row, mine, told)
                settled = Settled(row, mine, Decision())
                settled.decision = decide(RECORDS[kind], settled.held, row.values, ground)
                if kind == CONFLICT and mine is not None:
                    _settle_conflict(settled)
                if not _has_parents(session, row, mine, settled.decision, present):
                    out.orphans += 1
                    continue
                present.add(row.id)
                out.rows.append(settled)
    closed = Closed(session, [(each.row, each.held, each.decision) for each in out.rows])
    for each in out.rows:
        each.is_dealt_with = closed.hold_back(each.row, each.held, each.decision)
    out.refused = closed.words()
    return out


class _CommonGround:
    """What this device and the maker of a package know of each other."""

    def __init__(self, session: Session, made: Made, me: UUID) -> None:
        self._made, self._me = made, me
        known = session.scalars(select(Package)).all()
        self._own = {package.id for package in known if package.device == me}
        self._earlier = {package.id: frozenset(package.earlier) for package in known}
        self._before = {package.id for package in known if str(made.id) in package.earlier}
        centre = session.scalars(select(Centre)).first()
        self._is_same_centre = centre is not None and made.centre == centre.instance != ""

    def is_stale(self, known: Mapping[UUID, PackageRow]) -> bool:
        """Whether a later package of the same laptop has told of this row already."""
        told = known.get(self._made.device)
        return told is not None and told.package in self._before

    def of(self, row: PackedRow, mine: Mine | None, known: Mapping[UUID, PackageRow]) -> Ground:
        """The common ground about one row."""
        made = self._made
        shared: list[Mapping[str, Any]] = []
        told = known.get(made.device)
        # A laptop that was put back to an older backup does not know what it had told before.
        if told is not None and (told.package in made.earlier or told.package == made.id):
            shared.append(told.fields)
        own = row.seen.get(self._me)
        if own is not None and own.package in self._own:
            shared.append(own.fields)
        for device, seen in row.seen.items():
            third = known.get(device)
            if third is not None and device not in {self._me, made.device}:
                shared.append(self._by_third(seen, third))
        if row.seq is None or not self._is_same_centre:
            return Ground(shared)
        return Ground(shared, {**row.values, **row.base}, _ahead(row, mine))

    def _by_third(self, seen: Seen, third: PackageRow) -> Mapping[str, Any]:
        """What both sides have of a laptop that is neither: the older of the two states.

        Where it is not known which is older, what they have in common.
        """
        if str(seen.package) in self._earlier.get(third.package, ()):
            return seen.fields
        if str(third.package) in self._earlier.get(seen.package, ()):
            return third.fields
        return {
            name: value
            for name, value in seen.fields.items()
            if name in third.fields and alike(name, value, third.fields[name])
        }


def _ahead(row: PackedRow, mine: Mine | None) -> frozenset[str]:
    if mine is None or mine.seq is None or row.seq is None or row.seq <= mine.seq:
        return frozenset()
    return frozenset(
        name
        for name in row.values
        if name not in row.base and alike(name, mine.values.get(name), mine.centre.get(name))
    )


def _settle_conflict(settled: Settled) -> None:
    """No conflict about a conflict: one that a person has settled anywhere is settled."""
    settled.decision.clashes.clear()
    is_open = (settled.held or {}).get("status") == OPEN
    if is_open and settled.row.values.get("status") != OPEN:
        settled.decision.changes |= {
            name: settled.row.values[name]
            for name in ("status", "resolved_by", "resolved_at")
            if name in settled.row.values
        }


def _has_its_own_id(row: PackedRow) -> bool:
    """Answers meet by their id: one that has another one's place would break the row here."""
    if row.entity != "answer":
        return True
    return row.id == uuid5(UUID(row.values["audit_id"]), row.values["ref"])


def _read(session: Session, kind: str, ids: list[UUID]) -> dict[UUID, Mine]:
    table, record = mirror.TABLES[kind], RECORDS[kind]
    shadows = {
        shadow.row_id: shadow
        for shadow in session.scalars(select(Shadow).where(Shadow.row_id.in_(ids)))
    }
    found = {}
    for row in session.execute(select(table).where(table.c.id.in_(ids))).mappings():
        values = {name: plain(row[name]) for name in record.fields} | (row["extra"] or {})
        shadow = shadows.get(row["id"])
        found[row["id"]] = Mine(
            values, row["changed_at"], row["seq"], values if shadow is None else shadow.fields
        )
    return found


def _known(session: Session, ids: list[UUID]) -> dict[UUID, dict[UUID, PackageRow]]:
    found: dict[UUID, dict[UUID, PackageRow]] = {}
    for told in session.scalars(select(PackageRow).where(PackageRow.row_id.in_(ids))):
        found.setdefault(told.row_id, {})[told.device] = told
    return found


def _has_parents(
    session: Session, row: PackedRow, mine: Mine | None, decision: Decision, present: set[UUID]
) -> bool:
    """Whether what the row would belong to is here; what was found is remembered."""
    values = {**(mine.values if mine else {}), **decision.changes}
    for kind, row_id in mirror.parents_of(row.entity, values):
        if row_id not in present and not mirror.existing(session, kind, [row_id]):
            return False
        present.add(row_id)
    return True


def _portions(rows: list[PackedRow]) -> Iterator[list[PackedRow]]:
    for start in range(0, len(rows), _AT_ONCE):
        yield rows[start : start + _AT_ONCE]
