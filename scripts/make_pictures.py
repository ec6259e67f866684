"""Photograph every screen of the demo workspace into docs/pictures.

The real window is driven offscreen over a real encrypted workspace; report pages come from the
real PDF. Run it after a change of looks, and open each picture before keeping it:

    python -m scripts.make_pictures [--only NAME ...] [--workspace DIR] [--out DIR]

``--workspace`` keeps the demo workspace, so that the next run need not build it again.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from audit_app.clock import uuid7
from audit_app.demo.build import build_demo
from audit_app.opening import open_services
from db.lock import WorkspaceLock
from db.store import Store
from scripts.picture_files import keep_small, save_report_pages
from scripts.picture_scenes import SCENES, Prepare
from scripts.picture_studio import Shot, Studio
from ui.app import install_language
from ui.theme.fonts import load_fonts

ROOT = Path(__file__).resolve().parents[1]
MORNING = datetime(2026, 11, 24, 9, 42, tzinfo=UTC)


class PictureClock:
    """Stands at one moment, so that a picture taken twice is the same picture."""

    def __init__(self) -> None:
        self._count = 0

    def now(self) -> datetime:
        return MORNING

    def new_id(self) -> UUID:
        self._count += 1
        return uuid7(MORNING, self._count.to_bytes(10, "big"))


def demo_workspace(folder: Path) -> None:
    """Build the demo programme in ``folder``, unless it is there from an earlier run."""
    if Store.exists(folder):
        return
    print("Building the demo programme", flush=True)
    clock = PictureClock()
    with WorkspaceLock(folder):
        store = Store.create(folder, clock)
        try:
            build_demo(store, clock)
        finally:
            store.close()


def photograph(workspace: Path, out: Path, only: Sequence[str]) -> None:
    """Take the shots named in ``only``, or all of them."""
    qt = QApplication(["onsite"])
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
    load_fonts()
    install_language(qt, "en")
    with (
        tempfile.TemporaryDirectory(prefix="onsite-") as scratch,
        open_services(workspace, clock=PictureClock()) as services,
    ):
        studio = Studio(qt, services, PictureClock(), Path(scratch))
        for scene in SCENES:
            for shot in scene.shots:
                if not only or shot.name in only:
                    take(studio, scene.prepare, shot, out)
        studio.close()
        if not only or any(name.startswith("report-") for name in only):
            save_report_pages(services, Path(scratch), out)


def take(studio: Studio, prepare: Prepare, shot: Shot, out: Path) -> None:
    """One picture: dress the window, prepare the scene, grab it, keep it small."""
    studio.dress(shot)
    prepare(studio)
    studio.settle()
    file = out / f"{shot.name}.png"
    studio.grab(file)
    keep_small(file)
    print(f"{file.name}: {file.stat().st_size // 1024} KB", flush=True)


def main(argv: Sequence[str] | None = None) -> int:
    """Build, photograph, and give the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="*", default=[], help="names of pictures, without .png")
    parser.add_argument("--workspace", type=Path)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures")
    options = parser.parse_args(argv)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    os.environ.setdefault("QT_LOGGING_RULES", "qt.multimedia.*=false;qt.qpa.*=false")
    os.environ["TZ"] = "Europe/Warsaw"
    if hasattr(time, "tzset"):
        time.tzset()
    options.out.mkdir(parents=True, exist_ok=True)
    # One fixed place, because Settings shows it.
    scratch = Path(tempfile.gettempdir()) / "onsite"
    shutil.rmtree(scratch, ignore_errors=True)
    try:
        kept = options.workspace or scratch / "built"
        demo_workspace(kept)
        # Taking pictures opens things and may change them; the kept workspace stays as it was.
        used = scratch / "workspace"
        shutil.copytree(kept, used)
        photograph(used, options.out, options.only)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
