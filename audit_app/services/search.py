"""Jump to anything by a few letters."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import or_, select

from audit_app.changes import Kind
from audit_app.domain.words import FindingState
from audit_app.services.programme_reads import finding_label
from db.store import Store
from db.tables import Audit, Finding, Site, Template, TemplateVersion, Vendor, Visit


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found; ``where`` says what it is and where it belongs."""

    kind: Kind
    id: UUID
    text: str
    where: str


class SearchService:
    """Finds vendors, sites, visits, findings and checklists by name or number."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, words: str, *, limit: int = 20) -> tuple[Hit, ...]:
        """Things whose name or number holds the words; nothing for no words."""
        text = words.strip()
        if not text:
            return ()
        like = f"%{_escaped(text)}%"

        with self._store.read() as session:
            hits = [
                Hit(Kind.VENDOR, vendor.id, vendor.name, "Vendor")
                for vendor in session.scalars(
                    select(Vendor)
                    .where(Vendor.deleted_at.is_(None), Vendor.name.ilike(like, escape="\\"))
                    .limit(limit)
                )
            ]
            hits += [
                Hit(Kind.SITE, site.id, site.name, f"Site of {vendor}")
                for site, vendor in session.execute(
                    select(Site, Vendor.name)
                    .join(Vendor, Site.vendor_id == Vendor.id)
                    .where(
                        Site.deleted_at.is_(None),
                        or_(
                            Site.name.ilike(like, escape="\\"),
                            Site.city.ilike(like, escape="\\"),
                        ),
                    )
                    .limit(limit)
                )
            ]
            hits += [
                Hit(Kind.VISIT, visit.id, visit.number, f"Visit to {site}")
                for visit, site in session.execute(
                    select(Visit, Site.name)
                    .join(Site, Visit.site_id == Site.id)
                    .where(
                        Visit.deleted_at.is_(None),
                        or_(
                            Visit.number.ilike(like, escape="\\"),
                            Site.name.ilike(like, escape="\\"),
                        ),
                    )
                    .order_by(Visit.starts.desc())
                    .limit(limit)
                )
            ]
            hits += [
                Hit(
                    Kind.FINDING,
                    finding.id,
                    f"{finding_label(finding.number)} {finding.title}",
                    f"Finding of {number}",
                )
                for finding, number in session.execute(
                    select(Finding, Audit.number)
                    .join(Audit, Finding.audit_id == Audit.id)
                    .where(
                        Finding.deleted_at.is_(None),
                        Finding.state != FindingState.VOID,
                        or_(
                            Finding.title.ilike(like, escape="\\"),
                            Finding.clause.ilike(like, escape="\\"),
                        ),
                    )
                    .limit(limit)
                )
            ]
            hits += [
                Hit(Kind.TEMPLATE, version.id, version.title, f"Checklist {version.version}")
                for version in session.scalars(
                    select(TemplateVersion)
                    .join(Template, TemplateVersion.template_id == Template.id)
                    .where(
                        TemplateVersion.deleted_at.is_(None),
                        TemplateVersion.title.ilike(like, escape="\\"),
                    )
                    .limit(limit)
                )
            ]
        return tuple(hits[:limit])


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
