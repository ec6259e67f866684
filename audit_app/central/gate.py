"""The policy's side of a push: which scopes a user may write to, and which changes he may make."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select
from sqlalchemy.dialects.postgresql import insert

from audit_app.central.grants import (
    Grant,
    Place,
    ScopeAt,
    grants_of,
    lock_memberships,
    places_of,
    put_places,
    reaches_place,
    role_in,
    write_members,
)
from audit_app.central.policy import SCOPE_OF_KIND, Action, Cell, Role, cell
from audit_app.central.rows import CentralRow
from audit_app.central.tables import RECORD_TABLES, SCOPE, SCOPE_MEMBER
from audit_app.domain.records import CONFLICT, DELETED, LIBRARY, RECORDS, Policy
from audit_app.sync.protocol import Op, Result, Verdict

_OWNER_FIELDS: Mapping[str, str] = {"vendor": "vendor_id", "audit": "audit_id"}
"""By kind of scope: a row that names its vendor or audit must name the one of its scope."""


@dataclass(slots=True)
class Gate:
    """What one user may do, during one request."""

    user: UUID
    _roles: dict[str, Role] = field(default_factory=dict)
    _grants: tuple[Grant, ...] = ()
    _limits: dict[str, frozenset[str]] = field(default_factory=dict)
    """Vendor scopes of which this user reaches some sites only, and which."""

    def readable(self, connection: Connection) -> set[str]:
        """The scopes this user may read now."""
        query = select(SCOPE_MEMBER.c.scope).where(SCOPE_MEMBER.c.user_id == self.user)
        return set(connection.scalars(query))

    def open_scopes(self, connection: Connection, ops: Mapping[str, Sequence[Op]]) -> set[str]:
        """Of these scopes, those this user may write to; new ones are made if he may add them."""
        self._grants = grants_of(connection, self.user)
        known = set(connection.scalars(select(SCOPE.c.id).where(SCOPE.c.id.in_(sorted(ops)))))
        new = [scope for scope in ops if scope not in known]
        if new:
            lock_memberships(connection)
            # A visit's vendor has to be there before the audit that is held at it.
            for scope in sorted(new, key=_depth):
                _Opening(connection, self.user, self._grants, ops).open(scope)
        query = select(SCOPE_MEMBER.c.scope, SCOPE_MEMBER.c.role).where(
            SCOPE_MEMBER.c.user_id == self.user, SCOPE_MEMBER.c.scope.in_(sorted(ops))
        )
        self._roles = {row.scope: Role(row.role) for row in connection.execute(query)}
        writable = {scope for scope, role in self._roles.items() if role is not Role.READER}
        for scope in writable:
            self._limit(connection, scope, ops[scope])
        return writable

    def refusal(self, op: Op, stored: CentralRow | None) -> Result | None:
        """Why this user may not make this change; None if he may."""
        role = self._roles.get(op.scope)
        if role is None:
            return refused("scope", "This account may not write there.")
        misplaced = _misplaced(op, stored)
        if misplaced:
            return refused("place", misplaced)
        if stored is not None and _changes_nothing(op, stored):
            return None
        return forbidden(role, op, stored) or self._beyond_reach(op, stored)

    def _limit(self, connection: Connection, scope: str, ops: Iterable[Op]) -> None:
        kind, owner = _parts(scope)
        if kind != "vendor" or owner is None:
            return
        if any(role_in([grant], ScopeAt(scope, kind, owner)) for grant in self._grants):
            return
        # Where a known site lies is not for this push to say: it could move it within reach.
        places = {place.site: place for place in _places_in(ops, owner)}
        places.update((place.site, place) for place in places_of(connection, owner))
        self._limits[scope] = frozenset(
            str(place.site)
            for place in places.values()
            if any(reaches_place(grant, place) for grant in self._grants)
        )

    def _beyond_reach(self, op: Op, stored: CentralRow | None) -> Result | None:
        """Somebody of one site or market does not change what belongs to the vendor's others."""
        sites = self._limits.get(op.scope)
        if sites is None or op.entity == CONFLICT:
            return None
        before: Mapping[str, Any] = {} if stored is None else stored.values
        if op.entity == "site":
            named: set[Any] = {op.id}
        else:
            after = {**before, **op.values}
            named = {after.get("site_id"), (before or after).get("site_id")}
        if named <= sites:
            return None
        return refused("reach", "This account reaches only some sites of this vendor.")


@dataclass(frozen=True, slots=True)
class _Opening:
    """Making a scope that a push brings for the first time."""

    connection: Connection
    user: UUID
    grants: tuple[Grant, ...]
    ops: Mapping[str, Sequence[Op]]

    def open(self, scope: str) -> None:
        """Make the scope and its members, if this user may add what it is about."""
        kind, owner = _parts(scope)
        match kind, owner:
            case "library", None if scope == LIBRARY:
                found: ScopeAt | None = ScopeAt(LIBRARY, LIBRARY)
            case "vendor", UUID():
                found = self._vendor(scope, owner)
            case "audit", UUID():
                found = self._audit(scope, owner)
            case _:
                return
        if found is None:
            return
        role = role_in(self.grants, found)
        wanted = "template" if kind == LIBRARY else kind
        if role is None or Action.ADD not in cell(role, wanted).actions:
            return
        if kind == "vendor":
            put_places(self.connection, found.places, replace=False)
        site = found.places[0].site if kind == "audit" and found.places else None
        self.connection.execute(
            insert(SCOPE)
            .values(
                id=scope,
                kind=kind,
                seq=0,
                commit_id="",
                gc_floor=0,
                vendor_id=found.vendor,
                site_id=site,
            )
            .on_conflict_do_nothing()
        )
        write_members(self.connection, [found])

    def _vendor(self, scope: str, vendor: UUID) -> ScopeAt | None:
        """A new vendor, with the sites that come along."""
        if _added(self.ops, scope, "vendor", vendor) is None:
            return None
        return ScopeAt(scope, "vendor", vendor, tuple(_places_in(self.ops[scope], vendor)))

    def _audit(self, scope: str, audit: UUID) -> ScopeAt | None:
        """A new audit lies where its visit does: in what is stored, or in what comes along."""
        op = _added(self.ops, scope, "audit", audit)
        visit = None if op is None else _uuid(op.values.get("visit_id"))
        if visit is None:
            return None
        found = self._stored_visit(visit) or self._pushed_visit(visit)
        if found is None:
            return None
        vendor, site = found
        known = [place for place in places_of(self.connection, vendor) if place.site == site]
        if not known:
            known = [
                place
                for place in _places_in(self.ops.get(f"vendor:{vendor}", ()), vendor)
                if place.site == site
            ]
        if not known:
            return None
        put_places(self.connection, known, replace=False)
        return ScopeAt(scope, "audit", vendor, tuple(known))

    def _stored_visit(self, visit: UUID) -> tuple[UUID, UUID] | None:
        table = RECORD_TABLES["visit"]
        row = self.connection.execute(
            select(table.c.scope, table.c.vendor_id, table.c.site_id).where(table.c.id == visit)
        ).first()
        if row is None or row.site_id is None or row.scope != f"vendor:{row.vendor_id}":
            return None
        return row.vendor_id, row.site_id

    def _pushed_visit(self, visit: UUID) -> tuple[UUID, UUID] | None:
        for scope, ops in self.ops.items():
            op = _added(self.ops, scope, "visit", visit) if ops else None
            if op is None:
                continue
            vendor, site = _uuid(op.values.get("vendor_id")), _uuid(op.values.get("site_id"))
            if vendor is not None and site is not None and scope == f"vendor:{vendor}":
                return vendor, site
        return None


def forbidden(role: Role, op: Op, stored: CentralRow | None) -> Result | None:
    """What the policy's table says about one change."""
    allowed = cell(role, op.entity)
    action = action_of(op, stored)
    words = role.value.replace("_", " ")
    if action not in allowed.actions:
        return refused("role", f"A {words} may not {action} this: {op.entity}.")
    if allowed.fields is not None and not op.values.keys() <= allowed.fields:
        beyond = sorted(op.values.keys() - allowed.fields)
        return refused("field", f"A {words} may not set {', '.join(beyond)}.")
    return _unfit(allowed, words, op, stored)


def _unfit(allowed: Cell, words: str, op: Op, stored: CentralRow | None) -> Result | None:
    before: Mapping[str, Any] = {} if stored is None else stored.values
    for name, values in allowed.values.items():
        if name in op.values and op.values[name] not in values:
            return refused("field", f"A {words} may not set {name} to this.")
    for name, values in allowed.before.items():
        if before.get(name) is not None and before[name] not in values:
            return refused("field", f"A {words} may no longer change this: {name} is decided.")
    for name in sorted(allowed.needs):
        if {**before, **op.values}.get(name) is None:
            return refused("field", f"A {words} may not do this without {name}.")
    return None


def action_of(op: Op, stored: CentralRow | None) -> Action:
    """What an op does to a row, in the policy's words."""
    if stored is None:
        return Action.ADD
    if op.values.get(DELETED) is not None and stored.values.get(DELETED) is None:
        return Action.REMOVE
    return Action.CHANGE


def refused(code: str, words: str) -> Result:
    """A refusal of one op."""
    return Result(Verdict.REFUSED, 0, code, words)


def _misplaced(op: Op, stored: CentralRow | None) -> str:
    """Why this row cannot be in this scope; "" if it can."""
    kind, owner = _parts(op.scope)
    home = SCOPE_OF_KIND.get(op.entity)
    if home is not None and home != kind:
        return f"A row of this kind does not belong there: {op.entity}."
    if op.entity == kind and op.id != str(owner):
        return "The row is not the one its scope is named after."
    name = _OWNER_FIELDS.get(kind, "")
    record = RECORDS.get(op.entity)
    if record is None or name not in record.parents or op.entity == kind:
        return ""
    if (name in op.values or stored is None) and op.values.get(name) != str(owner):
        return f"The row belongs to another {kind} than its scope."
    return ""


def _changes_nothing(op: Op, stored: CentralRow) -> bool:
    record = RECORDS.get(op.entity)
    # Two devices that import one checklist bring the same row; only the moment differs.
    firsts = {f.name for f in record.fields.values() if f.policy is Policy.FIRST} if record else ()
    return all(
        stored.values.get(name) == value or (name in firsts and name in stored.values)
        for name, value in op.values.items()
    )


def _added(ops: Mapping[str, Sequence[Op]], scope: str, kind: str, row: UUID) -> Op | None:
    for op in ops.get(scope, ()):
        if op.entity == kind and op.id == str(row):
            return op
    return None


def _places_in(ops: Iterable[Op], vendor: UUID) -> list[Place]:
    """Sites of a vendor that a push brings."""
    found = []
    for op in ops:
        site = _uuid(op.id)
        if op.entity == "site" and site is not None and op.values.get("vendor_id") == str(vendor):
            found.append(Place(site, vendor, markets_of(op.values.get("markets"))))
    return found


def markets_of(value: object) -> frozenset[str]:
    """The markets a site names."""
    if not isinstance(value, list):
        return frozenset()
    return frozenset(market for market in value if isinstance(market, str))


def _parts(scope: str) -> tuple[str, UUID | None]:
    kind, _, owner = scope.partition(":")
    return kind, _uuid(owner)


def _depth(scope: str) -> tuple[bool, str]:
    return scope.startswith("audit:"), scope


def _uuid(value: object) -> UUID | None:
    """The id, if it is one in its one spelling."""
    if not isinstance(value, str):
        return None
    try:
        found = UUID(value)
    except ValueError:
        return None
    return found if str(found) == value else None
