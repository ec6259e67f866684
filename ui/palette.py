"""Ctrl+K: every command with its key, and every vendor, site and visit by name."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from ui.commands import Command, Commands
from ui.fuzzy import fits
from ui.theme.look import Look
from ui.theme.tokens import RADIUS_FIELD, SIZES
from ui.widgets.field import SearchField
from ui.widgets.overlay import Overlay
from ui.widgets.painted import draw_icon, draw_line, mirrored
from ui.widgets.text import Label

MOST = 60
ENTRY_HEIGHT = 46
PALETTE_HEIGHT = 16 + 46 + 8 + 10 * ENTRY_HEIGHT + 16
"""Ten whole entries under the search field."""

ENTRY_ROLE = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the palette: a command, or a place such as a vendor."""

    words: str
    detail: str
    icon: str
    run: Callable[[], object]
    key: str = ""


Places = Callable[[Callable[[Sequence[Entry]], None]], None]
"""Asked when the palette opens; hands its entries over when it has them."""


class EntryList(QAbstractListModel):
    """The entries that fit what is typed."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: Sequence[Entry] = ()

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show these, best first."""
        self.beginResetModel()
        self._entries = entries
        self.endResetModel()

    def entry(self, row: int) -> Entry:
        """The entry in this row."""
        return self._entries[row]

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._entries)

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if not index.isValid():
            return None
        entry = self._entries[index.row()]
        if role == ENTRY_ROLE:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.words
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(part for part in (entry.words, entry.detail, entry.key) if part)
        return None


class EntryDelegate(QStyledItemDelegate):
    """Paints icon, words, detail and key cap of one entry."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(200, self._look.px(ENTRY_HEIGHT))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        entry: Entry = index.data(ENTRY_ROLE)
        look, tokens = self._look, self._look.tokens
        direction = option.direction
        box = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent_soft))
            painter.drawRoundedRect(box.adjusted(0, 1, 0, -1), RADIUS_FIELD, RADIUS_FIELD)
        side = look.px(19)
        icon = QRectF(box.left() + 12, box.center().y() - side / 2, side, side)
        draw_icon(painter, look, entry.icon, tokens.text2, mirrored(icon, box, direction))
        right = box.right() - 12
        if entry.key:
            font = look.font(SIZES.caption, 600)
            wide = QFontMetricsF(font).horizontalAdvance(entry.key) + 14
            cap = QRectF(right - wide, box.center().y() - look.px(12), wide, look.px(24))
            cap = mirrored(cap, box, direction)
            painter.setPen(QPen(QColor(tokens.control_line), 1))
            painter.setBrush(QColor(tokens.surface))
            painter.drawRoundedRect(cap, 5, 5)
            painter.setFont(font)
            painter.setPen(QColor(tokens.text2))
            painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, entry.key)
            right -= wide + 12
        left = icon.right() + 12
        font = look.font(SIZES.body, 500)
        wide = min(QFontMetricsF(font).horizontalAdvance(entry.words) + 2, right - left)
        words = mirrored(QRectF(left, box.top(), wide, box.height()), box, direction)
        draw_line(painter, words, entry.words, font, tokens.text)
        left += wide + 10
        if entry.detail and right - left > 40:
            detail = mirrored(QRectF(left, box.top(), right - left, box.height()), box, direction)
            draw_line(painter, detail, entry.detail, look.font(SIZES.caption), tokens.text3)
        painter.restore()


class Palette(Overlay):
    """Type a few letters, Enter runs the first."""

    def __init__(self, look: Look, host: QWidget, commands: Commands, places: Places) -> None:
        super().__init__(look, host, height=PALETTE_HEIGHT)
        self._commands = commands
        self._ask_places = places
        self._places: Sequence[Entry] = ()
        self.search = SearchField(look, self.tr("Find a command, vendor, site or visit"))
        self.search.searched.connect(lambda _text: self._refresh())
        self.search.textChanged.connect(lambda _text: self._refresh())
        self.search.entered.connect(self._run_current)
        self.search.arrowed.connect(self._move)
        self.entries = EntryList()
        self.list = QListView()
        self.list.setAccessibleName(self.tr("Commands and places"))
        self.list.setModel(self.entries)
        self.list.setItemDelegate(EntryDelegate(look, self.list))
        self.list.setUniformItemSizes(True)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.clicked.connect(lambda _index: self._run_current())
        self._none = Label(self.tr("Nothing fits. Try fewer letters."), "secondary")
        self.column.addWidget(self.search)
        self.column.addWidget(self._none)
        self.column.addWidget(self.list, 1)
        look.changed.connect(self.entries.layoutChanged)

    def open_palette(self) -> None:
        """Show it, empty; places arrive when they are read."""
        self.search.clear()
        self._refresh()
        self.open_over(self.search)
        self._ask_places(self._take_places)

    def _take_places(self, places: Sequence[Entry]) -> None:
        self._places = places
        self._refresh()

    def _refresh(self) -> None:
        query = self.search.text().strip()
        commands = [c for c in self._commands.present() if c.is_listed and c.is_enabled()]
        # The page's own commands first: they are what the auditor is about to do.
        commands.sort(key=self._commands.is_of_window)
        entries = [_of_command(command, has_group=bool(query)) for command in commands]
        if query:
            everything = [*entries, *self._places]
            scored = [(fits(query, f"{e.words} {e.detail}"), e) for e in everything]
            scored = [pair for pair in scored if pair[0] > 0]
            scored.sort(key=lambda pair: -pair[0])
            entries = [entry for _, entry in scored[:MOST]]
        self.entries.show_entries(entries)
        self._none.setVisible(not entries)
        if entries:
            self.list.setCurrentIndex(self.entries.index(0))

    def _move(self, by: int) -> None:
        count = self.entries.rowCount()
        if count:
            row = (self.list.currentIndex().row() + by) % count
            self.list.setCurrentIndex(self.entries.index(row))

    def _run_current(self) -> None:
        self._refresh_if_late()
        row = self.list.currentIndex().row()
        if row >= 0:
            entry = self.entries.entry(row)
            self.close_over()
            entry.run()

    def _refresh_if_late(self) -> None:
        if not self.list.currentIndex().isValid() and self.entries.rowCount():
            self.list.setCurrentIndex(self.entries.index(0))


def _of_command(command: Command, *, has_group: bool) -> Entry:
    return Entry(
        command.words,
        command.group if has_group else "",
        command.icon or "chevron-right",
        command.run,
        command.key_words,
    )
