"""A clock that the demo sets, so that its history spreads over two years."""

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

from audit_app.clock import uuid7


class DemoClock:
    """Moves on by half a minute at each look and makes the same ids for the same seed."""

    def __init__(self, start: datetime, seed: int = 7) -> None:
        self._now = start.astimezone(UTC)
        self._rng = random.Random(seed)  # noqa: S311 (invented data, not a secret)

    def set(self, moment: datetime) -> None:
        """Go to this moment."""
        self._now = moment.astimezone(UTC)

    def now(self) -> datetime:
        self._now += timedelta(seconds=30)
        return self._now

    def new_id(self) -> UUID:
        self._now += timedelta(milliseconds=1)
        return uuid7(self._now, self._rng.randbytes(10))
