"""Findings, actions and evidence as the screens show them."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from audit_app.domain.words import ActionState, FindingState, Grade


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """One photo or file; ``thumbnail`` is a JPEG of at most 320 px, b"" for other files.

    Attributes:
        kind: "photo" or "file".
        ref: the question it belongs to, "" when it hangs on a finding alone.
        binned: removed into the visit's bin; can be brought back until sign-off.
    """

    id: UUID
    audit_id: UUID
    ref: str
    finding_id: UUID | None
    kind: str
    name: str
    caption: str
    taken_at: datetime | None
    added_at: datetime
    sha256: str
    size: int
    width: int
    height: int
    thumbnail: bytes
    binned: bool = False


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One corrective action; ``opened_at`` is when it was agreed."""

    id: UUID
    finding_id: UUID
    finding_number: str
    grade: Grade
    vendor: str
    site: str
    text: str
    owner: str
    due: date | None
    state: ActionState
    overdue: bool
    done_at: datetime | None = None
    proof: str = ""
    opened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding in a list or on the board."""

    id: UUID
    audit_id: UUID
    visit_id: UUID
    number: str
    grade: Grade
    state: FindingState
    title: str
    clause: str
    question: str
    question_ref: str
    vendor: str
    site: str
    opened_at: datetime
    photos: int
    actions: int
    actions_done: int
    repeat_of: str = ""
    complete: bool = True


@dataclass(frozen=True, slots=True)
class FindingView:
    """One finding, whole.

    Attributes:
        criterion: the requirement (SOW clause, checklist item, law).
        statement: what is not met, where, how often.
        suggested: the grade the rules propose, with the reason in ``suggestion``.
        missing: which of criterion, evidence and statement are still empty (DOMAIN 1.1).
        locked: the audit is signed; only follow-up may change.
    """

    row: FindingRow
    criterion: str
    statement: str
    cause: str
    impact: str
    containment: str
    dissent: str
    actions: tuple[ActionRow, ...]
    evidence: tuple[EvidenceRow, ...]
    missing: tuple[str, ...]
    suggested: Grade | None = None
    suggestion: str = ""
    locked: bool = False
    history: tuple[str, ...] = ()
