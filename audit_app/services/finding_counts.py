"""How many photos and actions hang on each finding, for lists."""

from collections import defaultdict
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audit_app.domain.actions import DONE
from db.tables import Action, Evidence


def photo_counts(
    session: Session,
) -> tuple[dict[UUID, int], dict[tuple[UUID, str], int]]:
    """Photos of each finding, and of each question that has no finding of its own photos."""
    by_finding: dict[UUID, int] = defaultdict(int)
    by_question: dict[tuple[UUID, str], int] = defaultdict(int)
    for audit_id, ref, finding_id, count in session.execute(
        select(Evidence.audit_id, Evidence.ref, Evidence.finding_id, func.count())
        .where(Evidence.deleted_at.is_(None), Evidence.binned_at.is_(None))
        .group_by(Evidence.audit_id, Evidence.ref, Evidence.finding_id)
    ):
        if finding_id is not None:
            by_finding[finding_id] += count
        elif ref:
            by_question[audit_id, ref] += count
    return by_finding, by_question


def action_counts(session: Session) -> dict[UUID, tuple[int, int]]:
    """Actions of each finding, and how many of them are done."""
    counts_by: dict[UUID, tuple[int, int]] = {}
    for finding_id, state in session.execute(
        select(Action.finding_id, Action.state).where(Action.deleted_at.is_(None))
    ):
        own, done = counts_by.get(finding_id, (0, 0))
        counts_by[finding_id] = (own + 1, done + (state in DONE))
    return counts_by
