"""A disk that is really full: a clear sentence, nothing lost, and work goes on when there is room.

On a small tmpfs where one can be mounted, and under a limit on the size of files everywhere else
that has one.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest

from audit_app.errors import AuditError, StoreError
from audit_app.services.integrity import verify_workspace
from db.store import Store
from tests.builders import (
    StillClock,
    World,
    a_photo,
    a_small_template,
    a_world,
    an_audit,
    question,
)

MIB = 2**20
ROUNDS = int(os.environ.get("ONSITE_FULL_DISKS", "2"))
NOTE = "Paper lay on four desks and the door to the floor stood open. " * 60


def mount(folder: Path, options: str) -> bool:
    """Mount a tmpfs, or mount it anew; tell whether that is allowed here."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return False
    command = ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    if not mount(folder, "size=6m"):
        pytest.skip("no small disk can be mounted here: that needs Linux and root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def enlarge(disk: Path, size: int) -> None:
    """Give a mounted disk this many MiB."""
    subprocess.run(["mount", "-o", f"remount,size={size}m", str(disk)], check=True)


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """Let no file grow past this many bytes, as a full disk would not."""
    resource = pytest.importorskip("resource", reason="this system has no limit on file sizes")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


class Auditor:
    """Enters what takes room, and remembers what was acknowledged."""

    def __init__(self, world: World) -> None:
        self._audit: UUID = an_audit(world, a_small_template(world))
        self._count = 0
        self.notes: dict[str, str] = {}
        self.photos: dict[UUID, bytes] = {}

    def step(self, world: World) -> None:
        """A photo and a note; either may be refused."""
        self._count += 1
        code = f"A{self._count % 3 + 1}"
        ref = question(world.services.checklist.open(self._audit), code).ref
        text = f"{self._count}: {NOTE}"
        world.services.checklist.note(self._audit, ref=ref, text=text)
        self.notes[code] = text
        data = a_photo(1200, 900 + self._count)
        added = world.services.evidence.add_photo(self._audit, data=data, name="a.jpg", ref=ref)
        self.photos[added.row.id] = data

    def until_refused(self, world: World) -> AuditError:
        """Go on until something is not saved."""
        for _ in range(2000):
            try:
                self.step(world)
            except AuditError as error:
                return error
        raise AssertionError("the disk never filled up")

    def check(self, world: World) -> None:
        """All that was acknowledged is here, and whole."""
        assert verify_workspace(world.store).ok
        view = world.services.checklist.open(self._audit)
        for code, text in self.notes.items():
            held = question(view, code).note
            # The step after the acknowledged one may have saved its note and not its photo.
            assert int(held.partition(":")[0]) >= int(text.partition(":")[0])
        for photo, data in self.photos.items():
            assert world.services.evidence.original(photo)[1] == data


def fill_and_go_on(
    world: World, room: Callable[[], None], auditor: Auditor, refused: AuditError
) -> None:
    assert isinstance(refused, StoreError)
    assert "disk is full" in refused.message or "disk gave an error" in refused.message
    assert "safe" in refused.hint
    auditor.check(world)
    assert list(world.folder.rglob("*.part")) == []
    room()
    auditor.step(world)
    auditor.check(world)


def test_a_full_disk_costs_a_sentence_and_nothing_else(small_disk: Path) -> None:
    world = a_world(small_disk / "workspace")
    auditor = Auditor(world)
    for number in range(ROUNDS):
        refused = auditor.until_refused(world)
        fill_and_go_on(world, partial(enlarge, small_disk, 8 + 2 * number), auditor, refused)
    world = world.reopened()
    auditor.check(world)
    world.close()


def test_a_disk_too_full_for_a_backup_says_so_and_keeps_the_rest(small_disk: Path) -> None:
    world = a_world(small_disk / "workspace")
    auditor = Auditor(world)
    auditor.until_refused(world)
    with pytest.raises(StoreError, match=r"No backup was made|The disk is full"):
        world.services.workspace.back_up()
    assert list((world.folder / "backups").glob("*")) == []
    auditor.check(world)
    world.close()


def test_a_full_disk_is_said_when_a_workspace_is_begun(small_disk: Path) -> None:
    (small_disk / "ballast").write_bytes(b"x" * (6 * MIB - 60_000))
    with pytest.raises(StoreError, match="disk is full"):
        a_world(small_disk / "workspace")
    (small_disk / "ballast").unlink()
    Store.open(small_disk / "workspace", StillClock()).close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on file sizes")
def test_a_file_that_may_not_grow_costs_a_sentence_and_nothing_else(tmp_path: Path) -> None:
    world = a_world(tmp_path / "workspace")
    auditor = Auditor(world)
    auditor.step(world)
    for _ in range(ROUNDS):
        largest = max(path.stat().st_size for path in world.folder.glob("store.db*"))
        with files_no_larger_than(largest + 40_000):
            refused = auditor.until_refused(world)
            auditor.check(world)
        fill_and_go_on(world, lambda: None, auditor, refused)
    world = world.reopened()
    auditor.check(world)
    world.close()
