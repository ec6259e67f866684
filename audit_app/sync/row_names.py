"""What a row is called on the screens, for conflicts and for what waits."""

from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from db.tables import Action, Answer, Audit, Contact, Evidence, Finding, Site, Vendor, Visit


def row_name(session: Session, kind: str, row_id: UUID) -> tuple[str, str]:
    """The name of a row and where it belongs, both as entered; "" where there is none."""
    found: Any = None
    match kind:
        case "vendor":
            found = session.get(Vendor, row_id)
            return (found.name, "") if found else ("", "")
        case "site":
            found = session.get(Site, row_id)
            return (found.name, _vendor(session, found.vendor_id)) if found else ("", "")
        case "contact":
            found = session.get(Contact, row_id)
            return (found.name, _vendor(session, found.vendor_id)) if found else ("", "")
        case "visit":
            found = session.get(Visit, row_id)
            return (found.number, _visit(session, found)) if found else ("", "")
        case "audit":
            found = session.get(Audit, row_id)
            return (found.number, _audit(session, row_id)) if found else ("", "")
        case "answer":
            found = session.get(Answer, row_id)
            return (_last(found.ref), _audit(session, found.audit_id)) if found else ("", "")
        case "finding":
            found = session.get(Finding, row_id)
            if found is None:
                return "", ""
            return f"F-{found.number:02} {found.title}", _audit(session, found.audit_id)
        case "evidence":
            found = session.get(Evidence, row_id)
            return (found.name, _audit(session, found.audit_id)) if found else ("", "")
        case "action":
            found = session.get(Action, row_id)
            finding = session.get(Finding, found.finding_id) if found else None
            where = _audit(session, finding.audit_id) if finding else ""
            return (found.text, where) if found else ("", "")
    return "", ""


def _last(ref: str) -> str:
    return ref.rsplit("/", 1)[-1]


def _vendor(session: Session, vendor_id: UUID) -> str:
    vendor = session.get(Vendor, vendor_id)
    return vendor.name if vendor else ""


def _visit(session: Session, visit: Visit) -> str:
    site = session.get(Site, visit.site_id)
    return f"{_vendor(session, visit.vendor_id)}, {site.name}" if site else ""


def _audit(session: Session, audit_id: UUID) -> str:
    audit = session.get(Audit, audit_id)
    visit = session.get(Visit, audit.visit_id) if audit else None
    return _visit(session, visit) if visit else ""
