"""What the report says, from a workspace with two audits of one site."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest

from audit_app.domain.words import ActionState, Grade, Mark
from audit_app.errors import AuditError, NotFound
from audit_app.reports.content import Gap, ReportContent
from audit_app.services.report_content import report_content
from audit_app.services.sign_off import DECLARATION
from audit_app.settings import AUDITOR, ORGANISATION
from resources import path
from tests.builders import (
    STROKES,
    World,
    a_photo,
    a_site,
    a_small_template,
    a_vendor,
    an_audit,
    answer,
    question,
)


@dataclass
class Twice:
    """One site, audited in March and in November."""

    world: World
    first: UUID
    second: UUID
    first_action: UUID

    def report(self, language: str = "en") -> ReportContent:
        return report_content(self.world.services, self.second, language=language)


def written_up(world: World, audit_id: UUID, code: str, name: str, statement: str) -> UUID:
    """An answer whose finding says something and has an action; gives the finding."""
    opened = answer(world, audit_id, code, name).opened
    assert opened is not None
    world.services.findings.edit(opened.id, title=f"On {code}", statement=statement)
    world.services.actions.add(opened.id, text=f"Mend {code}", owner="Marek")
    return opened.id


def sign(world: World, audit_id: UUID, party: str, name: str) -> None:
    world.services.sign_off.sign(audit_id, party=party, name=name, role="Lead", strokes=STROKES)


@pytest.fixture
def twice(world: World) -> Twice:
    world.services.settings.put({AUDITOR.key: "Lena Novak", ORGANISATION.key: "Meridian"})
    site = a_site(world, a_vendor(world), city="Warsaw")
    template = a_small_template(world)
    world.clock.go_on(days=-250)
    first = an_audit(world, template, site)
    for code in ("A1", "A3"):
        answer(world, first, code, "C")
    written_up(world, first, "A2", "MIN", "Paper on four desks.")
    action = world.services.actions.listed()[0].id
    sign(world, first, "auditor", "Lena Novak")
    world.services.sign_off.sign_off(first)
    world.clock.go_on(days=250)
    second = an_audit(world, template, site)
    return Twice(world, first, second, action)


def test_the_follow_up_holds_only_actions_of_earlier_audits(twice: Twice) -> None:
    world = twice.world
    written_up(world, twice.second, "A1", "MIN", "The door is open.")
    (line,) = twice.report().earlier_actions
    assert (line.text, line.finding, line.is_open) == ("Mend A2", "F-001", True)
    assert line.audit == world.services.visits.audit_number(twice.first)
    earlier = report_content(world.services, twice.first)
    assert earlier.earlier_actions == ()


def test_the_follow_up_says_how_old_an_action_is_and_who_saw_it_done(twice: Twice) -> None:
    world = twice.world
    (line,) = twice.report().earlier_actions
    assert line.opened == twice.report().issued - timedelta(days=250)
    assert line.verified_by == ""
    for state in (ActionState.IMPLEMENTED, ActionState.VERIFIED):
        world.services.actions.move(twice.first_action, state=state, proof="Photo")
    (line,) = twice.report().earlier_actions
    assert (line.verified_by, line.done, line.is_open) == (
        "Lena Novak",
        world.clock.now().date(),
        False,
    )


def test_findings_stand_by_grade_and_then_as_the_checklist_runs(twice: Twice) -> None:
    world = twice.world
    written_up(world, twice.second, "A2", "MIN", "Paper.")
    written_up(world, twice.second, "A1", "MIN", "Door.")
    written_up(world, twice.second, "A3", "MAJ", "Alarm.")
    world.services.findings.open(twice.second, grade=Grade.STRENGTH, title="A buddy for each")
    report = twice.report()
    assert [(item.number, item.grade) for item in report.findings] == [
        ("F-003", Grade.CRITICAL),
        ("F-002", Grade.MINOR),
        ("F-001", Grade.MINOR),
    ]
    assert report.strengths == ("A buddy for each.",)
    assert report.findings[2].repeat_of.startswith("F-001 of AUD-")


def test_a_capped_score_says_which_question_failed(twice: Twice) -> None:
    for code in ("A1", "A2"):
        answer(twice.world, twice.second, code, "C")
    written_up(twice.world, twice.second, "A3", "MAJ", "Alarm.")
    field = question(twice.world.services.checklist.open(twice.second), "B1").fields[0].ref
    twice.world.services.checklist.measure(twice.second, field_ref=field, value="6")
    report = twice.report()
    assert report.cap_reason.startswith("Capped at 59: critical question 1.3 failed.")
    assert report.opinion.startswith("A critical requirement failed: the score is capped at")
    assert report.counts.critical == 1


def test_a_disagreement_is_printed_until_it_is_settled(twice: Twice) -> None:
    world = twice.world
    answer(world, twice.second, "A1", "C")
    finding = written_up(world, twice.second, "A2", "MIN", "Paper.")
    sign(world, twice.second, "auditor", "Lena Novak")
    world.services.sign_off.sign_off(twice.second)
    world.services.findings.dispute(finding, dissent="It was the cleaner's.")
    (dispute,) = twice.report().disputes
    assert (dispute.finding, dispute.vendor) == ("F-001", "It was the cleaner's.")


def test_the_people_are_the_team_and_who_signed(twice: Twice) -> None:
    world = twice.world
    answer(world, twice.second, "A1", "C")
    world.services.visits.change(
        world.services.visits.of_audit(twice.second).id, team=("Tomás Ribeiro", "Lena Novak")
    )
    sign(world, twice.second, "auditor", "Lena Novak")
    sign(world, twice.second, "vendor", "Omar Haddad")
    people = [(p.name, p.role, p.organisation, p.part) for p in twice.report().people]
    assert people == [
        ("Tomás Ribeiro", "Auditor", "Meridian", "Audit team"),
        ("Lena Novak", "Lead auditor", "Meridian", "Audit team"),
        ("Omar Haddad", "Lead", "Nordwind", "Signed on 24 Nov 2026"),
    ]


def test_gaps_say_what_was_not_seen_and_why(twice: Twice) -> None:
    world = twice.world
    row = question(world.services.checklist.open(twice.second), "B1")
    world.services.checklist.mark(twice.second, ref=row.ref, mark=Mark.NOT_VERIFIED)
    world.services.checklist.note(twice.second, ref=row.ref, text="Nobody was there.")
    answer(world, twice.second, "A1", "C")
    report = twice.report()
    assert Gap("2.1", "How many leaders?", "Nobody was there.") in report.gaps
    assert Gap("1.2", "Is the floor free of paper?", "Not answered.") in report.gaps
    assert "1.1" not in [gap.number for gap in report.gaps]


def test_open_questions_are_printed_with_their_own_words(twice: Twice) -> None:
    world = twice.world
    field = question(world.services.checklist.open(twice.second), "B2").fields[0].ref
    world.services.checklist.measure(twice.second, field_ref=field, value="Calm floor.")
    (remark,) = twice.report().remarks
    assert (remark.question, remark.text) == ("What stood out?", "Calm floor.")


def test_section_weights_are_shares_of_what_is_scored(twice: Twice) -> None:
    world = twice.world
    answer(world, twice.second, "A1", "C")
    assert [part.weight for part in twice.report().sections] == [Decimal(100), None]
    field = question(world.services.checklist.open(twice.second), "B1").fields[0].ref
    world.services.checklist.measure(twice.second, field_ref=field, value="6")
    assert [part.weight for part in twice.report().sections] == [Decimal(60), Decimal(40)]


def test_photos_are_numbered_alike_in_checklist_and_finding(twice: Twice) -> None:
    world = twice.world
    finding = written_up(world, twice.second, "A2", "MIN", "Paper.")
    ref = question(world.services.checklist.open(twice.second), "A2").ref
    for seed in (1, 2):
        world.services.evidence.add_photo(
            twice.second, data=a_photo(seed=seed), name=f"{seed}.jpg", ref=ref, caption="Desk"
        )
    report = twice.report()
    assert [photo.number for photo in report.photos] == [1, 2]
    assert report.findings[0].photos == (1, 2)
    line = report.sections[0].questions[1]
    assert (line.evidence, line.finding) == (("Photo 1", "Photo 2"), "F-001")
    assert world.services.findings.view(finding).row.photos == 2


def test_the_trend_and_the_change_are_against_the_earlier_audit(twice: Twice) -> None:
    for code in ("A1", "A2", "A3"):
        answer(twice.world, twice.second, code, "C")
    report = twice.report()
    assert [point.day for point in report.trend] == [date(2026, 3, 20), date(2026, 11, 25)]
    assert report.figures[0].remark == "+8.3 vs March 2026"


def test_what_the_signer_read_is_what_is_printed() -> None:
    from audit_app.reports.words import Words

    assert Words(path("i18n"), "en")("declaration") == DECLARATION


def test_a_report_of_nothing_and_in_no_language_is_refused(twice: Twice) -> None:
    with pytest.raises(NotFound):
        report_content(twice.world.services, UUID(int=7))
    with pytest.raises(AuditError, match="not a language"):
        twice.report("xx-none")
