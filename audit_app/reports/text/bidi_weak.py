"""UAX #9, rules W1 to I2: what numbers, signs, brackets and spaces become."""

from collections.abc import Sequence
from dataclasses import dataclass

_ISOLATING = frozenset({"LRI", "RLI", "FSI", "PDI"})
_NEUTRAL = frozenset({"B", "S", "WS", "ON", "LRI", "RLI", "FSI", "PDI"})
_STRONG = {"L": "L", "R": "R", "EN": "R", "AN": "R"}
_BRACKETS = (
    "()[]{}⁅⁆⁽⁾₍₎⌈⌉⌊⌋〈〉❨❩❪❫❬❭❮❯❰❱❲❳❴❵⟅⟆⟦⟧⟨⟩⟪⟫⟬⟭⟮⟯⦃⦄⦅⦆"
    "⦇⦈⦉⦊⦋⦌⦍⦎⦏⦐⦑⦒⦓⦔⦕⦖⦗⦘⧘⧙⧚⧛⧼⧽⸢⸣⸤⸥⸦⸧⸨⸩〈〉《》「」『』【】〔〕〖〗〘〙〚〛"
    "﹙﹚﹛﹜﹝﹞（）［］｛｝｟｠｢｣༺༻༼༽᚛᚜"
)
_OPENING = dict(zip(_BRACKETS[::2], _BRACKETS[1::2], strict=True))
_CLOSING = set(_OPENING.values())
_SAME = {"\u2329": "\u3008", "\u232a": "\u3009"}
_MAX_OPEN = 63


@dataclass(frozen=True, slots=True)
class RunSequence:
    """An isolating run sequence: positions, level, and the directions at start and end."""

    positions: tuple[int, ...]
    level: int
    sos: str
    eos: str


def resolve(
    text: str,
    original: Sequence[str],
    classes: Sequence[str],
    levels: list[int],
    run: RunSequence,
) -> None:
    """Give each character of a sequence its final level."""
    kinds = [classes[i] for i in run.positions]
    _weak(kinds, run.sos)
    embedding = "R" if run.level & 1 else "L"
    _brackets(text, original, kinds, run, embedding)
    _neutrals(kinds, run, embedding)
    for kind, i in zip(kinds, run.positions, strict=True):
        if run.level & 1:
            levels[i] = run.level + (0 if kind == "R" else 1)
        else:
            levels[i] = run.level + {"L": 0, "R": 1}.get(kind, 2)


def _weak(kinds: list[str], sos: str) -> None:
    """W1 to W7."""
    _marks_and_arabic(kinds, sos)
    _separators_and_terminators(kinds)
    strong = sos  # W7
    for k, kind in enumerate(kinds):
        if kind in ("L", "R"):
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[k] = "L"


def _marks_and_arabic(kinds: list[str], sos: str) -> None:
    previous = sos  # W1
    for k, kind in enumerate(kinds):
        if kind == "NSM":
            kinds[k] = "ON" if previous in _ISOLATING else previous
        previous = kinds[k]
    strong = sos  # W2, W3
    for k, kind in enumerate(kinds):
        if kind in ("L", "R", "AL"):
            strong = kind
        elif kind == "EN" and strong == "AL":
            kinds[k] = "AN"
    kinds[:] = ["R" if kind == "AL" else kind for kind in kinds]


def _separators_and_terminators(kinds: list[str]) -> None:
    for k in range(1, len(kinds) - 1):  # W4
        before, after = kinds[k - 1], kinds[k + 1]
        if before != after:
            continue
        if (kinds[k] == "ES" and before == "EN") or (kinds[k] == "CS" and before in ("EN", "AN")):
            kinds[k] = before
    for start, end in _spans(kinds, {"ET"}):  # W5
        beside = (start > 0 and kinds[start - 1] == "EN") or (
            end < len(kinds) and kinds[end] == "EN"
        )
        if beside:
            kinds[start:end] = ["EN"] * (end - start)
    kinds[:] = ["ON" if kind in ("ES", "ET", "CS") else kind for kind in kinds]  # W6


def _spans(kinds: Sequence[str], wanted: set[str] | frozenset[str]) -> list[tuple[int, int]]:
    """Start and end of each stretch of these kinds."""
    spans: list[tuple[int, int]] = []
    k = 0
    while k < len(kinds):
        end = k
        while end < len(kinds) and kinds[end] in wanted:
            end += 1
        if end > k:
            spans.append((k, end))
        k = max(end, k + 1)
    return spans


def _pairs(text: str, kinds: Sequence[str], run: RunSequence) -> list[tuple[int, int]]:
    """BD16: brackets that belong together."""
    waiting: list[tuple[str, int]] = []
    pairs: list[tuple[int, int]] = []
    for k, kind in enumerate(kinds):
        if kind != "ON":
            continue
        char = _SAME.get(text[run.positions[k]], text[run.positions[k]])
        if char in _OPENING:
            if len(waiting) == _MAX_OPEN:
                break
            waiting.append((_OPENING[char], k))
        elif char in _CLOSING:
            for depth in range(len(waiting) - 1, -1, -1):
                if waiting[depth][0] == char:
                    pairs.append((waiting[depth][1], k))
                    del waiting[depth:]
                    break
    return sorted(pairs)


def _brackets(
    text: str, original: Sequence[str], kinds: list[str], run: RunSequence, embedding: str
) -> None:
    """N0: a pair takes the direction of what it holds."""
    for start, end in _pairs(text, kinds, run):
        inside = {_STRONG[kind] for kind in kinds[start + 1 : end] if kind in _STRONG}
        if not inside:
            continue
        direction = embedding
        if embedding not in inside:
            before = (_STRONG[kind] for kind in reversed(kinds[:start]) if kind in _STRONG)
            direction = next(before, run.sos)
        for place in (start, end):
            kinds[place] = direction
            after = place + 1
            while after < len(kinds) and original[run.positions[after]] == "NSM":
                kinds[after] = direction
                after += 1


def _neutrals(kinds: list[str], run: RunSequence, embedding: str) -> None:
    """N1, N2: spaces and signs go with what stands on both sides, else with the embedding."""
    for start, end in _spans(kinds, _NEUTRAL):
        left = _STRONG[kinds[start - 1]] if start else run.sos
        right = _STRONG[kinds[end]] if end < len(kinds) else run.eos
        kinds[start:end] = [left if left == right else embedding] * (end - start)
