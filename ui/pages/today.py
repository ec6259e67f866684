"""Today: the visit under way as the one large button, what comes next, what is late."""

from datetime import date
from typing import ClassVar
from uuid import UUID

from PySide6.QtWidgets import QBoxLayout, QFrame, QVBoxLayout, QWidget

from audit_app.changes import Kind
from audit_app.domain.words import AuditState, Tone, VisitState
from audit_app.services.programme_rows import AuditRow, TodayView, VisitRow
from audit_app.services.readiness import Readiness
from ui.breadth import Breadth
from ui.models.row_list import ListRow, heading
from ui.pages.continue_button import ContinueButton
from ui.pages.list_column import ListColumn
from ui.pages.page import Page, PageHead
from ui.pages.rows import late_action_row, visit_list_row
from ui.routes import Actions, Backups, Checklist, PlanVisit, Route, Sync, Visits
from ui.shell import Shell
from ui.theme.tokens import SIDE_WIDTH
from ui.widgets.button import Button
from ui.widgets.empty_state import EmptyState
from ui.widgets.hand import lay_out_for_hand
from ui.widgets.row_view import RowView
from ui.words import age_words, day_words

OLD_BACKUP_DAYS = 2
MOST_LATE = 5
MOST_SIGNED = 3

Found = tuple[TodayView, dict[UUID, Readiness], tuple[VisitRow, ...]]


class TodayPage(Page):
    """Home: answers "what now?" in one look."""

    cares_for: ClassVar[frozenset[Kind]] = frozenset(
        {Kind.VISIT, Kind.AUDIT, Kind.ANSWER, Kind.ACTION, Kind.FINDING, Kind.SITE, Kind.VENDOR}
    )

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        look = self.look
        self.head = PageHead(self.tr("Today"))
        every = Button(look, self.tr("All visits"), "calendar-days", "ghost")
        every.clicked.connect(lambda: shell.router.go(Visits()))
        plan = Button(look, self.tr("Plan a visit"), "calendar-plus", key="Ctrl+N")
        plan.clicked.connect(lambda: shell.router.go(PlanVisit()))
        self.head.add(every)
        self.head.add(plan)
        self.carry_on = ContinueButton(look)
        self.carry_on.clicked.connect(self._on_carry_on)
        self.carry_on.hide()
        empty = EmptyState(
            look,
            "calendar-check",
            self.tr("No visit planned today"),
            self.tr("Plan one, or start an unplanned visit. Both work without a network."),
            self.tr("Plan a visit"),
        )
        empty.chosen.connect(lambda: shell.router.go(PlanVisit()))
        self.visits = RowView(look, self.tr("Visits"), empty)
        self.visits.opened.connect(shell.router.go)
        main = ListColumn(self.head, self.visits, above=(self.carry_on,))
        self.side = QFrame()
        self.side.setObjectName("side")
        self.facts = RowView(look, self.tr("Late, and on this device"))
        self.facts.opened.connect(shell.router.go)
        beside = QVBoxLayout(self.side)
        beside.setContentsMargins(6, 8, 6, 8)
        beside.addWidget(self.facts)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(main, 1)
        self._row.addWidget(self.side)
        self._audit: AuditRow | None = None
        self.look.changed.connect(self._on_look_changed)

    def reload(self) -> None:
        visits = self.shell.services.visits

        def work() -> Found:
            view = visits.today()
            unreported = [row for row in visits.listed() if row.state is VisitState.SIGNED]
            return view, visits.readiness((*view.today, *view.upcoming)), tuple(unreported)

        self.shell.tasks.in_db(work, self._show, owner=self)

    def fit(self, breadth: Breadth) -> None:
        super().fit(breadth)
        is_beside = breadth >= Breadth.MIDDLE
        if is_beside:
            lay_out_for_hand(self.look, self._row, self.side)
        else:
            self._row.setDirection(QBoxLayout.Direction.TopToBottom)
        wide = self.look.px(SIDE_WIDTH)
        self.side.setMinimumWidth(wide if is_beside else 0)
        self.side.setMaximumWidth(wide if is_beside else 16777215)
        self.side.setMaximumHeight(16777215 if is_beside else self.look.px(230))

    def panes(self) -> list[QWidget]:
        return [self.visits, self.facts]

    def _on_look_changed(self) -> None:
        self.fit(self.breadth)

    def _show(self, found: Found) -> None:
        view, ready, unreported = found
        today = self.shell.clock.now().astimezone().date()
        self.head.show_words(self.tr("Today"), day_words(today))
        self.carry_on.setVisible(view.under_way is not None)
        self._audit = None
        if view.under_way is not None:
            self.carry_on.show_visit(view.under_way)
            audits = view.under_way.audits
            is_open = (audit for audit in audits if audit.state is AuditState.OPEN)
            self._audit = next(is_open, audits[0] if audits else None)
        rows: list[ListRow] = []
        for title, visits in (
            (self.tr("Today"), view.today),
            (self.tr("Next"), view.upcoming),
        ):
            if visits:
                rows.append(heading(title))
                rows += [
                    visit_list_row(visit, Visits(visit.id), today, ready=ready.get(visit.id))
                    for visit in visits
                ]
        if unreported:
            rows.append(heading(self.tr("Signed, report to be made")))
            rows += [
                visit_list_row(visit, Visits(visit.id), today) for visit in unreported[:MOST_SIGNED]
            ]
        self.visits.show_rows(rows)
        if not rows and view.under_way is not None:
            self.visits.setCurrentWidget(self.visits.list)
        self.facts.show_rows(self._fact_rows(view, today))

    def _fact_rows(self, view: TodayView, today: date) -> list[ListRow]:
        now = self.shell.clock.now()
        rows: list[ListRow] = [heading(self.tr("Overdue actions"))]
        rows += [
            late_action_row(action, Actions(action.finding_id), today)
            for action in view.overdue[:MOST_LATE]
        ]
        if not view.overdue:
            rows.append(ListRow(Actions(), self.tr("Nothing is late"), "", "check", Tone.GOOD))
        elif len(view.overdue) > MOST_LATE:
            every = self.tr("All %Ln overdue action(s)", "", len(view.overdue))
            rows.append(ListRow(Actions(), every, "", "list-todo"))
        is_old = view.backup_at is None or (now - view.backup_at).days >= OLD_BACKUP_DAYS
        waiting = self.tr("%Ln change(s) not sent yet", "", view.waiting)
        if not view.waiting:
            waiting = self.tr("Nothing waits to be sent")
        return [
            *rows,
            heading(self.tr("This device")),
            ListRow(
                Backups(),
                self.tr("Backup"),
                self.tr("Last made: {0}").format(age_words(view.backup_at, now)),
                "hard-drive",
                Tone.WATCH if is_old else Tone.GOOD,
            ),
            ListRow(
                Sync(),
                waiting,
                self.tr("Everything is saved on this device"),
                "cloud-off",
                Tone.WATCH if view.waiting else Tone.GOOD,
            ),
        ]

    def _on_carry_on(self) -> None:
        audit = self._audit
        route: Route = Checklist(audit.id) if audit is not None else Visits()
        self.shell.router.go(route)
