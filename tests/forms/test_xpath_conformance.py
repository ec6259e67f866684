"""The language of expressions, held against 3,072 cases that other projects wrote."""

from datetime import UTC

import pytest

from tests.forms.conformance import path_of
from tests.forms.xpath_cases import Result, agrees, run

REASONS = {
    "ODK's web engine wins (FORMS 5); JavaRosa disagrees with it": (
        "x02620 x02622 x02626 x02627 x02629 x02635 x02639 x02640 x02723 x02726 x02815"
        " x02964 x03006 x03022 x03027 x03035 x03065 x03066"
    ),
    "JavaRosa lacks it and fails; we have it, and a form for it alone still works": (
        "x02463 x02468 x02469 x02954 x02955 x02979 x02980 x02981 x02982 x03002 x03003"
    ),
    "JavaRosa refuses a question of many rows where one is meant; XPath takes any or the first": (
        "x02969 x03032 x03033"
    ),
    "JavaRosa reads a comma as a decimal point; it would make lists of numbers ambiguous": (
        "x02717 x02724"
    ),
    "JavaRosa rounds before it compares; ours are the numbers of IEEE 754": "x02797",
    "their substring(x, 0, n) is wrong; ours agrees with x01228": "x02855",
    "an element is counted by its text, not by whether it has children": "x02462",
    "the moment is shown in the zone of the site, not in the zone it was written with": (
        "x02930 x02932 x03056 x03058"
    ),
    "they give the node, we give its text, which is all an answer can hold": "x03051",
    "the oracle's context is the whole document; ours is the question the rule stands at": "x03055",
    "numbers in exponent form are no answers a question can hold": "x02049",
    "a CDATA section is part of the text around it here, a node of its own in a browser": "x00873",
}
KNOWN = {case: reason for reason, cases in REASONS.items() for case in cases.split()}


@pytest.fixture(scope="module")
def core() -> list[Result]:
    results = run(path_of("xpath_cases.json"))
    return [result for result in results if result.case.get("core")]


def test_the_core_language_agrees_but_for_what_we_know(core: list[Result]) -> None:
    assert len(core) == 2516
    missed = {result.case["id"] for result in core if not result.good}
    new = [
        (result.case["id"], result.case["expression"], result.case["value"], result.got)
        for result in core
        if result.case["id"] in missed - KNOWN.keys()
    ]
    assert new == []
    assert KNOWN.keys() - missed == set(), "these agree by now: take them off the list"


def test_at_least_98_of_100_core_cases_agree(core: list[Result]) -> None:
    assert sum(result.good for result in core) / len(core) >= 0.98


def test_everything_that_is_odk_web_forms_own_agrees(core: list[Result]) -> None:
    """Where engines disagree, ODK's web engine is the one we follow."""
    theirs = [result for result in core if result.case["mode"] == "xforms"]
    assert len(theirs) == 871
    missed = [result.case["id"] for result in theirs if not result.good]
    assert missed == ["x02049"]


def test_a_wrong_result_counts_as_a_miss(core: list[Result]) -> None:
    case = next(r.case for r in core if r.good and r.case["type"] == "boolean")
    right = bool(case["value"])
    assert agrees(case, right, UTC)[0]
    assert not agrees(case, not right, UTC)[0]
