"""From an older file to this version's schema: numbered steps, one transaction, a backup first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from audit_app.errors import StoreError
from db.migrations import STEPS

APPLICATION_ID = 0x4F4E5349
"""Written into the file header: "ONSI"."""

Run = Callable[[Any], None]


@dataclass(frozen=True, slots=True)
class Migrated:
    """From which schema to which; equal when nothing was to be done."""

    before: int
    after: int


def schema_of(connection: Any) -> int:
    """The schema number of an open file; 0 for an empty one."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(
    connection: Any,
    *,
    version: str,
    back_up: Callable[[], object] = lambda: None,
    steps: Sequence[Run] = STEPS,
) -> Migrated:
    """Bring an open file to the newest schema.

    Args:
        connection: the writer's raw connection, outside any transaction.
        version: of this program; written into the file for the day an older one meets it.
        back_up: makes a verified backup; called only when the file holds data.

    Raises:
        StoreError: the file is newer than this program, belongs to another one, or a step would
            lose rows; nothing was changed.
    """
    before = schema_of(connection)
    _refuse_foreign(connection, before)
    if before > len(steps):
        raise StoreError(
            f"This workspace was written by a newer version of the program"
            f"{_writer(connection)}; this one is {version}.",
            "Install that version or a newer one; nothing was changed.",
        )
    if before == len(steps):
        return Migrated(before, before)
    if before:
        back_up()
    # A pragma inside a transaction does nothing, and a parent table rebuilt with foreign keys on
    # would take its children's rows with it.
    connection.execute("PRAGMA foreign_keys=OFF")
    try:
        connection.execute("BEGIN IMMEDIATE")
        try:
            held = count_rows(connection)
            for step in steps[before:]:
                step(connection)
            _check(connection, held)
            connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version={len(steps)}")
            connection.execute(
                "INSERT OR REPLACE INTO setting (key, value) VALUES ('store.version', ?)",
                (version,),
            )
        except BaseException:
            # A full disk rolls back by itself; asking again would hide why.
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
        connection.execute("COMMIT")
    finally:
        connection.execute("PRAGMA foreign_keys=ON")
    return Migrated(before, len(steps))


def _refuse_foreign(connection: Any, before: int) -> None:
    found = int(connection.execute("PRAGMA application_id").fetchone()[0])
    if before and found != APPLICATION_ID:
        raise StoreError(
            "This database belongs to another program.", "Choose the folder of a workspace."
        )


def _writer(connection: Any) -> str:
    known = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'setting'").fetchone()
    if known is None:
        return ""
    row = connection.execute("SELECT value FROM setting WHERE key = 'store.version'").fetchone()
    return f" ({row[0]})" if row else ""


def count_rows(connection: Any) -> dict[str, int]:
    """How many rows each table holds."""
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
        for (name,) in tables
    }


def _check(connection: Any, held: dict[str, int]) -> None:
    """A step adds and moves; what it must not do is lose (RELIABILITY 0, bug 4)."""
    broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise StoreError(
            f"The upgrade would leave {len(broken)} rows without what they belong to.",
            "Nothing was changed; keep the old version and report this.",
        )
    now = count_rows(connection)
    poorer = sorted(name for name, count in held.items() if now.get(name, count) < count)
    if poorer:
        raise StoreError(
            f"The upgrade would lose rows of {', '.join(poorer)}.",
            "Nothing was changed; keep the old version and report this.",
        )
