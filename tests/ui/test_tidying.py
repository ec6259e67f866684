"""Cycles with Qt objects in them go away on the GUI thread, whoever makes objects elsewhere."""

import gc
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from ui.tidying import Tidying


class Knot(QObject):
    """Refers to itself, and notes on which thread it was cleared away."""

    cleared_on: list[int] = []  # noqa: RUF012 (emptied by each test)

    def __init__(self) -> None:
        super().__init__()
        self.itself = self
        self.timer = QTimer(self)

    def __del__(self) -> None:
        Knot.cleared_on.append(threading.get_ident())


@pytest.fixture
def tidying(qtbot: QtBot) -> Iterator[Tidying]:
    Knot.cleared_on.clear()
    made = Tidying()
    yield made
    made.end()
    assert gc.isenabled()


def make_many() -> None:
    """More objects than Python makes without clearing."""
    kept = [[number] for number in range(20_000)]
    assert kept


def test_another_thread_clears_nothing(tidying: Tidying) -> None:
    Knot()
    worker = threading.Thread(target=make_many)
    worker.start()
    worker.join()
    assert Knot.cleared_on == []
    gc.collect()
    assert Knot.cleared_on == [threading.get_ident()]


def test_what_is_due_is_cleared_by_and_by(tidying: Tidying, qtbot: QtBot) -> None:
    Knot()
    kept = [[number] for number in range(2_000)]
    qtbot.waitUntil(lambda: bool(Knot.cleared_on), timeout=5_000)
    assert Knot.cleared_on == [threading.get_ident()]
    assert kept
