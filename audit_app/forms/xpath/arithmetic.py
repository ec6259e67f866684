"""The operators + - * div mod on numbers."""

import math
from collections.abc import Callable, Mapping


def _div(x: float, y: float) -> float:
    if y:
        return x / y
    if x == 0 or math.isnan(x) or math.isnan(y):
        return math.nan
    return math.copysign(math.inf, x) * math.copysign(1.0, y)


def _mod(x: float, y: float) -> float:
    if not y or math.isnan(y) or math.isinf(x):
        return math.nan
    return math.fmod(x, y)


ARITHMETIC: Mapping[str, Callable[[float, float], float]] = {
    "+": lambda x, y: x + y,
    "-": lambda x, y: x - y,
    "*": lambda x, y: x * y,
    "div": _div,
    "mod": _mod,
}
