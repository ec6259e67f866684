"""A list of plain rows under headings: visits, vendors, actions, templates, reports."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QCoreApplication,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)

from audit_app.domain.words import Tone

ROW_ROLE = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Pill:
    """A status word; without a tone it takes the accent colour."""

    words: str
    tone: Tone | None = None


@dataclass(frozen=True, slots=True)
class Tick:
    """Something that is there, or still missing."""

    words: str
    is_on: bool

    @property
    def spoken(self) -> str:
        """As a screen reader says it, because it sees no tick."""
        translate = QCoreApplication.translate
        words = translate("rows", "{0}: yes") if self.is_on else translate("rows", "{0}: no")
        return words.format(self.words)


@dataclass(frozen=True, slots=True)
class ListRow:
    """One line of a list.

    Attributes:
        id: what is handed back when the row is opened; None for a heading.
        line: the second line, smaller.
        icon: drawn at the start, in a soft disc of ``tone``.
        trailing: words at the end, such as "in 6 days" or "87.5 %".
        strip: tones of past results, oldest first, drawn as a row of bars.
        ticks: what is there and what is not, in words, under the second line.
        is_tall: the title may take two lines, as in a narrow panel.
        is_heading: stands above a group and cannot be opened.
    """

    id: Hashable
    title: str
    line: str = ""
    icon: str = ""
    tone: Tone | None = Tone.NEUTRAL
    pills: tuple[Pill, ...] = ()
    trailing: str = ""
    strip: tuple[Tone, ...] = ()
    ticks: tuple[Tick, ...] = ()
    is_tall: bool = False
    is_heading: bool = False

    @property
    def spoken(self) -> str:
        """The row as a screen reader says it."""
        parts = [self.title, self.line, *(pill.words for pill in self.pills), self.trailing]
        parts += [tick.spoken for tick in self.ticks]
        return ". ".join(part for part in parts if part)


def heading(words: str) -> ListRow:
    """A heading above a group."""
    return ListRow(None, words, is_heading=True)


class RowList(QAbstractListModel):
    """Holds the rows; replaced whole, because a list is read whole."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[ListRow, ...] = ()

    @property
    def rows(self) -> tuple[ListRow, ...]:
        """What is shown."""
        return self._rows

    def show_rows(self, rows: Sequence[ListRow]) -> None:
        """Show these; the selection stays when only the words of the rows changed."""
        fresh = tuple(rows)
        if [row.id for row in fresh] == [row.id for row in self._rows] and fresh:
            self._rows = fresh
            self.dataChanged.emit(self.index(0), self.index(len(fresh) - 1))
            return
        self.beginResetModel()
        self._rows = fresh
        self.endResetModel()

    def row_of(self, wanted: Hashable) -> int:
        """The row of this id, -1 when it is not shown."""
        return next((i for i, row in enumerate(self._rows) if row.id == wanted), -1)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row.spoken
        return None

    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        if index.isValid() and self._rows[index.row()].is_heading:
            return Qt.ItemFlag.ItemIsEnabled
        return super().flags(index)
