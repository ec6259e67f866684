"""A small word on a soft ground: a state, a grade, what is needed."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from audit_app.domain.words import Tone
from ui.theme.look import Look
from ui.theme.tokens import RADIUS_TAG, SIZES
from ui.widgets.painted import Painted, draw_icon


class Tag(Painted):
    """A word in the colour of its tone; without a tone it takes the accent colour."""

    def __init__(self, look: Look, text: str, tone: Tone | None = None, icon: str = "") -> None:
        super().__init__(look)
        self._text = text
        self._tone = tone
        self._icon = icon
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(text)

    def show_tag(self, text: str, tone: Tone | None = None, icon: str = "") -> None:
        """Another word, tone and icon."""
        self._text, self._tone, self._icon = text, tone, icon
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    @property
    def text(self) -> str:
        """The word shown."""
        return self._text

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self.look.font(SIZES.caption, 600))
        width = metrics.horizontalAdvance(self._text) + self.look.px(18)
        if self._icon:
            width += self.look.px(20)
        return QSize(round(width + 0.5), self.look.px(24))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = self.look.tokens
        pair = (tokens.accent, tokens.accent_soft)
        colour, soft = pair if self._tone is None else tokens.tone(self._tone)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self.look.colour(soft))
        painter.setBrush(self.look.colour(soft))
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(box, RADIUS_TAG, RADIUS_TAG)
        painter.setPen(self.look.colour(colour))
        painter.setFont(self.look.font(SIZES.caption, 600))
        words = box.adjusted(self.look.px(9), 0, -self.look.px(9), 0)
        if self._icon:
            side = self.look.px(15)
            is_rtl = self.isRightToLeft()
            x = words.right() - side if is_rtl else words.left()
            icon_box = QRectF(x, words.center().y() - side / 2, side, side)
            draw_icon(painter, self.look, self._icon, colour, icon_box)
            shift = self.look.px(20)
            words = words.adjusted(0, 0, -shift, 0) if is_rtl else words.adjusted(shift, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self._text)
        painter.end()
