"""A list of plain rows, or an empty state when there are none."""

from collections.abc import Hashable, Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListView, QScroller, QStackedWidget, QWidget

from ui.delegates.list_row import ListRowDelegate
from ui.models.row_list import ListRow, RowList
from ui.theme.look import Look


class _View(QListView):
    """The list itself: Enter opens, and so does one press, as on a tablet."""

    opened = Signal(QModelIndex)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
        if is_enter and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class RowView(QStackedWidget):
    """Rows under headings; one press or Enter opens a row.

    Signals:
        opened: the id of the row.
    """

    opened = Signal(object)

    def __init__(self, look: Look, name: str, empty: QWidget | None = None) -> None:
        super().__init__()
        self.model = RowList()
        self.list = _View()
        self.list.setAccessibleName(name)
        self.list.setModel(self.model)
        self.list.setItemDelegate(ListRowDelegate(look, self.list))
        self.list.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        touch = QScroller.ScrollerGestureType.TouchGesture
        QScroller.grabGesture(self.list.viewport(), touch)
        self.list.clicked.connect(self._on_opened)
        self.list.opened.connect(self._on_opened)
        self.setFocusProxy(self.list)
        self.addWidget(self.list)
        self._empty = empty
        if empty is not None:
            self.addWidget(empty)
        look.changed.connect(self.list.doItemsLayout)

    def show_rows(self, rows: Sequence[ListRow]) -> None:
        """Show these rows, or the empty state when there are none."""
        self.model.show_rows(rows)
        shown = self.list if rows or self._empty is None else self._empty
        self.setCurrentWidget(shown)

    def select(self, wanted: Hashable) -> None:
        """Mark the row of this id, and bring it into view."""
        row = self.model.row_of(wanted)
        if row >= 0:
            self.list.setCurrentIndex(self.model.index(row))

    @property
    def is_empty(self) -> bool:
        """Whether the empty state is shown."""
        return self._empty is not None and self.currentWidget() is self._empty

    def _on_opened(self, index: QModelIndex) -> None:
        row = self.model.rows[index.row()]
        if not row.is_heading:
            self.opened.emit(row.id)
