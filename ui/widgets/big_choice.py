"""One of two or three large answers to the only question on a screen."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from ui.theme.look import Look
from ui.theme.tokens import RADIUS_CARD, SIZES
from ui.widgets.painted import PaintedButton, draw_icon, draw_line, mirrored


class BigChoice(PaintedButton):
    """Icon, words, and a line under them; as wide as its place."""

    def __init__(self, look: Look, icon: str, title: str, line: str) -> None:
        super().__init__(look)
        self._icon, self._line = icon, line
        self.setText(title)
        self.setAccessibleName(f"{title}. {line}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        return QSize(320, self.look.px(92))

    def paintEvent(self, event: QPaintEvent) -> None:
        look, tokens = self.look, self.look.tokens
        painter = self.painter()
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        direction = self.layoutDirection()
        is_under = self.underMouse() or self.hasFocus()
        painter.setPen(
            QPen(QColor(tokens.accent if is_under else tokens.control_line), 2 if is_under else 1)
        )
        painter.setBrush(QColor(tokens.sunken if self.isDown() else tokens.surface))
        painter.drawRoundedRect(box, RADIUS_CARD, RADIUS_CARD)
        side = look.px(44)
        disc = QRectF(box.left() + 20, box.center().y() - side / 2, side, side)
        disc = mirrored(disc, box, direction)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.accent_soft))
        painter.drawEllipse(disc)
        inner = look.px(24)
        place = QRectF(disc.center().x() - inner / 2, disc.center().y() - inner / 2, inner, inner)
        draw_icon(painter, look, self._icon, tokens.accent, place)
        left, right = box.left() + 20 + side + 18, box.right() - 20
        high, low = look.px(26), look.px(21)
        top = box.center().y() - (high + low) / 2
        title = mirrored(QRectF(left, top, right - left, high), box, direction)
        font = look.font(SIZES.panel_title, 600)
        draw_line(painter, title, self.text(), font, tokens.text)
        line = mirrored(QRectF(left, top + high, right - left, low), box, direction)
        draw_line(painter, line, self._line, look.font(SIZES.secondary), tokens.text2)
        painter.end()
