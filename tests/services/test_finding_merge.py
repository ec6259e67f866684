"""Several questions, one finding: nothing that was written is lost, and undo parts them."""

from datetime import date
from uuid import UUID

import pytest

from audit_app.domain.words import FindingState, Grade
from audit_app.errors import NotAllowed
from audit_app.services.finding_rows import FindingRow
from tests.builders import (
    STROKES,
    World,
    a_photo,
    a_site,
    a_small_template,
    an_audit,
    answer,
    question,
)


@pytest.fixture
def audit(world: World) -> UUID:
    return an_audit(world, a_small_template(world), a_site(world))


@pytest.fixture
def pair(world: World, audit: UUID) -> tuple[FindingRow, FindingRow]:
    """A minor on 1.2 with text, photo and action; a critical on 1.3."""
    services = world.services
    answer(world, audit, "A2", "MIN")
    answer(world, audit, "A3", "MAJ")
    critical, minor = services.findings.listed(audit_id=audit)
    services.findings.edit(minor.id, statement="Paper in aisle 3.")
    services.findings.edit(critical.id, statement="The alarm rang for ten minutes.")
    services.evidence.add_photo(audit, data=a_photo(), name="p.jpg", ref=minor.question_ref)
    services.actions.add(minor.id, text="Bins in every aisle", due=date(2026, 12, 1))
    return minor, critical


def test_a_merged_finding_brings_texts_photos_actions_and_the_graver_grade(
    world: World, audit: UUID, pair: tuple[FindingRow, FindingRow]
) -> None:
    minor, critical = pair
    findings = world.services.findings

    findings.merge(critical.id, into=minor.id)

    (row,) = findings.listed(audit_id=audit)
    assert row.id == minor.id
    assert row.grade is Grade.CRITICAL
    view = findings.view(minor.id)
    assert view.statement == "Paper in aisle 3.\n1.3: The alarm rang for ten minutes."
    assert "Is the alarm answered?" in view.criterion
    assert "Is the floor free of paper?" in view.criterion
    assert findings.view(critical.id).row.state is FindingState.VOID

    findings.edit(minor.id, statement="Both.")
    assert question(world.services.checklist.open(audit), "A2").photos == 1


def test_photos_and_actions_go_over(
    world: World, audit: UUID, pair: tuple[FindingRow, FindingRow]
) -> None:
    minor, critical = pair

    world.services.findings.merge(minor.id, into=critical.id)

    view = world.services.findings.view(critical.id)
    assert [row.name for row in view.evidence] == ["p.jpg"]
    assert [row.text for row in view.actions] == ["Bins in every aisle"]
    assert question(world.services.checklist.open(audit), "A2").photos == 1


def test_undo_parts_them_again(
    world: World, audit: UUID, pair: tuple[FindingRow, FindingRow]
) -> None:
    minor, critical = pair
    findings = world.services.findings
    before = findings.view(minor.id), findings.view(critical.id)

    findings.merge(minor.id, into=critical.id)
    world.services.checklist.undo(audit)

    after = findings.view(minor.id), findings.view(critical.id)
    for old, new in zip(before, after, strict=True):
        assert new.row == old.row
        assert (new.statement, new.criterion, new.actions) == (
            old.statement,
            old.criterion,
            old.actions,
        )


def test_a_note_on_the_question_does_not_bring_a_merged_finding_back(
    world: World, audit: UUID, pair: tuple[FindingRow, FindingRow]
) -> None:
    minor, critical = pair
    world.services.findings.merge(minor.id, into=critical.id)

    world.services.checklist.note(audit, ref=minor.question_ref, text="Seen again.")
    answer(world, audit, "A2", "MAJ")

    assert [row.id for row in world.services.findings.listed(audit_id=audit)] == [critical.id]


def test_findings_of_two_audits_or_a_signed_one_are_not_merged(
    world: World, audit: UUID, pair: tuple[FindingRow, FindingRow]
) -> None:
    minor, critical = pair
    services = world.services
    with pytest.raises(NotAllowed, match="Only two findings of one audit"):
        services.findings.merge(minor.id, into=minor.id)
    other = an_audit(world, starts=world.clock.now().date())
    made = services.findings.open(other, grade=Grade.MINOR, title="Elsewhere").id
    with pytest.raises(NotAllowed, match="Only two findings of one audit"):
        services.findings.merge(minor.id, into=made)

    services.sign_off.sign(audit, party="auditor", name="Ada Reed", strokes=STROKES)
    services.sign_off.sign_off(audit)
    with pytest.raises(NotAllowed, match="signed"):
        services.findings.merge(minor.id, into=critical.id)
