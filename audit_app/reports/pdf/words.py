"""The fixed words of the report in its language, with its numbers and dates."""

import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal

from audit_app.domain.words import Grade, Rating
from audit_app.errors import AuditError

RTL = frozenset({"ar", "fa", "he", "ur"})
MINUS = "\u2212"


class Words:
    """One language of the report; words that are missing there come from English."""

    def __init__(self, folder: Path, language: str) -> None:
        self.language = language
        base = language.split("-", maxsplit=1)[0]
        self.rtl = base in RTL
        self._words = _read(folder / "report_en.toml")
        own = folder / f"report_{base}.toml"
        if own.exists():
            self._words |= _read(own)
        try:
            self._locale = Locale.parse(language.replace("-", "_"))
        except (UnknownLocaleError, ValueError) as error:
            raise AuditError(
                f"“{language}” is not a language the report knows.", "Use a tag such as en or ar."
            ) from error

    @staticmethod
    def languages(folder: Path) -> tuple[str, ...]:
        """Languages with words of their own."""
        return tuple(
            sorted(path.stem.removeprefix("report_") for path in folder.glob("report_*.toml"))
        )

    def __call__(self, key: str, **values: object) -> str:
        """The words for a key, with values put in."""
        text = self._words[key]
        return text.format(**values) if values else text

    def grade(self, grade: Grade) -> str:
        """A finding's grade."""
        return self(f"grade_{grade.value}")

    def rating(self, rating: Rating) -> str:
        """An audit's verdict."""
        return self(f"rating_{rating.value}")

    def number(self, value: Decimal | float, digits: int = 1) -> str:
        """A number with this many decimals and a real minus sign."""
        pattern = "0." + "0" * digits if digits else "0"
        return str(format_decimal(value, format=pattern, locale=self._locale)).replace("-", MINUS)

    def signed(self, value: Decimal | float) -> str:
        """A difference with its sign."""
        text = self.number(value if value >= 0 else -value)
        return f"+{text}" if value > 0 else f"{MINUS}{text}" if value < 0 else text

    def percent(self, value: Decimal | float, digits: int = 1) -> str:
        """A percentage that is given as 0 to 100."""
        return f"{self.number(value, digits)} %"

    def day(self, value: date) -> str:
        """A date in words."""
        return str(format_date(value, "d MMM y", locale=self._locale))

    def long_day(self, value: date) -> str:
        """A date with its month in full."""
        return str(format_date(value, "d MMMM y", locale=self._locale))

    def days(self, starts: date, ends: date) -> str:
        """A stretch of days, without saying month and year twice."""
        if starts == ends:
            return self.long_day(starts)
        pattern = "d MMMM y"
        if starts.year == ends.year:
            pattern = "d" if starts.month == ends.month else "d MMMM"
        first = str(format_date(starts, pattern, locale=self._locale))
        return self("from_to", first=first, last=self.long_day(ends))


def _read(file: Path) -> dict[str, str]:
    return tomllib.loads(file.read_text(encoding="utf-8"))
