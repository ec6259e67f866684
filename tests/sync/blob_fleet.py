"""Laptops with photos, and a centre whose photo routes run as a process of their own."""

import shutil
import time
from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path
from uuid import UUID

import httpx
from sqlalchemy import select

from audit_app.services import build_services
from audit_app.sync.blobs import BlobSync
from audit_app.sync.outbox import next_request
from audit_app.sync.settling import take_in
from db.store import Store
from db.tables import Audit, Blob, Centre
from tests.builders import (
    NOON,
    StillClock,
    World,
    a_photo,
    a_small_template,
    a_world,
    an_audit,
)
from tests.central.blob_program import KEY
from tests.sync.fleet import NOW, CentreUnderTest


def sync_rows(world: World, centre: CentreUnderTest) -> None:
    """Rows first, until there are no more."""
    again = True
    while again:
        with world.store.settle() as session:
            request = next_request(session, world.store.device)
        answer = centre.sync(request)
        again = take_in(world.store, request, answer, NOW).again


class Laptops:
    """Workspaces to copy from: making one takes longer than most of what is tried with it."""

    def __init__(self, folder: Path) -> None:
        self._hours = count(1)
        self._empty, self._audit = folder / "empty", folder / "audit"
        for path in (self._empty, self._audit):
            path.mkdir()
            world = a_world(path)
            if path is self._audit:
                an_audit(world, a_small_template(world))
            world.close()

    def empty(self, folder: Path) -> World:
        """One that holds nothing."""
        return self._copy(self._empty, folder)

    def with_audit(self, folder: Path) -> World:
        """One with an audit under way, of which the centre does not know yet."""
        return self._copy(self._audit, folder)

    def _copy(self, blank: Path, folder: Path) -> World:
        shutil.copytree(blank, folder)
        # The clocks of the builders count their ids up; two laptops may not give the same ones.
        clock = StillClock(NOON + timedelta(hours=next(self._hours)))
        store = Store.open(folder, clock)
        with store.settle() as session:
            store.rename_device(session)
            public = b64encode(KEY.public_key().public_bytes_raw()).decode()
            session.add(
                Centre(
                    id=1,
                    address="https://centre.test",
                    credentials={"centre_key": public},
                    joined_at=NOW,
                )
            )
        return World(folder, store, build_services(store, clock), clock)


def the_audit(world: World) -> UUID:
    """The audit of such a workspace."""
    with world.store.read() as session:
        return session.scalars(select(Audit.id)).one()


def with_photo(
    world: World, centre: CentreUnderTest, audit: UUID, *, seed: int = 1, width: int = 1800
) -> UUID:
    """A photo whose row is at the centre."""
    data = a_photo(width, width * 3 // 4, seed)
    made = world.services.evidence.add_photo(audit, data=data, name="door.jpg")
    sync_rows(world, centre)
    return made.row.id


def with_file(world: World, centre: CentreUnderTest, audit: UUID, data: bytes) -> UUID:
    """A file whose row is at the centre."""
    made = world.services.evidence.add_file(audit, data=data, name="sheet.bin")
    sync_rows(world, centre)
    return made.row.id


def http_of(world: World, address: str) -> httpx.Client:
    return httpx.Client(
        base_url=address,
        headers={"Authorization": f"Bearer {world.store.device}"},
        timeout=httpx.Timeout(20),
        trust_env=False,
    )


def blobs_of(
    world: World,
    http: httpx.Client,
    pause: Callable[[float], None] = lambda seconds: time.sleep(min(seconds, 0.2)),
) -> BlobSync:
    return BlobSync(world.store, http, pause=pause)


def states(world: World) -> dict[tuple[str, str], str]:
    """State by entity and part, of a workspace with one row of each."""
    with world.store.read() as session:
        return {(b.entity, b.part): b.state for b in session.scalars(select(Blob))}


def entries(world: World) -> list[Blob]:
    with world.store.read() as session:
        return list(session.scalars(select(Blob).order_by(Blob.rank, Blob.row_id)))
