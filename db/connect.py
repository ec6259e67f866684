"""Connections to the encrypted database, set up so that "saved" means on disk."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, QueuePool, create_engine, event
from sqlalchemy.engine import Connection
from sqlcipher3 import dbapi2

from audit_app.errors import StoreError

OLDEST_SQLITE = (3, 51, 3)
"""Older ones can corrupt a WAL database when two connections write (sqlite.org, walresetbug)."""

sqlcipher: Any = dbapi2
"""The module has no types of its own."""

PLAIN = b"SQLite format 3\x00"
_PRAGMAS = (
    # The first is left out for files that are only looked at.
    "journal_mode=WAL",
    "synchronous=FULL",
    "fullfsync=1",
    "checkpoint_fullfsync=1",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "secure_delete=ON",
    "temp_store=MEMORY",
    "cache_size=-65536",
    "busy_timeout=10000",
)


def check_library() -> None:
    """Refuse to run on a library that could lose data.

    Raises:
        StoreError: SQLite is too old.
    """
    if sqlcipher.sqlite_version_info < OLDEST_SQLITE:
        raise StoreError(
            f"The database library is too old ({sqlcipher.sqlite_version}).",
            "Install the program again with its pinned packages.",
        )


def connect(
    path: Path, secret: bytes, *, query_only: bool = False, keeps_journal: bool = False
) -> Any:
    """One connection with the raw key and salt; a wrong key fails here.

    Args:
        query_only: nothing can be written through it.
        keeps_journal: leave the file's own way of journalling, so that looking at a backup
            changes no byte of it.

    Raises:
        StoreError: the file is not encrypted, or the library cannot encrypt.
        sqlcipher3.DatabaseError: the key does not fit.
    """
    refuse_plain(path)
    connection = sqlcipher.connect(
        str(path), isolation_level=None, check_same_thread=False, timeout=10
    )
    try:
        key, salt = secret[:32].hex(), secret[32:].hex()
        connection.execute(f"PRAGMA key=\"x'{key}{salt}'\"")
        connection.execute("PRAGMA cipher_log_level=NONE")
        if not connection.execute("PRAGMA cipher_version").fetchone():
            raise StoreError("The database library cannot encrypt.", "Install the program again.")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        for pragma in _PRAGMAS[keeps_journal:]:
            connection.execute(f"PRAGMA {pragma}")
        if query_only:
            connection.execute("PRAGMA query_only=1")
    except BaseException:
        connection.close()
        raise
    return connection


def refuse_plain(path: Path) -> None:
    """A readable file in place of ours is never opened, let alone written.

    Raises:
        StoreError: the file is an ordinary SQLite database.
    """
    if path.exists():
        with path.open("rb") as file:
            if file.read(16) == PLAIN:
                raise StoreError(
                    f"{path} is not encrypted; it is not a database of this program.",
                    "Move it away and restore a backup.",
                )


def make_engine(path: Path, secret: Callable[[], bytes], *, writer: bool) -> Engine:
    """The writer (one connection, BEGIN IMMEDIATE) or the readers (query only)."""
    engine = create_engine(
        "sqlite+pysqlite://",
        module=sqlcipher,
        creator=lambda: connect(path, secret(), query_only=not writer),
        poolclass=QueuePool,
        pool_size=1 if writer else 4,
        max_overflow=0,
    )

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writer else "BEGIN")

    return engine
