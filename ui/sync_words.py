"""Words for the sync: what a field is called, where a change is, when something was."""

from datetime import datetime

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QDateTime, QLocale

from audit_app.sync.desk import Place

_FIELDS = {
    "value": QT_TRANSLATE_NOOP("sync", "Answer"),
    "mark": QT_TRANSLATE_NOOP("sync", "Not applicable or not verified"),
    "note": QT_TRANSLATE_NOOP("sync", "Note"),
    "grade": QT_TRANSLATE_NOOP("sync", "Severity"),
    "state": QT_TRANSLATE_NOOP("sync", "State"),
    "title": QT_TRANSLATE_NOOP("sync", "Title"),
    "clause": QT_TRANSLATE_NOOP("sync", "Clause"),
    "criterion": QT_TRANSLATE_NOOP("sync", "Criterion"),
    "statement": QT_TRANSLATE_NOOP("sync", "What was seen"),
    "cause": QT_TRANSLATE_NOOP("sync", "Cause"),
    "impact": QT_TRANSLATE_NOOP("sync", "Impact"),
    "containment": QT_TRANSLATE_NOOP("sync", "Containment"),
    "dissent": QT_TRANSLATE_NOOP("sync", "What the vendor says"),
    "text": QT_TRANSLATE_NOOP("sync", "What will be done"),
    "owner": QT_TRANSLATE_NOOP("sync", "Owner"),
    "due": QT_TRANSLATE_NOOP("sync", "Due date"),
    "proof": QT_TRANSLATE_NOOP("sync", "Proof"),
    "caption": QT_TRANSLATE_NOOP("sync", "Caption"),
    "name": QT_TRANSLATE_NOOP("sync", "Name"),
    "code": QT_TRANSLATE_NOOP("sync", "Short code"),
    "city": QT_TRANSLATE_NOOP("sync", "City"),
    "country": QT_TRANSLATE_NOOP("sync", "Country"),
    "time_zone": QT_TRANSLATE_NOOP("sync", "Time zone"),
    "address": QT_TRANSLATE_NOOP("sync", "Address"),
    "languages": QT_TRANSLATE_NOOP("sync", "Languages"),
    "streams": QT_TRANSLATE_NOOP("sync", "Streams"),
    "markets": QT_TRANSLATE_NOOP("sync", "Markets"),
    "starts": QT_TRANSLATE_NOOP("sync", "First day"),
    "ends": QT_TRANSLATE_NOOP("sync", "Last day"),
    "purpose": QT_TRANSLATE_NOOP("sync", "Purpose"),
    "agenda": QT_TRANSLATE_NOOP("sync", "Agenda"),
    "team": QT_TRANSLATE_NOOP("sync", "Team"),
    "role": QT_TRANSLATE_NOOP("sync", "Role"),
    "email": QT_TRANSLATE_NOOP("sync", "E-mail"),
    "phone": QT_TRANSLATE_NOOP("sync", "Phone"),
    "deleted_at": QT_TRANSLATE_NOOP("sync", "Deleted or kept"),
}
_PLACES = {
    Place.HERE: QT_TRANSLATE_NOOP("sync", "On this device"),
    Place.WAITING: QT_TRANSLATE_NOOP("sync", "Waiting"),
    Place.SENDING: QT_TRANSLATE_NOOP("sync", "Sending"),
    Place.SENT: QT_TRANSLATE_NOOP("sync", "Sent"),
    Place.NEEDS_YOU: QT_TRANSLATE_NOOP("sync", "Needs you"),
}


def field_words(name: str) -> str:
    """What a field is called on the screens."""
    known = _FIELDS.get(name)
    if known is None:
        return name.replace("_", " ").capitalize()
    return QCoreApplication.translate("sync", str(known))


def place_words(place: Place) -> str:
    """Where a change is."""
    return QCoreApplication.translate("sync", str(_PLACES[place]))


def moment_words(moment: datetime | None) -> str:
    """A moment by this device's clock, such as "24 Nov 2026, 14:02"; "" for none."""
    if moment is None:
        return ""
    local = QDateTime.fromSecsSinceEpoch(int(moment.timestamp()))
    return QLocale().toString(local, "d MMM yyyy, HH:mm")
