"""A signed audit is closed to a package, and a package signs none whose answers differ here."""

from collections.abc import Mapping, Sequence, Set
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit_app.domain.records import DELETED, RECORDS, Policy
from audit_app.domain.words import AuditState
from audit_app.sync.outbox import PENDING, SEALED
from audit_app.sync.package_merge import Decision
from audit_app.sync.package_parts import PackedRow
from db.tables import Audit, OutboxOp

_WHOLLY = frozenset({"answer", "evidence", "signature"})
_FINDING = frozenset(
    {
        "number",
        "ref",
        "grade",
        "title",
        "criterion",
        "statement",
        "cause",
        "impact",
        "containment",
        DELETED,
    }
)
"""What the manifest of a signed audit seals of a finding; the vendor's reply may still change."""
_AUDIT = frozenset(
    {"state", "version", "manifest", "signed_at", "form_sha256", "template_version_id", DELETED}
)

Told = tuple[PackedRow, Mapping[str, Any] | None, Decision]
"""A row of the package, what is here of it, and what was decided."""


class Closed:
    """Takes out of the decisions what must not go into signed audits."""

    def __init__(self, session: Session, told: Sequence[Told]) -> None:
        signed = select(Audit).where(Audit.state == AuditState.SIGNED)
        self._signed = {audit.id: audit.number for audit in session.scalars(signed)}
        self._unequal = self._differing(session, told)
        self._left: dict[UUID, int] = {}
        self._unsigned: list[str] = []
        for row, mine, decision in told:
            if row.entity != "audit" or mine is None or not _is_reopened(mine, decision):
                continue
            if row.id not in self._unequal or not _signs(row, decision):
                # Its new version came with a reason, by whoever was allowed to give it.
                self._signed.pop(row.id, None)

    def hold_back(self, row: PackedRow, mine: Mapping[str, Any] | None, decision: Decision) -> bool:
        """Take out what may not go in; gives whether nothing had to be."""
        if row.entity == "audit":
            return mine is None or self._hold_audit(row, mine, decision)
        audit_id = _audit_of(row, mine)
        if audit_id not in self._signed:
            return True
        is_part = row.entity == "finding" and mine is not None
        if not _take_out(decision, _FINDING if is_part else {*decision.changes, *row.values}):
            return True
        self._left[audit_id] = self._left.get(audit_id, 0) + 1
        return False

    def words(self) -> list[str]:
        """What was held back, a sentence for each audit."""
        said = [
            f"Audit {self._signed[audit_id]} is signed here: {count} of its answers, findings and "
            "photos in the package were left out. Reopen it with a reason to take them in."
            for audit_id, count in self._left.items()
        ]
        said += [
            f"Audit {number} is signed in the package, but its answers here differ; "
            "it stays as it is here. Settle the differences, then sign it."
            for number in self._unsigned
        ]
        return said

    def _hold_audit(self, row: PackedRow, mine: Mapping[str, Any], decision: Decision) -> bool:
        if row.id in self._unequal and _signs(row, decision):
            _take_out(decision, _AUDIT)
            self._unsigned.append(str(mine["number"]))
            return False
        if row.id in self._signed and _take_out(decision, _AUDIT):
            self._left[row.id] = self._left.get(row.id, 0) + 1
            return False
        return True

    def _differing(self, session: Session, told: Sequence[Told]) -> set[UUID]:
        """Audits that would not hold here what their maker signed."""
        found = {
            audit_id
            for row, mine, decision in told
            if (audit_id := _audit_of(row, mine)) is not None
            and any(_counts(row.entity, name) for name in decision.kept)
        }
        brought = {row.id for row, _mine, _decision in told}
        own = select(OutboxOp.scope, OutboxOp.row_id).where(
            OutboxOp.state.in_((PENDING, SEALED)),
            OutboxOp.entity.in_(("answer", "evidence", "finding")),
        )
        scopes = {row.scope: row.id for row, _mine, _decision in told if row.entity == "audit"}
        for scope, row_id in session.execute(own):
            if scope in scopes and row_id not in brought:
                found.add(scopes[scope])
        return found


def _is_reopened(mine: Mapping[str, Any], decision: Decision) -> bool:
    version = decision.changes.get("version")
    is_clean = not {"version", "state"} & decision.kept
    return version is not None and version > mine["version"] and is_clean


def _signs(row: PackedRow, decision: Decision) -> bool:
    """Whether the package would make the audit a signed one, or sign it anew."""
    is_signed = row.values.get("state") == AuditState.SIGNED.value
    return is_signed and bool({"state", "manifest"} & decision.changes.keys())


def _audit_of(row: PackedRow, mine: Mapping[str, Any] | None) -> UUID | None:
    if row.entity not in _WHOLLY and row.entity != "finding":
        return None
    return UUID((mine or row.values)["audit_id"])


def _counts(entity: str, name: str) -> bool:
    """Whether a field is something a signature stands for."""
    known = RECORDS[entity].fields.get(name)
    if entity == "finding":
        return name in _FINDING
    return known is None or known.policy is not Policy.FOLLOW


def _take_out(decision: Decision, names: Set[str]) -> bool:
    """Whether any of these fields would have changed or clashed; they no longer will."""
    touched = {name for name in decision.changes if name in names}
    clashing = [clash for clash in decision.clashes if clash.field in names]
    for name in touched:
        del decision.changes[name]
    for clash in clashing:
        decision.clashes.remove(clash)
    return bool(touched or clashing)
