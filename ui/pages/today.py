"""Today: the visit under way as the one large button, what comes next, what is late."""

from datetime import date
from typing import ClassVar

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QBoxLayout, QFrame, QSizePolicy, QVBoxLayout, QWidget

from audit_app.changes import Kind
from audit_app.domain.words import AuditState, Tone
from audit_app.services.programme_rows import AuditRow, TodayView, VisitRow
from ui.breadth import Breadth
from ui.models.row_list import ListRow, heading
from ui.pages.page import Page, PageHead
from ui.pages.rows import action_list_row, visit_list_row
from ui.routes import Actions, Checklist, PlanVisit, Route, Settings, Sync, Visits
from ui.shell import Shell
from ui.theme.look import Look
from ui.theme.tokens import RADIUS_CARD, SIDE_WIDTH, SIZES
from ui.widgets.button import Button
from ui.widgets.empty_state import EmptyState
from ui.widgets.painted import PaintedButton, draw_icon, draw_line, mirrored
from ui.widgets.row_view import RowView
from ui.words import age_words, day_words

OLD_BACKUP_DAYS = 2


class ContinueButton(PaintedButton):
    """The visit under way: one press goes on where it was left."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._line = ""
        self._share = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_visit(self, visit: VisitRow) -> None:
        """Show this visit with how far its checklists are."""
        answered = sum(audit.answered for audit in visit.audits)
        total = sum(audit.total for audit in visit.audits)
        self._share = answered / total if total else 0.0
        self.setText(self.tr("Continue: {0}").format(visit.vendor))
        counted = self.tr("{0} of {1} answered").format(answered, total)
        self._line = f"{visit.site}, {counted}" if total else visit.site
        self.setAccessibleName(f"{self.text()}. {self._line}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, self.look.px(104))

    def paintEvent(self, event: QPaintEvent) -> None:
        look, tokens = self.look, self.look.tokens
        painter = self.painter()
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        direction = self.layoutDirection()
        painter.setPen(QPen(QColor(tokens.text if self.hasFocus() else tokens.accent), 2))
        painter.setBrush(QColor(tokens.accent))
        painter.drawRoundedRect(box, RADIUS_CARD, RADIUS_CARD)
        colour = tokens.on_accent
        side = look.px(30)
        icon = QRectF(box.left() + 24, box.center().y() - side / 2, side, side)
        draw_icon(painter, look, "play", colour, mirrored(icon, box, direction))
        left, right = icon.right() + 22, box.right() - 24
        top = box.top() + look.px(18)
        title = QRectF(left, top, right - left, look.px(28))
        font = look.font(SIZES.question, 600)
        draw_line(painter, mirrored(title, box, direction), self.text(), font, colour)
        line = QRectF(left, title.bottom(), right - left, look.px(22))
        font = look.font(SIZES.secondary)
        draw_line(painter, mirrored(line, box, direction), self._line, font, colour)
        self._paint_bar(painter, QRectF(left, line.bottom() + 8, right - left, 6), box)
        painter.end()

    def _paint_bar(self, painter: QPainter, bar: QRectF, box: QRectF) -> None:
        direction = self.layoutDirection()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.look.tokens.on_accent))
        painter.setOpacity(0.3)
        painter.drawRoundedRect(mirrored(bar, box, direction), 3, 3)
        painter.setOpacity(1)
        done = QRectF(bar.left(), bar.top(), max(6.0, bar.width() * self._share), bar.height())
        painter.drawRoundedRect(mirrored(done, box, direction), 3, 3)


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
            self.tr("No visit planned"),
            self.tr("Plan one, or start an unplanned visit. It works without a network."),
            self.tr("Plan a visit"),
        )
        empty.chosen.connect(lambda: shell.router.go(PlanVisit()))
        self.visits = RowView(look, self.tr("Visits"), empty)
        self.visits.opened.connect(shell.router.go)
        main = QWidget()
        column = QVBoxLayout(main)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        inner = QVBoxLayout()
        inner.setContentsMargins(20, 4, 20, 12)
        inner.setSpacing(8)
        inner.addWidget(self.carry_on)
        inner.addWidget(self.visits, 1)
        column.addLayout(inner, 1)
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

    def reload(self) -> None:
        self.shell.tasks.in_db(self.shell.services.visits.today, self._show, owner=self)

    def fit(self, breadth: Breadth) -> None:
        super().fit(breadth)
        is_beside = breadth >= Breadth.MIDDLE
        direction = QBoxLayout.Direction
        self._row.setDirection(direction.LeftToRight if is_beside else direction.TopToBottom)
        wide = self.look.px(SIDE_WIDTH)
        self.side.setMinimumWidth(wide if is_beside else 0)
        self.side.setMaximumWidth(wide if is_beside else 16777215)
        self.side.setMaximumHeight(16777215 if is_beside else self.look.px(230))

    def panes(self) -> list[QWidget]:
        return [self.visits, self.facts]

    def _show(self, view: TodayView) -> None:
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
                rows += [visit_list_row(visit, Visits(visit.id), today) for visit in visits]
        self.visits.show_rows(rows)
        if not rows and view.under_way is not None:
            self.visits.setCurrentWidget(self.visits.list)
        self.facts.show_rows(self._fact_rows(view, today))

    def _fact_rows(self, view: TodayView, today: date) -> list[ListRow]:
        now = self.shell.clock.now()
        rows: list[ListRow] = [heading(self.tr("Overdue actions"))]
        for action in view.overdue[:6]:
            row = action_list_row(action, None, today)
            rows.append(
                ListRow(Actions(action.finding_id), row.title, row.line, row.icon, Tone.BAD)
            )
        if not view.overdue:
            rows.append(ListRow(Actions(), self.tr("Nothing is late"), "", "check", Tone.GOOD))
        elif len(view.overdue) > 6:
            more = self.tr("%n more", "", len(view.overdue) - 6)
            rows.append(ListRow(Actions(), more, "", "ellipsis", Tone.NEUTRAL))
        is_old = view.backup_at is None or (now - view.backup_at).days >= OLD_BACKUP_DAYS
        waiting = self.tr("%n change(s) not sent yet", "", view.waiting)
        if not view.waiting:
            waiting = self.tr("Nothing waits to be sent")
        return [
            *rows,
            heading(self.tr("This device")),
            ListRow(
                Settings("storage"),
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
