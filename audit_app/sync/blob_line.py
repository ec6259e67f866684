"""A line to the centre that may break off at any time: what is tried again, and how often."""

from collections.abc import Callable
from typing import Any, TypeVar

import httpx

from audit_app.sync.http import check, in_words, not_a_centre

T = TypeVar("T")

TRIES = 6
"""Failures one after the other, without a byte getting through, before the run is given up."""
PAUSES = (0.0, 0.3, 1.0, 2.0, 4.0, 8.0)
"""Seconds before the next try."""


class Stopped(Exception):
    """Whoever started the run has asked it to stop."""


class Cut(Exception):
    """No answer, or one that says to try again.

    Attributes:
        wait: seconds the centre asks for; 0 where it says nothing.
    """

    def __init__(self, words: str, wait: float = 0.0) -> None:
        super().__init__(words)
        self.wait = wait


class Line:
    """One connection of one run.

    Attributes:
        http: knows the centre's address and this device's token.
    """

    def __init__(
        self,
        http: httpx.Client,
        *,
        pause: Callable[[float], None],
        cancelled: Callable[[], bool],
    ) -> None:
        self.http = http
        self._pause = pause
        self._cancelled = cancelled

    def call(self, method: str, path: str, **about: Any) -> httpx.Response:
        """One request.

        Raises:
            Cut: there was no answer, or one that says to come again.
            AuditError: the device or its account is not accepted.
        """
        try:
            answer = self.http.request(method, path, **about)
        except httpx.HTTPError as error:
            raise Cut(type(error).__name__) from error
        self.check(answer)
        return answer

    def check(self, answer: httpx.Response) -> None:
        """Raise what ``call`` raises for an answer of this status."""
        # tus says 403 to a piece of what is complete already.
        is_refused = answer.status_code == 403 and answer.request.method != "PATCH"
        if answer.status_code == 401 or is_refused:
            answer.read()
            check(answer)
        if answer.status_code >= 500 or answer.status_code in {408, 429}:
            wait = answer.headers.get("retry-after", "")
            raise Cut(
                f"status {answer.status_code}", min(60.0, float(wait)) if wait.isdecimal() else 0.0
            )

    def insist(self, once: Callable[[], T]) -> T:
        """Do it until it is done.

        Raises:
            Unreachable: it was cut off ``TRIES`` times in a row.
        """
        failures = 0
        while True:
            self.stop_if_asked()
            try:
                return once()
            except Cut as cut:
                failures += 1
                self.wait(failures, cut)

    def wait(self, failures: int, cut: Cut) -> None:
        """Wait a while after so many failures in a row.

        Raises:
            Unreachable: there were too many; what has arrived is kept there.
            Stopped: it was asked to stop.
        """
        if failures >= TRIES:
            cause = cut.__cause__
            raise in_words(cause) if isinstance(cause, httpx.HTTPError) else not_a_centre() from cut
        self.stop_if_asked()
        self._pause(max(cut.wait, PAUSES[failures - 1]))

    def stop_if_asked(self) -> None:
        """Go no further once somebody wants that.

        Raises:
            Stopped: somebody does.
        """
        if self._cancelled():
            raise Stopped
