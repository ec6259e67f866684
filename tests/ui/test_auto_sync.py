"""Syncs that nobody asked for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import update

from audit_app.changes import Changes, Kind
from audit_app.clock import SystemClock
from audit_app.sync.account import AccountService
from db.tables import Centre
from tests.builders import World
from tests.central.conftest import Databases
from tests.sync.http_world import PASSWORD, serving
from tests.sync.http_world import World as CentreWorld
from tests.ui.waiting import settle
from ui.auto_sync import EVERY_MS, FIRST_MS, AutoSync
from ui.bus import Bus
from ui.tasks import Tasks

COARSE = 1.06
"""A timer of minutes may be early or late by a twentieth."""


@pytest.fixture
def centre(databases: Databases, tmp_path: Path) -> Iterator[CentreWorld]:
    with serving(databases.fresh().app, tmp_path / "centre") as made:
        yield made


@pytest.fixture
def auto(tasks: Tasks, bus: Bus, world: World) -> AutoSync:
    made = AutoSync(tasks, bus, SystemClock(), tasks)
    made.begin(world.services.sync)
    return made


def test_a_workspace_without_a_centre_is_left_in_peace(
    auto: AutoSync, tasks: Tasks, qtbot: QtBot
) -> None:
    assert 0 < auto.waits_ms <= FIRST_MS * COARSE
    auto.sync()
    settle(qtbot, tasks)
    assert FIRST_MS * COARSE < auto.waits_ms <= EVERY_MS * COARSE


def test_what_was_entered_goes_out_by_itself(
    auto: AutoSync, tasks: Tasks, bus: Bus, world: World, qtbot: QtBot, centre: CentreWorld
) -> None:
    account = AccountService(world.store, SystemClock())
    account.join(centre.address, code=centre.account("ada"), password=PASSWORD)
    world.services.vendors.save_vendor(name="Nordwind")
    told: list[Changes] = []
    bus.changed.connect(told.append)
    auto.sync()
    settle(qtbot, tasks)
    assert world.services.sync.facts().waiting == 0
    assert any(changes.has(Kind.SYNC) for changes in told)


def test_nobody_there_is_tried_later_each_time_and_said_once_on_its_page(
    auto: AutoSync, tasks: Tasks, world: World, qtbot: QtBot, centre: CentreWorld
) -> None:
    account = AccountService(world.store, SystemClock())
    account.join(centre.address, code=centre.account("ada"), password=PASSWORD)
    with world.store.settle() as session:
        session.execute(update(Centre).values(address="http://127.0.0.1:9"))
    waits = []
    for _ in range(3):
        auto.sync()
        settle(qtbot, tasks)
        waits.append(auto.waits_ms)
    assert waits == sorted(waits)
    first, second, third = (wait / 30_000 for wait in waits)
    assert 0.9 < first < COARSE < 1.9 < second < 2 * COARSE < 3.8 < third < 4 * COARSE
    assert "cannot be reached" in world.services.sync.facts().trouble


def test_nothing_is_synced_after_the_workspace_closed(auto: AutoSync, tasks: Tasks) -> None:
    auto.stop()
    auto.sync()
    assert auto.waits_ms == -1
    assert tasks.count == 0
