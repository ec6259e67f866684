"""What an exchange package holds, piece by piece, and each piece as JSON."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

SCHEMA = 1
"""Raised with every field or kind of row that is added; an older program keeps what it does not
know, and says so."""

LARGEST_NUMBER = 2**63 - 1
"""The database keeps no larger one."""


@dataclass(frozen=True, slots=True)
class Made:
    """Who made a package, when, of what.

    Attributes:
        device: the laptop that made it; its trail and outbox carry this id too.
        by: the auditor's name.
        at: by that laptop's clock; shown, and never decided by.
        about: what was chosen, in words, such as a visit's number.
        earlier: packages this laptop had made before, so that a later one is told from an older,
            and a laptop that was put back to an older backup is noticed.
        centre: which central store that laptop is joined to; "" if none. Numbers that two
            different centres gave say nothing about each other.
    """

    id: UUID
    device: UUID
    by: str
    at: datetime
    about: str
    app: str
    schema: int = SCHEMA
    earlier: frozenset[UUID] = frozenset()
    centre: str = ""

    def wire(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "id": str(self.id),
            "device": str(self.device),
            "by": self.by,
            "at": self.at.isoformat(),
            "about": self.about,
            "app": self.app,
            "schema": self.schema,
            "earlier": sorted(map(str, self.earlier)),
            "centre": self.centre,
        }

    @staticmethod
    def read(told: Mapping[str, Any]) -> "Made":
        """From JSON; what a newer program added is passed over.

        Raises:
            ValueError, KeyError, TypeError, AttributeError: it does not say what it must.
        """
        at = datetime.fromisoformat(told["at"])
        if at.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return Made(
            UUID(told["id"]),
            UUID(told["device"]),
            _text(told["by"], 200),
            at,
            _text(told["about"], 500),
            _text(told["app"], 50),
            _count(told["schema"]),
            frozenset(UUID(each) for each in told["earlier"]),
            _text(told["centre"], 200),
        )


@dataclass(frozen=True, slots=True)
class Seen:
    """What the maker knows another laptop had, as of one of that laptop's packages."""

    package: UUID
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PackedRow:
    """One row as the maker has it.

    Attributes:
        seq: the centre's number of the row there; None if the centre has never had it.
        base: of fields that the maker changed since the centre spoke, what the centre had said.
        seen: by device, what the maker's values are built on.
    """

    entity: str
    id: UUID
    scope: str
    created: datetime
    changed: datetime
    values: Mapping[str, Any]
    seq: int | None = None
    base: Mapping[str, Any] = field(default_factory=dict)
    seen: Mapping[UUID, Seen] = field(default_factory=dict)

    def wire(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "entity": self.entity,
            "id": str(self.id),
            "scope": self.scope,
            "created": self.created.isoformat(),
            "changed": self.changed.isoformat(),
            "values": dict(self.values),
            "seq": self.seq,
            "base": dict(self.base),
            "seen": {
                str(device): {"package": str(seen.package), "fields": dict(seen.fields)}
                for device, seen in self.seen.items()
            },
        }

    @staticmethod
    def read(told: Mapping[str, Any]) -> "PackedRow":
        """From JSON.

        Raises:
            ValueError, KeyError, TypeError, AttributeError: it does not say what it must.
        """
        created = datetime.fromisoformat(told["created"])
        changed = datetime.fromisoformat(told["changed"])
        if created.tzinfo is None or changed.tzinfo is None:
            raise ValueError("a moment without a time zone")
        seq = told["seq"]
        return PackedRow(
            _text(told["entity"], 60),
            UUID(told["id"]),
            _text(told["scope"], 200),
            created,
            changed,
            _fields(told["values"]),
            None if seq is None else _count(seq),
            _fields(told["base"]),
            {
                UUID(device): Seen(UUID(seen["package"]), _fields(seen["fields"]))
                for device, seen in told["seen"].items()
            },
        )


@dataclass(frozen=True, slots=True)
class PackedBlob:
    """A photo or file: ``sha256`` is what a row names it by, ``content`` the hash of these bytes.

    Attributes:
        kind: ``evidence``, or ``compiled`` and ``source`` for a checklist version.
        rendition: longest side in pixels of a smaller JPEG; 0 for the bytes the row names.
    """

    kind: str
    sha256: str
    rendition: int
    content: str
    size: int

    @staticmethod
    def of(kind: str, sha256: str, data: bytes, rendition: int = 0) -> "PackedBlob":
        """What is said of these bytes."""
        return PackedBlob(kind, sha256, rendition, hashlib.sha256(data).hexdigest(), len(data))

    def wire(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)

    @staticmethod
    def read(told: Mapping[str, Any]) -> "PackedBlob":
        """From JSON.

        Raises:
            ValueError, KeyError, TypeError: it does not say what it must.
        """
        read = PackedBlob(
            _text(told["kind"], 20),
            _hash(told["sha256"]),
            _count(told["rendition"]),
            _hash(told["content"]),
            _count(told["size"]),
        )
        if not read.rendition and read.content != read.sha256:
            raise ValueError("an original under another name than its own")
        return read

    def is_true(self, data: bytes) -> bool:
        """Whether these are the bytes that were written."""
        return len(data) == self.size and hashlib.sha256(data).hexdigest() == self.content


def _text(value: Any, longest: int) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise TypeError("not a text")
    return value


def _count(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= LARGEST_NUMBER:
        raise TypeError("not a count")
    return value


def _hash(value: Any) -> str:
    text = _text(value, 64)
    if len(text) != 64 or set(text) - set("0123456789abcdef"):
        raise ValueError("not a SHA-256")
    return text


def _fields(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError("not fields")
    for each in value.values():
        if isinstance(each, int) and abs(each) > LARGEST_NUMBER:
            raise ValueError("a number too large to keep")
    return value
