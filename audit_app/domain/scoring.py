"""Scoring of one audit (DOMAIN 2.4), in exact fractions, printed as decimals.

A question scores 0, a half or 1 (or any fraction of its list's best answer); a section is the
weighted mean of its scored questions; the whole is the weighted mean of the sections that have a
scored question, times 100. What was not applicable leaves numerator and denominator; what was not
verified or not answered lowers coverage instead.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum
from fractions import Fraction

from audit_app.domain.words import Critical, Direction, Grade, Rating

CAP = Fraction(59)
"""The shown score of an audit with a failed critical question is at most this (percent)."""

FULL_COVERAGE = Fraction(90)
"""Below this coverage (percent) a result is provisional."""

_DIGITS = Decimal("0.0001")
_HALF = Fraction(1, 2)


class Standing(StrEnum):
    """Where a question stands in the score."""

    SCORED = "scored"
    EXCLUDED = "excluded"
    NOT_VERIFIED = "not_verified"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class ScoredQuestion:
    """One relevant question that can be scored.

    Attributes:
        score: 0..1 when ``standing`` is SCORED, else None.
        grade: of the finding that stands for it, else None.
    """

    ref: str
    section: str
    weight: Fraction
    standing: Standing
    score: Fraction | None = None
    critical: Critical = Critical.NO
    grade: Grade | None = None


@dataclass(frozen=True, slots=True)
class SectionWeight:
    """A section and its weight; None where the author gave none."""

    code: str
    weight: Fraction | None


@dataclass(frozen=True, slots=True)
class Marks:
    """From which percent an audit is green, and from which amber."""

    green: Fraction = Fraction(85)
    amber: Fraction = Fraction(70)


@dataclass(frozen=True, slots=True)
class SectionScore:
    """One section's result; ``percent`` is None when nothing in it is scored."""

    code: str
    percent: Fraction | None
    weight: Fraction
    earned: Fraction
    possible: Fraction
    failed: bool


@dataclass(frozen=True, slots=True)
class AuditScore:
    """The result of an audit so far.

    Attributes:
        raw: percent before the critical cap; None while nothing is scored.
        shown: percent after the cap.
        coverage: percent of what could be scored that was scored.
        failed: refs of the critical questions that failed the whole.
        open_critical: refs of critical questions unanswered or not verified.
    """

    sections: tuple[SectionScore, ...]
    raw: Fraction | None
    shown: Fraction | None
    coverage: Fraction
    rating: Rating
    provisional: bool
    majors: int
    minors: int
    failed: tuple[str, ...]
    open_critical: tuple[str, ...]

    @property
    def critical_failed(self) -> bool:
        """Whether a critical question failed the whole audit."""
        return bool(self.failed)

    @property
    def capped(self) -> bool:
        """Whether the shown score is lower than the raw one."""
        return self.shown != self.raw


def to_decimal(value: Fraction) -> Decimal:
    """A percent to four decimals, halves to even; the form in which scores are stored."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return exact.quantize(_DIGITS, rounding=ROUND_HALF_EVEN)


def choice_score(score: Fraction | None, best: Fraction) -> Fraction | None:
    """The chosen answer's share of the list's best score; None if the answer is not scored."""
    if score is None or best <= 0:
        return None
    return max(Fraction(0), score / best)


def multi_score(chosen: Iterable[Fraction], offered: Iterable[Fraction]) -> Fraction | None:
    """Sum of the chosen scores over the sum of the positive ones offered (FORMS 4)."""
    possible = sum((score for score in offered if score > 0), Fraction(0))
    if possible <= 0:
        return None
    earned = sum(chosen, Fraction(0))
    return min(Fraction(1), max(Fraction(0), earned / possible))


def sample_score(checked: int, conforming: int, target: Fraction, amber: Fraction) -> Fraction:
    """1 at or above the target percent, a half at or above amber, else 0.

    Raises:
        ValueError: nothing checked, or more conforming than checked.
    """
    if checked <= 0 or not 0 <= conforming <= checked:
        raise ValueError(f"{conforming} of {checked} is not a sample")
    return number_score(Fraction(100 * conforming, checked), Direction.HIGHER, target, amber)


def number_score(
    value: Fraction, direction: Direction, target: Fraction, amber: Fraction
) -> Fraction:
    """1 at or better than the target, a half at or better than amber, else 0."""
    if direction is Direction.LOWER:
        value, target, amber = -value, -target, -amber
    if value >= target:
        return Fraction(1)
    return _HALF if value >= amber else Fraction(0)


def review_score(
    value: Fraction, low: Fraction, high: Fraction, direction: Direction, target: Fraction
) -> Fraction:
    """1 if the estimate meets the target, a half if only its interval reaches it, else 0."""
    meets = value <= target if direction is Direction.LOWER else value >= target
    if meets:
        return Fraction(1)
    return _HALF if low <= target <= high else Fraction(0)


def score_audit(
    questions: Sequence[ScoredQuestion],
    sections: Sequence[SectionWeight],
    marks: Marks | None = None,
    other_grades: Iterable[Grade] = (),
) -> AuditScore:
    """The score of an audit from its relevant questions.

    Args:
        questions: only relevant ones, and only those that can be scored.
        sections: in checklist order; when none has a weight, each counts by its questions.
        marks: from which percent green and amber begin.
        other_grades: grades of open findings that no question stands for.
    """
    marks = marks or Marks()
    weighted = any(section.weight is not None for section in sections)
    by_section: dict[str, list[ScoredQuestion]] = {section.code: [] for section in sections}
    for question in questions:
        by_section.setdefault(question.section, []).append(question)
    results = tuple(
        _score_section(section, by_section[section.code], weighted=weighted) for section in sections
    )
    counted = [result for result in results if result.percent is not None and result.weight > 0]
    total = sum((result.weight for result in counted), Fraction(0))
    raw = (
        sum((result.weight * (result.percent or 0) for result in counted), Fraction(0)) / total
        if total
        else None
    )
    scorable = [q for q in questions if q.weight > 0]
    due = [q for q in scorable if q.standing is not Standing.EXCLUDED]
    scored = [q for q in due if q.standing is Standing.SCORED]
    coverage = Fraction(100 * len(scored), len(due)) if due else Fraction(100 if scorable else 0)
    failed = tuple(q.ref for q in scored if q.critical is Critical.FORM and q.score == 0)
    open_critical = tuple(
        q.ref for q in due if q.critical is not Critical.NO and q.standing is not Standing.SCORED
    )
    grades = [q.grade for q in questions if q.grade is not None] + list(other_grades)
    ungraded = sum(1 for q in scored if q.ref in failed and not _is_major(q.grade))
    majors = sum(1 for grade in grades if _is_major(grade)) + ungraded
    provisional = raw is not None and (coverage < FULL_COVERAGE or bool(open_critical))
    shown = min(raw, CAP) if raw is not None and failed else raw
    return AuditScore(
        sections=results,
        raw=raw,
        shown=shown,
        coverage=coverage,
        rating=_rating(shown, majors, provisional=provisional, failed=bool(failed), marks=marks),
        provisional=provisional,
        majors=majors,
        minors=sum(1 for grade in grades if grade is Grade.MINOR),
        failed=failed,
        open_critical=open_critical,
    )


def _is_major(grade: Grade | None) -> bool:
    return grade in (Grade.CRITICAL, Grade.MAJOR)


def _score_section(
    section: SectionWeight, questions: Sequence[ScoredQuestion], *, weighted: bool
) -> SectionScore:
    scored = [q for q in questions if q.standing is Standing.SCORED and q.weight > 0]
    possible = sum((q.weight for q in scored), Fraction(0))
    earned = sum((q.weight * (q.score or 0) for q in scored), Fraction(0))
    weight = section.weight if section.weight is not None else Fraction(0)
    return SectionScore(
        code=section.code,
        percent=100 * earned / possible if possible else None,
        weight=weight if weighted else possible,
        earned=earned,
        possible=possible,
        failed=any(q.critical is Critical.SECTION and q.score == 0 for q in scored),
    )


def _rating(
    shown: Fraction | None, majors: int, *, provisional: bool, failed: bool, marks: Marks
) -> Rating:
    if shown is None:
        return Rating.NONE
    if failed or shown < marks.amber or majors >= 3:
        return Rating.RED
    if shown < marks.green or majors or provisional:
        return Rating.AMBER
    return Rating.GREEN
