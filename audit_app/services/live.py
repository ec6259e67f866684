"""One audit, live: the engine with its values, and what lies around it, as rows."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from uuid import UUID

from audit_app.domain.scoring import (
    AuditScore,
    Marks,
    ScoredQuestion,
    SectionWeight,
    score_audit,
    to_decimal,
)
from audit_app.domain.words import Critical, Grade, Mark, Tone
from audit_app.forms.checklist import Checklist, Question, Section
from audit_app.forms.compiled import CompiledTemplate
from audit_app.forms.engine import Engine
from audit_app.forms.kinds import QuestionKind
from audit_app.services.checklist_rows import (
    ChoiceRow,
    FieldRow,
    FindingChip,
    ProgressRow,
    QuestionRow,
    SectionRow,
)
from audit_app.services.evidence_rules import evidence_need
from audit_app.services.judgement import Judged, aim_words, is_scored, judge, selected_names


@dataclass(frozen=True, slots=True)
class Around:
    """What the auditor put beside the value of a question."""

    mark: Mark | None = None
    note: str = ""
    flagged: bool = False
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """One question at its place: inside a repeated section there is one for each instance.

    Attributes:
        section: code of the section row it belongs to (with the instance, if repeated).
    """

    question: Question
    section: str
    repeat: str = ""

    @property
    def ref(self) -> str:
        """The handle of this question in this audit."""
        return self.question.ref


class LiveAudit:
    """The working state of one open audit, kept in memory between steps."""

    def __init__(
        self, audit_id: UUID, template: CompiledTemplate, checklist: Checklist, engine: Engine
    ) -> None:
        self.audit_id = audit_id
        self.template = template
        self.checklist = checklist
        self.engine = engine
        self.around: dict[str, Around] = {}
        self.photos: dict[str, int] = {}
        self.findings: dict[str, FindingChip] = {}
        self.other_grades: tuple[Grade, ...] = ()
        self.marks = Marks()
        self._sections: list[tuple[Section, str]] = []
        self._placed: dict[str, Placed] = {}
        self._owner: dict[str, str] = {}
        self._judged: dict[str, Judged] = {}
        self._weights: dict[str, Fraction] = {}
        self.place()

    def place(self) -> None:
        """Lay out the sections and questions as the form stands now (repeats included)."""
        self._sections, self._placed, self._owner = [], {}, {}
        self._judged = {}
        for section in self.checklist.sections:
            if not section.is_repeat:
                self._place_section(section, section.code, {}, "")
                continue
            for position, instance in enumerate(self.engine.rows(section.ref), 1):
                move = {section.ref: instance}
                self._place_section(section, instance, move, f"{position}")
        # Worked out once: each answer scores every question again.
        self._weights = {
            ref: Fraction(placed.question.weight)
            for ref, placed in self._placed.items()
            if is_scored(placed.question)
        }

    def _place_section(
        self, section: Section, code: str, move: Mapping[str, str], repeat: str
    ) -> None:
        self._sections.append((section, code))
        for question in section.questions:
            moved = _moved(question, move) if move else question
            placed = Placed(moved, code, repeat)
            self._placed[placed.ref] = placed
            self._owner[placed.ref] = placed.ref
            for field in moved.fields:
                self._owner[field.ref] = placed.ref

    @property
    def order(self) -> tuple[str, ...]:
        """The refs of all relevant questions, in checklist order."""
        return tuple(ref for ref in self._placed if self.engine.is_relevant(ref))

    def question_of(self, ref: str) -> str | None:
        """The question a node belongs to; None for calculations and facts."""
        return self._owner.get(ref)

    def placed(self, ref: str) -> Placed | None:
        """The question with this ref, relevant or not."""
        return self._placed.get(ref)

    def section_refs(self, code: str) -> tuple[str, ...]:
        """The relevant questions of one section."""
        return tuple(ref for ref in self.order if self._placed[ref].section == code)

    def touch(self, refs: Iterable[str]) -> None:
        """Forget what was worked out for these questions; their answers changed."""
        for ref in refs:
            self._judged.pop(ref, None)

    def judged(self, ref: str) -> Judged:
        """The answer of one question, judged; kept until the question is touched."""
        known = self._judged.get(ref)
        if known is None:
            known = self._judged[ref] = self._judge(ref)
        return known

    def _judge(self, ref: str) -> Judged:
        placed = self._placed[ref]
        around = self.around.get(ref, Around())
        return judge(placed.question, self._values(placed.question), around.mark, around.note)

    def _values(self, question: Question) -> dict[str, str]:
        refs = {question.ref, *(field.ref for field in question.fields)}
        return {ref: self.engine.value(ref) for ref in refs}

    def row(self, ref: str) -> QuestionRow:
        """One question as the runner shows it."""
        placed = self._placed[ref]
        question = placed.question
        around = self.around.get(ref, Around())
        judged = self.judged(ref)
        values = self._values(question)
        states = [self.engine.state(field.ref) for field in question.fields] or [
            self.engine.state(ref)
        ]
        finding = self.findings.get(ref)
        need = evidence_need(
            question,
            answered=judged.chip is not None,
            has_finding=finding is not None or judged.grade is not None,
            photos=self.photos.get(ref, 0),
            note=around.note,
        )
        invalid = next((state.message for state in states if not state.valid), "")
        required = any(state.required for state in states)
        return QuestionRow(
            ref=ref,
            code=question.code,
            number=question.number,
            section=placed.section,
            text=self.engine.state(ref).label or question.text,
            guidance=question.guidance,
            clause=question.clause,
            kind=question.kind,
            choices=self._choices(question),
            fields=tuple(
                FieldRow(
                    ref=field.ref,
                    label=field.label,
                    kind=str(field.kind),
                    value=values[field.ref],
                    unit=field.unit,
                    minimum=field.minimum,
                    maximum=field.maximum,
                    multiline=question.multiline,
                )
                for field in question.fields
            ),
            selected=selected_names(question, values)
            if question.kind in (QuestionKind.CHOICE, QuestionKind.MULTI, QuestionKind.RANK)
            else (),
            mark=around.mark,
            answer=judged.chip,
            note=around.note,
            photos=self.photos.get(ref, 0),
            critical=question.critical is not Critical.NO,
            required=required,
            readonly=any(state.readonly for state in states),
            evidence_words=need.words,
            evidence_missing=need.missing,
            problem=invalid or judged.problem,
            flagged=around.flagged,
            skipped=around.skipped,
            finding=finding,
            repeat=placed.repeat,
            aim=aim_words(question),
        )

    def _choices(self, question: Question) -> tuple[ChoiceRow, ...]:
        if not question.choices:
            return ()
        offered = self.engine.choices(question.ref)
        known = {choice.name: choice for choice in question.choices}
        # On a scale of digits the key is the digit itself, not the place in the list.
        is_scale = all(len(item.name) == 1 and item.name.isdecimal() for item in offered)
        rows = []
        for position, item in enumerate(offered, 1):
            choice = known.get(item.name)
            rows.append(
                ChoiceRow(
                    name=item.name,
                    label=item.label,
                    tone=choice.tone if choice else Tone.NEUTRAL,
                    key=item.name if is_scale else str(position) if position <= 9 else "",
                    finding=choice.finding if choice else None,
                    comment_required=choice.comment_required if choice else False,
                )
            )
        return tuple(rows)

    def rows(self) -> tuple[QuestionRow, ...]:
        """All relevant questions."""
        return tuple(self.row(ref) for ref in self.order)

    def score(self, closing: frozenset[UUID] = frozenset()) -> AuditScore:
        """The score so far; questions of the findings in ``closing`` count as conforming."""
        return score_audit(
            [self._scored(ref, closing) for ref in self.order if ref in self._weights],
            [
                SectionWeight(code, None if section.weight is None else Fraction(section.weight))
                for section, code in self._sections
            ],
            self.marks,
            self.other_grades,
        )

    def _scored(self, ref: str, closing: frozenset[UUID]) -> ScoredQuestion:
        placed = self._placed[ref]
        judged = self.judged(ref)
        finding = self.findings.get(ref)
        question = ScoredQuestion(
            ref=ref,
            section=placed.section,
            weight=self._weights[ref],
            standing=judged.standing,
            score=judged.score,
            critical=placed.question.critical,
            grade=finding.grade if finding else judged.grade,
        )
        if finding and finding.id in closing and question.score is not None:
            return replace(question, score=Fraction(1), grade=None)
        return question

    def section_rows(self, score: AuditScore) -> tuple[SectionRow, ...]:
        """The sections that have a relevant question, with their counts."""
        percents = {result.code: result.percent for result in score.sections}
        counts = self._counts_by_section()
        rows = []
        for section, code in self._sections:
            total, answered, findings = counts.get(code, (0, 0, 0))
            if not total:
                continue
            percent = percents.get(code)
            rows.append(
                SectionRow(
                    code=code,
                    title=section.title,
                    number=section.number,
                    total=total,
                    answered=answered,
                    findings=findings,
                    score=None if percent is None else to_decimal(percent),
                    repeat=code if section.is_repeat else "",
                    can_add=section.is_repeat,
                )
            )
        return tuple(rows)

    def _counts_by_section(self) -> dict[str, tuple[int, int, int]]:
        counts: dict[str, tuple[int, int, int]] = {}
        for ref in self.order:
            placed = self._placed[ref]
            if placed.question.kind is QuestionKind.NOTE:
                continue
            total, answered, findings = counts.get(placed.section, (0, 0, 0))
            counts[placed.section] = (
                total + 1,
                answered + (self.judged(ref).chip is not None),
                findings + (ref in self.findings),
            )
        return counts

    def progress(self) -> ProgressRow:
        """How far the audit is, by tone."""
        tones = dict.fromkeys(Tone, 0)
        total = 0
        for ref in self.order:
            if self._placed[ref].question.kind is QuestionKind.NOTE:
                continue
            total += 1
            chip = self.judged(ref).chip
            if chip is not None:
                tones[chip.tone] += 1
        return ProgressRow(
            total=total,
            answered=sum(tones.values()),
            good=tones[Tone.GOOD],
            watch=tones[Tone.WATCH],
            bad=tones[Tone.BAD],
            neutral=tones[Tone.NEUTRAL],
        )


def _moved(question: Question, move: Mapping[str, str]) -> Question:
    """The question inside one instance of a repeated section."""
    (generic, instance), *_ = move.items()

    def at(ref: str) -> str:
        return instance + ref.removeprefix(generic)

    return replace(
        question,
        ref=at(question.ref),
        fields=tuple(replace(field, ref=at(field.ref)) for field in question.fields),
    )
