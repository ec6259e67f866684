"""The parts of messages: ops, rows, results, the head of a trail."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

PROTOCOL = 1
"""The wire format; a centre speaks this one and the one before."""

SCHEMA = 1
"""The records of ``audit_app.domain.records``; additive changes only."""

Cursor = tuple[int, str]
"""How far a scope was read, and the commit that proves it: (seq, commit_id)."""

NOTHING_READ: Cursor = (0, "")


class ProtocolError(ValueError):
    """A message that is not one of ours; the words say which part."""


class Verdict(StrEnum):
    """What became of one op."""

    OK = "ok"
    CONFLICT = "conflict"
    REFUSED = "refused"


class Status(StrEnum):
    """What an answer says; a device acts on this before anything else."""

    OK = "ok"
    NEED_FROM = "need_from"
    """The centre has forgotten ops it once confirmed: send them again from this number."""
    RESET = "reset"
    """The centre does not know this history of these scopes: read them anew."""
    FORKED = "forked"
    """Another device uses this device's numbers: take a new name."""
    UPGRADE = "upgrade"
    REVOKED = "revoked"
    OTHER_CENTRE = "other_centre"
    """Not the centre this workspace was joined to; nothing was taken."""


@dataclass(frozen=True, slots=True)
class Op:
    """Set these fields of one row.

    Attributes:
        no: 1, 2, 3 … per device.
        group: ops of one group are applied together or not at all.
        base: the row's number that was seen; 0 for a row never received.
        at: when it was made, by the device's own clock; ISO 8601, UTC.
    """

    no: int
    group: str
    scope: str
    entity: str
    id: str
    base: int
    values: Mapping[str, Any]
    at: str

    def digest(self) -> str:
        """Tells a repeated op from another one with its number.

        The base is left out: a reset may lower it.
        """
        body = [self.no, self.entity, self.id, self.values]
        text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        # Half signs are refused later, by themselves; here they only have to count.
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]

    def wire(self) -> list[Any]:
        """As it is sent."""
        return [
            self.no,
            self.group,
            self.scope,
            self.entity,
            self.id,
            self.base,
            dict(self.values),
            self.at,
        ]

    @staticmethod
    def read(part: Any) -> "Op":
        """From the wire."""
        match part:
            case [
                int(no),
                str(group),
                str(scope),
                str(entity),
                str(row),
                int(base),
                dict(values),
                str(at),
            ] if _is_count(no) and _is_count(base) and no > 0:
                return Op(no, group, scope, entity, row, base, values, at)
        raise ProtocolError("an op is not in its form")


@dataclass(frozen=True, slots=True)
class Row:
    """One row as the centre holds it now.

    Attributes:
        created, changed: when its first and last op were made, by their devices' clocks.
    """

    entity: str
    id: str
    scope: str
    seq: int
    values: Mapping[str, Any]
    created: str
    changed: str

    def wire(self) -> list[Any]:
        """As it is sent."""
        return [
            self.entity,
            self.id,
            self.scope,
            self.seq,
            dict(self.values),
            self.created,
            self.changed,
        ]

    @staticmethod
    def read(part: Any) -> "Row":
        """From the wire."""
        match part:
            case [
                str(entity),
                str(row),
                str(scope),
                int(seq),
                dict(values),
                str(created),
                str(changed),
            ]:
                return Row(entity, row, scope, seq, values, created, changed)
        raise ProtocolError("a row is not in its form")


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one op, and the row's number after it.

    Attributes:
        code: why it was refused, as a word of the protocol; "" otherwise.
        words: the same in a sentence.
    """

    verdict: Verdict
    seq: int = 0
    code: str = ""
    words: str = ""

    def wire(self) -> list[Any]:
        """As it is sent."""
        return [self.verdict.value, self.seq, self.code, self.words]

    @staticmethod
    def read(part: Any) -> "Result":
        """From the wire."""
        match part:
            case [str(verdict), int(seq), str(code), str(words)]:
                return Result(Verdict(verdict), seq, code, words)
        raise ProtocolError("a result is not in its form")


@dataclass(frozen=True, slots=True)
class TrailHead:
    """Where a device's trail stands: the number and the hash of its last entry."""

    seq: int
    head: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """The centre's word that it saw a trail's head: Ed25519 over ``signed_text``."""

    device: str
    seq: int
    head: str
    time: str
    signature: str

    def signed_text(self) -> bytes:
        """What the signature covers."""
        return "\n".join(
            ("onsite trail head", self.device, str(self.seq), self.head, self.time)
        ).encode()


def _is_count(value: object) -> bool:
    """Whether it is a whole number from 0; JSON's true and false are none, though Python counts
    with them."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def text_of(value: Any) -> str:
    """The value, if it is a text.

    Raises:
        TypeError: it is not.
    """
    if not isinstance(value, str):
        raise TypeError("a text is expected")
    return value


def count_of(value: Any) -> int:
    """The value, if it is a whole number from 0.

    Raises:
        TypeError: it is not.
    """
    if isinstance(value, int) and _is_count(value):
        return value
    raise TypeError("a whole number is expected")


def cursor_of(value: Any) -> Cursor:
    """The value, if it is a cursor.

    Raises:
        TypeError: it is not.
    """
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise TypeError("a cursor is expected")
    return count_of(value[0]), text_of(value[1])
