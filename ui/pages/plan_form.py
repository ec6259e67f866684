"""Planning one visit: a site, its checklists, the days, the team."""

from datetime import date, timedelta
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit

from audit_app.services.programme_rows import SiteRow, TemplateRow, VisitRow
from audit_app.services.results import Done
from ui.routes import Templates, Vendors
from ui.shell import Shell
from ui.widgets.button import Button
from ui.widgets.choice import CheckBox, DateField, PickBox
from ui.widgets.field import Field
from ui.widgets.form import Form
from ui.widgets.text import Label


class PlanForm(Form):
    """Fields of a new visit, filled from the last one where that helps.

    Signals:
        planned: the ``Done`` of the new visit.
    """

    planned = Signal(object)

    def __init__(
        self,
        shell: Shell,
        sites: tuple[SiteRow, ...],
        templates: tuple[TemplateRow, ...],
        auditor: str,
        *,
        site_id: UUID | None = None,
        like: VisitRow | None = None,
    ) -> None:
        super().__init__(shell.look, self.tr("Plan this visit"), "calendar-plus")
        self._shell = shell
        self._sites = {site.id: site for site in sites}
        self._newest = [row for row in templates if row.newest]
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
        self._fill_sites(chosen.id if chosen else None)
        self.site.picked.connect(lambda _site: self._say_last())
        today = shell.clock.now().astimezone().date()
        first = today + timedelta(days=1)
        long = (like.ends - like.starts) if like else timedelta(0)
        self.starts = DateField(look, first)
        self.ends = DateField(look, first + long)
        self.starts.dateChanged.connect(lambda _day: self._keep_order())
        self.checklists = [(row, CheckBox(look, _title(row))) for row in self._newest]
        wanted = {audit.template for audit in like.audits} if like else set()
        for row, box in self.checklists:
            box.setChecked(row.title in wanted or len(self.checklists) == 1)
        team = ", ".join(like.team) if like else auditor
        self._lay_out(team, like)
        self.submitted.connect(self._plan)
        if not sites:
            self.banner.say(self.tr("There is no site yet. Add a vendor and its site first."))
            self.button.setEnabled(False)

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
        self.add(Label(self.tr("Checklists"), "label"))
        for _, box in self.checklists:
            self.add(box)
        if not self.checklists:
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
            words = self.tr("Last audit here: {0}, {1}").format(
                last.template, last.date.isoformat()
            )
        elif site is not None:
            words = self.tr("No audit here yet.")
        self._last.setText(words)
        self._last.setVisible(bool(words))

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

    def _plan(self) -> None:
        site_id = self.site.value
        if not isinstance(site_id, UUID) or not self.button.isEnabled():
            return
        versions = [row.id for row, box in self.checklists if box.isChecked()]
        starts, ends = self.starts.day, self.ends.day
        team = [name.strip() for name in self.team.text().split(",")]
        purpose, agenda = self.purpose.text(), self.agenda.toPlainText()
        visits = self._shell.services.visits
        self.begin()
        self._shell.tasks.in_db(
            lambda: visits.plan(
                site_id=site_id,
                starts=starts,
                ends=ends,
                template_version_ids=versions,
                team=team,
                purpose=purpose,
                agenda=agenda,
            ),
            self._on_planned,
            self.refuse,
            owner=self,
        )

    def _on_planned(self, done: Done) -> None:
        self.end()
        self.planned.emit(done)


def _title(row: TemplateRow) -> str:
    return f"{row.title} ({row.version})" if row.version else row.title
