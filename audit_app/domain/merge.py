"""One change of one row meets what the centre holds: field by field, without any clock (SYNC 2.5).

An op says what it saw (its base, a number of the row's scope). A field that nobody changed since
is set. A field that somebody changed unseen is settled by its policy; nothing is ever overwritten
silently.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from audit_app.domain.records import DELETED, Policy, Record
from audit_app.domain.text_merge import merge_texts
from audit_app.domain.words import Grade

OPEN, AUTO = "open", "auto"
"""A conflict waits for a person, or was settled by a rule and is only told."""


@dataclass(frozen=True, slots=True)
class Version:
    """Who wrote a field last: at which number of the scope, with which op of which device."""

    seq: int
    device: str
    no: int


@dataclass(frozen=True, slots=True)
class Stored:
    """A row as the centre holds it.

    Attributes:
        values: fields that hold something; a field that is not there is empty.
        versions: of every field that was ever written.
    """

    values: Mapping[str, Any]
    versions: Mapping[str, Version]


@dataclass(frozen=True, slots=True)
class Incoming:
    """One op: op ``no`` of ``device`` sets ``values``, having seen the scope up to ``base``."""

    device: str
    no: int
    base: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Clash:
    """Two values of one field, one of which must not vanish.

    Attributes:
        central: what stands in the row.
        candidate: what does not.
        base: what both had seen, None if there was nothing.
        status: ``open`` or ``auto``.
    """

    field: str
    central: Any
    candidate: Any
    base: Any
    status: str = OPEN


@dataclass(frozen=True, slots=True)
class Merged:
    """What to write: changed fields of the row, and clashes to keep."""

    changes: Mapping[str, Any]
    clashes: tuple[Clash, ...]


EMPTY = Stored({}, {})
"""A row nobody has sent yet."""

BaseValue = Callable[[str], Any]
"""The value a field had at the op's base; asked only for fields that clash."""


def merge(record: Record, stored: Stored, op: Incoming, base_value: BaseValue) -> Merged:
    """Merge one op into a row.

    Fields the record does not know are kept too, and asked about like any other: an older centre
    must not lose what a newer client entered.
    """
    changes: dict[str, Any] = {}
    clashes: list[Clash] = []
    followers: dict[str, Any] = {}
    for name, value in op.values.items():
        if name in stored.versions and _same(name, stored.values.get(name), value):
            continue
        policy = record.fields[name].policy if name in record.fields else Policy.ASK
        if policy is Policy.FIRST and name in stored.versions:
            continue
        if policy is Policy.FOLLOW:
            followers[name] = value
        elif _is_unseen(stored, op, name):
            _settle(policy, name, stored, value, base_value, changes, clashes)
        else:
            changes[name] = value
    _weigh_deletion(stored, op, changes, clashes)
    if not (clashes and not changes):
        changes.update(followers)
    return Merged(changes, tuple(clashes))


def _same(name: str, central: Any, value: Any) -> bool:
    if name == DELETED:
        # Two people who deleted a row agree, whenever each of them did it.
        return (central is None) == (value is None)
    return bool(central == value) and type(central) is type(value)


def _is_unseen(stored: Stored, op: Incoming, name: str) -> bool:
    version = stored.versions.get(name)
    if version is None or version.seq <= op.base:
        return False
    return not (version.device == op.device and version.no < op.no)


def _settle(
    policy: Policy,
    name: str,
    stored: Stored,
    value: Any,
    base_value: BaseValue,
    changes: dict[str, Any],
    clashes: list[Clash],
) -> None:
    central = stored.values.get(name)
    if policy is Policy.WORST and _is_worse(value, central):
        changes[name] = value
        clashes.append(Clash(name, value, central, base_value(name), AUTO))
        return
    base = base_value(name)
    if policy is Policy.MERGE and isinstance(central, str) and isinstance(value, str):
        merged = merge_texts(base if isinstance(base, str) else "", central, value)
        if merged is not None:
            if merged != central:
                changes[name] = merged
            return
    status = AUTO if policy is Policy.WORST else OPEN
    clashes.append(Clash(name, central, value, base, status))


def _is_worse(value: Any, central: Any) -> bool:
    known = {grade.value: grade.rank for grade in Grade}
    return value in known and central in known and known[value] < known[central]


def _weigh_deletion(
    stored: Stored, op: Incoming, changes: dict[str, Any], clashes: list[Clash]
) -> None:
    """An edit beats a deletion that had not seen it, whichever comes first."""
    if changes.get(DELETED) is not None:
        unseen = any(_is_unseen(stored, op, name) for name in stored.values if name != DELETED)
        if unseen:
            clashes.append(Clash(DELETED, stored.values.get(DELETED), changes.pop(DELETED), None))
        return
    is_gone = stored.values.get(DELETED) is not None
    if is_gone and changes and DELETED not in changes and _is_unseen(stored, op, DELETED):
        clashes.append(Clash(DELETED, None, stored.values[DELETED], None))
        changes[DELETED] = None
