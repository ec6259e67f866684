"""One endpoint: what it is for, who may use it, what it takes; read by the app, its page and tests."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from audit_app.central.bodies import LARGEST, Shape, id_of
from audit_app.central.centre import Centre
from audit_app.central.policy import Duty
from audit_app.central.refusals import no_token
from audit_app.central.tokens import Who


@dataclass(frozen=True, slots=True)
class Call:
    """One request, as far as an endpoint looks at it.

    Attributes:
        body: checked against the endpoint's shape, or the raw bytes where it has none.
        duties: of the one who asks.
    """

    centre: Centre
    request: Request
    body: Any
    address: str
    signed_in: Who | None = None
    duties: frozenset[Duty] = frozenset()

    @property
    def who(self) -> Who:
        """Who asks, where the endpoint needs somebody.

        Raises:
            TurnedAway: nobody is signed in.
        """
        if self.signed_in is None:
            raise no_token()
        return self.signed_in

    def id(self, name: str) -> UUID:
        """An id in the path.

        Raises:
            TurnedAway: it is none.
        """
        return id_of(name, self.request.path_params[name])


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method of one path.

    Attributes:
        duty: what its caller must be allowed; None where nobody needs to be signed in.
        takes: the shape of its JSON body; None for none, or for bytes where ``reads_bytes``.
        gives: statuses of its answers beside the refusals, with their meaning.
        turned_out: what a device gets here that was revoked, in place of a refusal.
    """

    method: str
    path: str
    words: str
    answer: Callable[[Call], Response]
    duty: Duty | None = None
    takes: Shape | None = None
    reads_bytes: bool = False
    largest: int = LARGEST
    gives: Mapping[int, str] = field(default_factory=lambda: {200: "done"})
    turned_out: Callable[[Centre], Response] | None = None
