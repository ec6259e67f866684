"""The look of a choice whose author did not say: sensible, from what else is known."""

from collections.abc import Mapping
from decimal import Decimal

from audit_app.domain.words import Grade, Tone

_GOOD = frozenset(
    {"yes", "y", "ok", "pass", "passed", "true", "good", "compliant", "conforms", "c"}
)
_BAD = frozenset({"no", "n", "fail", "failed", "false", "bad", "non_compliant", "noncompliant"})
_BY_GRADE = {
    Grade.CRITICAL: Tone.BAD,
    Grade.MAJOR: Tone.BAD,
    Grade.MINOR: Tone.BAD,
    Grade.OFI: Tone.WATCH,
    Grade.STRENGTH: Tone.GOOD,
}


def tone_of(
    name: str,
    label: str,
    cells: Mapping[str, str],
    score: Decimal | None,
    best: Decimal | None,
) -> tuple[Grade | None, Tone]:
    """Grade of the finding a choice opens, and its tone.

    Args:
        best: highest score in the list, None when nothing in it is scored.
    """
    grade = _grade(cells.get("finding", ""))
    said = cells.get("tone", "").lower()
    if said in set(Tone):
        return grade, Tone(said)
    if grade is not None:
        return grade, _BY_GRADE[grade]
    if best is not None:
        if score is None:
            return None, Tone.NEUTRAL
        if score >= best:
            return None, Tone.GOOD
        return None, Tone.BAD if score <= 0 else Tone.WATCH
    for word in (name.lower(), label.lower()):
        if word in _GOOD:
            return None, Tone.GOOD
        if word in _BAD:
            return None, Tone.BAD
    return None, Tone.NEUTRAL


def _grade(text: str) -> Grade | None:
    plain = text.lower()
    return Grade(plain) if plain in set(Grade) else None
