"""Spares every start the reading of all sources.

PySide6 offers other spellings of Qt's names (``snake_case``, ``true_property``) to modules that ask
for them, and to learn which modules use it at all it reads the source text of each module that is
imported after it, ours and the libraries'. Python keeps those texts in memory: measured on Today,
20 MB of 156. No module here asks for another spelling, so the question has one answer.
"""

import importlib


def read_no_sources() -> None:
    """Answer for every module that it asks for no other spelling; once is enough."""
    try:
        spellings = importlib.import_module("shibokensupport.feature")
    except ImportError:
        # A PySide6 that keeps this elsewhere: it works as well, and needs the memory.
        return
    if hasattr(spellings, "_mod_uses_pyside"):
        vars(spellings)["_mod_uses_pyside"] = _asks_for_none


def _asks_for_none(_module: object) -> bool:
    return False
