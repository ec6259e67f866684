"""Everything that keeps a workspace shut says what, where and what to do; then work goes on."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from audit_app.cli import main
from db.connect import connect
from db.lock import WorkspaceLock
from db.store import Store
from tests.builders import StillClock, a_small_template, a_world, an_audit, answer

PASSPHRASE = "correct horse battery"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A closed workspace with an answer, a passphrase and a backup."""
    world = a_world(tmp_path / "workspace")
    answer(world, an_audit(world, a_small_template(world)), "A1", "C")
    world.services.workspace.set_passphrase(PASSPHRASE)
    world.services.workspace.back_up()
    world.close()
    return world.folder


def command(
    capsys: pytest.CaptureFixture[str], folder: Path, *words: str
) -> tuple[int, dict[str, object]]:
    code = main(["--workspace", str(folder), "--json", *words])
    said = json.loads(capsys.readouterr().out)
    return code, said if isinstance(said, dict) else {"rows": said}


def wrong_passphrase(_folder: Path) -> dict[str, str]:
    return {"ONSITE_PASSPHRASE": "wrong horse battery"}


def flipped(folder: Path) -> None:
    data = bytearray((folder / "store.db").read_bytes())
    for at in range(4096 * 3, len(data), 4096):
        data[at + 77] ^= 1
    (folder / "store.db").write_bytes(bytes(data))


def overwritten(folder: Path) -> None:
    (folder / "store.db").write_bytes(b"ruined" * 999)


def gone(folder: Path) -> None:
    (folder / "store.db").unlink()


def emptied(folder: Path) -> None:
    (folder / "store.db").write_bytes(b"")


def plain(folder: Path) -> None:
    (folder / "store.db").unlink()
    made = sqlite3.connect(folder / "store.db")
    made.execute("CREATE TABLE a (b)")
    made.commit()
    made.close()


def newer(folder: Path) -> None:
    store = Store.open(folder, StillClock(), passphrase=PASSPHRASE)
    connection = connect(store.path, store.key())
    connection.execute("PRAGMA user_version=99")
    connection.execute("UPDATE setting SET value = '9.9' WHERE key = 'store.version'")
    connection.close()
    store.close()


def no_keys(folder: Path) -> None:
    for name in ("vault.json", "vault.copy.json"):
        (folder / name).write_bytes((folder / name).read_bytes()[:-40])


REFUSED: dict[str, tuple[Callable[[Path], dict[str, str] | None], str, str]] = {
    "wrong passphrase": (wrong_passphrase, "passphrase does not open", "recovery code"),
    "damaged beginning": (overwritten, "cannot be opened", "Restore"),
    "gone": (gone, "is gone", "restore"),
    "empty": (emptied, "is empty", "restore"),
    "not encrypted": (plain, "is not encrypted", "restore a backup"),
    "newer": (newer, "newer version of the program (9.9)", "Install"),
    "no key file": (no_keys, "vault.json", "Put both back"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_workspace_that_does_not_open_says_why_and_what_to_do(
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    case: str,
) -> None:
    harm, words, way_out = REFUSED[case]
    monkeypatch.setenv("ONSITE_PASSPHRASE", PASSPHRASE)
    shutil.copytree(folder, tmp_path / "before")
    for name, value in (harm(folder) or {}).items():
        monkeypatch.setenv(name, value)
    held = {path.name: path.read_bytes() for path in folder.glob("store.db*")}
    for words_of_command in (["audit", "list"], ["verify"], ["backup"]):
        code, said = command(capsys, folder, *words_of_command)
        assert (code, said["ok"]) == (1, False)
        assert words in str(said["error"])
        assert way_out in str(said["hint"])
        assert str(said["error"]).count("\n") == 0
    assert {path.name: path.read_bytes() for path in folder.glob("store.db*")} == held
    monkeypatch.setenv("ONSITE_PASSPHRASE", PASSPHRASE)
    if case == "no key file":
        for name in ("vault.json", "vault.copy.json"):
            shutil.copy(tmp_path / "before" / name, folder / name)
    elif case != "wrong passphrase":
        assert command(capsys, folder, "restore")[0] == 0
    code, said = command(capsys, folder, "audit", "list")
    assert (code, len(said["rows"])) == (0, 1)  # type: ignore[arg-type]
    assert command(capsys, folder, "verify")[1]["ok"] is True


def test_a_passphrase_is_asked_for_in_words(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ONSITE_PASSPHRASE", raising=False)
    code, said = command(capsys, folder, "audit", "list")
    assert code == 1
    assert "protected by a passphrase" in str(said["error"])
    assert "ONSITE_PASSPHRASE" in str(said["hint"])


def test_damage_in_the_middle_is_told_and_restored(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONSITE_PASSPHRASE", PASSPHRASE)
    flipped(folder)
    for words in (["verify"], ["audit", "list"], ["backup"], ["doctor"]):
        code, said = command(capsys, folder, *words)
        assert code == 1, words
        assert "damaged" in json.dumps(said), words
    code, said = command(capsys, folder, "restore")
    assert code == 0
    assert Path(str(said["kept_aside"])).is_dir()
    assert command(capsys, folder, "verify")[1]["ok"] is True


@pytest.fixture
def read_only(folder: Path) -> Iterator[Path]:
    """The workspace on a disk that cannot be written; root is stopped by nothing less."""
    if os.name != "posix":
        pytest.skip("Windows has no folder that its owner cannot write")
    if os.geteuid() != 0:
        places = [folder, *(path for path in folder.rglob("*") if path.is_dir())]
        for place in places:
            place.chmod(0o500)
        yield folder
        for place in places:
            place.chmod(0o700)
        return
    bind = ["mount", "--bind", str(folder), str(folder)]
    if subprocess.run(bind, capture_output=True, check=False).returncode:
        pytest.skip("no disk can be mounted read-only here")
    subprocess.run(["mount", "-o", "remount,ro,bind", str(folder)], check=True)
    yield folder
    subprocess.run(["umount", "-l", str(folder)], capture_output=True, check=False)


def test_a_disk_that_cannot_be_written_is_said(
    read_only: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONSITE_PASSPHRASE", PASSPHRASE)
    for words in (["audit", "list"], ["backup"], ["restore"], ["verify"]):
        code, said = command(capsys, read_only, *words)
        assert code == 1, words
        assert str(read_only) in str(said["error"]), words
        assert "Allow writing" in str(said["hint"]), words


def test_a_command_is_refused_while_a_window_has_the_workspace(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ONSITE_PASSPHRASE", PASSPHRASE)
    with WorkspaceLock(folder):
        for words in (["audit", "list"], ["backup"], ["restore"], ["verify"], ["doctor"]):
            code, said = command(capsys, folder, *words)
            assert code == 1
            assert "open in another window or command" in json.dumps(said), words
            # Nothing is wrong with it, so nobody is sent to a backup.
            assert "restore" not in json.dumps(said).lower(), words
    assert command(capsys, folder, "audit", "list")[0] == 0


STARTER = "import sys; from main import main; sys.exit(main(['--workspace', sys.argv[1]]))"
FIRST = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from ui.single_instance import SingleInstance

qt = QApplication([])
only = SingleInstance(Path(sys.argv[1]))
assert not only.is_running_elsewhere()
only.listen()
only.raise_asked.connect(lambda: (print("raised", flush=True), qt.quit()))
QTimer.singleShot(60_000, lambda: qt.exit(3))
print("listening", flush=True)
sys.exit(qt.exec())
"""


def start(code: str, folder: Path) -> "subprocess.Popen[str]":
    root = Path(__file__).parents[2]
    environment = dict(
        os.environ,
        PYTHONPATH=str(root),
        QT_QPA_PLATFORM="offscreen",
        XDG_STATE_HOME=str(folder.parent / "state"),
    )
    return subprocess.Popen(
        [sys.executable, "-c", code, str(folder)],
        cwd=root,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_second_start_raises_the_first_window_and_ends(folder: Path) -> None:
    with start(FIRST, folder) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "listening\n"
        with start(STARTER, folder) as second:
            assert second.wait(60) == 0
        assert first.stdout.readline() == "raised\n"
        assert first.wait(60) == 0


def test_a_start_after_a_killed_one_is_not_sent_away(folder: Path) -> None:
    with start(FIRST, folder) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "listening\n"
        first.kill()
    with start(FIRST, folder) as again:
        assert again.stdout is not None
        assert again.stdout.readline() == "listening\n"
        again.kill()


def test_two_workspaces_have_a_window_each(folder: Path, tmp_path: Path) -> None:
    with start(FIRST, folder) as first, start(FIRST, tmp_path / "other") as second:
        for window in (first, second):
            assert window.stdout is not None
            assert window.stdout.readline() == "listening\n"
        for window in (first, second):
            window.kill()
