"""The window itself: the rail, the hand, the narrow layouts."""

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from audit_app.domain.words import VisitState
from tests.builders import World, a_site, a_small_template, an_audit
from tests.ui.waiting import settle
from ui.main_window import MainWindow
from ui.pages.runner.page import RunnerPage
from ui.pages.today import TodayPage
from ui.pages.visits import VisitsPage
from ui.routes import Checklist, Route, Today, Visits
from ui.tasks import Tasks
from ui.widgets.text import Label


def go(window: MainWindow, route: Route, qtbot: QtBot) -> QWidget:
    window.router.go(route)
    settle(qtbot, window.tasks)
    page = window.page
    assert page is not None
    return page


def left_of(widget: QWidget) -> int:
    return widget.mapTo(widget.window(), QPoint(0, 0)).x()


def test_the_checklist_stands_in_the_rail_only_while_a_visit_is_under_way(
    open_window: MainWindow, world: World, qtbot: QtBot
) -> None:
    place = open_window.rail.button("checklist")
    assert not place.isVisible()

    template, site = a_small_template(world), a_site(world)
    open_window.tasks.in_db(
        lambda: world.services.visits.plan(
            site_id=site,
            starts=world.clock.now().date(),
            ends=world.clock.now().date(),
            template_version_ids=[template],
        )
    )
    settle(qtbot, open_window.tasks)
    (visit,) = world.services.visits.listed()
    assert visit.state is VisitState.PLANNED
    qtbot.wait(600)
    assert not place.isVisible()

    open_window.tasks.in_db(lambda: world.services.visits.start(visit.id))
    qtbot.waitUntil(place.isVisible)


def test_a_checklist_that_is_open_stands_in_the_rail(
    make_window: Callable[[Tasks], MainWindow], tasks: Tasks, world: World, qtbot: QtBot
) -> None:
    audit = an_audit(world, a_small_template(world), a_site(world))
    visit = world.services.visits.of_audit(audit)
    world.services.visits.cancel(visit.id)
    window = make_window(tasks)
    window.show()
    window.show_services(world.services)
    settle(qtbot, tasks)
    assert not window.rail.button("checklist").isVisible()

    go(window, Checklist(audit), qtbot)
    assert window.rail.button("checklist").isVisible()

    go(window, Today(), qtbot)
    assert not window.rail.button("checklist").isVisible()


def test_the_left_hand_puts_side_panels_on_the_left_at_once(
    open_window: MainWindow, world: World, qtbot: QtBot
) -> None:
    audit = an_audit(world, a_small_template(world), a_site(world))
    visit: UUID = world.services.visits.of_audit(audit).id
    open_window.resize(1368, 912)
    today = go(open_window, Today(), qtbot)
    visits = go(open_window, Visits(visit), qtbot)
    runner = go(open_window, Checklist(audit), qtbot)
    assert isinstance(today, TodayPage)
    assert isinstance(visits, VisitsPage)
    assert isinstance(runner, RunnerPage)
    assert left_of(runner.side) > left_of(runner.list)

    open_window.look.choose_hand(is_left=True)
    settle(qtbot, open_window.tasks)

    assert left_of(runner.side) < left_of(runner.list) < left_of(runner.visit)
    go(open_window, Visits(visit), qtbot)
    assert left_of(visits.side.panel) < left_of(visits.list)
    go(open_window, Today(), qtbot)
    assert left_of(today.side) < left_of(today.visits)

    open_window.look.choose_hand(is_left=False)
    settle(qtbot, open_window.tasks)
    assert left_of(today.side) > left_of(today.visits)


def test_wrapped_words_ask_for_more_height_where_they_have_less_width(
    fonts: None, qtbot: QtBot
) -> None:
    label = Label("Everything you enter is saved here and stays here. " * 3, is_wrapped=True)
    box = QWidget()
    QBoxLayout(QBoxLayout.Direction.TopToBottom, box).addWidget(label)
    qtbot.addWidget(box)

    assert box.heightForWidth(220) > box.heightForWidth(800) + 40
