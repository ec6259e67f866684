"""Measures the real window, offscreen: painting, saving, jumping, searching, starting.

Prints one JSON list of rows for ``write_benchmarks.py`` (its docstring says what a row is). Times
run from the key press until the event loop has painted what the key changed; they are taken in a
checklist of 2,000 questions. ``ONSITE_BENCH_PRESSES`` sets how many presses (200).
"""

import json
import math
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from uuid import UUID

import shiboken6
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from scripts.window_stage import Stage, StageError, long_form, make_workspace
from ui.pages.runner.choice_body import ButtonsBody
from ui.pages.runner.page import RunnerPage
from ui.routes import Checklist

Act = Callable[[], object]
NO_KEYS = Qt.KeyboardModifier.NoModifier
PATIENCE_S = 10

PRESSES = int(os.environ.get("ONSITE_BENCH_PRESSES", "200"))
LOOKS = 30
STARTS = 5
STAGE = Path(__file__).with_name("window_stage.py")
MEGABYTE = 1_000_000
SEED = 7


def p95(values: Sequence[float]) -> float:
    """The value that 95 of 100 stay under."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * 0.95) - 1)]


class Eye(QObject):
    """Sees when a widget has been painted."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self._stage = stage
        self._is_seen = False

    def time(self, act: Callable[[], object], *widgets: QWidget) -> float:
        """Milliseconds from an act until one of these is painted anew."""
        for widget in widgets:
            widget.installEventFilter(self)
        try:
            self._is_seen = False
            begin = time.perf_counter()
            act()
            while not self._is_seen:
                self._stage.qt.processEvents()
                if time.perf_counter() - begin > PATIENCE_S:
                    raise StageError("nothing was painted")
            return (time.perf_counter() - begin) * 1000
        finally:
            for widget in widgets:
                # The next question brings its own buttons and takes these away.
                if shiboken6.isValid(widget):
                    widget.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        if event.type() == QEvent.Type.Paint:
            self._is_seen = True
        return False


def runner(stage: Stage) -> RunnerPage:
    """The runner that is shown.

    Raises:
        StageError: another page is.
    """
    page = stage.app.window.page
    if not isinstance(page, RunnerPage):
        raise StageError("the checklist did not open")
    return page


def key(widget: QWidget, which: Qt.Key, modifier: Qt.KeyboardModifier = NO_KEYS) -> Act:
    """Pressing a key on a widget."""
    return partial(QTest.keyClick, widget, which, modifier)


def answers(stage: Stage, eye: Eye) -> tuple[list[float], list[float]]:
    """Painting and saving of each answer in turn; every tenth opens a finding."""
    page = runner(stage)
    painted, saved = [], []
    took: list[float] = []
    begun = 0.0
    page.recorder.saved.connect(lambda _saved: took.append((time.perf_counter() - begun) * 1000))
    for press in range(PRESSES):
        is_bad = press % 10 == 9
        digit = Qt.Key.Key_4 if is_bad else Qt.Key.Key_1
        took.clear()
        begun = time.perf_counter()
        # An answer that stays is painted on its own button, one that leads on in the list.
        body = page.card.body
        buttons = body.grid.buttons if isinstance(body, ButtonsBody) else []
        painted.append(eye.time(key(page.list, digit), page.list.viewport(), *buttons))
        stage.wait(lambda: bool(took))
        saved.append(took[0])
        stage.rest(0.02)
        if is_bad:
            key(page.list, Qt.Key.Key_Return)()
            stage.rest(0.1)
    return painted, saved


def jumps(stage: Stage, eye: Eye) -> tuple[list[float], list[float]]:
    """Searching a number or a word, and opening what was found."""
    page = runner(stage)
    layer = page.layers.jump
    chance = random.Random(SEED)  # noqa: S311 (no secret)
    searched, jumped = [], []
    for place in range(LOOKS):
        number = chance.randint(1, 2000)
        words = f"point {number}" if place % 2 else f"{1 + number // 50}.{1 + number % 50}"
        page.open_jump()
        stage.rest()
        found = layer.found.list.viewport()
        searched.append(eye.time(partial(layer.search.setText, words), found))
        jumped.append(eye.time(key(layer.search, Qt.Key.Key_Return), page.list.viewport()))
        stage.rest(0.1)
    return searched, jumped


def palettes(stage: Stage, eye: Eye) -> list[float]:
    """Opening the palette over the runner by its key."""
    window = stage.app.window
    palette = window.palette_over
    took = []
    for _ in range(LOOKS):
        target = QApplication.focusWidget() or window
        control = Qt.KeyboardModifier.ControlModifier
        took.append(eye.time(key(target, Qt.Key.Key_K, control), palette.list.viewport()))
        stage.rest(0.05)
        palette.close_over()
        stage.rest(0.05)
    return took


def starts(folder: Path) -> dict[str, object]:
    """Warm starts in processes of their own: medians, and what the last one had loaded."""
    told = []
    # An installed program keeps its bytecode; the first start here makes it and is not counted.
    surroundings = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder.parent / "bytecode")}
    surroundings.pop("PYTHONDONTWRITEBYTECODE", None)
    for _ in range(STARTS + 1):
        run = subprocess.run(
            [sys.executable, str(STAGE), str(folder), str(time.time())],
            env=surroundings,
            capture_output=True,
            text=True,
            check=False,
        )
        if run.returncode:
            raise StageError(run.stderr[-2000:])
        told.append(json.loads(run.stdout))
    warm = told[1:]
    memory = [one["resident"] for one in warm if one["resident"] is not None]
    return {
        "visible": statistics.median(one["visible"] for one in warm),
        "ready": statistics.median(one["ready"] for one in warm),
        "resident": statistics.median(memory) if memory else None,
        "modules": set(warm[-1]["modules"]),
    }


def in_window(folder: Path, state: Path, audit: UUID) -> list[dict[str, object]]:
    """The rows that are measured inside one running window."""
    stage = Stage(folder, state)
    stage.wait(lambda: stage.is_on_today)
    stage.app.window.resize(1368, 912)
    stage.app.window.activateWindow()
    stage.app.window.router.go(Checklist(audit))
    stage.rest(0.5)
    eye = Eye(stage)
    painted, saved = answers(stage, eye)
    searched, jumped = jumps(stage, eye)
    opened = palettes(stage, eye)
    stage.close()
    how = f"{PRESSES} presses in a checklist of 2,000 questions, p95"
    many = f"{LOOKS} times, p95"
    return [
        row("answer painted, real window", p95(painted), 50, how),
        row("answer saved, real window", p95(saved), 100, how),
        row("search in 2,000 questions, painted", p95(searched), 100, many),
        row("jump to a question among 2,000, painted", p95(jumped), 100, many),
        row("palette open, painted", p95(opened), 60, many),
    ]


def row(what: str, measured: float, budget: float | None, note: str) -> dict[str, object]:
    """One row in milliseconds."""
    told: dict[str, object] = {"what": what, "unit": "ms", "measured": round(measured, 1)}
    if budget is not None:
        told["budget"] = budget
    return {**told, "note": note}


def main() -> int:
    """Measure everything and print the rows."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        audit = make_workspace(place / "workspace", long_form())
        began = starts(place / "workspace")
        rows = in_window(place / "workspace", place / "state", audit)
    how = f"median of {STARTS} warm starts, process start included"
    modules = began["modules"]
    heavy = sorted({"pandas", "reportlab"} & modules) if isinstance(modules, set) else []
    rows.append(row("window visible, warm", float(str(began["visible"])), 600, how))
    rows.append(row("Today with its rows, warm", float(str(began["ready"])), None, how))
    if began["resident"] is not None:
        rows.append(
            {
                "what": "resident memory on Today",
                "unit": "MB",
                "measured": round(float(str(began["resident"])) / MEGABYTE, 1),
                "budget": 120,
                "note": f"median of {STARTS}; loaded of pandas and reportlab: {heavy or 'none'}",
            }
        )
    print(json.dumps(rows, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
