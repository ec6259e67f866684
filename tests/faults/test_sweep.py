"""Any call to the disk may fail: each time one clear sentence, nothing lost, and work goes on.

ONSITE_FAULTS_EVERY=1 fails every call of the audit in every way; the usual run takes a sample.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from tests.faults.conftest import needs_shim
from tests.faults.sweep import FAULTS, Trial

ROOT = Path(__file__).parents[2]
EVERY = int(os.environ.get("ONSITE_FAULTS_EVERY", "24"))
CONTROL_EVERY = 120

pytestmark = needs_shim


def swept(shim: Path, folder: Path, every: int, weakness: str = "") -> list[Trial]:
    """All trials of one sweep."""
    environment = dict(
        os.environ, LD_PRELOAD=str(shim), SHIM_DIR=str(folder / "run"), PYTHONPATH=str(ROOT)
    )
    command = [sys.executable, "-m", "tests.faults.sweep", str(folder), str(every)]
    run = subprocess.run(
        command + ([weakness] if weakness else []),
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return [Trial(**json.loads(line)) for line in run.stdout.splitlines()]


def test_a_failing_disk_costs_a_sentence_and_nothing_else(tmp_path: Path, shim: Path) -> None:
    trials = swept(shim, tmp_path, EVERY)
    assert [trial for trial in trials if trial.wrong] == []
    told = Counter(trial.fault for trial in trials if trial.errors)
    count = len(trials) / len(FAULTS)
    assert {name for name in FAULTS if told[name] > count / 2} == {"EIO", "ENOSPC", "full"}
    # A short write is no error at all: the rest is written next.
    assert told["half"] == 0
    full = [trial for trial in trials if trial.fault == "full" and trial.errors]
    assert all("full" in " ".join(trial.errors) or "open" in trial.errors[0] for trial in full)


def test_the_sweep_notices_an_acknowledgement_without_a_save(tmp_path: Path, shim: Path) -> None:
    """The control: a program that does not listen to its disk."""
    assert [t for t in swept(shim, tmp_path, CONTROL_EVERY, "deaf") if t.wrong] != []
