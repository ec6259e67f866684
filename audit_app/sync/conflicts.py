"""Two people changed one field without seeing each other: a person decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audit_app.changes import Changes, Kind
from audit_app.clock import Clock
from audit_app.domain.merge import AUTO, OPEN
from audit_app.domain.records import RECORDS, Policy
from audit_app.domain.words import AuditState
from audit_app.errors import NotAllowed, NotFound
from audit_app.sync import mirror
from audit_app.sync.row_names import row_name
from db.base import Base, Synced
from db.store import Store
from db.tables import Answer, Audit, Conflict

RESOLVED = "resolved"

_CLOSED_WITH_ITS_AUDIT = frozenset({"answer", "evidence"})

_SEALED = frozenset({"state", "manifest", "version", "form_sha256"})
"""What only signing and reopening may set: a state without its manifest would be a forged seal."""

_CLASSES: Mapping[str, type[Any]] = {
    mapper.class_.__tablename__: mapper.class_
    for mapper in Base.registry.mappers
    if issubclass(mapper.class_, Synced)
}


class Choice(StrEnum):
    """How a person settles a conflict."""

    CENTRAL = "central"
    CANDIDATE = "candidate"
    BOTH = "both"
    """One text after the other; for long texts only."""


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two values: what, by whom, when by their clock.

    Attributes:
        shown: the value as it is read; a choice by its label, once somebody who knows the
            checklist has looked.
    """

    value: Any
    shown: str
    by: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """One conflict as it is shown.

    Attributes:
        about: what the row is called on the screens, such as a question's number and text.
        base: the last value both had seen; None if there was none.
        can_keep_both: the field is a long text.
        is_settled: a rule has settled it; it is only told.
        audit_id, ref: of an answer, to find its question by.
    """

    id: UUID
    entity: str
    row_id: UUID
    field: str
    about: str
    where: str
    central: Side
    candidate: Side
    base: Side | None
    can_keep_both: bool
    is_settled: bool
    audit_id: UUID | None = None
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """A decision, with what is needed to take it back."""

    conflict_id: UUID
    choice: Choice
    before: Any
    changes: Changes
    audit_id: UUID | None


class ConflictsService:
    """The conflicts of this workspace."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def count(self) -> int:
        """How many wait for a person."""
        with self._store.read() as session:
            query = select(func.count()).select_from(Conflict).where(*_waiting())
            return session.scalar(query) or 0

    def open(self) -> tuple[ConflictRow, ...]:
        """Those that wait for a person, oldest first."""
        with self._store.read() as session:
            rows = session.scalars(select(Conflict).where(*_waiting()).order_by(Conflict.id))
            return tuple(_row(session, row) for row in rows)

    def told(self, limit: int = 100) -> tuple[ConflictRow, ...]:
        """Those that a rule settled by itself, newest first."""
        with self._store.read() as session:
            query = (
                select(Conflict)
                .where(Conflict.status == AUTO, Conflict.deleted_at.is_(None))
                .order_by(Conflict.changed_at.desc())
                .limit(limit)
            )
            return tuple(_row(session, row) for row in session.scalars(query))

    def settle(self, conflict_id: UUID, *, choice: Choice, actor: str) -> Settled:
        """Decide; the decision travels like any other change.

        Raises:
            NotFound: the conflict or its row is no longer here.
            NotAllowed: the audit is signed and the decision would change it.
        """
        with self._store.write(actor=actor, action="settle conflict") as session:
            conflict = _find(session, conflict_id)
            row = _row_of(session, conflict)
            before = getattr(row, conflict.field, None)
            if choice is not Choice.CENTRAL:
                _refuse_if_signed(session, conflict, row)
                setattr(row, conflict.field, self._wanted(conflict, choice))
            conflict.status = RESOLVED
            conflict.resolved_by, conflict.resolved_at = actor, self._clock.now()
            return Settled(
                conflict_id, choice, before, _changes(conflict), getattr(row, "audit_id", None)
            )

    def undo(self, settled: Settled, *, actor: str) -> Settled:
        """Take a decision back: the value that stood before stands again, the conflict is open."""
        with self._store.write(actor=actor, action="undo settle conflict") as session:
            conflict = _find(session, settled.conflict_id)
            row = _row_of(session, conflict)
            if settled.choice is not Choice.CENTRAL:
                _refuse_if_signed(session, conflict, row)
                setattr(row, conflict.field, settled.before)
            conflict.status, conflict.resolved_by, conflict.resolved_at = OPEN, "", None
        return settled

    @staticmethod
    def _wanted(conflict: Conflict, choice: Choice) -> Any:
        candidate = conflict.candidate[0]
        if choice is Choice.BOTH:
            parts = (conflict.central[0], candidate)
            return "\n\n".join(str(part) for part in parts if part)
        return mirror.typed(conflict.entity, conflict.field, candidate)


def _waiting() -> tuple[Any, ...]:
    return Conflict.status == OPEN, Conflict.deleted_at.is_(None)


def _find(session: Session, conflict_id: UUID) -> Conflict:
    found = session.get(Conflict, conflict_id)
    if found is None:
        raise NotFound("This conflict is no longer here.", "Sync again to see what is left.")
    return found


def _row_of(session: Session, conflict: Conflict) -> Any:
    kind = _CLASSES.get(conflict.entity)
    row = session.get(kind, conflict.row_id) if kind else None
    if row is None:
        raise NotFound(
            "What this conflict is about is not on this device.", "Sync again, then decide."
        )
    return row


def _refuse_if_signed(session: Session, conflict: Conflict, row: Any) -> None:
    if conflict.entity == "audit" and conflict.field in _SEALED:
        raise NotAllowed(
            f"Audit {row.number} is signed or reopened on its own page, not here.",
            "Keep the central value; then sign or reopen the audit.",
        )
    if conflict.entity not in _CLOSED_WITH_ITS_AUDIT:
        return
    audit = session.get(Audit, row.audit_id)
    if audit is not None and audit.state is AuditState.SIGNED:
        raise NotAllowed(
            f"Audit {audit.number} is signed; its answers can no longer change.",
            "Keep the central value, or reopen the audit with a reason first.",
        )


def _row(session: Session, conflict: Conflict) -> ConflictRow:
    record = RECORDS.get(conflict.entity)
    known = record.fields.get(conflict.field) if record else None
    about, where = row_name(session, conflict.entity, conflict.row_id)
    answer = session.get(Answer, conflict.row_id) if conflict.entity == "answer" else None
    base = _first(conflict.base)
    return ConflictRow(
        conflict.id,
        conflict.entity,
        conflict.row_id,
        conflict.field,
        about,
        where,
        _side(_first(conflict.central), conflict.central_by, conflict.central_at),
        _side(_first(conflict.candidate), conflict.by, conflict.at),
        None if base is None else _side(base, "", None),
        known is not None and known.policy is Policy.MERGE,
        conflict.status == AUTO,
        answer.audit_id if answer else None,
        answer.ref if answer else "",
    )


def _side(value: Any, by: str, at: datetime | None) -> Side:
    return Side(value, "" if value is None else _words(value), by, at)


def _words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_words(part) for part in value)
    return str(value)


def _first(values: list[Any]) -> Any:
    return values[0] if values else None


def _changes(conflict: Conflict) -> Changes:
    known = {kind.value for kind in Kind}
    if conflict.entity not in known:
        return Changes()
    return Changes.of(Kind(conflict.entity), conflict.row_id)
