"""A checklist as it stands on paper: sections, questions, choices, and what each asks for."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from audit_app.domain.words import Critical, Direction, Grade, Tone
from audit_app.forms.compiled import CompiledTemplate
from audit_app.forms.kinds import QuestionKind


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer.

    Attributes:
        score: None when it is not scored.
        finding: grade of the finding it opens, or None.
        excludes: takes the question out of the score.
        lowers_coverage: counts as not verified.
        comment_required: a note must say why.
    """

    name: str
    label: str
    score: Decimal | None = None
    finding: Grade | None = None
    tone: Tone = Tone.NEUTRAL
    excludes: bool = False
    lowers_coverage: bool = False
    comment_required: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One value to fill in; most questions have one, a sample two, a review three.

    Attributes:
        ref: path of the value in the form.
        kind: integer, decimal, text, date, time, datetime, range, file, barcode, geopoint, choice,
            multi, rank, acknowledge or note.
    """

    ref: str
    label: str
    kind: str
    unit: str = ""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    step: Decimal | None = None


@dataclass(frozen=True, slots=True)
class EvidenceRule:
    """Which evidence a question asks for.

    Attributes:
        when: never, always, on-finding, optional, or an expression that is true when it is needed.
        minimum: how many pieces.
        kinds: such as photo, document, interview, signature; empty for any.
    """

    when: str = "optional"
    minimum: int = 1
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes:
        ref: path in the form; in a repeat the path of its rows' questions without key.
        code: the author's stable name, such as GEN-A05.
        number: printed number, such as "1.5".
        source: where an answer comes from by itself, such as ``site:streams``.
        ci: how the interval is calculated, such as wilson; empty for the default.
    """

    ref: str
    code: str
    number: str
    text: str
    guidance: str
    kind: QuestionKind
    choices: tuple[Choice, ...] = ()
    fields: tuple[Field, ...] = ()
    weight: Decimal = Decimal(1)
    critical: Critical = Critical.NO
    evidence: EvidenceRule = EvidenceRule()
    clause: str = ""
    finding_text: str = ""
    unit: str = ""
    direction: Direction | None = None
    target: Decimal | None = None
    amber: Decimal | None = None
    ci: str = ""
    source: str = ""
    previous_name: str = ""
    multiline: bool = False
    appearance: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One section.

    Attributes:
        weight: None where the author gave none.
        pass_mark: below this percent the section fails; None without one.
        number: printed number, such as "3".
        ref: path of its group; of the root for questions outside any group.
        is_repeat: its questions are asked once per row.
    """

    code: str
    title: str
    weight: Decimal | None
    pass_mark: Decimal | None
    number: str
    ref: str
    is_repeat: bool
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Checklist:
    """The whole of one template in one language.

    Attributes:
        facts: questions answered from the site's record; not in sections, not counted.
        about: purpose, estimated minutes, licence and the like.
    """

    title: str
    language: str
    sections: tuple[Section, ...]
    facts: tuple[Question, ...]
    about: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, template: CompiledTemplate, language: str | None = None) -> Self:
        """The checklist of a template, in a language or the author's default."""
        from audit_app.forms.checklist_builder import Builder

        builder = Builder(template, language)
        sections, facts = builder.build()
        return cls(
            title=template.title,
            language=builder.language,
            sections=sections,
            facts=facts,
            about=tuple(template.columns.about.items()),
        )

    def questions(self) -> tuple[Question, ...]:
        """All questions of all sections, in order."""
        return tuple(question for section in self.sections for question in section.questions)
