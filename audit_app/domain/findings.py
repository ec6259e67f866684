"""Life and grading of a finding (DOMAIN 1.2 and 1.3)."""

from collections.abc import Sequence

from audit_app.domain.words import Critical, FindingState, Grade

STEPS: dict[FindingState, frozenset[FindingState]] = {
    FindingState.DRAFT: frozenset({FindingState.ISSUED, FindingState.VOID}),
    FindingState.ISSUED: frozenset(
        {
            FindingState.ACKNOWLEDGED,
            FindingState.DISPUTED,
            FindingState.CLOSED,
            FindingState.VOID,
        }
    ),
    FindingState.ACKNOWLEDGED: frozenset(
        {FindingState.DISPUTED, FindingState.CLOSED, FindingState.VOID}
    ),
    FindingState.DISPUTED: frozenset(
        {
            FindingState.ISSUED,
            FindingState.ACKNOWLEDGED,
            FindingState.CLOSED,
            FindingState.VOID,
        }
    ),
    FindingState.CLOSED: frozenset({FindingState.ISSUED}),
    FindingState.VOID: frozenset(),
}
"""From each state, the states a finding may go to next."""

NONCONFORMITIES = (Grade.CRITICAL, Grade.MAJOR, Grade.MINOR)


def may_move(now: FindingState, to: FindingState) -> bool:
    """Whether a finding may go from one state to the other."""
    return to in STEPS[now]


def counts(state: FindingState) -> bool:
    """Whether a finding in this state still stands against the audit."""
    return state is not FindingState.VOID


def grade_for(choice_grade: Grade, critical: Critical) -> Grade:
    """The grade an answer opens: a critical question answered major is a critical finding."""
    if critical is Critical.FORM and choice_grade is Grade.MAJOR:
        return Grade.CRITICAL
    return choice_grade


def escalated(grade: Grade) -> Grade:
    """One grade up for a repeat; strengths and OFIs stay what they are."""
    if grade is Grade.MINOR:
        return Grade.MAJOR
    if grade is Grade.MAJOR:
        return Grade.CRITICAL
    return grade


def suggestion(
    grade: Grade, *, repeat_of: str, same_clause: Sequence[Grade], clause: str
) -> tuple[Grade, str] | None:
    """A graver grade that the rules propose, with the reason; the auditor decides.

    Args:
        repeat_of: number of the earlier finding on the same question within the last two audits
            of the site, or "".
        same_clause: grades of all findings of this audit on the same requirement, this included.
    """
    if repeat_of and escalated(grade) is not grade:
        return escalated(grade), f"Repeats {repeat_of} of an earlier audit: one grade up."
    minors = sum(1 for other in same_clause if other is Grade.MINOR)
    if grade is Grade.MINOR and clause and minors >= 3:
        return Grade.MAJOR, f"{minors} minor findings on {clause} show a systemic failure."
    return None


def missing_parts(*, criterion: str, evidence: int, statement: str) -> tuple[str, ...]:
    """Which of the three parts a finding must have before it is issued are empty (DOMAIN 1.1)."""
    missing = []
    if not criterion.strip():
        missing.append("criterion")
    if not evidence:
        missing.append("evidence")
    if not statement.strip():
        missing.append("statement")
    return tuple(missing)
