"""Whether a stored text is of the type its question asks for."""

import math
import re
from collections.abc import Mapping

_INTEGER = re.compile(r"[+-]?\d+")
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(T.*)?")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d+)?)?(Z|[+-]\d\d(:?\d\d)?)?")

_WANTED: Mapping[str, tuple[re.Pattern[str], str]] = {
    "int": (_INTEGER, "Enter a whole number."),
    "integer": (_INTEGER, "Enter a whole number."),
    "decimal": (_DECIMAL, "Enter a number."),
    "date": (_DATE, "Enter a date."),
    "time": (_TIME, "Enter a time."),
    "dateTime": (_DATE, "Enter a date and a time."),
}


def type_problem(kind: str, text: str) -> str:
    """What is asked for when ``text`` is not of type ``kind``; empty when it is."""
    wanted = _WANTED.get(kind)
    if wanted is None or wanted[0].fullmatch(text.strip()):
        return ""
    return wanted[1]


def typed(kind: str, text: str) -> str:
    """A value the form itself makes, as its type stores it: no NaN and no fractions in integers."""
    if not text or kind in {"string", "text"}:
        return text
    if kind in {"int", "integer", "decimal"}:
        try:
            value = float(text)
        except ValueError:
            return ""
        if not math.isfinite(value):
            return ""
        return text if kind == "decimal" or _INTEGER.fullmatch(text) else str(int(value))
    if kind == "date":
        return text[:10] if _DATE.fullmatch(text) else text
    if kind in {"geopoint", "geotrace", "geoshape"}:
        points = [_point(part) for part in text.split(";") if part.strip()]
        return ";".join(points) if all(points) else ""
    return text


def _point(text: str) -> str:
    parts = text.split()
    if not 2 <= len(parts) <= 4:
        return ""
    try:
        return " ".join(str(float(part)) for part in [*parts, "0", "0"][:4])
    except ValueError:
        return ""
