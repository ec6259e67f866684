"""From the store to a live audit."""

from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audit_app.clock import Clock
from audit_app.domain.findings import counts
from audit_app.domain.scoring import Marks
from audit_app.domain.words import AuditState
from audit_app.errors import NotFound
from audit_app.forms.checklist import Checklist
from audit_app.forms.compiled import CompiledTemplate
from audit_app.forms.engine import Engine
from audit_app.services.checklist_rows import FindingChip
from audit_app.services.facts import compiled_template
from audit_app.services.live import Around, LiveAudit
from audit_app.services.programme_reads import finding_label
from db.tables import Answer, Audit, Evidence, Finding, Site, Vendor, Visit


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above a checklist."""

    visit_id: UUID
    vendor: str
    site: str
    state: AuditState
    version: int


class AuditLoader:
    """Opens audits; compiled templates stay in memory, since they never change."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._templates: dict[str, CompiledTemplate] = {}

    def load(self, session: Session, audit_id: UUID) -> LiveAudit:
        """The audit with all its values.

        Raises:
            NotFound: the audit or its checklist version is not in this workspace.
        """
        audit = session.get(Audit, audit_id)
        if audit is None or audit.deleted_at is not None:
            raise NotFound("This audit is not in the workspace.")
        template = self.template(session, audit.form_sha256)
        checklist = Checklist.of(template, audit.language or None)
        engine = Engine(template, now=self._clock.now, language=audit.language or None)
        answers = session.scalars(
            select(Answer).where(Answer.audit_id == audit_id, Answer.deleted_at.is_(None))
        ).all()
        engine.load({row.ref: row.value for row in answers if row.value})
        live = LiveAudit(audit_id, template, checklist, engine)
        live.marks = Marks(
            Fraction(template.pass_mark if template.pass_mark is not None else 85),
            Fraction(template.amber_mark if template.amber_mark is not None else 70),
        )
        live.around = {
            row.ref: Around(row.mark, row.note, row.flagged, row.skipped) for row in answers
        }
        self.load_around(session, live)
        return live

    def template(self, session: Session, sha256: str) -> CompiledTemplate:
        """A compiled template by its hash."""
        if sha256 not in self._templates:
            self._templates[sha256] = compiled_template(session, sha256)
        return self._templates[sha256]

    def load_around(self, session: Session, live: LiveAudit) -> None:
        """Read photos and findings again; they change outside the checklist too."""
        photos = session.execute(
            select(Evidence.ref, func.count())
            .where(
                Evidence.audit_id == live.audit_id,
                Evidence.deleted_at.is_(None),
                Evidence.binned_at.is_(None),
                Evidence.ref != "",
            )
            .group_by(Evidence.ref)
        )
        live.photos = {ref: count for ref, count in photos}
        live.findings = {}
        others = []
        for finding in session.scalars(
            select(Finding)
            .where(Finding.audit_id == live.audit_id, Finding.deleted_at.is_(None))
            .order_by(Finding.number)
        ):
            if not counts(finding.state):
                continue
            if finding.ref and finding.ref not in live.findings:
                live.findings[finding.ref] = FindingChip(
                    finding.id, finding_label(finding.number), finding.grade
                )
            else:
                others.append(finding.grade)
        live.other_grades = tuple(others)

    def heading(self, session: Session, audit_id: UUID) -> Heading:
        """Vendor, site and state of an audit."""
        audit, visit, site, vendor = session.execute(
            select(Audit, Visit, Site, Vendor)
            .join(Visit, Audit.visit_id == Visit.id)
            .join(Site, Visit.site_id == Site.id)
            .join(Vendor, Visit.vendor_id == Vendor.id)
            .where(Audit.id == audit_id)
        ).one()
        return Heading(visit.id, vendor.name, site.name, audit.state, audit.version)
