"""Bringing a centre up: its database, its photos, its address, and its first administrator."""

import ipaddress
import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import platformdirs
from sqlalchemy import Connection, select

from audit_app.central.account_tables import ACCOUNT
from audit_app.central.accounts import add_account
from audit_app.central.app import build_app
from audit_app.central.centre import Centre, build_centre
from audit_app.central.database import Database
from audit_app.central.devices import DeviceDesk
from audit_app.central.embedded import EmbeddedServer
from audit_app.central.grants import Grant, lock_memberships
from audit_app.central.machine import is_root
from audit_app.central.migrate import migrate
from audit_app.central.objects import open_objects
from audit_app.central.policy import Role
from audit_app.central.roles import give_password
from audit_app.clock import Clock
from audit_app.errors import AuditError
from audit_app.version import VERSION

PORT = 8440
FIRST_LOGIN = "admin"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a centre keeps its things.

    Attributes:
        folder: of the embedded database and of photos.
        database: the address of a database of one's own, for the program's role; "" for the
            embedded one.
        owner: the same for the role that owns the tables; "" to leave them as they are.
        objects: an address such as s3://bucket/prefix for photos; "" for the folder.
    """

    folder: Path
    database: str = ""
    owner: str = ""
    objects: str = ""


def default_folder() -> Path:
    """Where a centre is, if nobody says: for root, where its database may go too."""
    if is_root():
        return Path("/var/lib/onsite/central")
    return Path(platformdirs.user_data_dir("onsite", appauthor=False)) / "central"


@contextmanager
def open_database(place: Place) -> Iterator[Database]:
    """The database of a centre, brought to this version's form; stopped again if it was ours.

    Raises:
        AuditError: it does not start, does not answer, or is newer than this program.
    """
    if place.database:
        if place.owner:
            migrate(place.owner, version=VERSION)
        yield from _opened(place.database)
        return
    server = EmbeddedServer(place.folder)
    server.start()
    try:
        migrate(server.url(), version=VERSION)
        yield from _opened(give_password(server))
    finally:
        server.leave()


def _opened(address: str) -> Iterator[Database]:
    database = Database(address)
    try:
        yield database
    finally:
        database.close()


def centre_at(place: Place, database: Database, clock: Clock, *, shows_docs: bool) -> Centre:
    """The centre over its database and its photos.

    Raises:
        AuditError: one of them cannot be used.
    """
    objects = open_objects(place.objects or str(place.folder / "objects"))
    return build_centre(database, clock, version=VERSION, objects=objects, shows_docs=shows_docs)


def first_code(database: Database, clock: Clock) -> tuple[str, str] | None:
    """Login and code of the first administrator, as long as nobody has come in yet; else None."""

    def begin(connection: Connection) -> UUID | None:
        # Two processes may start at once: one of them makes the account.
        lock_memberships(connection)
        accounts = connection.execute(select(ACCOUNT)).all()
        if any(account.password_hash for account in accounts):
            return None
        for account in accounts:
            if account.login == FIRST_LOGIN:
                found: UUID = account.id
                return found
        return add_account(
            connection,
            clock,
            login=FIRST_LOGIN,
            name="Administrator",
            grants=[Grant(Role.ADMINISTRATOR), Grant(Role.LEAD)],
        )

    user = database.run(begin)
    if user is None:
        return None
    code, _ = DeviceDesk(database, clock).make_code(user)
    return FIRST_LOGIN, code


@dataclass(frozen=True, slots=True)
class Address:
    """Where a centre listens.

    Attributes:
        proxy: the address of a proxy in front that speaks TLS; only what it says about where
            requests come from is believed.
    """

    host: str = "127.0.0.1"
    port: int = PORT
    certificate: Path | None = None
    key: Path | None = None
    proxy: str = ""

    @property
    def url(self) -> str:
        """As a device is told."""
        scheme = "https" if self.certificate else "http"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{scheme}://{host}:{self.port}"

    def check(self) -> None:
        """Refuse to speak in the clear to other machines (ASVS 12.2.1).

        Raises:
            AuditError: with what is missing.
        """
        if self.certificate is None and not self.proxy and not _is_loopback(self.host):
            raise AuditError(
                f"{self.host} can be reached from other machines, and nothing would be encrypted.",
                "Give --certificate and --key, or --proxy with the address of a proxy that "
                "speaks TLS.",
            )


def serve(centre: Centre, address: Address) -> None:
    """Answer until the process is told to end.

    Raises:
        AuditError: the address cannot be used.
    """
    import uvicorn

    address.check()
    _log_to_stderr()
    config = uvicorn.Config(
        build_app(centre),
        host=address.host,
        port=address.port,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(address.proxy),
        forwarded_allow_ips=address.proxy or None,
        ssl_certfile=address.certificate,
        ssl_keyfile=address.key,
        timeout_graceful_shutdown=30,
        h11_max_incomplete_event_size=32 * 1024,
    )
    server = uvicorn.Server(config)
    try:
        server.run()
    except SystemExit as ended:
        if ended.code:
            raise AuditError(
                f"The centre cannot listen at {address.url}.", "Choose another --port."
            ) from ended


@contextmanager
def until_told() -> Iterator[None]:
    """Until the process is told to end, which then is no error.

    The web server hands a signal on when it is done; as an exception it lets the database stop too.
    """
    before = {number: signal.signal(number, _end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    except _Told:
        return
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Told(BaseException):
    """The process was told to end."""


def _end(_number: int, _frame: object) -> None:
    raise _Told


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _log_to_stderr() -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    for name in ("onsite.central", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(logging.INFO)
        logger.propagate = False
