"""Every page opens over an empty workspace, at every width, text size and direction."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.builders import World, a_site, a_small_template, an_audit
from tests.ui.waiting import settle
from ui.main_window import MainWindow
from ui.pages.page import Page
from ui.routes import (
    Actions,
    Conflicts,
    PlanVisit,
    Reports,
    Route,
    Settings,
    Sync,
    Templates,
    Today,
    Vendors,
    Visits,
)
from ui.theme.look import Look
from ui.theme.tokens import Theme
from ui.widgets.empty_state import EmptyState
from ui.widgets.marked_text import MarkedText

ROUTES = (
    Today(),
    Visits(),
    PlanVisit(),
    Vendors(),
    Actions(),
    Reports(),
    Templates(),
    Sync(),
    Conflicts(),
    Settings(),
)


def go(window: MainWindow, route: Route, qtbot: QtBot) -> Page:
    window.router.go(route)
    settle(qtbot, window.tasks)
    assert window.page is not None
    return window.page


@pytest.fixture
def filled(world: World) -> World:
    """One vendor with a site and an audit under way."""
    an_audit(world, a_small_template(world), a_site(world))
    return world


@pytest.fixture
def right_to_left(qapp: QApplication) -> Iterator[None]:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    yield
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: type(route).__name__)
def test_a_page_opens_over_an_empty_workspace(
    open_window: MainWindow, route: Route, qtbot: QtBot
) -> None:
    page = go(open_window, route, qtbot)

    assert page.isVisible()
    assert page.grab().width() > 0
    assert open_window.strip.words == ""


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: type(route).__name__)
@pytest.mark.parametrize("size", [(720, 600), (800, 700), (1100, 800), (1368, 912)])
def test_a_page_fits_every_window(
    open_window: MainWindow, filled: World, route: Route, size: tuple[int, int], qtbot: QtBot
) -> None:
    open_window.resize(*size)
    page = go(open_window, route, qtbot)

    assert open_window.width() == size[0], "the page is too wide for the window"
    assert open_window.height() == size[1], "the page is too high for the window"
    assert page.width() <= size[0]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: type(route).__name__)
def test_a_page_stands_large_text_the_dark_and_the_other_direction(
    open_window: MainWindow,
    filled: World,
    look: Look,
    right_to_left: None,
    route: Route,
    qtbot: QtBot,
) -> None:
    open_window.resize(1368, 912)
    look.choose(Theme.DARK, 150)

    page = go(open_window, route, qtbot)

    assert page.layoutDirection() is Qt.LayoutDirection.RightToLeft
    rail, shown = open_window.rail, page
    assert rail.mapToGlobal(rail.rect().center()).x() > shown.mapToGlobal(shown.rect().center()).x()
    assert open_window.grab().width() > 0


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: type(route).__name__)
def test_every_control_of_a_page_has_a_name_for_screen_readers(
    open_window: MainWindow, filled: World, route: Route, qtbot: QtBot
) -> None:
    page = go(open_window, route, qtbot)

    for control in page.findChildren(QWidget):
        is_control = isinstance(control, QAbstractButton | QLineEdit)
        is_inner = control.objectName().startswith("qt_")
        if is_control and control.isVisible() and not is_inner:
            name = control.accessibleName() or getattr(control, "text", str)()
            assert name, control


@pytest.mark.parametrize("route", [Today(), Visits(), Vendors(), Actions(), Reports(), Templates()])
def test_an_empty_list_says_so_and_offers_one_way_on(
    open_window: MainWindow, route: Route, qtbot: QtBot
) -> None:
    page = go(open_window, route, qtbot)

    shown = [empty for empty in page.findChildren(EmptyState) if empty.isVisible()]
    assert len(shown) == 1
    buttons = [b for b in shown[0].findChildren(QAbstractButton) if b.isVisible()]
    assert len(buttons) == 1


def test_the_visit_under_way_is_the_large_button_of_today(
    open_window: MainWindow, filled: World, qtbot: QtBot
) -> None:
    page = go(open_window, Today(), qtbot)

    from ui.pages.today import TodayPage

    assert isinstance(page, TodayPage)
    assert page.carry_on.isVisible()
    assert "Nordwind" in page.carry_on.accessibleName()
    assert "0 of" in page.carry_on.accessibleName()


def test_a_step_elsewhere_refreshes_the_page_that_shows_it(
    open_window: MainWindow, world: World, qtbot: QtBot
) -> None:
    from ui.pages.vendors import VendorsPage

    page = go(open_window, Vendors(), qtbot)
    assert isinstance(page, VendorsPage)
    assert page.list.is_empty

    open_window.tasks.in_db(lambda: world.services.vendors.save_vendor(name="Nordwind"))
    settle(qtbot, open_window.tasks)

    assert [row.title for row in page.list.model.rows] == ["Nordwind"]


def test_no_word_of_a_page_is_html(open_window: MainWindow, qtbot: QtBot) -> None:
    for route in ROUTES:
        page = go(open_window, route, qtbot)
        for label in page.findChildren(QLabel):
            # Marked texts are the one exception, and write every sign as it is.
            if not isinstance(label, MarkedText):
                assert label.textFormat() is not Qt.TextFormat.RichText


def test_a_marked_text_shows_markup_as_it_was_typed(look: Look, qtbot: QtBot) -> None:
    label = MarkedText(look)
    qtbot.addWidget(label)
    typed = '<img src="/etc/hostname"> <b>bold & more</b>'
    label.show_text(typed, "other")
    shown = QTextDocumentFragment.fromHtml(label.text()).toPlainText()
    assert shown == typed
    assert "<img" not in label.text()
