"""The power goes at any moment of a session: nothing that was acknowledged is lost.

One run of the real program is recorded below the file calls; then the disk is rebuilt as a cut at
any point could leave it, opened by the real store, and looked at. The controls take one guard out
and must be caught by the same test.
"""

import json
import os
import random
import shutil
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from uuid import UUID

import pytest

from audit_app.errors import AuditError
from audit_app.services import build_services
from audit_app.services.integrity import verify_workspace
from db.store import Store
from tests.builders import StillClock, World
from tests.faults.conftest import needs_shim
from tests.faults.replay import MODES, Disk, Op, read_trace
from tests.faults.workload import do, steps

ROOT = Path(__file__).parents[2]
CUTS = int(os.environ.get("ONSITE_CUTS", "2000"))
CONTROL_CUTS = 250
STEPS = 28
GO_ON_EVERY = 10
WORKERS = 2

pytestmark = needs_shim


def record(shim: Path, folder: Path, weakness: str = "") -> list[Op]:
    """Run the workload under the recorder."""
    workspace, trace = folder / "run", folder / "trace"
    workspace.mkdir(parents=True)
    environment = dict(
        os.environ,
        LD_PRELOAD=str(shim),
        SHIM_DIR=str(workspace),
        SHIM_TRACE=str(trace),
        PYTHONPATH=str(ROOT),
    )
    command = [sys.executable, "-m", "tests.faults.workload", str(workspace), str(STEPS)]
    subprocess.run(
        command + ([weakness] if weakness else []), cwd=ROOT, env=environment, check=True
    )
    return read_trace(trace)


@dataclass(frozen=True, slots=True)
class Job:
    """Some cuts for one worker."""

    trace: Path
    workspace: str
    scratch: Path
    cuts: tuple[int, ...]
    seed: int


def check_cuts(job: Job) -> list[str]:
    """Rebuild, open and examine the disk after each cut; what is wrong, in words."""
    ops = read_trace(job.trace)
    rng = random.Random(job.seed)
    disk, taken, wrong = Disk(), 0, []
    for number, cut in enumerate(sorted(job.cuts)):
        while taken < cut:
            disk.take(ops[taken])
            taken += 1
        mode = rng.choice(MODES)
        folder = job.scratch / "cut"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name, data in disk.after_cut(rng, mode).items():
            path = folder / Path(name).relative_to(job.workspace)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        problem = examine(folder, disk.acked, go_on=number % GO_ON_EVERY == 0)
        if problem:
            wrong.append(f"cut before op {cut} of {len(ops)} ({mode}): {problem}")
    return wrong


def examine(folder: Path, acked: bytes, *, go_on: bool) -> str:
    """What is wrong with a workspace after a cut; "" if every promise holds."""
    lines = acked.decode().splitlines()
    if not lines:
        return ""
    head, done = json.loads(lines[0]), len(lines) - 1
    clock = StillClock()
    try:
        store = Store.open(folder, clock)
    except AuditError as error:
        return f"it does not open: {error}"
    try:
        return _promises(
            World(folder, store, build_services(store, clock), clock), head, done, go_on=go_on
        )
    except AuditError as error:
        return f"it cannot be read: {error}"
    finally:
        store.close()


def _promises(world: World, head: dict[str, object], done: int, *, go_on: bool) -> str:
    result = verify_workspace(world.store)
    if not result.ok:
        return f"it does not verify: {result}"
    audit_id, refs = UUID(str(head["audit"])), head["refs"]
    assert isinstance(refs, dict)
    view = world.services.checklist.open(audit_id)
    rows = {row.ref: row for row in view.questions}
    plan = steps(STEPS)
    for code, ref in refs.items():
        row = rows[ref]
        for kind, shown in (("answer", (row.selected or ("",))[0]), ("note", row.note)):
            if shown not in _allowed(plan, done, kind, code):
                return f"{kind} of {code} after {done} steps is {shown!r}"
    photos = len(world.services.evidence.of_audit(audit_id))
    owed = sum(1 for step in plan[:done] if step[0] == "photo")
    if photos < owed:
        return f"{photos} photos of {owed}"
    if go_on:
        do(world, audit_id, refs, ("answer", "A2", "C"))
    return ""


def _allowed(plan: list[tuple[str, str, str]], done: int, kind: str, code: str) -> set[str]:
    """The last acknowledged value, or that of the step under way."""
    values = [step[2] for step in plan[:done] if step[:2] == (kind, code)]
    allowed = {values[-1] if values else ""}
    if done < len(plan) and plan[done][:2] == (kind, code):
        allowed.add(plan[done][2])
    return allowed


def broken_cuts(tmp_path: Path, shim: Path, cuts: int, weakness: str = "") -> list[str]:
    """Record one run and cut it this many times; what broke."""
    ops = record(shim, tmp_path, weakness)
    rng = random.Random(cuts)
    chosen = [rng.randint(1, len(ops)) for _ in range(cuts)]
    jobs = [
        Job(
            tmp_path / "trace",
            str(tmp_path / "run"),
            tmp_path / f"worker{worker}",
            tuple(chosen[worker::WORKERS]),
            worker,
        )
        for worker in range(WORKERS)
    ]
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        return [problem for found in pool.map(check_cuts, jobs) for problem in found]


def test_no_power_cut_loses_what_was_acknowledged(tmp_path: Path, shim: Path) -> None:
    assert broken_cuts(tmp_path, shim, CUTS) == []


@pytest.mark.parametrize("weakness", ["normal", "nosync"])
def test_the_harness_notices_a_missing_guard(tmp_path: Path, shim: Path, weakness: str) -> None:
    assert broken_cuts(tmp_path, shim, CONTROL_CUTS, weakness) != []
