"""Planning one visit: a site, its checklists, the days, the team."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout

from audit_app.services.programme_rows import SiteRow, TemplateRow, VisitRow
from audit_app.services.results import Done
from ui.routes import Templates, Vendors
from ui.shell import Shell
from ui.widgets.button import Button
from ui.widgets.choice import CheckBox, DateField, PickBox
from ui.widgets.field import Field
from ui.widgets.form import Form
from ui.widgets.text import Label, card
from ui.words import day_words


class PlanForm(Form):
    """Fields of a new visit, filled from the last one where that helps.

    Signals:
        planned: the ``Done`` of the new visit.
        started: the id of the audit to begin with; the visit was planned for today and started.
    """

    planned = Signal(object)
    started = Signal(object)

    def __init__(
        self,
        shell: Shell,
        sites: tuple[SiteRow, ...],
        templates: tuple[TemplateRow, ...],
        auditor: str,
        *,
        earlier: Sequence[VisitRow] = (),
        site_id: UUID | None = None,
        like: VisitRow | None = None,
    ) -> None:
        super().__init__(shell.look, self.tr("Plan this visit"), "calendar-plus")
        self._shell = shell
        self._sites = {site.id: site for site in sites}
        self._newest = [row for row in templates if row.newest]
        self._earlier = tuple(earlier)
        look = shell.look
        self._vendor_of = {site.vendor_id: site.vendor for site in sites}
        wanted_site = site_id or (like.site_id if like else None)
        chosen = self._sites.get(wanted_site) if wanted_site else None
        self.vendor = PickBox(look)
        vendors = sorted(self._vendor_of.items(), key=lambda pair: pair[1].casefold())
        self.vendor.show_options(vendors, chosen.vendor_id if chosen else None)
        self.vendor.picked.connect(lambda _vendor: self._fill_sites(None))
        self.site = PickBox(look)
        self._last = Label("", "caption", is_wrapped=True)
        self.again = Button(look, self.tr("Fill from the last visit here"), "copy")
        self.again.clicked.connect(self._fill_from_last)
        self._fill_sites(chosen.id if chosen else None)
        self.site.picked.connect(lambda _site: self._say_last())
        today = shell.clock.now().astimezone().date()
        first = today + timedelta(days=1)
        long = (like.ends - like.starts) if like else timedelta(0)
        self.starts = DateField(look, first)
        self.ends = DateField(look, first + long)
        self.starts.dateChanged.connect(lambda _day: self._keep_order())
        self.checklists = [(row, CheckBox(look, row.title)) for row in self._newest]
        wanted = {audit.template for audit in like.audits} if like else set()
        for row, box in self.checklists:
            box.setChecked(row.title in wanted or len(self.checklists) == 1)
        team = ", ".join(like.team) if like else auditor
        self._lay_out(team, like)
        self.submitted.connect(lambda: self._plan(is_now=False))
        self.now = Button(look, self.tr("Start now"), "play")
        self.now.setToolTip(self.tr("Plan it for today and open its checklist"))
        self.now.clicked.connect(lambda: self._plan(is_now=True))
        self.foot.insertWidget(0, self.now)
        if not sites:
            self.banner.say(self.tr("There is no site yet. Add a vendor and its site first."))
            self.button.setEnabled(False)
            self.now.setEnabled(False)

    def focus_first(self) -> None:
        """Put the focus where the auditor begins."""
        self.vendor.setFocus()

    def _lay_out(self, team: str, like: VisitRow | None) -> None:
        look = self._shell.look
        if not self._sites:
            add = Button(look, self.tr("Add a vendor"), "building-2")
            add.clicked.connect(lambda: self._shell.router.go(Vendors()))
            self.add(add)
        self.add(Field(self.tr("Vendor"), self.vendor))
        self.add(Field(self.tr("Site"), self.site))
        self.add(self._last)
        self.add(self.again)
        days = QHBoxLayout()
        days.setSpacing(8)
        days.addWidget(Field(self.tr("First day"), self.starts), 1)
        days.addWidget(Field(self.tr("Last day"), self.ends), 1)
        self.column.addLayout(days)
        near = (
            (0, self.tr("Today")),
            (1, self.tr("Tomorrow")),
            (7, self.tr("In a week")),
        )
        buttons = []
        for distance, words in near:
            button = Button(look, words, kind="choice")
            button.clicked.connect(lambda _on=False, far=distance: self._in_days(far))
            buttons.append(button)
        self.buttons(buttons)
        if self.checklists:
            self.add(self._checklist_card())
        else:
            self.text(self.tr("There is no checklist on this device yet."))
            go = Button(look, self.tr("Open the template library"), "library")
            go.clicked.connect(lambda: self._shell.router.go(Templates()))
            self.add(go)
        self.team = self.line(self.tr("Team"), team, self.tr("Names with a comma between them."))
        purpose = like.purpose if like else ""
        self.purpose = self.line(self.tr("Purpose"), purpose, example=self.tr("Annual audit"))
        self.agenda = QPlainTextEdit(like.agenda if like else "")
        self.agenda.setFixedHeight(look.px(110))
        self.agenda.setTabChangesFocus(True)
        self.add(Field(self.tr("Agenda"), self.agenda))

    def _checklist_card(self) -> Field:
        frame = card()
        inner = QVBoxLayout(frame)
        inner.setContentsMargins(12, 4, 12, 4)
        inner.setSpacing(0)
        for _, box in self.checklists:
            inner.addWidget(box)
        return Field(self.tr("Checklists"), frame)

    def _last_visit(self) -> VisitRow | None:
        """The newest visit at the chosen site."""
        here = (visit for visit in self._earlier if visit.site_id == self.site.value)
        return max(here, key=lambda visit: visit.starts, default=None)

    def _fill_from_last(self) -> None:
        last = self._last_visit()
        if last is None:
            return
        titles = {audit.template for audit in last.audits}
        for row, box in self.checklists:
            box.setChecked(row.title in titles)
        self.ends.show_day(self.starts.day + (last.ends - last.starts))
        self.team.setText(", ".join(last.team))
        self.purpose.setText(last.purpose)
        self.agenda.setPlainText(last.agenda)

    def _fill_sites(self, site_id: UUID | None) -> None:
        options = [
            (site.id, ", ".join(part for part in (site.name, site.city) if part))
            for site in self._sites.values()
            if site.vendor_id == self.vendor.value
        ]
        self.site.show_options(options, site_id)
        self._say_last()

    def _say_last(self) -> None:
        value = self.site.value
        site = self._sites.get(value) if isinstance(value, UUID) else None
        words = ""
        if site is not None and site.scores:
            last = site.scores[-1]
            words = self.tr("Last audit here: {0}, {1}").format(last.template, day_words(last.date))
        elif site is not None:
            words = self.tr("No audit here yet.")
        self._last.setText(words)
        self._last.setVisible(bool(words))
        self.again.setVisible(self._last_visit() is not None)

    def _in_days(self, distance: int) -> None:
        day = self._shell.clock.now().astimezone().date() + timedelta(days=distance)
        self._move_to(day)

    def _move_to(self, day: date) -> None:
        long = self.ends.day - self.starts.day
        self.starts.show_day(day)
        self.ends.show_day(day + max(long, timedelta(0)))

    def _keep_order(self) -> None:
        if self.ends.day < self.starts.day:
            self.ends.show_day(self.starts.day)

    def _plan(self, *, is_now: bool) -> None:
        site_id = self.site.value
        if not isinstance(site_id, UUID) or not self.button.isEnabled():
            return
        if is_now:
            self._in_days(0)
        versions = [row.id for row, box in self.checklists if box.isChecked()]
        starts, ends = self.starts.day, self.ends.day
        team = [name.strip() for name in self.team.text().split(",")]
        purpose, agenda = self.purpose.text(), self.agenda.toPlainText()
        visits = self._shell.services.visits

        def work() -> tuple[Done, UUID]:
            done = visits.plan(
                site_id=site_id,
                starts=starts,
                ends=ends,
                template_version_ids=versions,
                team=team,
                purpose=purpose,
                agenda=agenda,
            )
            if is_now:
                visits.start(done.id)
            return done, visits.view(done.id).audits[0].id

        def planned(found: tuple[Done, UUID]) -> None:
            done, audit_id = found
            self.end()
            self._shell.bus.tell(done.changes)
            if is_now:
                self.started.emit(audit_id)
            else:
                self.planned.emit(done)

        self.begin()
        self._shell.tasks.in_db(work, planned, self.refuse, owner=self)
