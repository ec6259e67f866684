"""What must hold of every score, whatever was answered (DOMAIN 2.4)."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from audit_app.domain.scoring import (
    CAP,
    FULL_COVERAGE,
    AuditScore,
    Marks,
    ScoredQuestion,
    SectionWeight,
    Standing,
    score_audit,
)
from audit_app.domain.words import Critical, Grade, Rating

CODES = ("A", "B", "C")
ORDER = (Rating.RED, Rating.AMBER, Rating.GREEN)
SCORES = (Fraction(0), Fraction(1, 3), Fraction(1, 2), Fraction(2, 3), Fraction(1))

weights = st.one_of(
    st.just((None, None, None)),
    st.tuples(*[st.fractions(0, 60, max_denominator=7)] * 3),
)


@st.composite
def sections(draw: st.DrawFn) -> tuple[SectionWeight, ...]:
    given_weights = draw(weights)
    return tuple(
        SectionWeight(code, weight) for code, weight in zip(CODES, given_weights, strict=True)
    )


@st.composite
def questions(draw: st.DrawFn, least: int = 0) -> list[ScoredQuestion]:
    count = draw(st.integers(least, 25))
    made = []
    for number in range(count):
        standing = draw(st.sampled_from([Standing.SCORED] * 4 + list(Standing)))
        score = draw(st.sampled_from(SCORES)) if standing is Standing.SCORED else None
        grade = None
        if score is not None and score < 1:
            grade = draw(st.sampled_from([None, Grade.MINOR, Grade.MAJOR, Grade.CRITICAL]))
        made.append(
            ScoredQuestion(
                ref=f"q{number}",
                section=draw(st.sampled_from(CODES)),
                weight=draw(st.fractions(0, 5, max_denominator=4)),
                standing=standing,
                score=score,
                critical=draw(st.sampled_from([Critical.NO] * 6 + list(Critical))),
                grade=grade,
            )
        )
    return made


def summed(given: Sequence[ScoredQuestion], parts: Sequence[SectionWeight]) -> Fraction | None:
    """The raw score by the definition alone, written down a second time."""
    weighted = any(part.weight is not None for part in parts)
    above, below = Fraction(0), Fraction(0)
    for part in parts:
        scored = [
            (question.weight, question.score)
            for question in given
            if question.section == part.code and question.score is not None and question.weight
        ]
        possible = sum((weight for weight, _ in scored), Fraction(0))
        if not possible:
            continue
        earned = sum((weight * score for weight, score in scored), Fraction(0))
        whole = (part.weight or Fraction(0)) if weighted else possible
        above, below = above + whole * earned / possible, below + whole
    return 100 * above / below if below else None


def scored(result: AuditScore) -> tuple[Fraction | None, Fraction | None]:
    return result.raw, result.shown


@given(questions(), sections())
def test_the_score_is_the_exact_sum_of_fractions(
    given: list[ScoredQuestion], parts: tuple[SectionWeight, ...]
) -> None:
    assert score_audit(given, parts).raw == summed(given, parts)


@given(questions(), sections())
def test_score_and_coverage_stay_within_bounds(
    given: list[ScoredQuestion], parts: tuple[SectionWeight, ...]
) -> None:
    result = score_audit(given, parts)
    assert 0 <= result.coverage <= 100
    assert (result.raw is None) == (result.shown is None) == (result.rating is Rating.NONE)
    if result.raw is not None and result.shown is not None:
        assert 0 <= result.shown <= result.raw <= 100


@given(questions(least=1), sections(), st.data())
def test_what_is_not_applicable_never_changes_the_score(
    given: list[ScoredQuestion], parts: tuple[SectionWeight, ...], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(given)))
    like = data.draw(st.sampled_from(given))
    excluded = replace(like, ref="na", standing=Standing.EXCLUDED, score=None, grade=None)
    before = score_audit(given, parts)
    after = score_audit([*given[:place], excluded, *given[place:]], parts)
    assert scored(after) == scored(before)
    assert after.rating is before.rating


@given(
    questions(least=1), sections(), st.sampled_from([Standing.UNANSWERED, Standing.NOT_VERIFIED])
)
def test_what_is_open_lowers_coverage_and_leaves_the_raw_score(
    given: list[ScoredQuestion], parts: tuple[SectionWeight, ...], standing: Standing
) -> None:
    added = ScoredQuestion("new", "A", Fraction(1), standing)
    before, after = score_audit(given, parts), score_audit([*given, added], parts)
    assert after.raw == before.raw
    assert after.coverage <= before.coverage or before.coverage == 0
    if before.raw is not None and after.rating is not Rating.NONE:
        assert ORDER.index(after.rating) <= ORDER.index(before.rating)


@given(questions(), sections(), st.randoms())
def test_the_order_of_questions_and_sections_never_matters(
    given: list[ScoredQuestion], parts: tuple[SectionWeight, ...], rnd: object
) -> None:
    mixed, turned = list(given), list(parts)
    rnd.shuffle(mixed)  # type: ignore[attr-defined]
    rnd.shuffle(turned)  # type: ignore[attr-defined]
    before, after = score_audit(given, parts), score_audit(mixed, turned)
    assert scored(before) == scored(after)
    assert (before.coverage, before.rating, before.provisional) == (
        after.coverage,
        after.rating,
        after.provisional,
    )
    assert set(before.failed) == set(after.failed)


@given(questions(least=1), sections(), st.data())
def test_raising_an_answer_never_lowers_the_score(
    given: list[ScoredQuestion], parts: tuple[SectionWeight, ...], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(given) - 1))
    chosen = given[place]
    if chosen.score is None:
        return
    higher = data.draw(st.sampled_from([s for s in SCORES if s >= chosen.score]))
    raised = [*given[:place], replace(chosen, score=higher), *given[place + 1 :]]
    before, after = score_audit(given, parts), score_audit(raised, parts)
    assert (before.raw is None) == (after.raw is None)
    if before.raw is not None and after.raw is not None:
        assert after.raw >= before.raw
        assert (after.shown or 0) >= (before.shown or 0)


@given(questions(), sections())
def test_a_failed_critical_question_caps_and_is_red_and_nothing_else_caps(
    given: list[ScoredQuestion], parts: tuple[SectionWeight, ...]
) -> None:
    result = score_audit(given, parts)
    fails = [q for q in given if q.critical is Critical.FORM and q.score == 0 and q.weight > 0]
    assert set(result.failed) == {question.ref for question in fails}
    if result.raw is None:
        return
    assert result.shown == (min(result.raw, CAP) if fails else result.raw)
    if fails:
        assert result.rating is Rating.RED


@given(questions(), sections())
def test_a_score_is_provisional_by_coverage_or_an_open_critical_question_and_then_never_green(
    given: list[ScoredQuestion], parts: tuple[SectionWeight, ...]
) -> None:
    result = score_audit(given, parts)
    due = [q for q in given if q.weight > 0 and q.standing is not Standing.EXCLUDED]
    is_open = any(q.critical is not Critical.NO and q.standing is not Standing.SCORED for q in due)
    wanted = result.raw is not None and (result.coverage < FULL_COVERAGE or is_open)
    assert result.provisional == wanted
    if result.provisional:
        assert result.rating is not Rating.GREEN


@given(questions(least=1), sections(), st.data())
def test_closing_findings_never_lowers_score_or_rating(
    given: list[ScoredQuestion], parts: tuple[SectionWeight, ...], data: st.DataObject
) -> None:
    closing = data.draw(st.sets(st.sampled_from([question.ref for question in given])))
    closed = [
        replace(q, score=Fraction(1), grade=None) if q.ref in closing and q.score is not None else q
        for q in given
    ]
    before, after = score_audit(given, parts), score_audit(closed, parts)
    if before.shown is None or after.shown is None:
        assert before.shown == after.shown
        return
    assert after.shown >= before.shown
    assert after.majors <= before.majors
    assert ORDER.index(after.rating) >= ORDER.index(before.rating)


@given(questions(), sections(), st.lists(st.sampled_from(list(Grade)), max_size=4))
def test_the_rating_follows_marks_and_majors(
    given: list[ScoredQuestion], parts: tuple[SectionWeight, ...], others: list[Grade]
) -> None:
    marks = Marks()
    result = score_audit(given, parts, marks, others)
    if result.shown is None:
        return
    if result.failed or result.shown < marks.amber or result.majors >= 3:
        wanted = Rating.RED
    elif result.shown >= marks.green and not result.majors and not result.provisional:
        wanted = Rating.GREEN
    else:
        wanted = Rating.AMBER
    assert result.rating is wanted
    more = score_audit(given, parts, marks, [*others, Grade.MAJOR])
    assert ORDER.index(more.rating) <= ORDER.index(result.rating)


@given(questions(), st.fractions(Fraction(1, 9), 9, max_denominator=9))
def test_only_the_proportions_of_weights_matter(given: list[ScoredQuestion], by: Fraction) -> None:
    parts = tuple(SectionWeight(code, None) for code in CODES)
    scaled = [replace(question, weight=question.weight * by) for question in given]
    assert scored(score_audit(given, parts)) == scored(score_audit(scaled, parts))
