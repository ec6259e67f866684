"""One vendor: its sites with flags and score strips, its people, its visits."""

from functools import partial
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from audit_app.domain.words import Tone
from audit_app.services.programme_rows import SiteRow, VendorView
from ui.pages.rows import visit_list_row
from ui.routes import PlanVisit, Visits
from ui.shell import Shell
from ui.theme.tokens import RATING_TONES
from ui.widgets.button import Button, IconButton
from ui.widgets.form import Form
from ui.widgets.row_view import RowView
from ui.widgets.score_strip import ScoreStrip, StripBar
from ui.widgets.tag import Tag
from ui.widgets.text import Label, card
from ui.widgets.wrap_layout import WrapLayout
from ui.words import (
    country_words,
    day_words,
    distance_words,
    language_words,
    percent_words,
    word,
)

MOST_VISITS = 8


class VendorPanel(Form):
    """Shows a vendor; each part can be changed from here.

    Signals:
        vendor_edit_asked: the VendorRow to change.
        site_edit_asked: the VendorRow, and the SiteRow to change or None for a new one.
        contact_edit_asked: the VendorView, and the ContactRow to change or None for a new one.
    """

    vendor_edit_asked = Signal(object)
    site_edit_asked = Signal(object, object)
    contact_edit_asked = Signal(object, object)

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell.look)
        self._shell = shell
        self._shown: tuple[VendorView, UUID | None] | None = None
        self._body: QWidget | None = None

    def show_vendor(self, view: VendorView, site_id: UUID | None = None) -> None:
        """Show this vendor, with one site first when it is asked for."""
        if (view, site_id) == self._shown:
            return
        self._shown = (view, site_id)
        if self._body is not None:
            self._body.hide()
            self._body.deleteLater()
        self._body = QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self._add_head(column, view)
        column.addLayout(
            self._title(
                self.tr("Sites"),
                self.tr("Add a site"),
                lambda: self.site_edit_asked.emit(view.row, None),
            )
        )
        for site in sorted(view.sites, key=lambda site: site.id != site_id):
            column.addWidget(self._site_card(view, site))
        if not view.sites:
            words = self.tr("No site yet. A visit needs one.")
            column.addWidget(Label(words, "secondary", is_wrapped=True))
        column.addLayout(
            self._title(
                self.tr("People"),
                self.tr("Add a person"),
                lambda: self.contact_edit_asked.emit(view, None),
            )
        )
        self._add_people(column, view)
        self._add_visits(column, view)
        self.add(self._body)

    def _add_head(self, column: QVBoxLayout, view: VendorView) -> None:
        look, row = self._shell.look, view.row
        tags = WrapLayout()
        if row.last_score is not None:
            words = f"{word(row.last_rating)} {percent_words(row.last_score)}"
            tags.addWidget(Tag(look, words, RATING_TONES[row.last_rating]))
        if row.open_findings:
            found = self.tr("%Ln open finding(s)", "", row.open_findings)
            tags.addWidget(Tag(look, found, Tone.WATCH))
        if row.overdue_actions:
            late = self.tr("%Ln overdue", "", row.overdue_actions)
            tags.addWidget(Tag(look, late, Tone.BAD))
        if tags.count():
            column.addLayout(tags)
        edit = IconButton(look, "pencil", self.tr("Change name or note"), "ghost-icon")
        edit.clicked.connect(lambda: self.vendor_edit_asked.emit(row))
        line = QHBoxLayout()
        line.addWidget(Label(row.note, "secondary", is_wrapped=True), 1)
        line.addWidget(edit, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(line)

    def _title(self, words: str, action: str, run: object) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(Label(words, "h3"), 1)
        button = Button(self._shell.look, action, "plus", "ghost")
        button.clicked.connect(run)
        row.addWidget(button)
        return row

    def _site_card(self, view: VendorView, site: SiteRow) -> QFrame:
        look = self._shell.look
        frame = card()
        column = QVBoxLayout(frame)
        column.setContentsMargins(14, 8, 8, 12)
        column.setSpacing(6)
        top = QHBoxLayout()
        top.addWidget(Label(site.name, "h3", is_wrapped=True), 1)
        edit = IconButton(look, "pencil", self.tr("Change {0}").format(site.name), "ghost-icon")
        edit.clicked.connect(lambda: self.site_edit_asked.emit(view.row, site))
        top.addWidget(edit)
        column.addLayout(top)
        parts = (site.city, country_words(site.country), site.time_zone)
        place = ", ".join(part for part in parts if part)
        column.addWidget(Label(place, "secondary", is_wrapped=True))
        tags = WrapLayout()
        for stream in site.streams:
            tags.addWidget(Tag(look, word(stream)))
        for is_on, words in (
            (site.shared_markets, self.tr("Shared markets")),
            (site.ai_assist, self.tr("AI assists")),
            (site.card_data, self.tr("Card data")),
            (site.remote_work, self.tr("Work from home")),
        ):
            if is_on:
                tags.addWidget(Tag(look, words, Tone.NEUTRAL))
        if tags.count():
            column.addLayout(tags)
        if site.languages:
            worked = ", ".join(language_words(tag) for tag in site.languages)
            column.addWidget(Label(worked, "caption", is_wrapped=True))
        column.addWidget(Label(self._visit_words(site), "caption", is_wrapped=True))
        if site.scores:
            strip = ScoreStrip(look)
            strip.show_scores(
                [
                    StripBar(
                        float(point.score) if point.score is not None else None,
                        RATING_TONES[point.rating],
                        f"{day_words(point.date)}, {point.template}: {percent_words(point.score)}",
                    )
                    for point in site.scores
                ]
            )
            column.addWidget(Label(self.tr("Scores of signed audits"), "label"))
            column.addWidget(strip)
        row = QHBoxLayout()
        row.setContentsMargins(0, 4, 6, 0)
        plan = Button(look, self.tr("Plan a visit here"), "calendar-plus")
        plan.clicked.connect(partial(self._shell.router.go, PlanVisit(site_id=site.id)))
        row.addWidget(plan, 1)
        column.addLayout(row)
        return frame

    def _visit_words(self, site: SiteRow) -> str:
        """When somebody was there, and when the next visit is due."""
        today = self._shell.clock.now().astimezone().date()
        last = self.tr("Not visited yet")
        if site.last_visit is not None:
            last = self.tr("Last visit {0}").format(day_words(site.last_visit))
        planned = self.tr("none planned")
        if site.next_visit is not None:
            far = distance_words(site.next_visit, today)
            planned = self.tr("next {0}, {1}").format(day_words(site.next_visit), far)
        return f"{last}; {planned}"

    def _add_people(self, column: QVBoxLayout, view: VendorView) -> None:
        if not view.contacts:
            column.addWidget(Label(self.tr("Nobody named yet."), "secondary"))
        for contact in view.contacts:
            row = QHBoxLayout()
            words = QVBoxLayout()
            words.setSpacing(1)
            words.addWidget(Label(contact.name, "h3", is_wrapped=True))
            parts = (contact.role, contact.email, contact.phone)
            line = ", ".join(part for part in parts if part)
            if line:
                words.addWidget(Label(line, "caption", is_wrapped=True))
            row.addLayout(words, 1)
            name = self.tr("Change {0}").format(contact.name)
            edit = IconButton(self._shell.look, "pencil", name, "ghost-icon")
            edit.clicked.connect(
                lambda _on=False, who=contact: self.contact_edit_asked.emit(view, who)
            )
            row.addWidget(edit)
            column.addLayout(row)

    def _add_visits(self, column: QVBoxLayout, view: VendorView) -> None:
        column.addWidget(Label(self.tr("Visits"), "h3"))
        if not view.visits:
            column.addWidget(Label(self.tr("None yet."), "secondary"))
            return
        look = self._shell.look
        today = self._shell.clock.now().astimezone().date()
        shown = view.visits[:MOST_VISITS]
        rows = [visit_list_row(visit, Visits(visit.id), today, is_own=True) for visit in shown]
        visits = RowView(look, self.tr("Visits of this vendor"))
        visits.show_rows(rows)
        visits.opened.connect(self._shell.router.go)
        visits.setFixedHeight(look.px(62) * len(rows) + 4)
        column.addWidget(visits)
