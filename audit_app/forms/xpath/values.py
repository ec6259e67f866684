"""The four kinds of value and how they turn into one another (FORMS 5)."""

import math
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import tzinfo
from decimal import Decimal

from audit_app.forms.tree import Node
from audit_app.forms.xpath.moments import InvalidMoment, Moment, days_of, parse_moment

Value = bool | float | str | list[Node]
Evaluator = Callable[[Node, int, int, Node], Value]
"""A compiled expression: context node, position, size, current node → value."""

_NUMBER = re.compile(r"^\s*-?(\d+(\.\d*)?|\.\d+)\s*$")
_EQUALITY = frozenset({"=", "!="})
_DIGITS = frozenset("0123456789")


class DayCount(float):
    """Days since 1970 that ``number()`` read from a date: exact to reckon with, whole as text."""

    __slots__ = ()


def number(value: Value, zone: tzinfo) -> float:
    """The value as a number; dates count days since 1970-01-01, what is none gives NaN."""
    if value is True:
        return 1.0
    if value is False:
        return 0.0
    if isinstance(value, float):
        return value
    if isinstance(value, list):
        value = value[0].string() if value else ""
    if isinstance(value, Moment):
        return days_of(value.at)
    if not value:
        return math.nan
    if _NUMBER.match(value):
        return float(value)
    if len(value) >= 10 and value[0] in _DIGITS and "-" in value:
        at = parse_moment(value, zone)
        if at is not None:
            return days_of(at)
    return math.nan


def number_text(value: float) -> str:
    """A number as text, never in exponent form."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, DayCount):
        return str(math.floor(value))
    if value == int(value):
        return str(int(value))
    text = repr(value)
    return format(Decimal(text), "f") if "e" in text else text


def string(value: Value) -> str:
    """The value as text; a node-set gives its first node."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return value[0].string() if value else ""
    if value is True:
        return "true"
    if value is False:
        return "false"
    return number_text(value)


def boolean(value: Value) -> bool:
    """The value as yes or no: numbers other than 0 and NaN, texts and node-sets that are not empty."""
    if value is True or value is False:
        return value
    if isinstance(value, float):
        return not math.isnan(value) and value != 0
    return len(value) > 0 and not isinstance(value, InvalidMoment)


def compare(op: str, left: Value, right: Value, zone: tzinfo) -> bool:
    """Comparison; node-sets are existential, dates compare as moments."""
    if isinstance(left, list):
        if isinstance(right, list):
            return any(_compare(op, a.string(), b.string(), zone) for a in left for b in right)
        if isinstance(right, bool) and op in _EQUALITY:
            return _compare(op, boolean(left), right, zone)
        if len(left) == 1:
            return _compare(op, left[0].string(), right, zone)
        return any(_compare(op, a.string(), right, zone) for a in left)
    if isinstance(right, list):
        if isinstance(left, bool) and op in _EQUALITY:
            return _compare(op, left, boolean(right), zone)
        return any(_compare(op, left, b.string(), zone) for b in right)
    return _compare(op, left, right, zone)


def _compare(op: str, a: bool | float | str, b: bool | float | str, zone: tzinfo) -> bool:  # noqa: FBT001
    if op in _EQUALITY:
        if isinstance(a, bool) or isinstance(b, bool):
            same = boolean(a) == boolean(b)
        elif isinstance(a, float | Moment) or isinstance(b, float | Moment):
            same = number(a, zone) == number(b, zone)
        else:
            same = a == b
        return same if op == "=" else not same
    x, y = number(a, zone), number(b, zone)
    if op == "<":
        return x < y
    if op == ">":
        return x > y
    return x <= y if op == "<=" else x >= y


def texts(args: Iterable[Value]) -> Iterator[str]:
    """All arguments as texts, each node of a node-set for itself."""
    for arg in args:
        if isinstance(arg, list):
            for node in arg:
                yield node.string()
        else:
            yield string(arg)


def numbers(args: Iterable[Value], zone: tzinfo) -> list[float]:
    """All arguments as numbers, each node of a node-set for itself."""
    out: list[float] = []
    for arg in args:
        if isinstance(arg, list):
            out.extend(number(node.string(), zone) for node in arg)
        else:
            out.append(number(arg, zone))
    return out
