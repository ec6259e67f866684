"""Paints one finding as a card on the board."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from audit_app.services.finding_rows import FindingRow
from ui.models.finding_list import AGE_ROLE, ROW_ROLE
from ui.theme.look import Look
from ui.theme.tokens import GRADE_ICONS, RADIUS_FIELD, SIZES
from ui.widgets.painted import (
    draw_icon,
    draw_line,
    draw_pill,
    draw_two_lines,
    mirrored,
    pill_width,
)
from ui.words import word

HEIGHT = 128
PLACE = 22
PAD = 14


class FindingCardDelegate(QStyledItemDelegate):
    """Number and severity, clause, two lines of text, then photos, actions and age.

    Among findings of many audits each says its vendor and site too.
    """

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._has_place = False

    def show_places(self, *, is_shown: bool) -> None:
        """Whether the cards say vendor and site."""
        if is_shown != self._has_place:
            self._has_place = is_shown
            self.sizeHintChanged.emit(QModelIndex())

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(200, self._look.px(HEIGHT + (PLACE if self._has_place else 0)) + 8)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        row: FindingRow = index.data(ROW_ROLE)
        look, tokens = self._look, self._look.tokens
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect).adjusted(1, 1, -1, -9)
        is_on = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setPen(QPen(QColor(tokens.accent if is_on else tokens.line), 2 if is_on else 1))
        painter.setBrush(QColor(tokens.surface))
        painter.drawRoundedRect(box, RADIUS_FIELD, RADIUS_FIELD)
        inner = box.adjusted(PAD, look.px(11), -PAD, -look.px(10))
        self._paint_head(painter, inner, row, option.direction)
        text = QRectF(inner.left(), inner.top() + look.px(32), inner.width(), look.px(44))
        font = look.font(SIZES.body, 500)
        draw_two_lines(painter, text, row.title, font, tokens.text, option.direction)
        if self._has_place:
            below = QRectF(inner.left(), text.bottom(), inner.width(), look.px(PLACE))
            caption = look.font(SIZES.caption)
            place = f"{row.vendor}, {row.site}"
            draw_line(painter, below, place, caption, tokens.text3)
        foot = QRectF(inner.left(), inner.bottom() - look.px(20), inner.width(), look.px(20))
        self._paint_foot(painter, foot, row, str(index.data(AGE_ROLE)), option.direction)
        painter.restore()

    def _paint_head(
        self, painter: QPainter, box: QRectF, row: FindingRow, direction: Qt.LayoutDirection
    ) -> None:
        look, tokens = self._look, self._look.tokens
        high = look.px(26)
        words = word(row.grade)
        wide = pill_width(look, words) + look.px(16)
        pill = mirrored(QRectF(box.right() - wide, box.top(), wide, high), box, direction)
        pair = tokens.grade(row.grade)
        draw_pill(painter, look, pill, "", pair)
        side = look.px(16)
        icon = QRectF(box.right() - wide + 8, box.top() + (high - side) / 2, side, side)
        draw_icon(painter, look, GRADE_ICONS[row.grade], pair[0], mirrored(icon, box, direction))
        name = QRectF(icon.right() + 5, box.top(), box.right() - icon.right() - 10, high)
        font = look.font(SIZES.caption, 600)
        draw_line(painter, mirrored(name, box, direction), words, font, pair[0])
        left = QRectF(box.left(), box.top(), box.width() - wide - 8, high)
        number = QFontMetricsF(font).horizontalAdvance(row.number) + 8
        place = QRectF(left.left(), left.top(), number, high)
        draw_line(painter, mirrored(place, box, direction), row.number, font, tokens.text2)
        rest = QRectF(left.left() + number, left.top(), left.width() - number, high)
        caption = look.font(SIZES.caption)
        if rest.width() > 30:
            draw_line(painter, mirrored(rest, box, direction), row.clause, caption, tokens.text3)

    def _paint_foot(
        self,
        painter: QPainter,
        box: QRectF,
        row: FindingRow,
        age: str,
        direction: Qt.LayoutDirection,
    ) -> None:
        look, tokens = self._look, self._look.tokens
        font = look.font(SIZES.caption)
        metrics = QFontMetricsF(font)
        left = box.left()
        marks = [("camera", str(row.photos), tokens.text3)] if row.photos else []
        if row.actions:
            marks.append(("list-todo", f"{row.actions_done}/{row.actions}", tokens.text3))
        if row.repeat_of:
            marks.append(("history", self.tr("Repeat"), tokens.bad))
        if not row.complete:
            marks.append(("circle-alert", self.tr("Incomplete"), tokens.watch))
        age_wide = metrics.horizontalAdvance(age) + 2
        for icon, words, colour in marks:
            side = look.px(16)
            wide = metrics.horizontalAdvance(words) + 2
            if left + side + 4 + wide > box.right() - age_wide - 8:
                break
            place = QRectF(left, box.center().y() - side / 2, side, side)
            draw_icon(painter, look, icon, colour, mirrored(place, box, direction))
            text = QRectF(left + side + 4, box.top(), wide, box.height())
            draw_line(painter, mirrored(text, box, direction), words, font, colour)
            left += side + 4 + wide + 10
        end = QRectF(box.right() - age_wide, box.top(), age_wide, box.height())
        draw_line(painter, mirrored(end, box, direction), age, font, tokens.text3)
