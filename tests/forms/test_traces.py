"""States that ODK's own engine recorded, step by step, held against ours."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from audit_app.errors import ImportRefused
from tests.forms.conformance import path_of
from tests.forms.traces import NOW, ZONE, Replay, replay, traces, usable

KNOWN = {
    "s0007": "the sum of no rows is 0 in XPath; theirs stays empty until the first row comes",
    "s0013": "the sum of no rows is 0 in XPath; theirs stays empty until the first row comes",
    "s0044": "a blank count gives no rows, whatever was there before: the same answers always give"
    " the same form. The rows wait in the attic",
    "s0334": "two questions that show each other are a circle, refused at import (FORMS 5.4)",
    "s0380": "theirs drops a shape of fewer than three points; we keep what was entered",
    "s0567": "theirs drops a ranking when its choices go; we keep what was entered",
}
WHO_RECORDED = datetime.fromisoformat("2026-11-23T20:38:04.786-07:00").astimezone(ZONE)
"""When the state of the WHO form was recorded: it asks for the day and the minute."""


@pytest.fixture(scope="module")
def recorded() -> dict[str, dict[str, Any]]:
    return {trace["id"]: trace for trace in traces(path_of("scenario_traces.jsonl"))}


@pytest.fixture(scope="module")
def replayed(recorded: dict[str, dict[str, Any]]) -> dict[str, Replay]:
    return {trace["id"]: replay(trace, NOW) for trace in _openable(recorded)}


def _openable(recorded: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    return (trace for trace in recorded.values() if usable(trace) and trace["id"] != "s0334")


def test_values_and_relevance_agree_but_for_what_we_know(replayed: dict[str, Replay]) -> None:
    assert len(replayed) == 560
    different = {name: run.differences for name, run in replayed.items() if run.differences}
    new = {name: found for name, found in different.items() if name not in KNOWN}
    assert new == {}
    assert KNOWN.keys() - different.keys() == {"s0334"}, "these agree by now: take them off"


def test_at_least_95_of_100_traces_agree(replayed: dict[str, Replay]) -> None:
    assert sum(not run.differences for run in replayed.values()) / 561 >= 0.95


def test_required_readonly_and_constraints_agree_too(replayed: dict[str, Replay]) -> None:
    other: Counter[str] = Counter()
    for run in replayed.values():
        other.update(set(run.other))
    # Rows of one repeat take the label of the group around it; ours leave it to the group.
    assert other == {"label": 1}


def test_questions_that_show_each_other_are_refused_in_words(
    recorded: dict[str, dict[str, Any]],
) -> None:
    with pytest.raises(ImportRefused, match=r"in a circle: a \(relevant\) → b \(relevant\)"):
        replay(recorded["s0334"], NOW)


def test_the_who_verbal_autopsy_agrees(recorded: dict[str, dict[str, Any]]) -> None:
    run = replay(recorded["s0244"], WHO_RECORDED)
    assert len(recorded["s0244"]["steps"]) == 7
    assert run.differences == []


def test_a_value_that_differs_is_reported(recorded: dict[str, dict[str, Any]]) -> None:
    trace = recorded["s0244"]
    first = trace["steps"][0]["state"]
    ref = next(ref for ref, state in first.items() if state.get("relevant") and state.get("value"))
    changed = {**first, ref: {**first[ref], "value": "something else"}}
    tampered = {**trace, "steps": [{**trace["steps"][0], "state": changed}]}
    (words,) = replay(tampered, WHO_RECORDED).differences
    assert re.search(r"'something else' != ", words)
