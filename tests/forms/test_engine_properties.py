"""What holds of the engine whatever is answered, in whatever order."""

import os
from collections.abc import Sequence
from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from audit_app.forms.engine import Engine
from audit_app.forms.states import NodeState, Outcome
from tests.forms.random_answers import an_engine, snapshot, stale
from tests.forms.small_forms import a_template_of

RICH = a_template_of("""
| survey |                     |       |                  |                        |                           |            |           |               |
|        | type                | name  | label            | relevant               | calculation               | constraint | required  | choice_filter |
|        | select_one yn       | gate  | Gate             |                        |                           |            | yes       |               |
|        | integer             | n     | Number           |                        |                           | . < 5      |           |               |
|        | begin_group         | g     | Group            | ${gate} = 'yes'      |                           |            |           |               |
|        | select_multiple yn  | m     | Many             |                        |                           |            | ${n} > 2 |              |
|        | text                | t     | About ${n}     | selected(${m}, 'no') |                           | . != 'bad' |           |               |
|        | calculate           | twice |                  |                        | ${n} * 2                |            |           |               |
|        | end_group           |       |                  |                        |                           |            |           |               |
|        | select_one place    | p     | Place            |                        |                           |            |           | kind = ${gate} |
|        | begin_repeat        | line  | Line             |                        |                           |            |           |               |
|        | integer             | x     | X                |                        |                           | . >= 0     |           |               |
|        | text                | why   | Why ${x}       | ${x} > 3             |                           |            | ${n} = 1 |              |
|        | calculate           | here  |                  |                        | position(..) * ${x}     |            |           |               |
|        | begin_repeat        | part  | Part             | ${x} != 7            |                           |            |           |               |
|        | integer             | y     | Y                |                        |                           |            |           |               |
|        | end_repeat          |       |                  |                        |                           |            |           |               |
|        | calculate           | ysum  |                  |                        | sum(${y})               |            |           |               |
|        | end_repeat          |       |                  |                        |                           |            |           |               |
|        | calculate           | total |                  |                        | sum(${x}) + count(${line}) |       |           |               |
|        | calculate           | ally  |                  |                        | sum(${ysum})            |            |           |               |
|        | text                | last  | Last of ${total} | ${total} > 4 or ${twice} = 2 |               |            |           |               |
| choices |           |      |         |      |
|         | list_name | name | label   | kind |
|         | yn        | yes  | Yes     |      |
|         | yn        | no   | No      |      |
|         | place     | in   | Inside  | yes  |
|         | place     | out  | Outside | no   |
""")
"""Relevance, sums, filters, rows within rows, words with values: everything that depends."""

TOP = ("/data/gate", "/data/n", "/data/g/m", "/data/g/t", "/data/p", "/data/last")
VALUES = {
    "gate": ("yes", "no", ""),
    "m": ("no", "yes", "yes no", ""),
    "p": ("in", "out", ""),
    "n": ("1", "2", "4", "7", ""),
    "x": ("1", "4", "7", "-1", ""),
    "y": ("1", "2", ""),
}
WORDS = ("word", "bad", "")
Set = tuple[str, int]
Step = tuple[str, int, int, int]
"""What to do, which row or question, where, and which of its values."""

held = settings(deadline=None, max_examples=int(os.environ.get("ONSITE_EXAMPLES", "40")))
"""Never a matter of time; release runs try more."""

answers = st.lists(st.tuples(st.sampled_from(TOP), st.integers(0, 4)), max_size=12)
steps = st.lists(
    st.tuples(
        st.sampled_from(["set", "set", "set", "add", "remove", "back", "inner"]),
        st.integers(0, 30),
        st.integers(0, 5),
        st.integers(0, 4),
    ),
    max_size=25,
)


def value_of(ref: str, which: int) -> str:
    """One of the values that make a difference at a question."""
    values = VALUES.get(ref.rpartition("/")[2], WORDS)
    return values[which % len(values)]


def take(engine: Engine, step: Step) -> Outcome | None:
    """One step; None where there is nothing to do it to."""
    word, which, place, value = step
    rows = engine.rows("/data/line")
    if word == "add" and len(rows) < 5:
        return engine.add_repeat("/data/line", index=min(place, len(rows)))
    if word == "remove" and rows:
        return engine.remove_repeat(rows[which % len(rows)])
    if word == "back" and (gone := engine.removed_rows("/data/line")):
        return engine.add_repeat("/data/line", gone[which % len(gone)], index=min(place, len(rows)))
    if word == "inner" and (inner := [ref for ref in engine.repeats if ref.endswith("/part")]):
        return engine.add_repeat(inner[which % len(inner)])
    if word == "set":
        refs = [ref for ref in engine.refs if ref.rpartition("/")[2] not in CALCULATED]
        ref = refs[which % len(refs)]
        return engine.set(ref, value_of(ref, value))
    return None


OFFERED = {"/data/p"}
"""Painted again also when only its choices changed, which a state does not hold."""

CALCULATED = {"twice", "here", "ysum", "total", "ally", "instanceID"}


def walked(steps: Sequence[Step]) -> Engine:
    """An engine after these steps."""
    engine = an_engine(RICH)
    for step in steps:
        take(engine, step)
    return engine


def reopened(values: dict[str, str]) -> Engine:
    """A new engine with these values, as when the audit is opened again."""
    engine = an_engine(RICH)
    assert engine.load(values) == ()
    return engine


def told(engine: Engine) -> dict[str, NodeState]:
    """What the engine tells of every node.

    A calculation that is not relevant keeps what it last told, for when it comes back; nothing
    reads it until then, and it is reckoned anew.
    """
    states = {ref: engine.state(ref) for ref in engine.refs}
    return {
        ref: replace(state, value="")
        if ref.rpartition("/")[2] in CALCULATED and not state.relevant
        else state
        for ref, state in states.items()
    }


@held
@given(answers, st.randoms(use_true_random=False))
def test_the_order_of_answers_does_not_matter(given: list[Set], dice: Random) -> None:
    final = list(dict(given).items())
    shuffled = [*final]
    dice.shuffle(shuffled)
    one, other = an_engine(RICH), an_engine(RICH)
    for ref, value in given:
        one.set(ref, value_of(ref, value))
    for ref, value in shuffled:
        other.set(ref, value_of(ref, value))
    assert told(one) == told(other)


@held
@given(steps, st.integers(0, 30), st.integers(0, 4))
def test_setting_and_taking_back_restores_everything(
    steps: list[Step], which: int, value: int
) -> None:
    engine = walked(steps)
    refs = [ref for ref in engine.refs if ref.rpartition("/")[2] not in CALCULATED]
    ref = refs[which % len(refs)]
    before, old = told(engine), engine.value(ref)
    engine.set(ref, value_of(ref, value))
    engine.set(ref, old)
    assert told(engine) == before


@held
@given(steps)
def test_the_graph_tells_what_a_full_recompute_tells(steps: list[Step]) -> None:
    engine = an_engine(RICH)
    for step in steps:
        take(engine, step)
        assert stale(engine) == []


@held
@given(steps)
def test_what_changed_is_told_exactly(steps: list[Step]) -> None:
    """Rows on the screen are painted again for these refs and for no others."""
    engine = an_engine(RICH)
    before = snapshot(engine)
    for step in steps:
        outcome = take(engine, step)
        if outcome is None:
            continue
        after = snapshot(engine)
        differ = {ref for ref in before | after if before.get(ref) != after.get(ref)}
        assert differ <= set(outcome.changed)
        painted = {ref for ref in outcome.changed if ref in before or ref in after}
        assert painted - differ - OFFERED == set()
        before = after


@held
@given(steps)
def test_what_is_written_step_by_step_opens_as_the_same_audit(steps: list[Step]) -> None:
    """The store keeps exactly what each step told it to write."""
    engine = an_engine(RICH)
    kept = engine.values()
    for step in steps:
        outcome = take(engine, step)
        if outcome is not None:
            kept.update(outcome.written)
    assert snapshot(reopened(kept)) == snapshot(engine)


@held
@given(steps)
def test_values_open_as_the_same_audit(steps: list[Step]) -> None:
    engine = walked(steps)
    again = reopened(engine.values())
    assert snapshot(again) == snapshot(engine)
    assert again.values() == engine.values()
    assert again.rows("/data/line") == engine.rows("/data/line")
    assert sorted(again.removed_rows("/data/line")) == sorted(engine.removed_rows("/data/line"))


@held
@given(steps, steps)
def test_going_back_to_earlier_values_undoes_everything_since(
    before: list[Step], since: list[Step]
) -> None:
    engine = walked(before)
    then, values = snapshot(engine), engine.values()
    for step in since:
        take(engine, step)
    engine.load(values)
    assert snapshot(engine) == then
    assert engine.values() == values


@held
@given(steps)
def test_rows_keep_their_answers_by_key_wherever_they_are_moved(steps: list[Step]) -> None:
    """A model of nothing but keys and answers must agree."""
    engine = an_engine(RICH)
    live, gone = ["1"], dict[str, str]()
    answer = {"1": ""}
    for word, which, place, value in steps:
        at = min(place, len(live))
        if word == "add" and len(live) < 5:
            added = engine.add_repeat("/data/line", index=at)
            live.insert(at, added.key)
            answer[added.key] = ""
        elif word == "remove" and live:
            key = live.pop(which % len(live))
            engine.remove_repeat(f"/data/line[{key}]")
            gone[key] = ""
        elif word == "back" and gone:
            key = [*gone][which % len(gone)]
            del gone[key]
            engine.add_repeat("/data/line", key, index=at)
            live.insert(at, key)
        elif word == "set" and live:
            key = live[which % len(live)]
            answer[key] = value_of("x", value)
            engine.set(f"/data/line[{key}]/x", answer[key])
        assert engine.rows("/data/line") == tuple(f"/data/line[{key}]" for key in live)
        assert set(engine.removed_rows("/data/line")) == gone.keys()
        assert [engine.value(f"/data/line[{key}]/x") for key in live] == [answer[k] for k in live]
    again = reopened(engine.values())
    for key in live:
        assert again.value(f"/data/line[{key}]/x") == answer[key]
    for key in gone:
        again.add_repeat("/data/line", key)
        assert again.value(f"/data/line[{key}]/x") == answer[key]


@held
@given(steps)
def test_choices_on_offer_follow_the_answers(steps: list[Step]) -> None:
    engine = an_engine(RICH)
    for step in steps:
        offered = engine.choices("/data/p")
        outcome = take(engine, step)
        now = engine.choices("/data/p")
        assert [o.name for o in now] == {"yes": ["in"], "no": ["out"]}.get(
            engine.value("/data/gate"), []
        )
        if outcome is not None and now != offered:
            assert "/data/p" in outcome.changed
