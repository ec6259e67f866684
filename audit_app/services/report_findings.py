"""The findings part of a report: cards, actions, what became of earlier ones, disputes."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from audit_app.domain.actions import DONE
from audit_app.domain.words import FindingState, Grade
from audit_app.reports.content import ActionLine, Dispute, FindingPart
from audit_app.reports.words import Words
from audit_app.services.finding_rows import ActionRow, FindingView
from audit_app.services.report_reads import AuditFacts
from audit_app.services.report_sections import printed

CLOSED_SHOWN = 10
"""Earlier actions that are closed and still printed, the latest ones."""

NEXT_DAYS = 3
_SETTLED = (FindingState.ACKNOWLEDGED, FindingState.CLOSED, FindingState.VOID)


def finding_parts(facts: AuditFacts, words: Words) -> tuple[FindingPart, ...]:
    """The findings by grade, then in checklist order; strengths stand elsewhere."""
    places = {row.ref: place for place, row in enumerate(facts.view.questions)}
    ordered = sorted(
        (item for item in facts.findings if item.row.grade is not Grade.STRENGTH),
        key=lambda item: (
            item.row.grade.rank,
            places.get(item.row.question_ref, len(places)),
            item.row.number,
        ),
    )
    return tuple(_finding(facts, words, item) for item in ordered)


def _finding(facts: AuditFacts, words: Words, item: FindingView) -> FindingPart:
    row = item.row
    question = facts.questions.get(row.question_ref)
    section = next(
        (part.title for part in facts.view.sections if question and part.code == question.section),
        "",
    )
    asked = words("question_ref", number=row.question) if row.question else ""
    numbers = facts.photo_numbers
    return FindingPart(
        number=printed(row.number),
        grade=row.grade,
        title=row.title,
        where="  ·  ".join(part for part in (section, asked) if part),
        condition=item.statement,
        criteria=item.criterion,
        cause=item.cause,
        impact=item.impact,
        containment=item.containment,
        dissent=item.dissent,
        repeat_of=_repeat(row.repeat_of, words),
        photos=tuple(numbers[photo.id] for photo in item.evidence if photo.id in numbers),
        actions=tuple(_action(action, words, facts.verifiers) for action in item.actions),
    )


def _repeat(stored: str, words: Words) -> str:
    finding, of, audit = stored.partition(" of ")
    return words("repeat_of", finding=printed(finding), audit=audit) if of else stored


def _action(
    action: ActionRow, words: Words, verifiers: Mapping[UUID, str], audit: str = ""
) -> ActionLine:
    return ActionLine(
        text=action.text,
        owner=action.owner,
        due=action.due,
        state=words.action_state(action.state),
        is_open=action.state not in DONE,
        overdue=action.overdue,
        finding=printed(action.finding_number) if audit else "",
        audit=audit,
        opened=action.opened_at.date() if action.opened_at else None,
        done=action.done_at.date() if action.done_at else None,
        verified_by=verifiers.get(action.id, "") if action.state in DONE else "",
    )


def earlier_actions(facts: AuditFacts, words: Words) -> tuple[ActionLine, ...]:
    """What is still open from earlier visits by due date, then what was closed last."""
    lines = [_action(row.action, words, facts.verifiers, audit=row.audit) for row in facts.earlier]
    still_open = [line for line in lines if line.is_open]
    closed = sorted(
        (line for line in lines if not line.is_open), key=lambda line: line.done or date.min
    )
    return (*still_open, *reversed(closed[-CLOSED_SHOWN:]))


def strengths(facts: AuditFacts) -> tuple[str, ...]:
    """The good practices, each with what was seen of it."""
    return tuple(
        f"{item.row.title.rstrip('.')}. {item.statement}".strip()
        for item in facts.findings
        if item.row.grade is Grade.STRENGTH
    )


def disputes(facts: AuditFacts) -> tuple[Dispute, ...]:
    """Findings that the vendor sees differently, as long as that is not settled."""
    return tuple(
        Dispute(printed(item.row.number), item.row.title, item.dissent)
        for item in facts.findings
        if item.dissent.strip() and item.row.state not in _SETTLED
    )


def next_steps(facts: AuditFacts, words: Words) -> tuple[tuple[date, str], ...]:
    """The next days on which actions are due, and on which findings."""
    by_day: dict[date, set[str]] = {}
    for action in facts.actions:
        if action.due is not None:
            by_day.setdefault(action.due, set()).add(printed(action.finding_number))
    return tuple(
        (day, words("actions_due", findings=words.listed(sorted(numbers))))
        for day, numbers in sorted(by_day.items())[:NEXT_DAYS]
    )
