"""Runs every ``scripts/bench_*.py`` and writes docs/BENCHMARKS.md from what they print.

usage: python scripts/write_benchmarks.py [NAME...]
Without names all of them run and the page is written. With names (such as ``engine`` for
``bench_engine.py``) only those run, and their table goes to standard output.

A bench prints one JSON list and nothing else to standard output; each entry of it is one row:

    {"what": "one answer, 1,000 questions, p95", "unit": "ms", "measured": 0.4, "budget": 1.0}

``"bound": "at least"`` turns the budget from a ceiling into a floor (how many times faster than a
peer). A row without a ``budget`` is told for comparison only. ``"note"`` says how it was measured.

Exit codes: 0 every budget kept; 1 a budget missed or a bench failed; 2 no such bench.
"""

import json
import math
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "BENCHMARKS.md"
KEYS = {"what", "unit", "measured", "budget", "bound", "note"}


class Bound(StrEnum):
    """Which side of the budget is good."""

    AT_MOST = "at most"
    AT_LEAST = "at least"


class BenchError(Exception):
    """A bench failed, or printed something that is not a list of rows."""


@dataclass(frozen=True, slots=True)
class Row:
    """One measured thing, in ``unit``; ``budget`` is None where there is none to keep."""

    what: str
    unit: str
    measured: float
    budget: float | None = None
    bound: Bound = Bound.AT_MOST
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """The part of the budget that is used up; 1.0 or less keeps it."""
        if self.budget is None:
            return None
        if self.bound is Bound.AT_MOST:
            return self.measured / self.budget
        return self.budget / self.measured if self.measured else math.inf

    @property
    def is_kept(self) -> bool:
        """Whether the budget is kept, if there is one."""
        return self.ratio is None or self.ratio <= 1


def read_rows(bench: str, printed: str) -> tuple[Row, ...]:
    """The rows that a bench printed.

    Raises:
        BenchError: it printed anything but a JSON list of rows.
    """
    try:
        entries = json.loads(printed)
    except ValueError as error:
        raise BenchError(f"{bench} did not print JSON: {error}") from error
    if not isinstance(entries, list) or not entries:
        raise BenchError(f"{bench} printed no list of rows")
    return tuple(_row(bench, entry) for entry in entries)


def _row(bench: str, entry: Any) -> Row:
    if not isinstance(entry, Mapping) or not {"what", "unit", "measured"} <= set(entry) <= KEYS:
        raise BenchError(f"{bench} printed a row that is not understood: {entry!r}")
    try:
        budget = entry.get("budget")
        row = Row(
            what=str(entry["what"]),
            unit=str(entry["unit"]),
            measured=float(entry["measured"]),
            budget=None if budget is None else float(budget),
            bound=Bound(entry.get("bound", Bound.AT_MOST)),
            note=str(entry.get("note", "")),
        )
    except (TypeError, ValueError) as error:
        raise BenchError(f"{bench}: {error} in {entry!r}") from error
    if not math.isfinite(row.measured) or (row.budget is not None and row.budget <= 0):
        raise BenchError(f"{bench}: neither measured nor budget may be senseless in {entry!r}")
    return row


def run_bench(script: Path) -> tuple[Row, ...]:
    """Run one bench in a process of its own, so that none warms another's caches.

    Raises:
        BenchError: it ended with an error.
    """
    run = subprocess.run(
        [sys.executable, str(script)],
        cwd=ROOT,
        env=dict(os.environ, PYTHONPATH=str(ROOT)),
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        check=False,
    )
    if run.returncode:
        raise BenchError(f"{script.stem} ended with exit code {run.returncode}")
    return read_rows(script.stem, run.stdout)


def figure(value: float) -> str:
    """Three significant digits, with separators: 0.123, 12.3, 1,230."""
    if value == 0:
        return "0"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:,.{digits}f}"


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    lines = [
        "| what | budget | measured | ratio | how |",
        "| --- | ---: | ---: | ---: | --- |",
    ]
    for row in rows:
        unit = "" if row.unit == "×" else " "
        budget = "" if row.budget is None else f"{row.bound} {figure(row.budget)}{unit}{row.unit}"
        ratio = (
            "" if row.ratio is None else f"{row.ratio:.2f}" + ("" if row.is_kept else " **missed**")
        )
        cells = (row.what, budget, f"{figure(row.measured)}{unit}{row.unit}", ratio, row.note)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines)


def fsync_median(tries: int = 50) -> float:
    """Milliseconds that one 4 KiB write with fsync takes here: the floor under every save."""
    took = []
    with tempfile.TemporaryFile() as file:
        for _ in range(tries):
            file.write(b"\0" * 4096)
            start = time.perf_counter()
            file.flush()
            os.fsync(file.fileno())
            took.append((time.perf_counter() - start) * 1000)
    return statistics.median(took)


def machine() -> str:
    """What the figures depend on; no name of any machine or person."""
    facts = [f"{os.cpu_count()} processors ({platform.machine()})"]
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 2**30
        facts.append(f"{memory:.0f} GiB of memory")
    facts.append(f"{platform.system()} {platform.release().split('-')[0]}")
    facts.append(f"Python {platform.python_version()}")
    facts.append(f"one fsync of 4 KiB takes {figure(fsync_median())} ms")
    return ", ".join(facts)


def page(results: Mapping[str, Sequence[Row]], *, facts: str, day: date) -> str:
    """The whole page; one heading and table a bench."""
    parts = [
        "# Benchmarks",
        "Written by `bash scripts/bench.sh`; not by hand. A ratio of 1.00 or less keeps the budget.",
        f"Measured on {day.isoformat()}: {facts}.",
    ]
    for bench, rows in results.items():
        title = bench.removeprefix("bench_").replace("_", " ").capitalize()
        parts += [f"## {title}", table(rows)]
    return "\n\n".join(parts) + "\n"


def main(names: Sequence[str]) -> int:
    """Run the benches asked for, or all of them."""
    scripts = {path.stem: path for path in sorted((ROOT / "scripts").glob("bench_*.py"))}
    wanted = [f"bench_{name.removeprefix('bench_')}" for name in names] or list(scripts)
    if not wanted:
        print("There is nothing to measure: no scripts/bench_*.py.", file=sys.stderr)
        return 2
    for name in wanted:
        if name not in scripts:
            known = ", ".join(stem.removeprefix("bench_") for stem in scripts) or "none yet"
            print(f"There is no {name}.py; there are: {known}.", file=sys.stderr)
            return 2
    results: dict[str, tuple[Row, ...]] = {}
    failed = []
    for name in wanted:
        print(f"measuring {name}", file=sys.stderr)
        try:
            results[name] = run_bench(scripts[name])
        except BenchError as error:
            failed.append(str(error))
    for words in failed:
        print(words, file=sys.stderr)
    text = page(results, facts=machine(), day=datetime.now(UTC).date())
    if names:
        print(text)
    elif failed:
        print("The page was not written.", file=sys.stderr)
    else:
        PAGE.parent.mkdir(exist_ok=True)
        PAGE.write_text(text, encoding="utf-8")
    missed = [row.what for rows in results.values() for row in rows if not row.is_kept]
    if missed:
        print("Budgets missed: " + "; ".join(missed), file=sys.stderr)
    return 1 if failed or missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
