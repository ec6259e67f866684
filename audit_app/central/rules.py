"""Rules that span rows, looked at after a group of ops was merged and before it is kept."""

from collections.abc import Callable, Sequence

from audit_app.central.rows import CentralRow, Key
from audit_app.domain.records import DELETED
from audit_app.domain.words import AuditState
from audit_app.sync.protocol import Op

CLOSED_WITH_ITS_AUDIT = frozenset({"answer", "evidence"})
"""What nobody may change in a signed audit; findings and actions live on in the follow-up."""

Find = Callable[[Key], CentralRow | None]
"""A row as it stands with the group merged."""


def broken_rule(ops: Sequence[Op], find: Find) -> tuple[str, str] | None:
    """Code and sentence of the first rule that this group would break; None if it breaks none."""
    for op in ops:
        if op.entity not in CLOSED_WITH_ITS_AUDIT:
            continue
        row = find((op.scope, op.entity, op.id))
        audit_id = None if row is None else row.values.get("audit_id")
        audit = None if audit_id is None else find((op.scope, "audit", audit_id))
        if audit is None or audit.values.get(DELETED) is not None:
            continue
        opened_here = any(other.entity == "audit" and other.id == audit_id for other in ops)
        if audit.values.get("state") == AuditState.SIGNED and not opened_here:
            return (
                "audit_signed",
                f"Audit {audit.values.get('number', '')} was signed before this change arrived.",
            )
    return None
