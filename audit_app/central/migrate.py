"""From any older central database to this version's: numbered steps, one process at a time."""

import time
from collections.abc import Sequence

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from audit_app.central.anchors import found_centre
from audit_app.central.migrations import STEPS, Step
from audit_app.central.security import APP_ROLE, make_app_role
from audit_app.errors import AuditError

_ALREADY_THERE = frozenset({"42P07", "42710", "23505"})
"""Duplicate table, duplicate object, duplicate key in the catalogue: another process was first."""
_HAS_SERVER = text("select to_regclass('server') is not null")
_TRIES = 50
_PAUSE = 0.1


def migrate(owner_url: str, *, version: str, steps: Sequence[Step] = STEPS) -> int:
    """Bring a database to the newest schema; gives how many steps were taken.

    Several processes may start at once: one of them works, the others wait for it. Each statement
    is carried out by itself, as distributed engines want it; a step that was cut off is begun
    again.

    Args:
        owner_url: the database, for the role that owns the tables.
        version: of this program; kept for the day an older one meets this database.

    Raises:
        AuditError: the database is newer than this program or cannot be reached.
    """
    engine = create_engine(make_url(owner_url).set(drivername="postgresql+psycopg"))
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as work:
            _make_bookkeeping(work)
            taken = 0
            # The lock is a row in a transaction of its own: it ends with the process, whatever
            # happens, and no engine lacks it.
            with engine.begin() as lock:
                lock.execute(text("select id from schema_lock where id = 1 for update"))
                done = schema_of(work)
                refuse_newer(work, done, len(steps), version)
                for number, step in enumerate(steps[done:], start=done + 1):
                    for statement in step():
                        work.exec_driver_sql(statement)
                    work.execute(
                        text("insert into schema_step values (:number, :version, now())"),
                        {"number": number, "version": version},
                    )
                    taken += 1
                if schema_of(work) and work.execute(_HAS_SERVER).scalar_one():
                    found_centre(work)
            return taken
    except DBAPIError as error:
        if error.connection_invalidated or "connection failed" in str(error.orig):
            raise AuditError(
                "The central database does not answer.", "Check its address and that it runs."
            ) from error
        raise
    finally:
        engine.dispose()


def schema_of(connection: Connection) -> int:
    """The number of the last step that was taken; 0 in an empty database."""
    found = connection.execute(text("select to_regclass('schema_step') is not null")).scalar_one()
    if not found:
        return 0
    return int(
        connection.execute(text("select coalesce(max(number), 0) from schema_step")).scalar_one()
    )


def refuse_newer(connection: Connection, done: int, known: int, version: str) -> None:
    """Refuse a database that a newer program has made its own.

    Raises:
        AuditError: it has taken steps that this program does not know.
    """
    if done <= known:
        return
    writer = connection.execute(
        text("select version from schema_step order by number desc limit 1")
    ).scalar_one()
    raise AuditError(
        f"The central database was brought to a newer form by version {writer}; "
        f"this program is {version}.",
        "Start that version or a newer one; nothing was changed.",
    )


def refuse_unready(connection: Connection, *, version: str, known: int = len(STEPS)) -> None:
    """Refuse to serve from a database that this program does not fit.

    Raises:
        AuditError: it is older or newer.
    """
    done = schema_of(connection)
    refuse_newer(connection, done, known, version)
    if done < known:
        raise AuditError(
            f"The central database is at step {done}, this program needs step {known}.",
            "Start it once with --owner and the address of the owner's role.",
        )


def _make_bookkeeping(work: Connection) -> None:
    for statement in (
        (
            "create table if not exists schema_step "
            "(number bigint primary key, version text not null, taken_at timestamptz not null)"
        ),
        "create table if not exists schema_lock (id bigint primary key)",
        "insert into schema_lock values (1) on conflict do nothing",
    ):
        _insist(work, statement)
    known = text("select 1 from pg_roles where rolname = :role")
    for statement in make_app_role():
        if work.execute(known, {"role": APP_ROLE}).first() is None:
            _insist(work, statement)
    _insist(work, f"grant select on schema_step to {APP_ROLE}")


def _insist(work: Connection, statement: str) -> None:
    """Carry out what another process may be doing at this moment too."""
    for _ in range(_TRIES):
        try:
            work.exec_driver_sql(statement)
        except DBAPIError as error:
            state = getattr(error.orig, "sqlstate", None)
            if state in _ALREADY_THERE:
                return
            # Two grants on one table at once: the catalogue row was changed under us.
            if state not in {"XX000", "40001"}:
                raise
            time.sleep(_PAUSE)
        else:
            return
    raise AuditError("The central database is busy with another start.", "Try again.")
