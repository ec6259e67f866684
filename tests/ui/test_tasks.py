"""The lanes: order, the thread of results, errors in words."""

import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from audit_app.changes import Changes, Kind
from audit_app.clock import SystemClock
from audit_app.errors import AuditError
from audit_app.services.results import Done
from tests.ui.waiting import settle
from ui.bus import Bus
from ui.tasks import Progress, Step, Tasks


def fails(error: Exception) -> Callable[[], None]:
    def work() -> None:
        raise error

    return work


def test_results_come_back_on_the_gui_thread(qtbot: QtBot, tasks: Tasks) -> None:
    seen: list[tuple[str, int, int]] = []
    for run in ("database", "work"):

        def done(ident: int, run: str = run) -> None:
            seen.append((run, ident, threading.get_ident()))

        if run == "database":
            tasks.in_db(threading.get_ident, done)
        else:
            tasks.in_work(lambda _progress: threading.get_ident(), done)

    settle(qtbot, tasks)

    assert {run for run, _, _ in seen} == {"database", "work"}
    here = threading.get_ident()
    assert all(worker != here and back == here for _, worker, back in seen)


def test_the_database_lane_keeps_the_order_it_was_given(qtbot: QtBot, tasks: Tasks) -> None:
    written: list[int] = []
    for number in range(200):
        tasks.in_db(lambda number=number: written.append(number))  # type: ignore[misc]

    settle(qtbot, tasks)

    assert written == list(range(200))


def test_all_database_work_runs_on_one_thread(qtbot: QtBot, tasks: Tasks) -> None:
    threads: set[int] = set()
    for _ in range(20):
        tasks.in_db(threading.get_ident, threads.add)

    settle(qtbot, tasks)

    assert len(threads) == 1


def test_a_refusal_reaches_its_callback_in_words(qtbot: QtBot, tasks: Tasks) -> None:
    refused: list[AuditError] = []
    error = AuditError("The disk is full.", "Free some space.")

    tasks.in_db(fails(error), failed=refused.append)
    settle(qtbot, tasks)

    assert refused == [error]


def test_a_refusal_nobody_took_is_told_to_the_window(qtbot: QtBot, tasks: Tasks) -> None:
    with qtbot.waitSignal(tasks.refused) as told:
        tasks.in_db(fails(AuditError("The disk is full.")))

    assert told.args is not None
    assert str(told.args[0]) == "The disk is full."


def test_our_own_mistake_is_reported_and_said_without_jargon(qtbot: QtBot, bus: Bus) -> None:
    tasks = Tasks(bus)
    refused: list[AuditError] = []
    with qtbot.waitSignal(tasks.broke) as broke:
        tasks.in_db(fails(ZeroDivisionError("division by zero")), failed=refused.append)
    settle(qtbot, tasks)
    tasks.close()

    assert broke.args is not None
    assert isinstance(broke.args[0], ZeroDivisionError)
    assert len(refused) == 1
    assert "division" not in str(refused[0])


@pytest.mark.parametrize("is_wrapped", [True, False])
def test_what_a_step_touched_is_told_to_the_bus(
    qtbot: QtBot, tasks: Tasks, bus: Bus, is_wrapped: bool
) -> None:
    vendor = SystemClock().new_id()
    changes = Changes.of(Kind.VENDOR, vendor)
    result: object = Done(vendor, changes) if is_wrapped else changes

    with qtbot.waitSignal(bus.changed) as changed:
        tasks.in_db(lambda: result)

    assert changed.args == [changes]


def test_nothing_touched_is_not_told(qtbot: QtBot, tasks: Tasks, bus: Bus) -> None:
    with qtbot.assertNotEmitted(bus.changed):
        tasks.in_db(Changes)
        settle(qtbot, tasks)


def test_a_job_tells_its_steps_and_stops_when_asked(qtbot: QtBot, tasks: Tasks) -> None:
    gate = threading.Event()
    steps: list[Step] = []
    finished: list[str] = []

    def work(progress: Progress) -> str:
        progress.report(1, 3, "first")
        gate.wait(10)
        progress.report(2, 3, "second")
        return "finished"

    progress = tasks.in_work(work, finished.append, step=steps.append)
    qtbot.waitUntil(lambda: len(steps) == 1)
    progress.stop()
    gate.set()
    settle(qtbot, tasks)

    assert steps == [Step(1, 3, "first")]
    assert not finished


def test_a_callback_of_a_widget_that_is_gone_is_not_called(qtbot: QtBot, tasks: Tasks) -> None:
    gate = threading.Event()
    owner = QObject()
    called: list[bool] = []

    tasks.in_db(lambda: gate.wait(10), called.append, owner=owner)
    owner.deleteLater()
    qtbot.wait(1)
    gate.set()
    settle(qtbot, tasks)

    assert not called


def test_closing_finishes_what_the_database_lane_was_given(bus: Bus) -> None:
    tasks = Tasks(bus)
    written: list[int] = []
    for number in range(50):
        tasks.in_db(lambda number=number: written.append(number))  # type: ignore[misc]

    tasks.close()

    assert written == list(range(50))


def test_a_result_on_its_way_when_the_lanes_close_is_told_to_nobody(qtbot: QtBot) -> None:
    tasks = Tasks(Bus())
    told: list[int] = []

    def next_read(result: int) -> None:
        told.append(result)
        tasks.in_db(lambda: 2)

    tasks.in_db(lambda: 1, next_read)
    tasks.close()
    qtbot.wait(1)

    assert told == []
    assert tasks.count == 0


def test_a_timer_that_rings_after_the_lanes_closed_starts_nothing() -> None:
    tasks = Tasks(Bus())
    tasks.close()
    ran: list[int] = []

    tasks.in_db(lambda: ran.append(1))

    assert ran == []
    assert tasks.count == 0
