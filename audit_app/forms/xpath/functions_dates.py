"""Functions on dates and times."""

import math
import re
from collections.abc import Mapping
from datetime import datetime, tzinfo

from audit_app.forms.xpath.moments import (
    InvalidMoment,
    Moment,
    day_fraction,
    days_of,
    from_days,
    parse_moment,
)
from audit_app.forms.xpath.signature import Function
from audit_app.forms.xpath.values import Value, number, string

INVALID = InvalidMoment("Invalid Date")
_PERCENT = re.compile(r"%(.)")
_LOOSE = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})$")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_PLAIN_NUMBER = re.compile(r"^\s*-?(\d+(\.\d*)?|\.\d+)\s*$")


def moment_of(value: Value, zone: tzinfo) -> datetime | None:
    """The moment a value means: an ISO text, or a number of days since 1970-01-01."""
    if isinstance(value, Moment):
        return value.at
    if isinstance(value, bool):
        return None
    if isinstance(value, float):
        return from_days(value, zone)
    text = string(value)
    at = parse_moment(text, zone)
    if at is None and _PLAIN_NUMBER.match(text):
        return from_days(float(text), zone)
    return at


def _padded(match: re.Match[str]) -> str:
    return f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}"


def _midnight(at: datetime) -> bool:
    return not (at.hour or at.minute or at.second or at.microsecond)


def _date(zone: tzinfo, value: Value) -> Value:
    at = moment_of(value, zone)
    if at is None:
        at = parse_moment(_LOOSE.sub(_padded, string(value)), zone)
    if at is None:
        return "" if string(value) == "" else INVALID
    timed = not isinstance(value, float) and "T" in string(value)
    return Moment(at, date_only=_midnight(at) and not timed)


def _decimal_date_time(zone: tzinfo, value: Value) -> Value:
    at = moment_of(value, zone)
    return days_of(at) if at is not None else math.nan


def _decimal_time(zone: tzinfo, value: Value) -> Value:
    return day_fraction(string(value), zone)


def _format(zone: tzinfo, value: Value, template: Value) -> Value:
    at = moment_of(value, zone)
    if at is None:
        return ""
    return format_moment(at, string(template))


def format_moment(at: datetime, template: str) -> str:
    """A moment written after an ODK template such as ``%d %b %Y``; unknown letters stay."""
    parts = {
        "Y": f"{at.year:04d}",
        "y": f"{at.year % 100:02d}",
        "m": f"{at.month:02d}",
        "n": str(at.month),
        "b": _MONTHS[at.month - 1],
        "d": f"{at.day:02d}",
        "e": str(at.day),
        "H": f"{at.hour:02d}",
        "h": str(at.hour),
        "M": f"{at.minute:02d}",
        "S": f"{at.second:02d}",
        "3": f"{at.microsecond // 1000:03d}",
        "a": _WEEKDAYS[at.weekday()],
        "W": str(at.isocalendar().week),
    }
    return _PERCENT.sub(lambda match: parts.get(match[1], match[1]), template)


def _time(zone: tzinfo, value: Value) -> Value:
    text = string(value)
    return text if not math.isnan(day_fraction(text, zone)) else ""


FUNCTIONS: Mapping[str, Function] = {
    "date": Function(1, 1, _date),
    "date-time": Function(1, 1, _date),
    "time": Function(1, 1, _time),
    "decimal-date": Function(1, 1, lambda z, a: number(a, z)),
    "decimal-date-time": Function(1, 1, _decimal_date_time),
    "decimal-time": Function(1, 1, _decimal_time),
    "format-date": Function(2, 2, _format),
    "format-date-time": Function(2, 2, _format),
}
