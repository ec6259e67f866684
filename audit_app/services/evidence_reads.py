"""Reads of photos and files."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit_app.services.finding_rows import EvidenceRow
from db.tables import Evidence, Finding, Thumbnail


def evidence_rows(
    session: Session,
    *,
    audit_id: UUID | None = None,
    ref: str | None = None,
    finding_id: UUID | None = None,
    evidence_id: UUID | None = None,
    binned: bool = False,
) -> tuple[EvidenceRow, ...]:
    """Evidence in the order it was added.

    A finding shows its own evidence and that of its question.
    """
    query = (
        select(Evidence, Thumbnail.data)
        .outerjoin(Thumbnail, Thumbnail.sha256 == Evidence.sha256)
        .where(Evidence.deleted_at.is_(None))
        .order_by(Evidence.created_at, Evidence.id)
    )
    if evidence_id is not None:
        query = query.where(Evidence.id == evidence_id)
    elif binned:
        query = query.where(Evidence.binned_at.is_not(None))
    else:
        query = query.where(Evidence.binned_at.is_(None))
    if audit_id is not None:
        query = query.where(Evidence.audit_id == audit_id)
    if ref is not None:
        query = query.where(Evidence.ref == ref)
    if finding_id is not None:
        finding = session.get_one(Finding, finding_id)
        own = Evidence.finding_id == finding_id
        if finding.ref:
            own = own | ((Evidence.audit_id == finding.audit_id) & (Evidence.ref == finding.ref))
        query = query.where(own)
    return tuple(_row(item, thumbnail) for item, thumbnail in session.execute(query))


def _row(item: Evidence, thumbnail: bytes | None) -> EvidenceRow:
    return EvidenceRow(
        id=item.id,
        audit_id=item.audit_id,
        ref=item.ref,
        finding_id=item.finding_id,
        kind=item.kind,
        name=item.name,
        caption=item.caption,
        taken_at=item.taken_at,
        added_at=item.created_at,
        sha256=item.sha256,
        size=item.size,
        width=item.width,
        height=item.height,
        thumbnail=thumbnail or b"",
        binned=item.binned_at is not None,
    )
