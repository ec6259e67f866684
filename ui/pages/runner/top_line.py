"""Above the list: the section, what is left of it, the save mark, filters."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from audit_app.services.checklist_rows import ChoiceRow, QuestionRow
from ui.models.question_list import Filter, fits
from ui.theme.look import Look
from ui.widgets.button import Button, IconButton, Segmented
from ui.widgets.save_mark import SaveMark
from ui.widgets.text import ElidedLabel


class TopLine(QWidget):
    """Title and tools of the section.

    Signals:
        undo_asked, find_asked: the auditor pressed the button.
        filtered: a Filter.
        rest_marked: the name of the answer to give to the rest of the section.
        visit_asked, side_asked: show the visit panel, or the side panel, as a drawer.
    """

    undo_asked = Signal()
    find_asked = Signal()
    filtered = Signal(object)
    rest_marked = Signal(str)
    visit_asked = Signal()
    side_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._rest: tuple[ChoiceRow, ...] = ()
        self._title = ElidedLabel("", "h1")
        self._line = ElidedLabel("", "secondary")
        self.mark = SaveMark(look)
        self.undo = Button(look, self.tr("Undo"), "undo-2", "ghost", key="Ctrl+Z")
        self.undo.clicked.connect(self.undo_asked)
        self.jump = Button(look, self.tr("Find"), "search", "ghost", key="Ctrl+J")
        self.jump.clicked.connect(self.find_asked)
        self.jump_icon = IconButton(look, "search", self.tr("Find"), "ghost-icon", key="Ctrl+J")
        self.jump_icon.clicked.connect(self.find_asked)
        self._visit = IconButton(look, "panel-left", self.tr("Visit and sections"), "ghost-icon")
        self._visit.clicked.connect(self.visit_asked)
        self._side = IconButton(
            look, "panel-right", self.tr("Finding and evidence"), "ghost-icon", key="E"
        )
        self._side.clicked.connect(self.side_asked)
        self.filters = Segmented(look, (), self.tr("Which questions"))
        self.filters.chosen.connect(self.filtered)
        self.rest = Button(look, self.tr("Mark rest of section"), "list-todo", "ghost")
        self.rest.clicked.connect(self._open_rest)
        self._build()
        self.show_panels(has_visit=False, has_side=False)

    def show_section(self, title: str, rows: list[QuestionRow]) -> None:
        """Show the title and counts of the section with these questions."""
        to_do = sum(1 for row in rows if fits(row, Filter.TO_DO))
        flagged = sum(1 for row in rows if fits(row, Filter.FLAGGED))
        findings = sum(1 for row in rows if row.finding is not None)
        self._title.show_text(title)
        parts = [self.tr("%n question(s)", "", len(rows)), self.tr("{0} left").format(to_do)]
        if findings:
            parts.append(self.tr("%n finding(s)", "", findings))
        self._line.show_text(", ".join(parts))
        self.filters.show_options(
            (
                (Filter.ALL, self.tr("All {0}").format(len(rows))),
                (Filter.TO_DO, self.tr("To do {0}").format(to_do)),
                (Filter.FLAGGED, self.tr("Flagged {0}").format(flagged)),
            )
        )
        self._rest = _common(rows)
        self.rest.setEnabled(bool(self._rest))

    def show_filter(self, which: Filter) -> None:
        """Turn this filter on, without a signal."""
        self.filters.select(which)

    def show_undo(self, label: str) -> None:
        """What Undo would take back; "" for nothing."""
        self.undo.setEnabled(bool(label))
        words = self.tr("Undo: {0}").format(label) if label else self.tr("Undo")
        self.undo.setToolTip(f"{words}  Ctrl+Z")

    def show_panels(self, *, has_visit: bool, has_side: bool) -> None:
        """Whether the panels are drawers just now, to be opened from here."""
        self._visit.setVisible(has_visit)
        self._side.setVisible(has_side)
        is_tight = has_visit
        self.jump.setVisible(not is_tight)
        self.jump_icon.setVisible(is_tight)

    def offered(self) -> tuple[ChoiceRow, ...]:
        """The answers the rest of the section can be given."""
        return self._rest

    def _build(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._title)
        words.addWidget(self._line)
        top = QHBoxLayout()
        top.setContentsMargins(26, 16, 20, 10)
        top.setSpacing(8)
        top.addWidget(self._visit)
        top.addLayout(words, 1)
        for part in (self.mark, self.undo, self.jump, self.jump_icon, self._side):
            top.addWidget(part)
        tools = QHBoxLayout()
        tools.setContentsMargins(26, 2, 26, 8)
        tools.addWidget(self.filters)
        tools.addStretch(1)
        tools.addWidget(self.rest)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addLayout(tools)

    def _open_rest(self) -> None:
        menu = QMenu(self)
        menu.setObjectName("rest")
        for choice in self._rest:
            action = QAction(choice.label, menu)
            action.triggered.connect(
                lambda _on=False, name=choice.name: self.rest_marked.emit(name)
            )
            menu.addAction(action)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.rest.mapToGlobal(self.rest.rect().bottomLeft()))


def _common(rows: list[QuestionRow]) -> tuple[ChoiceRow, ...]:
    """The answers without a finding that the unanswered questions of the section offer."""
    found: dict[str, ChoiceRow] = {}
    for row in rows:
        if not row.answered and not row.critical and not row.readonly:
            for choice in row.choices:
                if choice.finding is None:
                    found.setdefault(choice.name, choice)
    return tuple(found.values())
