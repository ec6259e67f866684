"""What the centre says back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from audit_app.sync.protocol.parts import (
    Anchor,
    Cursor,
    ProtocolError,
    Result,
    Row,
    Status,
    count_of,
    cursor_of,
    text_of,
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the centre says back.

    Attributes:
        results: of every op sent, by number.
        forward: scopes whose rows need not be sent back, since only this push changed them.
        cursors: how far each scope is read with this answer.
        more: rows are left; nothing may be shown before an answer without it.
        scopes: all scopes this user may read; a scope that is not named was taken away.
        counts: rows and deleted rows by scope, if they were asked for.
        need_from, reset: see ``Status``.
        last_op: the highest op of this device that the centre holds.
        durable_op: likewise in a backup of the centre; the journal may forget up to it.
        time: the centre's clock, to tell how wrong the device's is; decides nothing.
    """

    status: Status
    instance: str
    results: Mapping[int, Result] = field(default_factory=dict)
    forward: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    cursors: Mapping[str, Cursor] = field(default_factory=dict)
    more: bool = False
    scopes: tuple[str, ...] | None = None
    counts: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    need_from: int = 0
    reset: Mapping[str, int] = field(default_factory=dict)
    last_op: int = 0
    durable_op: int = 0
    time: str = ""
    words: str = ""
    anchor: Anchor | None = None

    def wire(self) -> dict[str, Any]:
        """As it is sent; what says nothing is left out."""
        body: dict[str, Any] = {"status": self.status.value, "instance": self.instance}
        said: dict[str, Any] = {
            "results": {str(no): result.wire() for no, result in self.results.items()},
            "forward": list(self.forward),
            "rows": [row.wire() for row in self.rows],
            "cursors": {scope: list(cursor) for scope, cursor in self.cursors.items()},
            "more": self.more,
            "counts": {scope: list(pair) for scope, pair in self.counts.items()},
            "need_from": self.need_from,
            "reset": dict(self.reset),
            "last_op": self.last_op,
            "durable_op": self.durable_op,
            "time": self.time,
            "words": self.words,
        }
        body.update({name: value for name, value in said.items() if value})
        if self.scopes is not None:
            body["scopes"] = list(self.scopes)
        if self.anchor is not None:
            seen = self.anchor
            body["anchor"] = [seen.device, seen.seq, seen.head, seen.time, seen.signature]
        return body

    @staticmethod
    def read(body: Any) -> "Answer":
        """From the wire.

        Raises:
            ProtocolError: a part of it is missing or not in its form.
        """
        try:
            scopes, anchor = body.get("scopes"), body.get("anchor")
            return Answer(
                status=Status(body["status"]),
                instance=text_of(body["instance"]),
                results={int(no): Result.read(r) for no, r in body.get("results", {}).items()},
                forward=tuple(text_of(scope) for scope in body.get("forward", ())),
                rows=tuple(Row.read(part) for part in body.get("rows", ())),
                cursors={text_of(s): cursor_of(c) for s, c in body.get("cursors", {}).items()},
                more=body.get("more") is True,
                scopes=None if scopes is None else tuple(text_of(scope) for scope in scopes),
                counts={
                    text_of(s): (count_of(pair[0]), count_of(pair[1]))
                    for s, pair in body.get("counts", {}).items()
                },
                need_from=count_of(body.get("need_from", 0)),
                reset={text_of(s): count_of(seq) for s, seq in body.get("reset", {}).items()},
                last_op=count_of(body.get("last_op", 0)),
                durable_op=count_of(body.get("durable_op", 0)),
                time=text_of(body.get("time", "")),
                words=text_of(body.get("words", "")),
                anchor=None if anchor is None else Anchor(*anchor),
            )
        except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
            raise ProtocolError(f"the answer is not in its form: {error}") from error
