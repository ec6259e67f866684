"""The Unicode Bidirectional Algorithm (UAX #9): which way each character runs.

Rule names in comments (P2 … L2) are those of the standard. Line breaking comes between levels and
reordering, so they are two functions.
"""

import unicodedata
from collections.abc import Sequence

from audit_app.reports.text.bidi_weak import RunSequence, resolve

Level = int | None
"""The embedding level of a character; None where rule X9 takes it out of the display."""

MAX_DEPTH = 125
ISOLATES = frozenset({"LRI", "RLI", "FSI"})
EMBEDDINGS = frozenset({"RLE", "LRE", "RLO", "LRO"})
REMOVED = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "BN"})
_DIRECTED = frozenset(
    {"R", "AL", "AN", "RLE", "RLO", "RLI", "LRI", "FSI", "LRE", "LRO", "PDF", "BN"}
)
_RIGHT = ((0x590, 0x5FF), (0x7C0, 0x85F), (0xFB1D, 0xFB4F), (0x10800, 0x10FFF), (0x1E800, 0x1EFFF))
_ARABIC = ((0x600, 0x7BF), (0x860, 0x8FF), (0xFB50, 0xFDFF), (0xFE70, 0xFEFF))


def bidi_class(char: str) -> str:
    """The bidirectional class, with the standard's defaults for unassigned characters."""
    known = unicodedata.bidirectional(char)
    if known:
        return known
    code = ord(char)
    if any(low <= code <= high for low, high in _RIGHT):
        return "R"
    if any(low <= code <= high for low, high in _ARABIC):
        return "AL"
    return "L"


def levels(text: str, base: int | None = None) -> tuple[int, list[Level]]:
    """The paragraph's level and the level of each character.

    Args:
        base: 0 left to right, 1 right to left, None to take it from the first strong character.
    """
    classes = [bidi_class(char) for char in text]
    if base is None:
        base = _first_strong(classes, 0, len(classes), until_pdi=False) or 0
    if not base and not any(kind in _DIRECTED for kind in classes):
        return base, [base] * len(text)
    matches = _matching_pdis(classes)
    original = list(classes)
    found = _explicit(original, classes, matches, base)
    kept = [i for i, kind in enumerate(original) if kind not in REMOVED]
    explicit = list(found)
    for run in _sequences(original, explicit, kept, matches, base):
        resolve(text, original, classes, found, run)
    _reset_spaces(original, found, base)
    return base, [None if original[i] in REMOVED else level for i, level in enumerate(found)]


def reorder(line: Sequence[Level]) -> list[int]:
    """Positions of a line in the order they are shown, from the left (L2)."""
    order = [i for i, level in enumerate(line) if level is not None]
    shown = [level for level in line if level is not None]
    odd = [level for level in shown if level & 1]
    if not odd:
        return order
    of = {i: level for i, level in enumerate(line) if level is not None}
    for level in range(max(shown), min(odd) - 1, -1):
        start = 0
        while start < len(order):
            if of[order[start]] < level:
                start += 1
                continue
            end = start
            while end < len(order) and of[order[end]] >= level:
                end += 1
            order[start:end] = order[start:end][::-1]
            start = end
    return order


def _first_strong(classes: Sequence[str], start: int, end: int, *, until_pdi: bool) -> int | None:
    """P2, P3: the level the first strong character gives; None without one."""
    depth = 0
    for kind in classes[start:end]:
        if kind in ISOLATES:
            depth += 1
        elif kind == "PDI":
            if depth:
                depth -= 1
            elif until_pdi:
                return None
        elif not depth and kind in ("L", "R", "AL"):
            return 0 if kind == "L" else 1
    return None


def _matching_pdis(classes: Sequence[str]) -> dict[int, int]:
    """BD9: each isolate's initiator and its closing PDI."""
    matches: dict[int, int] = {}
    waiting: list[int] = []
    for i, kind in enumerate(classes):
        if kind in ISOLATES:
            waiting.append(i)
        elif kind == "PDI" and waiting:
            matches[waiting.pop()] = i
    return matches


class _Stack:
    """The directional status stack of X1: level, override, is it an isolate."""

    def __init__(self, base: int) -> None:
        self.entries: list[tuple[int, str, bool]] = [(base, "", False)]
        self.isolate_overflow = self.embedding_overflow = self.isolates = 0

    @property
    def top(self) -> tuple[int, str, bool]:
        return self.entries[-1]

    def push(self, kind: str) -> bool:
        """X2 to X5b; whether there was room."""
        level = self.top[0]
        right = kind in ("RLE", "RLO", "RLI")
        deeper = (level + 1) | 1 if right else (level + 2) & ~1
        isolate = kind in ISOLATES
        if deeper <= MAX_DEPTH and not self.isolate_overflow and not self.embedding_overflow:
            override = {"RLO": "R", "LRO": "L"}.get(kind, "")
            self.entries.append((deeper, override, isolate))
            self.isolates += isolate
            return True
        if isolate:
            self.isolate_overflow += 1
        elif not self.isolate_overflow:
            self.embedding_overflow += 1
        return False

    def close_isolate(self) -> None:
        """X6a."""
        if self.isolate_overflow:
            self.isolate_overflow -= 1
        elif self.isolates:
            self.embedding_overflow = 0
            while not self.top[2]:
                self.entries.pop()
            self.entries.pop()
            self.isolates -= 1

    def close_embedding(self) -> None:
        """X7."""
        if self.isolate_overflow:
            return
        if self.embedding_overflow:
            self.embedding_overflow -= 1
        elif not self.top[2] and len(self.entries) > 1:
            self.entries.pop()


def _explicit(
    original: Sequence[str], classes: list[str], matches: dict[int, int], base: int
) -> list[int]:
    """X1 to X8: levels from embeddings, overrides and isolates; overrides change classes."""
    found = [base] * len(original)
    stack = _Stack(base)
    for i, kind in enumerate(original):
        if kind == "PDI":
            stack.close_isolate()
        level, override, _ = stack.top
        found[i] = base if kind == "B" else level
        if kind in EMBEDDINGS:
            stack.push(kind)
        elif kind == "PDF":
            stack.close_embedding()
        elif kind not in ("B", "BN"):
            if override:
                classes[i] = override
            if kind in ISOLATES:
                stack.push(_isolate_kind(original, i, matches))
    return found


def _isolate_kind(original: Sequence[str], at: int, matches: dict[int, int]) -> str:
    if original[at] != "FSI":
        return original[at]
    end = matches.get(at, len(original))
    return "RLI" if _first_strong(original, at + 1, end, until_pdi=True) == 1 else "LRI"


def _sequences(
    original: Sequence[str],
    explicit: Sequence[int],
    kept: Sequence[int],
    matches: dict[int, int],
    base: int,
) -> list[RunSequence]:
    """X10: isolating run sequences with the directions at their ends."""
    runs: list[list[int]] = []
    for i in kept:
        if runs and explicit[runs[-1][-1]] == explicit[i]:
            runs[-1].append(i)
        else:
            runs.append([i])
    by_first = {run[0]: run for run in runs}
    place = {i: k for k, i in enumerate(kept)}
    closers = set(matches.values())
    sequences = []
    for run in runs:
        if original[run[0]] == "PDI" and run[0] in closers:
            continue
        whole = list(run)
        while original[whole[-1]] in ISOLATES and whole[-1] in matches:
            whole += by_first[matches[whole[-1]]]
        level = explicit[whole[0]]
        before = place[whole[0]]
        left = explicit[kept[before - 1]] if before else base
        after = place[whole[-1]] + 1
        at_end = original[whole[-1]] in ISOLATES or after == len(kept)
        right = base if at_end else explicit[kept[after]]
        sequences.append(
            RunSequence(
                tuple(whole),
                level,
                "R" if max(level, left) & 1 else "L",
                "R" if max(level, right) & 1 else "L",
            )
        )
    return sequences


def _reset_spaces(original: Sequence[str], found: list[int], base: int) -> None:
    """L1: separators, and the spaces before them or the end, take the paragraph's level."""
    trailing = True
    for i in range(len(original) - 1, -1, -1):
        kind = original[i]
        if kind in ("S", "B"):
            found[i] = base
            trailing = True
        elif kind in ("WS", "PDI") or kind in ISOLATES:
            if trailing:
                found[i] = base
        elif kind not in REMOVED:
            trailing = False
