"""Functions on numbers."""

import math
from collections.abc import Callable, Mapping
from datetime import tzinfo

from audit_app.forms.xpath.errors import XPathError
from audit_app.forms.xpath.moments import Moment
from audit_app.forms.xpath.signature import Function
from audit_app.forms.xpath.values import DayCount, Value, number, numbers, string


def _whole(value: float, how: Callable[[float], int]) -> float:
    if math.isnan(value) or math.isinf(value):
        return value
    return float(how(value))


def round_half_away(value: float) -> float:
    """The nearest whole number, halves away from zero: round(-1.5) is -2 (FORMS 5)."""
    if math.isnan(value) or math.isinf(value):
        return value
    return math.copysign(math.floor(abs(value) + 0.5), value)


def _round(zone: tzinfo, value: Value, digits: Value | None = None) -> Value:
    x = number(value, zone)
    if digits is None:
        return round_half_away(x)
    places = number(digits, zone)
    if math.isnan(places) or math.isnan(x):
        return math.nan
    if math.isinf(x):
        return x
    places = max(-300.0, min(300.0, places))
    scale = 10.0 ** int(places)
    if scale >= 1 and abs(x) * scale > 1e15:
        return x
    # The inverse is used for negative places: 10 ** -2 is not exact, 100 is.
    if scale < 1:
        inverse = 10.0 ** -int(places)
        return round_half_away(x / inverse) * inverse
    return round_half_away(x * scale) / scale


def _sum(zone: tzinfo, values: Value) -> Value:
    if not isinstance(values, list):
        raise XPathError("sum() adds up a path to questions")
    return math.fsum(numbers([values], zone)) if _finite(values, zone) else _plain_sum(values, zone)


def _finite(values: Value, zone: tzinfo) -> bool:
    return all(math.isfinite(x) for x in numbers([values], zone))


def _plain_sum(values: Value, zone: tzinfo) -> float:
    return float(sum(numbers([values], zone)))


def _pow(zone: tzinfo, base: Value, exponent: Value) -> Value:
    x, y = number(base, zone), number(exponent, zone)
    try:
        result = x**y
    except ZeroDivisionError:
        return math.inf
    except OverflowError:
        return math.inf
    return result if isinstance(result, float) else math.nan


def _real(function: Callable[[float], float]) -> Callable[[tzinfo, Value], Value]:
    def call(zone: tzinfo, value: Value) -> Value:
        try:
            return float(function(number(value, zone)))
        except (ValueError, OverflowError):
            return math.nan

    return call


def _log(x: float) -> float:
    return math.log(x) if x else -math.inf


def _log10(x: float) -> float:
    return math.log10(x) if x else -math.inf


def _extreme(pick: Callable[[list[float]], float]) -> Callable[..., Value]:
    def call(zone: tzinfo, *args: Value) -> Value:
        values = numbers(args, zone)
        if not values or any(math.isnan(x) for x in values):
            return math.nan
        return pick(values)

    return call


def _number(zone: tzinfo, value: Value) -> Value:
    found = number(value, zone)
    if isinstance(value, bool | float | Moment) or not math.isfinite(found):
        return found
    return DayCount(found) if "-" in string(value).lstrip(" -") else found


def _atan2(zone: tzinfo, y: Value, x: Value) -> Value:
    return math.atan2(number(y, zone), number(x, zone))


FUNCTIONS: Mapping[str, Function] = {
    "number": Function(0, 1, _number, context=True),
    "int": Function(1, 1, lambda z, a: _whole(number(a, z), math.trunc)),
    "floor": Function(1, 1, lambda z, a: _whole(number(a, z), math.floor)),
    "ceiling": Function(1, 1, lambda z, a: _whole(number(a, z), math.ceil)),
    "round": Function(1, 2, _round),
    "abs": Function(1, 1, lambda z, a: abs(number(a, z))),
    "sum": Function(1, 1, _sum),
    "min": Function(1, None, _extreme(min)),
    "max": Function(1, None, _extreme(max)),
    "pow": Function(2, 2, _pow),
    "sqrt": Function(1, 1, _real(math.sqrt)),
    "exp": Function(1, 1, _real(math.exp)),
    "exp10": Function(1, 1, _real(lambda x: 10.0**x)),
    "log": Function(1, 1, _real(_log)),
    "log10": Function(1, 1, _real(_log10)),
    "sin": Function(1, 1, _real(math.sin)),
    "cos": Function(1, 1, _real(math.cos)),
    "tan": Function(1, 1, _real(math.tan)),
    "asin": Function(1, 1, _real(math.asin)),
    "acos": Function(1, 1, _real(math.acos)),
    "atan": Function(1, 1, _real(math.atan)),
    "atan2": Function(2, 2, _atan2),
    "pi": Function(0, 0, lambda _z: math.pi),
}
