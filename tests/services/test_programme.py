"""Vendors, sites, visits, actions, templates, search and settings."""

from datetime import date, timedelta

import pytest

from audit_app import settings as keys
from audit_app.changes import Kind
from audit_app.domain.words import ActionState, VisitState
from audit_app.errors import AuditError, ImportRefused, NotAllowed, NotFound
from tests.builders import (
    SMALL_FORM,
    STROKES,
    World,
    a_site,
    a_small_template,
    a_spreadsheet,
    a_vendor,
    an_audit,
    answer,
    question,
)

TODAY = date(2026, 11, 24)


def test_a_vendor_shows_its_sites_and_people(world: World) -> None:
    vendor_id = a_vendor(world)
    site_id = a_site(world, vendor_id)
    world.services.vendors.save_contact(vendor_id=vendor_id, site_id=site_id, name="Marek")
    view = world.services.vendors.view(vendor_id)
    assert [site.name for site in view.sites] == ["Warsaw"]
    assert [contact.name for contact in view.contacts] == ["Marek"]
    assert view.row.countries == ("PL",)


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [("name", " ", "empty"), ("country", "Poland", "country"), ("time_zone", "CET+1", "zone")],
)
def test_a_wrong_site_is_refused_in_words(world: World, field: str, value: str, words: str) -> None:
    with pytest.raises(AuditError, match=words):
        a_site(world, None, **{field: value})


def test_a_planned_visit_is_on_today(world: World) -> None:
    site_id = a_site(world)
    visit_id = world.services.visits.plan(
        site_id=site_id,
        starts=TODAY,
        ends=TODAY,
        template_version_ids=[a_small_template(world)],
        team=("Lena", " "),
    ).id
    today = world.services.visits.today()
    assert [visit.id for visit in today.today] == [visit_id]
    assert today.today[0].team == ("Lena",)
    assert today.under_way is None
    assert today.waiting > 0
    world.services.visits.start(visit_id)
    under_way = world.services.visits.today().under_way
    assert under_way is not None
    assert under_way.id == visit_id


def test_a_visit_without_a_checklist_or_backwards_is_refused(world: World) -> None:
    site_id, template = a_site(world), a_small_template(world)
    with pytest.raises(AuditError, match="no checklist"):
        world.services.visits.plan(
            site_id=site_id, starts=TODAY, ends=TODAY, template_version_ids=[]
        )
    with pytest.raises(AuditError, match="ends before"):
        world.services.visits.plan(
            site_id=site_id,
            starts=TODAY,
            ends=TODAY - timedelta(days=1),
            template_version_ids=[template],
        )


def test_two_visits_on_one_day_have_two_numbers(world: World) -> None:
    site_id, template = a_site(world), a_small_template(world)
    for _ in range(2):
        world.services.visits.plan(
            site_id=site_id, starts=TODAY, ends=TODAY, template_version_ids=[template]
        )
    numbers = {visit.number for visit in world.services.visits.listed()}
    assert numbers == {"WAR-261124", "WAR-261124-2"}


def test_a_cancelled_visit_cannot_start(world: World) -> None:
    audit_id = an_audit(world, a_small_template(world))
    visit_id = world.services.visits.of_audit(audit_id).id
    world.services.visits.cancel(visit_id)
    with pytest.raises(NotAllowed, match="cancelled"):
        world.services.visits.start(visit_id)
    world.services.visits.restore(visit_id)
    assert world.services.visits.view(visit_id).state is VisitState.PLANNED


def test_the_last_visit_is_duplicated_with_the_newest_checklist(world: World) -> None:
    site_id = a_site(world)
    an_audit(world, a_small_template(world), site_id)
    a_small_template(world, SMALL_FORM.replace("| 1       |", "| 2       |"))
    done = world.services.visits.duplicate_last(site_id, starts=TODAY + timedelta(days=90))
    (audit,) = world.services.visits.view(done.id).audits
    assert audit.template_version == "2"
    with pytest.raises(NotFound, match="no visit at this site"):
        world.services.visits.duplicate_last(a_site(world, name="Other"), starts=TODAY)


def test_every_question_answered_puts_the_visit_to_review(world: World) -> None:
    audit_id = an_audit(world, a_small_template(world))
    for code in ("A1", "A2", "A3"):
        answer(world, audit_id, code, "C")
    view = world.services.checklist.open(audit_id)
    for code, value in (("B1", "4"), ("B2", "Calm floor.")):
        ref = question(view, code).fields[0].ref
        world.services.checklist.measure(audit_id, field_ref=ref, value=value)
    assert world.services.visits.of_audit(audit_id).state is VisitState.TO_REVIEW


def test_last_times_answer_and_repeat_are_known(world: World) -> None:
    site_id, template = a_site(world), a_small_template(world)
    first = an_audit(world, template, site_id, TODAY - timedelta(days=200))
    opened = answer(world, first, "A2", "MIN").opened
    assert opened is not None
    world.services.findings.edit(opened.id, statement="Paper on desks.")
    world.services.sign_off.sign(first, party="auditor", name="Lena", strokes=STROKES)
    world.services.sign_off.sign_off(first)
    second = an_audit(world, template, site_id, TODAY)
    ref = question(world.services.checklist.open(second), "A2").ref
    previous = world.services.checklist.previous(second, ref=ref)
    assert previous is not None
    assert previous.answer.label == "Minor"
    again = answer(world, second, "A2", "MIN").opened
    assert again is not None
    view = world.services.findings.view(again.id)
    assert view.row.repeat_of.startswith("F-01 of AUD-WAR-")
    assert view.suggested is not None


def test_an_action_needs_proof_and_can_be_late(world: World) -> None:
    audit_id = an_audit(world, a_small_template(world))
    opened = answer(world, audit_id, "A2", "MIN").opened
    assert opened is not None
    action = world.services.actions.add(
        opened.id, text="Lock the cupboard", owner="Marek", due=TODAY - timedelta(days=1)
    )
    (row,) = world.services.actions.listed()
    assert row.overdue
    assert [item.id for item in world.services.visits.today().overdue] == [row.id]
    with pytest.raises(NotAllowed, match="proof"):
        world.services.actions.move(action.id, state=ActionState.IMPLEMENTED)
    world.services.actions.move(action.id, state=ActionState.IMPLEMENTED, proof="Photo of 3 Dec")
    with pytest.raises(NotAllowed, match="cannot become"):
        world.services.actions.move(action.id, state=ActionState.EFFECTIVE)
    world.services.actions.move(action.id, state=ActionState.VERIFIED)
    assert not world.services.actions.listed()[0].overdue


def test_importing_the_same_checklist_twice_adds_nothing(world: World) -> None:
    a_small_template(world)
    again = world.services.templates.import_file(a_spreadsheet(), "copy.xlsx")
    assert again.already_here
    assert len(world.services.templates.listed()) == 1


def test_a_changed_checklist_under_the_same_version_is_refused(world: World) -> None:
    a_small_template(world)
    changed = a_spreadsheet(SMALL_FORM.replace("Is the door locked?", "Is the door shut?"))
    with pytest.raises(ImportRefused, match="Raise the version|is here already"):
        world.services.templates.import_file(changed, "small.xlsx")


def test_a_template_is_exported_as_it_came(world: World) -> None:
    version = a_small_template(world)
    data = a_spreadsheet()
    name, exported = world.services.templates.export(version)
    assert name == "small.xlsx"
    assert len(exported) == len(data)


def test_search_finds_by_letters_and_takes_signs_literally(world: World) -> None:
    vendor_id = a_vendor(world, "100% Contact")
    a_site(world, vendor_id)
    an_audit(world, a_small_template(world), a_site(world, vendor_id, name="Kraków"))
    assert [hit.text for hit in world.services.search.find("100%")] == ["100% Contact"]
    assert world.services.search.find("100_") == ()
    assert world.services.search.find("  ") == ()
    kinds = {hit.kind for hit in world.services.search.find("kra")}
    assert Kind.SITE in kinds
    assert Kind.VISIT in kinds


def test_settings_keep_their_values_and_refuse_others(world: World) -> None:
    world.services.settings.put({keys.THEME.key: "dark"})
    world = world.reopened()
    assert world.services.settings.get(keys.THEME) == "dark"
    with pytest.raises(AuditError, match="not a choice"):
        world.services.settings.put({keys.THEME.key: "pink"})
    world.close()


def test_the_workspace_tells_about_itself(world: World) -> None:
    info = world.services.workspace.info()
    assert (info.is_protected, info.backups) == (False, 0)
    world.services.workspace.back_up()
    assert world.services.workspace.info().backups == 1
