"""The real window for measuring: a workspace to open, a way to wait, and what a start costs.

``python scripts/window_stage.py WORKSPACE STARTED`` opens the window on Today as ``main.py`` does,
and prints one JSON object: milliseconds since STARTED (``time.time()`` of whoever started it) until
the window and until Today with its rows were painted, the resident memory in bytes once it has
come to rest (null where the system does not tell), and the names of the modules that were loaded.
"""

import io
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "qt.multimedia.*=false")

SECTIONS, IN_EACH = 40, 50
PATIENCE_S = 120
REST_S = 1.5


class StageError(Exception):
    """The window did not do in time what was waited for."""


def long_form() -> bytes:
    """A checklist of 2,000 questions with five answers each, as a spreadsheet."""
    from openpyxl import Workbook

    book = Workbook()
    survey = book.worksheets[0]
    survey.title = "survey"
    survey.append(["type", "name", "label", "hint", "weight", "clause"])
    for section in range(1, SECTIONS + 1):
        survey.append(["begin_group", f"s{section}", f"Section {section}"])
        for place in range(1, IN_EACH + 1):
            number = (section - 1) * IN_EACH + place
            words = f"Is point {number} of the list in order on every line and every shift?"
            hint = "Look at three places and ask two people."
            survey.append(
                ["select_one conf", f"q{number}", words, hint, "1", f"Clause {section}.{place}"]
            )
        survey.append(["end_group"])
    choices = book.create_sheet("choices")
    for row in (
        ["list_name", "name", "label", "score", "finding", "tone", "excludes"],
        ["conf", "C", "Conforms", "1", "", "good", ""],
        ["conf", "OFI", "Conforms, could be better", "1", "ofi", "watch", ""],
        ["conf", "MIN", "Minor nonconformity", "0.5", "minor", "bad", ""],
        ["conf", "MAJ", "Major nonconformity", "0", "major", "bad", ""],
        ["conf", "NA", "Not applicable", "", "", "neutral", "yes"],
    ):
        choices.append(row)
    settings = book.create_sheet("settings")
    settings.append(["form_title", "form_id", "version"])
    settings.append(["Two thousand points", "long", "1"])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def make_workspace(folder: Path, checklist: bytes) -> UUID:
    """A workspace with one visit under way; gives its audit of this checklist.

    Raises:
        StageError: the checklist was refused.
    """
    from audit_app.clock import SystemClock
    from audit_app.opening import open_services

    with open_services(folder, create=True) as services:
        imported = services.templates.import_file(checklist, "checklist.xlsx")
        if imported.version_id is None:
            raise StageError(f"the checklist was refused: {imported.result.problems}")
        vendor = services.vendors.save_vendor(name="Northfield Packaging").id
        site = services.vendors.save_site(
            vendor_id=vendor, name="Leeds plant", country="GB", time_zone="Europe/London"
        ).id
        today = SystemClock().now().date()
        visit = services.visits.plan(
            site_id=site,
            starts=today,
            ends=today + timedelta(days=1),
            template_version_ids=[imported.version_id],
        ).id
        services.visits.start(visit)
        return services.visits.view(visit).audits[0].id


class Stage:
    """The program over a workspace, driven from outside its event loop."""

    def __init__(self, folder: Path, state: Path) -> None:
        from PySide6.QtWidgets import QApplication

        from audit_app.clock import SystemClock
        from ui.app import App, install_language
        from ui.desk import Desk
        from ui.theme.fonts import load_fonts

        self.qt = QApplication(sys.argv[:1])
        load_fonts()
        install_language(self.qt, "en")
        clock = SystemClock()
        self.app = App(self.qt, Desk(folder, clock, None), clock, state)
        self.broken: list[Exception] = []
        self.app.tasks.broke.connect(self.broken.append)
        self.app.show()

    def wait(self, until: Callable[[], bool]) -> None:
        """Let the window live until something holds.

        Raises:
            StageError: it does not within two minutes, or the program broke.
        """
        end = time.monotonic() + PATIENCE_S
        while not until():
            self.qt.processEvents()
            if self.broken:
                raise StageError(repr(self.broken[0]))
            if time.monotonic() > end:
                raise StageError("the window did not come to rest")

    def rest(self, seconds: float = 0.0) -> None:
        """Wait until nothing is asked of the lanes, and a moment more."""
        self.wait(lambda: self.app.tasks.count == 0)
        end = time.monotonic() + seconds
        self.wait(lambda: time.monotonic() >= end and self.app.tasks.count == 0)

    @property
    def is_on_today(self) -> bool:
        """Whether Today is shown with its rows."""
        from ui.pages.today import TodayPage

        return isinstance(self.app.window.page, TodayPage) and self.app.tasks.count == 0

    def close(self) -> None:
        """End the program as its window's close button does."""
        self.app.window.close()
        self.app.close()


def resident() -> int | None:
    """This process's resident memory in bytes, None where the system keeps no such file."""
    file = Path("/proc/self/status")
    if not file.exists():
        return None
    line = next(row for row in file.read_text().splitlines() if row.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024


def start(folder: Path, started: float) -> dict[str, object]:
    """Start the program and tell what that cost."""
    with tempfile.TemporaryDirectory() as state:
        stage = Stage(folder, Path(state))
        window = stage.app.window
        stage.wait(window.isVisible)
        window.repaint()
        visible = time.time() - started
        stage.wait(lambda: stage.is_on_today)
        window.repaint()
        ready = time.time() - started
        stage.rest(REST_S)
        told: dict[str, object] = {
            "visible": visible * 1000,
            "ready": ready * 1000,
            "resident": resident(),
            "modules": sorted(sys.modules),
        }
        stage.close()
    return told


if __name__ == "__main__":
    print(json.dumps(start(Path(sys.argv[1]), float(sys.argv[2]))))
