"""BLOB-TRUE: whatever is cut or killed, a photo that can be read at the centre is just that photo.

``ONSITE_CUTS_BLOBS`` says how often the line is cut or somebody killed; 20 if it does not.
"""

import hashlib
import os
import random
import threading
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.engine import make_url

from audit_app.central.object_folder import FolderObjects
from audit_app.central.objects import WrongContent, blob_name
from audit_app.central.tables import BLOB
from audit_app.sync.blob_plan import HERE, STORED, WANTED
from audit_app.sync.blob_run import BlobStep
from db.tables import Blob
from tests.builders import World
from tests.central.blob_program import Program
from tests.central.blob_world import CentreRows, torn
from tests.sync.blob_fleet import (
    Laptops,
    blobs_of,
    entries,
    http_of,
    sync_rows,
    the_audit,
    with_file,
)
from tests.sync.cutting_line import CuttingLine
from tests.sync.fleet import CentreUnderTest

CUTS = int(os.environ.get("ONSITE_CUTS_BLOBS", "20"))
LARGEST = 1_500_000
WAYS = ("cut up", "cut down", "kill centre", "kill laptop")


class Died(Exception):
    """The laptop's program is gone in the middle of a step."""


@pytest.fixture(scope="module")
def objects(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("objects")


@pytest.fixture(scope="module")
def server(database_url: str, objects: Path) -> Iterator[Program]:
    program = Program(database_url, str(objects), lease=0.5)
    yield program
    program.kill()


@pytest.fixture
def line(server: Program) -> Iterator[CuttingLine]:
    line = CuttingLine(server.port)
    yield line
    line.close()


@pytest.fixture(scope="module")
def centre(database_url: str, owner_url: str) -> Iterator[CentreUnderTest]:
    owner = create_engine(make_url(owner_url).set(drivername="postgresql+psycopg"))
    centre = CentreUnderTest(database_url, owner)
    yield centre
    centre.database.close()
    owner.dispose()


@pytest.fixture(scope="module")
def rows(owner_url: str) -> Iterator[CentreRows]:
    rows = CentreRows.at(owner_url)
    yield rows
    rows.owner.dispose()


@pytest.fixture(scope="module")
def laptops(tmp_path_factory: pytest.TempPathFactory) -> Laptops:
    return Laptops(tmp_path_factory.mktemp("laptops"))


@pytest.fixture
def lena(tmp_path: Path, laptops: Laptops, centre: CentreUnderTest) -> Iterator[World]:
    world = laptops.with_audit(tmp_path / "lena")
    sync_rows(world, centre)
    yield world
    world.close()


@pytest.fixture
def omar(tmp_path: Path, laptops: Laptops, centre: CentreUnderTest) -> Iterator[World]:
    world = laptops.empty(tmp_path / "omar")
    sync_rows(world, centre)
    yield world
    world.close()


def sent_through(
    chance: random.Random, way: str, world: World, line: CuttingLine, server: Program
) -> int:
    """Send with one thing going wrong at a random moment; gives the runs that it took."""
    at = chance.randrange(LARGEST)
    dies_at = LARGEST * 2
    restarted: list[threading.Thread] = []
    if way == "cut up":
        line.cut_after("up", at)
    elif way == "cut down":
        line.cut_after("down", at % 6000)
    elif way == "kill centre":

        def kill() -> None:
            server.kill()
            thread = threading.Thread(target=server.start)
            thread.start()
            restarted.append(thread)

        line.cut_after("up", at, kill)
    else:
        dies_at = at

    def progress(step: BlobStep) -> None:
        if step.done >= dies_at:
            raise Died

    runs = 0
    with http_of(world, line.address) as http:
        while True:
            runs += 1
            try:
                report = blobs_of(world, http).send(progress)
            except Died:
                dies_at = LARGEST * 2
                continue
            finally:
                for thread in restarted:
                    thread.join()
            if not report.waiting:
                line.forget_cut()
                return runs
            assert runs < 10, (way, report)


def check_the_centre(objects: Path, rows: CentreRows) -> int:
    """Every object is what its name says, and every blob that counts is there; gives how many."""
    store = FolderObjects(objects)
    found = {name: b"".join(store.get(name)) for name in store.names("blobs")}
    assert torn(found.items()) == []
    with rows.owner.begin() as connection:
        counted = list(connection.execute(select(BLOB.c.content, BLOB.c.size)))
    for content, size in counted:
        assert len(found[blob_name(content)]) == size
    return len(counted)


def test_cut_anywhere_every_photo_arrives_whole(
    lena: World,
    centre: CentreUnderTest,
    server: Program,
    line: CuttingLine,
    objects: Path,
    rows: CentreRows,
) -> None:
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    audit = the_audit(lena)
    made: dict[UUID, bytes] = {}
    for number in range(CUTS):
        data = chance.randbytes(chance.randrange(20_000, LARGEST))
        row = with_file(lena, centre, audit, data)
        made[row] = data
        way = WAYS[number % len(WAYS)]
        sent_through(chance, way, lena, line, server)
        with http_of(lena, server.address) as http:
            read = http.get(f"/v1/blobs/evidence/{row}")
        assert read.content == data, (seed, number, way)
    check_the_centre(objects, rows)
    mine = {e.sha256: e.state for e in entries(lena) if e.row_id in made}
    assert mine == {hashlib.sha256(data).hexdigest(): STORED for data in made.values()}


def test_cut_anywhere_every_photo_is_fetched_whole_or_not_at_all(
    lena: World,
    omar: World,
    centre: CentreUnderTest,
    server: Program,
    line: CuttingLine,
) -> None:
    seed = random.randrange(2**32)
    chance = random.Random(seed)
    made = {}
    for _ in range(max(2, CUTS // 4)):
        data = chance.randbytes(chance.randrange(20_000, LARGEST))
        made[with_file(lena, centre, the_audit(lena), data)] = data
    with http_of(lena, server.address) as http:
        assert blobs_of(lena, http).send().waiting == 0
    sync_rows(omar, centre)
    with http_of(omar, line.address) as http:
        for row, data in made.items():
            line.cut_after("down", chance.randrange(len(data)))
            runs = 0
            while (item := entry_of(omar, row)) is None or item.state == WANTED:
                if item is not None:
                    assert (item.sha256, 0) not in omar.store.photos.held(), seed
                blobs_of(omar, http).fetch(rows=[row])
                runs += 1
                assert runs < 10, seed
            assert item.state == HERE
            assert omar.store.photos.get(item.sha256) == data, seed
            line.forget_cut()


def entry_of(world: World, row: UUID) -> Blob | None:
    return next((e for e in entries(world) if e.row_id == row), None)


def test_the_pieces_of_a_torn_upload_would_be_found(
    objects: Path, rows: CentreRows, lena: World, centre: CentreUnderTest, server: Program
) -> None:
    """The negative control: what the checks above would say to a torn photo."""
    data = os.urandom(5000)
    with_file(lena, centre, the_audit(lena), data)
    with http_of(lena, server.address) as http:
        assert blobs_of(lena, http).send().waiting == 0
    assert check_the_centre(objects, rows) > 0
    store = FolderObjects(objects)
    name = blob_name(hashlib.sha256(data).hexdigest())
    store.put(name, data[:-1])
    with pytest.raises(AssertionError):
        check_the_centre(objects, rows)
    store.put(name, data)
    check_the_centre(objects, rows)
    with pytest.raises(WrongContent):
        store.put_new(blob_name("0" * 64), [data], size=len(data), sha256="0" * 64)
