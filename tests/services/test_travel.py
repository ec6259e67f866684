"""Before leaving: each need of a visit follows the thing itself, with and without a centre."""

import shutil
from collections import namedtuple
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import delete

from audit_app.domain.words import AuditState
from audit_app.errors import NotFound
from audit_app.services import travel
from audit_app.services.travel import NeedKind, Travel
from db.tables import Audit, Centre, StoredFile
from tests.builders import World, a_photo, a_site, a_small_template, an_audit, answer, question

Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def roomy_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk of the machine that runs the tests is no part of them."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Usage(9, 9, travel.ROOM))


def planned(world: World, site: UUID, template: UUID) -> UUID:
    day = world.clock.now().date() + timedelta(days=9)
    plan = world.services.visits.plan
    return plan(site_id=site, starts=day, ends=day, template_version_ids=[template]).id


def a_second_visit(world: World) -> tuple[UUID, UUID]:
    """A planned visit, and the signed audit with a photo that came before it at the site."""
    template, site = a_small_template(world), a_site(world)
    audit = an_audit(world, template, site)
    opened = answer(world, audit, "A2", "MIN").opened
    assert opened is not None
    world.services.actions.add(opened.id, text="Clear the desks")
    ref = question(world.services.checklist.open(audit), "A1").ref
    world.services.evidence.add_photo(audit, data=a_photo(), name="door.jpg", ref=ref)
    with world.store.write(actor="test", action="sign") as session:
        session.get_one(Audit, audit).state = AuditState.SIGNED
    return planned(world, site, template), audit


def missing(found: Travel) -> set[NeedKind]:
    return {need.kind for need in found.needs if not need.is_ready}


def words(found: Travel, kind: NeedKind) -> str:
    return next(need.words for need in found.needs if need.kind is kind)


def test_a_first_visit_without_a_centre_needs_a_backup_and_nothing_else(world: World) -> None:
    visit = planned(world, a_site(world), a_small_template(world))
    found = world.services.travel.readiness(visit)
    assert missing(found) == {NeedKind.BACKUP}
    assert found.can_go
    assert not found.is_ready
    assert NeedKind.CONTACT not in {need.kind for need in found.needs}
    assert words(found, NeedKind.CHECKLIST) == "“Small form”, version 1 is on this device."

    world.services.workspace.back_up()
    assert world.services.travel.readiness(visit).is_ready
    world.clock.go_on(hours=25)
    assert missing(world.services.travel.readiness(visit)) == {NeedKind.BACKUP}


def test_a_checklist_whose_file_is_not_here_stops_the_visit(world: World) -> None:
    visit = planned(world, a_site(world), a_small_template(world))
    with world.store.settle() as session:
        session.execute(delete(StoredFile))
    found = world.services.travel.readiness(visit)
    assert NeedKind.CHECKLIST in missing(found)
    assert not found.can_go


def test_the_last_visit_comes_along_with_photos_and_what_is_open(world: World) -> None:
    visit, _ = a_second_visit(world)
    found = world.services.travel.readiness(visit)
    assert words(found, NeedKind.PHOTOS) == "All 1 photos of the last audit are on this device."
    assert "1 findings and 1 actions" in words(found, NeedKind.FOLLOW_UP)
    assert missing(found) == {NeedKind.BACKUP, NeedKind.REPORT}

    for path in (world.folder / "photos").glob("??/*"):
        path.unlink()
    found = world.services.travel.readiness(visit)
    assert words(found, NeedKind.PHOTOS).startswith("1 of 1 photos of the last audit are not")


def test_a_smaller_photo_is_enough(world: World) -> None:
    visit, _ = a_second_visit(world)
    for path in (world.folder / "photos").glob("??/*"):
        if not path.name.endswith("-1000"):
            path.unlink()
    assert NeedKind.PHOTOS not in missing(world.services.travel.readiness(visit))


def test_the_report_is_here_as_long_as_its_file_is(world: World, tmp_path: Path) -> None:
    visit, audit = a_second_visit(world)
    file = tmp_path / "report.pdf"
    file.write_bytes(b"%PDF-1.7")
    world.services.reports.issued(audit, file=file, sha256="0" * 64, pages=1, size=8, language="en")
    assert NeedKind.REPORT not in missing(world.services.travel.readiness(visit))
    file.unlink()
    assert NeedKind.REPORT in missing(world.services.travel.readiness(visit))


def test_a_joined_device_is_told_when_it_has_not_heard_for_a_day(world: World) -> None:
    visit = planned(world, a_site(world), a_small_template(world))
    now = world.clock.now()
    with world.store.settle() as session:
        session.add(Centre(id=1, address="https://centre.test", joined_at=now, contact_at=now))
    assert NeedKind.CONTACT not in missing(world.services.travel.readiness(visit))
    world.clock.go_on(hours=25)
    assert NeedKind.CONTACT in missing(world.services.travel.readiness(visit))


def test_a_disk_that_is_nearly_full_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    visit = planned(world, a_site(world), a_small_template(world))
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Usage(9, 9, travel.ROOM - 1))
    assert NeedKind.SPACE in missing(world.services.travel.readiness(visit))


def test_a_visit_that_is_not_here_is_refused(world: World) -> None:
    with pytest.raises(NotFound, match="not in the workspace"):
        world.services.travel.readiness(UUID(int=5))
