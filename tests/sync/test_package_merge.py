"""Random laptops hand packages round in any order: nothing that was entered is ever lost."""

import os
import random
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from audit_app.sync import package_cipher
from db.tables import Conflict, Vendor
from tests.builders import NOON, StillClock, a_store
from tests.sync.couriers import Courier, a_courier

HISTORIES = int(os.environ.get("ONSITE_PACKAGE_HISTORIES", "2"))
"""Random histories in one run; each takes some seconds."""
STEPS = 24
ROWS = [UUID(int=7), UUID(int=8)]
FIELDS = ("name", "code")


@pytest.fixture(autouse=True)
def quick_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package_cipher, "_COST", {"t": 1, "m": 64, "p": 1})
    monkeypatch.setattr(package_cipher, "_CHEAPEST", {"t": 1, "m": 8, "p": 1})


class History:
    """Edits with values that are each used once, and who had seen which when it was overwritten."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.random = random.Random(seed)
        folder.mkdir()
        self.laptops: list[Courier] = [
            a_courier(name, a_store(folder / name, StillClock(NOON + timedelta(days=n))), folder)
            for n, name in enumerate(("one", "two", "three"))
        ]
        self.files: list[Path] = []
        self.entered: dict[str, tuple[UUID, str]] = {}
        self.replaced: set[str] = set()
        self.count = 0
        for laptop in self.laptops:
            self.edit(laptop)

    def step(self) -> None:
        laptop = self.random.choice(self.laptops)
        what = self.random.random()
        if what < 0.45 or not self.files:
            self.edit(laptop)
        elif what < 0.7:
            self.files.append(laptop.hands_over())
        else:
            file = self.random.choice(self.files)
            if not laptop.sees(file).refusal:
                laptop.takes(file)
                before = laptop.rows(), laptop.conflicts()
                assert laptop.sees(file).refusal
                assert (laptop.rows(), laptop.conflicts()) == before

    def edit(self, laptop: Courier) -> None:
        row, field = self.random.choice(ROWS), self.random.choice(FIELDS)
        self.count += 1
        value = f"value {self.count}"
        with laptop.store.read() as session:
            found = session.get(Vendor, row)
            if found is not None:
                # Whoever writes over a value had it before his eyes.
                self.replaced.add(getattr(found, field))
        laptop.write_vendor(row, **{field: value})
        self.entered[value] = (row, field)

    def everywhere(self) -> None:
        """Everybody gives everybody everything, until nothing new comes."""
        for _ in range(3):
            for giver in self.laptops:
                file = giver.hands_over()
                for taker in self.laptops:
                    if taker is not giver:
                        taker.takes(file)

    def held_by(self, laptop: Courier) -> set[str]:
        held = set()
        with laptop.store.read() as session:
            for row in session.scalars(select(Vendor)):
                held |= {row.name, row.code}
            for conflict in session.scalars(select(Conflict)):
                held |= {str(conflict.central[0]), str(conflict.candidate[0])}
        return held

    def close(self) -> None:
        for laptop in self.laptops:
            laptop.store.close()


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_no_value_is_lost_whatever_goes_where(tmp_path: Path, seed: int) -> None:
    history = History(tmp_path / "fleet", seed)
    for _ in range(STEPS):
        history.step()
    history.everywhere()
    for laptop in history.laptops:
        lost = history.entered.keys() - history.replaced - history.held_by(laptop)
        assert not lost, f"{laptop.name} holds no trace of {sorted(lost)}"
    history.close()


def test_merging_the_same_again_changes_nothing(tmp_path: Path) -> None:
    history = History(tmp_path / "fleet", 99)
    one, other, _ = history.laptops
    one.write_vendor(ROWS[0], name="First")
    other.write_vendor(ROWS[0], name="Other")
    other.takes(one.hands_over())
    before = other.rows(), other.conflicts()
    assert len(before[1]) == 1
    seen = other.sees(one.hands_over())
    assert (seen.fields, seen.conflicts, dict(seen.new)) == (0, 0, {})
    other.takes(one.hands_over())
    assert (other.rows(), other.conflicts()) == before
    history.close()
