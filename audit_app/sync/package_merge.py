"""One row of an exchange package meets the row that is here: field by field, without any clock.

A value goes in where this device still has what the maker's change was built on. Where both sides
changed a field, the one that is here stays and the other stands in a conflict (SYNC 2.5). What
counts as common ground, the best first: what the two laptops know of each other from earlier
packages, then what the centre had told the maker, then nothing at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from audit_app.domain.merge import AUTO, Clash
from audit_app.domain.records import DELETED, Policy, Record
from audit_app.domain.text_merge import merge_texts
from audit_app.domain.words import Grade

_RANKS = {grade.value: grade.rank for grade in Grade}


@dataclass(frozen=True, slots=True)
class Ground:
    """What both sides have in common about one row.

    Attributes:
        shared: values of fields as the two laptops knew them of each other.
        centre: what the centre had told the maker; None where it has never had the row.
        ahead: of fields as the centre told them to the maker and not yet to this device, which
            has not changed them either.
    """

    shared: Sequence[Mapping[str, Any]] = ()
    centre: Mapping[str, Any] | None = None
    ahead: frozenset[str] = frozenset()

    def values(self, name: str) -> list[Any]:
        """What the field held when both last agreed; one candidate at least."""
        known = [told.get(name) for told in self.shared if name in told]
        if known:
            return known
        return [None if self.centre is None else self.centre.get(name)]


@dataclass(slots=True)
class Decision:
    """What becomes of a row.

    Attributes:
        changes: fields to write.
        clashes: pairs of values one of which does not stand in the row.
        kept: fields where the value that is here stays and the package has another.
    """

    changes: dict[str, Any] = field(default_factory=dict)
    clashes: list[Clash] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)


def alike(name: str, one: Any, other: Any) -> bool:
    """Whether two values are the same to a reader: empty and nothing are one."""
    if name == DELETED:
        return (one is None) == (other is None)
    if _is_empty(one) or _is_empty(other):
        return _is_empty(one) and _is_empty(other)
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def _is_empty(value: Any) -> bool:
    return value is None or value is False or value in ("", [])


def decide(
    record: Record, mine: Mapping[str, Any] | None, theirs: Mapping[str, Any], ground: Ground
) -> Decision:
    """Settle one row; ``mine`` is None where it is new here."""
    if mine is None:
        return Decision({name: value for name, value in theirs.items() if value is not None})
    made = Decision()
    followers: dict[str, bool] = {}
    for name, value in theirs.items():
        if alike(name, mine.get(name), value):
            continue
        common = ground.values(name)
        is_untouched = any(alike(name, mine.get(name), each) for each in common)
        if name in ground.ahead:
            made.changes[name] = value
        elif any(alike(name, value, each) for each in common):
            # The maker has not changed it: what is here is newer.
            made.kept.add(name)
        elif name in record.fields and record.fields[name].policy is Policy.FOLLOW:
            followers[name] = is_untouched
        elif is_untouched:
            made.changes[name] = value
        else:
            _clash(record, name, mine.get(name), value, common[0], made)
    _weigh_deletion(mine, theirs, made)
    _follow(followers, theirs, made)
    return made


def _clash(record: Record, name: str, mine: Any, theirs: Any, base: Any, made: Decision) -> None:
    policy = record.fields[name].policy if name in record.fields else Policy.ASK
    if policy is Policy.WORST and mine in _RANKS and theirs in _RANKS:
        if _RANKS[theirs] < _RANKS[mine]:
            made.changes[name] = theirs
            made.clashes.append(Clash(name, theirs, mine, base, AUTO))
        else:
            made.kept.add(name)
            made.clashes.append(Clash(name, mine, theirs, base, AUTO))
        return
    if policy is Policy.MERGE and isinstance(mine, str) and isinstance(theirs, str):
        merged = merge_texts(base if isinstance(base, str) else "", mine, theirs)
        if merged is not None:
            if merged != mine:
                made.changes[name] = merged
            if merged != theirs:
                made.kept.add(name)
            return
    made.kept.add(name)
    made.clashes.append(Clash(name, mine, theirs, base))


def _weigh_deletion(mine: Mapping[str, Any], theirs: Mapping[str, Any], made: Decision) -> None:
    """An edit beats a deletion that had not seen it, whoever did which."""
    if made.changes.get(DELETED) is not None:
        if made.kept - {DELETED}:
            made.clashes.append(Clash(DELETED, None, made.changes.pop(DELETED), None))
            made.kept.add(DELETED)
        return
    is_gone = mine.get(DELETED) is not None and theirs.get(DELETED) is None
    if is_gone and made.changes and DELETED not in made.changes:
        made.clashes.append(Clash(DELETED, None, mine[DELETED], None))
        made.changes[DELETED] = None
        made.kept.discard(DELETED)


def _follow(followers: Mapping[str, bool], theirs: Mapping[str, Any], made: Decision) -> None:
    """Who and when go in with the fields beside them, or stay out with them."""
    stays_out = bool(made.clashes) and not made.changes
    for name, is_untouched in followers.items():
        if not stays_out and (is_untouched or made.changes):
            made.changes[name] = theirs[name]
        else:
            made.kept.add(name)
