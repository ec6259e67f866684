"""Life and due dates of a corrective action (DOMAIN 1.3)."""

from datetime import date, timedelta

from audit_app.domain.words import ActionState, Grade

_A = ActionState
STEPS: dict[ActionState, frozenset[ActionState]] = {
    _A.OPEN: frozenset({_A.CONTAINED, _A.PLAN_SUBMITTED, _A.IMPLEMENTED, _A.CANCELLED}),
    _A.CONTAINED: frozenset({_A.CAUSE_SUBMITTED, _A.CANCELLED}),
    _A.CAUSE_SUBMITTED: frozenset({_A.CAUSE_ACCEPTED, _A.REJECTED, _A.CANCELLED}),
    _A.CAUSE_ACCEPTED: frozenset({_A.PLAN_SUBMITTED, _A.CANCELLED}),
    _A.PLAN_SUBMITTED: frozenset({_A.PLAN_ACCEPTED, _A.REJECTED, _A.CANCELLED}),
    _A.PLAN_ACCEPTED: frozenset({_A.IMPLEMENTED, _A.CANCELLED}),
    _A.IMPLEMENTED: frozenset({_A.VERIFIED, _A.REJECTED, _A.CANCELLED}),
    _A.REJECTED: frozenset({_A.CAUSE_SUBMITTED, _A.PLAN_SUBMITTED, _A.IMPLEMENTED, _A.CANCELLED}),
    _A.VERIFIED: frozenset({_A.EFFECTIVENESS_PENDING, _A.EFFECTIVE}),
    _A.EFFECTIVENESS_PENDING: frozenset({_A.EFFECTIVE, _A.NOT_EFFECTIVE}),
    _A.EFFECTIVE: frozenset(),
    _A.NOT_EFFECTIVE: frozenset({_A.OPEN}),
    _A.CANCELLED: frozenset(),
}
"""From each state, the states an action may go to next."""

DONE = frozenset({_A.VERIFIED, _A.EFFECTIVENESS_PENDING, _A.EFFECTIVE, _A.CANCELLED})
"""States in which nothing more is awaited from the owner."""

IMPLEMENTED_WITHIN = {Grade.CRITICAL: 14, Grade.MAJOR: 60, Grade.MINOR: 90, Grade.OFI: 90}
"""Calendar days from issue to an implemented action, by grade of the finding."""

CONTAINED_WITHIN = {Grade.CRITICAL: 1, Grade.MAJOR: 2}
"""Calendar days from issue to containment, by grade of the finding."""

_FRIDAY_SATURDAY = frozenset({"BH", "DZ", "EG", "IL", "IQ", "JO", "KW", "LY", "OM", "QA", "SA"})


def may_move(now: ActionState, to: ActionState) -> bool:
    """Whether an action may go from one state to the other."""
    return to in STEPS[now]


def is_overdue(due: date | None, state: ActionState, today: date) -> bool:
    """Whether the owner is late; computed each time, never stored."""
    return due is not None and due < today and state not in DONE and state is not _A.IMPLEMENTED


def default_due(grade: Grade, issued: date, country: str) -> date | None:
    """When the action should be implemented: calendar days by grade, moved to a working day.

    Args:
        country: ISO 3166-1 alpha-2 of the site; decides which days are the weekend.

    Returns:
        None for a strength, which needs no action.
    """
    days = IMPLEMENTED_WITHIN.get(grade)
    return None if days is None else working_day(issued + timedelta(days=days), country)


def working_day(day: date, country: str) -> date:
    """The day itself, or the next one that is not in the country's weekend."""
    weekend = (4, 5) if country in _FRIDAY_SATURDAY else (5, 6)
    while day.weekday() in weekend:
        day += timedelta(days=1)
    return day
