"""What the same site showed before, question by question."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit_app.domain.words import AuditState, FindingState
from audit_app.forms.checklist import Checklist
from audit_app.reports.content import Point
from audit_app.services.checklist_rows import FindingChip, PreviousAnswer
from audit_app.services.facts import compiled_template
from audit_app.services.judgement import judge
from audit_app.services.programme_reads import finding_label
from db.tables import Answer, Audit, AuditSummary, Finding, TemplateVersion, Visit


def earlier_audits(session: Session, audit_id: UUID, limit: int = 2) -> list[Audit]:
    """Signed audits of the same checklist at the same site, newest first."""
    audit = session.get_one(Audit, audit_id)
    visit = session.get_one(Visit, audit.visit_id)
    version = session.get_one(TemplateVersion, audit.template_version_id)
    query = (
        select(Audit)
        .join(Visit, Audit.visit_id == Visit.id)
        .join(TemplateVersion, Audit.template_version_id == TemplateVersion.id)
        .where(
            Visit.site_id == visit.site_id,
            Visit.starts < visit.starts,
            TemplateVersion.template_id == version.template_id,
            Audit.state == AuditState.SIGNED,
            Audit.deleted_at.is_(None),
        )
        .order_by(Visit.starts.desc())
        .limit(limit)
    )
    return list(session.scalars(query))


def last_signed_at(session: Session, audit_id: UUID) -> datetime | None:
    """When the site's last audit with this checklist was signed."""
    found = earlier_audits(session, audit_id, 1)
    return found[0].signed_at if found else None


def repeated_finding(session: Session, audit_id: UUID, question_code: str) -> str:
    """The number of a finding on the same question in the last two audits; "" if none."""
    earlier = earlier_audits(session, audit_id)
    if not earlier:
        return ""
    found = session.execute(
        select(Finding.number, Audit.number)
        .join(Audit, Finding.audit_id == Audit.id)
        .where(
            Finding.audit_id.in_([audit.id for audit in earlier]),
            Finding.question_code == question_code,
            Finding.state != FindingState.VOID,
            Finding.deleted_at.is_(None),
        )
        .order_by(Audit.signed_at.desc())
    ).first()
    return f"{finding_label(found[0])} of {found[1]}" if found else ""


def previous_answer(session: Session, audit_id: UUID, question_code: str) -> PreviousAnswer | None:
    """How this question was answered at the site's last signed audit."""
    earlier = earlier_audits(session, audit_id, 1)
    if not earlier:
        return None
    audit = earlier[0]
    checklist = Checklist.of(compiled_template(session, audit.form_sha256))
    question = next(
        (q for s in checklist.sections for q in s.questions if q.code == question_code), None
    )
    if question is None or audit.signed_at is None:
        return None
    refs = {question.ref, *(field.ref for field in question.fields)}
    rows = {
        row.ref: row
        for row in session.scalars(
            select(Answer).where(
                Answer.audit_id == audit.id, Answer.ref.in_(refs), Answer.deleted_at.is_(None)
            )
        )
    }
    own = rows.get(question.ref)
    note = own.note if own else ""
    values = {ref: row.value for ref, row in rows.items()}
    judged = judge(question, values, own.mark if own else None, note)
    if judged.chip is None:
        return None
    finding = session.scalars(
        select(Finding).where(
            Finding.audit_id == audit.id,
            Finding.ref == question.ref,
            Finding.state != FindingState.VOID,
            Finding.deleted_at.is_(None),
        )
    ).first()
    chip = (
        FindingChip(finding.id, finding_label(finding.number), finding.grade) if finding else None
    )
    return PreviousAnswer(audit.signed_at, judged.chip, note, chip)


def previous_scores(session: Session, audit_id: UUID) -> tuple[Point | None, dict[str, Decimal]]:
    """Score with its day, and section scores, of the last audit before this one."""
    earlier = earlier_audits(session, audit_id, 1)
    summary = session.get(AuditSummary, earlier[0].id) if earlier else None
    if summary is None or summary.shown is None:
        return None, {}
    visit = session.get_one(Visit, earlier[0].visit_id)
    sections = {code: Decimal(percent) for code, percent in summary.sections.items()}
    return Point(visit.ends, summary.shown), sections
