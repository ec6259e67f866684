"""One audit of the demo, answered as an auditor would."""

import math
import random
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from audit_app.demo.clock import DemoClock
from audit_app.demo.findings import IMPRESSIONS, STORIES, STRENGTHS, Story, story_for
from audit_app.demo.photos import draw_photo
from audit_app.demo.programme import DemoSite
from audit_app.domain.words import Direction, Grade
from audit_app.forms.checklist import Question
from audit_app.forms.kinds import QuestionKind
from audit_app.services import Services
from audit_app.services.checklist_rows import QuestionRow
from audit_app.services.finding_rows import FindingRow

UNDER_WAY = {"GEN-A04": "MIN", "GEN-B05": "MIN", "GEN-B06": "OFI", "GEN-C01": "MAJ"}
"""What the visit under way has found so far."""


class DemoAudit:
    """Answers, photographs, writes up and signs one audit.

    Attributes:
        photos: how many were added.
    """

    def __init__(
        self,
        services: Services,
        clock: DemoClock,
        audit_id: UUID,
        site: DemoSite,
        turn: int,
        rng: random.Random,
    ) -> None:
        self.photos = 0
        self._services = services
        self._clock = clock
        self._audit_id = audit_id
        self._site = site
        self._rng = rng
        self._level = min(93.0, site.level + site.drift * turn)
        self._view = services.checklist.open(audit_id)
        version = services.visits.of_audit(audit_id)
        template = next(a for a in version.audits if a.id == audit_id)
        row = next(
            t
            for t in services.templates.listed()
            if t.title == template.template and t.version == template.template_version
        )
        checklist = services.templates.checklist(row.id)
        self._questions = {q.code: q for s in checklist.sections for q in s.questions}

    def answer_all(self) -> None:
        """Answer every question and write up what was found."""
        odd = {row.ref: self._choice(row) for row in self._view.questions}
        for row in self._view.questions:
            if row.kind is not QuestionKind.CHOICE:
                self._measure(row)
            elif row.critical or odd[row.ref] != "C":
                self._answer(row, odd[row.ref])
        for section in self._view.sections:
            self._services.checklist.mark_rest(self._audit_id, section=section.code, selected="C")
        self._write_up()

    def answer_some(self, count: int) -> None:
        """Answer the first questions only, as in a visit under way."""
        for row in self._view.questions[:count]:
            if row.kind is QuestionKind.CHOICE:
                self._answer(row, UNDER_WAY.get(row.code, "C"))
            else:
                self._measure(row)
        self._write_up(last_open=True)

    def sign(self, auditor: str) -> None:
        """Sign for both sides and sign off."""
        for party, name, role in (
            ("auditor", auditor, "Lead auditor"),
            ("vendor", self._site.lead, "Site director"),
        ):
            self._services.sign_off.sign(
                self._audit_id,
                party=party,
                name=name,
                role=role,
                organisation="",
                remark="" if party == "auditor" else self._remark(),
                strokes=scribble(name),
            )
        self._services.sign_off.sign_off(self._audit_id)

    def _remark(self) -> str:
        return self._rng.choice(
            ("", "", "Agreed; the second finding depends on the landlord.", "Received.")
        )

    def _choice(self, row: QuestionRow) -> str:
        if row.kind is not QuestionKind.CHOICE:
            return ""
        luck = self._rng.random() * 100
        if row.code not in STORIES:
            luck *= 0.9
        if luck < self._level or (row.critical and luck < 98.8):
            return "C"
        spread = (luck - self._level) / max(1.0, 100 - self._level)
        if spread < 0.16:
            return "OFI"
        if spread < 0.70:
            return "MIN"
        if spread < 0.95 and not row.critical:
            return "MAJ"
        return "NV" if spread > 0.98 else "MIN"

    def _answer(self, row: QuestionRow, name: str) -> None:
        if name in ("NA", "NV"):
            self._services.checklist.note(
                self._audit_id, ref=row.ref, text="The person in charge was not on site."
            )
        self._services.checklist.answer(self._audit_id, ref=row.ref, selected=(name,))
        if name in ("MIN", "MAJ") or (row.evidence_missing and self._rng.random() < 0.1):
            always = row.code in UNDER_WAY and name == UNDER_WAY[row.code]
            self._photo(row.ref, story_for(row.code, row.text), always=always)
        elif name == "C" and self._rng.random() < 0.12:
            self._services.checklist.note(
                self._audit_id, ref=row.ref, text="Records of the last 90 days seen; in order."
            )

    def _measure(self, row: QuestionRow) -> None:
        question = self._questions[row.code]
        for field, value in zip(row.fields, self._values(row, question), strict=False):
            self._services.checklist.measure(self._audit_id, field_ref=field.ref, value=value)

    def _values(self, row: QuestionRow, question: Question) -> tuple[str, ...]:
        good = self._rng.random() * 100 < self._level
        if row.kind is QuestionKind.SAMPLE:
            checked = self._rng.choice((20, 30, 40, 60))
            target = float(question.target or 95)
            share = (
                self._rng.uniform(target, 100) if good else self._rng.uniform(target - 9, target)
            )
            return str(checked), str(min(checked, round(checked * share / 100 + 0.49)))
        if row.kind is QuestionKind.REVIEW:
            return self._review(question, good=good)
        if row.kind in (QuestionKind.NUMBER, QuestionKind.RANGE):
            return (self._number(question, good=good),)
        if row.kind is QuestionKind.TEXT:
            words = STRENGTHS if row.code.endswith("Z01") else IMPRESSIONS
            return (self._rng.choice(words),)
        return ()

    def _number(self, question: Question, *, good: bool) -> str:
        target = question.target if question.target is not None else Decimal(5)
        amber = question.amber if question.amber is not None else target
        step = abs(amber - target) or max(Decimal(1), abs(target) / 5)
        lower = question.direction is Direction.LOWER
        if lower == good:
            value = max(Decimal(0), target - step * Decimal(self._rng.randint(0, 2)) / 2)
        else:
            value = target + step * Decimal(self._rng.randint(1, 2)) / 2
        return format(value.quantize(Decimal("0.1")).normalize(), "f")

    def _review(self, question: Question, *, good: bool) -> tuple[str, ...]:
        target = float(question.target if question.target is not None else 95)
        unit = 1.0 if target <= 1 and question.unit == "coefficient" else 100.0
        half = 0.03 * unit
        lower = question.direction is Direction.LOWER
        shift = self._rng.uniform(0.0, 0.02) * unit
        value = target - shift if lower == good else target + shift
        value = max(0.0, min(unit, value))
        low, high = max(0.0, value - half), min(unit, value + half)
        return tuple(f"{number:.2f}" for number in (value, low, high))

    def _photo(self, ref: str, story: Story, *, always: bool = False) -> None:
        if not always and self._rng.random() > 0.3:
            return
        moment = self._clock.now().astimezone(ZoneInfo(self._site.time_zone))
        data = draw_photo(story.scene, self._rng.randint(0, 10_000), moment)
        self._services.evidence.add_photo(
            self._audit_id,
            data=data,
            name=f"IMG_{moment:%Y%m%d_%H%M%S}.jpg",
            ref=ref,
            caption=story.title,
        )
        self.photos += 1

    def _write_up(self, *, last_open: bool = False) -> None:
        rows = self._services.findings.listed(audit_id=self._audit_id)
        by_ref = {row.ref: row for row in self._view.questions}
        for number, finding in enumerate(rows):
            if last_open and number == len(rows) - 1 and len(rows) > 1:
                continue
            question = by_ref.get(finding.question_ref)
            self._write(finding, story_for(question.code if question else "", finding.title))

    def _write(self, finding: FindingRow, story: Story) -> None:
        self._services.findings.edit(
            finding.id,
            title=story.title,
            statement=story.statement,
            cause=story.cause,
            impact=story.impact,
            containment="Agreed on site the same day." if finding.grade.rank < 2 else "",
        )
        if finding.grade is Grade.OFI:
            return
        self._services.actions.add(
            finding.id,
            text=story.action,
            owner=self._site.lead,
            due=self._services.actions.suggested_due(finding.id),
        )


def scribble(name: str) -> list[list[tuple[float, float]]]:
    """A signature-like line for a name; the same name gives the same line."""
    rng = random.Random(name)  # noqa: S311 (a drawing, not a secret)
    letters = [letter for letter in name if not letter.isspace()]
    width = 0.74 / len(letters)
    line: list[tuple[float, float]] = []
    for place, letter in enumerate(letters):
        tall = 0.30 if letter.isupper() or letter in "bdfhklt" else 0.11
        tall *= rng.uniform(0.7, 1.25)
        lean = rng.uniform(0.2, 0.8) * width
        for step in range(12):
            turn = step / 12 * 2 * math.pi
            x = 0.08 + (place + step / 12) * width + lean * math.sin(turn)
            line.append((x, min(0.92, 0.60 - tall * (1 - math.cos(turn)) / 2 + 0.03 * place / 9)))
    end = line[-1]
    tail = [
        (end[0] - step * 0.055, end[1] + 0.10 + 0.03 * math.sin(step / 2)) for step in range(11)
    ]
    return [line, tail]
