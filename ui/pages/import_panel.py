"""What importing a spreadsheet would give: counts, and every problem with its place."""

from typing import ClassVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QHeaderView, QTableView

from audit_app.domain.words import Tone
from audit_app.errors import AuditError
from audit_app.forms.problems import Problem
from audit_app.forms.xlsform import ImportResult
from audit_app.services.templates import Imported
from ui.shell import Shell
from ui.theme.look import Look
from ui.widgets.form import Form
from ui.widgets.tag import Tag
from ui.widgets.wrap_layout import WrapLayout

ICONS = {
    "error": ("circle-alert", Tone.BAD),
    "warning": ("triangle-alert", Tone.WATCH),
    "info": ("info", Tone.NEUTRAL),
}


class ProblemTable(QAbstractTableModel):
    """Problems by place: sheet and row, column, what is wrong."""

    COLUMNS: ClassVar[int] = 3

    def __init__(self, look: Look, problems: tuple[Problem, ...]) -> None:
        super().__init__()
        self._look = look
        self._problems = problems
        self._titles = (self.tr("Where"), self.tr("Column"), self.tr("What"))

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._problems)

    def columnCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else self.COLUMNS

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if role != Qt.ItemDataRole.DisplayRole or orientation is Qt.Orientation.Vertical:
            return None
        return self._titles[section]

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if not index.isValid():
            return None
        problem = self._problems[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(problem, index.column())
        if role == Qt.ItemDataRole.ToolTipRole:
            return problem.message
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self._severity(problem)}: {self._text(problem, index.column())}"
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0:
            return self._icon(problem)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == 0:
            return QColor(self._look.tokens.tone(ICONS[problem.severity][1])[0])
        return None

    def _icon(self, problem: Problem) -> QIcon:
        icon, tone = ICONS[problem.severity]
        return self._look.icon(icon, self._look.tokens.tone(tone)[0], 18)

    def _severity(self, problem: Problem) -> str:
        return {
            "error": self.tr("Error"),
            "warning": self.tr("Warning"),
            "info": self.tr("Note"),
        }[problem.severity]

    def _text(self, problem: Problem, column: int) -> str:
        if column == 2:
            return problem.message
        if column == 1:
            return problem.column
        if not problem.sheet:
            return self.tr("The file")
        if not problem.row:
            return problem.sheet
        return self.tr("{0}, row {1}").format(problem.sheet, problem.row)


class ImportPanel(Form):
    """Nothing is kept until the button is pressed.

    Signals:
        imported: the ``Imported`` that came of it.
    """

    imported = Signal(object)

    def __init__(self, shell: Shell, result: ImportResult, data: bytes, name: str) -> None:
        action = "" if result.template is None else self.tr("Add to the library")
        super().__init__(shell.look, action, "check")
        self._shell, self._result, self._data, self._name = shell, result, data, name
        look = shell.look
        errors = sum(problem.severity == "error" for problem in result.problems)
        warnings = sum(problem.severity == "warning" for problem in result.problems)
        tags = WrapLayout()
        if result.template is None:
            words, icon = self.tr("Not importable"), "circle-alert"
            tags.addWidget(Tag(look, words, Tone.BAD, icon))
        else:
            tags.addWidget(Tag(look, self.tr("Importable"), Tone.GOOD, "check"))
        if errors:
            tags.addWidget(Tag(look, self.tr("%n error(s)", "", errors), Tone.BAD))
        if warnings:
            tags.addWidget(Tag(look, self.tr("%n warning(s)", "", warnings), Tone.WATCH))
        self.column.addLayout(tags)
        counts = self.tr("{0} questions in {1} sections").format(result.questions, result.sections)
        parts = [name, *([counts] if result.questions else []), *result.languages]
        self.text(", ".join(parts))
        if result.problems:
            self.add(self._table(look, result.problems))
        else:
            self.text(self.tr("Nothing to mend was found."))
        if result.template is None:
            self.text(self.tr("Mend the errors in the spreadsheet and import it again."), "error")
        self.submitted.connect(self._keep)

    def _table(self, look: Look, problems: tuple[Problem, ...]) -> QTableView:
        self.model = ProblemTable(look, problems)
        table = QTableView()
        table.setAccessibleName(self.tr("Problems"))
        table.setModel(self.model)
        table.setWordWrap(True)
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.setSelectionBehavior(QTableView.SelectionBehavior.SelectRows)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header = table.horizontalHeader()
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        table.setSelectionMode(QTableView.SelectionMode.SingleSelection)
        table.setVerticalScrollMode(QTableView.ScrollMode.ScrollPerPixel)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setHighlightSections(False)
        header.sectionResized.connect(lambda *_: self._fit_table(table))
        return table

    def _fit_table(self, table: QTableView) -> None:
        """As high as its rows, so that nothing empty stands under them."""
        rows = sum(table.rowHeight(row) for row in range(self.model.rowCount()))
        high = table.horizontalHeader().height() + rows + 4
        table.setFixedHeight(min(high, self.look.px(480)))

    def _keep(self) -> None:
        templates = self._shell.services.templates
        result, data, name = self._result, self._data, self._name
        if result.template is None:
            return
        self.begin()
        self._shell.tasks.in_db(
            lambda: templates.keep(result, data, name), self._on_kept, self._on_refused, owner=self
        )

    def _on_kept(self, imported: Imported) -> None:
        self.end()
        self.imported.emit(imported)

    def _on_refused(self, error: AuditError) -> None:
        self.refuse(error)
