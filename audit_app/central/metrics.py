"""What this process has done, as Prometheus reads it."""

import threading
from collections import Counter

_BOUNDS = (0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0)
"""Seconds; upper ends of the groups that requests are counted in."""


class Metrics:
    """Counters of one process; several processes are added up by whoever reads them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._within: Counter[tuple[str, float]] = Counter()
        self._seconds: Counter[str] = Counter()
        self._sums: Counter[str] = Counter()

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """One request was answered. ``route`` is a path of ours, never one from outside."""
        with self._lock:
            self._requests[method, route, status] += 1
            self._sums[route] += 1
            # Counted in microseconds: a counter holds whole numbers.
            self._seconds[route] += round(seconds * 1_000_000)
            for bound in _BOUNDS:
                if seconds <= bound:
                    self._within[route, bound] += 1

    def text(self) -> str:
        """All of it."""
        with self._lock:
            lines = ["# TYPE onsite_requests_total counter"]
            lines += [
                f'onsite_requests_total{{method="{method}",route="{route}",status="{status}"}} {n}'
                for (method, route, status), n in sorted(self._requests.items())
            ]
            lines.append("# TYPE onsite_request_seconds histogram")
            for route in sorted(self._sums):
                for bound in _BOUNDS:
                    n = self._within[route, bound]
                    lines.append(
                        f'onsite_request_seconds_bucket{{route="{route}",le="{bound}"}} {n}'
                    )
                total = self._sums[route]
                lines.append(f'onsite_request_seconds_bucket{{route="{route}",le="+Inf"}} {total}')
                seconds = self._seconds[route] / 1_000_000
                lines.append(f'onsite_request_seconds_sum{{route="{route}"}} {seconds}')
                lines.append(f'onsite_request_seconds_count{{route="{route}"}} {total}')
        return "\n".join(lines) + "\n"
