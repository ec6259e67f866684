"""What a start brings into memory: nothing that Today does not need."""

import json
import subprocess
import sys
import time
from pathlib import Path

from tests.builders import a_small_template, a_world, an_audit

STAGE = Path(__file__).parents[2] / "scripts" / "window_stage.py"
HEAVY = {"pandas", "numpy", "reportlab", "openpyxl", "pyxform", "docx", "xlsxwriter", "httpx"}
UNASKED = {"PySide6.QtMultimedia", "PySide6.QtPdf", "PySide6.QtCharts", "starlette", "psycopg"}


def started(folder: Path) -> list[str]:
    """The modules of a program that stands on Today, in a process of its own."""
    run = subprocess.run(
        [sys.executable, str(STAGE), str(folder), str(time.time())],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-2000:]
    modules: list[str] = json.loads(run.stdout)["modules"]
    return modules


def test_today_opens_without_what_only_reports_and_imports_need(tmp_path: Path) -> None:
    world = a_world(tmp_path / "workspace")
    an_audit(world, a_small_template(world))
    world.close()

    modules = started(tmp_path / "workspace")

    assert "ui.pages.today" in modules, "Today was really there"
    assert HEAVY & set(modules) == set()
    assert UNASKED & set(modules) == set()


def test_the_window_keeps_no_sources_of_libraries_in_memory() -> None:
    """PySide6 reads the source of every module imported after it, unless told that it need not."""
    probe = "import linecache, ui, sqlalchemy.orm;print(sqlalchemy.orm.__file__ in linecache.cache)"
    run = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "False"
