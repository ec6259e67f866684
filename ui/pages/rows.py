"""How visits, actions, vendors and reports look as list rows."""

from collections.abc import Hashable
from datetime import date

from PySide6.QtCore import QCoreApplication

from audit_app.domain.words import ActionState, Rating, Tone, VisitState
from audit_app.services.finding_rows import ActionRow
from audit_app.services.programme_rows import SiteRow, VendorRow, VisitRow
from audit_app.services.readiness import Readiness
from ui.models.row_list import ListRow, Pill, Tick
from ui.theme.tokens import GRADE_ICONS, GRADE_TONES, RATING_TONES
from ui.words import (
    VISIT_TONES,
    country_words,
    day_words,
    distance_words,
    late_words,
    percent_words,
    span_words,
    word,
)


def visit_list_row(
    visit: VisitRow,
    route: Hashable,
    today: date,
    *,
    is_own: bool = False,
    ready: Readiness | None = None,
) -> ListRow:
    """A visit: who and where, when, which checklists, in what state.

    ``is_own`` leaves the vendor out, as on the vendor's own panel; ``ready`` adds what is prepared.
    """
    checklists = ", ".join(audit.template for audit in visit.audits)
    days = span_words(visit.starts, visit.ends)
    title, parts = visit.vendor, (visit.site, days, checklists)
    if is_own:
        title, parts = days, (visit.site, checklists, "")
    line = ", ".join(part for part in parts if part)
    scores = [audit.score for audit in visit.audits if audit.score is not None]
    is_ahead = visit.state in {VisitState.PLANNED, VisitState.UNDER_WAY}
    trailing = distance_words(visit.starts, today) if is_ahead else ""
    if not is_ahead and len(scores) == 1:
        trailing = percent_words(scores[0])
    tone = VISIT_TONES[visit.state]
    return ListRow(
        route,
        title,
        line,
        icon="calendar-check" if is_ahead else "clipboard-check",
        tone=tone,
        pills=(Pill(word(visit.state), tone),),
        trailing="" if is_own else trailing,
        ticks=ready_ticks(ready) if ready is not None else (),
    )


def ready_ticks(ready: Readiness) -> tuple[Tick, ...]:
    """What a planned visit finds on this device, short enough for one line of a row."""
    first = QCoreApplication.translate("rows", "First audit here")
    last = QCoreApplication.translate("rows", "Last audit")
    earlier = [Tick(first, is_on=True)]
    if ready.last_audit is not None:
        report = QCoreApplication.translate("rows", "Last report")
        earlier = [Tick(last, is_on=True), Tick(report, ready.last_report)]
    return (
        Tick(QCoreApplication.translate("rows", "Checklists"), ready.checklists),
        *earlier,
        Tick(QCoreApplication.translate("rows", "Team"), ready.has_team),
        Tick(QCoreApplication.translate("rows", "Agenda"), ready.has_agenda),
    )


def late_action_row(action: ActionRow, route: Hashable, today: date) -> ListRow:
    """An overdue action in a narrow panel: what, how late, on which finding, where."""
    parts = (late_words(action.due, today), action.finding_number, action.site)
    line = ", ".join(part for part in parts if part)
    icon = GRADE_ICONS[action.grade]
    return ListRow(route, action.text, line, icon, GRADE_TONES[action.grade], is_tall=True)


def action_list_row(action: ActionRow, route: Hashable, today: date) -> ListRow:
    """An action: what, where, who, by when."""
    where = ", ".join(
        part for part in (action.finding_number, action.vendor, action.site, action.owner) if part
    )
    tone = Tone.BAD if action.overdue else Tone.NEUTRAL
    is_settled = action.state in {ActionState.EFFECTIVE, ActionState.VERIFIED}
    due = ""
    if action.due is not None:
        due = day_words(action.due) if action.done_at else late_words(action.due, today)
    return ListRow(
        route,
        action.text,
        where,
        icon="check" if is_settled else GRADE_ICONS[action.grade],
        tone=Tone.GOOD if is_settled else GRADE_TONES[action.grade],
        pills=(Pill(word(action.state), tone),),
        trailing=due,
    )


def vendor_list_row(vendor: VendorRow) -> ListRow:
    """A vendor: its sites, what is open, the last score."""
    sites = QCoreApplication.translate("rows", "%n site(s)", "", vendor.sites)
    line = ", ".join([sites, *(country_words(code) for code in vendor.countries)])
    pills = []
    if vendor.overdue_actions:
        words = QCoreApplication.translate("rows", "%n overdue", "", vendor.overdue_actions)
        pills.append(Pill(words, Tone.BAD))
    if vendor.open_findings:
        words = QCoreApplication.translate("rows", "%n open finding(s)", "", vendor.open_findings)
        pills.append(Pill(words, Tone.WATCH))
    if vendor.last_rating is not Rating.NONE:
        pills.append(Pill(word(vendor.last_rating), RATING_TONES[vendor.last_rating]))
    return ListRow(
        vendor.id,
        vendor.name,
        line,
        icon="building-2",
        pills=tuple(pills),
        trailing=percent_words(vendor.last_score) if vendor.last_score is not None else "",
    )


def site_list_row(site: SiteRow, today: date) -> ListRow:
    """A site: where, what is worked there, its past scores as a strip."""
    streams = ", ".join(word(stream) for stream in site.streams)
    parts = (site.city, country_words(site.country), streams)
    line = ", ".join(part for part in parts if part)
    pills: tuple[Pill, ...] = ()
    if site.open_findings:
        words = QCoreApplication.translate("rows", "%n open finding(s)", "", site.open_findings)
        pills = (Pill(words, Tone.WATCH),)
    return ListRow(
        site.id,
        site.name,
        line,
        icon="map-pin",
        pills=pills,
        trailing=distance_words(site.next_visit, today) if site.next_visit else "",
        strip=tuple(RATING_TONES[point.rating] for point in site.scores),
    )
