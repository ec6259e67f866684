"""Photos and files behind answers."""

from uuid import UUID

import pytest

from audit_app.errors import ImportRefused, NotAllowed
from tests.builders import (
    STROKES,
    World,
    a_photo,
    a_small_template,
    an_audit,
    answer,
    question,
)


def an_audit_and_ref(world: World) -> tuple[UUID, str]:
    audit_id = an_audit(world, a_small_template(world))
    return audit_id, question(world.services.checklist.open(audit_id), "A1").ref


def test_a_photo_is_there_after_a_restart_byte_for_byte(world: World) -> None:
    audit_id, ref = an_audit_and_ref(world)
    data = a_photo()
    added = world.services.evidence.add_photo(audit_id, data=data, name="C:\\a\\door.jpg", ref=ref)
    world = world.reopened()
    (row,) = world.services.evidence.of_question(audit_id, ref=ref)
    assert row.thumbnail[:2] == b"\xff\xd8"
    assert world.services.evidence.original(added.row.id)[1] == data
    assert world.services.evidence.image(added.row.id, size=1000)[:2] == b"\xff\xd8"
    world.close()


def test_a_photo_meets_the_evidence_rule(world: World) -> None:
    audit_id, ref = an_audit_and_ref(world)
    saved = answer(world, audit_id, "A1", "C")
    assert saved.rows[0].evidence_missing
    world.services.evidence.add_photo(audit_id, data=a_photo(), name="door.jpg", ref=ref)
    row = world.services.checklist.refresh(audit_id, ref=ref).rows[0]
    assert row.photos == 1
    assert not row.evidence_missing


def test_a_removed_photo_waits_in_the_bin_and_comes_back(world: World) -> None:
    audit_id, ref = an_audit_and_ref(world)
    added = world.services.evidence.add_photo(audit_id, data=a_photo(), name="a.jpg", ref=ref)
    world.services.evidence.remove(added.row.id)
    assert world.services.evidence.of_question(audit_id, ref=ref) == ()
    assert [row.id for row in world.services.evidence.bin(audit_id)] == [added.row.id]
    undone = world.services.checklist.undo(audit_id)
    assert undone is not None
    assert len(world.services.evidence.of_question(audit_id, ref=ref)) == 1


def test_a_broken_photo_is_refused_and_leaves_nothing(world: World) -> None:
    audit_id, ref = an_audit_and_ref(world)
    with pytest.raises(ImportRefused):
        world.services.evidence.add_photo(audit_id, data=b"not a photo", name="a.jpg", ref=ref)
    with pytest.raises(ImportRefused, match="is empty"):
        world.services.evidence.add_photo(audit_id, data=b"", name="a.jpg", ref=ref)
    assert world.services.evidence.of_audit(audit_id) == ()
    assert list(world.store.photos.originals()) == []


def test_a_signed_audit_takes_no_photo(world: World) -> None:
    audit_id, ref = an_audit_and_ref(world)
    answer(world, audit_id, "A1", "C")
    world.services.sign_off.sign(audit_id, party="auditor", name="Lena", strokes=STROKES)
    world.services.sign_off.sign_off(audit_id)
    with pytest.raises(NotAllowed):
        world.services.evidence.add_photo(audit_id, data=a_photo(), name="a.jpg", ref=ref)


def test_any_file_is_kept_as_it_is(world: World) -> None:
    audit_id, ref = an_audit_and_ref(world)
    added = world.services.evidence.add_file(audit_id, data=b"%PDF-x", name="sow.pdf", ref=ref)
    assert (added.row.kind, added.row.thumbnail) == ("file", b"")
    assert world.services.evidence.original(added.row.id) == ("sow.pdf", b"%PDF-x")
