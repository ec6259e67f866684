"""The list of questions: painted rows that glide so that the open card stays where it is."""

from PySide6.QtCore import QEasingCurve, QModelIndex, QPropertyAnimation, Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QListView, QScrollBar, QScroller

from ui.delegates.question_row import QuestionRowDelegate
from ui.models.question_list import QuestionList
from ui.pages.runner.question_card import QuestionCard
from ui.theme.look import Look

KEEP_ABOVE = 124
"""How many pixels of answered rows stay visible above the open card, when there are some."""


class QuietBar(QScrollBar):
    """Keeps its room, so that the card never changes width, and shows nothing when all fits."""

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.maximum() > self.minimum():
            super().paintEvent(event)


class WorkList(QListView):
    """Rows of ``QuestionList`` with the live card in the current one.

    Signals:
        pressed_row: the ref of a folded row that was pressed.
    """

    pressed_row = Signal(str)

    def __init__(self, look: Look, model: QuestionList, card: QuestionCard) -> None:
        super().__init__()
        self._look = look
        self._questions = model
        self._card = card
        self._open = ""
        self.setAccessibleName(self.tr("Questions"))
        self.setModel(model)
        self._rows = QuestionRowDelegate(look, card, self)
        self.setItemDelegate(self._rows)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBar(QuietBar())
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        QScroller.grabGesture(self.viewport(), QScroller.ScrollerGestureType.TouchGesture)
        self.clicked.connect(self._on_clicked)
        card.resized.connect(self.fit_card)
        self._glide = QPropertyAnimation(self.verticalScrollBar(), b"value", self)
        self._glide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._fit_soon = QTimer(self)
        self._fit_soon.setSingleShot(True)
        self._fit_soon.setInterval(0)
        self._fit_soon.timeout.connect(self._fit_in_view)
        look.changed.connect(self._fit_soon.start)
        model.modelReset.connect(self._on_reset)

    def show_open(self, *, is_gliding: bool = True) -> None:
        """Put the card into the model's current row and keep it where the eyes are."""
        ref = self._questions.current
        index = self._questions.place(ref)
        if not index.isValid():
            return
        before = self._questions.place(self._open) if self._open else QModelIndex()
        top = self.visualRect(before).top() if before.isValid() and is_gliding else None
        if before.isValid() and self._open != ref:
            self.closePersistentEditor(before)
        self._open = ref
        self._rows.width = self.viewport().width()
        row = self._questions.row(ref)
        if row is not None:
            self._card.show_question(row)
        self.setCurrentIndex(index)
        self.openPersistentEditor(index)
        if before.isValid():
            self._rows.sizeHintChanged.emit(before)
        self._rows.sizeHintChanged.emit(index)
        self._place(index, top)

    def paint_now(self) -> None:
        """Paint what waits to be painted anywhere in the window."""
        # One pixel is enough: the window is brought up to date with it.
        self.viewport().repaint(0, 0, 1, 1)

    def fit_card(self) -> None:
        """The card needs another height."""
        index = self._questions.place(self._questions.current)
        if index.isValid():
            self._rows.width = self.viewport().width()
            self._rows.sizeHintChanged.emit(index)

    def _fit_in_view(self) -> None:
        """Another width or text size: measured anew, with the card where the eyes are."""
        self.fit_card()
        index = self._questions.place(self._questions.current)
        if index.isValid():
            self._place(index, None)

    def _place(self, index: QModelIndex, top: int | None) -> None:
        self.executeDelayedItemsLayout()
        bar = self.verticalScrollBar()
        now = self.visualRect(index)
        room = self.viewport().height()
        wanted = KEEP_ABOVE if top is None else top
        wanted = max(0, min(wanted, max(0, room - now.height())))
        target = bar.value() + now.top() - wanted
        target = max(bar.minimum(), min(bar.maximum(), target))
        duration = self._look.duration()
        self._glide.stop()
        if top is None or not duration or not self.isVisible():
            bar.setValue(target)
            return
        self._glide.setDuration(duration)
        self._glide.setStartValue(bar.value())
        self._glide.setEndValue(target)
        self._glide.start()

    def _on_reset(self) -> None:
        self._open = ""

    def _on_clicked(self, index: QModelIndex) -> None:
        refs = self._questions.listed()
        if 0 <= index.row() < len(refs) and refs[index.row()] != self._questions.current:
            self.pressed_row.emit(refs[index.row()])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size() != event.oldSize():
            self._fit_soon.start()
