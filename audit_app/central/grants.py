"""What was granted to whom, and the scopes that follow from it.

A grant is a role over a reach. Membership of a scope is worked out from all grants and written
down, so that the database itself can keep scopes apart; it is written anew whenever a grant, a
scope or a site changes.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, delete, select
from sqlalchemy.dialects.postgresql import insert

from audit_app.central.account_tables import ACCOUNT, GRANT, MEMBERSHIP_LOCK, PLACE
from audit_app.central.policy import Role
from audit_app.central.tables import SCOPE, SCOPE_MEMBER
from audit_app.domain.records import LIBRARY


class Reach(StrEnum):
    """How far a role goes."""

    EVERYTHING = "everything"
    VENDOR = "vendor"
    SITE = "site"
    MARKET = "market"


@dataclass(frozen=True, slots=True)
class Grant:
    """A role over a reach.

    Attributes:
        value: the id of the vendor or site, the market's code, or "" for everything.
    """

    role: Role
    reach: Reach = Reach.EVERYTHING
    value: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A site, as far as grants look at it."""

    site: UUID
    vendor: UUID
    markets: frozenset[str]


@dataclass(frozen=True, slots=True)
class ScopeAt:
    """A scope and where it lies.

    Attributes:
        places: the site of an audit; all sites of a vendor.
    """

    id: str
    kind: str
    vendor: UUID | None = None
    places: tuple[Place, ...] = ()


def covers(grant: Grant, scope: ScopeAt) -> bool:
    """Whether a grant reaches a scope.

    A vendor's own scope holds its sites and visits: who works at one of its sites needs it.
    """
    if not grant.role.sees_records:
        return False
    if scope.kind == LIBRARY or grant.reach is Reach.EVERYTHING:
        return True
    if grant.reach is Reach.VENDOR:
        return grant.value == str(scope.vendor)
    return any(reaches_place(grant, place) for place in scope.places)


def reaches_place(grant: Grant, place: Place) -> bool:
    """Whether a grant reaches a site."""
    match grant.reach:
        case Reach.EVERYTHING:
            return True
        case Reach.VENDOR:
            return grant.value == str(place.vendor)
        case Reach.SITE:
            return grant.value == str(place.site)
        case Reach.MARKET:
            return grant.value in place.markets


def role_in(grants: Iterable[Grant], scope: ScopeAt) -> Role | None:
    """The strongest role that reaches a scope; None if none does."""
    roles = [grant.role for grant in grants if covers(grant, scope)]
    return min(roles, key=lambda role: role.rank, default=None)


def grants_of(connection: Connection, user: UUID) -> tuple[Grant, ...]:
    """What was granted to one person."""
    return _all_grants(connection, user).get(user, ())


def _all_grants(
    connection: Connection, user: UUID | None = None
) -> Mapping[UUID, tuple[Grant, ...]]:
    query = (
        select(GRANT.c.user_id, GRANT.c.role, GRANT.c.reach, GRANT.c.value)
        .join(ACCOUNT, ACCOUNT.c.id == GRANT.c.user_id)
        .where(ACCOUNT.c.disabled_at.is_(None))
        .order_by(GRANT.c.role, GRANT.c.reach, GRANT.c.value)
    )
    if user is not None:
        query = query.where(GRANT.c.user_id == user)
    found: dict[UUID, tuple[Grant, ...]] = {}
    for row in connection.execute(query):
        grant = Grant(Role(row.role), Reach(row.reach), row.value)
        found[row.user_id] = (*found.get(row.user_id, ()), grant)
    return found


def places_of(connection: Connection, vendor: UUID) -> tuple[Place, ...]:
    """The sites of a vendor."""
    query = select(PLACE).where(PLACE.c.vendor_id == vendor).order_by(PLACE.c.site_id)
    return tuple(
        Place(row.site_id, row.vendor_id, frozenset(row.markets))
        for row in connection.execute(query)
    )


def put_places(connection: Connection, places: Iterable[Place], *, replace: bool) -> None:
    """Note where sites lie.

    Args:
        replace: also for sites that are known already.
    """
    for place in places:
        row = {
            "site_id": place.site,
            "vendor_id": place.vendor,
            "markets": sorted(place.markets),
        }
        statement = insert(PLACE).values(row)
        if replace:
            changed = {"vendor_id": place.vendor, "markets": row["markets"]}
            statement = statement.on_conflict_do_update(index_elements=["site_id"], set_=changed)
        else:
            statement = statement.on_conflict_do_nothing()
        connection.execute(statement)


def scopes_at(
    connection: Connection, *, vendor: UUID | None = None, ids: Iterable[str] | None = None
) -> list[ScopeAt]:
    """Scopes and where they lie: all, those of a vendor, or those named."""
    query = select(SCOPE.c.id, SCOPE.c.kind, SCOPE.c.vendor_id, SCOPE.c.site_id)
    places_query = select(PLACE)
    if vendor is not None:
        query = query.where(SCOPE.c.vendor_id == vendor)
        places_query = places_query.where(PLACE.c.vendor_id == vendor)
    if ids is not None:
        query = query.where(SCOPE.c.id.in_(sorted(ids)))
    by_vendor: dict[UUID, list[Place]] = {}
    for row in connection.execute(places_query):
        place = Place(row.site_id, row.vendor_id, frozenset(row.markets))
        by_vendor.setdefault(row.vendor_id, []).append(place)
    return [
        ScopeAt(
            row.id,
            row.kind,
            row.vendor_id,
            tuple(
                place
                for place in by_vendor.get(row.vendor_id, ())
                if row.site_id is None or place.site == row.site_id
            ),
        )
        for row in connection.execute(query)
    ]


def lock_memberships(connection: Connection) -> None:
    """Let nobody else open a scope or change a grant until this transaction ends."""
    connection.execute(insert(MEMBERSHIP_LOCK).values(id=1).on_conflict_do_nothing())
    connection.execute(
        select(MEMBERSHIP_LOCK.c.id).where(MEMBERSHIP_LOCK.c.id == 1).with_for_update()
    )


def write_members(connection: Connection, scopes: Iterable[ScopeAt]) -> None:
    """Write down who belongs to these scopes now."""
    everybody = _all_grants(connection)
    for scope in scopes:
        wanted = {
            (scope.id, user): role
            for user, grants in everybody.items()
            if (role := role_in(grants, scope)) is not None
        }
        _write(connection, SCOPE_MEMBER.c.scope == scope.id, wanted)


def write_memberships(connection: Connection, user: UUID) -> None:
    """Write down which scopes this person belongs to now."""
    grants = grants_of(connection, user)
    wanted = {
        (scope.id, user): role
        for scope in (scopes_at(connection) if grants else ())
        if (role := role_in(grants, scope)) is not None
    }
    _write(connection, SCOPE_MEMBER.c.user_id == user, wanted)


def _write(
    connection: Connection, which: ColumnElement[bool], wanted: Mapping[tuple[str, UUID], Role]
) -> None:
    """Put these memberships in place of those that ``which`` names."""
    known = {
        (row.scope, row.user_id): row.role
        for row in connection.execute(select(SCOPE_MEMBER).where(which))
    }
    for scope, user in known.keys() - wanted.keys():
        connection.execute(
            delete(SCOPE_MEMBER).where(
                SCOPE_MEMBER.c.scope == scope, SCOPE_MEMBER.c.user_id == user
            )
        )
    changed = [
        {"scope": scope, "user_id": user, "role": role.value}
        for (scope, user), role in wanted.items()
        if known.get((scope, user)) != role
    ]
    if changed:
        statement = insert(SCOPE_MEMBER)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["scope", "user_id"], set_={"role": statement.excluded.role}
            ),
            changed,
        )
