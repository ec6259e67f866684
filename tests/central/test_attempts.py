"""The wait after failed tries has a bound, and is forgotten after a day."""

import pytest

from audit_app.central.attempts import LONGEST_WAIT, begin_attempt, by_account, end_attempt
from audit_app.central.refusals import TurnedAway
from tests.central.people import Town


def wait_after(town: Town, failures: int) -> int:
    """The wait that stands after so many failures; each waits out the one before."""
    subject = by_account("somebody")
    wait = 0
    for _ in range(failures):
        town.wait(seconds=wait)
        town.database.run(lambda c: begin_attempt(c, town.clock.now(), subject))
        wait = _next_wait(town, subject)
    return wait


def _next_wait(town: Town, subject: str) -> int:
    try:
        town.database.run(lambda c: _look(town, c, subject))
    except TurnedAway as refusal:
        return refusal.wait
    except _Free:
        pass
    return 0


class _Free(Exception):
    pass


def _look(town: Town, connection: object, subject: str) -> None:
    begin_attempt(connection, town.clock.now(), subject)  # type: ignore[arg-type]
    raise _Free


@pytest.mark.parametrize(
    ("failures", "wait"), [(4, 0), (5, 1), (6, 2), (10, 32), (30, LONGEST_WAIT)]
)
def test_the_wait_doubles_up_to_a_bound(town: Town, failures: int, wait: int) -> None:
    assert wait_after(town, failures) == wait


def test_failures_are_forgotten_after_a_day(town: Town) -> None:
    assert wait_after(town, 12) > 0
    town.wait(days=1, seconds=1)
    assert wait_after(town, 1) == 0


def test_coming_in_forgets_the_failures(town: Town) -> None:
    assert wait_after(town, 12) > 0
    town.database.run(lambda c: end_attempt(c, by_account("somebody")))
    assert wait_after(town, 1) == 0
