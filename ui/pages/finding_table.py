"""The table of findings: every fact in its column, sorted by any of them."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from audit_app.services.finding_rows import FindingRow
from ui.models.finding_list import ROW_ROLE, SORT_ROLE, FindingTable
from ui.theme.look import Look
from ui.widgets.painted import isolated

ROW_HEIGHT = 46
WIDEST = 230
PAD = 10
FINDING, PLACE = 2, 4
LEAST_FINDING = 260
FIRST_TO_GO = (6, 8, 3, 4, 7)
"""Photos, opened, requirement, place, actions: what a narrow table leaves out, in this order."""
MEASURED_ROWS = 200


class _Cell(QStyledItemDelegate):
    """The words of a cell stand under the words of its head."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        inner = QStyleOptionViewItem(option)
        self.initStyleOption(inner, index)
        painter.save()
        if option.widget is not None:
            style = option.widget.style()
            style.drawPrimitive(
                style.PrimitiveElement.PE_PanelItemViewItem, inner, painter, option.widget
            )
        box = option.rect.adjusted(PAD, 0, -PAD, 0)
        elide = Qt.TextElideMode.ElideRight
        words = QFontMetricsF(inner.font).elidedText(inner.text, elide, box.width())
        painter.setFont(inner.font)
        painter.setPen(inner.palette.text().color())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(box, int(flags), isolated(words, option.direction))
        painter.restore()


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
        self._is_one_place = False
        self.setItemDelegate(_Cell(self))
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
        head.setSectionResizeMode(FINDING, QHeaderView.ResizeMode.Stretch)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        head.setHighlightSections(False)
        self.clicked.connect(self._on_index)
        self.activated.connect(self._on_index)
        look.changed.connect(self._fit)
        self._fit()

    def show_rows(self, rows: Sequence[FindingRow], *, is_one_place: bool = False) -> None:
        """Show these; of one audit or visit, the place goes without saying."""
        self.rows.show_rows(rows)
        self._is_one_place = is_one_place
        self._fit()

    def _fit(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self._look.px(ROW_HEIGHT))
        wide = {column: self._wanted(column) for column in range(self.rows.columnCount())}
        shown = set(wide) - ({PLACE} if self._is_one_place else set())
        least = self._look.px(LEAST_FINDING)
        for column in FIRST_TO_GO:
            others = sum(wide[one] for one in shown if one != FINDING)
            if others + least <= self.viewport().width():
                break
            shown.discard(column)
        for column, width in wide.items():
            self.setColumnHidden(column, column not in shown)
            if column != FINDING:
                self.setColumnWidth(column, width)

    def _wanted(self, column: int) -> int:
        """Room for the head with its arrow, and for the words of the first rows."""
        head = self.horizontalHeader().sectionSizeHint(column)
        cells = QFontMetricsF(self._look.font())
        first = range(min(MEASURED_ROWS, self.rows.rowCount()))
        words = [str(self.rows.index(row, column).data() or "") for row in first]
        most = max((cells.horizontalAdvance(text) for text in words), default=0.0)
        return min(self._look.px(WIDEST), max(head, round(most) + 2 * PAD + 4))

    def _on_index(self, index: QModelIndex) -> None:
        row = index.data(ROW_ROLE)
        if isinstance(row, FindingRow):
            self.opened.emit(row.id)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()
