"""Visits by week and month; one of them beside the list, or a new one being planned."""

from datetime import date, timedelta
from typing import ClassVar
from uuid import UUID

from PySide6.QtCore import QDate, QLocale
from PySide6.QtWidgets import QVBoxLayout, QWidget

from audit_app.changes import Kind
from audit_app.domain.words import VisitState
from audit_app.services.programme_rows import SiteRow, TemplateRow, VisitRow
from audit_app.services.readiness import Readiness
from audit_app.services.results import Done
from ui.breadth import Breadth
from ui.commands import Command
from ui.models.row_list import ListRow, heading
from ui.pages.list_column import ListColumn
from ui.pages.page import Page, PageHead
from ui.pages.plan_form import PlanForm
from ui.pages.rows import visit_list_row
from ui.pages.visit_panel import VisitPanel
from ui.routes import Checklist, PlanVisit, Route, Visits
from ui.shell import Shell
from ui.widgets.button import Button, Segmented
from ui.widgets.empty_state import EmptyState
from ui.widgets.row_view import RowView
from ui.widgets.side_by_side import SideBySide

Found = tuple[tuple[VisitRow, ...], dict[UUID, Readiness]]

AHEAD = frozenset({VisitState.PLANNED, VisitState.UNDER_WAY, VisitState.TO_REVIEW})


class VisitsPage(Page):
    """All visits, with what is ahead first."""

    cares_for: ClassVar[frozenset[Kind]] = frozenset(
        {Kind.VISIT, Kind.AUDIT, Kind.SITE, Kind.VENDOR, Kind.TEMPLATE}
    )

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        look = self.look
        self._route: Route = Visits()
        self._visits: tuple[VisitRow, ...] = ()
        self._ready: dict[UUID, Readiness] = {}
        head = PageHead(self.tr("Visits"))
        plan = Button(look, self.tr("Plan a visit"), "calendar-plus", "primary", key="Ctrl+N")
        plan.clicked.connect(lambda: shell.router.go(PlanVisit()))
        head.add(plan)
        self.filter = Segmented(
            look,
            (("ahead", self.tr("Ahead")), ("past", self.tr("Past")), ("all", self.tr("All"))),
            self.tr("Which visits"),
        )
        self.filter.chosen.connect(lambda _which: self._show_list())
        empty = EmptyState(
            look,
            "calendar-days",
            self.tr("No visits here"),
            self.tr("Plan one: a site, its checklists and the days."),
            self.tr("Plan a visit"),
        )
        empty.chosen.connect(lambda: shell.router.go(PlanVisit()))
        self.list = RowView(look, self.tr("Visits"), empty)
        self.list.opened.connect(lambda visit_id: shell.router.go(Visits(visit_id)))
        main = ListColumn(head, self.list, controls=(self.filter,))
        self.side = SideBySide(look, main, width=420)
        self.side.closed.connect(lambda: shell.router.replace(Visits()))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.side)
        shell.commands.declare(
            [
                Command(
                    "visits.ahead",
                    self.tr("Show visits ahead"),
                    self.tr("Visits"),
                    lambda: self._choose("ahead"),
                    "calendar-clock",
                ),
                Command(
                    "visits.past",
                    self.tr("Show past visits"),
                    self.tr("Visits"),
                    lambda: self._choose("past"),
                    "history",
                ),
            ],
            on=self,
        )

    def open_route(self, route: Route) -> None:
        self._route = route
        self.reload()
        if isinstance(route, PlanVisit):
            self._open_plan(route)

    def reload(self) -> None:
        visits = self.shell.services.visits

        def work() -> Found:
            rows = visits.listed()
            planned = [row for row in rows if row.state is VisitState.PLANNED]
            return rows, visits.readiness(planned)

        self.shell.tasks.in_db(work, self._show, owner=self)

    def fit(self, breadth: Breadth) -> None:
        super().fit(breadth)
        self.side.fit(breadth)

    def panes(self) -> list[QWidget]:
        return [self.list, self.side.panel]

    def _choose(self, which: str) -> None:
        self.filter.select(which)
        self._show_list()

    def _show(self, found: Found) -> None:
        self._visits, self._ready = found
        if isinstance(self._route, Visits):
            self._show_panel(self._route.visit_id)
        self._show_list()

    def _show_panel(self, visit_id: UUID | None) -> None:
        visit = next((row for row in self._visits if row.id == visit_id), None)
        if visit is None:
            self.side.close_side()
            return
        if visit.state not in AHEAD and self.filter.value == "ahead":
            self.filter.select("all")
        content = self.side.content
        panel = content if isinstance(content, VisitPanel) else VisitPanel(self.shell)
        panel.show_visit(visit, self._ready.get(visit.id))
        self.side.open_side(panel, visit.vendor)

    def _show_list(self) -> None:
        which = self.filter.value
        today = self.shell.clock.now().astimezone().date()
        shown = [
            visit
            for visit in self._visits
            if which == "all" or (visit.state in AHEAD) == (which == "ahead")
        ]
        shown.sort(key=lambda visit: visit.starts, reverse=which != "ahead")
        rows: list[ListRow] = []
        last = ""
        for visit in shown:
            group = self._group(visit.starts, today)
            if group != last:
                rows.append(heading(group))
                last = group
            rows.append(visit_list_row(visit, visit.id, today))
        self.list.show_rows(rows)
        if isinstance(self._route, Visits) and self._route.visit_id is not None:
            self.list.select(self._route.visit_id)

    def _group(self, day: date, today: date) -> str:
        monday = today - timedelta(days=today.weekday())
        weeks = (day - monday).days // 7
        near = {0: self.tr("This week"), 1: self.tr("Next week"), -1: self.tr("Last week")}
        if weeks in near:
            return near[weeks]
        return QLocale().toString(QDate(day.year, day.month, 1), "MMMM yyyy")

    def _open_plan(self, route: PlanVisit) -> None:
        services = self.shell.services

        def read() -> tuple[tuple[SiteRow, ...], tuple[TemplateRow, ...], str]:
            return (
                services.vendors.sites(),
                services.templates.listed(),
                services.settings.auditor,
            )

        def show(found: tuple[tuple[SiteRow, ...], tuple[TemplateRow, ...], str]) -> None:
            like = next((row for row in self._visits if row.id == route.like), None)
            form = PlanForm(
                self.shell, *found, earlier=self._visits, site_id=route.site_id, like=like
            )
            form.planned.connect(self._on_planned)
            form.started.connect(self._on_started)
            self.side.open_side(form, self.tr("Plan a visit"))
            form.focus_first()

        self.shell.tasks.in_db(read, show, owner=self)

    def _on_planned(self, done: Done) -> None:
        self._choose("ahead")
        self.shell.router.replace(Visits(done.id))

    def _on_started(self, audit_id: UUID) -> None:
        self.shell.router.replace(Checklist(audit_id))
