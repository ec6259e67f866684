"""All functions of the language by name."""

from collections.abc import Mapping

from audit_app.forms.nearest import nearest
from audit_app.forms.xpath import (
    functions_dates,
    functions_nodesets,
    functions_numbers,
    functions_selects,
    functions_strings,
)
from audit_app.forms.xpath.signature import Function

PLAIN: Mapping[str, Function] = {
    **functions_strings.FUNCTIONS,
    **functions_numbers.FUNCTIONS,
    **functions_dates.FUNCTIONS,
    **functions_nodesets.FUNCTIONS,
    **functions_selects.FUNCTIONS,
}
"""Functions of their arguments alone."""

CONTEXTUAL: Mapping[str, tuple[int, int | None]] = {
    "if": (3, 3),
    "position": (0, 1),
    "last": (0, 0),
    "current": (0, 0),
    "once": (1, 1),
    "instance": (1, 1),
    "now": (0, 0),
    "today": (0, 0),
    "random": (0, 0),
    "uuid": (0, 1),
    "indexed-repeat": (3, None),
    "jr:choice-name": (2, 2),
    "jr:itext": (1, 1),
    "pulldata": (4, 4),
    "version": (0, 0),
}
"""Functions that look at the form, the place or the clock; (fewest, most) arguments."""

_PREFIXES = ("jr:", "odk:", "orx:")
_FOREIGN = {
    "len": "string-length",
    "length": "string-length",
    "isnull": "string-length(...) = 0",
    "isblank": "string-length(...) = 0",
    "iif": "if",
    "average": "sum(...) div count(...)",
    "avg": "sum(...) div count(...)",
    "mid": "substr",
    "left": "substr",
    "right": "substr",
    "lower": "translate",
    "upper": "translate",
    "power": "pow",
    "ceil": "ceiling",
    "trunc": "int",
    "select": "selected",
    "concatenate": "concat",
    "choice-name": "jr:choice-name",
    "days": "decimal-date-time",
}


def plain(name: str) -> Function | None:
    """The plain function of that name, with or without one of the usual prefixes."""
    found = PLAIN.get(name)
    if found is None and name.startswith(_PREFIXES):
        return PLAIN.get(name.partition(":")[2])
    return found


def known(name: str) -> bool:
    """Whether the language has this function."""
    return name in CONTEXTUAL or plain(name) is not None


def suggestion(name: str) -> str:
    """What the author may have meant by an unknown function name."""
    lower = name.lower().replace("_", "-")
    if lower in _FOREIGN:
        return f"Did you mean {_FOREIGN[lower]}?"
    if lower in PLAIN or lower in CONTEXTUAL:
        return f"Did you mean {lower}()?"
    near = nearest(lower, [*PLAIN, *CONTEXTUAL, *_FOREIGN])
    if near in _FOREIGN:
        return f"Did you mean {_FOREIGN[near]}?"
    return f"Did you mean {near}()?" if near else ""
