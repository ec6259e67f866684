"""One value that no database holds is refused by itself; the rest of the push is kept."""

from typing import Any

import pytest

from audit_app.sync.protocol import Verdict
from tests.central.people import Town
from tests.central.test_grants import Programme, answer

UNSTORABLE = [float("inf"), float("nan"), "\x00", "\ud800", ["\x00"], {"\x00": 1}, "x" * 300_000]


@pytest.mark.parametrize("value", UNSTORABLE, ids=range(len(UNSTORABLE)))
@pytest.mark.parametrize("field", ["value", "of_a_newer_version"])
def test_a_value_that_cannot_be_stored_stops_nothing_else(
    town: Town, field: str, value: Any
) -> None:
    programme = Programme(town)
    scope, kind, row, values = answer(programme)
    bad = (scope, kind, row, {**values, field: value})
    # Written as JSON with its half signs escaped, as a hostile or broken client would.
    results = programme.lead.push(answer(programme), bad, answer(programme))
    assert [result.verdict for result in results] == [Verdict.OK, Verdict.REFUSED, Verdict.OK]
    assert results[1].code == "value"

    later = programme.lead.push(answer(programme))
    assert [result.verdict for result in later] == [Verdict.OK]
