"""What a visit finds on this device: each fact follows the thing itself."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import delete, select

from audit_app.domain.words import AuditState
from audit_app.services.readiness import Readiness
from db.tables import Audit, StoredFile
from tests.builders import World, a_site, a_small_template, an_audit


def planned(world: World, site: UUID, template: UUID) -> UUID:
    day = world.clock.now().date() + timedelta(days=9)
    plan = world.services.visits.plan
    return plan(site_id=site, starts=day, ends=day, template_version_ids=[template]).id


def ready(world: World, visit: UUID) -> Readiness:
    visits = world.services.visits
    return visits.readiness([visits.view(visit)])[visit]


def test_a_first_visit_is_ready_with_its_checklist_alone(world: World) -> None:
    visit = planned(world, a_site(world), a_small_template(world))

    found = ready(world, visit)

    assert found.checklists
    assert found.last_audit is None
    assert not found.last_report
    assert not found.has_agenda
    assert found.has_team, "the auditor is on the team"


def test_a_checklist_that_is_not_on_this_device_is_missed(world: World) -> None:
    visit = planned(world, a_site(world), a_small_template(world))
    with world.store.write(actor="test", action="lose a checklist") as session:
        for audit in session.scalars(select(Audit)):
            audit.form_sha256 = "0" * 64

    assert not ready(world, visit).checklists


def test_the_last_report_counts_only_while_its_file_is_there(world: World, tmp_path: Path) -> None:
    template, site = a_small_template(world), a_site(world)
    audit = an_audit(world, template, site)
    with world.store.write(actor="test", action="sign") as session:
        session.get_one(Audit, audit).state = AuditState.SIGNED
    file = tmp_path / "report.pdf"
    file.write_bytes(b"%PDF-1.7")
    world.services.reports.issued(audit, file=file, sha256="0" * 64, pages=1, size=8, language="en")
    visit = planned(world, site, template)
    other = planned(world, a_site(world, name="Elsewhere"), template)

    assert ready(world, visit).last_report
    assert ready(world, visit).last_audit == world.clock.now().date() + timedelta(days=1)
    assert ready(world, other).last_audit is None

    file.unlink()
    assert not ready(world, visit).last_report


def test_a_checklist_whose_file_has_not_arrived_is_missed(world: World) -> None:
    visit = planned(world, a_site(world), a_small_template(world))
    with world.store.settle() as session:
        session.execute(delete(StoredFile))

    assert not ready(world, visit).checklists
