"""A real centre behind a real socket, accounts in it, and workspaces joined to it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import uvicorn

from audit_app.central.accounts import add_account
from audit_app.central.app import build_app
from audit_app.central.centre import Centre, build_centre
from audit_app.central.database import Database
from audit_app.central.grants import Grant, Reach
from audit_app.central.machine import free_port
from audit_app.central.objects import open_objects
from audit_app.central.policy import Role
from audit_app.clock import SystemClock
from audit_app.services import Services, build_services
from audit_app.services.following import Following
from audit_app.sync.account import AccountService
from audit_app.sync.engine import Report, SyncEngine
from audit_app.sync.http import HttpTransport
from db.store import Store

PASSWORD = "a long sentence nobody guesses"


@dataclass
class Laptop:
    """One workspace with the program's own services over it."""

    store: Store
    services: Services = field(init=False)

    def __post_init__(self) -> None:
        self.services = build_services(self.store, SystemClock())

    def sync(self) -> Report:
        transport = HttpTransport(self.store, SystemClock())
        try:
            following = Following(self.services.checklist)
            return SyncEngine(self.store, SystemClock(), transport, following).run()
        finally:
            transport.close()

    def close(self) -> None:
        self.store.close()


@dataclass
class World:
    """The centre, its address, and how people get onto it."""

    centre: Centre
    address: str
    folder: Path
    laptops: list[Laptop] = field(default_factory=list)

    def account(self, login: str, role: Role = Role.AUDITOR) -> str:
        """A person with a role over everything; gives a code for a first device."""
        grant = Grant(role, Reach.EVERYTHING, "")
        user = self.centre.database.run(
            lambda connection: add_account(
                connection, SystemClock(), login=login, name=login.title(), grants=[grant]
            )
        )
        return self.centre.devices.make_code(user)[0]

    def laptop(self, name: str) -> Laptop:
        """A new workspace that is joined to nothing."""
        made = Laptop(Store.create(self.folder / name, SystemClock()))
        self.laptops.append(made)
        return made

    def joined(self, login: str) -> Laptop:
        """A workspace of a new person."""
        laptop = self.laptop(login)
        account = AccountService(laptop.store, SystemClock())
        account.join(self.address, code=self.account(login), password=PASSWORD)
        return laptop


@contextmanager
def serving(url: str, folder: Path) -> Iterator[World]:
    """Serve on loopback until left."""
    database = Database(url)
    objects = open_objects(str(folder / "objects"))
    centre = build_centre(database, SystemClock(), version="test", objects=objects)
    port = free_port()
    config = uvicorn.Config(
        build_app(centre), host="127.0.0.1", port=port, log_level="error", lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{port}"
    for _ in range(400):
        try:
            httpx.get(f"{address}/v1/health", trust_env=False)
            break
        except httpx.HTTPError:
            threading.Event().wait(0.02)
    world = World(centre, address, folder)
    try:
        yield world
    finally:
        for laptop in world.laptops:
            laptop.close()
        server.should_exit = True
        thread.join(10)
        database.close()
