"""Steps inside an open audit: guarded, journalled, and possible to take back.

Every change inside an audit goes through ``Steps.step``. It refuses changes to a signed audit,
and writes down, in the same transaction, what each touched row held before and after, so that
undo is exact and survives a restart.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import delete, event, inspect, select
from sqlalchemy.orm import Session

from audit_app.changes import Changes, Kind
from audit_app.domain.words import AuditState
from audit_app.errors import NotAllowed, NotFound
from audit_app.services.settings import SettingsService
from db.base import BOOKKEEPING, Base
from db.store import Store
from db.tables import Action, Answer, Audit, Evidence, Finding, UndoStep

KEPT = 100
"""How many steps can be taken back."""

After = Callable[[Session], None]
"""What follows from a step taken back, in the same transaction."""

Undoable = Answer | Finding | Action | Evidence
_UNDOABLE: dict[str, type[Undoable]] = {
    "answer": Answer,
    "finding": Finding,
    "action": Action,
    "evidence": Evidence,
}


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was taken back or done again, and the rows it touched."""

    label: str
    changes: Changes


class Steps:
    """The one way to change anything inside an audit."""

    def __init__(self, store: Store, settings: SettingsService) -> None:
        self._store = store
        self._settings = settings

    @contextmanager
    def step(self, audit_id: UUID, *, action: str, label: str) -> Iterator[Session]:
        """A write session for one step; commits on leaving, with its undo record.

        Raises:
            NotAllowed: the audit is signed.
            NotFound: no such audit.
        """
        with self._store.write(actor=self._settings.auditor, action=action) as session:
            guard_open(session, audit_id)
            recorder = _Recorder(session)
            yield session
            session.flush()
            recorder.stop()
            if recorder.before:
                _forget_undone(session, audit_id)
                session.add(
                    UndoStep(
                        audit_id=audit_id,
                        label=label,
                        before=recorder.before,
                        after=recorder.after,
                    )
                )
                _forget_oldest(session, audit_id)

    @contextmanager
    def step_or_follow_up(self, audit_id: UUID, *, action: str, label: str) -> Iterator[Session]:
        """A step while the audit is open; once it is signed, a change of what lives on after it.

        Both stand in the trail; undo belongs to the open audit.
        """
        with self._store.read() as session:
            audit = session.get(Audit, audit_id)
            is_open = audit is None or audit.state is AuditState.OPEN
        if is_open:
            with self.step(audit_id, action=action, label=label) as session:
                yield session
        else:
            with self._store.write(actor=self._settings.auditor, action=action) as session:
                yield session

    def labels(self, session: Session, audit_id: UUID) -> tuple[str, str]:
        """What undo would take back and what redo would do again; "" for nothing."""
        last, again = _last(session, audit_id), _first_undone(session, audit_id)
        return (last.label if last else "", again.label if again else "")

    def undo(self, audit_id: UUID, after: After) -> Taken | None:
        """Take back the last step that stands; None if there is none."""
        return self._turn(audit_id, after, back=True)

    def redo(self, audit_id: UUID, after: After) -> Taken | None:
        """Do the last step taken back again; None if there is none."""
        return self._turn(audit_id, after, back=False)

    def _turn(self, audit_id: UUID, after: After, *, back: bool) -> Taken | None:
        action = "undo" if back else "redo"
        with self._store.write(actor=self._settings.auditor, action=action) as session:
            guard_open(session, audit_id)
            found = _last(session, audit_id) if back else _first_undone(session, audit_id)
            if found is None:
                return None
            for key, fields in (found.before if back else found.after).items():
                _restore(session, key, fields)
            found.undone = back
            session.flush()
            after(session)
            return Taken(found.label, _touched(found.before))


def _touched(rows: Mapping[str, object]) -> Changes:
    """The changes of rows that are named as in the undo record."""
    changes = Changes()
    for key in rows:
        name, _, row_id = key.partition(":")
        changes = changes | Changes.of(Kind(name), UUID(row_id))
    return changes


def guard_open(session: Session, audit_id: UUID) -> Audit:
    """The audit, if its answers may change.

    Raises:
        NotAllowed: it is signed.
        NotFound: it is not in the workspace.
    """
    audit = session.get(Audit, audit_id)
    if audit is None:
        raise NotFound("This audit is not in the workspace.")
    if audit.state is not AuditState.OPEN:
        raise NotAllowed(
            f"Audit {audit.number} is signed; it can only be read.",
            "Reopen it with a reason to change it.",
        )
    return audit


def forget_steps(session: Session, audit_id: UUID) -> None:
    """Sign-off ends undo."""
    session.execute(delete(UndoStep).where(UndoStep.audit_id == audit_id))


class _Recorder:
    """Writes down what undoable rows held before the first and after the last flush."""

    def __init__(self, session: Session) -> None:
        self.before: dict[str, Any] = {}
        self.after: dict[str, Any] = {}
        self._session = session
        event.listen(session, "before_flush", self._note)

    def stop(self) -> None:
        event.remove(self._session, "before_flush", self._note)

    def _note(self, session: Session, _context: object, _instances: object) -> None:
        for row in (*session.new, *session.dirty):
            if isinstance(row, Answer | Finding | Action | Evidence):
                self._note_row(row, new=row in session.new)

    def _note_row(self, row: Undoable, *, new: bool) -> None:
        key = f"{row.__tablename__}:{row.id}"
        before = self.before.setdefault(key, {})
        after = self.after.setdefault(key, {})
        state: Any = inspect(row)
        for attribute in state.mapper.column_attrs:
            name = attribute.key
            if name in BOOKKEEPING:
                continue
            history = state.attrs[name].history
            if not new and not history.has_changes():
                continue
            earlier = history.deleted[0] if history.deleted else None
            before.setdefault(name, None if new else _plain(earlier))
            after[name] = _plain(getattr(row, name))
        if new:
            # A row made by this step is taken back by its tombstone: rows are never removed.
            before.clear()
            before["deleted_at"] = "now"
            after["deleted_at"] = None
        elif not after:
            del self.before[key], self.after[key]


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    if isinstance(value, StrEnum):
        return value.value
    return value


def _typed(table: type[Base], name: str, value: Any) -> Any:
    if value is None:
        return None
    kind = inspect(table).columns[name].type.python_type
    if issubclass(kind, datetime | date):
        return kind.fromisoformat(value)
    if issubclass(kind, UUID | StrEnum | Decimal):
        return kind(value)
    return value


def _restore(session: Session, key: str, fields: dict[str, Any]) -> None:
    name, _, row_id = key.partition(":")
    table = _UNDOABLE[name]
    row: Any = session.get(table, UUID(row_id))
    if row is None:
        raise NotFound(f"The {name} of this step is no longer in the workspace.")
    for field, value in fields.items():
        if field == "deleted_at" and value == "now":
            row.deleted_at = max(row.changed_at, row.created_at)
        else:
            setattr(row, field, _typed(table, field, value))


def _last(session: Session, audit_id: UUID) -> UndoStep | None:
    return session.scalars(
        select(UndoStep)
        .where(UndoStep.audit_id == audit_id, UndoStep.undone.is_(False))
        .order_by(UndoStep.id.desc())
        .limit(1)
    ).first()


def _first_undone(session: Session, audit_id: UUID) -> UndoStep | None:
    return session.scalars(
        select(UndoStep)
        .where(UndoStep.audit_id == audit_id, UndoStep.undone.is_(True))
        .order_by(UndoStep.id)
        .limit(1)
    ).first()


def _forget_undone(session: Session, audit_id: UUID) -> None:
    session.execute(
        delete(UndoStep).where(UndoStep.audit_id == audit_id, UndoStep.undone.is_(True))
    )


def _forget_oldest(session: Session, audit_id: UUID) -> None:
    session.flush()
    ids = session.scalars(
        select(UndoStep.id)
        .where(UndoStep.audit_id == audit_id)
        .order_by(UndoStep.id.desc())
        .offset(KEPT)
    ).all()
    if ids:
        session.execute(delete(UndoStep).where(UndoStep.id.in_(ids)))
