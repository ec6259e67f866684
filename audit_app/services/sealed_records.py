"""What the manifest of a signed audit seals, in a fixed order."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.tables import Answer, Audit, AuditSummary, Evidence, Finding, Signature


def audit_records(session: Session, audit: Audit) -> list[dict[str, object]]:
    """Everything the manifest seals, in a fixed order: answers, findings, evidence, signatures.

    What may change after sign-off (actions, the vendor's reply) is not among it.
    """
    head: dict[str, object] = {
        "kind": "audit",
        "id": str(audit.id),
        "number": audit.number,
        "version": audit.version,
        "form": audit.form_sha256,
        "signed_at": _moment(audit.signed_at),
    }
    summary = session.get(AuditSummary, audit.id)
    if summary is not None:
        head["score"] = str(summary.shown)
        head["coverage"] = str(summary.coverage)
    records = [head]
    answers = session.scalars(
        select(Answer)
        .where(Answer.audit_id == audit.id, Answer.deleted_at.is_(None))
        .order_by(Answer.ref)
    )
    records += [
        {
            "kind": "answer",
            "ref": row.ref,
            "value": row.value,
            "mark": row.mark.value if row.mark else "",
            "note": row.note,
        }
        for row in answers
    ]
    records += [
        {
            "kind": "finding",
            "number": row.number,
            "ref": row.ref,
            "grade": row.grade.value,
            "title": row.title,
            "criterion": row.criterion,
            "statement": row.statement,
            "cause": row.cause,
            "impact": row.impact,
            "containment": row.containment,
        }
        for row in findings_of(session, audit.id)
    ]
    evidence = session.scalars(
        select(Evidence)
        .where(
            Evidence.audit_id == audit.id,
            Evidence.deleted_at.is_(None),
            Evidence.binned_at.is_(None),
        )
        .order_by(Evidence.created_at, Evidence.id)
    )
    records += [
        {
            "kind": "evidence",
            "sha256": row.sha256,
            "name": row.name,
            "caption": row.caption,
            "ref": row.ref,
            "finding": str(row.finding_id) if row.finding_id else "",
            "taken_at": _moment(row.taken_at),
        }
        for row in evidence
    ]
    records += [
        {
            "kind": "signature",
            "party": row.party,
            "name": row.name,
            "role": row.role,
            "organisation": row.organisation,
            "remark": row.remark,
            "strokes": row.strokes,
            "signed_at": _moment(row.signed_at),
            "zone": row.zone,
        }
        for row in signatures_of(session, audit)
    ]
    return records


def signatures_of(session: Session, audit: Audit) -> list[Signature]:
    """The signatures under the present version of an audit, in the order they were given."""
    return list(
        session.scalars(
            select(Signature)
            .where(
                Signature.audit_id == audit.id,
                Signature.audit_version == audit.version,
                Signature.deleted_at.is_(None),
            )
            .order_by(Signature.signed_at)
        )
    )


def findings_of(session: Session, audit_id: UUID) -> list[Finding]:
    """The findings of an audit by number, void ones too."""
    return list(
        session.scalars(
            select(Finding)
            .where(Finding.audit_id == audit_id, Finding.deleted_at.is_(None))
            .order_by(Finding.number)
        )
    )


def _moment(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat() if moment else ""
