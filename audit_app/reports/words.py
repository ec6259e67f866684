"""The fixed words of the report in its language, with its numbers and dates."""

import tomllib
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from audit_app.domain.words import ActionState, Grade, Mark, Rating, Stream
from audit_app.errors import AuditError

RTL = frozenset({"ar", "fa", "he", "ur"})
MINUS = "\u2212"
FIRST_STRONG, POP = "\u2068", "\u2069"
"""Between these a text has its own direction (UAX 9)."""
ENGLISH = "en"

Entry = str | dict[str, str]
"""One text, or one for each plural form of the language (CLDR: one, two, few, many, other)."""


class Words:
    """One language of the report; words that are missing there come from English.

    Attributes:
        language: BCP 47 tag.
        rtl: its pages are mirrored.
    """

    def __init__(self, folder: Path, language: str) -> None:
        self.language = language
        base = language.split("-", maxsplit=1)[0]
        self.rtl = base in RTL
        try:
            self._locale = Locale.parse(language.replace("-", "_"))
        except (UnknownLocaleError, ValueError) as error:
            raise AuditError(
                f"“{language}” is not a language the report knows.", "Use a tag such as en or ar."
            ) from error
        self._english = Locale(ENGLISH)
        self._own: dict[str, Entry] = {}
        self._fallback = read_catalogue(folder, ENGLISH)
        if base != ENGLISH and (folder / f"report_{base}.toml").exists():
            self._own = read_catalogue(folder, base)

    @staticmethod
    def languages(folder: Path) -> tuple[str, ...]:
        """Languages with words of their own."""
        return tuple(
            sorted(path.stem.removeprefix("report_") for path in folder.glob("report_*.toml"))
        )

    def __call__(self, key: str, **values: object) -> str:
        """The words for a key, with values put in."""
        text = self._own.get(key) or self._fallback[key]
        if not isinstance(text, str):
            raise TypeError(f"{key} has plural forms; ask for some()")
        return text.format(**self._apart(values)) if values else text

    def some(self, key: str, count: int, **values: object) -> str:
        """The words for this many of something, in the plural form of the language."""
        own = self._own.get(key)
        forms, locale = (own, self._locale) if own else (self._fallback[key], self._english)
        if isinstance(forms, str):
            raise TypeError(f"{key} has no plural forms")
        form = str(locale.plural_form(count))
        apart = self._apart(values)
        return forms.get(form, forms["other"]).format(count=self.number(count, 0), **apart)

    def listed(self, items: Iterable[str]) -> str:
        """Items one after the other."""
        return self("comma").join(self._isolated(item) for item in items if item)

    def grade(self, grade: Grade) -> str:
        """A finding's grade."""
        return self(f"grade_{grade.value}")

    def rating(self, rating: Rating) -> str:
        """An audit's verdict."""
        return self(f"rating_{rating.value}")

    def action_state(self, state: ActionState) -> str:
        """Where an action stands, in a word or two."""
        return self(f"action_{state.value}")

    def stream(self, stream: Stream) -> str:
        """A stream of work."""
        return self(f"stream_{stream.value}")

    def answer_mark(self, mark: Mark) -> str:
        """Why a question has no answer of its own."""
        return self(f"mark_{mark.value}")

    def party(self, party: str) -> str:
        """Whose signature it is; "auditor" or "vendor"."""
        return self(f"party_{party}")

    def country(self, code: str) -> str:
        """A country by its ISO 3166-1 code; the code where the language has no name for it."""
        return str(self._locale.territories.get(code, code))

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
        return self("percent", number=self.number(value, digits))

    def day(self, value: date) -> str:
        """A date in words."""
        return self._date(value, "day_pattern")

    def long_day(self, value: date) -> str:
        """A date with its month in full."""
        return self._date(value, "long_day_pattern")

    def month(self, value: date) -> str:
        """A month with its year."""
        return self._date(value, "month_pattern")

    def short_month(self, value: date) -> str:
        """A month with its year in digits, as it stands under a chart."""
        return f"{value:%m/%y}"

    def days(self, starts: date, ends: date) -> str:
        """A stretch of days, without saying month and year twice."""
        if starts == ends:
            return self.long_day(starts)
        key = "long_day_pattern"
        if starts.year == ends.year:
            key = "same_month_pattern" if starts.month == ends.month else "same_year_pattern"
        return self("from_to", first=self._date(starts, key), last=self.long_day(ends))

    def moment(self, value: datetime, zone: ZoneInfo) -> str:
        """A moment in the time of a place."""
        local = value.astimezone(zone)
        time = format_datetime(local, "HH:mm", tzinfo=zone, locale=self._locale)
        return f"{self.day(local.date())}, {time}"

    def _apart(self, values: dict[str, object]) -> dict[str, object]:
        return {
            key: self._isolated(value) if isinstance(value, str) else value
            for key, value in values.items()
        }

    def _isolated(self, text: str) -> str:
        """A text in Latin letters inside a right-to-left sentence keeps its order and its stops."""
        if self.rtl and any("a" <= char.casefold() <= "z" for char in text):
            return f"{FIRST_STRONG}{text}{POP}"
        return text

    def _date(self, value: date, key: str) -> str:
        return str(format_date(value, self(key), locale=self._locale))


def read_catalogue(folder: Path, language: str) -> dict[str, Entry]:
    """All words of one language by key."""
    return tomllib.loads((folder / f"report_{language}.toml").read_text(encoding="utf-8"))
