"""What a visit needs on this device so that it works without a network, and whether it is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audit_app.domain.actions import DONE
from audit_app.domain.words import AuditState
from audit_app.services.programme_rows import VisitRow
from db.tables import Action, Audit, Finding, ReportIssue, TemplateVersion, Visit


@dataclass(frozen=True, slots=True)
class Readiness:
    """How ready one visit is (UI 3).

    Attributes:
        checklists: every checklist of the visit is on this device, whole.
        last_audit: last day of the newest signed audit at the site; None for a first audit.
        last_report: its report was issued and the file is on this device.
        open_actions: actions at the site that are not done; they are on this device.
        has_team: somebody is named.
        has_agenda: there is an agenda.
    """

    checklists: bool
    last_audit: date | None
    last_report: bool
    open_actions: int
    has_team: bool
    has_agenda: bool


def readiness(session: Session, visits: Sequence[VisitRow]) -> dict[UUID, Readiness]:
    """How ready each of these visits is."""
    return {visit.id: _of(session, visit) for visit in visits}


def _of(session: Session, visit: VisitRow) -> Readiness:
    last = session.execute(
        select(Audit.id, Visit.ends)
        .join(Visit, Audit.visit_id == Visit.id)
        .where(
            Visit.site_id == visit.site_id,
            Visit.id != visit.id,
            Audit.state == AuditState.SIGNED,
            Audit.deleted_at.is_(None),
        )
        .order_by(Visit.ends.desc())
        .limit(1)
    ).first()
    return Readiness(
        checklists=_has_checklists(session, visit),
        last_audit=last[1] if last else None,
        last_report=last is not None and _has_report(session, last[0]),
        open_actions=_open_actions(session, visit.site_id),
        has_team=bool(visit.team),
        has_agenda=bool(visit.agenda),
    )


def _has_checklists(session: Session, visit: VisitRow) -> bool:
    missing = session.scalar(
        select(func.count())
        .select_from(Audit)
        .outerjoin(TemplateVersion, TemplateVersion.sha256 == Audit.form_sha256)
        .where(Audit.visit_id == visit.id, Audit.deleted_at.is_(None), TemplateVersion.id.is_(None))
    )
    return bool(visit.audits) and not missing


def _has_report(session: Session, audit_id: UUID) -> bool:
    files = session.scalars(
        select(ReportIssue.file).where(
            ReportIssue.audit_id == audit_id, ReportIssue.deleted_at.is_(None)
        )
    )
    return any(Path(file).is_file() for file in files)


def _open_actions(session: Session, site_id: UUID) -> int:
    return (
        session.scalar(
            select(func.count())
            .select_from(Action)
            .join(Finding, Action.finding_id == Finding.id)
            .join(Audit, Finding.audit_id == Audit.id)
            .join(Visit, Audit.visit_id == Visit.id)
            .where(
                Visit.site_id == site_id,
                Action.deleted_at.is_(None),
                Action.state.not_in(DONE),
            )
        )
        or 0
    )
