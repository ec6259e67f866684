"""What single pages show: sync by kind, palette and key sheet in the page's own order, templates."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from tests.builders import World, a_site, a_small_template, a_spreadsheet, an_audit
from tests.ui.waiting import settle
from ui.commands import Command
from ui.key_sheet import key_words
from ui.main_window import MainWindow
from ui.pages.report_panel import ReportPanel
from ui.pages.sync import SyncPage
from ui.pages.template_panel import TemplatePanel
from ui.pages.templates import TemplatesPage
from ui.routes import Reports, Route, Sync, Templates, Vendors
from ui.words import country_words, language_words, late_words


def go(window: MainWindow, route: Route, qtbot: QtBot) -> object:
    window.router.go(route)
    settle(qtbot, window.tasks)
    return window.page


def test_changes_that_wait_are_told_by_kind_and_in_words(
    open_window: MainWindow, world: World, qtbot: QtBot
) -> None:
    a_site(world)
    a_site(world, name="Elsewhere")

    page = go(open_window, Sync(), qtbot)

    assert isinstance(page, SyncPage)
    rows = [row for row in page.list.model.rows if not row.is_heading]
    assert sorted(row.title for row in rows) == ["Sites", "Sites", "Vendors", "Vendors"]
    assert all(row.line.startswith("1 change, the newest at") for row in rows)
    assert {pill.words for row in rows for pill in row.pills} == {"On this device"}
    assert all("_" not in row.spoken for row in page.list.model.rows)


def test_the_palette_begins_with_what_the_page_can_do(
    open_window: MainWindow, qtbot: QtBot
) -> None:
    go(open_window, Vendors(), qtbot)
    open_window.commands.run("palette")

    entries = open_window.palette_over.entries
    words = [entries.entry(row).words for row in range(entries.rowCount())]
    assert words[:2] == ["Search the register", "Add a vendor"]


def test_both_enter_keys_are_one_word_on_the_key_sheet() -> None:
    command = Command("x", "Next", "", lambda: None, keys=("Return", "Enter", "Shift+Return"))
    assert key_words(command) == "Enter, Shift+Enter"


def test_a_template_shows_its_questions_in_the_runner_s_card_and_takes_no_answer(
    open_window: MainWindow, world: World, qtbot: QtBot
) -> None:
    version = a_small_template(world)
    page = go(open_window, Templates(version), qtbot)
    assert isinstance(page, TemplatesPage)
    panel = page.findChild(TemplatePanel)
    assert isinstance(panel, TemplatePanel)

    rows = [row for row in panel.questions.model.rows if not row.is_heading]
    assert len(rows) == 5
    card = panel.preview.card
    assert card.row is not None
    assert card.row.text == "Is the door locked?"
    assert card.height() >= card.height_for(card.width()) - 1
    panel.questions.opened.emit(rows[2].id)
    assert card.row.text == "Is the alarm answered?"
    buttons = [b for b in card.findChildren(QAbstractButton) if b.isVisible()]
    assert buttons
    assert all(button.focusPolicy() is Qt.FocusPolicy.NoFocus for button in buttons)


def test_an_import_that_was_stopped_opens_nothing(
    open_window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    file = tmp_path / "small.xlsx"
    file.write_bytes(a_spreadsheet())
    page = go(open_window, Templates(), qtbot)
    assert isinstance(page, TemplatesPage)

    page.import_path(file)
    assert page.progress.isVisible()
    page.progress._cancel.click()
    settle(qtbot, open_window.tasks)

    assert page.side.content is None
    assert not page.progress.isVisible()


def test_a_report_can_be_stopped_and_made_after_all(
    open_window: MainWindow, world: World, qtbot: QtBot
) -> None:
    audit = an_audit(world, a_small_template(world), a_site(world))
    open_window.router.go(Reports(audit))
    qtbot.waitUntil(lambda: bool(open_window.findChildren(ReportPanel)))
    panel = open_window.findChildren(ReportPanel)[0]
    qtbot.waitUntil(panel.progress._cancel.isVisible, timeout=20_000)

    panel.progress._cancel.click()
    settle(qtbot, open_window.tasks)
    assert panel.document.pageCount() == 0
    assert panel._again.isVisible()

    panel._again.click()
    qtbot.waitUntil(lambda: panel.document.pageCount() > 0, timeout=60_000)
    assert not panel._again.isVisible()
    assert not panel.progress.isVisible()


def test_codes_are_told_in_words(world: World, fonts: None) -> None:
    today = world.clock.now().date()
    assert country_words("EG") == "Egypt"
    assert country_words("??") == "??"
    assert language_words("ar") == "Arabic"
    assert language_words("pt-BR") == "Portuguese"
    assert language_words("xx-unknown") == "xx-unknown"
    assert late_words(today.replace(day=21), today) == "3 days late"
    assert late_words(today, today) == "today"
    assert late_words(None, today) == ""
