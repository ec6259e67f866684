"""The register of reports that were handed over."""

from datetime import date
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select

from audit_app.changes import Changes, Kind
from audit_app.clock import Clock
from audit_app.domain.words import AuditState, VisitState
from audit_app.errors import NotFound
from audit_app.services.programme_rows import ReportRow
from audit_app.services.results import Done
from audit_app.services.settings import SettingsService
from db.store import Store
from db.tables import Audit, ReportIssue, Site, TemplateVersion, Vendor, Visit


class ReportsService:
    """Issued reports: locked, numbered, with their hash."""

    def __init__(self, store: Store, clock: Clock, settings: SettingsService) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings

    def listed(self) -> tuple[ReportRow, ...]:
        """All issued reports, newest first."""
        query = (
            select(ReportIssue, Vendor.name, Site.name, TemplateVersion.title)
            .join(Audit, ReportIssue.audit_id == Audit.id)
            .join(Visit, Audit.visit_id == Visit.id)
            .join(Site, Visit.site_id == Site.id)
            .join(Vendor, Visit.vendor_id == Vendor.id)
            .join(TemplateVersion, Audit.template_version_id == TemplateVersion.id)
            .where(ReportIssue.deleted_at.is_(None))
            .order_by(ReportIssue.issued_at.desc())
        )
        with self._store.read() as session:
            found = session.execute(query).all()
        return tuple(
            ReportRow(
                id=row.id,
                audit_id=row.audit_id,
                number=row.number,
                version=row.version,
                vendor=vendor,
                site=site,
                template=template,
                issued_at=row.issued_at,
                sha256=row.sha256,
                pages=row.pages,
                size=row.size,
                file=row.file,
            )
            for row, vendor, site, template in found
        )

    def today(self) -> date:
        """The day a report made now is dated."""
        return self._clock.now().date()

    def suggested_file(self, audit_id: UUID) -> Path:
        """Where the report of an audit goes unless the auditor chooses another place."""
        with self._store.read() as session:
            audit = session.get(Audit, audit_id)
            if audit is None:
                raise NotFound("This audit is not in the workspace.")
            name = f"{audit.number}-v{audit.version}.pdf"
        return self._store.folder / "exports" / name

    def issued(
        self, audit_id: UUID, *, file: Path, sha256: str, pages: int, size: int, language: str
    ) -> Done:
        """Write a report into the register after its file is safely in place.

        A report of an unsigned audit is a draft: it is not registered and gives the audit's id.
        """
        with self._store.write(actor=self._settings.auditor, action="issue report") as session:
            audit = session.get(Audit, audit_id)
            if audit is None:
                raise NotFound("This audit is not in the workspace.")
            if audit.state is not AuditState.SIGNED:
                return Done(audit_id, Changes())
            issues = session.scalar(
                select(func.count()).where(
                    ReportIssue.audit_id == audit_id, ReportIssue.deleted_at.is_(None)
                )
            )
            row = ReportIssue(
                id=self._clock.new_id(),
                scope=audit.scope,
                audit_id=audit_id,
                number=f"{audit.number}-R{(issues or 0) + 1}",
                version=audit.version,
                language=language,
                sha256=sha256,
                pages=pages,
                size=size,
                file=str(file),
                issued_at=self._clock.now(),
            )
            session.add(row)
            visit = session.get_one(Visit, audit.visit_id)
            if visit.state is VisitState.SIGNED:
                visit.state = VisitState.ISSUED
        return Done(
            row.id,
            Changes.of(Kind.REPORT, row.id) | Changes.of(Kind.VISIT, visit.id),
        )
