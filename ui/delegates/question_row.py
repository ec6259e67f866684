"""Paints the questions of a section; the open one is a live card instead."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from audit_app.domain.words import Tone
from audit_app.services.checklist_rows import QuestionRow
from ui.models.question_list import CURRENT_ROLE, LAST_ROLE, ROW_ROLE
from ui.theme.look import Look
from ui.theme.tokens import ROW_HEIGHT, SIZES, TONE_ICONS
from ui.widgets.painted import (
    draw_disc,
    draw_icon,
    draw_pill,
    draw_ring,
    draw_two_lines,
    isolated,
    mirrored,
    pill_width,
)

GAP = 6
LONGEST_CHIP = 210


class LiveCard(QWidget):
    """What the delegate needs of the card it places: a question to show and a height to keep."""

    def show_question(self, row: QuestionRow) -> None:
        """Show this question and its present answer."""
        raise NotImplementedError

    def height_for(self, width: int) -> int:
        """How high the card stands at this width."""
        raise NotImplementedError


class QuestionRowDelegate(QStyledItemDelegate):
    """Folded rows are painted; the current row holds the one live card.

    The card is made once and moved from row to row: the view "opens" and "closes" it as its
    persistent editor, and closing only hides it.
    """

    def __init__(self, look: Look, card: LiveCard, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._card = card
        self.width = 0

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        if index.data(CURRENT_ROLE):
            return QSize(200, self._card.height_for(self.width or option.rect.width()) + 2 * GAP)
        return QSize(200, self._look.px(ROW_HEIGHT))

    def createEditor(
        self,
        parent: QWidget,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> QWidget:
        if self._card.parentWidget() is not parent:
            self._card.setParent(parent)
        return self._card

    def destroyEditor(self, editor: QWidget, index: QModelIndex | QPersistentModelIndex) -> None:
        editor.hide()

    def setEditorData(self, editor: QWidget, index: QModelIndex | QPersistentModelIndex) -> None:
        row = index.data(ROW_ROLE)
        if row is not None and index.data(CURRENT_ROLE):
            self._card.show_question(row)

    def setModelData(
        self,
        editor: QWidget,
        model: QAbstractItemModel,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Nothing: the card tells its own answers."""

    def updateEditorGeometry(
        self,
        editor: QWidget,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        editor.setGeometry(option.rect.adjusted(0, GAP, 0, -GAP))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The base class would commit and close the card on Tab, Enter and Esc.
        return False

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        row = index.data(ROW_ROLE)
        if row is None or index.data(CURRENT_ROLE):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect)
        if not index.data(LAST_ROLE):
            line = QRectF(box.left() + 56, box.bottom() - 1, box.width() - 60, 1)
            line = mirrored(line, box, option.direction)
            painter.fillRect(line, QColor(self._look.tokens.line))
        self._paint_row(painter, box, row, option.direction)
        painter.restore()

    def _paint_row(
        self, painter: QPainter, box: QRectF, row: QuestionRow, direction: Qt.LayoutDirection
    ) -> None:
        look, tokens = self._look, self._look.tokens
        tone = row.answer.tone if row.answer else None
        side = look.px(28)
        disc = QRectF(box.left() + 14, box.center().y() - side / 2, side, side)
        disc = mirrored(disc, box, direction)
        if tone is None:
            draw_ring(painter, look, disc)
        else:
            colour = tokens.tone(tone)[0]
            draw_disc(painter, look, disc, colour, TONE_ICONS[tone], tokens.on_status)
        left = box.left() + 14 + side + 14
        font = look.font(SIZES.secondary, 600)
        wide = max(look.px(38), QFontMetricsF(font).horizontalAdvance(row.number) + look.px(4))
        number = mirrored(QRectF(left, box.top(), wide, box.height()), box, direction)
        painter.setFont(font)
        painter.setPen(QColor(tokens.text3))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(number, int(flags), row.number)
        left += wide + look.px(6)
        right = self._paint_end(painter, box, row, tone, direction)
        text = mirrored(QRectF(left, box.top(), right - left - 10, box.height()), box, direction)
        weight, colour = (400, tokens.text2) if tone else (500, tokens.text)
        draw_two_lines(painter, text, row.text, look.font(SIZES.body, weight), colour, direction)

    def _paint_end(
        self,
        painter: QPainter,
        box: QRectF,
        row: QuestionRow,
        tone: Tone | None,
        direction: Qt.LayoutDirection,
    ) -> float:
        """Answer, counts and marks at the end of the row; gives where the text must stop."""
        look, tokens = self._look, self._look.tokens
        right = box.right() - 10
        words, pair = "", (tokens.bad, "")
        if row.answer:
            words, pair = row.answer.label, tokens.tone(tone)
        elif row.skipped:
            words, pair = self.tr("Skipped"), tokens.tone(Tone.NEUTRAL)
        elif row.critical:
            words = self.tr("Critical")
        if words:
            most = min(look.px(LONGEST_CHIP), box.width() * 0.36)
            metrics = QFontMetricsF(look.font(SIZES.caption, 600))
            words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, most - look.px(22))
            wide = pill_width(look, words)
            high = look.px(28)
            pill = QRectF(right - wide, box.center().y() - high / 2, wide, high)
            pill = mirrored(pill, box, direction)
            if pair[1]:
                draw_pill(painter, look, pill, words, pair)
            else:
                painter.setPen(QColor(pair[0]))
                painter.setFont(look.font(SIZES.caption, 600))
                shown = isolated(words, direction)
                painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, shown)
            right -= wide + 10
        missing = row.answer is not None and bool(row.evidence_missing or row.problem)
        marks = (
            ("circle-alert", "", missing, tokens.watch),
            ("camera", str(row.photos), row.photos > 0, tokens.text3),
            ("pencil-line", "", bool(row.note), tokens.text3),
            ("flag", "", row.flagged, tokens.accent),
        )
        for icon, count, is_shown, colour in marks:
            if is_shown:
                right = self._paint_mark(painter, box, right, icon, count, colour, direction)
        return right

    def _paint_mark(
        self,
        painter: QPainter,
        box: QRectF,
        right: float,
        icon: str,
        count: str,
        colour: str,
        direction: Qt.LayoutDirection,
    ) -> float:
        look = self._look
        if count:
            font = look.font(SIZES.caption, 500)
            wide = QFontMetricsF(font).horizontalAdvance(count) + 2
            words = mirrored(QRectF(right - wide, box.top(), wide, box.height()), box, direction)
            painter.setFont(font)
            painter.setPen(QColor(colour))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(words, int(flags), count)
            right -= wide + 3
        side = look.px(17)
        place = QRectF(right - side, box.center().y() - side / 2, side, side)
        draw_icon(painter, look, icon, colour, mirrored(place, box, direction))
        return right - side - 10
