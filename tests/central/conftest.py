"""One real PostgreSQL for all tests of the central store, and a fresh database for each module."""

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from audit_app.central.database import Database
from audit_app.central.embedded import EmbeddedServer
from audit_app.central.migrate import migrate
from audit_app.central.security import APP_ROLE
from tests.central.people import Town
from tests.central.s3_server import s3_address, s3_server

__all__ = ["s3_address", "s3_server"]

QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""Nothing here outlives the run, so nothing has to reach the disk."""

_TEMPLATE = "onsite_empty"


@dataclass(frozen=True, slots=True)
class Urls:
    """The two addresses of one database."""

    owner: str
    app: str


class Databases:
    """Makes databases on the session's server."""

    def __init__(self, server: EmbeddedServer) -> None:
        self.server = server
        self._numbers = count(1)

    def bare(self) -> Urls:
        """An empty database, not migrated."""
        return self._make("template1")

    def fresh(self) -> Urls:
        """A migrated one without users or records."""
        if not self.server.has_database(_TEMPLATE):
            self.server.make_database(_TEMPLATE)
            migrate(self.server.url(_TEMPLATE), version="test")
        return self._make(_TEMPLATE)

    def _make(self, like: str) -> Urls:
        name = f"test_{next(self._numbers)}"
        self.server.make_database(name, like=like)
        return Urls(self.server.url(name), self.server.url(name, user=APP_ROLE))


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    # Not under pytest's own folder: only its owner may enter that, and PostgreSQL is never root.
    with tempfile.TemporaryDirectory(prefix="onsite-test-") as name:
        folder = Path(name)
        folder.chmod(0o711)
        server = EmbeddedServer(folder / "postgres", settings=QUICK)
        server.start()
        try:
            yield Databases(server)
        finally:
            server.stop()


@pytest.fixture(scope="module")
def database_urls(databases: Databases) -> Urls:
    """Both addresses of a migrated database of this module's own."""
    return databases.fresh()


@pytest.fixture(scope="module")
def database_url(database_urls: Urls) -> str:
    """Its address for the role the program works as: no owner, bound by row-level security."""
    return database_urls.app


@pytest.fixture(scope="module")
def owner_url(database_urls: Urls) -> str:
    """Its address for the role that owns the tables."""
    return database_urls.owner


@pytest.fixture
def central_database(database_url: str) -> Iterator[Database]:
    """The program's own connections to it."""
    database = Database(database_url)
    yield database
    database.close()


@pytest.fixture
def town(database_url: str) -> Iterator[Town]:
    """A centre over the module's database, its clock standing still."""
    made = Town(database_url)
    yield made
    made.close()
