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
from db.tables import Action, Audit, Finding, ReportIssue, StoredFile, TemplateVersion, Visit


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


def last_audit_at(session: Session, site_id: UUID, *, other_than: UUID) -> UUID | None:
    """The newest signed audit of a site that is not of this visit; None for a first one."""
    return session.scalar(
        select(Audit.id)
        .join(Visit, Audit.visit_id == Visit.id)
        .where(
            Visit.site_id == site_id,
            Visit.id != other_than,
            Audit.state == AuditState.SIGNED,
            Audit.deleted_at.is_(None),
        )
        .order_by(Visit.ends.desc(), Audit.id.desc())
        .limit(1)
    )


def missing_checklists(session: Session, visit_id: UUID) -> frozenset[str]:
    """Hashes of the checklists of a visit that cannot be opened here.

    The row of a version may be here before its file, and opens nothing without it.
    """
    query = (
        select(Audit.form_sha256)
        .outerjoin(TemplateVersion, TemplateVersion.sha256 == Audit.form_sha256)
        .outerjoin(StoredFile, StoredFile.sha256 == Audit.form_sha256)
        .where(
            Audit.visit_id == visit_id,
            Audit.deleted_at.is_(None),
            TemplateVersion.id.is_(None) | StoredFile.sha256.is_(None),
        )
    )
    return frozenset(session.scalars(query))


def _of(session: Session, visit: VisitRow) -> Readiness:
    last = last_audit_at(session, visit.site_id, other_than=visit.id)
    return Readiness(
        checklists=bool(visit.audits) and not missing_checklists(session, visit.id),
        last_audit=_ended(session, last) if last else None,
        last_report=last is not None and _has_report(session, last),
        open_actions=_open_actions(session, visit.site_id),
        has_team=bool(visit.team),
        has_agenda=bool(visit.agenda),
    )


def _ended(session: Session, audit_id: UUID) -> date | None:
    query = select(Visit.ends).join(Audit, Audit.visit_id == Visit.id).where(Audit.id == audit_id)
    return session.scalar(query)


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
