"""One program at a time in a workspace, however the other one ended."""

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from audit_app.errors import StoreError, WorkspaceBusy
from db import lock
from db.lock import WorkspaceLock

ROOT = Path(__file__).parents[2]
HOLDER = """
import sys
from pathlib import Path
from db.lock import WorkspaceLock

with WorkspaceLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def a_holder(folder: Path) -> "subprocess.Popen[str]":
    """Another process that has the workspace."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=dict(os.environ, PYTHONPATH=str(ROOT)),
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def end(process: "subprocess.Popen[str]", how: signal.Signals = signal.SIGTERM) -> None:
    process.send_signal(how)
    process.wait(30)
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()


def test_a_second_program_is_refused_and_may_come_in_afterwards(tmp_path: Path) -> None:
    with WorkspaceLock(tmp_path), pytest.raises(WorkspaceBusy, match="another window or command"):
        WorkspaceLock(tmp_path).take()
    with WorkspaceLock(tmp_path):
        pass


def test_another_process_is_refused_until_it_is_killed(tmp_path: Path) -> None:
    process = a_holder(tmp_path)
    try:
        with pytest.raises(WorkspaceBusy, match="Close that one first"):
            WorkspaceLock(tmp_path).take()
    finally:
        end(process, signal.SIGKILL)
    with WorkspaceLock(tmp_path):
        assert (tmp_path / "lock").exists()


def test_a_lock_file_left_behind_holds_nobody_up(tmp_path: Path) -> None:
    (tmp_path / "lock").write_bytes(b"4711")
    with WorkspaceLock(tmp_path):
        pass


def test_two_workspaces_are_open_side_by_side(tmp_path: Path) -> None:
    with WorkspaceLock(tmp_path / "one"), WorkspaceLock(tmp_path / "two"):
        pass


def test_a_disk_without_locks_is_not_taken_for_another_window(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_handle: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(lock, "_lock", fails)
    with pytest.raises(StoreError, match="cannot be locked: No locks available") as refused:
        WorkspaceLock(tmp_path).take()
    assert not isinstance(refused.value, WorkspaceBusy)


def test_a_folder_that_cannot_be_made_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreError, match="cannot be opened"):
        WorkspaceLock(tmp_path / "file" / "workspace").take()
