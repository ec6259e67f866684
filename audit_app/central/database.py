"""Connections to PostgreSQL: transactions that are tried again, and the user they run as."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from audit_app.errors import AuditError

T = TypeVar("T")

_AGAIN = frozenset({"40001", "40P01"})
"""Serialization failure and deadlock: the same transaction may well succeed now."""
_TRIES = 8
_PAUSE = 0.02
"""Seconds before the second try; doubles, with chance, so that two do not meet again."""


class Database:
    """One PostgreSQL, or anything that speaks its protocol."""

    def __init__(self, url: str, *, size: int = 10) -> None:
        address = make_url(url).set(drivername="postgresql+psycopg")
        self.engine: Engine = create_engine(
            address,
            pool_size=size,
            max_overflow=0,
            pool_pre_ping=True,
            isolation_level="READ COMMITTED",
            # Poolers between here and the database keep no prepared statements.
            connect_args={"prepare_threshold": None},
        )

    def run(self, work: Callable[[Connection], T], *, user: UUID | None = None) -> T:
        """Run one transaction; again from the start where the database asks for that.

        Args:
            work: must do nothing outside the transaction.
            user: whose rows may be seen and written; nobody's if not given.

        Raises:
            AuditError: the database cannot be reached.
        """
        for attempt in range(_TRIES):
            try:
                with self._begin(user) as connection:
                    return work(connection)
            except NoConnectionLeft as error:
                raise _away() from error
            except DBAPIError as error:
                if getattr(error.orig, "sqlstate", None) not in _AGAIN or attempt == _TRIES - 1:
                    raise _in_words(error) from error
                time.sleep(_PAUSE * 2**attempt * random.uniform(0.5, 1.5))  # noqa: S311 (no secret)
        raise AssertionError("the last try returns or raises")

    def read(self, work: Callable[[Connection], T], *, user: UUID | None = None) -> T:
        """Run one read on a single consistent state.

        Raises:
            AuditError: the database cannot be reached.
        """
        try:
            with self.engine.connect() as raw:
                connection = raw.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
                with connection.begin():
                    _be(connection, user)
                    return work(connection)
        except NoConnectionLeft as error:
            raise _away() from error
        except DBAPIError as error:
            raise _in_words(error) from error

    def close(self) -> None:
        """Give up all connections."""
        self.engine.dispose()

    @contextmanager
    def _begin(self, user: UUID | None) -> Iterator[Connection]:
        with self.engine.begin() as connection:
            _be(connection, user)
            yield connection


def _be(connection: Connection, user: UUID | None) -> None:
    """Row-level security looks at this; it ends with the transaction."""
    connection.execute(
        text("select set_config('app.user', :user, true)"), {"user": str(user) if user else ""}
    )


def _in_words(error: DBAPIError) -> Exception:
    state = getattr(error.orig, "sqlstate", None) or ""
    # Nobody there at all has no state; class 08 is a lost line, 57P a server that is stopping.
    is_away = isinstance(error, OperationalError) and (not state or state[:2] == "08")
    if is_away or state[:3] == "57P" or error.connection_invalidated:
        return _away()
    return error


def _away() -> AuditError:
    return AuditError(
        "The central database does not answer.", "Nothing is lost; try again in a while."
    )
