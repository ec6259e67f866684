"""The program is killed while somebody types; what it had said is saved is there afterwards.

ONSITE_KILLS says how often. The same workspace lives through all of them.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from audit_app.services.integrity import verify_workspace
from tests.builders import (
    StillClock,
    World,
    a_small_template,
    a_world,
    an_audit,
    question,
)
from tests.faults.typist import AUDIT

ROOT = Path(__file__).parents[2]
KILLS = int(os.environ.get("ONSITE_KILLS", "30"))
CONTROL_KILLS = 4
HALF_A_SECOND = 0.5
PATIENCE_S = 120

pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork"), reason="the windows to kill are forked, which needs POSIX"
)


@dataclass
class Promised:
    """What one window said until it was killed.

    Attributes:
        saved: what the save mark vouched for, in order: kind, question code, value.
        tries: what was under way after that, and may be there or not.
        base: the note before the last typing began; None if none began.
        typed: what was typed on top of it, with the moment of each letter.
    """

    saved: list[tuple[str, str, str]] = field(default_factory=list)
    tries: list[tuple[str, str, str]] = field(default_factory=list)
    base: str | None = None
    typed: list[tuple[float, str]] = field(default_factory=list)
    killed_at: float = 0.0

    def hear(self, line: dict[str, Any]) -> None:
        if "saved" in line:
            kind, code, value = line["saved"]
            self.saved.append((kind, code, value))
            if kind == "note":
                self.base, self.typed = None, []
        elif "tries" in line:
            kind, code, value = line["tries"]
            self.tries.append((kind, code, value))
        elif "base" in line:
            self.base, self.typed = line["base"], []
        elif "typed" in line:
            self.typed.append((line["at"], line["typed"]))

    def owed(self) -> str:
        """The typed text that must be there: all but the last half second of it.

        The machine's own slowness is allowed for by the longest wait between two letters.
        """
        gaps = [b[0] - a[0] for a, b in zip(self.typed, self.typed[1:], strict=False)]
        allowed = HALF_A_SECOND + 3 * max(gaps, default=0.0)
        return max((text for at, text in self.typed if at < self.killed_at - allowed), default="")


class Killer:
    """Starts windows over one workspace and kills them."""

    def __init__(self, process: "subprocess.Popen[str]", seed: int) -> None:
        self._process, self._rng, self._seeds = process, random.Random(seed), iter(range(9999))

    def kill_one(self, manner: str) -> Promised:
        """Let a window work, kill it, and give what it had promised.

        ``manner`` is when: right after an acknowledgement (``saved``), well into typing
        (``typing``), or at any moment (``any``).
        """
        said = Promised()
        self._tell(f"{next(self._seeds)}\n")
        pid = int(self._hear()["pid"])
        while "ready" not in (line := self._hear()):
            assert "ended" not in line, "the window ended by itself"
        self._wait_for(manner, said)
        said.killed_at = time.monotonic()
        os.kill(pid, 9)
        while "ended" not in (line := self._hear()):
            said.hear(line)
        return said

    def _wait_for(self, manner: str, said: Promised) -> None:
        if manner == "any":
            # The pipe holds what is said meanwhile.
            time.sleep(self._rng.uniform(0, 1.5))
            return
        wanted = self._rng.randint(1, 3) if manner == "saved" else self._rng.randint(40, 75)
        while True:
            said.hear(self._hear())
            if manner == "saved" and len(said.saved) >= wanted:
                return
            if manner == "typing" and len(said.typed) >= wanted:
                return

    def _tell(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line)
        self._process.stdin.flush()

    def _hear(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the program that forks the windows ended"
        heard: dict[str, Any] = json.loads(line)
        return heard


@contextmanager
def a_killer(folder: Path, weakness: str = "") -> Iterator[Killer]:
    command = [sys.executable, "-m", "tests.faults.typist", str(folder)]
    with subprocess.Popen(
        command + ([weakness] if weakness else []),
        cwd=ROOT,
        env=dict(os.environ, PYTHONPATH=str(ROOT), QT_QPA_PLATFORM="offscreen"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Killer(process, seed=20261125)
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(PATIENCE_S) == 0


def a_prepared_workspace(folder: Path) -> None:
    world = a_world(folder / "workspace")
    audit_id = an_audit(world, a_small_template(world))
    (folder / AUDIT).write_text(str(audit_id), encoding="utf-8")
    world.close()


class Books:
    """What must be in the workspace, over all kills."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._audit = UUID((folder / AUDIT).read_text(encoding="utf-8"))
        self._answers: dict[str, str] = {}
        self._photos: set[str] = set()

    def check(self, said: Promised) -> list[str]:
        """What is wrong after a kill, in words."""
        allowed = {code: {name} for code, name in self._answers.items()}
        for kind, code, value in said.tries:
            if kind == "answer":
                allowed.setdefault(code, {""}).add(value)
        for kind, code, value in said.saved:
            if kind == "answer":
                allowed[code] = {value}
            elif kind == "photo":
                self._photos.add(value)
        self._allow_what_was_under_way(said, allowed)
        world = World(self._folder, *_opened(self._folder / "workspace"))
        try:
            return list(self._wrong(world, said, allowed))
        finally:
            world.close()

    @staticmethod
    def _allow_what_was_under_way(said: Promised, allowed: dict[str, set[str]]) -> None:
        """The last try, if nothing vouched for it."""
        if said.tries and said.tries[-1] not in said.saved[-1:]:
            _, code, value = said.tries[-1]
            allowed.setdefault(code, {""}).add(value)

    def _wrong(self, world: World, said: Promised, allowed: dict[str, set[str]]) -> Iterator[str]:
        if not (result := verify_workspace(world.store)).ok:
            yield f"it does not verify: {result}"
        view = world.services.checklist.open(self._audit)
        for code, names in allowed.items():
            name = (question(view, code).selected or ("",))[0]
            if name not in names:
                yield f"the answer {code} is {name!r}, not one of {names}"
            self._answers[code] = name
        here = {str(row.id) for row in world.services.evidence.of_audit(self._audit)}
        if lost := self._photos - here:
            yield f"{len(lost)} photos are gone"
        note = question(view, "A2").note
        for kind, _code, value in said.saved:
            if kind == "note" and not note.startswith(value):
                yield f"the note is {note[-60:]!r}, and {value[-60:]!r} was saved"
        if said.base is not None:
            owed = said.base + said.owed()
            if not note.startswith(owed):
                yield f"of the note {owed[-80:]!r} there is {note[-80:]!r}"


def _opened(folder: Path) -> tuple[Any, Any, StillClock]:
    from audit_app.services import build_services
    from db.store import Store

    clock = StillClock()
    store = Store.open(folder, clock)
    return store, build_services(store, clock), clock


def killed(folder: Path, manners: list[str], weakness: str = "") -> list[str]:
    """Kill one window for each manner; what broke, in words."""
    a_prepared_workspace(folder)
    books, wrong = Books(folder), []
    with a_killer(folder, weakness) as killer:
        for number, manner in enumerate(manners):
            said = killer.kill_one(manner)
            wrong += [f"kill {number} ({manner}): {words}" for words in books.check(said)]
    return wrong


def test_a_killed_window_loses_nothing_it_called_saved(tmp_path: Path) -> None:
    manners = [("saved", "typing", "any")[number % 3] for number in range(KILLS)]
    assert killed(tmp_path, manners) == []


def test_saying_saved_too_early_is_noticed(tmp_path: Path) -> None:
    assert killed(tmp_path, ["saved"] * CONTROL_KILLS, "early") != []


def test_text_that_waits_for_typing_to_rest_is_noticed(tmp_path: Path) -> None:
    assert killed(tmp_path, ["typing"] * CONTROL_KILLS, "slow") != []
