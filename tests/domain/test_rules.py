"""Findings, actions, visits, intervals and the manifest."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_app.domain.actions import STEPS as ACTION_STEPS
from audit_app.domain.actions import default_due, is_overdue, working_day
from audit_app.domain.findings import grade_for, may_move, missing_parts, suggestion
from audit_app.domain.intervals import wilson
from audit_app.domain.manifest import leaf, manifest_hash, merkle_root
from audit_app.domain.words import ActionState, Critical, FindingState, Grade


def test_a_major_on_a_critical_question_is_critical() -> None:
    assert grade_for(Grade.MAJOR, Critical.FORM) is Grade.CRITICAL
    assert grade_for(Grade.MINOR, Critical.FORM) is Grade.MINOR


def test_a_repeat_is_proposed_one_grade_up() -> None:
    proposed = suggestion(Grade.MINOR, repeat_of="F-02 of AUD-1", same_clause=(), clause="")
    assert proposed is not None
    assert proposed[0] is Grade.MAJOR


def test_three_minors_on_one_requirement_propose_a_major() -> None:
    three = [Grade.MINOR] * 3
    proposed = suggestion(Grade.MINOR, repeat_of="", same_clause=three, clause="ISO 9001 7.5")
    assert proposed is not None
    assert proposed[0] is Grade.MAJOR
    assert suggestion(Grade.MINOR, repeat_of="", same_clause=three[:2], clause="x") is None


def test_a_strength_is_never_escalated() -> None:
    assert suggestion(Grade.STRENGTH, repeat_of="F-01", same_clause=(), clause="") is None


def test_a_void_finding_stays_void() -> None:
    assert not any(may_move(FindingState.VOID, state) for state in FindingState)


def test_a_finding_names_its_missing_parts() -> None:
    assert missing_parts(criterion=" ", evidence=0, statement="x") == ("criterion", "evidence")


def test_a_due_date_falls_on_a_working_day() -> None:
    assert working_day(date(2026, 11, 28), "PL") == date(2026, 11, 30)
    assert working_day(date(2026, 11, 27), "EG") == date(2026, 11, 29)
    assert default_due(Grade.CRITICAL, date(2026, 11, 24), "PL") == date(2026, 12, 8)
    assert default_due(Grade.STRENGTH, date(2026, 11, 24), "PL") is None


def test_an_action_is_late_only_while_something_is_awaited() -> None:
    due, today = date(2026, 11, 1), date(2026, 11, 24)
    assert is_overdue(due, ActionState.OPEN, today)
    assert not is_overdue(due, ActionState.EFFECTIVE, today)
    assert not is_overdue(None, ActionState.OPEN, today)
    assert not is_overdue(today, ActionState.OPEN, today)


def test_every_action_state_has_its_steps() -> None:
    assert set(ACTION_STEPS) == set(ActionState)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (81, 263, 0.255289, 0.366210),
        (15, 148, 0.062386, 0.160487),
        (0, 20, 0.0, 0.161125),
        (1, 29, 0.006113, 0.171755),
        (190, 200, 0.910422, 0.972617),
    ],
)
def test_wilson_gives_newcombes_values(
    successes: int, trials: int, low: float, high: float
) -> None:
    interval = wilson(successes, trials)
    assert interval.low == pytest.approx(low, abs=1e-6)
    assert interval.high == pytest.approx(high, abs=1e-6)


@pytest.mark.parametrize(("successes", "trials"), [(1, 0), (3, 2), (-1, 4)])
def test_wilson_refuses_what_is_not_a_proportion(successes: int, trials: int) -> None:
    with pytest.raises(ValueError, match="is not a proportion"):
        wilson(successes, trials)


records = st.lists(
    st.dictionaries(st.text(max_size=4), st.text(max_size=6)), min_size=1, max_size=9
)


@given(records, st.data())
def test_changing_any_record_changes_the_manifest(
    given_records: list[dict[str, str]], data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(given_records) - 1))
    changed = [dict(record) for record in given_records]
    changed[index]["changed"] = "yes, this one"
    assert manifest_hash(given_records) != manifest_hash(changed)


@given(records)
def test_dropping_or_doubling_a_record_changes_the_manifest(
    given_records: list[dict[str, str]],
) -> None:
    whole = manifest_hash(given_records)
    assert manifest_hash(given_records[:-1]) != whole
    assert manifest_hash([*given_records, given_records[-1]]) != whole


def test_one_leaf_is_its_own_root() -> None:
    assert merkle_root([leaf({"a": 1})]) == leaf({"a": 1}).hex()
