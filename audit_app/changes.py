"""What a step touched, so that each open screen can decide whether to reload."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Kind(StrEnum):
    """The kinds of things a step can touch."""

    VENDOR = "vendor"
    SITE = "site"
    CONTACT = "contact"
    VISIT = "visit"
    AUDIT = "audit"
    ANSWER = "answer"
    EVIDENCE = "evidence"
    FINDING = "finding"
    ACTION = "action"
    SIGNATURE = "signature"
    REPORT = "report"
    TEMPLATE = "template"
    SETTING = "setting"
    SYNC = "sync"
    """How this device stands with the centre."""


@dataclass(frozen=True, slots=True)
class Changes:
    """Which kinds, and which ids of each, a step touched."""

    touched: Mapping[Kind, frozenset[UUID]] = field(default_factory=dict)

    @staticmethod
    def of(kind: Kind, *ids: UUID) -> "Changes":
        """Changes of one kind."""
        return Changes({kind: frozenset(ids)})

    def __or__(self, other: "Changes") -> "Changes":
        merged = {kind: set(ids) for kind, ids in self.touched.items()}
        for kind, ids in other.touched.items():
            merged.setdefault(kind, set()).update(ids)
        return Changes({kind: frozenset(ids) for kind, ids in merged.items()})

    def __bool__(self) -> bool:
        return bool(self.touched)

    def has(self, *kinds: Kind) -> bool:
        """Whether anything of one of these kinds was touched."""
        return any(kind in self.touched for kind in kinds)

    def ids(self, kind: Kind) -> frozenset[UUID]:
        """The ids of this kind that were touched."""
        return self.touched.get(kind, frozenset())

    @staticmethod
    def union(parts: Iterable["Changes"]) -> "Changes":
        """All of them together."""
        total = Changes()
        for part in parts:
            total = total | part
        return total
