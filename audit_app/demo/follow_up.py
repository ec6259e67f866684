"""What the vendors of the demo did about their findings since."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from audit_app.demo.calendar import Calendar
from audit_app.demo.clock import DemoClock
from audit_app.domain.words import ActionState, FindingState, Grade
from audit_app.services import Services

_S = ActionState
SHORT = (_S.PLAN_SUBMITTED, _S.PLAN_ACCEPTED, _S.IMPLEMENTED, _S.VERIFIED)
LONG = (
    _S.CONTAINED,
    _S.CAUSE_SUBMITTED,
    _S.CAUSE_ACCEPTED,
    *SHORT,
    _S.EFFECTIVENESS_PENDING,
    _S.EFFECTIVE,
)
UNFINISHED = (
    (),
    LONG[:1],
    LONG[:2],
    LONG[:3],
    SHORT[:1],
    SHORT[:2],
    SHORT[:3],
    (_S.PLAN_SUBMITTED, _S.REJECTED),
    LONG[:8],
    (*LONG[:8], _S.NOT_EFFECTIVE),
    (_S.CANCELLED,),
)
"""How far the actions got that are not closed; each is the way of some of them."""

PROOF = "Records of four weeks, seen remotely."
DISSENTS = (
    "The lockers belong to the landlord; the lease allows no more of them.",
    "The sample was drawn in the week of the migration and does not show the usual month.",
    "The client asked for this by e-mail in March; we see no breach of the scope of work.",
)
_CLOSES_OF_TEN = 7
_DISPUTED_EVERY, _VOID_EVERY = 9, 23


class FollowUp:
    """Puts into the calendar what follows each signed audit."""

    def __init__(self, services: Services, clock: DemoClock, calendar: Calendar) -> None:
        self._services = services
        self._clock = clock
        self._calendar = calendar
        self._findings = 0
        self._unfinished = 0

    def plan(self, audit_id: UUID, rng: random.Random) -> None:
        """Plan what the vendor does about the findings of one audit."""
        for row in self._services.findings.listed(audit_id=audit_id):
            if row.state is not FindingState.ISSUED or row.grade is Grade.STRENGTH:
                continue
            self._findings += 1
            first = row.opened_at + timedelta(days=rng.randint(3, 12))
            if self._findings % _VOID_EVERY == 0:
                self._later(first, partial(self._void, row.id))
            elif self._findings % _DISPUTED_EVERY == 0:
                self._later(first, partial(self._dispute, row.id))
            else:
                self._later(first, partial(self._acknowledge, row.id))
                self._plan_actions(row.id, row.grade, first, rng)

    def _plan_actions(
        self, finding_id: UUID, grade: Grade, moment: datetime, rng: random.Random
    ) -> None:
        closes = rng.randrange(10) < _CLOSES_OF_TEN
        way: tuple[ActionState, ...] = LONG if grade in (Grade.CRITICAL, Grade.MAJOR) else SHORT
        if not closes:
            way = UNFINISHED[self._unfinished % len(UNFINISHED)]
            self._unfinished += 1
        for action in self._services.findings.view(finding_id).actions:
            for state in way:
                moment += timedelta(days=rng.randint(4, 16))
                self._later(moment, partial(self._move, action.id, state))
        if closes:
            self._later(moment + timedelta(days=2), partial(self._close, finding_id))

    def _later(self, moment: datetime, happens: Callable[[], object]) -> None:
        self._calendar.at(moment, happens)

    def _acknowledge(self, finding_id: UUID) -> None:
        self._services.findings.acknowledge(finding_id)

    def _dispute(self, finding_id: UUID) -> None:
        dissent = DISSENTS[self._findings % len(DISSENTS)]
        self._services.findings.dispute(finding_id, dissent=dissent)

    def _void(self, finding_id: UUID) -> None:
        reason = "The record was found at the second site; the requirement is met."
        self._services.findings.void(finding_id, reason=reason)

    def _move(self, action_id: UUID, state: ActionState) -> None:
        note = "The queue moved to another site." if state is ActionState.CANCELLED else ""
        self._services.actions.move(action_id, state=state, note=note, proof=PROOF)

    def _close(self, finding_id: UUID) -> None:
        self._services.findings.close(finding_id, note=PROOF)
