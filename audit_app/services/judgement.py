"""What an answer is worth and how it reads: from a question and its values to chip and score."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from audit_app.domain.intervals import wilson
from audit_app.domain.scoring import (
    ScoredQuestion,
    Standing,
    choice_score,
    multi_score,
    number_score,
    review_score,
    sample_score,
)
from audit_app.domain.words import Critical, Direction, Grade, Mark, Tone
from audit_app.forms.checklist import Choice, Question
from audit_app.forms.kinds import QuestionKind
from audit_app.services.checklist_rows import AnswerChip

MARK_WORDS = {Mark.NOT_APPLICABLE: "Not applicable", Mark.NOT_VERIFIED: "Not verified"}
_SCORED_KINDS = frozenset(
    {
        QuestionKind.CHOICE,
        QuestionKind.MULTI,
        QuestionKind.SAMPLE,
        QuestionKind.NUMBER,
        QuestionKind.RANGE,
        QuestionKind.REVIEW,
    }
)
_MEASURED_KINDS = frozenset({QuestionKind.SAMPLE, QuestionKind.NUMBER, QuestionKind.REVIEW})
_TONES = {Fraction(1): Tone.GOOD, Fraction(1, 2): Tone.WATCH, Fraction(0): Tone.BAD}


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer, judged.

    Attributes:
        chip: None while unanswered.
        score: 0..1, None when not scored.
        grade: of the finding the answer itself asks for, or None.
        problem: why the answer is not complete yet, "" if it is.
    """

    chip: AnswerChip | None
    standing: Standing
    score: Fraction | None = None
    grade: Grade | None = None
    problem: str = ""


def is_scored(question: Question) -> bool:
    """Whether this question can take part in the score at all."""
    if question.kind not in _SCORED_KINDS or question.weight <= 0:
        return False
    if question.kind in (QuestionKind.CHOICE, QuestionKind.MULTI):
        return any(choice.score is not None for choice in question.choices)
    return question.target is not None


def selected_names(question: Question, values: Mapping[str, str]) -> tuple[str, ...]:
    """The names of the chosen answers."""
    text = values.get(question.ref, "")
    if question.kind is QuestionKind.CHOICE:
        return (text,) if text else ()
    return tuple(text.split())


def judge(question: Question, values: Mapping[str, str], mark: Mark | None, note: str) -> Judged:
    """Judge the answer of one question.

    Args:
        values: stored text by field ref; missing means empty.
        note: the auditor's note on the question.
    """
    if mark is not None:
        standing = Standing.EXCLUDED if mark is Mark.NOT_APPLICABLE else Standing.NOT_VERIFIED
        chip = AnswerChip(MARK_WORDS[mark], Tone.NEUTRAL)
        return Judged(chip, standing, problem="" if note.strip() else "Say why in the note.")
    return _JUDGES.get(question.kind, _judge_plain)(question, values, note)


def scored(question: Question, ref: str, judged: Judged, grade: Grade | None) -> ScoredQuestion:
    """The question as the score sees it; ``grade`` is of the finding that stands for it."""
    return ScoredQuestion(
        ref=ref,
        section="",
        weight=Fraction(question.weight),
        standing=judged.standing,
        score=judged.score,
        critical=question.critical,
        grade=grade,
    )


def _judge_choice(question: Question, values: Mapping[str, str], note: str) -> Judged:
    names = selected_names(question, values)
    chosen = [choice for choice in question.choices if choice.name in names]
    if not chosen:
        return Judged(None, Standing.UNANSWERED)
    unexplained = any(choice.comment_required for choice in chosen) and not note.strip()
    problem = "Say why in the note." if unexplained else ""
    chip = AnswerChip(", ".join(choice.label for choice in chosen), _gravest(chosen))
    if any(choice.lowers_coverage for choice in chosen):
        return Judged(chip, Standing.NOT_VERIFIED, problem=problem)
    score = _score_of(question, chosen)
    if score is None:
        return Judged(chip, Standing.EXCLUDED, grade=_grade_of(chosen), problem=problem)
    return Judged(chip, Standing.SCORED, score, _grade_of(chosen), problem)


def _score_of(question: Question, chosen: list[Choice]) -> Fraction | None:
    if any(choice.excludes for choice in chosen):
        return None
    offered = [Fraction(c.score) for c in question.choices if c.score is not None]
    if question.kind is QuestionKind.MULTI:
        return multi_score((Fraction(c.score) for c in chosen if c.score is not None), offered)
    score = chosen[0].score
    return choice_score(
        None if score is None else Fraction(score), max(offered, default=Fraction(0))
    )


def _gravest(chosen: list[Choice]) -> Tone:
    order = (Tone.BAD, Tone.WATCH, Tone.NEUTRAL, Tone.GOOD)
    return min((choice.tone for choice in chosen), key=order.index)


def _grade_of(chosen: list[Choice]) -> Grade | None:
    grades = [choice.finding for choice in chosen if choice.finding is not None]
    return min(grades, key=lambda grade: grade.rank) if grades else None


def _judge_sample(question: Question, values: Mapping[str, str], _note: str) -> Judged:
    numbers = _numbers(question, values)
    if not any(values.get(field.ref, "") for field in question.fields):
        return Judged(None, Standing.UNANSWERED)
    checked, conforming = (*numbers, None, None)[:2]
    if checked is None or conforming is None:
        return _partial("Enter both how many were checked and how many conform.")
    if checked <= 0:
        return _partial("Enter how many were checked.")
    if conforming > checked or conforming < 0:
        return _partial("More conform than were checked.")
    whole, good = int(checked), int(conforming)
    share = Decimal(100 * good) / Decimal(whole)
    interval = wilson(good, whole)
    spread = f"95 % interval {interval.low * 100:.1f} to {interval.high * 100:.1f}"
    label = f"{good} of {whole} ({share:.1f} %)"
    if question.target is None:
        return Judged(AnswerChip(label, Tone.NEUTRAL, spread), Standing.EXCLUDED)
    target = Fraction(question.target)
    score = sample_score(whole, good, target, _amber(question))
    words = _against_target(share, question) + f" {spread}."
    return _measured(question, label, score, words)


def _judge_number(question: Question, values: Mapping[str, str], _note: str) -> Judged:
    (value,) = (*_numbers(question, values), None)[:1]
    text = values.get(question.fields[0].ref, "") if question.fields else ""
    if value is None:
        return _partial("This is not a number.") if text else Judged(None, Standing.UNANSWERED)
    label = f"{_show(value)} {question.unit}".strip()
    if question.target is None:
        return Judged(AnswerChip(label, Tone.NEUTRAL), Standing.EXCLUDED)
    score = number_score(
        Fraction(value), _direction(question), Fraction(question.target), _amber(question)
    )
    return _measured(question, label, score, _against_target(value, question))


def _judge_review(question: Question, values: Mapping[str, str], _note: str) -> Judged:
    texts = [values.get(field.ref, "") for field in question.fields]
    if not any(texts):
        return Judged(None, Standing.UNANSWERED)
    value, low, high = (*_numbers(question, values), None, None, None)[:3]
    if value is None:
        return _partial("Enter the estimate.")
    low, high = low if low is not None else value, high if high is not None else value
    if not low <= value <= high:
        return _partial("The estimate lies outside its own interval.")
    label = " ".join(
        part for part in (_show(value), question.unit, f"({_show(low)} to {_show(high)})") if part
    )
    if question.target is None:
        return Judged(AnswerChip(label, Tone.NEUTRAL), Standing.EXCLUDED)
    score = review_score(
        Fraction(value),
        Fraction(low),
        Fraction(high),
        _direction(question),
        Fraction(question.target),
    )
    words = _against_target(value, question)
    if score == Fraction(1, 2):
        words += " The interval includes the target: not shown either way."
    return _measured(question, label, score, words)


def _judge_plain(question: Question, values: Mapping[str, str], _note: str) -> Judged:
    texts = [values.get(field.ref, "") for field in question.fields]
    text = " ".join(part for part in texts if part)
    if question.kind is QuestionKind.ACKNOWLEDGE and text:
        text = "Acknowledged"
    if not text:
        return Judged(None, Standing.UNANSWERED)
    first = text.splitlines()[0]
    label = first if len(first) <= 60 else first[:57].rstrip() + "…"
    return Judged(AnswerChip(label, Tone.NEUTRAL), Standing.EXCLUDED)


_JUDGES: dict[QuestionKind, Callable[[Question, Mapping[str, str], str], Judged]] = {
    QuestionKind.CHOICE: _judge_choice,
    QuestionKind.MULTI: _judge_choice,
    QuestionKind.SAMPLE: _judge_sample,
    QuestionKind.NUMBER: _judge_number,
    QuestionKind.RANGE: _judge_number,
    QuestionKind.REVIEW: _judge_review,
}


def _measured(question: Question, label: str, score: Fraction, words: str) -> Judged:
    failed = question.critical is Critical.FORM and score == 0
    chip = AnswerChip(label, _TONES.get(score, Tone.WATCH), words)
    return Judged(chip, Standing.SCORED, score, Grade.MAJOR if failed else None)


def _partial(problem: str) -> Judged:
    return Judged(None, Standing.UNANSWERED, problem=problem)


def _numbers(question: Question, values: Mapping[str, str]) -> tuple[Decimal | None, ...]:
    return tuple(_number(values.get(field.ref, "")) for field in question.fields)


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _direction(question: Question) -> Direction:
    return question.direction or Direction.HIGHER


def _amber(question: Question) -> Fraction:
    """The amber limit; without one there is nothing between met and missed."""
    limit = question.amber if question.amber is not None else question.target
    return Fraction(limit or 0)


def aim_words(question: Question) -> str:
    """What a measured value is held against, before there is one; "" without a target."""
    if question.target is None or question.kind not in _MEASURED_KINDS:
        return ""
    unit = "%" if question.kind is QuestionKind.SAMPLE else question.unit
    side = "At least" if _direction(question) is Direction.HIGHER else "At most"
    return f"{side} {_show(question.target)} {unit}".strip()


def _show(value: Decimal) -> str:
    text = format(value.normalize(), "f") if value else "0"
    return text.replace("-", "−")


def _against_target(value: Decimal, question: Question) -> str:
    target = question.target or Decimal(0)
    unit = "%" if question.kind is QuestionKind.SAMPLE else ""
    gap = round(abs(value - target), 2)
    aim = f"{_show(target)} {unit}".strip()
    if not gap:
        return f"On the target of {aim}."
    side = "over" if value > target else "under"
    return f"{_show(gap)} {side} the target of {aim}."
