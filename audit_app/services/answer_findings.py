"""An answer opens, regrades or withdraws the finding of its question."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audit_app.clock import Clock
from audit_app.domain.findings import counts, grade_for
from audit_app.domain.words import FindingState, Grade
from audit_app.forms.checklist import Question
from audit_app.services.checklist_rows import FindingChip
from audit_app.services.finding_merge import MERGED
from audit_app.services.judgement import Judged
from audit_app.services.previous_audits import repeated_finding
from audit_app.services.programme_reads import finding_label
from db.tables import Action, Audit, Evidence, Finding

WITHDRAWN = "The answer no longer asks for a finding."


def follow_answer(
    session: Session, audit: Audit, question: Question, judged: Judged, *, clock: Clock, actor: str
) -> FindingChip | None:
    """Make the finding of a question agree with its answer; gives the one that stands.

    A finding that somebody wrote in is never thrown away: it becomes void with a reason, and
    comes back with all its text when the answer asks for one again. One that holds nothing but
    what the answer put there goes without trace on the screen. One that was merged into another
    stays merged.
    """
    found = session.scalars(
        select(Finding)
        .where(Finding.audit_id == audit.id, Finding.ref == question.ref)
        .order_by(Finding.number)
    ).all()
    finding = next((row for row in found if row.deleted_at is None), None) or next(
        iter(found), None
    )
    grade = grade_for(judged.grade, question.critical) if judged.grade else None
    if grade is None:
        return _withdraw(session, finding, clock) if finding else None
    if finding is not None and finding.void_reason.startswith(MERGED):
        return None
    if finding is None:
        finding = _opened(session, audit, question, grade, clock, actor)
    elif finding.deleted_at is not None or not counts(finding.state):
        finding.deleted_at = None
        finding.state, finding.void_reason = FindingState.DRAFT, ""
    if not finding.graded_by_hand:
        finding.grade = grade
    return _chip(finding)


def next_number(session: Session, audit: Audit) -> int:
    """The next finding number of an audit; numbers are never used twice."""
    last = session.scalar(select(func.max(Finding.number)).where(Finding.audit_id == audit.id))
    return (last or 0) + 1


def _chip(finding: Finding) -> FindingChip:
    return FindingChip(finding.id, finding_label(finding.number), finding.grade)


def _opened(
    session: Session, audit: Audit, question: Question, grade: Grade, clock: Clock, actor: str
) -> Finding:
    criterion = f"{question.clause}: {question.text}" if question.clause else question.text
    finding = Finding(
        id=clock.new_id(),
        scope=audit.scope,
        audit_id=audit.id,
        number=next_number(session, audit),
        ref=question.ref,
        question_code=question.code,
        question_number=question.number,
        grade=grade,
        state=FindingState.DRAFT,
        title=question.finding_text or question.text,
        clause=question.clause,
        criterion=criterion,
        opened_at=clock.now(),
        opened_by=actor,
        repeat_of=repeated_finding(session, audit.id, question.code),
    )
    session.add(finding)
    session.flush()
    return finding


def _withdraw(session: Session, finding: Finding, clock: Clock) -> FindingChip | None:
    if finding.deleted_at is not None or not counts(finding.state):
        return None
    if finding.opened_by_hand:
        return _chip(finding)
    if _written_in(session, finding):
        finding.state, finding.void_reason = FindingState.VOID, WITHDRAWN
    else:
        finding.deleted_at = clock.now()
    return None


def _written_in(session: Session, finding: Finding) -> bool:
    texts = (
        finding.statement,
        finding.cause,
        finding.impact,
        finding.containment,
        finding.dissent,
    )
    if any(text.strip() for text in texts) or finding.graded_by_hand:
        return True
    actions = session.scalar(
        select(func.count()).where(Action.finding_id == finding.id, Action.deleted_at.is_(None))
    )
    photos = session.scalar(
        select(func.count()).where(Evidence.finding_id == finding.id, Evidence.deleted_at.is_(None))
    )
    return bool(actions or photos)
