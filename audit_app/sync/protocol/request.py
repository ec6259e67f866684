"""What a device asks: hello, here are my changes, what is new?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from audit_app.sync.protocol.parts import (
    PROTOCOL,
    SCHEMA,
    Cursor,
    Op,
    ProtocolError,
    TrailHead,
    count_of,
    cursor_of,
    text_of,
)

LARGEST_PAGE = 10_000
"""Rows in one answer, whatever a device asks for."""


@dataclass(frozen=True, slots=True)
class Request:
    """Hello, push and pull.

    Attributes:
        instance: the centre this workspace was joined to, "" at the first contact.
        top: the highest op number this device ever sealed.
        acked: results up to this number have arrived and may be forgotten.
        cursors: how far each scope was read.
        log: earlier cursors of scopes that were reset, oldest first; empty otherwise.
        limit: at most so many rows in the answer.
        everything: scopes that are not named are read from their start.
        counts: ask for what the centre holds of each scope, for the comparison at the end.
    """

    device: str
    top: int
    acked: int
    ops: tuple[Op, ...] = ()
    cursors: Mapping[str, Cursor] = field(default_factory=dict)
    log: Mapping[str, Sequence[Cursor]] = field(default_factory=dict)
    limit: int = 2500
    instance: str = ""
    app: str = ""
    protocol: int = PROTOCOL
    schema: int = SCHEMA
    trail: TrailHead | None = None
    everything: bool = True
    counts: bool = False

    def wire(self) -> dict[str, Any]:
        """As it is sent."""
        return {
            "protocol": self.protocol,
            "schema": self.schema,
            "app": self.app,
            "instance": self.instance,
            "device": self.device,
            "top": self.top,
            "acked": self.acked,
            "ops": [op.wire() for op in self.ops],
            "cursors": {scope: list(cursor) for scope, cursor in self.cursors.items()},
            "log": {scope: [list(c) for c in log] for scope, log in self.log.items()},
            "limit": self.limit,
            "trail": None if self.trail is None else [self.trail.seq, self.trail.head],
            "everything": self.everything,
            "counts": self.counts,
        }

    @staticmethod
    def read(body: Any) -> "Request":
        """From the wire.

        Raises:
            ProtocolError: a part of it is missing or not in its form.
        """
        try:
            trail = body.get("trail")
            return Request(
                device=text_of(body["device"]),
                top=count_of(body["top"]),
                acked=count_of(body["acked"]),
                ops=tuple(Op.read(part) for part in body.get("ops", ())),
                cursors={text_of(s): cursor_of(c) for s, c in body.get("cursors", {}).items()},
                log={
                    text_of(s): tuple(cursor_of(c) for c in log)
                    for s, log in body.get("log", {}).items()
                },
                limit=min(max(count_of(body.get("limit", 2500)), 1), LARGEST_PAGE),
                instance=text_of(body.get("instance", "")),
                app=text_of(body.get("app", "")),
                protocol=count_of(body.get("protocol", 0)),
                schema=count_of(body.get("schema", 0)),
                trail=None if trail is None else TrailHead(count_of(trail[0]), text_of(trail[1])),
                everything=body.get("everything") is not False,
                counts=body.get("counts") is True,
            )
        except (KeyError, TypeError, AttributeError, IndexError) as error:
            raise ProtocolError(f"the request is not in its form: {error}") from error
