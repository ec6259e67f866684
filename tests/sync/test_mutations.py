"""Do the random histories have teeth? One guard is taken out at a time; each must be missed.

Slow, so it runs only where ONSITE_MUTANTS says how many histories each mutant gets.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HISTORIES = os.environ.get("ONSITE_MUTANTS", "")

MERGE, INTAKE = "audit_app/domain/merge.py", "audit_app/central/intake.py"
EXCHANGE, JOURNAL = "audit_app/central/exchange.py", "db/journal.py"
SETTLING, CHECKPOINT = "audit_app/sync/settling.py", "audit_app/sync/checkpoint.py"
ANSWERED = "audit_app/sync/answered.py"

MUTANTS = {
    "the last push wins": (
        MERGE,
        "    if version is None or version.seq <= op.base:",
        "    if True:",
        "Fleet",
    ),
    "a new op takes the row's number while others are unsettled": (
        JOURNAL,
        "bases = [row.seq, *(op.base for op in open_ops)]",
        "bases = [row.seq]",
        "Fleet",
    ),
    "an own earlier op counts as somebody else's": (
        MERGE,
        "return not (version.device == op.device and version.no < op.no)",
        "return not (version.device == op.device and version.no > op.no)",
        "Fleet",
    ),
    "op numbers are applied twice": (
        EXCHANGE,
        "(op for op in request.ops if op.no > last)",
        "iter(request.ops)",
        "Fleet",
    ),
    "a forwarded op passes by the stage": (
        ANSWERED,
        "        if name in staged:",
        "        if False and name in staged:",
        "Fleet",
    ),
    "forwarded although others wrote": (
        EXCHANGE,
        "if scope in wanted and taken.pushed.heads[scope][0] == cursors[scope][0]",
        "if scope in wanted",
        "Fleet",
    ),
    "forwarded although not written as sent": (
        INTAKE,
        "head.exact = head.exact and is_exact",
        "head.exact = True",
        "Fleet",
    ),
    "a deletion wins over an unseen edit": (
        MERGE,
        "        if unseen:\n            clashes.append(Clash(DELETED, stored",
        "        if False:\n            clashes.append(Clash(DELETED, stored",
        "Fleet",
    ),
    "an edit does not revive": (
        MERGE,
        "    if is_gone and changes and",
        "    if False and",
        "Fleet",
    ),
    "a lost change stays on the screen": (
        CHECKPOINT,
        "    _show_ended(session, ended, ahead, shown, now)\n",
        "",
        "Fleet",
    ),
    "conflicts of one field overwrite each other": (
        INTAKE,
        '"/".join((op.entity, op.id, clash.field, device, str(op.no)))',
        '"/".join((op.entity, op.id, clash.field, device))',
        "Fleet",
    ),
    "clones are not told apart": (
        EXCHANGE,
        'if op.no <= last and known.get(op.no, ("",))[0] != op.digest():',
        "if False:",
        "ForkedFleet",
    ),
    "a cursor is believed": (
        EXCHANGE,
        "lost = unknown_cursors(connection, cursors, heads)",
        "lost: set[str] = set()",
        "RestoredCentre",
    ),
    "a restored centre is not sent what it lost": (
        EXCHANGE,
        "        if first > last + 1:",
        "        if False:",
        "RestoredCentre",
    ),
    "bases stay high after a reset": (
        SETTLING,
        "update(OutboxOp).where(mine, OutboxOp.base > common).values(base=common)",
        "update(OutboxOp).where(mine, OutboxOp.base > common).values(base=OutboxOp.base)",
        "RestoredCentre",
    ),
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_guard_stands_in_its_place(name: str) -> None:
    file, guard, _, _ = MUTANTS[name]
    assert (ROOT / file).read_text(encoding="utf-8").count(guard) == 1


@pytest.mark.skipif(not HISTORIES, reason="set ONSITE_MUTANTS to a number of histories")
@pytest.mark.parametrize("name", MUTANTS)
def test_histories_miss_a_guard_that_was_taken_out(name: str, tmp_path: Path) -> None:
    file, guard, instead, machine = MUTANTS[name]
    for room in ("audit_app", "db", "resources", "tests"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    path = tmp_path / file
    path.write_text(path.read_text(encoding="utf-8").replace(guard, instead), encoding="utf-8")
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-x",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:randomly",
            "tests/sync/test_machine.py",
            "-k",
            f"[{machine}]",
        ],
        cwd=tmp_path,
        env=dict(os.environ, ONSITE_HISTORIES=HISTORIES, ONSITE_STEPS="50", PYTHONPATH=""),
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1, run.stdout[-2000:] + run.stderr[-2000:]
    assert "failed" in run.stdout
