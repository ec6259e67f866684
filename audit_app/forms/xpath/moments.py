"""Dates and times in expressions: ISO texts, moments, and days since 1970-01-01."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Self

_ISO = re.compile(
    r"^(-?\d{4})-(\d\d)-(\d\d)"
    r"(?:T(\d\d):(\d\d)(?::(\d\d(?:\.\d+)?))?(Z|[+-]\d\d(?::?\d\d)?)?)?$"
)
_TIME = re.compile(r"^([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(\.\d+)?(Z|[+-]\d\d(?::?\d\d)?)?$")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 86_400


class Moment(str):
    """An ISO text that knows the moment it means, so that it compares and adds as days."""

    __slots__ = ("at",)
    at: datetime

    def __new__(cls, at: datetime, *, date_only: bool) -> Self:
        self = super().__new__(cls, iso_date(at) if date_only else iso_datetime(at))
        self.at = at
        return self


class InvalidMoment(str):
    """What a date function gives for what is no date: reads as text, counts as no."""

    __slots__ = ()


def iso_date(at: datetime) -> str:
    """Year, month and day."""
    return f"{at.year:04d}-{at.month:02d}-{at.day:02d}"


def iso_datetime(at: datetime) -> str:
    """Date, time with milliseconds and offset, as forms store them."""
    return at.isoformat(timespec="milliseconds")


def parse_moment(text: str, zone: tzinfo) -> datetime | None:
    """The moment an ISO date or date-time means; one without offset is local to ``zone``."""
    match = _ISO.match(text.strip())
    if match is None:
        return None
    seconds = float(match[6] or 0)
    try:
        at = datetime(
            int(match[1]),
            int(match[2]),
            int(match[3]),
            int(match[4] or 0),
            int(match[5] or 0),
            int(seconds),
            min(round(seconds % 1 * 1e6), 999_999),
            tzinfo=_offset(match[7]) if match[7] else zone,
        )
        return at.astimezone(zone) if match[7] else at
    except (ValueError, OverflowError):
        return None


def _offset(text: str) -> tzinfo:
    if text == "Z":
        return UTC
    digits = text[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def days_of(at: datetime) -> float:
    """Days since 1970-01-01T00:00Z."""
    return (at - _EPOCH).total_seconds() / _DAY


def from_days(days: float, zone: tzinfo) -> datetime | None:
    """The moment that many days after 1970-01-01T00:00Z; None outside the calendar."""
    if math.isnan(days) or math.isinf(days):
        return None
    try:
        return (_EPOCH + timedelta(milliseconds=round(days * _DAY * 1000))).astimezone(zone)
    except OverflowError:
        return None


def day_fraction(text: str, zone: tzinfo) -> float:
    """A time of day as a fraction of a day; NaN if it is none."""
    if _TIME.match(text) is None:
        return math.nan
    at = parse_moment("1970-01-01T" + text, zone)
    if at is None:
        return math.nan
    return (at.hour * 3600 + at.minute * 60 + at.second + at.microsecond / 1e6) / _DAY
