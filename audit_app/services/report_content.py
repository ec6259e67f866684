"""Everything a report says about one audit, collected in one go."""

import hashlib
from uuid import UUID
from zoneinfo import ZoneInfo

from audit_app.domain.words import AuditState
from audit_app.reports.content import (
    Participant,
    Photo,
    Point,
    ReportContent,
    SignaturePart,
)
from audit_app.reports.words import Words
from audit_app.services import Services
from audit_app.services.finding_rows import EvidenceRow
from audit_app.services.programme_rows import SignatureRow
from audit_app.services.report_data import audit_json
from audit_app.services.report_findings import (
    disputes,
    earlier_actions,
    finding_parts,
    next_steps,
    strengths,
)
from audit_app.services.report_reads import AuditFacts, read_facts
from audit_app.services.report_sections import (
    criteria,
    gaps,
    grade_counts,
    pareto,
    remarks,
    sample_words,
    section_parts,
)
from audit_app.services.report_sentences import (
    cap_reason,
    figures,
    following,
    opinion,
    strong,
    weak,
)
from audit_app.services.sign_off import AUDITOR as AUDITOR_PARTY
from audit_app.services.sign_off import VENDOR as VENDOR_PARTY
from audit_app.settings import AUDITOR, ORGANISATION, REPORT_CONFIDENTIALITY
from resources import path

TREND = 6
"""Audits in the trend, this one last."""


def report_content(services: Services, audit_id: UUID, *, language: str = "en") -> ReportContent:
    """Collect one audit for a report.

    Raises:
        AuditError: the language is none that a report can be made in.
        NotFound: the audit is not in the workspace.
        StoreError: one of its photos is damaged.
    """
    words = Words(path("i18n"), language)
    facts = read_facts(services, audit_id)
    settings = services.settings
    organisation = settings.get(ORGANISATION)
    lead = _signed(facts, AUDITOR_PARTY)
    lead_auditor = lead.name if lead else settings.get(AUDITOR)
    view, visit = facts.view, facts.visit
    counts = grade_counts([item.row.grade for item in facts.findings])
    sections = section_parts(facts, words)
    data = audit_json(facts)
    return ReportContent(
        language=language,
        draft=view.state is not AuditState.SIGNED,
        organisation=organisation or words("report_title"),
        vendor=view.vendor,
        site=view.site,
        place=words.listed((facts.site.city, words.country(facts.site.country))),
        title=view.title,
        checklist_version=view.template_version,
        number=facts.number,
        version=view.version,
        starts=visit.starts,
        ends=visit.ends,
        issued=facts.today,
        purpose=visit.purpose,
        score=view.score.shown,
        raw=view.score.raw,
        coverage=view.score.coverage,
        rating=view.score.rating,
        provisional=view.score.provisional,
        cap_reason=cap_reason(facts, words),
        green_mark=facts.marks[0],
        amber_mark=facts.marks[1],
        previous=facts.previous,
        counts=counts,
        lead_auditor=lead_auditor,
        team=visit.team,
        representative=_representative(facts, words),
        client=organisation,
        criteria=criteria(facts, words),
        scope=_scope(facts, words),
        method=_method(facts, words),
        confidentiality=settings.get(REPORT_CONFIDENTIALITY),
        opinion=opinion(facts, counts, words),
        figures=figures(facts, counts, words),
        strong=strong(sections, words),
        weak=weak(sections, facts, words),
        following=following(facts, words),
        sections=sections,
        trend=_trend(facts),
        pareto=pareto(sections, words),
        earlier_actions=earlier_actions(facts, words),
        findings=finding_parts(facts, words),
        strengths=strengths(facts),
        gaps=gaps(facts, words),
        photos=tuple(_photo(facts, words, item) for item in facts.pictures),
        signatures=tuple(
            _signature(facts, words, organisation, row) for row in facts.signing.signatures
        ),
        next_steps=next_steps(facts, words),
        manifest=facts.signing.manifest,
        trail_head=facts.trail_head,
        data=data,
        data_sha256=hashlib.sha256(data).hexdigest(),
        time_zone=facts.site.time_zone,
        sample_words=sample_words(facts, words),
        remarks=remarks(facts),
        disputes=disputes(facts),
        people=_people(facts, words, organisation, lead_auditor),
        agenda=visit.agenda,
    )


def _trend(facts: AuditFacts) -> tuple[Point, ...]:
    view, ends = facts.view, facts.visit.ends
    points = [
        Point(point.date, point.score)
        for point in facts.site.scores
        if point.template == view.title
        and point.score is not None
        and point.date <= ends
        and point.audit_id != view.audit_id
    ]
    if view.score.shown is not None:
        points.append(Point(ends, view.score.shown))
    return tuple(points[-TREND:])


def _scope(facts: AuditFacts, words: Words) -> str:
    streams = words.listed(words.stream(stream) for stream in facts.site.streams)
    markets = words.listed(facts.site.markets)
    parts = (
        words("scope_streams", streams=streams) if streams else "",
        words("scope_markets", markets=markets) if markets else "",
    )
    return "; ".join(part for part in parts if part) or facts.view.site


def _method(facts: AuditFacts, words: Words) -> str:
    progress = facts.view.progress
    return words.listed(
        (
            words(
                "method_answered",
                answered=words.number(progress.answered, 0),
                total=words.number(progress.total, 0),
            ),
            words.some("method_photos", len(facts.pictures)) if facts.pictures else "",
            words("method_on_site"),
        )
    )


def _signed(facts: AuditFacts, party: str) -> SignatureRow | None:
    return next((row for row in facts.signing.signatures if row.party == party), None)


def _representative(facts: AuditFacts, words: Words) -> str:
    """Who signed for the vendor; before that, the contact at the site."""
    signature = _signed(facts, VENDOR_PARTY)
    if signature is not None:
        return words.listed((signature.name, signature.role))
    contact = next((row for row in facts.contacts if row.site_id == facts.site.id), None)
    return words.listed((contact.name, contact.role)) if contact else ""


def _people(
    facts: AuditFacts, words: Words, organisation: str, lead_auditor: str
) -> tuple[Participant, ...]:
    """The audit team, then who signed for the vendor."""
    team = facts.visit.team or ((lead_auditor,) if lead_auditor else ())
    people = [
        Participant(
            name,
            words("lead_auditor") if name == lead_auditor else words("auditor"),
            organisation,
            words("part_team"),
        )
        for name in team
    ]
    people += [
        Participant(
            row.name,
            row.role or words.party(row.party),
            row.organisation or facts.view.vendor,
            words("part_signed", date=words.day(row.signed_at.astimezone(ZoneInfo(row.zone)))),
        )
        for row in facts.signing.signatures
        if row.party != AUDITOR_PARTY
    ]
    return tuple(people)


def _photo(facts: AuditFacts, words: Words, item: EvidenceRow) -> Photo:
    question = facts.questions.get(item.ref)
    return Photo(
        number=facts.photo_numbers[item.id],
        jpeg=facts.photos[item.id],
        caption=item.caption or item.name,
        taken=words.moment(item.taken_at, facts.zone) if item.taken_at else "",
        where=words("question_ref", number=question.number) if question else "",
        sha256=item.sha256,
    )


def _signature(
    facts: AuditFacts, words: Words, organisation: str, row: SignatureRow
) -> SignaturePart:
    zone = ZoneInfo(row.zone)
    own = facts.view.vendor if row.party == VENDOR_PARTY else organisation
    return SignaturePart(
        party=words.party(row.party),
        name=row.name,
        role=row.role,
        organisation=row.organisation or own,
        remark=row.remark,
        signed=f"{words.moment(row.signed_at, zone)} {row.signed_at.astimezone(zone):%Z}",
        strokes=row.strokes,
    )
