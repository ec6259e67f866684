"""What the engine says about its questions."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NodeState:
    """One node as it stands.

    Attributes:
        value: stored text, also while the node is not relevant.
        valid: constraint and type hold; always true while empty or not relevant.
        message: why it is not valid, or, when it is required and empty, the author's words for
            that; else empty.
        label: words of the question in the language now shown.
    """

    ref: str
    value: str
    relevant: bool
    required: bool
    readonly: bool
    valid: bool
    message: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One choice on offer now."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one step did.

    Attributes:
        changed: refs whose value, relevance, required, readonly, validity, choices or label
            changed, and refs that appeared or went away.
        written: values to store: what was set, what was calculated from it, and the order of rows.
        problem: the constraint message when the value set breaks its constraint, else None.
    """

    changed: tuple[str, ...]
    written: dict[str, str]
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class RowAdded(Outcome):
    """A row was added: ``ref`` is the new instance, ``key`` its key."""

    ref: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """An expression that could not be evaluated."""

    ref: str
    kind: str
    message: str
