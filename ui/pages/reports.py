"""Reports: which audits are ready for one, and the register of those handed over."""

from typing import ClassVar
from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout, QWidget

from audit_app.changes import Kind
from audit_app.domain.words import AuditState, Tone
from audit_app.services.programme_rows import AuditRow, ReportRow, VisitRow
from ui.breadth import Breadth
from ui.fuzzy import fits
from ui.models.row_list import ListRow, Pill, heading
from ui.pages.list_column import ListColumn
from ui.pages.page import Page, PageHead
from ui.pages.report_panel import ReportPanel
from ui.routes import Reports, Route, Visits
from ui.shell import Shell
from ui.theme.tokens import RATING_TONES
from ui.widgets.empty_state import EmptyState
from ui.widgets.field import SearchField
from ui.widgets.row_view import RowView
from ui.widgets.side_by_side import SideBySide
from ui.words import day_words, percent_words, size_words, span_words, word

Found = tuple[tuple[ReportRow, ...], tuple[VisitRow, ...]]


class ReportsPage(Page):
    """Signed audits first, because a report is waited for."""

    cares_for: ClassVar[frozenset[Kind]] = frozenset({Kind.REPORT, Kind.AUDIT, Kind.VISIT})

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        look = self.look
        self._route = Reports()
        self._reports: tuple[ReportRow, ...] = ()
        self._visits: tuple[VisitRow, ...] = ()
        head = PageHead(self.tr("Reports"))
        self.search = SearchField(look, self.tr("Find a report, vendor or site"))
        self.search.searched.connect(lambda _text: self._show_list())
        self.empty = EmptyState(
            look,
            "file-text",
            self.tr("No reports yet"),
            self.tr(
                "A report is made from an audit: a draft at any time, the real one when signed."
            ),
            self.tr("Open the visits"),
        )
        self.empty.chosen.connect(lambda: shell.router.go(Visits()))
        self.list = RowView(look, self.tr("Reports"), self.empty)
        self.list.opened.connect(self._on_opened)
        main = ListColumn(head, self.list, controls=(self.search,))
        self.side = SideBySide(look, main, width=580)
        self.side.closed.connect(lambda: shell.router.replace(Reports()))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.side)

    def open_route(self, route: Route) -> None:
        self._route = route if isinstance(route, Reports) else Reports()
        self.reload()

    def reload(self) -> None:
        services = self.shell.services
        self.shell.tasks.in_db(
            lambda: (services.reports.listed(), services.visits.listed()), self._show, owner=self
        )

    def fit(self, breadth: Breadth) -> None:
        super().fit(breadth)
        self.side.fit(breadth)

    def panes(self) -> list[QWidget]:
        return [self.list, self.side.panel]

    def _show(self, found: Found) -> None:
        self._reports, self._visits = found
        self._show_list()
        if self._route.audit_id is not None:
            self._open_audit(self._route.audit_id)

    def _show_list(self) -> None:
        query = self.search.text().strip()
        issued = {report.audit_id for report in self._reports}
        ready: list[ListRow] = []
        drafts: list[ListRow] = []
        for visit in self._visits:
            for audit in visit.audits:
                text = f"{visit.vendor} {visit.site} {visit.number} {audit.template}"
                if not fits(query, text):
                    continue
                if audit.state is AuditState.SIGNED and audit.id not in issued:
                    ready.append(self._audit_row(visit, audit))
                elif audit.state is AuditState.OPEN and audit.answered:
                    drafts.append(self._audit_row(visit, audit))
        reports = [
            self._report_row(report)
            for report in self._reports
            if fits(query, f"{report.vendor} {report.site} {report.number} {report.template}")
        ]
        rows: list[ListRow] = []
        for title, group in (
            (self.tr("Signed, report to be made"), ready),
            (self.tr("Under way, draft possible"), drafts),
            (self.tr("Issued"), reports),
        ):
            if group:
                rows += [heading(title), *group]
        if query:
            self.empty.show_words(self.tr("Nothing fits “{0}”").format(query))
        self.list.show_rows(rows)
        self.list.select(("audit", self._route.audit_id))

    def _audit_row(self, visit: VisitRow, audit: AuditRow) -> ListRow:
        parts = (visit.site, audit.template, span_words(visit.starts, visit.ends))
        pills: tuple[Pill, ...] = ()
        if audit.state is AuditState.SIGNED:
            pills = (Pill(word(audit.rating), RATING_TONES[audit.rating]),)
        return ListRow(
            ("audit", audit.id),
            visit.vendor,
            ", ".join(part for part in parts if part),
            icon="file-text",
            tone=None,
            pills=pills,
            trailing=percent_words(audit.score),
        )

    def _report_row(self, report: ReportRow) -> ListRow:
        day = day_words(report.issued_at.astimezone().date())
        pages = self.tr("%n page(s)", "", report.pages)
        return ListRow(
            ("report", report.id),
            report.number,
            ", ".join((report.vendor, report.site, day)),
            icon="file-text",
            tone=Tone.GOOD,
            pills=(Pill(self.tr("Issued"), Tone.GOOD),),
            trailing=f"{pages}, {size_words(report.size)}",
        )

    def _on_opened(self, found: object) -> None:
        if not isinstance(found, tuple):
            return
        kind, found_id = found
        if kind == "audit":
            self.shell.router.go(Reports(found_id))
            return
        report = next(row for row in self._reports if row.id == found_id)
        panel = self._panel()
        panel.show_issued(report)
        self.side.open_side(panel, report.number)

    def _open_audit(self, audit_id: UUID) -> None:
        for visit in self._visits:
            for audit in visit.audits:
                if audit.id == audit_id:
                    panel = self._panel()
                    panel.show_audit(visit, audit)
                    self.side.open_side(panel, f"{visit.vendor}, {visit.site}")
                    return
        self.side.close_side()

    def _panel(self) -> ReportPanel:
        content = self.side.content
        return content if isinstance(content, ReportPanel) else ReportPanel(self.shell)
