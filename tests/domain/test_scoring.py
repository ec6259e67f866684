"""Scoring by hand-made questions and by properties; the shipped checklists are tested elsewhere."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_app.domain.scoring import (
    Marks,
    ScoredQuestion,
    SectionWeight,
    Standing,
    multi_score,
    number_score,
    review_score,
    sample_score,
    score_audit,
)
from audit_app.domain.words import Critical, Direction, Grade, Rating

SECTIONS = (SectionWeight("A", Fraction(60)), SectionWeight("B", Fraction(40)))


def a_question(
    ref: str,
    score: Fraction | int | None = 1,
    *,
    section: str = "A",
    weight: int = 1,
    standing: Standing | None = None,
    critical: Critical = Critical.NO,
    grade: Grade | None = None,
) -> ScoredQuestion:
    standing = standing or (Standing.UNANSWERED if score is None else Standing.SCORED)
    value = Fraction(score) if score is not None and standing is Standing.SCORED else None
    return ScoredQuestion(ref, section, Fraction(weight), standing, value, critical, grade)


def test_a_perfect_audit_is_green() -> None:
    result = score_audit([a_question("1"), a_question("2", section="B")], SECTIONS)
    assert result.shown == 100
    assert result.rating is Rating.GREEN


def test_sections_count_by_their_weight() -> None:
    result = score_audit([a_question("1", 0), a_question("2", section="B")], SECTIONS)
    assert result.raw == 40


def test_sections_without_weights_count_by_their_questions() -> None:
    plain = (SectionWeight("A", None), SectionWeight("B", None))
    questions = [a_question("1", 0), a_question("2"), a_question("3"), a_question("4", section="B")]
    assert score_audit(questions, plain).raw == 75


def test_not_applicable_leaves_score_and_coverage() -> None:
    excluded = a_question("1", standing=Standing.EXCLUDED)
    result = score_audit([excluded, a_question("2")], SECTIONS)
    assert result.raw == 100
    assert result.coverage == 100


def test_not_verified_lowers_coverage_only() -> None:
    unverified = a_question("1", standing=Standing.NOT_VERIFIED)
    result = score_audit([unverified, a_question("2")], SECTIONS)
    assert result.raw == 100
    assert result.coverage == 50
    assert result.provisional
    assert result.rating is Rating.AMBER


def test_a_failed_critical_question_caps_the_score_and_turns_it_red() -> None:
    questions = [a_question(str(n)) for n in range(30)]
    questions.append(a_question("c", 0, critical=Critical.FORM, grade=Grade.MAJOR))
    result = score_audit(questions, SECTIONS)
    assert result.shown == 59
    assert result.raw is not None
    assert result.raw > 90
    assert result.rating is Rating.RED
    assert result.majors == 1


def test_a_critical_failure_counts_as_a_major_even_without_a_finding() -> None:
    result = score_audit([a_question("c", 0, critical=Critical.FORM)], SECTIONS)
    assert result.majors == 1


def test_a_critical_question_of_a_section_fails_that_section_only() -> None:
    questions = [a_question("c", 0, critical=Critical.SECTION), a_question("2", section="B")]
    result = score_audit(questions, SECTIONS)
    assert [section.failed for section in result.sections] == [True, False]
    assert not result.critical_failed


def test_an_open_critical_question_keeps_green_away() -> None:
    questions = [a_question(str(n)) for n in range(40)]
    questions.append(a_question("c", None, critical=Critical.FORM))
    result = score_audit(questions, SECTIONS)
    assert result.coverage > 90
    assert result.rating is Rating.AMBER


@pytest.mark.parametrize(
    ("majors", "rating"), [(1, Rating.AMBER), (2, Rating.AMBER), (3, Rating.RED)]
)
def test_majors_decide_the_rating(majors: int, rating: Rating) -> None:
    questions = [a_question(str(n)) for n in range(100)]
    result = score_audit(questions, SECTIONS, other_grades=[Grade.MAJOR] * majors)
    assert result.rating is rating


def test_nothing_scored_has_no_score() -> None:
    result = score_audit([a_question("1", None)], SECTIONS)
    assert result.shown is None
    assert result.rating is Rating.NONE
    assert not result.provisional


def test_marks_of_the_checklist_move_the_colours() -> None:
    questions = [a_question("1"), a_question("2", Fraction(1, 2))]
    strict = score_audit(questions, SECTIONS, Marks(Fraction(95), Fraction(80)))
    assert strict.rating is Rating.RED


@pytest.mark.parametrize(
    ("value", "expected"),
    [(15, 1), (Fraction(151, 10), Fraction(1, 2)), (20, Fraction(1, 2)), (21, 0)],
)
def test_a_lower_number_is_better_where_it_says_so(value: Fraction, expected: Fraction) -> None:
    assert number_score(Fraction(value), Direction.LOWER, Fraction(15), Fraction(20)) == expected


@pytest.mark.parametrize(
    ("checked", "conforming", "expected"), [(20, 19, 1), (20, 18, Fraction(1, 2)), (20, 16, 0)]
)
def test_a_sample_is_scored_by_its_share(checked: int, conforming: int, expected: Fraction) -> None:
    assert sample_score(checked, conforming, Fraction(95), Fraction(90)) == expected


@pytest.mark.parametrize(("checked", "conforming"), [(0, 0), (5, 6), (5, -1)])
def test_an_impossible_sample_is_refused(checked: int, conforming: int) -> None:
    with pytest.raises(ValueError, match="is not a sample"):
        sample_score(checked, conforming, Fraction(95), Fraction(90))


def test_a_review_that_misses_inside_its_interval_scores_a_half() -> None:
    args = (Direction.HIGHER, Fraction(95))
    assert review_score(Fraction(92), Fraction(81), Fraction(97), *args) == Fraction(1, 2)
    assert review_score(Fraction(80), Fraction(67), Fraction(89), *args) == 0
    assert review_score(Fraction(96), Fraction(90), Fraction(99), *args) == 1


def test_many_of_many_scores_by_the_positive_sum() -> None:
    offered = [Fraction(2), Fraction(1), Fraction(-1)]
    assert multi_score([Fraction(2), Fraction(-1)], offered) == Fraction(1, 3)
    assert multi_score([Fraction(-1)], offered) == 0


scores = st.sampled_from([None, Fraction(0), Fraction(1, 2), Fraction(1)])
some_questions = st.lists(
    st.builds(
        lambda n, score, weight, section, critical: a_question(
            f"q{n}", score, weight=weight, section=section, critical=critical
        ),
        st.integers(0, 999),
        scores,
        st.integers(0, 5),
        st.sampled_from(["A", "B"]),
        st.sampled_from(list(Critical)),
    ),
    max_size=30,
)


@given(some_questions, st.randoms())
def test_the_order_of_answers_never_matters(questions: list[ScoredQuestion], rnd: object) -> None:
    shuffled = list(questions)
    rnd.shuffle(shuffled)  # type: ignore[attr-defined]
    before, after = score_audit(questions, SECTIONS), score_audit(shuffled, SECTIONS)
    assert (before.raw, before.shown, before.coverage) == (after.raw, after.shown, after.coverage)
    assert before.rating is after.rating


@given(some_questions)
def test_the_score_stays_within_bounds(questions: list[ScoredQuestion]) -> None:
    result = score_audit(questions, SECTIONS)
    assert 0 <= result.coverage <= 100
    if result.raw is not None and result.shown is not None:
        assert 0 <= result.shown <= result.raw <= 100


@given(some_questions, st.integers(0, 29))
def test_a_better_answer_never_lowers_the_score(
    questions: list[ScoredQuestion], index: int
) -> None:
    scored = [q for q in questions if q.standing is Standing.SCORED and q.weight > 0]
    if not scored:
        return
    chosen = scored[index % len(scored)]
    better = [replace(q, score=Fraction(1)) if q is chosen else q for q in questions]
    before, after = score_audit(questions, SECTIONS), score_audit(better, SECTIONS)
    assert before.shown is not None
    assert after.shown is not None
    assert after.shown >= before.shown
