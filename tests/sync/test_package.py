"""A package carries one laptop's work to another: what arrives, what stays, what is told."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from audit_app.domain.words import AuditState, Grade
from audit_app.errors import AuditError, ImportRefused, StoreError
from audit_app.services.integrity import verify_workspace
from audit_app.sync import package_bytes, package_choice, package_parts
from audit_app.sync.package_choice import Photos
from db import photos as photo_store
from db.files import in_words
from db.store import Store
from db.tables import (
    Answer,
    Audit,
    Conflict,
    Finding,
    OutboxOp,
    Package,
    StoredFile,
    TrailEntry,
)
from tests.builders import (
    NOON,
    STROKES,
    StillClock,
    World,
    a_photo,
    a_small_template,
    a_store,
    an_audit,
    answer,
    question,
)
from tests.sync.couriers import Courier, a_courier, a_travelling_world

Pair = tuple[World, Courier]


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    made = tmp_path / "stick"
    made.mkdir()
    return made


@pytest.fixture
def ada(tmp_path: Path, stick: Path) -> Iterator[Pair]:
    world, courier = a_travelling_world("Ada", tmp_path, stick, 1)
    yield world, courier
    world.close()


@pytest.fixture
def ben(tmp_path: Path, stick: Path) -> Iterator[Pair]:
    world, courier = a_travelling_world("Ben", tmp_path, stick, 2)
    yield world, courier
    world.close()


@pytest.fixture
def two(tmp_path: Path, stick: Path) -> Iterator[tuple[Courier, Courier]]:
    """Two laptops without services."""
    stores = [
        a_store(tmp_path / name, StillClock(NOON + timedelta(seconds=number)))
        for number, name in enumerate(("one", "two"))
    ]
    yield a_courier("One", stores[0], stick), a_courier("Two", stores[1], stick)
    for store in stores:
        store.close()


ROW = UUID("019aaaaa-0000-7000-8000-000000000001")
OTHER = UUID("019aaaaa-0000-7000-8000-000000000002")


def an_audit_with_photo(world: World) -> tuple[UUID, bytes]:
    audit = an_audit(world, a_small_template(world))
    answer(world, audit, "A1", "C")
    opened = answer(world, audit, "A2", "MIN").opened
    assert opened is not None
    world.services.findings.edit(opened.id, statement="Paper on four desks.")
    world.services.actions.add(opened.id, text="Clear the desks", due=None, owner="")
    photo = a_photo()
    ref = question(world.services.checklist.open(audit), "A1").ref
    world.services.evidence.add_photo(audit, data=photo, name="door.jpg", ref=ref)
    return audit, photo


def visit_of(world: World, audit: UUID) -> UUID:
    return world.services.visits.of_audit(audit).id


def test_a_visit_arrives_whole_with_findings_and_photos(ada: Pair, ben: Pair) -> None:
    audit, photo = an_audit_with_photo(ada[0])
    file = ada[1].hands_over(visit_of(ada[0], audit))
    seen = ben[1].sees(file)
    assert (seen.by, seen.refusal, seen.conflicts) == ("Ada", "", 0)
    assert (seen.new["finding"], seen.new["action"], seen.new["evidence"]) == (1, 1, 1)
    assert seen.photos >= 2
    assert ben[1].rows() == {}

    merged = ben[1].takes(file)

    assert merged.preview == seen
    assert ben[1].rows() == ada[1].rows()
    view = ben[0].services.checklist.open(audit)
    assert view.score == ada[0].services.checklist.open(audit).score
    (row,) = ben[0].services.evidence.of_audit(audit)
    assert ben[0].services.evidence.original(row.id) == ("door.jpg", photo)
    assert row.thumbnail
    with ben[0].store.read() as session:
        assert session.scalar(select(func.count()).select_from(StoredFile)) == 2
    assert verify_workspace(ben[0].store).ok
    answer(ben[0], audit, "A3", "C")


def test_photos_travel_smaller_where_that_is_chosen(ada: Pair, ben: Pair) -> None:
    audit, _ = an_audit_with_photo(ada[0])
    visit = visit_of(ada[0], audit)
    large, small = ada[1].hands_over(visit), ada[1].hands_over(visit, Photos.SMALLER)
    assert small.stat().st_size != large.stat().st_size

    ben[1].takes(small)

    (row,) = ben[0].services.evidence.of_audit(audit)
    ours = ada[0].services.evidence.image(row.id, size=1000)
    assert ben[0].services.evidence.image(row.id, size=1000) == ours
    assert row.thumbnail
    assert [key for key in ben[0].store.photos.held() if key[0] == row.sha256] == [
        (row.sha256, 1000)
    ]


def test_photos_that_do_not_come_along_are_told(ada: Pair, ben: Pair) -> None:
    audit, _ = an_audit_with_photo(ada[0])
    file = ada[1].hands_over(visit_of(ada[0], audit), Photos.NONE)
    (warning,) = ben[1].sees(file).warnings
    assert warning == "1 photos or files are neither in the package nor on this device."


def test_a_package_merged_before_is_refused(two: tuple[Courier, Courier]) -> None:
    one, other = two
    one.write_vendor(ROW, name="Nordwind")
    file = one.hands_over()
    other.takes(file)
    assert other.sees(file).is_applied
    with pytest.raises(ImportRefused, match="merged here already"):
        other.takes(file)


def test_a_package_of_this_very_device_is_refused(two: tuple[Courier, Courier]) -> None:
    one, _ = two
    one.write_vendor(ROW, name="Nordwind")
    file = one.hands_over()
    assert one.sees(file).is_own
    with pytest.raises(ImportRefused, match="made on this device"):
        one.takes(file)


def test_changes_go_to_and_fro_without_a_conflict(two: tuple[Courier, Courier]) -> None:
    one, other = two
    one.write_vendor(ROW, name="Nordwind", note="Two floors.")
    other.takes(one.hands_over())
    other.write_vendor(ROW, name="Nordwind AG")
    one.takes(other.hands_over())
    assert one.vendor(ROW, "name") == "Nordwind AG"
    one.write_vendor(ROW, name="Nordwind SE", code="N")
    other.write_vendor(ROW, note="Three floors.")
    other.takes(one.hands_over())
    one.takes(other.hands_over())
    assert one.rows() == other.rows()
    assert one.vendor(ROW, "name") == "Nordwind SE"
    assert one.vendor(ROW, "note") == "Three floors."
    assert one.conflicts() == other.conflicts() == []


def test_what_both_changed_waits_for_a_person_and_is_told_once(
    two: tuple[Courier, Courier],
) -> None:
    one, other = two
    one.write_vendor(ROW, name="Nordwind")
    other.takes(one.hands_over())
    one.write_vendor(ROW, name="Nordwind AG")
    other.write_vendor(ROW, name="Nordwind SE")
    file = one.hands_over()
    assert other.sees(file).conflicts == 1
    other.takes(file)
    assert other.vendor(ROW, "name") == "Nordwind SE"
    assert other.conflicts() == [("name", "Nordwind SE", "Nordwind AG", "open")]
    other.takes(one.hands_over())
    assert len(other.conflicts()) == 1, "the same value again is no new conflict"
    one.takes(other.hands_over())
    assert one.vendor(ROW, "name") == "Nordwind SE", "the other side had seen ours"
    assert one.conflicts() == other.conflicts(), "the value that did not win is still there"


def test_long_texts_that_both_changed_are_merged_by_words(two: tuple[Courier, Courier]) -> None:
    one, other = two
    one.write_vendor(ROW, name="Nordwind", note="Two floors and one canteen.")
    other.takes(one.hands_over())
    one.write_vendor(ROW, note="Three floors and one canteen.")
    other.write_vendor(ROW, note="Two floors and one large canteen.")
    other.takes(one.hands_over())
    assert other.vendor(ROW, "note") == "Three floors and one large canteen."
    assert other.conflicts() == []
    one.takes(other.hands_over())
    assert one.vendor(ROW, "note") == "Three floors and one large canteen."


def test_the_graver_grade_stands_and_the_other_is_told(ada: Pair, ben: Pair) -> None:
    audit, _ = an_audit_with_photo(ada[0])
    visit = visit_of(ada[0], audit)
    ben[1].takes(ada[1].hands_over(visit))
    with ada[0].store.read() as session:
        finding = session.scalars(select(Finding)).one().id
    ada[0].services.findings.regrade(finding, grade=Grade.MAJOR)
    ben[0].services.findings.regrade(finding, grade=Grade.OFI)
    ben[1].takes(ada[1].hands_over(visit))
    with ben[0].store.read() as session:
        assert session.get_one(Finding, finding).grade is Grade.MAJOR
    assert ("grade", "major", "ofi", "auto") in ben[1].conflicts()


def test_an_edit_beats_a_deletion_that_had_not_seen_it(two: tuple[Courier, Courier]) -> None:
    one, other = two
    one.write_vendor(ROW, name="Nordwind")
    other.takes(one.hands_over())
    one.write_vendor(ROW, deleted_at=NOON)
    other.write_vendor(ROW, name="Nordwind AG")
    deletion, edit = one.hands_over(), other.hands_over()
    other.takes(deletion)
    one.takes(edit)
    for laptop in two:
        assert laptop.vendor(ROW, "deleted_at") is None
        assert laptop.vendor(ROW, "name") == "Nordwind AG"
        assert [row[0] for row in laptop.conflicts()] == ["deleted_at"]


def test_two_packages_of_one_laptop_end_equal_in_either_order(
    two: tuple[Courier, Courier], tmp_path: Path
) -> None:
    one, other = two
    third = a_courier(
        "Three", a_store(tmp_path / "three", StillClock(NOON + timedelta(hours=3))), one.stick
    )
    one.write_vendor(ROW, name="Nordwind", note="Old.")
    one.write_vendor(OTHER, name="Südwind")
    first = one.hands_over()
    one.write_vendor(ROW, name="Nordwind AG", note="New.")
    second = one.hands_over()
    other.takes(first)
    other.takes(second)
    third.takes(second)
    assert third.sees(first).warnings == (
        "2 rows are older than what this device has had from One before; they change nothing.",
    )
    third.takes(first)
    assert other.rows() == third.rows() == one.rows()
    assert other.conflicts() == third.conflicts() == []
    third.store.close()


def test_packages_of_two_laptops_end_equal_in_either_order(
    two: tuple[Courier, Courier], tmp_path: Path
) -> None:
    one, other = two
    readers = [
        a_courier(name, a_store(tmp_path / name, StillClock(NOON + timedelta(hours=n))), one.stick)
        for n, name in enumerate(("three", "four"), 1)
    ]
    one.write_vendor(ROW, name="Nordwind", note="Two floors and one canteen.")
    start = one.hands_over()
    for laptop in (other, *readers):
        laptop.takes(start)
    one.write_vendor(ROW, code="N", note="Three floors and one canteen.")
    other.write_vendor(ROW, name="Nordwind AG", note="Two floors and one large canteen.")
    packages = [one.hands_over(), other.hands_over()]
    for laptop, order in zip(readers, (packages, packages[::-1]), strict=True):
        for file in order:
            laptop.takes(file)
    assert readers[0].rows() == readers[1].rows()
    assert readers[0].vendor(ROW, "note") == "Three floors and one large canteen."
    assert readers[0].conflicts() == readers[1].conflicts() == []
    for laptop in readers:
        laptop.store.close()


def test_what_came_by_a_third_laptop_is_known_to_come_from_the_first(
    two: tuple[Courier, Courier], tmp_path: Path
) -> None:
    one, other = two
    third = a_courier(
        "Three", a_store(tmp_path / "three", StillClock(NOON + timedelta(hours=3))), one.stick
    )
    one.write_vendor(ROW, name="Nordwind")
    other.takes(one.hands_over())
    third.takes(other.hands_over())
    one.write_vendor(ROW, name="Nordwind AG")
    third.takes(one.hands_over())
    assert third.vendor(ROW, "name") == "Nordwind AG"
    assert third.conflicts() == []
    third.store.close()


def test_a_laptop_put_back_to_an_older_state_overwrites_nothing_in_silence(
    two: tuple[Courier, Courier], tmp_path: Path
) -> None:
    one, other = two
    one.write_vendor(ROW, name="Nordwind")
    other.takes(one.hands_over())
    one.store.close()
    shutil.copytree(tmp_path / "one", tmp_path / "backup")
    one.store = Store.open(tmp_path / "one", StillClock(NOON + timedelta(hours=1)))
    one = a_courier("One", one.store, one.stick)
    one.write_vendor(ROW, name="Nordwind AG")
    one.count = 10
    lost = one.hands_over()
    other.takes(lost)
    one.store.close()
    restored = a_courier(
        "Back", Store.open(tmp_path / "backup", StillClock(NOON + timedelta(hours=2))), one.stick
    )
    restored.write_vendor(ROW, name="Nordwind GmbH")
    other.takes(restored.hands_over())
    assert other.vendor(ROW, "name") == "Nordwind AG"
    assert other.conflicts() == [("name", "Nordwind AG", "Nordwind GmbH", "open")]
    assert "put back to an older state" in restored.sees(lost).warnings[0]
    restored.takes(lost)
    assert restored.conflicts() == [("name", "Nordwind GmbH", "Nordwind AG", "open")]
    restored.store.close()


def test_a_signed_audit_takes_no_answers_and_the_rest_goes_on(ada: Pair, ben: Pair) -> None:
    audit, _ = an_audit_with_photo(ada[0])
    visit = visit_of(ada[0], audit)
    ben[1].takes(ada[1].hands_over(visit))
    ben[0].services.sign_off.sign(audit, party="auditor", name="Ben", strokes=STROKES)
    ben[0].services.sign_off.sign_off(audit)
    answer(ada[0], audit, "A1", "MAJ")
    ada[0].services.visits.change(visit, purpose="Follow-up")
    with ada[0].store.read() as session:
        finding = session.scalars(select(Finding).where(Finding.title.like("%floor%"))).one().id
    ada[0].services.actions.add(finding, text="Buy a shredder")
    file = ada[1].hands_over(visit)

    merged = ben[1].takes(file)

    (warning,) = merged.preview.warnings
    assert "is signed here" in warning
    with ben[0].store.read() as session:
        values = set(session.scalars(select(Answer.value)))
        assert "MAJ" not in values
        assert session.scalar(select(func.count()).select_from(Finding)) == 1
        assert session.scalar(select(func.count()).select_from(Conflict)) == 0
    assert ben[0].services.visits.view(visit).purpose == "Follow-up"
    assert "Buy a shredder" in [row.text for row in ben[0].services.actions.listed()]
    assert verify_workspace(ben[0].store).ok
    assert not ben[1].sees(file).is_applied, "it can be merged once the audit is reopened"


def test_an_audit_signed_elsewhere_stays_open_where_its_answers_differ(
    ada: Pair, ben: Pair
) -> None:
    audit, _ = an_audit_with_photo(ada[0])
    visit = visit_of(ada[0], audit)
    ben[1].takes(ada[1].hands_over(visit))
    answer(ben[0], audit, "A3", "MIN")
    ada[0].services.sign_off.sign(audit, party="auditor", name="Ada", strokes=STROKES)
    ada[0].services.sign_off.sign_off(audit)
    merged = ben[1].takes(ada[1].hands_over(visit))
    assert "its answers here differ" in merged.preview.warnings[0]
    with ben[0].store.read() as session:
        assert session.get_one(Audit, audit).state is AuditState.OPEN
    assert verify_workspace(ben[0].store).ok


def test_an_audit_signed_elsewhere_is_signed_here_where_nothing_differs(
    ada: Pair, ben: Pair
) -> None:
    audit, _ = an_audit_with_photo(ada[0])
    visit = visit_of(ada[0], audit)
    ben[1].takes(ada[1].hands_over(visit))
    answer(ada[0], audit, "A3", "C")
    ada[0].services.sign_off.sign(audit, party="auditor", name="Ada", strokes=STROKES)
    ada[0].services.sign_off.sign_off(audit)
    ben[1].takes(ada[1].hands_over(visit))
    found = verify_workspace(ben[0].store)
    assert (found.signed_audits, found.changed_audits, found.ok) == (1, (), True)
    assert ben[1].rows() == ada[1].rows()


def test_fields_of_a_newer_version_survive_and_travel_on(two: tuple[Courier, Courier]) -> None:
    one, other = two
    one.write_vendor(ROW, name="Nordwind", extra={"rank": "gold"})
    other.takes(one.hands_over())
    assert other.rows()["vendor", ROW]["rank"] == "gold"
    with other.store.read() as session:
        assert session.scalars(select(OutboxOp)).one().set["rank"] == "gold"
    one.write_vendor(ROW, extra={"rank": "silver"})
    other.takes(one.hands_over())
    assert other.rows()["vendor", ROW]["rank"] == "silver"


def test_what_a_newer_version_alone_understands_can_be_merged_after_the_update(
    two: tuple[Courier, Courier], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two
    one.write_vendor(ROW, name="Nordwind")
    monkeypatch.setattr(
        package_choice, "_packed", renamed(package_choice._packed, "vendor", "provider")
    )
    monkeypatch.setattr(package_parts.Made, "wire", newer(package_parts.Made.wire))
    file = one.hands_over()
    monkeypatch.undo()
    merged = other.takes(file)
    assert merged.preview.rows == 1
    assert "made by a newer version" in merged.preview.warnings[0]
    assert "1 rows cannot be understood" in merged.preview.warnings[1]
    assert other.sees(file).refusal == ""


def renamed(pack: Any, kind: str, other: str) -> Any:
    """As a program would pack that calls a kind of row otherwise."""

    def packed(*args: Any) -> Iterator[package_parts.PackedRow]:
        for row in pack(*args):
            yield replace(row, entity=other) if row.entity == kind else row

    return packed


def newer(wire: Any) -> Any:
    return lambda made: wire(made) | {"schema": made.schema + 1, "mood": "sunny"}


def test_a_full_disk_while_photos_arrive_leaves_nothing_half(
    ada: Pair, ben: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    audit, _ = an_audit_with_photo(ada[0])
    file = ada[1].hands_over(visit_of(ada[0], audit))

    def full(path: Path, *_args: object, **_more: object) -> None:
        raise in_words(OSError(28, "No space left on device"), path, "the photo")

    with monkeypatch.context() as patch:
        patch.setattr(photo_store, "write_durably", full)
        with pytest.raises(StoreError, match="The disk is full"):
            ben[1].takes(file)
    assert ben[1].rows() == {}
    assert ben[1].sees(file).refusal == ""
    ben[1].takes(file)
    assert ben[1].rows() == ada[1].rows()


def test_a_full_disk_while_rows_are_written_leaves_none_of_them(
    two: tuple[Courier, Courier],
) -> None:
    one, other = two
    for number in range(200):
        row = UUID(int=ROW.int + number)
        one.write_vendor(row, name=f"Vendor {number}", note=str(number) * 2000)
    file = one.hands_over()
    with other.store.read() as session:
        pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar_one()
    with other.store.settle() as session:
        session.connection().exec_driver_sql(f"PRAGMA max_page_count={pages + 20}")
    with pytest.raises(StoreError, match="The disk is full"):
        other.takes(file)
    assert other.rows() == {}
    with other.store.read() as session:
        assert session.scalar(select(func.count()).select_from(Package)) == 0
    other.takes(file)
    assert other.rows() == one.rows()


def test_a_full_stick_leaves_no_file(
    two: tuple[Courier, Courier], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = two
    one.write_vendor(ROW, name="Nordwind")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(package_bytes, "sync_file", full)
    with pytest.raises(StoreError, match="The disk is full; the package"):
        one.hands_over()
    assert list(one.stick.iterdir()) == []


def test_the_trail_names_the_maker_and_each_scope_is_a_group(two: tuple[Courier, Courier]) -> None:
    one, other = two
    one.write_vendor(ROW, name="Nordwind")
    one.write_vendor(OTHER, name="Südwind")
    other.takes(one.hands_over())
    with other.store.read() as session:
        bodies = list(session.scalars(select(TrailEntry.body)))
        groups = {op.scope: op.group for op in session.scalars(select(OutboxOp))}
    assert all('"actor":"One by package"' in body and "merged by Two" in body for body in bodies)
    assert len(bodies) == 2
    assert len(set(groups.values())) == 2


def test_with_nothing_to_hand_over_no_file_is_made(two: tuple[Courier, Courier]) -> None:
    with pytest.raises(AuditError, match="nothing to hand over"):
        two[0].hands_over()
    assert list(two[0].stick.iterdir()) == []
