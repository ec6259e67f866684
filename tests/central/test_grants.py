"""Scopes follow from grants: who sees what, and what happens when a grant comes or goes."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from audit_app.central.grants import Grant, Reach
from audit_app.central.policy import Role
from audit_app.central.tables import SCOPE
from audit_app.sync.protocol import Cursor, Request, Result, Verdict
from tests.central.people import Laptop, Town

Change = tuple[str, str, str, dict[str, Any]]


def vendor(owner: UUID) -> Change:
    return (f"vendor:{owner}", "vendor", str(owner), {"name": "Vendor"})


def site(owner: UUID, row: UUID, *markets: str) -> Change:
    values = {
        "vendor_id": str(owner),
        "name": "Floor",
        "country": "PT",
        "time_zone": "Europe/Lisbon",
        "markets": list(markets),
    }
    return (f"vendor:{owner}", "site", str(row), values)


def visit(owner: UUID, at: UUID, row: UUID) -> Change:
    values = {
        "vendor_id": str(owner),
        "site_id": str(at),
        "number": "V-1",
        "starts": "2026-11-25",
        "ends": "2026-11-26",
        "state": "planned",
    }
    return (f"vendor:{owner}", "visit", str(row), values)


def audit(at: UUID, row: UUID) -> Change:
    values = {
        "visit_id": str(at),
        "template_version_id": str(uuid4()),
        "number": "A-1",
        "state": "open",
        "form_sha256": "0" * 64,
    }
    return (f"audit:{row}", "audit", str(row), values)


class Programme:
    """A vendor with two sites in two markets, and an audit at the first."""

    def __init__(self, town: Town) -> None:
        self.vendor, self.lisbon, self.porto = uuid4(), uuid4(), uuid4()
        self.visit, self.audit = uuid4(), uuid4()
        self.lead = town.person(Role.LEAD)
        results = self.lead.push(
            vendor(self.vendor),
            site(self.vendor, self.lisbon, "PT", "FR"),
            site(self.vendor, self.porto, "BR"),
            visit(self.vendor, self.lisbon, self.visit),
            audit(self.visit, self.audit),
        )
        assert {result.verdict for result in results} == {Verdict.OK}, results
        self.vendor_scope, self.audit_scope = f"vendor:{self.vendor}", f"audit:{self.audit}"

    @property
    def scopes(self) -> set[str]:
        return {self.vendor_scope, self.audit_scope}


@pytest.fixture
def programme(town: Town) -> Programme:
    return Programme(town)


def seen_by(laptop: Laptop, programme: Programme) -> set[str]:
    found = laptop.ask("GET", "/v1/scopes").json()["scopes"]
    return {scope["id"] for scope in found} & programme.scopes


@pytest.mark.parametrize(
    ("reach", "value", "sees_vendor", "sees_audit"),
    [
        (Reach.EVERYTHING, "", True, True),
        (Reach.VENDOR, "own", True, True),
        (Reach.VENDOR, "other", False, False),
        (Reach.SITE, "lisbon", True, True),
        (Reach.SITE, "porto", True, False),
        (Reach.SITE, "other", False, False),
        (Reach.MARKET, "FR", True, True),
        (Reach.MARKET, "BR", True, False),
        (Reach.MARKET, "DE", False, False),
    ],
)
@pytest.mark.parametrize("granted", ["before", "after"])
def test_a_grant_opens_what_lies_in_its_reach(
    town: Town,
    reach: Reach,
    value: str,
    sees_vendor: bool,
    sees_audit: bool,
    granted: str,
) -> None:
    user = town.account()
    laptop = town.quick_laptop(user)
    programme = Programme(town)
    known = {
        "own": programme.vendor,
        "lisbon": programme.lisbon,
        "porto": programme.porto,
        "other": uuid4(),
    }
    grant = Grant(Role.READER, reach, str(known.get(value, value)))
    town.grant(user, grant)
    if granted == "before":
        # The grant stands when the next audit is opened.
        later = uuid4()
        programme.lead.push(audit(programme.visit, later))
        programme.audit_scope = f"audit:{later}"
    expected = {programme.vendor_scope} if sees_vendor else set()
    expected |= {programme.audit_scope} if sees_audit else set()
    assert seen_by(laptop, programme) == expected


def test_a_lost_grant_closes_its_scopes_at_once(town: Town, programme: Programme) -> None:
    user = town.account(Grant(Role.READER, Reach.VENDOR, str(programme.vendor)))
    laptop = town.quick_laptop(user)
    cursors: dict[str, Cursor] = dict.fromkeys(programme.scopes, (0, ""))
    before = laptop.sync(Request(device=str(laptop.device), top=0, acked=0))
    assert {row.scope for row in before.rows} - {"library"} == programme.scopes
    town.grant(user)
    after = laptop.sync(Request(device=str(laptop.device), top=0, acked=0, cursors=cursors))
    assert after.rows == ()
    assert after.scopes == ()


def test_the_strongest_role_in_a_scope_counts(town: Town, programme: Programme) -> None:
    user = town.account(Grant(Role.READER), Grant(Role.AUDITOR, Reach.SITE, str(programme.lisbon)))
    laptop = town.quick_laptop(user)
    assert _verdicts(laptop.push(answer(programme))) == [Verdict.OK]


def test_a_site_that_moves_to_another_market_takes_its_audits_along(
    town: Town, programme: Programme
) -> None:
    reader = town.person(Role.READER, Reach.MARKET, "JP")
    assert seen_by(reader, programme) == set()
    moved = site(programme.vendor, programme.lisbon, "JP")
    scope, kind, row, _ = moved
    results = programme.lead.push((scope, kind, row, {"markets": ["JP"]}))
    # The lead's own earlier write was seen by nobody else: it is simply changed.
    assert _verdicts(results) == [Verdict.OK]
    assert seen_by(reader, programme) == programme.scopes
    former = town.person(Role.READER, Reach.MARKET, "FR")
    assert seen_by(former, programme) == set()


def answer(programme: Programme, audit_id: UUID | None = None, scope: str = "") -> Change:
    owner = audit_id or programme.audit
    values = {"audit_id": str(owner), "ref": "A1", "value": "C"}
    return (scope or programme.audit_scope, "answer", str(uuid4()), values)


def _verdicts(results: list[Result]) -> list[Verdict]:
    return [result.verdict for result in results]


def codes(results: list[Result]) -> list[str]:
    return [result.code for result in results]


def test_an_auditor_of_one_site_works_there_and_nowhere_else(
    town: Town, programme: Programme
) -> None:
    laptop = town.person(Role.AUDITOR, Reach.SITE, str(programme.lisbon))
    here, there = uuid4(), uuid4()
    mine, foreign = uuid4(), uuid4()
    results = laptop.push(
        visit(programme.vendor, programme.lisbon, here),
        audit(here, mine),
        answer(programme, mine, f"audit:{mine}"),
        visit(programme.vendor, programme.porto, there),
        audit(there, foreign),
    )
    assert codes(results) == ["", "", "", "reach", "scope"]


def test_a_visit_is_not_moved_out_of_reach_or_into_it(town: Town, programme: Programme) -> None:
    elsewhere = uuid4()
    programme.lead.push(visit(programme.vendor, programme.porto, elsewhere))
    laptop = town.person(Role.AUDITOR, Reach.SITE, str(programme.lisbon))
    scope = programme.vendor_scope
    results = laptop.push(
        (scope, "visit", str(programme.visit), {"site_id": str(programme.porto)}),
        (scope, "visit", str(elsewhere), {"site_id": str(programme.lisbon)}),
        (scope, "visit", str(elsewhere), {"purpose": "Just looking"}),
        (scope, "visit", str(programme.visit), {"purpose": "Certification"}),
    )
    assert codes(results) == ["reach", "reach", "reach", ""]


def test_a_lead_of_one_market_does_not_draw_a_foreign_site_into_it(
    town: Town, programme: Programme
) -> None:
    laptop = town.person(Role.LEAD, Reach.MARKET, "FR")
    scope, kind, row, _ = site(programme.vendor, programme.porto)
    grab = (scope, kind, row, {"markets": ["FR"], "vendor_id": str(programme.vendor)})
    foreign_visit = visit(programme.vendor, programme.porto, uuid4())
    assert codes(laptop.push(grab, foreign_visit)) == ["reach", "reach"]
    whole = (scope, "vendor", str(programme.vendor), {"name": "Renamed"})
    assert codes(laptop.push(whole)) == ["reach"]


@pytest.mark.parametrize("role", [Role.VENDOR_MANAGER, Role.READER, Role.ADMINISTRATOR])
def test_whoever_may_not_add_a_vendor_opens_no_scope_for_one(town: Town, role: Role) -> None:
    laptop, fresh = town.person(role), uuid4()
    assert codes(laptop.push(vendor(fresh))) == ["scope"]
    assert town.rows(SCOPE, SCOPE.c.id == f"vendor:{fresh}") == []


def test_an_auditor_on_the_road_brings_a_vendor_but_does_not_change_it(town: Town) -> None:
    laptop, fresh = town.person(Role.AUDITOR), uuid4()
    scope, kind, row, _ = vendor(fresh)
    renamed = (scope, kind, row, {"name": "Renamed"})
    assert codes(laptop.push(vendor(fresh), site(fresh, uuid4(), "PT"), renamed)) == [
        "",
        "",
        "role",
    ]


def test_a_lead_of_one_vendor_opens_no_other(town: Town, programme: Programme) -> None:
    laptop = town.person(Role.LEAD, Reach.VENDOR, str(programme.vendor))
    assert codes(laptop.push(vendor(uuid4()))) == ["scope"]
    later = uuid4()
    assert codes(laptop.push(site(programme.vendor, later, "PT"))) == [""]


def test_a_lead_of_a_market_opens_a_vendor_with_a_site_in_it(town: Town) -> None:
    laptop = town.person(Role.LEAD, Reach.MARKET, "PT")
    inside, outside, floor = uuid4(), uuid4(), uuid4()
    results = laptop.push(
        vendor(outside),
        site(outside, uuid4(), "BR"),
        (f"vendor:{inside}", "site", str(floor), site(inside, floor, "PT")[3]),
        vendor(inside),
    )
    # The vendor's own row is beyond somebody of one market; a lead of everything brings it.
    assert codes(results) == ["scope", "scope", "", "reach"]


@pytest.mark.parametrize(
    "scope",
    ["", "vendor:", "audit:x", "library:x", "vendor:NOT-A-UUID", "secret", "audit:" + "0" * 500],
)
def test_a_scope_that_is_none_is_refused(town: Town, scope: str) -> None:
    laptop = town.person(Role.LEAD)
    assert codes(laptop.push((scope, "vendor", str(uuid4()), {"name": "x"}))) == ["scope"]
    assert town.rows(SCOPE, SCOPE.c.id == scope) == []


def test_a_row_lives_in_the_scope_of_its_kind_and_owner(town: Town, programme: Programme) -> None:
    other = Programme(town)
    laptop = programme.lead
    finding = {"audit_id": str(other.audit), "grade": "major", "state": "draft", "title": "x"}
    results = laptop.push(
        (programme.vendor_scope, "audit", str(uuid4()), audit(programme.visit, uuid4())[3]),
        (programme.audit_scope, "audit", str(uuid4()), audit(programme.visit, uuid4())[3]),
        (programme.audit_scope, "finding", str(uuid4()), finding),
        (programme.vendor_scope, "vendor", str(other.vendor), {"name": "x"}),
        (programme.vendor_scope, "site", str(uuid4()), site(other.vendor, uuid4())[3]),
        (programme.audit_scope, "template", str(uuid4()), {"form_id": "x", "title": "x"}),
    )
    assert codes(results) == ["place"] * 6


def test_an_op_that_changes_nothing_is_nobodys_offence(town: Town, programme: Programme) -> None:
    laptop = town.person(Role.AUDITOR)
    scope, kind, row, values = vendor(programme.vendor)
    assert codes(laptop.push((scope, kind, row, values))) == [""]
    assert codes(laptop.push((scope, kind, row, {"name": "Renamed"}))) == ["role"]


def test_everybody_with_a_role_reads_the_library(town: Town) -> None:
    lead = town.person(Role.LEAD)
    template = ("library", "template", str(uuid4()), {"form_id": "floor", "title": "Floor"})
    assert codes(lead.push(template)) == [""]
    later = town.person(Role.READER, Reach.MARKET, "JP")
    answer = later.sync(Request(device=str(later.device), top=0, acked=0))
    assert (template[2], "library") in {(row.id, row.scope) for row in answer.rows}
    administrator = town.person(Role.ADMINISTRATOR)
    assert administrator.sync(Request(device=str(administrator.device), top=0, acked=0)).rows == ()
