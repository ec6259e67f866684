"""A lead's and an auditor's windows on one machine, one centre between them."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from audit_app.central.account_tables import ACCOUNT
from audit_app.central.policy import Role
from audit_app.central.totp import code_of, step_of
from audit_app.clock import SystemClock
from tests.central.conftest import Databases
from tests.screens.program import Program
from tests.screens.sync import SyncScreen
from tests.sync.http_world import PASSWORD, World, serving
from ui.pages.conflicts import ConflictsPage
from ui.pages.sync_tray import RefusedPanel
from ui.routes import Conflicts
from ui.theme.fonts import load_fonts

PICTURES = os.environ.get("ONSITE_PICTURES", "")


@pytest.fixture
def world(databases: Databases, tmp_path: Path) -> Iterator[World]:
    with serving(databases.fresh().app, tmp_path / "centre") as made:
        yield made


@pytest.fixture
def windows(qapp: QApplication, qtbot: QtBot, tmp_path: Path) -> Iterator[list[Program]]:
    load_fonts()
    opened = []
    for name, person in (("lead", "Lea Brandt"), ("auditor", "Ada Reed")):
        program = Program(qapp, qtbot, tmp_path / name, SystemClock()).start()
        program.begin_workspace(person, "Acme Markets")
        opened.append(program)
    yield opened
    for program in opened:
        program.quit()


def picture(program: Program, name: str) -> None:
    """Kept only where somebody wants to look at it."""
    if PICTURES:
        program.app.window.resize(1368, 912)
        program.settle()
        program.app.window.grab().save(f"{PICTURES}/{name}.png")


def totp(world: World, login: str) -> str:
    secret = world.centre.database.run(
        lambda connection: connection.scalar(
            select(ACCOUNT.c.totp_secret).where(ACCOUNT.c.login == login)
        )
    )
    assert isinstance(secret, bytes)
    return code_of(secret, step_of(datetime.now().astimezone()))


def test_an_edit_on_one_is_seen_on_the_other_after_sync(
    windows: list[Program], world: World
) -> None:
    lead, auditor = windows
    mine, theirs = SyncScreen(lead), SyncScreen(auditor)
    picture(lead, "sync-alone")
    code = world.account("lea", Role.LEAD)
    mine.join(world.address, code, PASSWORD, totp(world, "lea"))
    theirs.join(world.address, world.account("ada"), PASSWORD)

    vendor = lead.services.vendors.save_vendor(name="Nordwind", note="Two floors.").id
    mine.open()
    picture(lead, "sync-waiting")
    mine.sync()
    assert mine.waiting == "Nothing"
    theirs.sync()
    assert [row.name for row in auditor.services.vendors.listed()] == ["Nordwind"]
    picture(auditor, "sync-done")

    person = lead.services.vendors.save_contact(vendor_id=vendor, name="Jan Nowak").id
    mine.sync()
    theirs.sync()
    for program, role in ((auditor, "Quality lead"), (lead, "Site director")):
        program.services.vendors.save_contact(person, vendor_id=vendor, name="Jan Nowak", role=role)
    theirs.sync()
    mine.sync()
    assert mine.refused == theirs.refused == []
    mine.open()
    picture(lead, "sync-conflict")
    page = lead.go(Conflicts())
    assert isinstance(page, ConflictsPage)
    page.card.pick_candidate()
    assert page.card.result == "Site director"
    picture(lead, "conflict")
    page.card.settle()
    lead.settle()
    assert page._empty.isVisible()
    mine.sync()
    theirs.sync()
    for program in windows:
        (shown,) = program.services.vendors.view(vendor).contacts
        assert shown.role == "Site director"


def test_a_change_that_is_not_allowed_waits_in_its_tray(
    windows: list[Program], world: World
) -> None:
    lead, auditor = windows
    mine, theirs = SyncScreen(lead), SyncScreen(auditor)
    mine.join(world.address, world.account("lou", Role.LEAD), PASSWORD, totp(world, "lou"))
    theirs.join(world.address, world.account("abe"), PASSWORD)
    vendor = lead.services.vendors.save_vendor(name="Suedwind").id
    mine.sync()
    theirs.sync()
    auditor.services.vendors.save_vendor(vendor_id=vendor, name="Suedwind Ltd")
    theirs.sync()
    assert theirs.refused == ["Suedwind"]
    assert "Suedwind" in [row.name for row in auditor.services.vendors.listed()]
    page = theirs.open()
    row = next(row for row in page.list.model.rows if row.title == "Suedwind" and row.pills)
    page.list.opened.emit(row.id)
    picture(auditor, "sync-refused")
    panel = page.findChild(RefusedPanel)
    assert isinstance(panel, RefusedPanel)
    panel.let_go.emit(row.id)
    auditor.settle()
    assert theirs.refused == []
