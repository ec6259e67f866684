"""Backups that nobody asks for: after a change, and not more often than is useful."""

from pathlib import Path

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from audit_app.errors import AuditError
from tests.builders import StillClock, a_vendor, a_world
from tests.screens.program import Program
from ui.app import BACKUP_LOOK_MS
from ui.theme.fonts import load_fonts


def test_a_backup_is_made_after_a_change_and_a_quarter_of_an_hour(tmp_path: Path) -> None:
    world = a_world(tmp_path)
    workspace = world.services.workspace
    assert workspace.back_up_if_due() is None, "nothing was entered yet"
    a_vendor(world)
    first = workspace.back_up_if_due()
    assert first is not None
    assert first.reason == "automatic"
    a_vendor(world, "Another")
    assert workspace.back_up_if_due() is None, "the last one is too young"
    world.clock.go_on(minutes=15)
    assert workspace.back_up_if_due() is not None
    world.clock.go_on(hours=8)
    assert workspace.back_up_if_due() is None, "nothing changed since"
    assert len(workspace.backups()) == 2
    world.close()


def test_the_window_looks_for_a_due_backup_by_itself(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    load_fonts()
    program = Program(qapp, qtbot, tmp_path, StillClock()).start()
    program.begin_workspace("Ada Reed", "Acme Markets")
    program.services.vendors.save_vendor(name="Nordwind")
    timer = program.app._backups
    assert (timer.isActive(), timer.interval()) == (True, BACKUP_LOOK_MS)
    assert BACKUP_LOOK_MS < 15 * 60_000
    timer.timeout.emit()
    program.settle()
    assert [backup.reason for backup in program.services.workspace.backups()] == ["automatic"]
    program.quit()


def test_a_backup_that_fails_does_not_stop_the_work(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path
) -> None:
    load_fonts()
    program = Program(qapp, qtbot, tmp_path, StillClock()).start()
    program.begin_workspace("Ada Reed", "Acme Markets")
    (tmp_path / "workspace" / "backups").write_bytes(b"a file stands in the way")
    program.services.vendors.save_vendor(name="Nordwind")
    refused: list[AuditError] = []
    program.app.tasks.refused.connect(refused.append)
    program.app._backups.timeout.emit()
    program.settle()
    assert [bool(error.hint) for error in refused] == [True]
    program.services.vendors.save_vendor(name="Another")
    program.quit()
