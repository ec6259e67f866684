"""Planning: from the last visit, for later or to start now, and what is ready for it."""

from datetime import timedelta
from uuid import UUID

from pytestqt.qtbot import QtBot

from audit_app.domain.words import VisitState
from tests.builders import World, a_site, a_small_template, an_audit
from tests.ui.waiting import settle
from ui.main_window import MainWindow
from ui.pages.plan_form import PlanForm
from ui.pages.today import TodayPage
from ui.pages.visits import VisitsPage
from ui.routes import Checklist, PlanVisit, Today
from ui.widgets.choice import DateField


def plan_form(window: MainWindow, site: UUID, qtbot: QtBot) -> PlanForm:
    window.router.go(PlanVisit(site))
    settle(qtbot, window.tasks)
    assert isinstance(window.page, VisitsPage)
    form = window.page.findChild(PlanForm)
    assert isinstance(form, PlanForm)
    return form


def test_an_unplanned_visit_starts_today_and_opens_its_checklist(
    open_window: MainWindow, world: World, qtbot: QtBot
) -> None:
    a_small_template(world)
    form = plan_form(open_window, a_site(world), qtbot)
    assert not form.again.isVisible(), "there was no visit here yet"

    form.now.click()
    settle(qtbot, open_window.tasks)

    (visit,) = world.services.visits.listed()
    assert visit.state is VisitState.UNDER_WAY
    assert visit.starts == world.clock.now().astimezone().date()
    assert open_window.router.now == Checklist(visit.audits[0].id)


def test_a_plan_is_filled_from_the_last_visit_at_the_site(
    open_window: MainWindow, world: World, qtbot: QtBot
) -> None:
    template, site = a_small_template(world), a_site(world)
    today = world.clock.now().date()
    world.services.visits.plan(
        site_id=site,
        starts=today - timedelta(days=30),
        ends=today - timedelta(days=28),
        template_version_ids=[template],
        team=("Ada Reed", "Jan Nowak"),
        purpose="Yearly site audit",
        agenda="09:00 opening meeting",
    )
    form = plan_form(open_window, site, qtbot)
    for _, box in form.checklists:
        box.setChecked(False)

    form.again.click()

    assert [row.id for row, box in form.checklists if box.isChecked()] == [template]
    assert form.ends.day - form.starts.day == timedelta(days=2)
    assert form.team.text() == "Ada Reed, Jan Nowak"
    assert form.purpose.text() == "Yearly site audit"
    assert form.agenda.toPlainText() == "09:00 opening meeting"


def test_today_says_what_a_planned_visit_finds_on_this_device(
    open_window: MainWindow, world: World, qtbot: QtBot
) -> None:
    template, site = a_small_template(world), a_site(world)
    day = world.clock.now().date() + timedelta(days=3)
    world.services.visits.plan(
        site_id=site, starts=day, ends=day, template_version_ids=[template], team=("Ada Reed",)
    )
    open_window.router.go(Today())
    settle(qtbot, open_window.tasks)
    page = open_window.page
    assert isinstance(page, TodayPage)

    (row,) = [row for row in page.visits.model.rows if not row.is_heading]
    ticks = {tick.words: tick.is_on for tick in row.ticks}
    assert ticks == {"Checklists": True, "First audit here": True, "Team": True, "Agenda": False}
    assert "Agenda: no" in row.spoken


def test_a_narrow_date_leaves_the_day_of_the_week_out_and_not_the_year(
    open_window: MainWindow, world: World, qtbot: QtBot
) -> None:
    an_audit(world, a_small_template(world), a_site(world))
    field = DateField(open_window.look, world.clock.now().date())
    qtbot.addWidget(field)
    field.resize(340, 46)
    field.show()
    assert field.text() == "Tue 24 Nov 2026"

    field.resize(150, 46)

    assert field.text() == "24 Nov 2026"
