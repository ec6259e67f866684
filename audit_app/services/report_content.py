"""Everything a report says about one audit, collected in one go."""

import hashlib
import json
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from audit_app.domain.words import AuditState, Grade, Mark, Tone
from audit_app.reports.content import (
    ActionLine,
    FindingPart,
    Gap,
    GradeCounts,
    KeyFigure,
    Photo,
    Point,
    QuestionLine,
    ReportContent,
    SectionPart,
    SignaturePart,
)
from audit_app.services import Services
from audit_app.services.checklist_rows import AuditView, QuestionRow, SectionRow
from audit_app.services.finding_rows import ActionRow, EvidenceRow, FindingView
from audit_app.services.programme_rows import AuditRow, SignatureRow, SiteRow, VisitRow
from audit_app.services.report_words import (
    SCORING_WORDS,
    action_state,
    following,
    opinion,
    party_words,
    weakest,
)
from audit_app.services.sign_off import SignOffView
from audit_app.settings import AUDITOR, ORGANISATION, REPORT_CONFIDENTIALITY

PHOTO_SIDE = 1000
TREND = 6
PARETO = 6
CLOSED_SHOWN = 10


def report_content(services: Services, audit_id: UUID, *, language: str = "en") -> ReportContent:
    """Collect one audit for a report.

    Raises:
        NotFound: the audit is not in the workspace.
        StoreError: one of its photos is damaged.
    """
    return _Collector(services, audit_id).collect(language)


class _Collector:
    def __init__(self, services: Services, audit_id: UUID) -> None:
        self._services = services
        self._id = audit_id
        self.view: AuditView = services.checklist.open(audit_id)
        self.visit: VisitRow = services.visits.of_audit(audit_id)
        self.audit: AuditRow = next(row for row in self.visit.audits if row.id == audit_id)
        self.site: SiteRow = services.vendors.site(self.visit.site_id)
        self.signing: SignOffView = services.sign_off.summary(audit_id)
        self.findings = tuple(
            services.findings.view(row.id) for row in services.findings.listed(audit_id=audit_id)
        )
        self.evidence = services.evidence.of_audit(audit_id)
        self.zone = ZoneInfo(self.site.time_zone)
        self.photos = [item for item in self.evidence if item.kind == "photo"]
        self.photo_numbers = {item.id: n for n, item in enumerate(self.photos, 1)}
        self.questions = {row.ref: row for row in self.view.questions}
        self.weights = services.checklist.weights(audit_id)
        earlier = services.checklist.previous_scores(audit_id)
        self.previous, self.previous_sections = earlier

    def collect(self, language: str) -> ReportContent:
        services, view = self._services, self.view
        counts = _counts(self.findings)
        trend = self._trend()
        contacts = services.vendors.view(self.visit.vendor_id).contacts
        vendor_signature = next((s for s in self.signing.signatures if s.party == "vendor"), None)
        lead = next((s for s in self.signing.signatures if s.party == "auditor"), None)
        own = next((c for c in contacts if c.site_id == self.site.id), None)
        representative = (
            ", ".join(part for part in (vendor_signature.name, vendor_signature.role) if part)
            if vendor_signature
            else ", ".join(part for part in (own.name, own.role) if part)
            if own
            else ""
        )
        marks = services.checklist.marks(self._id)
        data = self._data()
        sections = self._sections()
        actions = [action for item in self.findings for action in item.actions]
        return ReportContent(
            language=language,
            draft=view.state is not AuditState.SIGNED,
            organisation=services.settings.get(ORGANISATION) or "Audit report",
            vendor=view.vendor,
            site=view.site,
            place=", ".join(part for part in (self.site.city, _country(self.site.country)) if part),
            title=view.title,
            checklist_version=view.template_version,
            number=services.visits.audit_number(self._id),
            version=view.version,
            starts=self.visit.starts,
            ends=self.visit.ends,
            issued=services.reports.today(),
            purpose=self.visit.purpose,
            score=view.score.shown,
            raw=view.score.raw,
            coverage=view.score.coverage,
            rating=view.score.rating,
            provisional=view.score.provisional,
            cap_reason=view.score.cap_reason,
            green_mark=marks[0],
            amber_mark=marks[1],
            previous=self.previous,
            counts=counts,
            lead_auditor=lead.name if lead else services.settings.get(AUDITOR),
            team=self.visit.team,
            representative=representative,
            client=services.settings.get(ORGANISATION),
            criteria=_criteria(view),
            scope=self._scope(),
            method=(
                f"{view.progress.answered} of {view.progress.total} questions, "
                f"{len(self.photos)} photos, on site"
            ),
            confidentiality=services.settings.get(REPORT_CONFIDENTIALITY),
            opinion=opinion(view, counts, marks[0]),
            figures=self._figures(counts, actions),
            strong=_strong(sections),
            weak=weakest(sections, self.findings),
            following=following(actions),
            sections=sections,
            trend=trend,
            pareto=_pareto(sections),
            earlier_actions=self._earlier_actions(),
            findings=tuple(self._finding(item) for item in self.findings),
            strengths=self._strengths(),
            gaps=self._gaps(),
            photos=tuple(self._photo(item) for item in self.photos),
            signatures=tuple(self._signature(row) for row in self.signing.signatures),
            declaration=self.signing.declaration,
            next_steps=_next_steps(actions),
            scoring_words=SCORING_WORDS,
            manifest=self.signing.manifest,
            trail_head=services.workspace.trail_head(),
            data=data,
            data_sha256=hashlib.sha256(data).hexdigest(),
        )

    def _trend(self) -> tuple[Point, ...]:
        points = [
            Point(f"{point.date:%m/%y}", point.score)
            for point in self.site.scores
            if point.template == self.view.title
            and point.score is not None
            and point.date <= self.visit.ends
            and point.audit_id != self._id
        ]
        if self.view.score.shown is not None:
            points.append(Point(f"{self.visit.ends:%m/%y}", self.view.score.shown))
        return tuple(points[-TREND:])

    def _scope(self) -> str:
        streams = ", ".join(stream.value for stream in self.site.streams)
        markets = ", ".join(self.site.markets)
        parts = (f"Streams: {streams}" if streams else "", f"markets: {markets}" if markets else "")
        return "; ".join(part for part in parts if part) or self.view.site

    def _figures(self, counts: GradeCounts, actions: list[ActionRow]) -> tuple[KeyFigure, ...]:
        score, progress = self.view.score, self.view.progress
        overdue = sum(1 for action in actions if action.overdue)
        repeats = sum(1 for item in self.findings if item.row.repeat_of)
        change, tone = "first audit with this checklist", Tone.NEUTRAL
        if self.previous is not None and score.shown is not None:
            step = score.shown - self.previous.score
            sign = "+" if step > 0 else "−" if step < 0 else "±"
            change = f"{sign}{abs(step):.1f} vs {self.previous.label}"
            tone = Tone.GOOD if step > 0 else Tone.BAD if step < 0 else Tone.NEUTRAL
        shown = "–" if score.shown is None else f"{score.shown:.1f}"
        return (
            KeyFigure("Overall score", shown, change, tone),
            KeyFigure(
                "Findings",
                str(counts.total),
                f"{counts.critical} critical  ·  {counts.major} major",
                Tone.BAD if counts.critical else Tone.NEUTRAL,
            ),
            KeyFigure("Repeat findings", str(repeats), "of the last two audits"),
            KeyFigure(
                "Actions agreed",
                str(len(actions)),
                f"{overdue} overdue" if overdue else "none overdue",
                Tone.BAD if overdue else Tone.GOOD,
            ),
            KeyFigure(
                "Coverage",
                f"{score.coverage:.0f} %",
                f"{progress.answered} of {progress.total} answered",
            ),
        )

    def _sections(self) -> tuple[SectionPart, ...]:
        grades: dict[str, list[Grade]] = {}
        for item in self.findings:
            question = self.questions.get(item.row.question_ref)
            if question is not None:
                grades.setdefault(question.section, []).append(item.row.grade)
        return tuple(
            self._section(section, grades.get(section.code, [])) for section in self.view.sections
        )

    def _section(self, section: SectionRow, grades: list[Grade]) -> SectionPart:
        rows = [row for row in self.view.questions if row.section == section.code]
        return SectionPart(
            number=section.number,
            title=section.title,
            score=section.score,
            previous=self.previous_sections.get(section.code),
            counts=_grade_counts(grades),
            answered=section.answered,
            total=section.total,
            questions=tuple(self._question(row) for row in rows),
        )

    def _question(self, row: QuestionRow) -> QuestionLine:
        labels = tuple(
            f"Photo {self.photo_numbers[item.id]}" for item in self.photos if item.ref == row.ref
        )
        answer = row.answer
        comment = " ".join(part for part in (answer.judgement if answer else "", row.note) if part)
        long = row.fields[0].value if row.fields and answer and answer.label.endswith("…") else ""
        weight, score = self.weights.get(row.ref, ("", ""))
        return QuestionLine(
            number=row.number,
            text=row.text,
            answer=answer.label if answer and not long else "",
            tone=answer.tone if answer else Tone.NEUTRAL,
            score=f"{score} / {weight}" if score else "",
            comment=f"{long} {comment}".strip(),
            evidence=labels,
            finding=_printed(row.finding.number) if row.finding else "",
            failed=bool(answer and answer.tone is Tone.BAD),
            answered=row.answered,
        )

    def _finding(self, item: FindingView) -> FindingPart:
        row = item.row
        question = self.questions.get(row.question_ref)
        section = next(
            (s.title for s in self.view.sections if question and s.code == question.section), ""
        )
        where = "  ·  ".join(
            part for part in (section, f"question {row.question}" if row.question else "") if part
        )
        return FindingPart(
            number=_printed(row.number),
            grade=row.grade,
            title=row.title,
            where=where,
            condition=item.statement,
            criteria=item.criterion,
            cause=item.cause,
            impact=item.impact,
            containment=item.containment,
            dissent=item.dissent,
            repeat_of=row.repeat_of,
            photos=tuple(
                self.photo_numbers[photo.id]
                for photo in item.evidence
                if photo.id in self.photo_numbers
            ),
            actions=tuple(_action(action) for action in item.actions),
        )

    def _earlier_actions(self) -> tuple[ActionLine, ...]:
        """What is still open from earlier visits, then what was closed last."""
        own = {item.row.id for item in self.findings}
        lines = [
            _action(action, with_finding=True)
            for action in self._services.actions.listed()
            if action.site == self.view.site
            and action.vendor == self.view.vendor
            and action.finding_id not in own
        ]
        still_open = [line for line in lines if line.is_open]
        closed = [line for line in lines if not line.is_open]
        return (*still_open, *closed[-CLOSED_SHOWN:])

    def _strengths(self) -> tuple[str, ...]:
        texts = [item.row.title for item in self.findings if item.row.grade is Grade.STRENGTH]
        for row in self.view.questions:
            asks = row.text.casefold()
            if row.fields and "strength" in asks and row.fields[0].value.strip():
                texts.append(row.fields[0].value)
        return tuple(texts)

    def _gaps(self) -> tuple[Gap, ...]:
        gaps = []
        for row in self.view.questions:
            unseen = row.mark is Mark.NOT_VERIFIED or row.selected == ("NV",)
            if unseen:
                gaps.append(Gap(row.number, row.text, row.note or "Not verified."))
            elif not row.answered:
                gaps.append(Gap(row.number, row.text, "Not answered."))
        return tuple(gaps)

    def _photo(self, item: EvidenceRow) -> Photo:
        question = self.questions.get(item.ref)
        return Photo(
            number=self.photo_numbers[item.id],
            jpeg=self._services.evidence.image(item.id, size=PHOTO_SIDE),
            caption=item.caption or item.name,
            taken=_local(item.taken_at, self.zone) if item.taken_at else "",
            where=f"question {question.number}" if question else "",
            sha256=item.sha256,
        )

    def _signature(self, row: SignatureRow) -> SignaturePart:
        moment = row.signed_at.astimezone(ZoneInfo(row.zone))
        organisation = row.organisation or (
            self.view.vendor if row.party == "vendor" else self._services.settings.get(ORGANISATION)
        )
        return SignaturePart(
            party=party_words(row.party),
            name=row.name,
            role=row.role,
            organisation=organisation,
            remark=row.remark,
            signed=f"{_local(row.signed_at, ZoneInfo(row.zone))} {moment:%Z}",
            strokes=row.strokes,
        )

    def _data(self) -> bytes:
        """The audit as canonical JSON: what is attached to the report."""
        view = self.view
        body = {
            "format": 1,
            "number": self._services.visits.audit_number(self._id),
            "version": view.version,
            "vendor": view.vendor,
            "site": view.site,
            "template": view.title,
            "template_version": view.template_version,
            "starts": self.visit.starts.isoformat(),
            "ends": self.visit.ends.isoformat(),
            "score": str(view.score.shown),
            "raw": str(view.score.raw),
            "coverage": str(view.score.coverage),
            "rating": view.score.rating.value,
            "manifest": self.signing.manifest,
            "answers": [_answer_record(row) for row in view.questions],
            "findings": [_finding_record(item) for item in self.findings],
            "photos": [
                {"number": self.photo_numbers[item.id], "sha256": item.sha256, "name": item.name}
                for item in self.photos
            ],
        }
        return json.dumps(body, ensure_ascii=False, sort_keys=True, indent=1).encode()


def _answer_record(row: QuestionRow) -> dict[str, object]:
    return {
        "ref": row.ref,
        "code": row.code,
        "number": row.number,
        "selected": list(row.selected),
        "values": {field.ref: field.value for field in row.fields},
        "mark": row.mark.value if row.mark else None,
        "note": row.note,
    }


def _finding_record(item: FindingView) -> dict[str, object]:
    return {
        "number": item.row.number,
        "grade": item.row.grade.value,
        "title": item.row.title,
        "question": item.row.question,
        "criterion": item.criterion,
        "statement": item.statement,
        "cause": item.cause,
        "impact": item.impact,
        "containment": item.containment,
        "dissent": item.dissent,
        "actions": [
            {
                "text": action.text,
                "owner": action.owner,
                "due": action.due.isoformat() if action.due else None,
                "state": action.state.value,
            }
            for action in item.actions
        ],
    }


def _action(action: ActionRow, *, with_finding: bool = False) -> ActionLine:
    from audit_app.domain.actions import DONE

    return ActionLine(
        text=action.text,
        owner=action.owner,
        due=action.due,
        state=action_state(action.state),
        is_open=action.state not in DONE,
        overdue=action.overdue,
        finding=_printed(action.finding_number) if with_finding else "",
    )


def _printed(number: str) -> str:
    """F-05 on the screen is F-005 in print."""
    return f"F-{int(number.removeprefix('F-')):03d}"


def _counts(findings: tuple[FindingView, ...]) -> GradeCounts:
    return _grade_counts([item.row.grade for item in findings])


def _grade_counts(grades: list[Grade]) -> GradeCounts:
    found = Counter(grades)
    return GradeCounts(
        found[Grade.CRITICAL],
        found[Grade.MAJOR],
        found[Grade.MINOR],
        found[Grade.OFI],
        found[Grade.STRENGTH],
    )


def _pareto(sections: tuple[SectionPart, ...]) -> tuple[tuple[str, int], ...]:
    found = sorted(
        ((section.title, section.counts.total) for section in sections if section.counts.total),
        key=lambda row: -row[1],
    )
    if len(found) <= PARETO:
        return tuple(found)
    rest = sum(count for _, count in found[PARETO - 1 :])
    return (*found[: PARETO - 1], ("Other", rest))


def _strong(sections: tuple[SectionPart, ...]) -> str:
    best = sorted(
        (section for section in sections if section.score is not None and section.score >= 95),
        key=lambda section: -(section.score or Decimal(0)),
    )[:3]
    if not best:
        return ""
    names = ", ".join(section.title for section in best)
    lowest = min(section.score or Decimal(0) for section in best)
    return f"{names}: {lowest:.0f} % or more."


def _criteria(view: AuditView) -> str:
    clauses = Counter(
        clause.strip() for row in view.questions for clause in row.clause.split(";") if clause
    )
    common = ", ".join(clause for clause, _ in clauses.most_common(3))
    checklist = f"{view.title} {view.template_version}"
    return f"{checklist}; {common}" if common else checklist


def _next_steps(actions: list[ActionRow]) -> tuple[tuple[date, str], ...]:
    by_day: dict[date, list[str]] = {}
    for action in actions:
        if action.due is not None:
            by_day.setdefault(action.due, []).append(_printed(action.finding_number))
    return tuple(
        (day, f"Actions due on {', '.join(sorted(set(numbers)))}.")
        for day, numbers in sorted(by_day.items())[:3]
    )


def _local(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%d %b %Y, %H:%M}".lstrip("0")


def _country(code: str) -> str:
    from babel import Locale

    return str(Locale("en").territories.get(code, code))
