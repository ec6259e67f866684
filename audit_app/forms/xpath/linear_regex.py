"""Regular expressions whose time grows with the text, not with its powers.

Python's own matcher tries one way after another: ``(a+)+$`` on thirty letters takes it minutes.
Patterns come from strangers' spreadsheets, so this one walks all ways at once (Thompson 1968). It
only says whether there is a match, which is all that ``regex()`` asks.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

MAX_STATES = 5_000
"""Counted repeats are written out; a pattern that grows beyond this is not read."""

_REMEMBERED = 10_000
_COUNT = re.compile(r"\{(\d*)(,?)(\d*)\}")
_CLASS = re.compile(r"\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_ESCAPE = re.compile(
    r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|0[0-7]{0,2}|.)", re.DOTALL
)
_GROUP = re.compile(r"\((?:\?:|\?P<\w+>)?")
_AHEAD = re.compile(r"\(\?([=!])")
_ANCHORS = {"^": r"\A", "$": r"\Z|(?=\n\Z)", "\\A": r"\A", "\\Z": r"\Z", "\\b": r"\b", "\\B": r"\B"}

Accepts = Callable[[str], object]
Holds = Callable[[str, int], object]


class Unreadable(Exception):
    """The pattern uses what a walk along all ways cannot do, such as looking back."""


@dataclass(slots=True)
class _State:
    """One place in the pattern.

    Attributes:
        accepts: whether one letter leads to ``out[0]``; None for a place passed without a letter.
        holds: what must hold to pass; None when nothing must.
    """

    out: list[int] = field(default_factory=list)
    accepts: Accepts | None = None
    holds: Holds | None = None


_Piece = tuple[int, int]
"""The first and the last state of a part of the pattern."""


class LinearRegex:
    """A compiled pattern.

    Raises:
        Unreadable: it has parts we do not read, or is too large.
    """

    def __init__(self, source: str) -> None:
        reader = _Reader(source, 0)
        self._machine = reader.machine()
        if reader.at < len(source):
            raise Unreadable(source)

    def search(self, text: str) -> bool:
        """Whether the pattern matches anywhere in the text."""
        return self._machine.run(text, 0, anywhere=True)


class _Machine:
    """The states of a pattern, and a walk through all of them at once."""

    def __init__(self, states: list[_State], start: int, end: int) -> None:
        self._states = states
        self._start = start
        self._end = end

    def run(self, text: str, begin: int, *, anywhere: bool) -> bool:
        """Whether a match begins at a place in the text, or anywhere from there on."""
        states, end = self._states, self._end
        here: set[int] = set()
        self._reach(self._start, text, begin, here)
        for at in range(begin, len(text)):
            if end in here:
                return True
            after: set[int] = set()
            for number in here:
                accepts = states[number].accepts
                if accepts is not None and accepts(text[at]):
                    self._reach(states[number].out[0], text, at + 1, after)
            if anywhere:
                self._reach(self._start, text, at + 1, after)
            if not after:
                return False
            here = after
        return end in here

    def _reach(self, number: int, text: str, at: int, into: set[int]) -> None:
        """Note a state and all that are reached from it without a letter."""
        stack = [number]
        while stack:
            number = stack.pop()
            if number in into:
                continue
            state = self._states[number]
            if state.holds is not None and not state.holds(text, at):
                continue
            into.add(number)
            if state.accepts is None:
                stack.extend(state.out)


class _Reader:
    """Reads a pattern from a place on, into states."""

    def __init__(self, source: str, at: int) -> None:
        self._source = source
        self.at = at
        self._states: list[_State] = []

    def machine(self) -> _Machine:
        """What stands there, up to the end or a bracket that closes it."""
        start, end = self._either()
        return _Machine(self._states, start, end)

    def _new(self, accepts: Accepts | None = None, holds: Holds | None = None) -> int:
        if len(self._states) >= MAX_STATES:
            raise Unreadable(self._source)
        self._states.append(_State([], accepts, holds))
        return len(self._states) - 1

    def _join(self, first: int, *then: int) -> None:
        self._states[first].out.extend(then)

    def _either(self) -> _Piece:
        begin, end = self._new(), self._new()
        while True:
            first, last = self._sequence()
            self._join(begin, first)
            self._join(last, end)
            if not self._source.startswith("|", self.at):
                return begin, end
            self.at += 1

    def _sequence(self) -> _Piece:
        begin = last = self._new()
        while self.at < len(self._source) and self._source[self.at] not in "|)":
            first, end = self._repeated()
            self._join(last, first)
            last = end
        return begin, last

    def _repeated(self) -> _Piece:
        place = self.at
        first, end = self._one()
        low, high = self._count()
        if (low, high) == (1, 1):
            return first, end
        after = self.at
        begin = last = self._new()
        done = self._new()
        for number in range(max(low, 1) if high is None else high):
            if number:
                self.at = place
                first, end = self._one()
            self._join(last, first)
            if number >= low:
                self._join(last, done)
            last = end
        if high is None:
            self._join(last, first)
        self._join(last, done)
        self.at = after
        return begin, done

    def _count(self) -> tuple[int, int | None]:
        """How often the part just read may come, at least and at most."""
        sign = self._source[self.at : self.at + 1]
        found = _COUNT.match(self._source, self.at)
        if sign and sign in "*+?":
            low, high = {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
            self.at += 1
        elif found is not None and (found[1] or found[2]):
            low = int(found[1] or 0)
            high = low if not found[2] else int(found[3]) if found[3] else None
            self.at = found.end()
        else:
            return 1, 1
        if self._source.startswith("?", self.at):
            # As few as possible or as many: whether there is a match is the same.
            self.at += 1
        elif self._source[self.at : self.at + 1] in {"+", "*"}:
            raise Unreadable(self._source)
        return low, high

    def _one(self) -> _Piece:
        source, at = self._source, self.at
        ahead = _AHEAD.match(source, at)
        if ahead is not None:
            return self._ahead(wanted=ahead[1] == "=")
        if source[at] == "(":
            group = _GROUP.match(source, at)
            if group is None or source.startswith("?", group.end()):
                raise Unreadable(source)
            self.at = group.end()
            piece = self._either()
            self._close()
            return piece
        for anchor, same in _ANCHORS.items():
            if source.startswith(anchor, at):
                self.at += len(anchor)
                only = self._new(holds=re.compile(same).match)
                return only, only
        return self._letter()

    def _ahead(self, *, wanted: bool) -> _Piece:
        """``(?=…)`` and ``(?!…)``: what follows must match, or must not."""
        inner = _Reader(self._source, self.at + 3)
        machine = inner.machine()
        self.at = inner.at
        self._close()
        known: dict[tuple[str, int], bool] = {}

        def holds(text: str, at: int) -> bool:
            key = (text, at)
            if key not in known:
                if len(known) > _REMEMBERED:
                    known.clear()
                known[key] = machine.run(text, at, anywhere=False)
            return known[key] is wanted

        only = self._new(holds=holds)
        return only, only

    def _close(self) -> None:
        if not self._source.startswith(")", self.at):
            raise Unreadable(self._source)
        self.at += 1

    def _letter(self) -> _Piece:
        """A letter, a class of letters or an escape, as Python's own matcher reads it."""
        source, at = self._source, self.at
        pattern = _CLASS if source[at] == "[" else _ESCAPE if source[at] == "\\" else None
        found = pattern.match(source, at) if pattern is not None else None
        if pattern is not None and found is None:
            raise Unreadable(source)
        text = found[0] if found is not None else source[at]
        if text[0] == "\\" and text[1] in "123456789":
            raise Unreadable(source)
        self.at += len(text)
        try:
            accepts = re.compile(
                text if found is not None or text == "." else re.escape(text)
            ).match
        except re.error as wrong:
            raise Unreadable(source) from wrong
        end = self._new()
        begin = self._new(accepts=accepts)
        self._join(begin, end)
        return begin, end
