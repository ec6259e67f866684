"""Corrective actions: who does what by when, and what came of it."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit_app.changes import Changes, Kind
from audit_app.clock import Clock
from audit_app.domain.actions import DONE, default_due, may_move
from audit_app.domain.words import ActionState
from audit_app.errors import AuditError, NotAllowed, NotFound
from audit_app.services.finding_rows import ActionRow
from audit_app.services.programme_reads import action_rows, finding_label
from audit_app.services.results import Done
from audit_app.services.settings import SettingsService
from audit_app.services.steps import Steps
from db.store import Store
from db.tables import Action, Audit, Finding, Site, TrailEntry, Visit


class ActionsService:
    """All actions of the workspace, and each of them; they live on after sign-off."""

    def __init__(self, store: Store, clock: Clock, settings: SettingsService, steps: Steps) -> None:
        self._store = store
        self._steps = steps
        self._clock = clock
        self._settings = settings

    def listed(self) -> tuple[ActionRow, ...]:
        """Every action, by due date."""
        with self._store.read() as session:
            return action_rows(session, self._clock.now().date())

    def verifiers(self, action_ids: Sequence[UUID]) -> dict[UUID, str]:
        """Who said of each action that it was done and seen, as the trail of this device tells.

        An action that another device verified is not among them.
        """
        query = (
            select(TrailEntry.object_id, TrailEntry.body)
            .where(TrailEntry.kind == "action", TrailEntry.object_id.in_(action_ids))
            .order_by(TrailEntry.seq)
        )
        with self._store.read() as session:
            bodies = [(row_id, json.loads(body)) for row_id, body in session.execute(query)]
        return {
            row_id: str(body["actor"])
            for row_id, body in bodies
            if body["action"] == f"action {ActionState.VERIFIED.value}"
        }

    def suggested_due(self, finding_id: UUID) -> date | None:
        """The due date the grade and the site's working week give (DOMAIN 1.3)."""
        with self._store.read() as session:
            finding = session.get_one(Finding, finding_id)
            site = session.scalars(
                select(Site)
                .join(Visit, Visit.site_id == Site.id)
                .join(Audit, Audit.visit_id == Visit.id)
                .where(Audit.id == finding.audit_id)
            ).one()
            today = self._clock.now().astimezone(ZoneInfo(site.time_zone)).date()
            return default_due(finding.grade, today, site.country)

    def add(self, finding_id: UUID, *, text: str, owner: str = "", due: date | None = None) -> Done:
        """Agree an action on a finding."""
        if not text.strip():
            raise AuditError("The action has no text.", "Say what will be done.")
        with self._store.read() as session:
            finding = session.get(Finding, finding_id)
            if finding is None:
                raise NotFound("The finding of this action is not in the workspace.")
        label = f"Action on {finding_label(finding.number)}"
        with self._steps.step_or_follow_up(
            finding.audit_id, action="add action", label=label
        ) as session:
            action = Action(
                id=self._clock.new_id(),
                scope=finding.scope,
                finding_id=finding_id,
                text=text.strip(),
                owner=owner.strip(),
                due=due,
                state=ActionState.OPEN,
                done_at=None,
            )
            session.add(action)
        return self._done(action)

    def edit(
        self,
        action_id: UUID,
        *,
        text: str | None = None,
        owner: str | None = None,
        due: date | None = None,
    ) -> Done:
        """Change an action; None leaves a field as it is."""
        with self._change(action_id, "edit action") as session:
            action = _get(session, action_id)
            if text is not None and text.strip():
                action.text = text.strip()
            if owner is not None:
                action.owner = owner.strip()
            if due is not None:
                action.due = due
        return self._done(action)

    def move(self, action_id: UUID, *, state: ActionState, note: str = "", proof: str = "") -> Done:
        """Take an action a step on.

        Raises:
            NotAllowed: the step skips one, or an action is called done without proof.
        """
        with self._store.write(
            actor=self._settings.auditor, action=f"action {state.value}", reason=note or None
        ) as session:
            action = _get(session, action_id)
            if not may_move(action.state, state):
                raise NotAllowed(
                    f"This action is {action.state.value.replace('_', ' ')}; "
                    f"it cannot become {state.value.replace('_', ' ')}."
                )
            if state is ActionState.IMPLEMENTED and not (proof or action.proof).strip():
                raise NotAllowed(
                    "An action is implemented only with proof.",
                    "Say which record, photo or sample shows it.",
                )
            if state is ActionState.CANCELLED and not note.strip():
                raise NotAllowed("Cancelling needs a reason.", "Write it in the note.")
            action.state = state
            action.note = note.strip() or action.note
            action.proof = proof.strip() or action.proof
            action.done_at = self._clock.now() if state in DONE else None
        return self._done(action)

    def remove(self, action_id: UUID) -> Done:
        """Take back an action that was added by mistake."""
        with self._change(action_id, "remove action") as session:
            action = _get(session, action_id)
            action.deleted_at = self._clock.now()
        return self._done(action)

    @contextmanager
    def _change(self, action_id: UUID, what: str) -> Iterator[Session]:
        """A session to change an action in; undo takes it back while the audit is open."""
        with self._store.read() as session:
            action = _get(session, action_id)
            finding = session.get_one(Finding, action.finding_id)
        label = f"Action on {finding_label(finding.number)}"
        with self._steps.step_or_follow_up(finding.audit_id, action=what, label=label) as session:
            yield session

    def _done(self, action: Action) -> Done:
        changes = Changes.of(Kind.ACTION, action.id) | Changes.of(Kind.FINDING, action.finding_id)
        return Done(action.id, changes)


def _get(session: Session, action_id: UUID) -> Action:
    action = session.get(Action, action_id)
    if action is None or action.deleted_at is not None:
        raise NotFound("This action is not in the workspace.")
    return action
