"""Corrective actions by how soon they are due; one of them beside the list."""

from datetime import date, timedelta
from typing import ClassVar
from uuid import UUID

from PySide6.QtWidgets import QVBoxLayout, QWidget

from audit_app.changes import Kind
from audit_app.domain.actions import DONE
from audit_app.services.finding_rows import ActionRow
from ui.breadth import Breadth
from ui.commands import Command
from ui.fuzzy import fits
from ui.models.row_list import ListRow, heading
from ui.pages.action_panel import ActionPanel
from ui.pages.list_column import ListColumn
from ui.pages.page import Page, PageHead
from ui.pages.rows import action_list_row
from ui.routes import Actions, Findings, Route
from ui.shell import Shell
from ui.widgets.button import Segmented
from ui.widgets.empty_state import EmptyState
from ui.widgets.field import SearchField
from ui.widgets.row_view import RowView
from ui.widgets.side_by_side import SideBySide


class ActionsPage(Page):
    """Overdue, this week, later, done."""

    cares_for: ClassVar[frozenset[Kind]] = frozenset({Kind.ACTION, Kind.FINDING})

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        look = self.look
        self._actions: tuple[ActionRow, ...] = ()
        self._finding: UUID | None = None
        self._chosen: UUID | None = None
        self.head = PageHead(self.tr("Actions"))
        self.which = Segmented(
            look,
            (("open", self.tr("Open")), ("late", self.tr("Overdue")), ("done", self.tr("Done"))),
            self.tr("Which actions"),
        )
        self.which.chosen.connect(lambda _which: self._show_list())
        self.search = SearchField(look, self.tr("Find an action, owner, vendor or site"))
        self.search.searched.connect(lambda _text: self._show_list())
        self.empty = EmptyState(
            look,
            "list-todo",
            self.tr("No actions"),
            self.tr("An action is agreed on a finding: who does what by when."),
            self.tr("Open the findings"),
        )
        self.empty.chosen.connect(lambda: shell.router.go(Findings()))
        self.list = RowView(look, self.tr("Actions"), self.empty)
        self.list.opened.connect(self._open)
        main = ListColumn(self.head, self.list, controls=(self.search, self.which))
        self.side = SideBySide(look, main, width=400)
        self.side.closed.connect(self._on_closed)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.side)
        shell.commands.declare(
            [
                Command(
                    "actions.search",
                    self.tr("Search actions"),
                    self.tr("Actions"),
                    self.search.setFocus,
                    "search",
                    ("Ctrl+F",),
                ),
            ],
            on=self,
        )

    def open_route(self, route: Route) -> None:
        self._finding = route.finding_id if isinstance(route, Actions) else None
        self.reload()

    def reload(self) -> None:
        self.shell.tasks.in_db(self.shell.services.actions.listed, self._show, owner=self)

    def fit(self, breadth: Breadth) -> None:
        super().fit(breadth)
        self.side.fit(breadth)

    def panes(self) -> list[QWidget]:
        return [self.search, self.list, self.side.panel]

    def _show(self, actions: tuple[ActionRow, ...]) -> None:
        self._actions = actions
        late = sum(action.overdue for action in actions)
        done = sum(action.state in DONE for action in actions)
        self.which.show_options(
            (
                ("open", self.tr("Open {0}").format(len(actions) - done)),
                ("late", self.tr("Overdue {0}").format(late)),
                ("done", self.tr("Done {0}").format(done)),
            )
        )
        if self._finding is not None and self._chosen is None:
            of_finding = (row.id for row in actions if row.finding_id == self._finding)
            self._chosen = next(of_finding, None)
            self._finding = None
        self._show_list()
        if self._chosen is not None:
            self._open(self._chosen)

    def _show_list(self) -> None:
        query = self.search.text().strip()
        today = self.shell.clock.now().astimezone().date()
        groups: dict[str, list[ActionRow]] = {}
        for action in self._actions:
            words = f"{action.text} {action.owner} {action.vendor} {action.site}"
            if fits(query, f"{words} {action.finding_number}") and self._is_shown(action):
                groups.setdefault(self._group(action, today), []).append(action)
        rows: list[ListRow] = []
        for title in self._titles():
            if title in groups:
                rows.append(heading(title))
                rows += [action_list_row(row, row.id, today) for row in groups[title]]
        if query:
            self.empty.show_words(self.tr("Nothing fits “{0}”").format(query))
        elif self._actions:
            self.empty.show_words(self.tr("Nothing here"), self.tr("All is as it should be."))
        self.list.show_rows(rows)

    def _is_shown(self, action: ActionRow) -> bool:
        is_done = action.state in DONE
        by_filter = {"open": not is_done, "late": action.overdue, "done": is_done}
        return by_filter.get(str(self.which.value), True)

    def _titles(self) -> tuple[str, ...]:
        return (
            self.tr("Overdue"),
            self.tr("This week"),
            self.tr("Later"),
            self.tr("Without a date"),
            self.tr("Done"),
        )

    def _group(self, action: ActionRow, today: date) -> str:
        late, week, later, undated, done = self._titles()
        if action.state in DONE:
            return done
        if action.overdue:
            return late
        if action.due is None:
            return undated
        sunday = today + timedelta(days=6 - today.weekday())
        return week if action.due <= sunday else later

    def _open(self, action_id: object) -> None:
        action = next((row for row in self._actions if row.id == action_id), None)
        if action is None:
            self._chosen = None
            self.side.close_side()
            return
        self._chosen = action.id
        self.list.select(action.id)
        content = self.side.content
        panel = content if isinstance(content, ActionPanel) else ActionPanel(self.shell)
        panel.show_action(action)
        self.side.open_side(panel, self.tr("Action on {0}").format(action.finding_number))

    def _on_closed(self) -> None:
        self._chosen = None
