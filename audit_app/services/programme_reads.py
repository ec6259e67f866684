"""Reads of vendors, sites, visits and audits: few statements, joined in memory."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audit_app.domain.actions import DONE, is_overdue
from audit_app.domain.words import (
    AuditState,
    FindingState,
    Grade,
    Rating,
    Stream,
    VisitState,
)
from audit_app.errors import NotFound
from audit_app.services.finding_rows import ActionRow
from audit_app.services.programme_rows import (
    AuditRow,
    ContactRow,
    ScorePoint,
    SiteRow,
    VendorRow,
    VendorView,
    VisitRow,
)
from db.tables import (
    Action,
    Audit,
    AuditSummary,
    Contact,
    Finding,
    Site,
    TemplateVersion,
    Vendor,
    Visit,
)

_CLOSED = (FindingState.CLOSED, FindingState.VOID)


@dataclass(slots=True)
class _Tally:
    open_findings: int = 0
    overdue: int = 0
    scores: list[ScorePoint] = field(default_factory=list)
    visits: list[date] = field(default_factory=list)
    planned: list[date] = field(default_factory=list)


def finding_label(number: int) -> str:
    """The printed number of a finding, such as F-05."""
    return f"F-{number:02d}"


def visit_rows(
    session: Session, *, visit_ids: Sequence[UUID] | None = None, site_id: UUID | None = None
) -> tuple[VisitRow, ...]:
    """Visits with their audits, newest first."""
    query = (
        select(Visit, Site, Vendor)
        .join(Site, Visit.site_id == Site.id)
        .join(Vendor, Visit.vendor_id == Vendor.id)
        .where(Visit.deleted_at.is_(None))
        .order_by(Visit.starts.desc(), Visit.number)
    )
    if visit_ids is not None:
        query = query.where(Visit.id.in_(visit_ids))
    if site_id is not None:
        query = query.where(Visit.site_id == site_id)
    found = session.execute(query).all()
    audits = _audits_of(session, [visit.id for visit, _, _ in found])
    return tuple(
        VisitRow(
            id=visit.id,
            number=visit.number,
            vendor_id=vendor.id,
            vendor=vendor.name,
            site_id=site.id,
            site=site.name,
            country=site.country,
            starts=visit.starts,
            ends=visit.ends,
            state=_state(visit.state, audits.get(visit.id, [])),
            purpose=visit.purpose,
            team=tuple(visit.team),
            audits=tuple(audits.get(visit.id, ())),
            agenda=visit.agenda,
        )
        for visit, site, vendor in found
    )


def _state(stored: VisitState, audits: Sequence[AuditRow]) -> VisitState:
    """Under way becomes "to review" once every question is answered; that is never stored."""
    if stored is VisitState.UNDER_WAY and audits and all(a.answered >= a.total for a in audits):
        return VisitState.TO_REVIEW
    return stored


def visit_row(session: Session, visit_id: UUID) -> VisitRow:
    """One visit.

    Raises:
        NotFound: no such visit.
    """
    found = visit_rows(session, visit_ids=[visit_id])
    if not found:
        raise NotFound("This visit is not in the workspace.")
    return found[0]


def _audits_of(session: Session, visit_ids: Sequence[UUID]) -> dict[UUID, list[AuditRow]]:
    findings = _finding_counts(session)
    query = (
        select(Audit, TemplateVersion, AuditSummary)
        .join(TemplateVersion, Audit.template_version_id == TemplateVersion.id)
        .outerjoin(AuditSummary, AuditSummary.audit_id == Audit.id)
        .where(Audit.deleted_at.is_(None), Audit.visit_id.in_(visit_ids))
        .order_by(Audit.created_at)
    )
    audits: dict[UUID, list[AuditRow]] = defaultdict(list)
    for audit, template, found in session.execute(query):
        summary: AuditSummary | None = found
        audits[audit.visit_id].append(
            AuditRow(
                id=audit.id,
                visit_id=audit.visit_id,
                template=template.title,
                template_version=template.version,
                state=audit.state,
                version=audit.version,
                answered=summary.answered if summary is not None else 0,
                total=summary.total if summary is not None else template.questions,
                score=summary.shown if summary is not None else None,
                coverage=summary.coverage if summary is not None else None,
                rating=summary.rating if summary is not None else Rating.NONE,
                findings=findings.get(audit.id, 0),
            )
        )
    return audits


def _finding_counts(session: Session) -> dict[UUID, int]:
    query = (
        select(Finding.audit_id, func.count())
        .where(Finding.deleted_at.is_(None), Finding.state != FindingState.VOID)
        .group_by(Finding.audit_id)
    )
    return {audit_id: count for audit_id, count in session.execute(query)}


def _tallies(session: Session, today: date) -> dict[UUID, _Tally]:
    """What is open, late, scored and planned, by site."""
    tallies: dict[UUID, _Tally] = defaultdict(_Tally)
    for site_id, starts, state in session.execute(
        select(Visit.site_id, Visit.starts, Visit.state).where(Visit.deleted_at.is_(None))
    ):
        if state is VisitState.PLANNED:
            tallies[site_id].planned.append(starts)
        elif state is not VisitState.CANCELLED:
            tallies[site_id].visits.append(starts)
    nonconforming = (Grade.CRITICAL, Grade.MAJOR, Grade.MINOR)
    for site_id, count in session.execute(
        select(Visit.site_id, func.count())
        .join(Audit, Audit.visit_id == Visit.id)
        .join(Finding, Finding.audit_id == Audit.id)
        .where(
            Finding.deleted_at.is_(None),
            Finding.state.not_in(_CLOSED),
            Finding.grade.in_(nonconforming),
        )
        .group_by(Visit.site_id)
    ):
        tallies[site_id].open_findings = count
    for site_id, due, action_state in session.execute(
        select(Visit.site_id, Action.due, Action.state)
        .join(Audit, Audit.visit_id == Visit.id)
        .join(Finding, Finding.audit_id == Audit.id)
        .join(Action, Action.finding_id == Finding.id)
        .where(Action.deleted_at.is_(None), Action.state.not_in(DONE))
    ):
        tallies[site_id].overdue += is_overdue(due, action_state, today)
    for site_id, point in score_points(session):
        tallies[site_id].scores.append(point)
    return tallies


def score_points(session: Session) -> Iterable[tuple[UUID, ScorePoint]]:
    """Signed audits with their score, oldest first, each with its site's id."""
    query = (
        select(Visit.site_id, Visit.ends, Audit, TemplateVersion.title, AuditSummary)
        .join(Audit, Audit.visit_id == Visit.id)
        .join(TemplateVersion, Audit.template_version_id == TemplateVersion.id)
        .join(AuditSummary, AuditSummary.audit_id == Audit.id)
        .where(Audit.deleted_at.is_(None), Audit.state == AuditState.SIGNED)
        .order_by(Visit.ends)
    )
    for site_id, ends, audit, title, summary in session.execute(query):
        yield site_id, ScorePoint(audit.id, ends, title, summary.shown, summary.rating)


def site_rows(session: Session, today: date) -> tuple[SiteRow, ...]:
    """All sites with what is open there, by vendor and name."""
    tallies = _tallies(session, today)
    query = (
        select(Site, Vendor.name)
        .join(Vendor, Site.vendor_id == Vendor.id)
        .where(Site.deleted_at.is_(None))
        .order_by(Vendor.name, Site.name)
    )
    return tuple(
        _site_row(site, vendor, tallies[site.id]) for site, vendor in session.execute(query)
    )


def _site_row(site: Site, vendor: str, tally: _Tally) -> SiteRow:
    return SiteRow(
        id=site.id,
        vendor_id=site.vendor_id,
        vendor=vendor,
        name=site.name,
        code=site.code,
        city=site.city,
        country=site.country,
        time_zone=site.time_zone,
        languages=tuple(site.languages),
        streams=tuple(Stream(stream) for stream in site.streams),
        markets=tuple(site.markets),
        shared_markets=site.shared_markets,
        ai_assist=site.ai_assist,
        card_data=site.card_data,
        remote_work=site.remote_work,
        address=site.address,
        last_visit=max(tally.visits, default=None),
        next_visit=min(tally.planned, default=None),
        open_findings=tally.open_findings,
        scores=tuple(tally.scores),
    )


def vendor_rows(session: Session, today: date) -> tuple[VendorRow, ...]:
    """All vendors by name, with what is open at their sites."""
    sites: dict[UUID, list[Site]] = defaultdict(list)
    for site in session.scalars(select(Site).where(Site.deleted_at.is_(None))):
        sites[site.vendor_id].append(site)
    tallies = _tallies(session, today)
    query = select(Vendor).where(Vendor.deleted_at.is_(None)).order_by(Vendor.name)
    return tuple(
        _vendor_row(vendor, sites[vendor.id], tallies) for vendor in session.scalars(query)
    )


def _vendor_row(vendor: Vendor, sites: list[Site], tallies: dict[UUID, _Tally]) -> VendorRow:
    own = [tallies[site.id] for site in sites]
    scores = sorted((p for tally in own for p in tally.scores), key=lambda point: point.date)
    last = scores[-1] if scores else None
    return VendorRow(
        id=vendor.id,
        name=vendor.name,
        code=vendor.code,
        note=vendor.note,
        sites=len(sites),
        countries=tuple(sorted({site.country for site in sites})),
        open_findings=sum(tally.open_findings for tally in own),
        overdue_actions=sum(tally.overdue for tally in own),
        last_score=last.score if last else None,
        last_rating=last.rating if last else Rating.NONE,
    )


def vendor_view(session: Session, vendor_id: UUID, today: date) -> VendorView:
    """One vendor, whole.

    Raises:
        NotFound: no such vendor.
    """
    rows = [row for row in vendor_rows(session, today) if row.id == vendor_id]
    if not rows:
        raise NotFound("This vendor is not in the workspace.")
    contacts = session.scalars(
        select(Contact)
        .where(Contact.vendor_id == vendor_id, Contact.deleted_at.is_(None))
        .order_by(Contact.name)
    )
    return VendorView(
        row=rows[0],
        sites=tuple(row for row in site_rows(session, today) if row.vendor_id == vendor_id),
        contacts=tuple(
            ContactRow(c.id, c.vendor_id, c.site_id, c.name, c.role, c.email, c.phone)
            for c in contacts
        ),
        visits=tuple(row for row in visit_rows(session) if row.vendor_id == vendor_id),
    )


def action_rows(
    session: Session, today: date, *, finding_id: UUID | None = None
) -> tuple[ActionRow, ...]:
    """Actions by due date, of one finding or of all that stand."""
    query = (
        select(Action, Finding, Site.name, Vendor.name)
        .join(Finding, Action.finding_id == Finding.id)
        .join(Audit, Finding.audit_id == Audit.id)
        .join(Visit, Audit.visit_id == Visit.id)
        .join(Site, Visit.site_id == Site.id)
        .join(Vendor, Visit.vendor_id == Vendor.id)
        .where(
            Action.deleted_at.is_(None),
            Finding.deleted_at.is_(None),
            Finding.state != FindingState.VOID,
        )
        .order_by(Action.due.is_(None), Action.due, Action.created_at)
    )
    if finding_id is not None:
        query = query.where(Action.finding_id == finding_id)
    return tuple(
        ActionRow(
            id=action.id,
            finding_id=finding.id,
            finding_number=finding_label(finding.number),
            grade=finding.grade,
            vendor=vendor,
            site=site,
            text=action.text,
            owner=action.owner,
            due=action.due,
            state=action.state,
            overdue=is_overdue(action.due, action.state, today),
            done_at=action.done_at,
            proof=action.proof,
            opened_at=action.created_at,
        )
        for action, finding, site, vendor in session.execute(query)
    )
