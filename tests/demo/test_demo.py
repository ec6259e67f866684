"""The demo programme: one of its vendors, built through the services."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from audit_app.clock import Clock
from audit_app.demo import follow_up
from audit_app.demo.build import build_demo
from audit_app.demo.photos import draw_photo
from audit_app.demo.programme import VENDORS
from audit_app.domain.actions import may_move
from audit_app.domain.words import ActionState, AuditState, FindingState, VisitState
from audit_app.errors import NotAllowed
from audit_app.services import Services, build_services
from audit_app.services.integrity import verify_workspace
from db.store import Store
from tests.builders import NOON, StillClock

NORDWIND = VENDORS[0]
CAIRO = replace(NORDWIND, sites=tuple(site for site in NORDWIND.sites if site.code == "CAI"))


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    clock: Clock = StillClock()
    store = Store.create(tmp_path_factory.mktemp("demo") / "workspace", clock)
    build_demo(store, clock, vendors=(CAIRO,))
    assert store.clock is clock
    assert verify_workspace(store).ok
    yield build_services(store, clock)
    store.close()


def test_a_visit_is_under_way_today_and_the_others_are_signed(demo: Services) -> None:
    visits = demo.visits.listed()
    states = Counter(visit.state for visit in visits)
    assert states == {VisitState.UNDER_WAY: 1, VisitState.SIGNED: 5, VisitState.PLANNED: 1}
    (now,) = (visit for visit in visits if visit.state is VisitState.UNDER_WAY)
    assert now.starts == NOON.date()
    assert 0 < now.audits[0].answered < now.audits[0].total


def test_scores_go_up_and_down_as_those_of_a_real_site(demo: Services) -> None:
    scores = [
        audit.score
        for visit in reversed(demo.visits.listed())
        for audit in visit.audits
        if audit.state is AuditState.SIGNED
        and audit.score is not None
        and audit.template == "General vendor site audit"
    ]
    assert len(scores) == 4
    assert all(50 <= score < 100 for score in scores)
    assert max(scores) - min(scores) > 2


def test_findings_were_written_up_and_photographed(demo: Services) -> None:
    findings = [demo.findings.view(row.id) for row in demo.findings.listed()]
    signed = [item for item in findings if item.row.state is not FindingState.DRAFT]
    assert len(signed) > 20
    assert all(item.statement and item.criterion for item in signed)
    assert any(item.evidence for item in signed)
    assert {item.row.state for item in signed} >= {
        FindingState.ACKNOWLEDGED,
        FindingState.CLOSED,
        FindingState.DISPUTED,
    }


def test_actions_stand_at_many_places_and_some_are_late(demo: Services) -> None:
    actions = demo.actions.listed()
    assert len({action.state for action in actions}) >= 5
    assert ActionState.VERIFIED in {action.state for action in actions}
    assert any(action.overdue for action in actions)


def test_the_history_of_a_finding_runs_over_its_own_days(demo: Services) -> None:
    closed = [row for row in demo.findings.listed() if row.state is FindingState.CLOSED]
    history = demo.findings.view(closed[0].id).history
    days = [line.partition(" ")[0] for line in history]
    assert days == sorted(days, reverse=True)
    assert days[-1] == closed[0].opened_at.date().isoformat()
    assert days[0] > days[-1]


def test_every_way_of_an_action_is_allowed() -> None:
    for way in (follow_up.SHORT, follow_up.LONG, *follow_up.UNFINISHED):
        steps = (ActionState.OPEN, *way)
        assert all(may_move(now, to) for now, to in pairwise(steps))
    reached = {state for way in follow_up.UNFINISHED for state in way} | set(follow_up.LONG)
    assert reached | {ActionState.OPEN} == set(ActionState)


def test_a_workspace_with_vendors_is_left_alone(tmp_path: Path) -> None:
    clock = StillClock()
    store = Store.create(tmp_path / "workspace", clock)
    services = build_services(store, clock)
    services.vendors.save_vendor(name="Real Partner")
    with pytest.raises(NotAllowed, match="holds vendors already"):
        build_demo(store, clock)
    assert [row.name for row in services.vendors.listed()] == ["Real Partner"]
    assert store.clock is clock
    store.close()


def test_the_same_seed_draws_the_same_photo() -> None:
    assert draw_photo("desk", 7, NOON) == draw_photo("desk", 7, NOON)
    assert draw_photo("desk", 7, NOON) != draw_photo("desk", 8, NOON)
