"""The real window under somebody who types fast, to be killed at any moment.

``python -m tests.faults.typist FOLDER [WEAKNESS]`` loads the program once and then forks one window
for each line on its standard input. The window answers, photographs and types a note; it says what
it tries, and what the save mark has said is saved, one JSON line each. The weaknesses are for the
controls, which must break: ``early`` says so before it is, ``slow`` saves no text while typing
goes on.
"""

import json
import os
import sys
import time
import traceback
from itertools import count
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qt_compat import qt_api
from pytestqt.qtbot import QtBot

from audit_app.clock import SystemClock
from audit_app.services.finding_rows import EvidenceRow
from tests.builders import a_photo
from tests.screens.program import Program
from tests.screens.runner import RunnerScreen
from ui.pages.runner.kept_field import Typing
from ui.pages.runner.photos import Place
from ui.theme.fonts import load_fonts
from ui.widgets.save_mark import SaveState

AUDIT = "audit"
WORDS = "Paper lay on four desks and the door to the floor stood open. "
KEY_EVERY_S = 0.02


def say(**what: Any) -> None:
    """One line that is out before anything else happens."""
    os.write(1, (json.dumps(what) + "\n").encode())


class Typist:
    """One window and its auditor."""

    def __init__(self, program: Program, audit: UUID, seed: int, weakness: str) -> None:
        self._program, self._audit, self._weakness = program, audit, weakness
        self._runner: RunnerScreen = program.runner(audit)
        self._rng = Random(seed)
        self._runner.page.photos.added.connect(self._on_photo)

    def work(self) -> None:
        """Until somebody ends it."""
        say(ready=True)
        for number in count():
            self._answer(self._rng.choice(("A1", "A2", "A3")), self._rng.randint(1, 3))
            if number % 2:
                self._photograph()
            else:
                self._write()

    def _answer(self, code: str, key: int) -> None:
        row = self._runner.row(code)
        self._runner.go_to(code)
        name = row.choices[key - 1].name
        if row.selected != (name,):
            say(tries=["answer", code, name])
            self._runner.keys(str(key))
            self._acknowledge("answer", code, name)

    def _photograph(self) -> None:
        data = a_photo(80, 60 + self._rng.randint(0, 4000), seed=self._rng.randint(1, 999))
        place = Place(self._audit, self._runner.row("A1").ref)
        self._runner.page.photos.add_bytes(place, data, "door.jpg")
        self._program.settle()

    def _on_photo(self, _ref: str, row: EvidenceRow) -> None:
        say(saved=["photo", "A1", str(row.id)])

    def _write(self) -> None:
        """Type on and on; only the save itself may put anything on disk."""
        self._runner.go_to("A2")
        self._wait_until_saved()
        self._runner.page.to_note()
        note = self._runner.page.card.note
        note.end(False)
        say(base=note.text())
        typed = ""
        for letter in WORDS * 2:
            QTest.keyClicks(note, letter)
            typed += letter
            say(typed=typed, at=time.monotonic())
            end = time.monotonic() + KEY_EVERY_S
            while time.monotonic() < end:
                QCoreApplication.processEvents()
        self._runner.key(Qt.Key.Key_Escape)
        self._acknowledge("note", "A2", note.text())

    def _acknowledge(self, *what: str) -> None:
        if self._weakness != "early":
            self._wait_until_saved()
        say(saved=what)

    def _wait_until_saved(self) -> None:
        """As the auditor sees it: nothing under way, and the mark says it is on the device."""
        self._program.settle()
        mark = self._runner.page.top.mark
        while mark.state is not SaveState.IDLE or not mark.words.startswith("Saved on this device"):
            QCoreApplication.processEvents()


def open_window(folder: Path, seed: int, weakness: str) -> None:
    """Start the program as it is started, and type."""
    if weakness == "slow":
        note = Typing.note
        setattr(Typing, "note", lambda self: (note(self), self._timer.start(60_000)))  # noqa: B010
    qt = QApplication(["onsite"])
    load_fonts()
    qtbot = QtBot(None)  # type: ignore[arg-type]  # what it is needed for is not used here
    program = Program(qt, qtbot, folder, SystemClock()).start()
    program.settle()
    audit = UUID((folder / AUDIT).read_text(encoding="utf-8"))
    Typist(program, audit, seed, weakness).work()


def main() -> int:
    """Fork a window for each line; end at the end of the input."""
    folder, weakness = Path(sys.argv[1]), (sys.argv[2:] or [""])[0]
    qt_api.set_qt_api("pyside6")
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                open_window(folder, int(line), weakness)
            finally:
                # Only a fault of the window comes here; its threads would keep the process.
                traceback.print_exc()
                os._exit(1)
        say(pid=child)
        os.waitpid(child, 0)
        say(ended=child)
    return 0


if __name__ == "__main__":
    sys.exit(main())
