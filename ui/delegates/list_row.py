"""Paints the rows of ``RowList``: 62 px, disc, two lines, pills and words at the end."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.models.row_list import ROW_ROLE, ListRow
from ui.theme.look import Look
from ui.theme.tokens import RADIUS_FIELD, ROW_HEIGHT, SIZES
from ui.widgets.painted import (
    draw_icon,
    draw_line,
    draw_pill,
    draw_two_lines,
    mirrored,
    pill_width,
)

HEADING_HEIGHT = 44
TICKS_HEIGHT = 24
LINE = 20
BARS = 8


class ListRowDelegate(QStyledItemDelegate):
    """One painter for all plain lists."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        row: ListRow = index.data(ROW_ROLE)
        if row.is_heading:
            return QSize(200, self._look.px(HEADING_HEIGHT))
        high = ROW_HEIGHT + (TICKS_HEIGHT if row.ticks else 0) + (LINE if row.is_tall else 0)
        return QSize(200, self._look.px(high))

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        row: ListRow = index.data(ROW_ROLE)
        box = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.is_heading:
            self._paint_heading(painter, box, option.direction, row)
        else:
            self._paint_ground(painter, box, option)
            self._paint_row(painter, box, option.direction, row)
        painter.restore()

    def _paint_heading(
        self, painter: QPainter, box: QRectF, direction: Qt.LayoutDirection, row: ListRow
    ) -> None:
        look = self._look
        words = mirrored(box.adjusted(14, look.px(14), -14, 0), box, direction)
        font = look.font(SIZES.caption, 600)
        draw_line(painter, words, row.title, font, look.tokens.text2)

    def _paint_ground(self, painter: QPainter, box: QRectF, option: QStyleOptionViewItem) -> None:
        tokens = self._look.tokens
        state = option.state
        is_on = bool(state & QStyle.StateFlag.State_Selected)
        is_under = bool(state & QStyle.StateFlag.State_MouseOver)
        ground = box.adjusted(1, 1, -1, -2)
        if is_on or is_under:
            painter.setPen(QPen(QColor(tokens.line), 1))
            painter.setBrush(QColor(tokens.surface))
            painter.drawRoundedRect(ground, RADIUS_FIELD, RADIUS_FIELD)
        else:
            line = QRectF(box.left() + 14, box.bottom() - 1, box.width() - 28, 1)
            painter.fillRect(line, QColor(tokens.line))
        if is_on and state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.accent), 2))
            painter.drawRoundedRect(ground.adjusted(1, 1, -1, -1), RADIUS_FIELD, RADIUS_FIELD)

    def _paint_row(
        self, painter: QPainter, box: QRectF, direction: Qt.LayoutDirection, row: ListRow
    ) -> None:
        look, tokens = self._look, self._look.tokens
        left, right = box.left() + 14, box.right() - 14
        if row.icon:
            side = look.px(34)
            disc = mirrored(QRectF(left, box.center().y() - side / 2, side, side), box, direction)
            pair = (tokens.accent, tokens.accent_soft)
            colour, soft = pair if row.tone is None else tokens.tone(row.tone)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(soft))
            painter.drawEllipse(disc)
            inner = look.px(18)
            place = QRectF(
                disc.center().x() - inner / 2, disc.center().y() - inner / 2, inner, inner
            )
            draw_icon(painter, look, row.icon, colour, place)
            left += side + 14
        right = self._paint_end(painter, box, direction, row, left, right)
        self._paint_words(painter, box, direction, row, QRectF(left, 0, right - left, 0))

    def _paint_words(
        self,
        painter: QPainter,
        box: QRectF,
        direction: Qt.LayoutDirection,
        row: ListRow,
        across: QRectF,
    ) -> None:
        look, tokens = self._look, self._look.tokens
        left, wide = across.left(), across.width()
        font = look.font(SIZES.body, 500)
        is_two = row.is_tall and QFontMetricsF(font).horizontalAdvance(row.title) > wide
        high = look.px(22 + LINE) if is_two else look.px(22)
        low = look.px(19) if row.line else 0
        ticks = look.px(TICKS_HEIGHT) if row.ticks else 0
        top = box.center().y() - (high + low + ticks) / 2
        title = mirrored(QRectF(left, top, wide, high), box, direction)
        if is_two:
            draw_two_lines(painter, title, row.title, font, tokens.text, direction)
        else:
            draw_line(painter, title, row.title, font, tokens.text)
        if row.line:
            line = mirrored(QRectF(left, top + high, wide, low), box, direction)
            draw_line(painter, line, row.line, look.font(SIZES.caption), tokens.text3)
        if row.ticks:
            below = QRectF(left, top + high + low + look.px(3), wide, look.px(21))
            self._paint_ticks(painter, box, direction, row, below)

    def _paint_ticks(
        self,
        painter: QPainter,
        box: QRectF,
        direction: Qt.LayoutDirection,
        row: ListRow,
        below: QRectF,
    ) -> None:
        look, tokens = self._look, self._look.tokens
        font = look.font(SIZES.caption)
        side, left = look.px(15), below.left()
        for tick in row.ticks:
            wide = QFontMetricsF(font).horizontalAdvance(tick.words) + 1
            if left + side + 5 + wide > below.right():
                break
            icon, colour = ("check", tokens.good) if tick.is_on else ("minus", tokens.text3)
            place = QRectF(left, below.center().y() - side / 2, side, side)
            draw_icon(painter, look, icon, colour, mirrored(place, box, direction))
            words = QRectF(left + side + 5, below.top(), wide, below.height())
            words = mirrored(words, box, direction)
            draw_line(
                painter, words, tick.words, font, tokens.text2 if tick.is_on else tokens.text3
            )
            left += side + 5 + wide + look.px(14)

    def _paint_end(
        self,
        painter: QPainter,
        box: QRectF,
        direction: Qt.LayoutDirection,
        row: ListRow,
        left: float,
        right: float,
    ) -> float:
        look, tokens = self._look, self._look.tokens
        # The title keeps at least this much; what does not fit at the end is left out.
        least = left + look.px(150)
        if row.trailing:
            font = look.font(SIZES.secondary, 500)
            wide = QFontMetricsF(font).horizontalAdvance(row.trailing) + 2
            if right - wide > least:
                place = mirrored(
                    QRectF(right - wide, box.top(), wide, box.height()), box, direction
                )
                draw_line(painter, place, row.trailing, font, tokens.text2)
                right -= wide + 14
        for pill in reversed(row.pills):
            wide, high = pill_width(look, pill.words), look.px(28)
            if right - wide < least:
                break
            place = QRectF(right - wide, box.center().y() - high / 2, wide, high)
            pair = (tokens.accent, tokens.accent_soft)
            pair = pair if pill.tone is None else tokens.tone(pill.tone)
            draw_pill(painter, look, mirrored(place, box, direction), pill.words, pair)
            right -= wide + 8
        for tone in reversed(row.strip[-BARS:]):
            if right - 12 < least:
                break
            bar = QRectF(right - 8, box.center().y() - look.px(11), 8, look.px(22))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.tone(tone)[0]))
            painter.drawRoundedRect(mirrored(bar, box, direction), 3, 3)
            right -= 12
        return right - 8
