"""What the checklist runner shows: frozen rows, made by the checklist service."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from audit_app.changes import Changes
from audit_app.domain.words import AuditState, Grade, Mark, Rating, Tone
from audit_app.forms.kinds import QuestionKind


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """One possible answer.

    Attributes:
        name: what is stored.
        label: the words on the button.
        key: the number key that gives it, "" past nine.
        finding: the grade of the finding it opens, or None.
        comment_required: a note must say why.
    """

    name: str
    label: str
    tone: Tone
    key: str
    finding: Grade | None = None
    comment_required: bool = False


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field to fill in: a number has one, a sample two (checked, conforming), a review three.

    Attributes:
        ref: where the value lives in the form; give it back to ``answer``.
        kind: "integer", "decimal", "text", "date", "time", "datetime", "range", "file", "barcode",
            "geopoint".
        value: the stored text, "" when empty.
    """

    ref: str
    label: str
    kind: str
    value: str
    unit: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    multiline: bool = False


@dataclass(frozen=True, slots=True)
class FindingChip:
    """The finding a question has opened, as shown on its row."""

    id: UUID
    number: str
    grade: Grade


@dataclass(frozen=True, slots=True)
class AnswerChip:
    """The answer as one chip.

    Attributes:
        label: such as "Conforms", "29 of 30 (96.7 %)", "17 moderators per team leader".
        judgement: a sentence about a measured value, such as "2 over the target of 15"; "" if none.
    """

    label: str
    tone: Tone
    judgement: str = ""


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question as the runner shows it.

    Attributes:
        ref: unique in the audit; the handle for every step on this question.
        code: the author's stable id, such as "GEN-A05".
        number: the printed number, such as "1.5".
        selected: names of the chosen answers (choice and multi kinds).
        mark: not applicable or not verified, given in place of a value (number, sample, review).
        evidence_words: what is asked for, such as "Photo needed"; "" when nothing is.
        evidence_missing: the evidence rule is not met yet.
        problem: why the answer does not count as complete (constraint, missing note); "" if fine.
        flagged: the auditor wants to come back to it.
        skipped: the auditor passed it for now.
        aim: what a measured value is held against, such as "At least 95 percent"; "" if nothing.
    """

    ref: str
    code: str
    number: str
    section: str
    text: str
    guidance: str
    clause: str
    kind: QuestionKind
    choices: tuple[ChoiceRow, ...] = ()
    fields: tuple[FieldRow, ...] = ()
    selected: tuple[str, ...] = ()
    mark: Mark | None = None
    answer: AnswerChip | None = None
    note: str = ""
    photos: int = 0
    critical: bool = False
    required: bool = False
    readonly: bool = False
    evidence_words: str = ""
    evidence_missing: bool = False
    problem: str = ""
    flagged: bool = False
    skipped: bool = False
    finding: FindingChip | None = None
    repeat: str = ""
    aim: str = ""

    @property
    def answered(self) -> bool:
        """Whether an answer stands."""
        return self.answer is not None

    @property
    def to_do(self) -> bool:
        """Whether something is still asked of the auditor here."""
        if self.kind is QuestionKind.NOTE:
            return False
        return not self.answered or bool(self.problem) or self.evidence_missing


@dataclass(frozen=True, slots=True)
class SectionRow:
    """One section in the visit panel; counts are of relevant questions only."""

    code: str
    title: str
    number: str
    total: int
    answered: int
    findings: int
    score: Decimal | None = None
    repeat: str = ""
    can_add: bool = False


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """The score so far.

    Attributes:
        shown: percent after the critical cap, None while nothing is scored.
        raw: percent before the cap.
        coverage: percent of what could be scored.
        cap_reason: what capped it or made it provisional, in words; "" if nothing.
        failed: numbers of the critical questions that failed and cap it.
        unverified: numbers of the critical questions that are not verified or not answered.
    """

    shown: Decimal | None
    raw: Decimal | None
    coverage: Decimal
    rating: Rating
    provisional: bool
    majors: int
    minors: int
    cap_reason: str = ""
    failed: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProgressRow:
    """How far the audit is, by tone of the answer; hidden questions never count."""

    total: int
    answered: int
    good: int
    watch: int
    bad: int
    neutral: int


@dataclass(frozen=True, slots=True)
class AuditView:
    """One audit, whole, as the runner opens it."""

    audit_id: UUID
    visit_id: UUID
    vendor: str
    site: str
    title: str
    template_version: str
    state: AuditState
    version: int
    languages: tuple[str, ...]
    language: str
    sections: tuple[SectionRow, ...]
    questions: tuple[QuestionRow, ...]
    progress: ProgressRow
    score: ScoreRow
    undo_label: str = ""
    redo_label: str = ""
    previous_date: datetime | None = None
    first_open: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """What one step did: all the screen must repaint, and nothing else.

    Attributes:
        rows: questions whose row changed, in checklist order.
        order: the refs of all relevant questions, in order, when it changed; else None.
        label: what the step was, for the undo strip, such as "Major nonconformity on 3.5".
        opened: the finding this step opened or regraded, if any.
        skipped: how many questions a bulk mark left alone because they are critical.
    """

    changes: Changes
    rows: tuple[QuestionRow, ...]
    sections: tuple[SectionRow, ...]
    progress: ProgressRow
    score: ScoreRow
    order: tuple[str, ...] | None = None
    label: str = ""
    opened: FindingChip | None = None
    skipped: int = 0
    undo_label: str = ""
    redo_label: str = ""


@dataclass(frozen=True, slots=True)
class PreviousAnswer:
    """What the same question was answered at the site's last signed audit."""

    date: datetime
    answer: AnswerChip
    note: str
    finding: FindingChip | None = None


@dataclass(frozen=True, slots=True)
class LeftRow:
    """One line of the what-is-left list."""

    ref: str
    number: str
    text: str
    reason: str
    blocking: bool


@dataclass(frozen=True, slots=True)
class ExplainLine:
    """One line of "explain this score": the arithmetic, down to each answer.

    Attributes:
        level: 0 the whole, 1 a section, 2 a question.
        text: such as "3.5 Frozen pallets…".
        arithmetic: such as "4 × 0.5 = 2 of 4".
    """

    level: int
    text: str
    arithmetic: str
    score: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """How the score came about, and what it would be if these findings closed."""

    lines: tuple[ExplainLine, ...]
    shown: Decimal | None
    if_closed: Decimal | None = None
    if_closed_rating: Rating = Rating.NONE
