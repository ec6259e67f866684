"""Life of a visit (UI 4) and its audits."""

from audit_app.domain.words import AuditState, VisitState

STEPS: dict[VisitState, frozenset[VisitState]] = {
    VisitState.PLANNED: frozenset({VisitState.UNDER_WAY, VisitState.CANCELLED}),
    VisitState.UNDER_WAY: frozenset(
        {VisitState.TO_REVIEW, VisitState.SIGNED, VisitState.CANCELLED}
    ),
    VisitState.TO_REVIEW: frozenset({VisitState.UNDER_WAY, VisitState.SIGNED}),
    VisitState.SIGNED: frozenset({VisitState.ISSUED, VisitState.UNDER_WAY}),
    VisitState.ISSUED: frozenset({VisitState.CLOSED, VisitState.UNDER_WAY}),
    VisitState.CLOSED: frozenset({VisitState.UNDER_WAY}),
    VisitState.CANCELLED: frozenset({VisitState.PLANNED}),
}
"""From each state, the states a visit may go to next; back to under way is a reopening."""

IN_PROGRESS = frozenset({VisitState.UNDER_WAY, VisitState.TO_REVIEW})


def may_move(now: VisitState, to: VisitState) -> bool:
    """Whether a visit may go from one state to the other."""
    return to in STEPS[now]


def is_open(state: AuditState) -> bool:
    """Whether answers of the audit may still change."""
    return state is AuditState.OPEN
