"""Several laptops over a bad line to a real centre: nothing lost, nothing twice, all equal.

ONSITE_CHAOS is "DEVICES x OPS x SEEDS"; a release run takes 4 x 500 x 10.
"""

import os
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import pytest
from sqlalchemy import create_engine, select, update
from sqlalchemy.engine import make_url

from audit_app.central.tables import HISTORY, RECORD_TABLES
from audit_app.clock import SystemClock
from audit_app.services.following import Following
from audit_app.sync.engine import SyncEngine, Unreachable
from audit_app.sync.http import HttpTransport
from db.tables import Centre, Contact, OutboxOp
from tests.central.conftest import Databases, Urls
from tests.sync.chaos import Chaos, Fault, chaos
from tests.sync.http_world import Laptop, World, serving

DEVICES, OPS, SEEDS = (int(n) for n in os.environ.get("ONSITE_CHAOS", "3x50x1").split("x"))
QUICK = httpx.Timeout(1.5)
RATE = 0.1


class Field:
    """Laptops that add people and write over each other's entries, syncing as they go."""

    def __init__(self, world: World, urls: Urls, seed: int) -> None:
        self.world, self.urls = world, urls
        self.dice = random.Random(seed)
        self.laptops = [world.joined(f"auditor{n}") for n in range(DEVICES)]
        self.vendor = self.laptops[0].services.vendors.save_vendor(name="Nordwind").id
        for laptop in self.laptops:
            laptop.sync()
        self.made: list[str] = []
        self.parent: dict[str, str | None] = {}
        self.cuts = 0

    def aim(self, address: str) -> None:
        """Let every laptop talk to this address."""
        for laptop in self.laptops:
            with laptop.store.settle() as session:
                session.execute(update(Centre).values(address=address))

    def work(self, renumber: bool = False) -> None:
        """Each op is a new person or a word written over one that is shown."""
        for number in range(OPS * DEVICES):
            laptop = self.dice.choice(self.laptops)
            token = f"t{number}"
            shown = self._contacts(laptop)
            if not shown or self.dice.random() < 0.4:
                laptop.services.vendors.save_contact(vendor_id=self.vendor, name=token)
                self.made.append(token)
            else:
                row = self.dice.choice(sorted(shown))
                name, phone = shown[row]
                self.parent[token] = phone or None
                laptop.services.vendors.save_contact(
                    row, vendor_id=self.vendor, name=name, phone=token
                )
            if self.dice.random() < 0.3:
                self.sync(laptop, renumber)

    def sync(self, laptop: Laptop, renumber: bool = False) -> None:
        transport = HttpTransport(laptop.store, SystemClock())
        transport.client.timeout = QUICK
        try:
            following = Following(laptop.services.checklist)
            SyncEngine(laptop.store, SystemClock(), transport, following).run()
        except Unreachable:
            self.cuts += 1
            if renumber:
                _forget_numbers(laptop)
        finally:
            transport.close()

    def _contacts(self, laptop: Laptop) -> dict[UUID, tuple[str, str]]:
        with laptop.store.read() as session:
            return {c.id: (c.name, c.phone) for c in session.scalars(select(Contact))}

    def clean_rounds(self) -> None:
        """One round without faults, and one more to hear of it."""
        for _ in range(2):
            for laptop in self.laptops:
                assert laptop.sync().waiting == 0

    def troubles(self) -> list[str]:
        """What is lost, doubled or different; empty if every promise holds."""
        found = []
        views = [self._contacts(laptop) for laptop in self.laptops]
        if any(view != views[0] for view in views):
            found.append("laptops differ")
        names = Counter(name for name, _ in views[0].values())
        found += [f"{name} is there {names[name]} times" for name in self.made if names[name] != 1]
        owner = create_engine(make_url(self.urls.owner).set(drivername="postgresql+psycopg"))
        with owner.connect() as connection:
            conflict = RECORD_TABLES["conflict"]
            kept = {str(row[0]) for (row,) in connection.execute(select(conflict.c.candidate))}
            numbers = Counter(
                (row.device, row.no)
                for row in connection.execute(select(HISTORY.c.device, HISTORY.c.no))
            )
            words = Counter(
                value
                for (values,) in connection.execute(select(HISTORY.c["values"]))
                for value in {values.get("phone"), values.get("name")}
                if isinstance(value, str) and value.startswith("t")
            )
        owner.dispose()
        found += [f"op {key} was applied {n} times" for key, n in numbers.items() if n != 1]
        fine: set[str | None] = set()
        for last in [*(phone for _, phone in views[0].values()), *sorted(kept)]:
            token: str | None = last
            while token and token not in fine:
                fine.add(token)
                token = self.parent.get(token)
        found += [f"{token} is lost" for token in self.parent if token not in fine]
        found += [f"{word} was sent {n} times" for word, n in words.items() if n > 1]
        return found


def _forget_numbers(laptop: Laptop) -> None:
    """A client that does not keep its numbers: what was sent is sent again as something new."""
    with laptop.store.settle() as session:
        top = session.scalar(select(OutboxOp.no).order_by(OutboxOp.no.desc()).limit(1)) or 0
        sealed = session.scalars(select(OutboxOp).where(OutboxOp.state == "sealed")).all()
        for op in sealed:
            op.no = None
        session.flush()
        for place, op in enumerate(sealed, top + 1):
            op.no = place


@pytest.fixture
def field(databases: Databases, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Field]:
    urls = databases.fresh()
    with serving(urls.app, tmp_path) as world:
        yield Field(world, urls, request.param)


def over_a_bad_line(field: Field, seed: int, *, renumber: bool = False) -> Chaos:
    straight = field.world.address
    with chaos(urlsplit(straight).port or 0, seed, RATE) as line:
        field.aim(line.address)
        field.work(renumber)
        field.aim(straight)
    field.clean_rounds()
    return line


@pytest.mark.parametrize("field", range(SEEDS), indirect=True)
def test_a_bad_line_loses_nothing_and_doubles_nothing(
    field: Field, request: pytest.FixtureRequest
) -> None:
    line = over_a_bad_line(field, seed=request.node.callspec.params["field"])
    assert sum(line.met.values()) > 0, "the line was not bad at all"
    assert field.troubles() == []


@pytest.mark.parametrize("field", [7], indirect=True)
def test_a_client_that_does_not_keep_its_numbers_is_noticed(
    field: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.sync.test_chaos.RATE", 0.5)
    line = over_a_bad_line(field, seed=3, renumber=True)
    assert line.met[Fault.HALF_DOWN] + line.met[Fault.BLACK_HOLE] > 0
    assert field.troubles() != []
