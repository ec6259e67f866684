"""Reads the lowest and highest value a constraint allows, where it is simple enough to tell."""

from decimal import Decimal

from audit_app.forms.xpath.errors import XPathError
from audit_app.forms.xpath.parser import parse
from audit_app.forms.xpath.syntax import Chain, Expr, Negate, Number, Path

_FLIPPED = {">=": "<=", "<=": ">=", ">": "<", "<": ">"}


def bounds(constraint: str) -> tuple[Decimal | None, Decimal | None]:
    """Lowest and highest allowed value of ``. >= 0 and . <= 500``; None where it sets none."""
    if not constraint:
        return None, None
    try:
        expr = parse(constraint)
    except XPathError:
        return None, None
    low: Decimal | None = None
    high: Decimal | None = None
    for part in _conjuncts(expr):
        op, value = _limit(part)
        if value is not None and op == ">=":
            low = value if low is None else max(low, value)
        elif value is not None and op == "<=":
            high = value if high is None else min(high, value)
    return low, high


def _conjuncts(expr: Expr) -> list[Expr]:
    if isinstance(expr, Chain) and expr.rest[0][0] == "and":
        return [expr.first, *(part for _, part in expr.rest)]
    return [expr]


def _limit(expr: Expr) -> tuple[str, Decimal | None]:
    if not isinstance(expr, Chain) or len(expr.rest) != 1:
        return "", None
    op, right = expr.rest[0]
    if _is_self(expr.first):
        return op, _constant(right)
    if _is_self(right):
        return _FLIPPED.get(op, ""), _constant(expr.first)
    return "", None


def _is_self(expr: Expr) -> bool:
    return (
        isinstance(expr, Path)
        and not expr.absolute
        and expr.start is None
        and len(expr.steps) == 1
        and expr.steps[0].axis == "self"
    )


def _constant(expr: Expr) -> Decimal | None:
    match expr:
        case Number(_, value):
            return Decimal(str(value)).normalize()
        case Negate(_, Number(_, value)):
            return -Decimal(str(value)).normalize()
        case _:
            return None
