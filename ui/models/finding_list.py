"""Findings for the board and for the table."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from PySide6.QtCore import (
    QAbstractListModel,
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    Qt,
)

from audit_app.domain.words import FindingState
from audit_app.services.finding_rows import FindingRow
from ui.words import age_words, word

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
SORT_ROLE = Qt.ItemDataRole.UserRole + 2
AGE_ROLE = Qt.ItemDataRole.UserRole + 3
Index = QModelIndex | QPersistentModelIndex


class Column(StrEnum):
    """Where a finding stands on the board."""

    OPEN = "open"
    WAITING = "waiting"
    VERIFY = "verify"
    CLOSED = "closed"


def column_of(row: FindingRow) -> Column:
    """The column of a finding: drafts are open; issued ones wait until every action is done."""
    if row.state is FindingState.DRAFT:
        return Column.OPEN
    if row.state in {FindingState.CLOSED, FindingState.VOID}:
        return Column.CLOSED
    if row.actions and row.actions == row.actions_done:
        return Column.VERIFY
    return Column.WAITING


class FindingList(QAbstractListModel):
    """The findings of one column."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[FindingRow, ...] = ()
        self._now: datetime | None = None

    @property
    def rows(self) -> tuple[FindingRow, ...]:
        """What is shown."""
        return self._rows

    def show_rows(self, rows: Sequence[FindingRow], now: datetime) -> None:
        """Show these."""
        fresh = tuple(rows)
        self._now = now
        if [row.id for row in fresh] == [row.id for row in self._rows] and fresh:
            self._rows = fresh
            self.dataChanged.emit(self.index(0), self.index(len(fresh) - 1))
            return
        self.beginResetModel()
        self._rows = fresh
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == AGE_ROLE:
            return age_words(row.opened_at, self._now) if self._now else ""
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return spoken(row)
        return None


class FindingTable(QAbstractTableModel):
    """All findings, a column for each fact."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[FindingRow, ...] = ()

    def show_rows(self, rows: Sequence[FindingRow]) -> None:
        """Show these."""
        self.beginResetModel()
        self._rows = tuple(rows)
        self.endResetModel()

    def heads(self) -> tuple[str, ...]:
        """The words over the columns."""
        return (
            self.tr("No."),
            self.tr("Severity"),
            self.tr("Finding"),
            self.tr("Requirement"),
            self.tr("Vendor and site"),
            self.tr("State"),
            self.tr("Photos"),
            self.tr("Actions"),
            self.tr("Opened"),
        )

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 9

    def headerData(
        self,
        section: int,
        orientation: Qt.Orientation,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self.heads()[section]
        return super().headerData(section, orientation, role)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == SORT_ROLE:
            return self._sorted(row)[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._shown(row)[index.column()]
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.heads()[index.column()]}: {self._shown(row)[index.column()]}"
        return None

    def _shown(self, row: FindingRow) -> tuple[str, ...]:
        return (
            row.number,
            word(row.grade),
            row.title,
            row.clause,
            f"{row.vendor}, {row.site}",
            word(row.state),
            str(row.photos or ""),
            f"{row.actions_done}/{row.actions}" if row.actions else "",
            f"{row.opened_at:%Y-%m-%d}",
        )

    def _sorted(self, row: FindingRow) -> tuple[object, ...]:
        shown = self._shown(row)
        return (*shown[:1], row.grade.rank, *shown[2:6], row.photos, row.actions, *shown[8:])


def spoken(row: FindingRow) -> str:
    """The finding as a screen reader says it."""
    parts = [row.number, word(row.grade), row.title, row.clause, word(row.state)]
    if row.repeat_of:
        parts.append(row.repeat_of)
    return ". ".join(part.rstrip(".") for part in parts if part)
