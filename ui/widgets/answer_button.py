"""The large buttons that give an answer, and the grid they stand in."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPen,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from audit_app.services.checklist_rows import ChoiceRow
from ui.theme.look import Look
from ui.theme.tokens import ANSWER_HEIGHT, RADIUS_FIELD, SIZES, TONE_ICONS
from ui.widgets.painted import PaintedButton, draw_icon, isolated, mirrored

MOST_IN_A_ROW = 4
TALL = 92
SIDE = 14
SMALLEST = 104


class AnswerButton(PaintedButton):
    """One possible answer: its shape, its words, and the key that gives it.

    Checked means that it is the answer. A press never unchecks it by itself; the owner decides.
    """

    def __init__(self, look: Look, choice: ChoiceRow) -> None:
        super().__init__(look)
        self.choice = choice
        self._high = ANSWER_HEIGHT
        self.setCheckable(True)
        self.setText(choice.label)
        name = choice.label
        if choice.key:
            name = self.tr("{0}, key {1}").format(choice.label, choice.key)
        self.setAccessibleName(name)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_height(self, high: int) -> None:
        """How high it stands, before the text scale; all of a grid are alike."""
        if high != self._high:
            self._high = high
            self.updateGeometry()

    def lines_at(self, width: int) -> int:
        """How many lines its words need in a button of this width."""
        return self._laid_out(width - 2 * SIDE + 2).lineCount()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(128), self.look.px(self._high))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(SMALLEST), self.look.px(self._high))

    def nextCheckState(self) -> None:
        """The owner checks it when the answer stands; a press alone changes nothing."""

    def _laid_out(self, width: float) -> QTextLayout:
        option = QTextOption()
        option.setTextDirection(self.layoutDirection())
        option.setWrapMode(QTextOption.WrapMode.WordWrap)
        layout = QTextLayout(self.text(), self.look.font(SIZES.body, 600))
        layout.setTextOption(option)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(width, 20))
        layout.endLayout()
        return layout

    def paintEvent(self, event: QPaintEvent) -> None:
        look, tokens = self.look, self.look.tokens
        direction = self.layoutDirection()
        colour = tokens.tone(self.choice.tone)[0]
        painter = self.painter()
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        is_on = self.isChecked()
        ground = tokens.sunken if self.underMouse() or self.isDown() else tokens.surface
        painter.setPen(QPen(QColor(colour if is_on else tokens.control_line), 1.3))
        painter.setBrush(QColor(colour if is_on else ground))
        painter.drawRoundedRect(box, RADIUS_FIELD, RADIUS_FIELD)
        on = tokens.on_status
        top = box.top() + look.px(12)
        side = look.px(22)
        icon = mirrored(QRectF(box.left() + SIDE, top, side, side), box, direction)
        draw_icon(painter, look, TONE_ICONS[self.choice.tone], on if is_on else colour, icon)
        if self.choice.key:
            cap_side = look.px(21)
            cap = QRectF(box.right() - cap_side - 12, top, cap_side, cap_side)
            cap = mirrored(cap, box, direction)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setOpacity(0.8 if is_on else 1)
            painter.setPen(QPen(QColor(on if is_on else tokens.control_line), 1))
            painter.drawRoundedRect(cap, 5, 5)
            painter.setPen(QColor(on if is_on else tokens.text3))
            painter.setFont(look.font(SIZES.rail, 600))
            painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, self.choice.key)
            painter.setOpacity(1)
        words = box.adjusted(SIDE, look.px(38), -SIDE + 2, -look.px(8))
        painter.setPen(QColor(on if is_on else tokens.text))
        self._draw_words(painter, words)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.text if is_on else tokens.accent), 2))
            painter.drawRoundedRect(box, RADIUS_FIELD, RADIUS_FIELD)
        painter.end()

    def _draw_words(self, painter: QPainter, box: QRectF) -> None:
        """Up to two lines, centred in the box; the rest is cut with an ellipsis."""
        font = self.look.font(SIZES.body, 600)
        layout = self._laid_out(box.width())
        metrics = QFontMetricsF(font)
        starts = [layout.lineAt(i).textStart() for i in range(min(layout.lineCount(), 2))]
        ends = [*starts[1:], len(self.text())]
        high = metrics.height()
        top = box.center().y() - high * len(starts) / 2
        painter.setFont(font)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        for row, (start, end) in enumerate(zip(starts, ends, strict=True)):
            line = QRectF(box.left(), top + row * high, box.width(), high)
            words = self.text()[start:end].strip()
            shown = metrics.elidedText(words, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(line, int(flags), isolated(shown, self.layoutDirection()))


class AnswerGrid(QWidget):
    """The answers of one question in rows of equal buttons.

    Signals:
        pressed: the name of the answer the auditor pressed.
    """

    pressed = Signal(str)

    def __init__(self, look: Look, choices: Sequence[ChoiceRow]) -> None:
        super().__init__()
        self._look = look
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(10)
        self._columns = 0
        self.buttons = [AnswerButton(look, choice) for choice in choices]
        for button in self.buttons:
            button.clicked.connect(
                lambda _on=False, name=button.choice.name: self.pressed.emit(name)
            )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.arrange(560)

    def select(self, names: Sequence[str]) -> None:
        """Show which answers stand."""
        for button in self.buttons:
            button.setChecked(button.choice.name in names)

    def arrange(self, width: int) -> None:
        """Lay the buttons out for this width; the order 1, 2, 3 follows the reading direction."""
        count = len(self.buttons)
        if not count:
            return
        columns = _columns(count, width, self._look.px(SMALLEST) + 10)
        across = (width - 10 * (columns - 1)) // columns
        lines = max(button.lines_at(across) for button in self.buttons)
        for button in self.buttons:
            button.show_height(ANSWER_HEIGHT if lines < 2 else TALL)
        if columns != self._columns:
            self._place(columns)
        # Whoever asks for the height next must not get the one from before.
        self._grid.invalidate()
        self.updateGeometry()

    def _place(self, columns: int) -> None:
        for column in range(self._columns):
            self._grid.setColumnStretch(column, 0)
        self._columns = columns
        for place, button in enumerate(self.buttons):
            self._grid.addWidget(button, place // columns, place % columns)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and self.width() > 0:
            self.arrange(self.width())


def _columns(count: int, width: int, smallest: int) -> int:
    """Up to four side by side; five and more stand in even rows, never wider than there is room."""
    wanted = count if count <= MOST_IN_A_ROW else -(-count // 2)
    room = max(1, width // max(smallest, 1))
    if wanted > room and count == MOST_IN_A_ROW:
        return 2
    return max(1, min(wanted, room))
