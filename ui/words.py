"""Words for states, grades and times: the only place that turns an enum into text."""

from datetime import date, datetime
from decimal import Decimal

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QDate, QLocale

from audit_app.domain.words import (
    ActionState,
    AuditState,
    FindingState,
    Grade,
    Mark,
    Rating,
    Stream,
    Tone,
    VisitState,
)

GRADES = {
    Grade.CRITICAL: QT_TRANSLATE_NOOP("words", "Critical"),
    Grade.MAJOR: QT_TRANSLATE_NOOP("words", "Major"),
    Grade.MINOR: QT_TRANSLATE_NOOP("words", "Minor"),
    Grade.OFI: QT_TRANSLATE_NOOP("words", "Opportunity"),
    Grade.STRENGTH: QT_TRANSLATE_NOOP("words", "Strength"),
}
RATINGS = {
    Rating.GREEN: QT_TRANSLATE_NOOP("words", "Green"),
    Rating.AMBER: QT_TRANSLATE_NOOP("words", "Amber"),
    Rating.RED: QT_TRANSLATE_NOOP("words", "Red"),
    Rating.NONE: QT_TRANSLATE_NOOP("words", "Not rated"),
}
VISIT_STATES = {
    VisitState.PLANNED: QT_TRANSLATE_NOOP("words", "Planned"),
    VisitState.UNDER_WAY: QT_TRANSLATE_NOOP("words", "Under way"),
    VisitState.TO_REVIEW: QT_TRANSLATE_NOOP("words", "To review"),
    VisitState.SIGNED: QT_TRANSLATE_NOOP("words", "Signed"),
    VisitState.ISSUED: QT_TRANSLATE_NOOP("words", "Report issued"),
    VisitState.CLOSED: QT_TRANSLATE_NOOP("words", "Closed"),
    VisitState.CANCELLED: QT_TRANSLATE_NOOP("words", "Cancelled"),
}
VISIT_TONES = {
    VisitState.PLANNED: Tone.NEUTRAL,
    VisitState.UNDER_WAY: None,
    VisitState.TO_REVIEW: Tone.WATCH,
    VisitState.SIGNED: Tone.GOOD,
    VisitState.ISSUED: Tone.GOOD,
    VisitState.CLOSED: Tone.NEUTRAL,
    VisitState.CANCELLED: Tone.NEUTRAL,
}
AUDIT_STATES = {
    AuditState.OPEN: QT_TRANSLATE_NOOP("words", "Open"),
    AuditState.SIGNED: QT_TRANSLATE_NOOP("words", "Signed"),
    AuditState.SUPERSEDED: QT_TRANSLATE_NOOP("words", "Replaced by a newer version"),
}
FINDING_STATES = {
    FindingState.DRAFT: QT_TRANSLATE_NOOP("words", "Draft"),
    FindingState.ISSUED: QT_TRANSLATE_NOOP("words", "Issued"),
    FindingState.ACKNOWLEDGED: QT_TRANSLATE_NOOP("words", "Acknowledged"),
    FindingState.DISPUTED: QT_TRANSLATE_NOOP("words", "Disputed"),
    FindingState.CLOSED: QT_TRANSLATE_NOOP("words", "Closed"),
    FindingState.VOID: QT_TRANSLATE_NOOP("words", "Void"),
}
ACTION_STATES = {
    ActionState.OPEN: QT_TRANSLATE_NOOP("words", "Open"),
    ActionState.CONTAINED: QT_TRANSLATE_NOOP("words", "Contained"),
    ActionState.CAUSE_SUBMITTED: QT_TRANSLATE_NOOP("words", "Cause submitted"),
    ActionState.CAUSE_ACCEPTED: QT_TRANSLATE_NOOP("words", "Cause accepted"),
    ActionState.PLAN_SUBMITTED: QT_TRANSLATE_NOOP("words", "Plan submitted"),
    ActionState.PLAN_ACCEPTED: QT_TRANSLATE_NOOP("words", "Plan accepted"),
    ActionState.IMPLEMENTED: QT_TRANSLATE_NOOP("words", "Implemented"),
    ActionState.VERIFIED: QT_TRANSLATE_NOOP("words", "Verified"),
    ActionState.REJECTED: QT_TRANSLATE_NOOP("words", "Rejected"),
    ActionState.EFFECTIVENESS_PENDING: QT_TRANSLATE_NOOP("words", "Effect to be checked"),
    ActionState.EFFECTIVE: QT_TRANSLATE_NOOP("words", "Effective"),
    ActionState.NOT_EFFECTIVE: QT_TRANSLATE_NOOP("words", "Not effective"),
    ActionState.CANCELLED: QT_TRANSLATE_NOOP("words", "Cancelled"),
}
STREAMS = {
    Stream.MERCHANT: QT_TRANSLATE_NOOP("words", "Merchant"),
    Stream.PRODUCT: QT_TRANSLATE_NOOP("words", "Product"),
    Stream.CONTENT: QT_TRANSLATE_NOOP("words", "Content"),
    Stream.LIVE: QT_TRANSLATE_NOOP("words", "Live"),
}
MARKS = {
    Mark.NOT_APPLICABLE: QT_TRANSLATE_NOOP("words", "Not applicable"),
    Mark.NOT_VERIFIED: QT_TRANSLATE_NOOP("words", "Not verified"),
}


Word = Grade | Rating | VisitState | AuditState | FindingState | ActionState | Stream | Mark


def word(value: Word) -> str:
    """The translated word for a state, grade, rating, stream or mark."""
    for table in (
        GRADES,
        RATINGS,
        VISIT_STATES,
        AUDIT_STATES,
        FINDING_STATES,
        ACTION_STATES,
        STREAMS,
        MARKS,
    ):
        # StrEnums of different kinds can be equal as text, so the kind decides.
        if type(next(iter(table))) is type(value):
            return _tr(str(table[value]))  # type: ignore[index]
    raise KeyError(value)


def day_words(day: date | None, locale: QLocale | None = None) -> str:
    """A day such as "Tue 24 Nov 2026"; "" for none."""
    if day is None:
        return ""
    return (locale or QLocale()).toString(QDate(day.year, day.month, day.day), "ddd d MMM yyyy")


def span_words(starts: date, ends: date) -> str:
    """A span of days such as "24 to 26 Nov 2026"."""
    if starts == ends:
        return day_words(starts)
    locale = QLocale()
    first = QDate(starts.year, starts.month, starts.day)
    last = QDate(ends.year, ends.month, ends.day)
    pattern = "d" if (starts.year, starts.month) == (ends.year, ends.month) else "d MMM"
    if starts.year != ends.year:
        pattern = "d MMM yyyy"
    begin, end = locale.toString(first, pattern), locale.toString(last, "d MMM yyyy")
    return _tr("{0} to {1}").format(begin, end)


def distance_words(day: date, today: date) -> str:
    """How far a day is: "today", "tomorrow", "in 6 days", "3 days ago"."""
    days = (day - today).days
    near = {0: _tr("today"), 1: _tr("tomorrow"), -1: _tr("yesterday")}
    if days in near:
        return near[days]
    if days > 0:
        return QCoreApplication.translate("words", "in %Ln day(s)", "", days)
    return QCoreApplication.translate("words", "%Ln day(s) ago", "", -days)


def late_words(due: date | None, today: date) -> str:
    """How a date that binds stands: "3 days late", "today", "in 6 days"; "" for none."""
    if due is None:
        return ""
    if due < today:
        return QCoreApplication.translate("words", "%Ln day(s) late", "", (today - due).days)
    return distance_words(due, today)


def age_words(moment: datetime | None, now: datetime) -> str:
    """How long ago a moment was: "just now", "5 minutes ago", "3 days ago", "never"."""
    if moment is None:
        return _tr("never")
    minutes = int((now - moment).total_seconds() // 60)
    if minutes < 1:
        return _tr("just now")
    if minutes < 60:
        return QCoreApplication.translate("words", "%Ln minute(s) ago", "", minutes)
    if minutes < 24 * 60:
        return QCoreApplication.translate("words", "%Ln hour(s) ago", "", minutes // 60)
    return QCoreApplication.translate("words", "%Ln day(s) ago", "", minutes // (24 * 60))


def country_words(code: str) -> str:
    """The name of a country by its ISO 3166-1 code, such as "Egypt"; the code where unknown."""
    territory = QLocale.codeToTerritory(code)
    if territory is QLocale.Country.AnyCountry:
        return code
    return QLocale.territoryToString(territory)


def language_words(tag: str) -> str:
    """The name of a language by its BCP 47 tag, such as "Arabic"; the tag where unknown."""
    language = QLocale.codeToLanguage(tag.partition("-")[0])
    if language in {QLocale.Language.AnyLanguage, QLocale.Language.C}:
        return tag
    return QLocale.languageToString(language)


def percent_words(value: Decimal | None) -> str:
    """A score such as "87.5 %"; a dash for none."""
    if value is None:
        return "\N{EN DASH}"
    return f"{value:.1f} %".replace("-", "\N{MINUS SIGN}")


def size_words(size: int) -> str:
    """A size such as "1.4 MB"."""
    return QLocale().formattedDataSize(size, 1, QLocale.DataSizeFormat.DataSizeTraditionalFormat)


def _tr(text: str) -> str:
    return QCoreApplication.translate("words", text)
