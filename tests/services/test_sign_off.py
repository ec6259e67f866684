"""From the last answer to a sealed record, and back with a reason."""

from uuid import UUID

import pytest

from audit_app.domain.words import AuditState, FindingState, VisitState
from audit_app.errors import AuditError, NotAllowed
from audit_app.services.integrity import verify_workspace
from db.tables import Answer
from tests.builders import STROKES, World, a_small_template, an_audit, answer, question


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


def test_a_changed_answer_shows_in_the_manifest(world: World) -> None:
    audit_id = an_answered_audit(world)
    sign(world, audit_id)
    world.services.sign_off.sign_off(audit_id)
    assert verify_workspace(world.store).ok
    ref = question(world.services.checklist.open(audit_id), "A1").ref
    with world.store.write(actor="Mallory", action="forge") as session:
        row = session.query(Answer).filter(Answer.ref == ref, Answer.audit_id == audit_id).one()
        row.value = "MIN"
    result = verify_workspace(world.store)
    assert not result.ok
    assert len(result.changed_audits) == 1
