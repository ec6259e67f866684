"""Answering by choosing: large buttons up to seven, a searchable list beyond, a ranking."""

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from audit_app.forms.kinds import QuestionKind
from audit_app.services.checklist_rows import QuestionRow
from ui.pages.runner.body import Body
from ui.theme.look import Look
from ui.widgets.answer_button import AnswerGrid
from ui.widgets.button import IconButton
from ui.widgets.field import SearchField

MOST_BUTTONS = 7
LIST_HEIGHT = 232
NAME_ROLE = Qt.ItemDataRole.UserRole


class ButtonsBody(Body):
    """Two to seven answers as buttons with number keys; one or several may stand."""

    def __init__(self, look: Look, row: QuestionRow) -> None:
        super().__init__()
        self._is_multi = row.kind is QuestionKind.MULTI
        self._selected: tuple[str, ...] = ()
        self.grid = AnswerGrid(look, row.choices)
        self.grid.pressed.connect(self._on_pressed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.grid)

    def show_row(self, row: QuestionRow) -> None:
        self._selected = row.selected
        self.grid.select(row.selected)
        self.grid.setEnabled(not row.readonly)

    def arrange(self, width: int) -> None:
        self.grid.arrange(width)

    def take_digit(self, digit: int) -> bool:
        for button in self.grid.buttons:
            if button.choice.key == str(digit) and self.grid.isEnabled():
                self._on_pressed(button.choice.name)
                return True
        return False

    def _on_pressed(self, name: str) -> None:
        if not self._is_multi:
            self.answered.emit((name,))
        elif name in self._selected:
            self.answered.emit(tuple(kept for kept in self._selected if kept != name))
        else:
            order = [button.choice.name for button in self.grid.buttons]
            self.answered.emit(tuple(n for n in order if n in {*self._selected, name}))


class _Choices(QListWidget):
    """A list whose Enter and arrows do not leave it by accident.

    Signals:
        chosen: the row to take.
    """

    chosen = Signal(QModelIndex)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and self.currentIndex().isValid():
            self.chosen.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class _Search(SearchField):
    """While something is typed, Enter and the arrows belong to the answers, not to the list."""

    def event(self, event: QEvent) -> bool:
        keys = {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Up, Qt.Key.Key_Down}
        is_ours = (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in keys
            and bool(self.text())
        )
        if is_ours:
            event.accept()
            return True
        return super().event(event)


class ListBody(Body):
    """More than seven answers: type a few letters, Enter takes the first."""

    def __init__(self, look: Look, row: QuestionRow) -> None:
        super().__init__()
        self._is_multi = row.kind is QuestionKind.MULTI
        self._row = row
        self.search = _Search(look, self.tr("Find an answer"))
        self.search.textChanged.connect(self._filter)
        self.search.entered.connect(self._take_current)
        self.search.arrowed.connect(self._move)
        self.list = _Choices()
        self.list.setAccessibleName(self.tr("Answers"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFixedHeight(look.px(LIST_HEIGHT))
        for choice in row.choices:
            item = QListWidgetItem(choice.label, self.list)
            item.setData(NAME_ROLE, choice.name)
        self.list.itemClicked.connect(lambda item: self._take(item.data(NAME_ROLE)))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(self.list)
        self._filter("")

    def show_row(self, row: QuestionRow) -> None:
        self._row = row
        for position in range(self.list.count()):
            item = self.list.item(position)
            is_on = item.data(NAME_ROLE) in row.selected
            item.setCheckState(Qt.CheckState.Checked if is_on else Qt.CheckState.Unchecked)
        self.setEnabled(not row.readonly)

    def first_field(self) -> QWidget | None:
        return self.search

    def _filter(self, text: str) -> None:
        wanted = text.strip().casefold()
        first = -1
        for position in range(self.list.count()):
            item = self.list.item(position)
            item.setHidden(wanted not in item.text().casefold())
            if first < 0 and not item.isHidden():
                first = position
        self.list.setCurrentRow(first)

    def _move(self, by: int) -> None:
        shown = [i for i in range(self.list.count()) if not self.list.item(i).isHidden()]
        if shown:
            now = self.list.currentRow()
            place = shown.index(now) + by if now in shown else 0
            self.list.setCurrentRow(shown[max(0, min(len(shown) - 1, place))])

    def _take_current(self) -> None:
        row = self.list.currentRow()
        if row >= 0 and self.search.text().strip():
            self._take(self.list.item(row).data(NAME_ROLE))
            self.search.clear()

    def _take(self, name: str) -> None:
        selected = self._row.selected
        if not self._is_multi:
            self.answered.emit((name,))
        elif name in selected:
            self.answered.emit(tuple(kept for kept in selected if kept != name))
        else:
            order = [choice.name for choice in self._row.choices]
            self.answered.emit(tuple(n for n in order if n in {*selected, name}))


class RankBody(Body):
    """Putting all answers in order, the best first."""

    def __init__(self, look: Look, row: QuestionRow) -> None:
        super().__init__()
        self._labels = {choice.name: choice.label for choice in row.choices}
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Order, the first is the highest"))
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setFixedHeight(min(look.px(LIST_HEIGHT), look.px(40) * len(row.choices) + 12))
        self.list.model().rowsMoved.connect(self._tell)
        up = IconButton(look, "chevron-up", self.tr("Move up"))
        down = IconButton(look, "chevron-down", self.tr("Move down"))
        up.clicked.connect(lambda: self.shift(-1))
        down.clicked.connect(lambda: self.shift(1))
        buttons = QVBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(up)
        buttons.addWidget(down)
        buttons.addStretch(1)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(10)
        across.addWidget(self.list, 1)
        across.addLayout(buttons)

    def show_row(self, row: QuestionRow) -> None:
        names = [*row.selected, *(n for n in self._labels if n not in row.selected)]
        if names != self._names():
            self.list.clear()
            for name in names:
                item = QListWidgetItem(self._labels.get(name, name), self.list)
                item.setData(NAME_ROLE, name)
        self.setEnabled(not row.readonly)

    def first_field(self) -> QWidget | None:
        return self.list

    def _names(self) -> list[str]:
        return [self.list.item(i).data(NAME_ROLE) for i in range(self.list.count())]

    def shift(self, by: int) -> None:
        """Move the current answer up (-1) or down (1)."""
        place = self.list.currentRow()
        target = place + by
        if place >= 0 and 0 <= target < self.list.count():
            item = self.list.takeItem(place)
            self.list.insertItem(target, item)
            self.list.setCurrentRow(target)
            self._tell()

    def _tell(self) -> None:
        self.answered.emit(tuple(self._names()))
