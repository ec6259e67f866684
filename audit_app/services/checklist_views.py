"""From a live audit to the frozen rows that the runner shows."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from audit_app.changes import Changes, Kind
from audit_app.domain.scoring import AuditScore, to_decimal
from audit_app.domain.words import Rating
from audit_app.services.checklist_rows import (
    AuditView,
    FindingChip,
    QuestionRow,
    Saved,
    ScoreRow,
)
from audit_app.services.explain import cap_reason, question_number
from audit_app.services.live import LiveAudit
from audit_app.services.loading import Heading
from db.tables import AuditSummary


def score_row(live: LiveAudit, score: AuditScore) -> ScoreRow:
    """The score in the form the screens show."""
    return ScoreRow(
        shown=None if score.shown is None else to_decimal(score.shown),
        raw=None if score.raw is None else to_decimal(score.raw),
        coverage=to_decimal(score.coverage),
        rating=score.rating,
        provisional=score.provisional,
        majors=score.majors,
        minors=score.minors,
        cap_reason=cap_reason(live, score),
        failed=tuple(question_number(live, ref) for ref in score.failed),
        unverified=tuple(question_number(live, ref) for ref in score.open_critical),
    )


def audit_view(
    live: LiveAudit, head: Heading, labels: tuple[str, str], previous: datetime | None
) -> AuditView:
    """One audit, whole.

    Args:
        labels: what undo and redo would do.
        previous: when the site's last audit with this checklist was signed.
    """
    score = live.score()
    rows = live.rows()
    return AuditView(
        audit_id=live.audit_id,
        visit_id=head.visit_id,
        vendor=head.vendor,
        site=head.site,
        title=live.checklist.title,
        template_version=live.template.version,
        state=head.state,
        version=head.version,
        languages=live.template.languages,
        language=live.checklist.language,
        sections=live.section_rows(score),
        questions=rows,
        progress=live.progress(),
        score=score_row(live, score),
        undo_label=labels[0],
        redo_label=labels[1],
        previous_date=previous,
        first_open=_first_open(rows),
    )


def saved(
    live: LiveAudit,
    refs: Iterable[str],
    labels: tuple[str, str],
    *,
    label: str = "",
    opened: FindingChip | None = None,
    skipped: int = 0,
    order: tuple[str, ...] | None = None,
    score: AuditScore | None = None,
) -> Saved:
    """What a step changed.

    Args:
        refs: the questions to repaint.
        labels: what undo and redo would do.
        label: what this step was.
        skipped: questions that "mark the rest" left alone.
        order: all questions, if their order is not what it was.
        score: as it stands after the step, if it is known already.
    """
    score = score or live.score()
    wanted = set(refs)
    changes = Changes.of(Kind.ANSWER) | Changes.of(Kind.AUDIT, live.audit_id)
    if opened:
        changes = changes | Changes.of(Kind.FINDING, opened.id)
    return Saved(
        changes=changes,
        rows=tuple(live.row(ref) for ref in live.order if ref in wanted),
        sections=live.section_rows(score),
        progress=live.progress(),
        score=score_row(live, score),
        label=label,
        opened=opened,
        skipped=skipped,
        undo_label=labels[0],
        redo_label=labels[1],
        order=order,
    )


def summarise(session: Session, live: LiveAudit) -> AuditScore:
    """Keep what the lists show of an audit beside it; gives its score."""
    score, progress = live.score(), live.progress()
    session.merge(
        AuditSummary(
            audit_id=live.audit_id,
            answered=progress.answered,
            total=progress.total,
            raw=None if score.raw is None else to_decimal(score.raw),
            shown=None if score.shown is None else to_decimal(score.shown),
            coverage=to_decimal(score.coverage),
            rating=score.rating if score.raw is not None else Rating.NONE,
            provisional=score.provisional,
            sections={
                result.code: str(to_decimal(result.percent))
                for result in score.sections
                if result.percent is not None
            },
        )
    )
    return score


def _first_open(rows: tuple[QuestionRow, ...]) -> str:
    for row in rows:
        if row.to_do and not row.skipped:
            return row.ref
    return rows[0].ref if rows else ""
