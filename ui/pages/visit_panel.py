"""One visit beside the list: what it is, its checklists, and what can be done with it."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from audit_app.domain.words import AuditState, Tone, VisitState
from audit_app.services.programme_rows import AuditRow, TemplateRow, VisitRow
from audit_app.services.readiness import Readiness
from audit_app.services.results import Done
from ui.routes import Checklist, Findings, PlanVisit, Reports, Vendors
from ui.shell import Shell
from ui.theme.tokens import RATING_TONES
from ui.widgets.button import Button
from ui.widgets.choice import CheckBox, DateField
from ui.widgets.field import Field
from ui.widgets.form import Form
from ui.widgets.icon_label import IconLabel
from ui.widgets.progress import StackBar
from ui.widgets.tag import Tag
from ui.widgets.text import Label, card
from ui.words import (
    VISIT_TONES,
    country_words,
    day_words,
    percent_words,
    span_words,
    word,
)


class VisitPanel(Form):
    """Shows a visit; its one primary button is the next step of its life."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell.look, "")
        self._shell = shell
        self._visit: VisitRow | None = None
        self._ready: Readiness | None = None
        self._body: QWidget | None = None
        self.submitted.connect(self._on_next)

    def show_visit(self, visit: VisitRow, ready: Readiness | None = None) -> None:
        """Show this visit, anew when it changed; ``ready`` is said of a planned one."""
        if (visit, ready) == (self._visit, self._ready):
            return
        self._visit, self._ready = visit, ready
        if self._body is not None:
            self._body.hide()
            self._body.deleteLater()
        self._body = QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        self._lay_out(column, visit)
        self.add(self._body)
        self._show_button(visit)

    def _lay_out(self, column: QVBoxLayout, visit: VisitRow) -> None:
        look = self._shell.look
        tags = QHBoxLayout()
        tags.setSpacing(8)
        tags.addWidget(Tag(look, word(visit.state), VISIT_TONES[visit.state]))
        tags.addWidget(Label(visit.number, "caption"))
        tags.addStretch(1)
        column.addLayout(tags)
        column.addLayout(self._facts(visit))
        if visit.agenda:
            agenda = Label(visit.agenda, "secondary", is_wrapped=True)
            column.addLayout(_group(self.tr("Agenda"), [agenda]))
        cards: list[QWidget] = [self._audit_card(audit) for audit in visit.audits]
        column.addLayout(
            _group(self.tr("Checklists"), cards or [Label(self.tr("None yet."), "secondary")])
        )
        if visit.state is VisitState.PLANNED and self._ready is not None:
            column.addWidget(self._ready_card(self._ready))
        self._add_steps(column, visit)

    def _facts(self, visit: VisitRow) -> QVBoxLayout:
        facts = QVBoxLayout()
        facts.setSpacing(8)
        place = ", ".join(part for part in (visit.site, country_words(visit.country)) if part)
        for icon, words in (
            ("map-pin", place),
            ("calendar-days", span_words(visit.starts, visit.ends)),
            ("users", ", ".join(visit.team)),
            ("info", visit.purpose),
        ):
            if words:
                facts.addLayout(self._fact(icon, words))
        return facts

    def _fact(self, icon: str, words: str) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(IconLabel(self._shell.look, icon, "text3", 18))
        row.addWidget(Label(words, "secondary", is_wrapped=True), 1)
        return row

    def _audit_card(self, audit: AuditRow) -> QFrame:
        look = self._shell.look
        frame = card()
        column = QVBoxLayout(frame)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(6)
        top = QHBoxLayout()
        top.addWidget(Label(audit.template, "h3", is_wrapped=True), 1)
        if audit.score is not None:
            top.addWidget(self._score_tag(audit), 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(top)
        counted = self.tr("{0} of {1} answered").format(audit.answered, audit.total)
        found = self.tr("%n finding(s)", "", audit.findings)
        column.addWidget(Label(f"{counted}, {found}", "caption"))
        bar = StackBar(look, 6)
        left = max(0, audit.total - audit.answered)
        bar.show_parts(((audit.answered, Tone.NEUTRAL), (left, None)), counted)
        column.addWidget(bar)
        column.addSpacing(6)
        row = QHBoxLayout()
        row.setSpacing(8)
        is_open = audit.state is AuditState.OPEN
        words = self.tr("Open checklist") if is_open else self.tr("Read checklist")
        go = Button(look, words, "clipboard-list")
        go.clicked.connect(partial(self._shell.router.go, Checklist(audit.id)))
        row.addWidget(go, 1)
        if is_open:
            found_button = Button(look, self.tr("Findings"), "flag")
            found_button.clicked.connect(
                partial(self._shell.router.go, Findings(audit_id=audit.id))
            )
            row.addWidget(found_button, 1)
        else:
            report = Button(look, self.tr("Report"), "file-text")
            report.clicked.connect(partial(self._shell.router.go, Reports(audit.id)))
            row.addWidget(report, 1)
        column.addLayout(row)
        return frame

    def _score_tag(self, audit: AuditRow) -> Tag:
        """The rating of a signed audit; before that the score only, because it can still turn."""
        percent = percent_words(audit.score)
        if audit.state is AuditState.OPEN:
            return Tag(self.look, self.tr("{0} so far").format(percent), Tone.NEUTRAL)
        words = f"{word(audit.rating)} {percent}"
        return Tag(self.look, words, RATING_TONES[audit.rating])

    def _ready_card(self, ready: Readiness) -> QFrame:
        """What is already on this device for working without a network."""
        frame = card()
        column = QVBoxLayout(frame)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(6)
        column.addWidget(Label(self.tr("Ready without a network"), "label"))
        for is_ready, words in self._ready_facts(ready):
            row = QHBoxLayout()
            row.setSpacing(8)
            icon, tint = ("circle-check", "good") if is_ready else ("circle", "text3")
            row.addWidget(IconLabel(self._shell.look, icon, tint, 18))
            row.addWidget(Label(words, "secondary", is_wrapped=True), 1)
            column.addLayout(row)
        return frame

    def _ready_facts(self, ready: Readiness) -> list[tuple[bool, str]]:
        facts = [
            (
                ready.checklists,
                self.tr("Checklists on this device")
                if ready.checklists
                else self.tr("A checklist is not on this device"),
            )
        ]
        if ready.last_audit is None:
            facts.append((True, self.tr("First audit here, nothing to look back on")))
        else:
            last = self.tr("Last audit, {0}").format(day_words(ready.last_audit))
            report = self.tr("Last report on this device")
            if not ready.last_report:
                report = self.tr("Last report is not on this device")
            facts += [(True, last), (ready.last_report, report)]
        if ready.open_actions:
            facts.append((True, self.tr("%Ln open action(s) of this site", "", ready.open_actions)))
        team = self.tr("Team named") if ready.has_team else self.tr("No team named")
        agenda = self.tr("Agenda written") if ready.has_agenda else self.tr("No agenda yet")
        return [*facts, (ready.has_team, team), (ready.has_agenda, agenda)]

    def _add_steps(self, column: QVBoxLayout, visit: VisitRow) -> None:
        look, services = self._shell.look, self._shell.services
        if visit.state in {VisitState.PLANNED, VisitState.UNDER_WAY}:
            more = Button(look, self.tr("Add a checklist"), "plus")
            more.clicked.connect(self._choose_checklist)
            column.addWidget(more)
        if visit.state is VisitState.PLANNED:
            self._add_dates(column, visit)
        row = QHBoxLayout()
        row.setSpacing(8)
        again = Button(look, self.tr("Plan one like this"), "copy")
        route = PlanVisit(site_id=visit.site_id, like=visit.id)
        again.clicked.connect(partial(self._shell.router.go, route))
        site = Button(look, self.tr("Vendor"), "building-2")
        site.clicked.connect(
            partial(self._shell.router.go, Vendors(visit.vendor_id, visit.site_id))
        )
        row.addWidget(again, 1)
        row.addWidget(site, 1)
        column.addLayout(row)
        if visit.state in {VisitState.PLANNED, VisitState.UNDER_WAY}:
            cancel = Button(look, self.tr("Cancel this visit"), "x", "ghost")
            cancel.clicked.connect(
                lambda: self._step(lambda: services.visits.cancel(visit.id), self._say_cancelled)
            )
            column.addWidget(cancel)

    def _add_dates(self, column: QVBoxLayout, visit: VisitRow) -> None:
        look = self._shell.look
        starts, ends = DateField(look, visit.starts), DateField(look, visit.ends)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(Field(self.tr("First day"), starts), 1)
        row.addWidget(Field(self.tr("Last day"), ends), 1)
        column.addLayout(row)
        move = Button(look, self.tr("Change the days"), "calendar-days")
        move.hide()
        column.addWidget(move)
        starts.dateChanged.connect(lambda _day: move.show())
        ends.dateChanged.connect(lambda _day: move.show())
        visits = self._shell.services.visits
        move.clicked.connect(
            lambda: self._step(partial(visits.change, visit.id, starts=starts.day, ends=ends.day))
        )

    def _show_button(self, visit: VisitRow) -> None:
        words, icon = {
            VisitState.PLANNED: (self.tr("Start this visit"), "play"),
            VisitState.UNDER_WAY: (self.tr("Continue"), "play"),
            VisitState.TO_REVIEW: (self.tr("Review and sign"), "signature"),
            VisitState.SIGNED: (self.tr("Make the report"), "file-text"),
            VisitState.ISSUED: (self.tr("Close this visit"), "check"),
            VisitState.CANCELLED: (self.tr("Plan it again"), "rotate-ccw"),
        }.get(visit.state, ("", ""))
        self.button.setText(words)
        self.button.show_icon(icon)
        self.button.setVisible(bool(words))
        self.button.setEnabled(True)

    def _on_next(self) -> None:
        visit, services = self._visit, self._shell.services
        if visit is None:
            return
        if visit.state is VisitState.PLANNED:
            self._step(partial(services.visits.start, visit.id), self._go_on)
        elif visit.state in {VisitState.UNDER_WAY, VisitState.TO_REVIEW}:
            self._go_on()
        elif visit.state is VisitState.SIGNED and visit.audits:
            self._shell.router.go(Reports(visit.audits[0].id))
        elif visit.state is VisitState.ISSUED:
            self._step(partial(services.visits.close, visit.id))
        elif visit.state is VisitState.CANCELLED:
            self._step(partial(services.visits.restore, visit.id))

    def _go_on(self) -> None:
        if self._visit is None or not self._visit.audits:
            return
        audits = self._visit.audits
        is_open = (audit for audit in audits if audit.state is AuditState.OPEN)
        self._shell.router.go(Checklist(next(is_open, audits[0]).id))

    def _step(self, work: Callable[[], Done], after: Callable[[], object] | None = None) -> None:
        self.begin()

        def done(_done: Done) -> None:
            self.end()
            if after is not None:
                after()

        self._shell.tasks.in_db(work, done, self.refuse, owner=self)

    def _say_cancelled(self) -> None:
        visit, visits = self._visit, self._shell.services.visits
        if visit is not None:
            self._shell.messages.say(
                self.tr("The visit to {0} is cancelled. What was entered is kept.").format(
                    visit.site
                ),
                self.tr("Undo"),
                lambda: self._shell.tasks.in_db(partial(visits.restore, visit.id)),
            )

    def _choose_checklist(self) -> None:
        self._shell.tasks.in_db(
            self._shell.services.templates.listed, self._offer_checklists, owner=self
        )

    def _offer_checklists(self, templates: tuple[TemplateRow, ...]) -> None:
        if self._visit is None or self._body is None:
            return
        present = {audit.template for audit in self._visit.audits}
        look, visits, visit_id = self._shell.look, self._shell.services.visits, self._visit.id
        column = self._body.layout()
        offered = [row for row in templates if row.newest and row.title not in present]
        if column is None or not offered:
            self.banner.say(self.tr("Every checklist on this device is part of this visit."))
            return
        for row in offered:
            box = CheckBox(look, row.title)
            box.toggled.connect(
                lambda _on, row=row: self._step(
                    partial(visits.add_checklist, visit_id, template_version_id=row.id)
                )
            )
            column.addWidget(box)


def _group(title: str, widgets: Sequence[QWidget]) -> QVBoxLayout:
    """A label close above what it names."""
    column = QVBoxLayout()
    column.setSpacing(6)
    column.addWidget(Label(title, "label"))
    for widget in widgets:
        column.addWidget(widget)
    return column
