"""One change meets what the centre holds: field by field, and nothing vanishes silently."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_app.domain.merge import (
    AUTO,
    EMPTY,
    OPEN,
    Incoming,
    Merged,
    Stored,
    Version,
    merge,
)
from audit_app.domain.records import DELETED, RECORDS
from audit_app.domain.text_merge import merge_texts

GONE = "2026-11-25T09:00:00+00:00"


def held(seq: int = 5, device: str = "theirs", **values: Any) -> Stored:
    """A row whose fields were all written at this number by one op of a colleague."""
    version = Version(seq, device, 1)
    shown = {name: value for name, value in values.items() if value is not None}
    return Stored(shown, dict.fromkeys(values, version))


def op(base: int, device: str = "mine", no: int = 2, **values: Any) -> Incoming:
    return Incoming(device, no, base, values)


def merged(
    stored: Stored, incoming: Incoming, kind: str = "vendor", base: Mapping[str, Any] | None = None
) -> Merged:
    return merge(RECORDS[kind], stored, incoming, (base or {}).get)


def test_a_field_nobody_changed_since_is_set() -> None:
    result = merged(held(seq=5, name="A"), op(base=5, name="B"))
    assert (result.changes, result.clashes) == ({"name": "B"}, ())


def test_a_field_changed_unseen_keeps_the_central_value_and_the_other() -> None:
    result = merged(held(seq=5, name="A"), op(base=4, name="B"), base={"name": "O"})
    (clash,) = result.clashes
    assert result.changes == {}
    assert (clash.field, clash.central, clash.candidate, clash.base) == ("name", "A", "B", "O")
    assert clash.status == OPEN


def test_the_same_value_is_no_conflict() -> None:
    assert merged(held(name="A"), op(base=0, name="A")) == Merged({}, ())


def test_an_own_earlier_op_was_seen_by_its_author() -> None:
    result = merged(held(seq=5, device="mine", name="A"), op(base=3, no=2, name="B"))
    assert result.changes == {"name": "B"}


def test_other_fields_of_a_row_go_in_beside_a_conflict() -> None:
    stored = Stored(
        {"name": "A", "code": "1"},
        {"name": Version(5, "theirs", 1), "code": Version(2, "theirs", 1)},
    )
    result = merged(stored, op(base=3, name="B", code="2"))
    assert result.changes == {"code": "2"}
    assert [clash.field for clash in result.clashes] == ["name"]


def test_a_new_row_takes_everything() -> None:
    assert merged(EMPTY, op(base=0, name="A", code="1")).changes == {"name": "A", "code": "1"}


def test_a_field_the_record_does_not_know_is_asked_about_like_any_other() -> None:
    result = merged(held(carbon=1), op(base=4, carbon=2))
    assert [clash.field for clash in result.clashes] == ["carbon"]


@pytest.mark.parametrize(
    ("central", "incoming", "stands"),
    [("minor", "major", "major"), ("critical", "minor", "critical")],
)
def test_the_graver_grade_stands_and_the_other_is_told(
    central: str, incoming: str, stands: str
) -> None:
    result = merged(held(grade=central), op(base=4, grade=incoming), "finding")
    (clash,) = result.clashes
    assert result.changes.get("grade", central) == stands == clash.central
    assert clash.status == AUTO
    assert {clash.central, clash.candidate} == {central, incoming}


def test_long_texts_merge_by_words() -> None:
    result = merged(
        held(note="The rear door was open"),
        op(base=4, note="The door was wide open"),
        base={"note": "The door was open"},
    )
    assert result == Merged({"note": "The rear door was wide open"}, ())


def test_long_texts_that_meet_in_one_place_are_asked_about() -> None:
    result = merged(held(note="a X c"), op(base=4, note="a Y c"), base={"note": "a b c"})
    assert [clash.field for clash in result.clashes] == ["note"]


def test_who_and_when_go_in_with_their_answer() -> None:
    stored = held(value="C", answered_by="Ben")
    result = merged(stored, op(base=5, value="MIN", answered_by="Ada"), "answer")
    assert result.changes == {"value": "MIN", "answered_by": "Ada"}


def test_who_and_when_stay_out_with_their_answer() -> None:
    stored = held(value="C", answered_by="Ben")
    result = merged(stored, op(base=4, value="MIN", answered_by="Ada"), "answer")
    assert result.changes == {}
    assert [clash.field for clash in result.clashes] == ["value"]


def test_a_mark_alone_goes_in() -> None:
    assert merged(held(flagged=False), op(base=0, flagged=True), "answer").changes == {
        "flagged": True
    }


def test_the_first_moment_told_stands() -> None:
    stored = held(added_at=GONE)
    result = merged(stored, op(base=9, added_at="2027-01-01T00:00:00+00:00"), "template_version")
    assert result == Merged({}, ())


def test_a_deletion_that_saw_everything_goes_in() -> None:
    assert merged(held(seq=5, name="A"), op(base=5, deleted_at=GONE)).changes == {DELETED: GONE}


def test_an_edit_beats_a_deletion_that_had_not_seen_it() -> None:
    result = merged(held(seq=5, name="A"), op(base=4, deleted_at=GONE))
    assert result.changes == {}
    assert [clash.field for clash in result.clashes] == [DELETED]


def test_an_edit_that_had_not_seen_the_deletion_brings_the_row_back() -> None:
    stored = Stored(
        {"name": "A", DELETED: GONE},
        {"name": Version(2, "theirs", 1), DELETED: Version(5, "theirs", 2)},
    )
    result = merged(stored, op(base=3, name="B"))
    assert result.changes == {"name": "B", DELETED: None}
    assert [clash.field for clash in result.clashes] == [DELETED]


def test_two_who_deleted_a_row_agree() -> None:
    stored = held(deleted_at=GONE)
    assert merged(stored, op(base=0, deleted_at="2027-01-01T00:00:00+00:00")) == Merged({}, ())


values = st.one_of(st.none(), st.text(max_size=6), st.integers(0, 3), st.booleans())
names = st.sampled_from(["name", "code", "note", DELETED, "unknown"])


@given(
    central=st.dictionaries(names, values),
    sent=st.dictionaries(names, values, min_size=1),
    seq=st.integers(1, 6),
    base=st.integers(0, 6),
)
def test_every_value_is_current_or_stands_in_a_clash(
    central: dict[str, Any], sent: dict[str, Any], seq: int, base: int
) -> None:
    stored = held(seq=seq, **central)
    result = merged(stored, op(base=base, **sent))
    clashes = {clash.field: clash for clash in result.clashes}
    after = {**stored.values, **result.changes}
    for name, value in sent.items():
        is_current = after.get(name) == value or (
            name == DELETED and (after.get(name) is None) == (value is None)
        )
        is_merged = name == "note" and isinstance(value, str) and name in result.changes
        told = name in clashes and clashes[name].candidate == value
        untouched = name == "note" and after.get(name) == stored.values.get(name)
        assert is_current or told or is_merged or untouched or name == DELETED
    if base >= seq:
        assert result.clashes == (), "whoever saw everything is never asked"


texts = st.lists(st.sampled_from(["door", "open", "rear", "wide", "badge"]), max_size=8).map(
    " ".join
)


@given(base=texts, one=texts, other=texts)
def test_merging_texts_does_not_depend_on_the_side(base: str, one: str, other: str) -> None:
    assert merge_texts(base, one, other) == merge_texts(base, other, one)


@given(base=texts, one=texts)
def test_a_text_changed_on_one_side_only_is_that_text(base: str, one: str) -> None:
    assert merge_texts(base, one, base) == one
    assert merge_texts(base, base, one) == one
    assert merge_texts(base, one, one) == one


@given(base=texts, head=texts, tail=texts)
def test_words_added_at_both_ends_are_both_there(base: str, head: str, tail: str) -> None:
    middle = f"start {base} stop"
    if not (head and tail):
        return
    merged_text = merge_texts(middle, f"{head} {middle}", f"{middle} {tail}")
    assert merged_text == f"{head} {middle} {tail}"
