"""Lays a template out as a checklist: which groups are sections, which rows are questions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation

from audit_app.domain.words import Critical, Direction
from audit_app.forms.bounds import bounds
from audit_app.forms.checklist import Choice, EvidenceRule, Field, Question, Section
from audit_app.forms.choice_tones import tone_of
from audit_app.forms.compiled import CompiledTemplate
from audit_app.forms.definition import Control, Slot
from audit_app.forms.kinds import QuestionKind
from audit_app.forms.substitution import substituted
from audit_app.forms.texts import Texts
from audit_app.forms.xpath.errors import XPathError
from audit_app.forms.xpath.syntax import Expr
from audit_app.forms.xpath.values import Evaluator

SITE = "site:"
"""Sources that begin so are answered from the site's record."""

_GROUPED = {"sample": QuestionKind.SAMPLE, "review-result": QuestionKind.REVIEW}
_BY_TAG = {
    "select1": QuestionKind.CHOICE,
    "select": QuestionKind.MULTI,
    "rank": QuestionKind.RANK,
    "upload": QuestionKind.FILE,
    "trigger": QuestionKind.ACKNOWLEDGE,
    "range": QuestionKind.RANGE,
}
_BY_TYPE = {
    "int": QuestionKind.NUMBER,
    "integer": QuestionKind.NUMBER,
    "decimal": QuestionKind.NUMBER,
    "date": QuestionKind.DATE,
    "time": QuestionKind.TIME,
    "dateTime": QuestionKind.DATETIME,
    "barcode": QuestionKind.BARCODE,
    "geopoint": QuestionKind.GEOPOINT,
}
_LIST = re.compile(r"instance\(\s*['\"]([^'\"]+)['\"]\s*\)")
_SPLIT = re.compile(r"[;,\s]+")
_AUDIT_WORDS = frozenset(
    {"score", "finding", "tone", "excludes", "lowers_coverage", "comment_required"}
)


@dataclass(slots=True)
class _Draft:
    """A section being filled."""

    code: str
    title: str
    ref: str
    is_repeat: bool
    questions: list[Question] = field(default_factory=list)


class Builder:
    """Reads one template in one language."""

    def __init__(self, template: CompiledTemplate, language: str | None) -> None:
        self._form = template.form()
        self._title = template.title
        self._columns = template.columns
        self._texts = Texts(self._form, _static, language)
        self._names = {slot.name: slot.path for slot in self._form.slots.values()}
        self._facts: list[Question] = []

    @property
    def language(self) -> str:
        """The language the words are in."""
        return self._texts.language

    def build(self) -> tuple[tuple[Section, ...], tuple[Question, ...]]:
        """Sections and site facts."""
        root = self._form.root
        drafts: list[_Draft] = []
        loose: _Draft | None = None
        for control in self._form.body:
            if control.tag in {"group", "repeat"} and self._score_kind(control) is None:
                loose = None
                drafts += self._sections(control)
            else:
                if loose is None:
                    loose = _Draft(root.name, self._title, root.path, is_repeat=False)
                    drafts.append(loose)
                self._take(control, loose, drafts)
        kept = [draft for draft in drafts if draft.questions]
        return tuple(self._numbered(kept)), tuple(self._facts)

    def _numbered(self, drafts: list[_Draft]) -> Iterator[Section]:
        codes: set[str] = set()
        for number, draft in enumerate(drafts, 1):
            code = draft.code
            while code in codes:
                code = f"{draft.code}-{number}"
            codes.add(code)
            cells = self._columns.questions.get(draft.ref, {})
            place = 0
            questions: list[Question] = []
            for question in draft.questions:
                if question.kind is QuestionKind.NOTE:
                    questions.append(question)
                    continue
                place += 1
                questions.append(replace(question, number=f"{number}.{place}"))
            yield Section(
                code=code,
                title=draft.title,
                weight=_decimal(cells.get("weight")),
                pass_mark=_decimal(cells.get("pass_mark")),
                number=str(number),
                ref=draft.ref,
                is_repeat=draft.is_repeat,
                questions=tuple(questions),
            )

    def _sections(self, control: Control) -> list[_Draft]:
        """The section of a group, and after it those of the repeats within."""
        slot = self._form.slots.get(control.path)
        repeat = control.tag == "repeat" or any(
            child.tag == "repeat" and child.path == control.path for child in control.children
        )
        name = slot.name if slot is not None else "/".join(control.path)
        draft = _Draft(
            code=name,
            title=self._texts.plain(control.label) or name,
            ref="/" + "/".join(control.path),
            is_repeat=repeat,
        )
        drafts = [draft]
        for child in control.children:
            if child.tag == "repeat" and child.path == control.path:
                for inner in child.children:
                    self._take(inner, draft, drafts)
            else:
                self._take(child, draft, drafts)
        return drafts

    def _take(self, control: Control, draft: _Draft, drafts: list[_Draft]) -> None:
        if control.tag in {"group", "repeat"}:
            kind = self._score_kind(control)
            if kind is not None:
                self._place(self._grouped(control, kind), draft)
            elif control.tag == "repeat" or any(c.tag == "repeat" for c in control.children):
                drafts += self._sections(control)
            else:
                for child in control.children:
                    self._take(child, draft, drafts)
            return
        slot = self._form.slots.get(control.path)
        if slot is not None:
            self._place(self._question(control, slot), draft)

    def _place(self, question: Question, draft: _Draft) -> None:
        if question.source.startswith(SITE):
            self._facts.append(question)
        else:
            draft.questions.append(question)

    def _score_kind(self, control: Control) -> QuestionKind | None:
        cells = self._columns.questions.get("/" + "/".join(control.path), {})
        return _GROUPED.get(cells.get("score_kind", "")) if control.tag == "group" else None

    def _grouped(self, control: Control, kind: QuestionKind) -> Question:
        """A group of numbers that is one question."""
        slot = self._form.slots[control.path]
        fields = tuple(
            self._field(child, self._form.slots[child.path])
            for child in control.children
            if child.path in self._form.slots
        )
        guidance = self._guidance(control)
        for child in control.children:
            guidance = guidance or self._guidance(child)
        return self._filled(control, slot, kind, guidance, fields, ())

    def _question(self, control: Control, slot: Slot) -> Question:
        kind = kind_of(control, slot)
        choices: tuple[Choice, ...] = ()
        if kind in {QuestionKind.CHOICE, QuestionKind.MULTI, QuestionKind.RANK}:
            choices = tuple(self._choices(control))
        fields: tuple[Field, ...] = ()
        if kind is not QuestionKind.NOTE:
            # The question's own text is label enough for its only field.
            fields = (replace(self._field(control, slot), label=""),)
        return self._filled(control, slot, kind, self._guidance(control), fields, choices)

    def _guidance(self, control: Control) -> str:
        hint = self._texts.plain(control.hint)
        more = self._texts.plain(control.hint, "guidance") if control.hint.key else ""
        return "\n".join(dict.fromkeys(text for text in (hint, more) if text))

    def _filled(
        self,
        control: Control,
        slot: Slot,
        kind: QuestionKind,
        guidance: str,
        fields: tuple[Field, ...],
        choices: tuple[Choice, ...],
    ) -> Question:
        cells = self._columns.questions.get(slot.path, {})
        weight = _decimal(cells.get("weight"))
        unit = cells.get("unit", "")
        if unit:
            fields = tuple(replace(f, unit=unit) for f in fields)
        direction = cells.get("direction")
        return Question(
            ref=slot.path,
            code=slot.name,
            number="",
            text=self._texts.plain(control.label) or slot.name,
            guidance=guidance,
            kind=kind,
            choices=choices,
            fields=fields,
            weight=Decimal(1) if weight is None else weight,
            critical=Critical(cells.get("critical", "")),
            evidence=self._evidence(cells),
            clause=cells.get("clause", ""),
            finding_text=cells.get("finding_text", ""),
            unit=unit,
            direction=Direction(direction) if direction else None,
            target=_decimal(cells.get("target")),
            amber=_decimal(cells.get("amber")),
            ci=cells.get("ci", ""),
            source=cells.get("source", ""),
            previous_name=cells.get("previous_name", ""),
            multiline="multiline" in control.appearance or "rows" in control.attributes,
            appearance=control.appearance,
        )

    def _evidence(self, cells: Mapping[str, str]) -> EvidenceRule:
        when = cells.get("evidence", "optional")
        if "${" in when:
            try:
                when = substituted(when, self._names)
            except XPathError:
                # An unknown name is refused at import; a foreign file asks for no evidence.
                when = "optional"
        kinds = tuple(k for k in _SPLIT.split(cells.get("evidence_kind", "")) if k)
        return EvidenceRule(when, int(_decimal(cells.get("evidence_min")) or 1), kinds)

    def _field(self, control: Control, slot: Slot) -> Field:
        low, high = bounds(slot.bind.constraint)
        attributes = control.attributes
        if control.tag == "range":
            low, high = _decimal(attributes.get("start")), _decimal(attributes.get("end"))
        return Field(
            ref=slot.path,
            label=self._texts.plain(control.label),
            kind=_field_kind(kind_of(control, slot), slot),
            minimum=low,
            maximum=high,
            step=_decimal(attributes.get("step")),
        )

    def _choices(self, control: Control) -> Iterator[Choice]:
        nodeset = control.itemset.nodeset if control.itemset is not None else ""
        match = _LIST.search(nodeset)
        columns = self._columns.choices.get(match[1], {}) if match else {}
        read: list[tuple[str, str, Mapping[str, str]]] = []
        for option, item in self._texts.all_items(control):
            cells = columns.get(option.name)
            if cells is None:
                children = item.children if item is not None else ()
                cells = {c.name: c.text for c in children if c.name in _AUDIT_WORDS and c.text}
            read.append((option.name, option.label, cells))
        scores = [s for _, _, cells in read if (s := _decimal(cells.get("score"))) is not None]
        for name, label, cells in read:
            yield _choice(name, label or name, cells, scores)


def _choice(name: str, label: str, cells: Mapping[str, str], scores: Iterable[Decimal]) -> Choice:
    score = _decimal(cells.get("score"))
    finding, tone = tone_of(name, label, cells, score, max(scores, default=None))
    return Choice(
        name=name,
        label=label,
        score=score,
        finding=finding,
        tone=tone,
        excludes=_yes(cells.get("excludes")),
        lowers_coverage=_yes(cells.get("lowers_coverage")),
        comment_required=_yes(cells.get("comment_required")),
    )


def kind_of(control: Control, slot: Slot) -> QuestionKind:
    """How a control is answered."""
    if control.tag == "input" and slot.bind.readonly == "true()":
        return QuestionKind.NOTE
    if control.tag in {"select", "select1"} and control.appearance == "label":
        return QuestionKind.NOTE
    found = _BY_TAG.get(control.tag)
    return found if found is not None else _BY_TYPE.get(slot.bind.type, QuestionKind.TEXT)


def _field_kind(kind: QuestionKind, slot: Slot) -> str:
    if kind is QuestionKind.NUMBER:
        return "integer" if slot.bind.type.startswith("int") else "decimal"
    return kind.value


def _decimal(text: str | None) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return None


def _yes(text: str | None) -> bool:
    return (text or "").lower() in {"yes", "true", "1"}


def _static(_expr: Expr, _slot: Slot) -> Evaluator:
    raise XPathError("a checklist on paper evaluates nothing")
