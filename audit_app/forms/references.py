"""Which questions an expression reads, and how near they must be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from audit_app.forms.definition import Slot
from audit_app.forms.xpath.syntax import (
    Call,
    Chain,
    Expr,
    Filter,
    NameTest,
    Negate,
    Path,
    Step,
    Text,
    TypeTest,
    Union,
)

_STRUCTURAL = frozenset({"position", "count", "name", "local-name", "namespace-uri"})
"""Functions that look at which nodes there are, not at what is in them."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """A path that leads to no question; ``at`` is the offset of the step that fails."""

    at: int
    name: str
    under: str


@dataclass(frozen=True, slots=True)
class References:
    """What an expression reads.

    Attributes:
        slots: slot → hold. The reader and the node read share their ancestors down to that depth;
            a change further off does not concern this reader. 0 means any instance concerns it.
        unknown: steps that lead nowhere in this form.
        lists: ids of the secondary instances read.
    """

    slots: Mapping[Slot, int]
    unknown: tuple[Unknown, ...]
    lists: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Cursor:
    slots: tuple[Slot, ...]
    hold: int


def own_steps(steps: Iterable[Step], slot: Slot) -> int:
    """How many leading steps of an absolute path stay within the reader's own line.

    Inside a repeat an absolute path means "my own instance" (FORMS 5.3), except that the repeat
    itself, named last, means all its instances.
    """
    line = slot.line
    plain: list[str] = []
    total = 0
    for step in steps:
        total += 1
        if step.plain_name is None or len(plain) != total - 1:
            continue
        plain.append(step.plain_name)
    count = 0
    for name, own in zip(plain, line, strict=False):
        if own.name != name:
            break
        if count + 1 == total and own.repeat is not None:
            break
        count += 1
    return count


def references(expr: Expr, slot: Slot, root: Slot, *, wide: bool = False) -> References:
    """What ``expr`` reads when it stands at ``slot``.

    Args:
        wide: treat every read as concerning all instances.
    """
    walker = _Walker(slot, root)
    walker.visit(expr, _Cursor((slot,), slot.depth), structural=False)
    slots = dict.fromkeys(walker.found, 0) if wide else walker.found
    return References(slots, tuple(walker.unknown), frozenset(walker.lists))


class _Walker:
    def __init__(self, slot: Slot, root: Slot) -> None:
        self._slot = slot
        self._root = root
        self.found: dict[Slot, int] = {}
        self.unknown: list[Unknown] = []
        self.lists: set[str] = set()

    def visit(self, expr: Expr, here: _Cursor | None, *, structural: bool) -> _Cursor | None:
        match expr:
            case Path():
                cursor = self._path(expr, here)
                self._register(cursor, structural=structural)
                return cursor
            case Chain(_, first, rest):
                self.visit(first, here, structural=False)
                for _, part in rest:
                    self.visit(part, here, structural=False)
            case Negate(_, operand):
                self.visit(operand, here, structural=False)
            case Union(_, parts):
                cursors = [self.visit(part, here, structural=structural) for part in parts]
                known = [c for c in cursors if c is not None]
                if known:
                    slots = tuple(s for c in known for s in c.slots)
                    return _Cursor(slots, min(c.hold for c in known))
            case Filter(_, base, predicates):
                cursor = self.visit(base, here, structural=structural)
                for predicate in predicates:
                    self.visit(predicate, cursor, structural=False)
                return cursor
            case Call():
                return self._call(expr, here)
            case _:
                pass
        return None

    def _call(self, call: Call, here: _Cursor | None) -> _Cursor | None:
        if call.name == "current":
            return _Cursor((self._slot,), self._slot.depth)
        if call.name == "instance" and call.args and isinstance(call.args[0], Text):
            self.lists.add(call.args[0].value)
            return None
        if call.name == "pulldata" and call.args and isinstance(call.args[0], Text):
            self.lists.add(call.args[0].value)
        if call.name == "indexed-repeat":
            before = dict(self.found)
            self.visit(call.args[0], here, structural=False)
            for arg in call.args[1::2]:
                self.visit(arg, here, structural=True)
            # The value comes from any row, so a change in any row concerns this reader.
            self.found = {s: 0 if s not in before else h for s, h in self.found.items()}
            for arg in call.args[2::2]:
                self.visit(arg, here, structural=False)
            return None
        if call.name in {"string", "number", "string-length", "normalize-space"} and not call.args:
            self._register(here, structural=False)
        for arg in call.args:
            cursor = self.visit(arg, here, structural=call.name in _STRUCTURAL)
            if call.name == "randomize":
                return cursor
        return None

    def _path(self, path: Path, here: _Cursor | None) -> _Cursor | None:
        steps = path.steps
        if path.absolute:
            own = own_steps(steps, self._slot)
            if own:
                cursor: _Cursor | None = _Cursor((self._slot.line[own - 1],), own)
                steps = steps[own:]
            else:
                cursor = _Cursor((), 0)
                if steps and steps[0].axis == "child":
                    cursor = self._first(steps[0])
                    steps = steps[1:]
                elif steps:
                    cursor = _Cursor(tuple(self._root.walk()), 0)
                    steps = steps[1:]
        elif path.start is not None:
            cursor = self.visit(path.start, here, structural=True)
        else:
            cursor = here
        for step in steps:
            cursor = self._step(step, cursor)
        return cursor

    def _first(self, step: Step) -> _Cursor | None:
        name = step.plain_name
        if name is not None and name != self._root.name:
            self.unknown.append(Unknown(step.at, name, ""))
            return None
        cursor = _Cursor((self._root,), 0)
        for predicate in step.predicates:
            self.visit(predicate, cursor, structural=False)
        return cursor

    def _step(self, step: Step, cursor: _Cursor | None) -> _Cursor | None:
        if cursor is not None:
            cursor = self._moved(step, cursor)
        for predicate in step.predicates:
            self.visit(predicate, cursor, structural=False)
        return cursor

    def _moved(self, step: Step, cursor: _Cursor) -> _Cursor | None:
        slots, hold = cursor.slots, cursor.hold
        match step.axis:
            case "self":
                return cursor
            case "attribute":
                return None
            case "parent":
                ups = tuple(dict.fromkeys(s.parent for s in slots if s.parent is not None))
                if not ups:
                    return None
                return _Cursor(ups, min(hold, *(s.depth for s in ups)))
            case "child":
                if isinstance(step.test, TypeTest):
                    return _Cursor(tuple(c for s in slots for c in s.children.values()), hold)
                return self._child(step.test, step.at, slots, hold)
            case "descendant" | "descendant-or-self":
                below = tuple(dict.fromkeys(x for s in slots for x in s.walk()))
                return _Cursor(below, hold)
            case "ancestor" | "ancestor-or-self":
                return _Cursor(tuple(dict.fromkeys(x for s in slots for x in s.line)), 0)
        # Sibling and document axes: anything under the parent, whichever instance.
        around = [s.parent or s for s in slots]
        named = step.test.name if isinstance(step.test, NameTest) else "*"
        found = [c for s in around for c in s.children.values() if named in {"*", c.name}] or [
            x for s in around for x in s.walk()
        ]
        outer = min((s.depth for s in around), default=0)
        return _Cursor(tuple(dict.fromkeys(found)), min(hold, outer))

    def _child(self, test: NameTest, at: int, slots: tuple[Slot, ...], hold: int) -> _Cursor | None:
        name = test.name.rpartition(":")[2]
        if name == "*":
            return _Cursor(tuple(c for s in slots for c in s.children.values()), hold)
        found = tuple(s.children[name] for s in slots if name in s.children)
        if not found:
            if len(slots) == 1:
                self.unknown.append(Unknown(at, name, slots[0].path))
            return None
        return _Cursor(found, hold)

    def _register(self, cursor: _Cursor | None, *, structural: bool) -> None:
        if cursor is None:
            return
        for slot in cursor.slots:
            self._add(slot, cursor.hold)
            if not structural and slot.children:
                for below in slot.walk():
                    self._add(below, cursor.hold)

    def _add(self, slot: Slot, hold: int) -> None:
        self.found[slot] = min(hold, self.found.get(slot, hold))
