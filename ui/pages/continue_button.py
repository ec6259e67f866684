"""The one large button of Today."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from audit_app.services.programme_rows import VisitRow
from ui.theme.look import Look
from ui.theme.tokens import RADIUS_CARD, SIZES
from ui.widgets.painted import PaintedButton, draw_icon, draw_line, mirrored


class ContinueButton(PaintedButton):
    """The visit under way: one press goes on where it was left."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._line = ""
        self._share = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_visit(self, visit: VisitRow) -> None:
        """Show this visit with how far its checklists are."""
        answered = sum(audit.answered for audit in visit.audits)
        total = sum(audit.total for audit in visit.audits)
        self._share = answered / total if total else 0.0
        self.setText(self.tr("Continue: {0}").format(visit.vendor))
        counted = self.tr("{0} of {1} answered").format(answered, total)
        self._line = f"{visit.site}, {counted}" if total else visit.site
        self.setAccessibleName(f"{self.text()}. {self._line}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(320, self.look.px(104))

    def paintEvent(self, event: QPaintEvent) -> None:
        look, tokens = self.look, self.look.tokens
        painter = self.painter()
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        direction = self.layoutDirection()
        painter.setPen(QPen(QColor(tokens.text if self.hasFocus() else tokens.accent), 2))
        painter.setBrush(QColor(tokens.accent))
        painter.drawRoundedRect(box, RADIUS_CARD, RADIUS_CARD)
        colour = tokens.on_accent
        side = look.px(30)
        icon = QRectF(box.left() + 24, box.center().y() - side / 2, side, side)
        draw_icon(painter, look, "play", colour, mirrored(icon, box, direction))
        left, right = icon.right() + 22, box.right() - 24
        top = box.top() + look.px(18)
        title = QRectF(left, top, right - left, look.px(28))
        font = look.font(SIZES.question, 600)
        draw_line(painter, mirrored(title, box, direction), self.text(), font, colour)
        line = QRectF(left, title.bottom(), right - left, look.px(22))
        font = look.font(SIZES.secondary)
        draw_line(painter, mirrored(line, box, direction), self._line, font, colour)
        self._paint_bar(painter, QRectF(left, line.bottom() + 8, right - left, 6), box)
        painter.end()

    def _paint_bar(self, painter: QPainter, bar: QRectF, box: QRectF) -> None:
        direction = self.layoutDirection()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.look.tokens.on_accent))
        painter.setOpacity(0.3)
        painter.drawRoundedRect(mirrored(bar, box, direction), 3, 3)
        painter.setOpacity(1)
        done = QRectF(bar.left(), bar.top(), max(6.0, bar.width() * self._share), bar.height())
        painter.drawRoundedRect(mirrored(done, box, direction), 3, 3)
