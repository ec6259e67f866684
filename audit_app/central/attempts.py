"""Slowing down who guesses: by account and by address, never shutting an account for good."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert

from audit_app.central.account_tables import ATTEMPT
from audit_app.central.refusals import TurnedAway

FREE_BY_ACCOUNT, FREE_BY_ADDRESS = 5, 20
"""Tries before the waiting begins; many people may share one address."""

LONGEST_WAIT = 900
"""Seconds. The wait doubles with each failure, up to this."""

_FORGOTTEN = timedelta(days=1)


def by_account(login: str) -> str:
    """Names an account, whether or not there is one; the table holds no names that were tried."""
    return "account:" + hashlib.sha256(login.casefold().encode()).hexdigest()[:32]


def by_address(address: str) -> str:
    """Names where a request came from."""
    return "address:" + hashlib.sha256(address.encode()).hexdigest()[:32]


def begin_attempt(connection: Connection, now: datetime, *subjects: str) -> None:
    """Count a try before it is known how it ends, so that tries side by side all count.

    Raises:
        TurnedAway: too many tries failed; it says how long to wait.
    """
    wait = 0
    for subject in sorted(subjects):
        connection.execute(
            insert(ATTEMPT)
            .values(subject=subject, failures=0, last_at=now)
            .on_conflict_do_nothing()
        )
        row = connection.execute(
            select(ATTEMPT).where(ATTEMPT.c.subject == subject).with_for_update()
        ).one()
        failures = 0 if now - row.last_at > _FORGOTTEN else row.failures
        wait = max(wait, _wait(subject, failures, row.last_at, now))
        if wait == 0:
            connection.execute(
                ATTEMPT.update()
                .where(ATTEMPT.c.subject == subject)
                .values(failures=failures + 1, last_at=now)
            )
    if wait:
        raise TurnedAway(
            "busy", f"Too many tries failed; try again in {wait} s.", status=429, wait=wait
        )


def end_attempt(connection: Connection, *subjects: str) -> None:
    """Forget the failures of somebody who came in."""
    connection.execute(delete(ATTEMPT).where(ATTEMPT.c.subject.in_(subjects)))


def _wait(subject: str, failures: int, last: datetime, now: datetime) -> int:
    free = FREE_BY_ADDRESS if subject.startswith("address:") else FREE_BY_ACCOUNT
    if failures < free:
        return 0
    pause = min(2 ** min(failures - free, 30), LONGEST_WAIT)
    left = (last + timedelta(seconds=pause) - now).total_seconds()
    return max(0, -int(-left // 1))
