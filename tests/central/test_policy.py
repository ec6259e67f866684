"""The policy's table, cell by cell, against what the brief of each role says."""

import pytest

from audit_app.central.gate import forbidden
from audit_app.central.policy import DUTIES, KINDS, UNKNOWN, Action, Duty, Role, cell
from audit_app.central.rows import CentralRow
from audit_app.domain.records import DELETED, RECORDS
from audit_app.sync.protocol import Op

# A letter an action: a(dd), c(hange), r(emove). Written by hand, kind by kind, so that a slip in
# the program's own table meets another hand's.
EXPECTED = """
kind              lead  auditor  vendor_manager  reader  administrator
template          ac    a        -               -       -
template_version  ac    a        -               -       -
vendor            acr   a        -               -       -
site              acr   a        -               -       -
contact           acr   ac       -               -       -
visit             acr   ac       -               -       -
audit             acr   ac       -               -       -
answer            acr   acr      -               -       -
finding           acr   acr      -               -       -
action            acr   acr      c               -       -
evidence          acr   acr      a               -       -
signature         ar    ar       -               -       -
report_issue      ac    ac       -               -       -
conflict          c     c        -               -       -
unknown           acr   ac       -               -       -
"""


def cells() -> list[tuple[Role, str, Action, bool]]:
    head, *lines = (line.split() for line in EXPECTED.split("\n") if line)
    return [
        (Role(role), kind, action, action.value[0] in allowed)
        for kind, *columns in lines
        for role, allowed in zip(head[1:], columns, strict=True)
        for action in Action
    ]


def a_row(kind: str, **values: object) -> CentralRow:
    return CentralRow("audit:x", kind, "row", 3, {"name": "before", **values}, {}, "", "")


def an_op(kind: str, **values: object) -> Op:
    return Op(1, "g", "audit:x", kind, "row", 0, values, "")


FITTING = {"action": {"state": "implemented"}, "evidence": {"finding_id": "f"}}
"""What a role with a bounded cell may set."""


def test_every_kind_and_every_role_is_in_the_table() -> None:
    covered = {(role, kind) for role, kind, _, _ in cells()}
    assert covered == {(role, kind) for role in Role for kind in KINDS}
    assert set(KINDS) == {*RECORDS, UNKNOWN}


@pytest.mark.parametrize(("role", "kind", "action", "is_allowed"), cells())
def test_the_cell_says_what_the_role_may_do(
    role: Role, kind: str, action: Action, is_allowed: bool
) -> None:
    values = dict(FITTING.get(kind, {"name": "after"}))
    stored = None if action is Action.ADD else a_row(kind)
    if action is Action.REMOVE:
        values = {DELETED: "2026-11-25T09:00:00+00:00"}
    refusal = forbidden(role, an_op(kind, **values), stored)
    assert (refusal is None) is is_allowed, refusal


@pytest.mark.parametrize("kind", ["hologram", "account", ""])
def test_kinds_nobody_knows_are_judged_as_unknown(kind: str) -> None:
    assert cell(Role.LEAD, kind) is cell(Role.LEAD, UNKNOWN)
    assert forbidden(Role.READER, an_op(kind, a=1), None) is not None


@pytest.mark.parametrize("field", ["owner", "due", "text", "finding_id", "deleted_at", "new_field"])
def test_a_vendor_manager_sets_only_an_actions_progress(field: str) -> None:
    stored = a_row("action", state="open", deleted_at="2026-11-25T09:00:00+00:00")
    refusal = forbidden(Role.VENDOR_MANAGER, an_op("action", **{field: "x"}), stored)
    assert refusal is not None
    assert refusal.code == "field"


@pytest.mark.parametrize("field", ["note", "proof", "done_at"])
def test_a_vendor_manager_tells_how_an_action_goes(field: str) -> None:
    op = an_op("action", **{field: "x"})
    assert forbidden(Role.VENDOR_MANAGER, op, a_row("action", state="open")) is None


@pytest.mark.parametrize(
    ("before", "after", "is_allowed"),
    [
        ("open", "implemented", True),
        ("plan_accepted", "implemented", True),
        ("rejected", "cause_submitted", True),
        ("open", "verified", False),
        ("open", "plan_accepted", False),
        ("open", "effective", False),
        ("open", 7, False),
        ("verified", "open", False),
        ("effective", "open", False),
    ],
)
def test_accepting_and_verifying_is_not_the_vendors(
    before: str, after: object, is_allowed: bool
) -> None:
    refusal = forbidden(
        Role.VENDOR_MANAGER, an_op("action", state=after), a_row("action", state=before)
    )
    assert (refusal is None) is is_allowed


def test_a_vendor_managers_evidence_belongs_to_a_finding() -> None:
    refusal = forbidden(Role.VENDOR_MANAGER, an_op("evidence", name="x.jpg"), None)
    assert refusal is not None
    assert refusal.code == "field"


def test_only_an_administrator_looks_after_people() -> None:
    assert {role for role in Role if Duty.PEOPLE in DUTIES[role]} == {Role.ADMINISTRATOR}
    assert {role for role in Role if not role.sees_records} == {Role.ADMINISTRATOR}
    assert {role for role in Role if role.needs_totp} == {Role.LEAD, Role.ADMINISTRATOR}
