"""Steps the database refused: kept in the recovery file, and done again when it takes them."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from audit_app.domain.words import Mark
from audit_app.services.checklist import ChecklistService
from audit_app.services.checklist_rows import Saved
from db.store import Store


class Verb(StrEnum):
    """What the auditor did."""

    ANSWER = "answer"
    MEASURE = "measure"
    MARK = "mark"
    NOTE = "note"
    FLAG = "flag"
    SKIP = "skip"
    REST = "rest"
    ADD_REPEAT = "add_repeat"
    REMOVE_REPEAT = "remove_repeat"


@dataclass(frozen=True, slots=True)
class AuditStep:
    """One thing the auditor did in an audit, as plain words, so that it outlives the program.

    Attributes:
        ref: the question, or the section for steps on a whole section.
        part: the field it is about; "" for the question itself.
        values: the names chosen, or the one text, mark or "yes"; empty to take away.
    """

    audit_id: UUID
    verb: Verb
    ref: str
    values: tuple[str, ...] = ()
    part: str = ""


class UnsavedService:
    """The recovery file, and doing its steps again."""

    def __init__(self, store: Store, checklist: ChecklistService) -> None:
        self._store, self._checklist = store, checklist

    def do(self, step: AuditStep) -> Saved:
        """Do a step, as the auditor did or wanted to.

        Raises:
            AuditError: the store or the rules refuse it.
        """
        service, audit, ref = self._checklist, step.audit_id, step.ref
        text = step.values[0] if step.values else ""
        ways: dict[Verb, Callable[[], Saved]] = {
            Verb.ANSWER: lambda: service.answer(audit, ref=ref, selected=step.values),
            Verb.MEASURE: lambda: service.measure(audit, field_ref=step.part, value=text),
            Verb.MARK: lambda: service.mark(audit, ref=ref, mark=Mark(text) if text else None),
            Verb.NOTE: lambda: service.note(audit, ref=ref, text=text),
            Verb.FLAG: lambda: service.flag(audit, ref=ref, on=bool(text)),
            Verb.SKIP: lambda: service.skip(audit, ref=ref, on=bool(text)),
            Verb.REST: lambda: service.mark_rest(audit, section=ref, selected=text),
            Verb.ADD_REPEAT: lambda: service.add_repeat(audit, section=ref),
            Verb.REMOVE_REPEAT: lambda: service.remove_repeat(audit, section=ref),
        }
        return ways[step.verb]()

    def keep(self, steps: Sequence[AuditStep]) -> None:
        """Keep these steps, and no others, where a crash cannot reach them.

        Raises:
            StoreError: not even that could be written.
        """
        rows = [
            [str(step.audit_id), step.verb.value, step.ref, list(step.values), step.part]
            for step in steps
        ]
        self._store.unsaved.write(json.dumps(rows).encode() if rows else b"")

    def kept(self) -> tuple[AuditStep, ...]:
        """The steps that waited when the program ended, in their order."""
        data = self._store.unsaved.read()
        if not data:
            return ()
        return tuple(
            AuditStep(UUID(audit), Verb(verb), ref, tuple(values), part)
            for audit, verb, ref, values, part in json.loads(data)
        )
