"""Several centre processes over one database, killed and restored while laptops sync."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from sqlalchemy import create_engine, select, update
from sqlalchemy.engine import make_url

from audit_app.central.machine import free_port
from audit_app.central.tables import HISTORY, SCOPE_COMMIT
from audit_app.errors import AuditError
from audit_app.sync.engine import Unreachable
from db.tables import Centre, Contact
from tests.central.conftest import Databases, Urls
from tests.sync.http_world import Laptop, World, serving

ROOT = Path(__file__).parents[2]
ROUNDS = int(os.environ.get("ONSITE_ROUNDS", "4"))
KILLS = int(os.environ.get("ONSITE_CENTRE_KILLS", "5"))

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="processes are killed by signals")


class Process:
    """One centre process over a database that others serve too."""

    def __init__(self, urls: Urls, objects: Path) -> None:
        self.port = free_port()
        self._command = [
            sys.executable,
            str(ROOT / "main.py"),
            "central",
            *("--database", urls.app, "--owner", urls.owner, "--objects", str(objects)),
            *("--port", str(self.port), "--json"),
        ]
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            self._command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT
        )
        assert self.process.stdout is not None
        said = json.loads(self.process.stdout.readline())
        self.address = str(said["address"])
        transport = httpx.HTTPTransport(retries=20)
        with httpx.Client(transport=transport, base_url=self.address, trust_env=False) as client:
            assert client.get("/v1/ready").status_code == 200

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        if self.process.stdout is not None:
            self.process.stdout.close()


def aim(laptop: Laptop, address: str) -> None:
    with laptop.store.settle() as session:
        session.execute(update(Centre).values(address=address))


def people(laptop: Laptop) -> dict[UUID, str]:
    with laptop.store.read() as session:
        return {row.id: row.name for row in session.scalars(select(Contact))}


@pytest.fixture
def urls(databases: Databases) -> Urls:
    return databases.fresh()


@pytest.fixture
def world(urls: Urls, tmp_path: Path) -> Iterator[World]:
    with serving(urls.app, tmp_path) as made:
        yield made


@pytest.fixture
def processes(urls: Urls, world: World, tmp_path: Path) -> Iterator[Callable[[int], list[Process]]]:
    made: list[Process] = []

    def start(count: int) -> list[Process]:
        made.extend(Process(urls, tmp_path / "objects") for _ in range(count))
        return made

    yield start
    for process in made:
        process.kill()


def settle(laptops: list[Laptop]) -> None:
    for _ in range(2):
        for laptop in laptops:
            assert laptop.sync().waiting == 0


def applied_once(urls: Urls) -> None:
    owner = create_engine(make_url(urls.owner).set(drivername="postgresql+psycopg"))
    with owner.connect() as connection:
        numbers: dict[UUID, list[int]] = {}
        for row in connection.execute(select(HISTORY.c.device, HISTORY.c.no)):
            numbers.setdefault(row.device, []).append(row.no)
        for found in numbers.values():
            assert sorted(found) == list(range(1, len(found) + 1))
        commits = list(connection.execute(select(SCOPE_COMMIT.c.scope, SCOPE_COMMIT.c.seq)))
        assert len(commits) == len(set(commits))
    owner.dispose()


def test_laptops_that_push_at_once_to_several_processes_agree(
    world: World, urls: Urls, processes: Callable[[int], list[Process]]
) -> None:
    centres = processes(2)
    laptops = [world.joined(f"auditor{n}") for n in range(4)]
    vendor = laptops[0].services.vendors.save_vendor(name="Nordwind").id
    settle(laptops)
    errors: list[BaseException] = []

    def work(place: int) -> None:
        laptop = laptops[place]
        try:
            for number in range(ROUNDS):
                laptop.services.vendors.save_contact(vendor_id=vendor, name=f"{place}-{number}")
                aim(laptop, centres[(place + number) % len(centres)].address)
                laptop.sync()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(place,)) for place in range(len(laptops))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    settle(laptops)
    wanted = {f"{place}-{number}" for place in range(4) for number in range(ROUNDS)}
    for laptop in laptops:
        assert set(people(laptop).values()) == wanted
    applied_once(urls)


def test_a_centre_that_is_killed_at_any_moment_loses_and_doubles_nothing(
    world: World, urls: Urls, processes: Callable[[int], list[Process]]
) -> None:
    (centre,) = processes(1)
    ada, ben = world.joined("ada"), world.joined("ben")
    vendor = ada.services.vendors.save_vendor(name="Nordwind").id
    settle([ada, ben])
    aim(ada, centre.address)
    for number in range(KILLS):
        for place in range(30):
            ada.services.vendors.save_contact(vendor_id=vendor, name=f"{number}-{place}")
        # Later each time: while it reads, while it merges, between its commit and its answer.
        timer = threading.Timer(0.004 * 1.7**number, centre.kill)
        timer.start()
        with contextlib.suppress(Unreachable, AuditError):
            ada.sync()
        timer.join()
        centre.kill()
        centre.start()
    aim(ada, world.address)
    settle([ada, ben])
    wanted = {f"{number}-{place}" for number in range(KILLS) for place in range(30)}
    assert set(people(ben).values()) == set(people(ada).values()) == wanted
    assert len(people(ben)) == len(wanted)
    applied_once(urls)
