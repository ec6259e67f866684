"""Finding a few words in many by the letters that come to mind."""

import unicodedata


def plain(text: str) -> str:
    """Lower case without accents, so that "Muller" finds "Müller"."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def fits(query: str, text: str) -> int:
    """How well ``query`` fits ``text``: 0 not at all, more is better.

    Every letter must occur in order. Whole words, word beginnings and runs count more, and
    among equals the shorter text wins.
    """
    wanted, inside = plain(query).strip(), plain(text)
    if not wanted:
        return 1
    found = inside.find(wanted)
    if found >= 0:
        is_start = found == 0 or not inside[found - 1].isalnum()
        return 1000 + (500 if is_start else 0) + (200 if found == 0 else 0) - len(inside)
    words = wanted.split()
    if len(words) > 1 and all(word in inside for word in words):
        return 800 - len(inside)
    return _letters(wanted.replace(" ", ""), inside)


def _letters(wanted: str, inside: str) -> int:
    score, place, run = 0, -1, 0
    for letter in wanted:
        next_place = inside.find(letter, place + 1)
        if next_place < 0:
            return 0
        is_start = next_place == 0 or not inside[next_place - 1].isalnum()
        run = run + 1 if next_place == place + 1 else 0
        score += 2 + (8 if is_start else 0) + 4 * run
        place = next_place
    # Letters scattered over a long text are a coincidence, not a find.
    return score if score >= 5 * len(wanted) else 0
