"""Each call that touches the disk fails once, in a short audit; what came of it, as JSON.

Run under the shim as a process: ``python -m tests.faults.sweep FOLDER EVERY [WEAKNESS]``. One
child is forked for each trial, so that the program is loaded once. ``EVERY`` leaves out trials for
a quick run: 3 means every third call. The weakness is for the control, which must break:
``deaf`` acknowledges a step though it failed.
"""

import ctypes
import errno
import json
import os
import shutil
import sys
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TypeVar
from uuid import UUID

from audit_app.errors import AuditError
from audit_app.services import build_services
from audit_app.services.integrity import verify_workspace
from db.backup import list_backups
from db.store import Store
from tests.builders import StillClock, World, a_photo, a_small_template, a_world, an_audit, question
from tests.faults.workload import refs_of

FAULTS = {
    "EIO": (errno.EIO, 0),
    "ENOSPC": (errno.ENOSPC, 0),
    "full": (errno.ENOSPC, 1),
    "half": (0, 0),
}
"""By name: errno (0: a short write) and whether it stays so until there is room again."""

Result = TypeVar("Result")
Step = tuple[str, str, str]
STEPS: tuple[Step, ...] = (
    ("answer", "A1", "C"),
    ("note", "A2", "Paper on four desks. " * 30),
    ("photo", "A1", "1"),
    ("answer", "A2", "MIN"),
    ("backup", "", ""),
    ("answer", "A3", "MAJ"),
    ("note", "A3", "Not answered within ten minutes."),
)


@dataclass
class Trial:
    """One fault and what followed.

    Attributes:
        call: which call failed, from 1.
        errors: what the auditor was told, in order.
        wrong: how a promise was broken; "" if none was.
    """

    fault: str
    call: int
    errors: list[str] = field(default_factory=list)
    wrong: str = ""


def arm(call: int, error: int = 0, sticks: int = 0) -> None:
    """Let a call fail from now on; 0 lets all succeed."""
    ctypes.CDLL(None).shim_arm(ctypes.c_long(call), error, sticks)


def calls() -> int:
    """How many calls were made since ``arm``."""
    count = ctypes.CDLL(None).shim_count
    count.restype = ctypes.c_long
    return int(count())


class Auditor:
    """Does the steps one after another, again where one was refused, and notes what was said."""

    def __init__(self, folder: Path, trial: Trial, weakness: str) -> None:
        self._folder, self._trial, self._weakness = folder, trial, weakness
        self.acknowledged: list[Step] = []

    def work(self) -> None:
        """The whole session; whatever is refused twice waits until there is room again."""
        store = self._try(lambda: Store.open(self._folder, StillClock()))
        if store is None:
            return
        world = World(self._folder, store, build_services(store, StillClock()), StillClock())
        try:
            audit_id = UUID(self._folder.with_suffix(".audit").read_text(encoding="utf-8"))
            refs = self._try(lambda: refs_of(world, audit_id))
            for step in STEPS if refs else ():
                assert refs is not None
                self._step(world, audit_id, refs, step)
        finally:
            store.close()

    def _step(self, world: World, audit_id: UUID, refs: dict[str, str], step: Step) -> None:
        def once() -> bool:
            take(world, audit_id, refs, step)
            return True

        if self._try(once) or self._weakness == "deaf":
            self.acknowledged.append(step)

    def _try(self, work: Callable[[], Result]) -> Result | None:
        for _ in range(2):
            try:
                return work()
            except AuditError as error:
                if not error.message.endswith(".") or not error.hint:
                    self._trial.wrong = f"half a sentence: {error!r}"
                self._trial.errors.append(str(error))
                if self._weakness == "deaf":
                    return None
        return None


def take(world: World, audit_id: UUID, refs: dict[str, str], step: Step) -> None:
    """One step of the auditor."""
    kind, code, value = step
    services = world.services
    if kind == "answer":
        services.checklist.answer(audit_id, ref=refs[code], selected=(value,))
    elif kind == "note":
        services.checklist.note(audit_id, ref=refs[code], text=value)
    elif kind == "photo":
        services.evidence.add_photo(
            audit_id, data=a_photo(160, 120), name=f"{value}.jpg", ref=refs[code]
        )
    else:
        services.workspace.back_up()


def examine(folder: Path, acknowledged: list[Step]) -> str:
    """With a disk that works again: what is lost, or does not go on; "" if nothing."""
    clock = StillClock()
    clock.go_on(hours=1)
    try:
        store = Store.open(folder, clock)
    except AuditError as error:
        return f"it does not open: {error}"
    try:
        world = World(folder, store, build_services(store, clock), clock)
        return _promises(world, acknowledged)
    except AuditError as error:
        return f"it does not go on: {error}"
    finally:
        store.close()


def _promises(world: World, acknowledged: list[Step]) -> str:
    if not (result := verify_workspace(world.store)).ok:
        return f"it does not verify: {result}"
    audit_id = UUID(world.folder.with_suffix(".audit").read_text(encoding="utf-8"))
    view = world.services.checklist.open(audit_id)
    for kind, code, value in acknowledged:
        row = question(view, code) if code else None
        if kind == "answer" and row and row.selected != (value,):
            return f"the answer {code} is {row.selected}"
        if kind == "note" and row and row.note != value:
            return f"the note {code} is {row.note!r}"
        if kind == "photo" and row and row.photos < 1:
            return "the photo is gone"
        if kind == "backup" and not list_backups(world.folder):
            return "the backup is gone"
    if left := [path.name for path in world.folder.rglob("*.part")]:
        return f"left behind: {left}"
    refs = refs_of(world, audit_id)
    for step in STEPS[:3]:
        take(world, audit_id, refs, step)
    return ""


def one(template: Path, scratch: Path, trial: Trial, weakness: str) -> int:
    """One trial in this process; gives how many calls it made."""
    folder = scratch / "run"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(template, folder)
    folder.with_suffix(".audit").write_bytes(template.with_suffix(".audit").read_bytes())
    auditor = Auditor(folder, trial, weakness)
    error, sticks = FAULTS[trial.fault]
    arm(trial.call, error, sticks)
    try:
        auditor.work()
    except Exception:
        trial.wrong = traceback.format_exc(limit=-6)
    made = calls()
    arm(0)
    trial.wrong = trial.wrong or examine(folder, auditor.acknowledged)
    return made


def forked(template: Path, scratch: Path, trial: Trial, weakness: str) -> Trial:
    """One trial in a process of its own."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        one(template, scratch, trial, weakness)
        os.write(writing, json.dumps(asdict(trial)).encode()[:60_000])
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    if status or not said:
        trial.wrong = f"the program ended with status {status}"
        return trial
    return Trial(**json.loads(said))


def trials(template: Path, scratch: Path, every: int, weakness: str) -> Iterator[Trial]:
    """All trials of the sweep."""
    count = one(template, scratch, Trial("EIO", 0), "")
    for number, name in enumerate(FAULTS):
        for call in range(1 + number % every, count + 1, every):
            yield forked(template, scratch, Trial(name, call), weakness)


def main() -> int:
    """Sweep, and print one line for each trial."""
    base, every = Path(sys.argv[1]), int(sys.argv[2])
    world = a_world(base / "template")
    audit_id = an_audit(world, a_small_template(world))
    (base / "template.audit").write_text(str(audit_id), encoding="utf-8")
    world.close()
    for trial in trials(base / "template", base, every, *(sys.argv[3:] or [""])):
        sys.stdout.write(json.dumps(asdict(trial)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
