"""The table of findings: every fact in its column, sorted by any of them."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from audit_app.services.finding_rows import FindingRow
from ui.models.finding_list import ROW_ROLE, SORT_ROLE, FindingTable
from ui.theme.look import Look

ROW_HEIGHT = 46
WIDEST = 260


class FindingTableView(QTableView):
    """The gravest first, until another column is pressed.

    Signals:
        opened: the id of the finding that was pressed.
    """

    opened = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.rows = FindingTable()
        self.setAccessibleName(self.tr("Findings"))
        proxy = QSortFilterProxyModel(self)
        proxy.setSortRole(SORT_ROLE)
        proxy.setSourceModel(self.rows)
        self.setModel(proxy)
        self.setSortingEnabled(True)
        self.sortByColumn(1, Qt.SortOrder.AscendingOrder)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        head.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        head.setHighlightSections(False)
        self.clicked.connect(self._on_index)
        self.activated.connect(self._on_index)
        look.changed.connect(self._fit)
        self._fit()

    def show_rows(self, rows: Sequence[FindingRow]) -> None:
        """Show these."""
        self.rows.show_rows(rows)

    def _fit(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._look.px(ROW_HEIGHT))
        self.horizontalHeader().setMaximumSectionSize(self._look.px(WIDEST))

    def _on_index(self, index: QModelIndex) -> None:
        row = index.data(ROW_ROLE)
        if isinstance(row, FindingRow):
            self.opened.emit(row.id)
