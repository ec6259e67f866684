"""The board: a column for each thing that happens next to a finding."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListView, QScroller, QVBoxLayout, QWidget

from audit_app.services.finding_rows import FindingRow
from ui.delegates.finding_card import FindingCardDelegate
from ui.models.finding_list import ROW_ROLE, Column, FindingList, column_of
from ui.shell import Shell
from ui.widgets.text import Label


class BoardColumn(QWidget):
    """One column of the board."""

    def __init__(self, shell: Shell, title: str) -> None:
        super().__init__()
        self._words = title
        self._title = Label(title, "h3")
        self.model = FindingList()
        self.list = QListView()
        self.list.setAccessibleName(title)
        self.list.setModel(self.model)
        self.list.setItemDelegate(FindingCardDelegate(shell.look, self.list))
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setUniformItemSizes(True)
        touch = QScroller.ScrollerGestureType.TouchGesture
        QScroller.grabGesture(self.list.viewport(), touch)
        shell.look.changed.connect(self.list.doItemsLayout)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self.list, 1)

    def show_rows(self, rows: list[FindingRow], shell: Shell) -> None:
        """Show these findings."""
        self._title.setText(f"{self._words}  {len(rows)}")
        self.model.show_rows(rows, shell.clock.now())


class FindingBoard(QWidget):
    """Four columns side by side.

    Signals:
        opened: the id of the finding that was pressed.
    """

    opened = Signal(object)

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self.columns = {
            Column.OPEN: BoardColumn(shell, self.tr("Open")),
            Column.WAITING: BoardColumn(shell, self.tr("Waiting for vendor")),
            Column.VERIFY: BoardColumn(shell, self.tr("Verify")),
            Column.CLOSED: BoardColumn(shell, self.tr("Closed")),
        }
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(14)
        for column in self.columns.values():
            column.list.clicked.connect(self._on_index)
            column.list.activated.connect(self._on_index)
            across.addWidget(column, 1)

    def show_rows(self, rows: Sequence[FindingRow]) -> None:
        """Show these, each in its column."""
        by_column: dict[Column, list[FindingRow]] = {column: [] for column in Column}
        for row in rows:
            by_column[column_of(row)].append(row)
        for name, column in self.columns.items():
            column.show_rows(by_column[name], self._shell)

    def _on_index(self, index: QModelIndex) -> None:
        row = index.data(ROW_ROLE)
        if isinstance(row, FindingRow):
            self.opened.emit(row.id)
