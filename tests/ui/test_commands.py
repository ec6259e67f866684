"""Commands: one list makes shortcuts, palette and key sheet."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.builders import World, a_site, a_vendor
from tests.ui.waiting import settle
from ui.commands import Command, Commands
from ui.key_sheet import key_words
from ui.main_window import MainWindow
from ui.palette import ENTRY_ROLE, Entry
from ui.places import FIRST_ROUTE, places
from ui.routes import Route, Settings, Today, Vendors


def entries(window: MainWindow) -> list[Entry]:
    model = window.palette_over.entries
    return [model.data(model.index(row), ENTRY_ROLE) for row in range(model.rowCount())]  # type: ignore[misc]


def test_the_palette_lists_every_command_with_its_key(open_window: MainWindow) -> None:
    open_window.commands.run("palette")

    shown = {entry.words: entry.key for entry in entries(open_window)}
    for command in open_window.commands.present():
        if command.is_listed and command.is_enabled():
            assert shown[command.words] == command.key_words


def test_the_key_sheet_names_every_command_that_has_a_key(open_window: MainWindow) -> None:
    lines = open_window.key_sheet.lines()
    for command in open_window.commands.present():
        line = f"{command.words}: {key_words(command)}"
        assert (line in lines) == bool(command.keys)


def test_every_place_has_a_command_a_key_and_a_route() -> None:
    for place in places():
        assert place.key
        assert place.id in FIRST_ROUTE


def test_no_two_commands_of_the_window_share_a_key(open_window: MainWindow) -> None:
    keys = [key for command in open_window.commands.present() for key in command.keys]
    assert len(keys) == len(set(keys))


def test_no_page_takes_a_key_of_the_window(open_window: MainWindow, qtbot: QtBot) -> None:
    for route in (Vendors(), Settings()):
        open_window.router.go(route)
        settle(qtbot, open_window.tasks)
        keys = [key for command in open_window.commands.present() for key in command.keys]
        assert len(keys) == len(set(keys))


def test_a_second_command_of_the_same_name_is_refused(window: MainWindow) -> None:
    with pytest.raises(ValueError, match="palette"):
        window.commands.declare([Command("palette", "Again", "", lambda: None)])


def test_a_command_that_is_not_enabled_does_not_run(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    commands = Commands(widget)
    ran: list[str] = []
    commands.declare(
        [
            Command("yes", "Yes", "", lambda: ran.append("yes")),
            Command("no", "No", "", lambda: ran.append("no"), is_enabled=lambda: False),
        ]
    )

    assert commands.run("yes")
    assert not commands.run("no")
    assert ran == ["yes"]


def test_a_page_s_commands_are_offered_only_while_it_is_shown(
    open_window: MainWindow, qtbot: QtBot
) -> None:
    open_window.router.go(Vendors())
    settle(qtbot, open_window.tasks)
    assert "vendors.add" in {command.id for command in open_window.commands.present()}

    open_window.router.go(Today())

    assert "vendors.add" not in {command.id for command in open_window.commands.present()}


def test_a_letter_typed_into_a_field_is_not_a_command(qtbot: QtBot) -> None:
    widget = QWidget()
    field = QLineEdit()
    QVBoxLayout(widget).addWidget(field)
    qtbot.addWidget(widget)
    commands = Commands(widget)
    ran: list[str] = []
    commands.declare([Command("note", "Note", "", lambda: ran.append("note"), keys=("N",))])
    with qtbot.waitExposed(widget):
        widget.show()

    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_N)
    assert field.text() == "n"
    assert not ran

    field.clearFocus()
    widget.setFocus()
    QTest.keyClick(widget, Qt.Key.Key_N)
    assert ran == ["note"]


def test_typing_in_the_palette_and_enter_goes_there(open_window: MainWindow, qtbot: QtBot) -> None:
    moved: list[Route] = []
    open_window.router.moved.connect(moved.append)
    open_window.commands.run("palette")
    settle(qtbot, open_window.tasks)

    qtbot.keyClicks(open_window.palette_over.search, "vend")
    qtbot.keyClick(open_window.palette_over.search, Qt.Key.Key_Return)

    assert moved == [Vendors()]
    assert not open_window.palette_over.is_open


def test_the_palette_finds_vendors_and_sites_by_a_few_letters(
    open_window: MainWindow, world: World, qtbot: QtBot
) -> None:
    vendor = a_vendor(world, "Nordwind Moderation")
    site = a_site(world, vendor, name="Kraków Centre")
    open_window.commands.run("palette")
    settle(qtbot, open_window.tasks)

    open_window.palette_over.search.setText("nordw")
    assert entries(open_window)[0].words == "Nordwind Moderation"

    open_window.palette_over.search.setText("krakow")
    assert entries(open_window)[0].words == "Kraków Centre"

    open_window.palette_over.search.entered.emit()
    assert open_window.router.now == Vendors(vendor, site)


def test_escape_closes_the_palette_and_gives_the_focus_back(
    open_window: MainWindow, qtbot: QtBot
) -> None:
    with qtbot.waitExposed(open_window):
        open_window.activateWindow()
    before = open_window.focusWidget()
    open_window.commands.run("palette")

    qtbot.keyClick(open_window.palette_over.search, Qt.Key.Key_Escape)

    assert not open_window.palette_over.is_open
    assert open_window.focusWidget() is before
