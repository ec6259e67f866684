"""What waits, as rows: one heading for each audit or vendor, one row for each kind and place."""

from collections.abc import Iterable

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from audit_app.domain.words import Tone
from audit_app.sync.desk import Place, QueueGroup, Thing
from audit_app.sync.tray import RefusedRow
from ui.models.row_list import ListRow, Pill, heading
from ui.sync_words import field_words, place_words

KINDS = {
    "answer": ("circle-check", QT_TRANSLATE_NOOP("sync", "Answers")),
    "audit": ("clipboard-list", QT_TRANSLATE_NOOP("sync", "Audits")),
    "visit": ("calendar-days", QT_TRANSLATE_NOOP("sync", "Visits")),
    "finding": ("flag", QT_TRANSLATE_NOOP("sync", "Findings")),
    "action": ("list-todo", QT_TRANSLATE_NOOP("sync", "Actions")),
    "evidence": ("camera", QT_TRANSLATE_NOOP("sync", "Evidence")),
    "signature": ("signature", QT_TRANSLATE_NOOP("sync", "Signatures")),
    "vendor": ("building-2", QT_TRANSLATE_NOOP("sync", "Vendors")),
    "site": ("map-pin", QT_TRANSLATE_NOOP("sync", "Sites")),
    "contact": ("users", QT_TRANSLATE_NOOP("sync", "People")),
    "template": ("library", QT_TRANSLATE_NOOP("sync", "Checklists")),
    "template_version": ("library", QT_TRANSLATE_NOOP("sync", "Checklist versions")),
    "report_issue": ("file-text", QT_TRANSLATE_NOOP("sync", "Issued reports")),
    "conflict": ("merge", QT_TRANSLATE_NOOP("sync", "Settled conflicts")),
}
"""Icon and word of each kind of thing that travels."""

_TONES = {
    Place.HERE: Tone.WATCH,
    Place.WAITING: Tone.WATCH,
    Place.SENDING: Tone.WATCH,
    Place.SENT: Tone.GOOD,
    Place.NEEDS_YOU: Tone.BAD,
}


def kind_words(kind: str) -> tuple[str, str]:
    """Icon and word of a kind."""
    icon, words = KINDS.get(kind, ("cloud", kind.replace("_", " ").capitalize()))
    return icon, QCoreApplication.translate("sync", str(words))


def queue_rows(groups: Iterable[QueueGroup], refused: Iterable[RefusedRow]) -> list[ListRow]:
    """What needs a person first, then what waits and what was sent last."""
    rows: list[ListRow] = []
    tray = list(refused)
    if tray:
        rows.append(heading(QCoreApplication.translate("sync", "Needs your attention")))
        rows.extend(_refused_row(change) for change in tray)
    for group in groups:
        things = [thing for thing in group.things if thing.place is not Place.NEEDS_YOU]
        if things:
            title = group.title if group.title != "library" else kind_words("template")[1]
            rows.append(heading(", ".join(part for part in (title, group.where) if part)))
            rows.extend(_thing_row(group.scope, thing) for thing in things)
    return rows


def _thing_row(scope: str, thing: Thing) -> ListRow:
    icon, words = kind_words(thing.kind)
    count = QCoreApplication.translate("sync", "%Ln change(s)", "", thing.count)
    local = thing.newest.astimezone()
    return ListRow(
        (scope, thing.kind, thing.place),
        words,
        QCoreApplication.translate("sync", "{0}, the newest at {1}").format(
            count, f"{local:%H:%M}"
        ),
        icon=icon,
        tone=_TONES[thing.place],
        pills=(Pill(place_words(thing.place), _TONES[thing.place]),),
    )


def _refused_row(change: RefusedRow) -> ListRow:
    icon, words = kind_words(change.entity)
    fields = ", ".join(field_words(name) for name in list(change.values)[:4])
    return ListRow(
        change.id,
        change.about or words,
        f"{change.words} {fields}".strip(),
        icon=icon,
        tone=Tone.BAD,
        pills=(Pill(place_words(Place.NEEDS_YOU), Tone.BAD),),
        is_tall=True,
    )
