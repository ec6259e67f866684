"""From the last answer to a sealed record, and back with a reason."""

from uuid import UUID

import pytest

from audit_app.domain.words import ActionState, AuditState, FindingState, VisitState
from audit_app.errors import AuditError, NotAllowed, NotFound
from audit_app.services.integrity import verify_workspace
from db.connect import connect
from tests.builders import (
    STROKES,
    World,
    a_photo,
    a_small_template,
    an_audit,
    answer,
    question,
)


def an_answered_audit(world: World) -> UUID:
    audit_id = an_audit(world, a_small_template(world))
    for code in ("A1", "A2", "A3"):
        answer(world, audit_id, code, "C")
    return audit_id


def sign(world: World, audit_id: UUID, party: str = "auditor") -> UUID:
    return world.services.sign_off.sign(
        audit_id, party=party, name="Lena Novak", role="Lead auditor", strokes=STROKES
    ).id


def test_an_audit_is_not_signed_off_without_the_auditor(world: World) -> None:
    audit_id = an_answered_audit(world)
    summary = world.services.sign_off.summary(audit_id)
    assert not summary.can_sign_off
    assert summary.why_not == "The auditor has not signed."
    with pytest.raises(NotAllowed):
        world.services.sign_off.sign_off(audit_id)


def test_signing_off_freezes_and_issues(world: World) -> None:
    audit_id = an_answered_audit(world)
    opened = answer(world, audit_id, "A2", "MIN").opened
    assert opened is not None
    world.services.findings.edit(opened.id, statement="Paper on four desks.")
    sign(world, audit_id)
    sign(world, audit_id, "vendor")
    world.services.sign_off.sign_off(audit_id)
    summary = world.services.sign_off.summary(audit_id)
    assert summary.state is AuditState.SIGNED
    assert len(summary.manifest) == 64
    assert len(summary.signatures) == 2
    assert world.services.findings.view(opened.id).row.state is FindingState.ISSUED
    assert world.services.findings.view(opened.id).locked
    assert world.services.visits.of_audit(audit_id).state is VisitState.SIGNED


def test_a_finding_without_a_statement_blocks_sign_off(world: World) -> None:
    audit_id = an_answered_audit(world)
    answer(world, audit_id, "A2", "MIN")
    sign(world, audit_id)
    assert "F-01 has no statement" in world.services.sign_off.summary(audit_id).why_not


def test_an_empty_signature_is_refused(world: World) -> None:
    audit_id = an_answered_audit(world)
    with pytest.raises(AuditError, match="signature field is empty"):
        world.services.sign_off.sign(audit_id, party="auditor", name="Lena", strokes=[])
    with pytest.raises(AuditError, match="no name"):
        world.services.sign_off.sign(audit_id, party="auditor", name=" ", strokes=STROKES)


def test_signing_again_replaces_the_signature_of_that_party(world: World) -> None:
    audit_id = an_answered_audit(world)
    sign(world, audit_id)
    second = sign(world, audit_id)
    assert [row.id for row in world.services.sign_off.summary(audit_id).signatures] == [second]


def test_reopening_needs_a_reason_and_makes_a_new_version(world: World) -> None:
    audit_id = an_answered_audit(world)
    sign(world, audit_id)
    world.services.sign_off.sign_off(audit_id)
    with pytest.raises(AuditError, match="needs a reason"):
        world.services.sign_off.reopen(audit_id, reason=" ")
    world.services.sign_off.reopen(audit_id, reason="The vendor sent the missing record.")
    summary = world.services.sign_off.summary(audit_id)
    assert (summary.state, summary.version) == (AuditState.OPEN, 2)
    assert summary.signatures == ()
    answer(world, audit_id, "A1", "MIN")


def a_signed_audit(world: World) -> UUID:
    """Signed by both, with a note, a finding and a photo."""
    audit_id = an_answered_audit(world)
    ref = question(world.services.checklist.open(audit_id), "A1").ref
    world.services.checklist.note(audit_id, ref=ref, text="Walked at 09:10.")
    world.services.evidence.add_photo(
        audit_id, data=a_photo(), name="door.jpg", ref=ref, caption="Side door"
    )
    opened = answer(world, audit_id, "A2", "MIN").opened
    assert opened is not None
    world.services.findings.edit(opened.id, statement="Paper on four desks.")
    sign(world, audit_id)
    world.services.sign_off.sign(
        audit_id, party="vendor", name="Omar", remark="Received, not agreed.", strokes=STROKES
    )
    world.services.sign_off.sign_off(audit_id)
    return audit_id


SEALED = (
    ("answer", "value", "MAJ"),
    ("answer", "note", "Never walked."),
    ("answer", "mark", "nv"),
    ("finding", "statement", "Nothing to see."),
    ("finding", "grade", "ofi"),
    ("finding", "title", "All is well"),
    ("evidence", "caption", "Another door"),
    ("evidence", "sha256", "0" * 64),
    ("evidence", "ref", "/data/B/B1"),
    ("signature", "name", "Mallory"),
    ("signature", "role", "Nobody"),
    ("signature", "remark", "Agreed."),
    ("signature", "strokes", "[[[0.5, 0.5]]]"),
    ("audit_summary", "shown", "100"),
    ("audit", "version", 7),
)


@pytest.mark.parametrize(("table", "column", "value"), SEALED)
def test_what_is_changed_behind_the_programs_back_shows_in_the_manifest(
    world: World, table: str, column: str, value: object
) -> None:
    a_signed_audit(world)
    assert verify_workspace(world.store).changed_audits == ()
    connection = connect(world.store.path, world.store.key())
    forged = f"UPDATE {table} SET {column} = ?"  # noqa: S608 (names from above)
    connection.execute(forged, (value,))
    connection.commit()
    connection.close()
    assert len(verify_workspace(world.store).changed_audits) == 1


def test_what_follows_sign_off_leaves_the_manifest_whole(world: World) -> None:
    audit_id = a_signed_audit(world)
    (finding,) = world.services.findings.listed(audit_id=audit_id)
    world.services.findings.acknowledge(finding.id)
    action = world.services.actions.add(finding.id, text="Lock the cupboard")
    world.services.actions.move(action.id, state=ActionState.IMPLEMENTED, proof="Photo")
    world.services.findings.close(finding.id, note="Seen on site.")
    assert verify_workspace(world.store).ok


def test_a_taken_back_signature_is_gone_and_refused_after_sign_off(world: World) -> None:
    audit_id = an_answered_audit(world)
    first = sign(world, audit_id)
    world.services.sign_off.unsign(first)
    assert world.services.sign_off.summary(audit_id).signatures == ()
    second = sign(world, audit_id)
    world.services.sign_off.sign_off(audit_id)
    with pytest.raises(NotAllowed, match="is signed"):
        world.services.sign_off.unsign(second)
    with pytest.raises(NotFound):
        world.services.sign_off.unsign(audit_id)


def test_an_open_audit_cannot_be_reopened_nor_an_unknown_one(world: World) -> None:
    audit_id = an_answered_audit(world)
    with pytest.raises(NotAllowed, match="is open already"):
        world.services.sign_off.reopen(audit_id, reason="Once more")
    with pytest.raises(NotFound):
        world.services.sign_off.reopen(UUID(int=7), reason="Once more")
    with pytest.raises(NotFound):
        world.services.sign_off.summary(UUID(int=7))


def test_the_next_version_keeps_the_answers_and_is_sealed_anew(world: World) -> None:
    audit_id = a_signed_audit(world)
    first = world.services.sign_off.summary(audit_id).manifest
    world.services.sign_off.reopen(audit_id, reason="The vendor sent the missing record.")
    summary = world.services.sign_off.summary(audit_id)
    assert (summary.manifest, summary.reopen_reason) == ("", "The vendor sent the missing record.")
    sign(world, audit_id)
    world.services.sign_off.sign_off(audit_id)
    second = world.services.sign_off.summary(audit_id).manifest
    assert len(second) == 64
    assert second != first
    assert verify_workspace(world.store).ok
