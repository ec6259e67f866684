"""All findings: a board by what happens next, or a table."""

from functools import partial
from uuid import UUID

from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from audit_app.changes import Kind
from audit_app.domain.words import AuditState, Grade
from audit_app.errors import AuditError
from audit_app.services.finding_rows import FindingRow, FindingView
from audit_app.services.results import Done
from ui.breadth import Breadth
from ui.commands import Command
from ui.devices.camera import Camera, QtCamera
from ui.models.finding_list import Column
from ui.pages.finding_board import FindingBoard
from ui.pages.finding_side import FindingSide, NewFinding
from ui.pages.finding_table import FindingTableView
from ui.pages.page import Page, PageHead
from ui.pages.runner.photos import Photos, Place
from ui.pages.runner.viewer import PhotoViewer
from ui.routes import Checklist, Findings, Route
from ui.shell import Shell
from ui.widgets.button import Button, Segmented
from ui.widgets.empty_state import EmptyState
from ui.widgets.field import SearchField
from ui.widgets.side_by_side import SideBySide
from ui.widgets.wrap_layout import WrapLayout
from ui.words import word

BOARD, TABLE = "board", "table"
SEARCH_WIDTH = 250


class FindingsPage(Page):
    """Board and table over the same rows, with the chosen finding beside them."""

    cares_for = frozenset({Kind.FINDING, Kind.ACTION, Kind.EVIDENCE, Kind.AUDIT, Kind.ANSWER})

    def __init__(self, shell: Shell, camera: Camera | None = None) -> None:
        super().__init__(shell)
        look = shell.look
        self._route = Findings()
        self._rows: tuple[FindingRow, ...] = ()
        self._grades: set[Grade] = set()
        self.head = PageHead(self.tr("Findings"))
        self.new = Button(look, self.tr("New finding"), "plus", "primary")
        self.new.clicked.connect(self.start_new)
        self.kind = Segmented(
            look,
            ((BOARD, self.tr("Board")), (TABLE, self.tr("Table"))),
            self.tr("Board or table"),
        )
        self.kind.chosen.connect(self._show_kind)
        self.head.add(self.kind)
        self.head.add(self.new)
        self.search = SearchField(look, self.tr("Find a finding"))
        self.search.searched.connect(lambda _text: self._refresh())
        self.chips = {grade: self._chip(grade) for grade in Grade}
        self.only = Button(look, "", "x", "choice")
        self.only.setCheckable(True)
        self.only.clicked.connect(self._show_all)
        self.board = FindingBoard(shell)
        self.table = FindingTableView(look)
        for view in (self.board, self.table):
            view.opened.connect(self.open_finding)
        self.empty = EmptyState(
            look,
            "flag",
            self.tr("No findings yet"),
            self.tr("A Fail or an Observation in the checklist opens one here."),
            self.tr("New finding"),
        )
        self.empty.chosen.connect(self.start_new)
        self._build()
        self.photos = Photos(shell, self, camera or QtCamera())
        self.viewer = PhotoViewer(shell, self)
        self._declare()

    def open_route(self, route: Route) -> None:
        if isinstance(route, Findings):
            is_narrowed = route.audit_id is not None or route.visit_id is not None
            self._route = route
            self.only.setVisible(is_narrowed)
            self.only.setChecked(is_narrowed)
            words = self.tr("This audit only") if route.audit_id else self.tr("This visit only")
            self.only.setText(words)
            if route.finding_id is not None:
                self.open_finding(route.finding_id)
        self.board.columns[Column.OPEN].list.setFocus()
        self.reload()

    def reload(self) -> None:
        service = self.shell.services.findings
        route = self._route
        work = partial(service.listed, audit_id=route.audit_id, visit_id=route.visit_id)
        self.shell.tasks.in_db(work, self.show_rows, owner=self)

    def flush(self) -> None:
        side = self.beside.content
        if isinstance(side, FindingSide):
            side.flush()

    def fit(self, breadth: Breadth) -> None:
        super().fit(breadth)
        self.beside.fit(breadth)
        # Four columns need room; a narrow window shows the table instead.
        if breadth < Breadth.MIDDLE and self.kind.value == BOARD:
            self.kind.select(TABLE)
            self._show_kind(TABLE)

    def panes(self) -> list[QWidget]:
        return [self.search, self._views, self.beside.panel]

    def show_rows(self, rows: tuple[FindingRow, ...]) -> None:
        """Show these findings, as the chips and the search narrow them."""
        self._rows = rows
        self._refresh()

    def open_finding(self, finding_id: UUID) -> None:
        """Put this finding beside the board."""
        self.flush()
        side = FindingSide(self.shell, finding_id)
        number = next((row.number for row in self._rows if row.id == finding_id), "")
        side.desk.shown.connect(partial(self._name_side, side))
        side.question_asked.connect(lambda audit, ref: self.shell.router.go(Checklist(audit, ref)))
        side.photo_asked.connect(
            lambda audit, finding: self.photos.take(Place(audit, finding_id=finding))
        )
        side.photo_opened.connect(self.viewer.open_photos)
        side.merged.connect(self.open_finding)
        self.beside.open_side(side, self.tr("Finding {0}").format(number))

    def _name_side(self, side: FindingSide, view: FindingView) -> None:
        if self.beside.content is side:
            self.beside.open_side(side, self.tr("Finding {0}").format(view.row.number))

    def start_new(self) -> None:
        """A finding that no question asked for."""
        services = self.shell.services

        def work() -> list[tuple[UUID, str]]:
            return [
                (audit.id, f"{visit.vendor}, {visit.site}: {audit.template}")
                for visit in services.visits.listed()
                for audit in visit.audits
                if audit.state is AuditState.OPEN
            ]

        self.shell.tasks.in_db(work, self._show_new, owner=self)

    def turn_kind(self) -> None:
        """Board to table, and back."""
        kind = TABLE if self.kind.value == BOARD else BOARD
        self.kind.select(kind)
        self._show_kind(kind)

    def _show_new(self, audits: list[tuple[UUID, str]]) -> None:
        form = NewFinding(self.look, audits)
        if self._route.audit_id is not None:
            wanted = self._route.audit_id
            if any(audit == wanted for audit, _ in audits):
                form.audit.select(wanted)
        form.submitted.connect(partial(self._open_new, form))
        self.beside.open_side(form, self.tr("New finding"))
        form.title.setFocus()

    def _open_new(self, form: NewFinding) -> None:
        audit, grade = form.audit.value, form.grade.value
        if not isinstance(audit, UUID) or not isinstance(grade, Grade):
            return
        work = partial(
            self.shell.services.findings.open, audit, grade=grade, title=form.title.text()
        )

        def done(made: Done) -> None:
            self.open_finding(made.id)

        def failed(error: AuditError) -> None:
            form.refuse(error)

        self.shell.tasks.in_db(work, done, failed, owner=form)

    def _refresh(self) -> None:
        wanted = self.search.text().strip().casefold().split()
        rows = [
            row
            for row in self._rows
            if (not self._grades or row.grade in self._grades)
            and all(part in _spoken(row) for part in wanted)
        ]
        is_one_place = bool(self._route.audit_id or self._route.visit_id)
        self.board.show_rows(rows, is_one_place=is_one_place)
        self.table.show_rows(rows, is_one_place=is_one_place)
        is_narrowed = bool(wanted or self._grades or is_one_place)
        count = self.tr("%n finding(s)", "", len(rows))
        self.head.show_words(self.tr("Findings"), count)
        if self._rows or is_narrowed:
            self._show_kind(self.kind.value)
        else:
            self._views.setCurrentWidget(self.empty)

    def _show_kind(self, kind: object) -> None:
        self._views.setCurrentWidget(self.board if kind == BOARD else self.table)

    def _show_all(self) -> None:
        self.shell.router.replace(Findings())

    def _chip(self, grade: Grade) -> Button:
        button = Button(self.look, word(grade), kind="choice")
        button.setCheckable(True)
        button.toggled.connect(partial(self._on_chip, grade))
        return button

    def _on_chip(self, grade: Grade, is_on: bool) -> None:
        if is_on:
            self._grades.add(grade)
        else:
            self._grades.discard(grade)
        self._refresh()

    def _build(self) -> None:
        self._views = QStackedWidget()
        for view in (self.board, self.table, self.empty):
            self._views.addWidget(view)
        tools = WrapLayout(8)
        self.search.setFixedWidth(self.look.px(SEARCH_WIDTH))
        for part in (self.search, *self.chips.values(), self.only):
            tools.addWidget(part)
        self.only.hide()
        narrowing = QVBoxLayout()
        narrowing.setContentsMargins(26, 0, 20, 10)
        narrowing.addLayout(tools)
        margin = QHBoxLayout()
        margin.setContentsMargins(26, 0, 20, 14)
        margin.addWidget(self._views)
        main = QWidget()
        whole = QVBoxLayout(main)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.head)
        whole.addLayout(narrowing)
        whole.addLayout(margin, 1)
        self.beside = SideBySide(self.look, main)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.beside)

    def _declare(self) -> None:
        group = self.tr("Findings")
        self.shell.commands.declare(
            [
                Command(
                    "findings.kind",
                    self.tr("Board or table"),
                    group,
                    self.turn_kind,
                    "table",
                    ("T",),
                ),
                Command(
                    "findings.new", self.tr("New finding"), group, self.start_new, "plus", ("F",)
                ),
                Command(
                    "findings.search",
                    self.tr("Find a finding"),
                    group,
                    self.search.setFocus,
                    "search",
                    ("Ctrl+F",),
                ),
                Command(
                    "findings.close",
                    self.tr("Close the panel"),
                    group,
                    self.beside.close_side,
                    keys=("Escape",),
                    is_listed=False,
                ),
            ],
            on=self,
        )


def _spoken(row: FindingRow) -> str:
    parts = (row.number, row.title, row.clause, row.vendor, row.site, row.question)
    return " ".join(parts).casefold()
