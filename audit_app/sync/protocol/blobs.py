"""Photos and files on their way: which there are, what is offered, and the centre's receipt.

Bytes travel beside the rows and are named by hash, but a hash alone grants nothing: everything is
asked for through a row, and the same bytes under a row of another scope must be sent once more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any
from uuid import UUID

from audit_app.sync.protocol.parts import ProtocolError

ORIGINAL, SOURCE = "", "source"
RENDITIONS = ("320", "1000", "1600")
"""Smaller JPEGs of a photo, by their longest side in pixels."""

PARTS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "evidence": dict.fromkeys((ORIGINAL, *RENDITIONS), "sha256"),
        "template_version": {ORIGINAL: "sha256", SOURCE: "source_sha256"},
        "report_issue": {ORIGINAL: "sha256"},
    }
)
"""Kind of row, then part, to the field that names its bytes; of a rendition, its original's."""

SIZED = frozenset({"evidence", "report_issue"})
"""Rows whose field ``size`` says how many bytes the original has."""

MOST_OFFERS = 1000
"""Offers in one request."""
LARGEST_CHUNK = 1024 * 1024
"""Bytes of one piece of an upload: a cut line costs no more than that (SYNC 4)."""

_MEGABYTE = 1024 * 1024
_LARGEST = {"evidence": 100 * _MEGABYTE, "report_issue": 100 * _MEGABYTE}
_LARGEST_TEMPLATE = 32 * _MEGABYTE
_LARGEST_RENDITION = 8 * _MEGABYTE


def largest(entity: str, part: str) -> int:
    """Bytes that are taken for a part of such a row."""
    return _LARGEST_RENDITION if part in RENDITIONS else _LARGEST.get(entity, _LARGEST_TEMPLATE)


def rendition(part: str) -> str:
    """The size of a rendition; "" for what is named by its own hash."""
    return part if part in RENDITIONS else ""


class BlobVerdict(StrEnum):
    """What the centre says to one offer."""

    SEND = "send"
    """It is not here."""
    STORED = "stored"
    """It is here, whole; a receipt goes with it."""
    UNKNOWN = "unknown"
    """There is no such row among those this user may read."""
    REFUSED = "refused"
    """The row names other bytes, or they are too many."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A device has these bytes, or asks for them.

    Attributes:
        part: "" the original, or one of ``RENDITIONS``, or the source of a template.
        sha256: of the bytes themselves; "" where it is only asked whether they are there.
        size: bytes.
    """

    entity: str
    row: str
    part: str
    sha256: str = ""
    size: int = 0

    def wire(self) -> dict[str, Any]:
        """As it is sent."""
        return {
            "entity": self.entity,
            "row": self.row,
            "part": self.part,
            "sha256": self.sha256,
            "size": self.size,
        }

    @staticmethod
    def read(part: Any) -> "Offer":
        """From the wire.

        Raises:
            ProtocolError: it is not an offer.
        """
        match part:
            case {
                "entity": str(entity),
                "row": str(row),
                "part": str(name),
                "sha256": str(sha256),
                "size": int(size),
                **more,
            } if not more and name in PARTS.get(entity, ()) and size >= 0 and _is_id(row):
                if sha256 == "" or is_sha256(sha256):
                    return Offer(entity, row, name, sha256, size)
        raise ProtocolError("an offer is not in its form")


@dataclass(frozen=True, slots=True)
class Receipt:
    """The centre's word that it holds these bytes: Ed25519 over ``signed_text``.

    Attributes:
        sha256: what the row names; of a rendition, its original's.
        content: SHA-256 of the bytes themselves.
        time: when they were stored, ISO 8601.
        signature: hexadecimal; "" from a centre without a key.
    """

    scope: str
    sha256: str
    rendition: str
    content: str
    size: int
    time: str
    signature: str = ""

    def signed_text(self) -> bytes:
        """What the signature covers."""
        words = (self.scope, self.sha256, self.rendition, self.content, str(self.size), self.time)
        return "\n".join(("onsite blob stored", *words)).encode()

    def wire(self) -> list[Any]:
        """As it is sent."""
        return [
            self.scope,
            self.sha256,
            self.rendition,
            self.content,
            self.size,
            self.time,
            self.signature,
        ]

    @staticmethod
    def read(part: Any) -> "Receipt":
        """From the wire.

        Raises:
            ProtocolError: it is not a receipt.
        """
        match part:
            case [
                str(scope),
                str(sha256),
                str(size_name),
                str(content),
                int(size),
                str(time),
                str(signature),
            ] if is_sha256(sha256) and is_sha256(content) and size >= 0:
                return Receipt(scope, sha256, size_name, content, size, time, signature)
        raise ProtocolError("a receipt is not in its form")


@dataclass(frozen=True, slots=True)
class Reply:
    """What the centre says to one offer.

    Attributes:
        words: why it was refused.
    """

    verdict: BlobVerdict
    receipt: Receipt | None = None
    words: str = ""

    def wire(self) -> list[Any]:
        """As it is sent."""
        return [self.verdict.value, self.receipt and self.receipt.wire(), self.words]

    @staticmethod
    def read(part: Any) -> "Reply":
        """From the wire.

        Raises:
            ProtocolError: it is not a reply.
        """
        match part:
            case [str(verdict), receipt, str(words)] if verdict in set(BlobVerdict):
                said = None if receipt is None else Receipt.read(receipt)
                if (verdict == BlobVerdict.STORED) == (said is not None):
                    return Reply(BlobVerdict(verdict), said, words)
        raise ProtocolError("a reply is not in its form")


def is_sha256(text: str) -> bool:
    """Whether this is a SHA-256 in lower-case hexadecimal."""
    return len(text) == 64 and all(sign in "0123456789abcdef" for sign in text)


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
