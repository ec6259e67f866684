"""The one table of who may do what: role by action by kind of row.

Read it by row: a role's line names the kinds it may write and how. What is not named is refused.
A role always comes with a reach (everything, one vendor, one site, one market), and only holds in
the scopes that lie within it; audit_app.central.grants works those out.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from audit_app.domain.records import RECORDS
from audit_app.domain.words import ActionState


class Role(StrEnum):
    """What somebody is to the programme, strongest first."""

    LEAD = "lead"
    AUDITOR = "auditor"
    VENDOR_MANAGER = "vendor_manager"
    READER = "reader"
    ADMINISTRATOR = "administrator"
    """Looks after people and devices; sees no vendor, no audit and no finding."""

    @property
    def rank(self) -> int:
        """0 for the strongest: of several roles in one scope that one counts."""
        return list(Role).index(self)

    @property
    def sees_records(self) -> bool:
        """Whether the role opens any scope at all."""
        return self is not Role.ADMINISTRATOR

    @property
    def needs_totp(self) -> bool:
        """Whether a password and the device's key are not enough (ASVS 6.3.3)."""
        return self in (Role.LEAD, Role.ADMINISTRATOR)


class Action(StrEnum):
    """What may be done to a row."""

    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"
    """Set its tombstone; taking that away again is a change."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one role may do with one kind of row.

    Attributes:
        fields: the only ones that may be set; None for all.
        values: field to the only values it may be given.
        before: field to the only values it may hold when it is changed.
        needs: fields that the row must have.
    """

    actions: frozenset[Action] = frozenset()
    fields: frozenset[str] | None = None
    values: Mapping[str, frozenset[str]] = field(default_factory=dict)
    before: Mapping[str, frozenset[str]] = field(default_factory=dict)
    needs: frozenset[str] = frozenset()


UNKNOWN = "unknown"
"""Stands for all kinds that only newer clients know."""

SCOPE_OF_KIND: Mapping[str, str] = {
    **dict.fromkeys(("template", "template_version"), "library"),
    **dict.fromkeys(("vendor", "site", "contact", "visit"), "vendor"),
    **dict.fromkeys(
        ("audit", "answer", "finding", "action", "evidence", "signature", "report_issue"), "audit"
    ),
}
"""Which kind of scope a row lives in; conflicts and unknown kinds live in any."""

KINDS = (*RECORDS, UNKNOWN)

_ADD = Cell(frozenset({Action.ADD}))
_CHANGE = Cell(frozenset({Action.CHANGE}))
_WRITE = Cell(frozenset({Action.ADD, Action.CHANGE}))
_ALL = Cell(frozenset(Action))
_ADD_AND_REMOVE = Cell(frozenset({Action.ADD, Action.REMOVE}))
"""For what is never changed once it stands: a signature."""

_REPORTED = frozenset(
    state.value
    for state in (
        ActionState.OPEN,
        ActionState.CONTAINED,
        ActionState.CAUSE_SUBMITTED,
        ActionState.PLAN_SUBMITTED,
        ActionState.IMPLEMENTED,
    )
)
"""How far a vendor's side may say an action is; accepting and verifying it is not theirs."""

_OPEN_TO_REPORTS = _REPORTED | {
    ActionState.CAUSE_ACCEPTED.value,
    ActionState.PLAN_ACCEPTED.value,
    ActionState.REJECTED.value,
    ActionState.NOT_EFFECTIVE.value,
}

POLICY: Mapping[Role, Mapping[str, Cell]] = {
    Role.LEAD: {
        "template": _WRITE,
        "template_version": _WRITE,
        "vendor": _ALL,
        "site": _ALL,
        "contact": _ALL,
        "visit": _ALL,
        "audit": _ALL,
        "answer": _ALL,
        "finding": _ALL,
        "action": _ALL,
        "evidence": _ALL,
        "signature": _ADD_AND_REMOVE,
        "report_issue": _WRITE,
        "conflict": _CHANGE,
        UNKNOWN: _ALL,
    },
    Role.AUDITOR: {
        # An audit must never arrive without the checklist it was made with, whoever brings it.
        "template": _ADD,
        "template_version": _ADD,
        # Nor a visit without its vendor and site: on the road there is nobody to ask for one.
        "vendor": _ADD,
        "site": _ADD,
        "contact": _WRITE,
        "visit": _WRITE,
        "audit": _WRITE,
        "answer": _ALL,
        "finding": _ALL,
        "action": _ALL,
        "evidence": _ALL,
        "signature": _ADD_AND_REMOVE,
        "report_issue": _WRITE,
        "conflict": _CHANGE,
        UNKNOWN: _WRITE,
    },
    Role.VENDOR_MANAGER: {
        "action": Cell(
            frozenset({Action.CHANGE}),
            fields=frozenset({"state", "note", "proof", "done_at"}),
            values={"state": _REPORTED},
            before={"state": _OPEN_TO_REPORTS},
        ),
        "evidence": Cell(frozenset({Action.ADD}), needs=frozenset({"finding_id"})),
    },
    Role.READER: {},
    Role.ADMINISTRATOR: {},
}

_NOTHING = Cell()


def cell(role: Role, kind: str) -> Cell:
    """What a role may do with a kind of row."""
    known = kind if kind in RECORDS else UNKNOWN
    return POLICY[role].get(known, _NOTHING)


class Duty(StrEnum):
    """What may be done at the centre beside writing rows."""

    SYNC = "sync"
    """Exchange rows and see which scopes there are."""
    OWN_DEVICES = "own_devices"
    """See and end one's own devices, and make a code for another one."""
    PEOPLE = "people"
    """Make accounts, grant roles, make codes, end anybody's devices."""


EVERYBODYS_DUTIES = frozenset({Duty.SYNC, Duty.OWN_DEVICES})
"""Also of who has no role left: his device must hear which scopes are closed to it, and his work
must not be stranded. What comes of it depends on the scopes."""

DUTIES: Mapping[Role, frozenset[Duty]] = {
    Role.LEAD: EVERYBODYS_DUTIES,
    Role.AUDITOR: EVERYBODYS_DUTIES,
    Role.VENDOR_MANAGER: EVERYBODYS_DUTIES,
    Role.READER: EVERYBODYS_DUTIES,
    Role.ADMINISTRATOR: EVERYBODYS_DUTIES | {Duty.PEOPLE},
}
