"""What the workspace holds about one audit, read in one go for its report."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from audit_app.reports.content import Point
from audit_app.services import Services
from audit_app.services.checklist_rows import AuditView, QuestionRow
from audit_app.services.finding_rows import ActionRow, EvidenceRow, FindingView
from audit_app.services.programme_rows import ContactRow, SiteRow, VisitRow
from audit_app.services.sign_off import SignOffView

PHOTO_SIDE = 1000


@dataclass(frozen=True, slots=True)
class EarlierAction:
    """An action of an earlier audit of the site, and that audit's number."""

    action: ActionRow
    audit: str


@dataclass(frozen=True, slots=True)
class AuditFacts:
    """All a report is made of.

    Attributes:
        number: of the audit, such as AUD-CAI-261125-1.
        previous: score of the site's last audit with the same checklist, and of its sections.
        weights: weight and earned points of each scored question, as printed.
        shares: each section's share of the whole score in percent.
        photos: JPEG renditions by evidence id.
        earlier: actions agreed at earlier audits of this site.
        verifiers: who saw that an action was done, by action id.
    """

    number: str
    view: AuditView
    visit: VisitRow
    site: SiteRow
    contacts: tuple[ContactRow, ...]
    signing: SignOffView
    findings: tuple[FindingView, ...]
    evidence: tuple[EvidenceRow, ...]
    photos: dict[UUID, bytes]
    previous: Point | None
    previous_sections: dict[str, Decimal]
    marks: tuple[Decimal, Decimal]
    weights: dict[str, tuple[str, str]]
    shares: dict[str, Decimal]
    earlier: tuple[EarlierAction, ...]
    verifiers: dict[UUID, str]
    trail_head: str
    today: date

    @property
    def zone(self) -> ZoneInfo:
        """The time zone of the site."""
        return ZoneInfo(self.site.time_zone)

    @property
    def pictures(self) -> tuple[EvidenceRow, ...]:
        """The photos in the order of their numbers."""
        return tuple(item for item in self.evidence if item.kind == "photo")

    @property
    def photo_numbers(self) -> dict[UUID, int]:
        """The printed number of each photo."""
        return {item.id: number for number, item in enumerate(self.pictures, 1)}

    @property
    def questions(self) -> dict[str, QuestionRow]:
        """The questions by ref."""
        return {row.ref: row for row in self.view.questions}

    @property
    def actions(self) -> tuple[ActionRow, ...]:
        """The actions agreed at this audit."""
        return tuple(action for item in self.findings for action in item.actions)


def read_facts(services: Services, audit_id: UUID) -> AuditFacts:
    """Read one audit whole.

    Raises:
        NotFound: the audit is not in the workspace.
        StoreError: one of its photos is damaged.
    """
    view = services.checklist.open(audit_id)
    visit = services.visits.of_audit(audit_id)
    findings = tuple(
        services.findings.view(row.id) for row in services.findings.listed(audit_id=audit_id)
    )
    evidence = services.evidence.of_audit(audit_id)
    previous, sections = services.checklist.previous_scores(audit_id)
    earlier = _earlier(services, visit)
    return AuditFacts(
        number=services.visits.audit_number(audit_id),
        view=view,
        visit=visit,
        site=services.vendors.site(visit.site_id),
        contacts=services.vendors.view(visit.vendor_id).contacts,
        signing=services.sign_off.summary(audit_id),
        findings=findings,
        evidence=evidence,
        photos={
            item.id: services.evidence.image(item.id, size=PHOTO_SIDE)
            for item in evidence
            if item.kind == "photo"
        },
        previous=previous,
        previous_sections=sections,
        marks=services.checklist.marks(audit_id),
        weights=services.checklist.weights(audit_id),
        shares=services.checklist.section_shares(audit_id),
        earlier=earlier,
        verifiers=services.actions.verifiers([row.action.id for row in earlier]),
        trail_head=services.workspace.trail_head(),
        today=services.reports.today(),
    )


def _earlier(services: Services, visit: VisitRow) -> tuple[EarlierAction, ...]:
    """Actions of the visits to this site that began before this one."""
    audits = {
        audit.id
        for other in services.visits.listed()
        if other.site_id == visit.site_id and other.starts < visit.starts
        for audit in other.audits
    }
    found_at = {
        row.id: row.audit_id for row in services.findings.listed() if row.audit_id in audits
    }
    numbers = {
        audit: services.visits.audit_number(audit) for audit in sorted(set(found_at.values()))
    }
    return tuple(
        EarlierAction(action, numbers[found_at[action.finding_id]])
        for action in services.actions.listed()
        if action.finding_id in found_at
    )
