"""Three-way merge of a long text, word by word."""

import re
from difflib import SequenceMatcher

_WORD = re.compile(r"\s+|[^\s]+")


def merge_texts(base: str, ours: str, theirs: str) -> str | None:
    """Both sets of changes in one text, or None where they touch the same place.

    Changes that meet without a word of the base between them count as the same place: their order
    would be a guess. The result does not depend on which side is called ours.
    """
    if theirs in (ours, base):
        return ours
    if ours == base:
        return theirs
    words = _WORD.findall(base)
    edits = sorted([*_edits(words, ours), *_edits(words, theirs)])
    out: list[str] = []
    place, last = 0, (-1, -1, "")
    for start, end, new in edits:
        if (start, end, new) == last:
            continue
        if start <= place and last[0] >= 0:
            return None
        out += words[place:start]
        out.append(new)
        place, last = end, (start, end, new)
    return "".join([*out, *words[place:]])


def _edits(words: list[str], text: str) -> list[tuple[int, int, str]]:
    """What was done to the words: from, to, and what stands there instead."""
    changed = _WORD.findall(text)
    matcher = SequenceMatcher(None, words, changed, autojunk=False)
    return [
        (start, end, "".join(changed[first:last]))
        for tag, start, end, first, last in matcher.get_opcodes()
        if tag != "equal"
    ]
