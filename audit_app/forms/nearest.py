"""What an author may have meant by a word that is not known."""

import difflib
from collections.abc import Collection

_LONGEST = 100
_MOST = 3_000
"""Comparing with more would keep the author waiting for a hint."""


def nearest(word: str, among: Collection[str], likeness: float = 0.6) -> str:
    """The known word that is most like it; empty if none is.

    Args:
        likeness: from 0 to 1, how like it must be.
    """
    if len(word) > _LONGEST or len(among) > _MOST:
        return ""
    return next(iter(difflib.get_close_matches(word, among, n=1, cutoff=likeness)), "")
