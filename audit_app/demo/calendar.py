"""What happens in the demo, in the order of its days."""

import heapq
from collections.abc import Callable
from datetime import UTC, datetime

from audit_app.demo.clock import DemoClock


class Calendar:
    """Things to come; each may put further ones behind itself."""

    def __init__(self, clock: DemoClock) -> None:
        self._clock = clock
        self._coming: list[tuple[datetime, int, Callable[[], object]]] = []
        self._count = 0

    def at(self, moment: datetime, happens: Callable[[], object]) -> None:
        """Let something happen at a moment."""
        self._count += 1
        heapq.heappush(self._coming, (moment.astimezone(UTC), self._count, happens))

    def run(self, until: datetime) -> None:
        """Let everything happen that comes before this moment; the rest never does."""
        while self._coming and self._coming[0][0] < until:
            moment, _, happens = heapq.heappop(self._coming)
            self._clock.set(max(moment, self._clock.now()))
            happens()
