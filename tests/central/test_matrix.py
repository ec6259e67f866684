"""Every endpoint x role x {own, other market, other vendor, deleted}, and the database's own wall.

What is expected is reckoned from the policy's table, which test_policy holds against another hand.
"""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid4

import psycopg
import pytest
from sqlalchemy import Connection, Table, func, select, text
from sqlalchemy.exc import ProgrammingError

from audit_app.central.endpoints import Endpoint
from audit_app.central.gate import Gate
from audit_app.central.grants import Reach
from audit_app.central.policy import (
    DUTIES,
    EVERYBODYS_DUTIES,
    KINDS,
    SCOPE_OF_KIND,
    UNKNOWN,
    Action,
    Duty,
    Role,
    cell,
)
from audit_app.central.routes import ENDPOINTS
from audit_app.central.rows import CentralRow
from audit_app.central.security import SCOPED
from audit_app.central.tables import HISTORY, RECORD_TABLES, SCOPE_MEMBER
from audit_app.domain.records import DELETED, RECORDS, Shape
from audit_app.sync.protocol import Op, Request, Result, Verdict
from tests.central.conftest import Urls
from tests.central.people import AT, Laptop, Town
from tests.central.test_grants import Programme, audit, site, vendor, visit

WHERE = ("own", "other_market", "other_vendor", "deleted")
"""Where a row lies, seen from somebody whose role is over one market."""


class World:
    """Vendors in and out of reach, and a person of each role over the market FR."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.own = Programme(town)
        self.foreign = Programme(town)
        self.lead = self.own.lead
        # The market JP at the same vendor, and another vendor altogether that is not in FR.
        self.tokyo, self.far_visit, self.far_audit = uuid4(), uuid4(), uuid4()
        lead, own = self.lead, self.own
        done = lead.push(
            site(own.vendor, self.tokyo, "JP"),
            visit(own.vendor, self.tokyo, self.far_visit),
            audit(self.far_visit, self.far_audit),
        )
        moved = self.foreign.lead.push(
            (self.foreign.vendor_scope, "site", str(self.foreign.lisbon), {"markets": ["BR"]})
        )
        assert {result.verdict for result in [*done, *moved]} == {Verdict.OK}, [*done, *moved]
        self.people = {role: town.person(role, Reach.MARKET, "FR") for role in Role}
        self.rows: dict[tuple[str, str], tuple[str, UUID]] = {}
        for kind in KINDS:
            for where in WHERE:
                self.rows[kind, where] = self._plant(kind, where)

    def scope(self, kind: str, where: str) -> tuple[str, UUID]:
        """The scope a row of this kind lies in, and what that scope is named after."""
        home = SCOPE_OF_KIND.get(kind, "audit")
        if home == "library":
            return "library", uuid4()
        programme = self.foreign if where == "other_vendor" else self.own
        if home == "vendor":
            return programme.vendor_scope, programme.vendor
        if where == "other_market":
            return f"audit:{self.far_audit}", self.far_audit
        return programme.audit_scope, programme.audit

    def new(self, kind: str, where: str) -> tuple[str, UUID, dict[str, Any]]:
        """Scope, id and values of a new row of a kind, all that it needs and nothing wrong."""
        scope, owner = self.scope(kind, where)
        row = uuid4()
        programme = self.foreign if where == "other_vendor" else self.own
        values: dict[str, Any] = {"name": "x"}
        if kind in RECORDS:
            values = {
                field.name: _some(field.shape)
                for field in RECORDS[kind].fields.values()
                if field.needed
            }
        place = self.tokyo if where == "other_market" else programme.lisbon
        known = {
            "vendor_id": str(programme.vendor),
            "audit_id": str(owner),
            "site_id": str(place),
            "finding_id": str(uuid4()),
            "state": "implemented" if kind == "action" else "open",
            "grade": "minor",
        }
        fields = set(RECORDS[kind].fields) if kind in RECORDS else set()
        values |= {name: value for name, value in known.items() if name in fields}
        if kind == "site":
            markets = {"other_market": "JP", "other_vendor": "BR"}
            values["markets"] = [markets.get(where, "FR")]
        return scope, row, values

    def _plant(self, kind: str, where: str) -> tuple[str, UUID]:
        """A stored row, written past the policy."""
        scope, row, values = self.new(kind, where)
        if kind in ("vendor", "audit"):
            row = self.scope(kind, where)[1]
            if where != "deleted":
                return scope, row
            # A scope's own row is not deleted here: all others in it would be gone with it.
            return scope, row
        if where == "deleted":
            values[DELETED] = AT
        laptop = _Unbound(self.town, self.lead)
        (result,) = laptop.push((scope, kind if kind in RECORDS else "hologram", str(row), values))
        assert result.verdict is Verdict.OK, (kind, where, result)
        if kind == "site" and where != "deleted":
            self.lead.push((scope, "site", str(row), {"markets": values["markets"], "city": "x"}))
        return scope, row


def _some(shape: Shape) -> Any:
    return {
        Shape.INTEGER: 3,
        Shape.REAL: 1.5,
        Shape.FLAG: True,
        Shape.MOMENT: AT,
        Shape.DAY: "2026-11-25",
        Shape.ID: str(uuid4()),
        Shape.LIST: ["x"],
    }.get(shape, "x")


@dataclass
class Open(Gate):
    """A gate whose every check is taken out; only the database is left."""

    def open_scopes(self, connection: Connection, ops: Any) -> set[str]:
        super().open_scopes(connection, ops)
        return set(ops)

    def refusal(self, op: Op, stored: CentralRow | None) -> Result | None:
        return None


class _Unbound:
    """A laptop at a centre that checks nothing."""

    def __init__(self, town: Town, laptop: Laptop) -> None:
        from audit_app.central.app import build_app
        from tests.central.in_process import client_of

        self._laptop = replace(
            laptop, client=client_of(build_app(replace(town.centre, policy=Open)))
        )
        self._owner = laptop

    def push(self, *changes: Any) -> list[Result]:
        self._laptop.top = self._owner.top
        try:
            results = self._laptop.push(*changes)
            self._owner.top = self._laptop.top
            return results
        finally:
            self._laptop.client.close()


@pytest.fixture(scope="module")
def world(database_url: str) -> Any:
    town = Town(database_url)
    yield World(town)
    town.close()


def is_reached(kind: str, where: str) -> bool:
    """Whether somebody of one market reaches a row there."""
    if where == "other_vendor":
        return SCOPE_OF_KIND.get(kind) == "library"
    if where == "other_market":
        return SCOPE_OF_KIND.get(kind) == "library"
    return kind != "vendor"


def expected(role: Role, kind: str, action: Action, where: str) -> bool:
    if kind == "vendor" and action is Action.ADD:
        # A second vendor row in a vendor's own scope makes no sense for anybody.
        return False
    if kind == "audit" and action is Action.ADD:
        return False
    if action not in cell(role, kind).actions or not role.sees_records:
        return False
    if kind == "conflict" and action is Action.CHANGE and where == "other_market":
        return False
    return is_reached(kind, where)


CELLS = [
    (role, kind, action, where)
    for role in Role
    for kind in KINDS
    for action in Action
    for where in WHERE
    # Conflicts are made by the centre alone, and what is removed is not removed again.
    if not (kind == "conflict" and action is Action.ADD)
    and not (where == "deleted" and action is not Action.CHANGE)
    and not (where == "deleted" and kind in ("vendor", "audit"))
]


@pytest.mark.parametrize("role", list(Role))
def test_rows_are_written_just_where_the_table_says(world: World, role: Role) -> None:
    laptop = world.people[role]
    wrong = []
    for cell_role, kind, action, where in CELLS:
        if cell_role is not role:
            continue
        result = _try(world, laptop, kind, action, where)
        is_allowed = result.verdict is not Verdict.REFUSED
        if is_allowed is not expected(role, kind, action, where):
            wrong.append((kind, action.value, where, result))
    assert wrong == []


def _try(world: World, laptop: Laptop, kind: str, action: Action, where: str) -> Result:
    scope, row, values = world.new(kind, where)
    entity = kind if kind in RECORDS else "hologram"
    if action is not Action.ADD:
        scope, row = world.rows[kind, where]
        values = _change(kind)
    if action is Action.REMOVE:
        row = _fresh(world, kind, where, row)
        values = {DELETED: AT}
    (result,) = laptop.push((scope, entity, str(row), values))
    return result


def _fresh(world: World, kind: str, where: str, row: UUID) -> UUID:
    """A row of its own to remove, so that the stored ones stay for the others."""
    if kind in ("vendor", "audit"):
        return row
    return world._plant(kind, where)[1]


def _change(kind: str) -> dict[str, Any]:
    """A change that every role who may change the kind may make."""
    if kind == "action":
        return {"note": f"done {uuid4()}"}
    name = {"conflict": "status", "visit": "purpose", "audit": "language", "template": "title"}
    return {name.get(kind, "note" if kind == "answer" else _text_field(kind)): f"new {uuid4()}"}


def _text_field(kind: str) -> str:
    if kind == UNKNOWN:
        return "anything"
    fields = RECORDS[kind].fields.values()
    return next(field.name for field in fields if field.shape is Shape.TEXT)


@pytest.mark.parametrize("role", list(Role))
def test_rows_are_read_just_where_the_reach_goes(world: World, role: Role) -> None:
    laptop = world.people[role]
    answer = laptop.sync(Request(device=str(laptop.device), top=laptop.top, acked=0, limit=10_000))
    seen = {row.scope for row in answer.rows}
    own = {world.own.vendor_scope, world.own.audit_scope, "library"}
    foreign = {world.foreign.vendor_scope, world.foreign.audit_scope, f"audit:{world.far_audit}"}
    assert seen & foreign == set()
    assert seen & own == (own if role.sees_records else set())
    assert str(world.foreign.vendor) not in str(answer.wire())


# --- the wall behind the wall: the database alone


@pytest.mark.logs_warnings
@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("where", ["other_market", "other_vendor"])
def test_with_every_check_taken_out_the_database_still_refuses(
    world: World, role: Role, where: str, caplog: pytest.LogCaptureFixture
) -> None:
    laptop = world.people[role]
    for kind in ("answer", "visit", UNKNOWN):
        scope, row, values = world.new(kind, where)
        if (
            kind == "visit"
            and where == "other_market"
            and role.sees_records
            and role is not Role.READER
        ):
            # One scope holds all sites of a vendor: which of them is the policy's to say.
            continue
        entity = kind if kind in RECORDS else "hologram"
        # The database refuses in the middle of the push: nothing at all is kept of it.
        with pytest.raises(AssertionError, match="failed"):
            _Unbound(world.town, laptop).push((scope, entity, str(row), values))
        assert "row-level security" in caplog.text
        caplog.clear()


@pytest.mark.logs_warnings
@pytest.mark.parametrize("role", [Role.READER])
def test_with_every_check_taken_out_a_reader_still_writes_nothing(
    world: World, role: Role, caplog: pytest.LogCaptureFixture
) -> None:
    laptop = world.people[role]
    scope, row, values = world.new("answer", "own")
    with pytest.raises(AssertionError, match="failed"):
        _Unbound(world.town, laptop).push((scope, "answer", str(row), values))
    assert "row-level security" in caplog.text


def table_of(name: str) -> Table:
    return next(table for table in SCOPED if table.name == name)


@pytest.mark.parametrize("table", sorted(table.name for table in SCOPED))
def test_without_a_user_every_scoped_table_is_empty(world: World, table: str) -> None:
    def count(connection: Connection) -> int:
        counted = select(func.count()).select_from(table_of(table))
        return int(connection.execute(counted).scalar_one())

    assert world.town.database.run(count) == 0
    assert world.town.database.run(count, user=uuid4()) == 0


def test_the_owner_is_bound_too(world: World, database_urls: Urls) -> None:
    """FORCE: forgetting who owns the tables opens nothing (the superuser of tests passes by)."""
    with psycopg.connect(database_urls.owner) as connection:
        rows = connection.execute(
            "select relname, relrowsecurity, relforcerowsecurity from pg_class "
            "where relkind = 'r' and relname = any(%s)",
            ([table.name for table in SCOPED],),
        ).fetchall()
    assert {name: (on, forced) for name, on, forced in rows} == dict.fromkeys(
        (table.name for table in SCOPED), (True, True)
    )


@pytest.mark.parametrize(
    "statement",
    [
        "update history set by = 'x'",
        "delete from history",
        "truncate history",
        "drop table history",
        "alter table history disable row level security",
        "delete from answer",
        "truncate answer",
        "update security_log set words = 'x'",
        "delete from security_log",
        "update trail_anchor set head = 'x'",
        "delete from trail_anchor",
        "insert into server values ('x', now(), '')",
        "update server set instance = 'x'",
        "delete from account",
        "update role_grant set role = 'lead'",
        "insert into schema_step values (99, 'x', now())",
        "create table mine (id int)",
        "set role onsite_owner",
        "alter role onsite_app bypassrls",
    ],
)
def test_the_programs_role_cannot(world: World, statement: str) -> None:
    member = world.town.rows(SCOPE_MEMBER)[0]
    with pytest.raises(ProgrammingError, match="permission denied|must be owner|InsufficientPriv"):
        world.town.database.run(
            lambda connection: connection.execute(text(statement)), user=member.user_id
        )


def test_without_the_policies_foreign_rows_would_be_seen(databases: Any) -> None:
    """The control: with row-level security switched off, the same questions find the rows."""
    urls = databases.fresh()
    town = Town(urls.app)
    Programme(town)
    with psycopg.connect(urls.owner, autocommit=True) as owner:
        for table in SCOPED:
            owner.execute(
                psycopg.sql.SQL("alter table {} disable row level security").format(
                    psycopg.sql.Identifier(table.name)
                )
            )
    assert len(town.rows(RECORD_TABLES["audit"])) == 1
    assert len(town.rows(HISTORY)) == 5
    town.close()


# --- endpoints


def duties_of(role: Role) -> frozenset[Duty]:
    return DUTIES[role] | EVERYBODYS_DUTIES


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda e: f"{e.method} {e.path}")
def test_endpoints_open_to_those_whose_duty_they_are(world: World, endpoint: Endpoint) -> None:
    town = world.town
    for role in Role:
        laptop = town.person(role, Reach.MARKET, "FR")
        victim = town.account()
        target = town.quick_laptop(victim)
        path = endpoint.path.format(account=victim, device=target.device)
        if endpoint.path == "/v1/devices/{device}" and Duty.PEOPLE not in duties_of(role):
            # Somebody else's device is not there for who looks after his own only.
            assert laptop.ask(endpoint.method, path).status_code == 404
            path = endpoint.path.format(device=laptop.device)
        status = laptop.ask(endpoint.method, path, json={}).status_code
        if endpoint.duty is None:
            assert status not in (401, 403) or endpoint.path.startswith("/v1/devices"), status
        elif endpoint.duty in duties_of(role):
            assert status not in (401, 403, 404), (role, status)
        else:
            assert status == 403, (role, status)
        if endpoint.duty is not None:
            assert town.client.request(endpoint.method, path, json={}).status_code == 401


def test_a_reader_sees_his_own_devices_only(world: World) -> None:
    reader = world.town.person(Role.READER)
    found = reader.ask("GET", "/v1/devices").json()["devices"]
    assert [device["id"] for device in found] == [str(reader.device)]


def test_every_endpoint_of_the_app_is_in_the_table(world: World) -> None:
    from audit_app.central.app import build_app

    app = build_app(world.town.centre)
    served = {
        (method, route.path)
        for route in app.routes
        for method in route.methods or ()
        if method != "HEAD" and not route.path.startswith(("/v1/blobs", "/v1/uploads"))
    }
    assert served == {(endpoint.method, endpoint.path) for endpoint in ENDPOINTS}


def test_a_vendor_may_be_named(world: World) -> None:
    """The builders make what the policy accepts: the control of all refusals above."""
    fresh = uuid4()
    (result,) = world.lead.push(vendor(fresh))
    assert result.verdict is Verdict.OK
