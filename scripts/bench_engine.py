"""Measures the checklist engine, beside @getodk/xforms-engine on the same forms in the same run.

Prints one JSON list of rows for ``write_benchmarks.py`` (its docstring says what a row is). The
peer comes by npm into a temporary folder; where there is no npm, or the peer cannot be fetched,
only our own rows are printed, and each says so. ``ONSITE_BENCH_RUNS`` sets how often each engine
runs, in turn (3).
"""

import json
import math
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from audit_app.forms import compiled
from audit_app.forms.compiled import CompiledTemplate
from audit_app.forms.engine import Engine
from audit_app.forms.xlsform import import_xlsform
from audit_app.forms.xpath.parser import parse
from scripts.engine_forms import audit_form, repeat_form

RUNS = int(os.environ.get("ONSITE_BENCH_RUNS", "3"))
ROWS = 100
PEER = "@getodk/xforms-engine"
PACKAGES = (f"{PEER}@0.22.0", "jsdom@24.1.3")
SCRIPT = Path(__file__).with_name("engine_peer.mjs")
NPM_PATIENCE_S = 300
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
TOTAL = "1500"
"""What the answered checklist adds up to, in every engine that reckons rightly."""


class BenchError(Exception):
    """An engine did not do the work, so that its times mean nothing."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Milliseconds of one run of one engine.

    Attributes:
        reopen: opening with 1,000 answers kept; nan for the peer, which has no such step.
        add: adding each row up to the last.
    """

    open: float
    reopen: float
    answer: tuple[float, ...]
    add: tuple[float, ...]


def p95(values: Sequence[float]) -> float:
    """The value that 95 of 100 stay under."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * 0.95) - 1)]


def timed(act: Callable[[], object]) -> float:
    """Milliseconds of an act."""
    begin = time.perf_counter()
    act()
    return (time.perf_counter() - begin) * 1000


def taken_in(data: bytes) -> CompiledTemplate:
    """The template of a spreadsheet.

    Raises:
        BenchError: the import refused it.
    """
    result = import_xlsform(data, "bench.xlsx")
    if result.template is None:
        raise BenchError(f"the form was refused: {result.problems[:3]}")
    return result.template


def opened(template: CompiledTemplate, values: dict[str, str]) -> Engine:
    """An engine as in a program that has just started: nothing read or compiled before."""
    parse.cache_clear()
    compiled._form_of.cache_clear()  # noqa: SLF001 (a cold start has no other way in)
    engine = Engine(template, now=lambda: NOW)
    if values:
        engine.load(values)
    return engine


def value_for(ref: str) -> str:
    """The answer that question gets, in both engines."""
    if ref.endswith("_3"):
        return "3"
    if ref.endswith("_4"):
        return "remark"
    return "no" if ref.endswith("_0") else "yes"


def ours(audit: CompiledTemplate, repeat: CompiledTemplate) -> Figures:
    """One run of our engine.

    Raises:
        BenchError: it reckoned wrongly.
    """
    begin = time.perf_counter()
    engine = opened(audit, {})
    open_ms = (time.perf_counter() - begin) * 1000
    answer = []
    for ref in engine.refs:
        if "/q_" in ref and engine.is_relevant(ref):
            begin = time.perf_counter()
            engine.set(ref, value_for(ref))
            answer.append((time.perf_counter() - begin) * 1000)
    if engine.value("/data/total") != TOTAL:
        raise BenchError(f"our total is {engine.value('/data/total')}, not {TOTAL}")
    values = engine.values()
    reopen_ms = timed(lambda: opened(audit, values))
    lines = Engine(repeat, now=lambda: NOW)
    add = []
    while len(lines.rows("/data/line")) < ROWS:
        add.append(timed(lambda: lines.add_repeat("/data/line")))
    return Figures(open_ms, reopen_ms, tuple(answer), tuple(add))


class Peer:
    """The other engine, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def install(self, audit: CompiledTemplate, repeat: CompiledTemplate) -> str:
        """Fetch it. Returns why it cannot be run; empty when it can."""
        npm, node = shutil.which("npm"), shutil.which("node")
        if npm is None or node is None:
            return f"{PEER} was not run: there is no npm here"
        (self._folder / "package.json").write_text('{"private": true}', encoding="utf-8")
        run = self._run([npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", *PACKAGES])
        if run is None or run.returncode:
            return f"{PEER} was not run: npm could not fetch it"
        shutil.copy(SCRIPT, self._folder)
        (self._folder / "audit.xml").write_text(audit.xform, encoding="utf-8")
        (self._folder / "repeat.xml").write_text(repeat.xform, encoding="utf-8")
        return ""

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[str] | None:
        try:
            return subprocess.run(
                command,
                cwd=self._folder,
                capture_output=True,
                text=True,
                encoding="utf-8",
                timeout=NPM_PATIENCE_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return None

    def measure(self) -> Figures:
        """One run, in a process of its own.

        Raises:
            BenchError: it failed or reckoned wrongly.
        """
        command = ["node", "--conditions=browser", SCRIPT.name, "audit.xml", "repeat.xml"]
        run = self._run([*command, str(ROWS)])
        if run is None or run.returncode:
            raise BenchError(f"{PEER} failed: {run.stderr[-500:] if run else 'no answer'}")
        found: dict[str, Any] = json.loads(run.stdout)
        if found["total"] != TOTAL:
            raise BenchError(f"the total of {PEER} is {found['total']}, not {TOTAL}")
        answer, add = tuple(found["answer_ms"]), tuple(found["add_ms"])
        return Figures(found["open_ms"], math.nan, answer, add)


def middle(runs: Sequence[Figures], figure: Callable[[Figures], float]) -> float:
    """The median of a figure over the runs."""
    return statistics.median(map(figure, runs))


def last_adds(figures: Figures) -> float:
    """Adding one of the last ten rows."""
    return statistics.median(figures.add[-10:])


def own_rows(mine: Sequence[Figures], note: str) -> list[dict[str, object]]:
    """What our engine took."""
    rows: list[dict[str, object]] = [
        _row("open 1,000 questions, nothing read before", middle(mine, lambda f: f.open), 150.0),
        _row("open 1,000 answers, nothing read before", middle(mine, lambda f: f.reopen), 150.0),
        _row("one answer of 1,000, p95", middle(mine, lambda f: p95(f.answer)), 1.0),
        _row("add a row of 20 questions at 100", middle(mine, last_adds), 5.0),
    ]
    for row in rows:
        row["note"] = f"median of {len(mine)} runs" + (f"; {note}" if note else "")
    return rows


def peer_rows(mine: Sequence[Figures], other: Sequence[Figures]) -> list[dict[str, object]]:
    """How much longer the peer took, and what it took."""
    figures: list[tuple[str, Callable[[Figures], float], float | None]] = [
        ("open 1,000 questions", lambda f: f.open, 10.0),
        ("one answer of 1,000, mean", lambda f: statistics.mean(f.answer), 10.0),
        ("one answer of 1,000, p95", lambda f: p95(f.answer), None),
        ("add a row of 20 questions at 100", last_adds, None),
    ]
    rows: list[dict[str, object]] = []
    for what, figure, budget in figures:
        own, theirs = middle(mine, figure), middle(other, figure)
        row: dict[str, object] = {
            "what": f"{what}: times as fast as {PEER}",
            "unit": "×",
            "measured": theirs / own,
            "bound": "at least",
            "note": f"{own:.3g} ms against {theirs:.3g} ms, in turn on the same form",
        }
        rows.append(row if budget is None else {**row, "budget": budget})
    return rows


def _row(what: str, measured: float, budget: float) -> dict[str, object]:
    return {"what": what, "unit": "ms", "measured": measured, "budget": budget}


def main() -> None:
    """Measure and print."""
    audit, repeat = taken_in(audit_form()), taken_in(repeat_form())
    mine: list[Figures] = []
    others: list[Figures] = []
    with tempfile.TemporaryDirectory() as folder:
        peer = Peer(Path(folder))
        missing = peer.install(audit, repeat)
        if missing:
            print(missing, file=sys.stderr)
        for _ in range(RUNS):
            mine.append(ours(audit, repeat))
            if not missing:
                others.append(peer.measure())
    print(json.dumps(own_rows(mine, missing) + (peer_rows(mine, others) if others else [])))


if __name__ == "__main__":
    main()
