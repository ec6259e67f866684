"""The board: a column for each thing that happens next to a finding."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListView,
    QScrollArea,
    QScroller,
    QVBoxLayout,
    QWidget,
)

from audit_app.services.finding_rows import FindingRow
from ui.delegates.finding_card import FindingCardDelegate
from ui.models.finding_list import ROW_ROLE, Column, FindingList, column_of
from ui.shell import Shell
from ui.widgets.text import Label

LEAST = 190


class BoardColumn(QWidget):
    """One column of the board."""

    def __init__(self, shell: Shell, title: str, empty: str) -> None:
        super().__init__()
        self._words = title
        self._title = Label(title, "h3")
        self.model = FindingList()
        self.list = QListView()
        self.list.setAccessibleName(title)
        self.list.setModel(self.model)
        self.cards = FindingCardDelegate(shell.look, self.list)
        self.list.setItemDelegate(self.cards)
        self._none = Label(empty, "secondary", is_wrapped=True)
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
        column.addWidget(self._none)
        column.addWidget(self.list, 1)

    def show_rows(self, rows: list[FindingRow], shell: Shell, *, is_one_place: bool) -> None:
        """Show these findings; of one audit or visit, the place goes without saying."""
        self._title.setText(f"{self._words}  {len(rows)}")
        self._none.setVisible(not rows)
        self.cards.show_places(is_shown=not is_one_place)
        self.model.show_rows(rows, shell.clock.now())


class FindingBoard(QWidget):
    """Four columns side by side; where there is no room for them they scroll sideways.

    Signals:
        opened: the id of the finding that was pressed.
    """

    opened = Signal(object)

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self.columns = {
            Column.OPEN: BoardColumn(
                shell, self.tr("Open"), self.tr("What is not issued yet stands here.")
            ),
            Column.WAITING: BoardColumn(
                shell,
                self.tr("Waiting for vendor"),
                self.tr("Signing the audit issues its findings to the vendor."),
            ),
            Column.VERIFY: BoardColumn(
                shell,
                self.tr("Verify"),
                self.tr("A finding whose actions are all done waits here to be verified."),
            ),
            Column.CLOSED: BoardColumn(shell, self.tr("Closed"), self.tr("Nothing is closed yet.")),
        }
        inner = QWidget()
        across = QHBoxLayout(inner)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(14)
        for column in self.columns.values():
            column.list.clicked.connect(self._on_index)
            column.list.activated.connect(self._on_index)
            across.addWidget(column, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)
        shell.look.changed.connect(self._fit)
        self._fit()

    def show_rows(self, rows: Sequence[FindingRow], *, is_one_place: bool = False) -> None:
        """Show these, each in its column."""
        by_column: dict[Column, list[FindingRow]] = {column: [] for column in Column}
        for row in rows:
            by_column[column_of(row)].append(row)
        for name, column in self.columns.items():
            column.show_rows(by_column[name], self._shell, is_one_place=is_one_place)

    def _fit(self) -> None:
        for column in self.columns.values():
            column.setMinimumWidth(self._shell.look.px(LEAST))

    def _on_index(self, index: QModelIndex) -> None:
        row = index.data(ROW_ROLE)
        if isinstance(row, FindingRow):
            self.opened.emit(row.id)
