"""An audit under way in a real window over a real workspace."""

from collections.abc import Iterator
from uuid import UUID

import pytest
from pytestqt.qtbot import QtBot

from tests.builders import World, a_site, a_small_template, an_audit
from tests.screens.runner import RunnerScreen
from tests.ui.waiting import settle
from ui.main_window import MainWindow


@pytest.fixture
def audit(world: World) -> UUID:
    """The small checklist, nothing answered."""
    return an_audit(world, a_small_template(world), a_site(world))


@pytest.fixture
def runner(open_window: MainWindow, audit: UUID, qtbot: QtBot) -> Iterator[RunnerScreen]:
    """The runner at the first question."""
    open_window.resize(1368, 912)
    yield RunnerScreen(open_window, qtbot).open(audit)
    open_window.flush()
    settle(qtbot, open_window.tasks)
    # The window counts what waits half a second later; the lanes are closed by then.
    open_window._count_soon.stop()
