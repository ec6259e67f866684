"""A small word on a soft ground: a state, a grade, what is needed."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from audit_app.domain.words import Tone
from ui.theme.look import Look
from ui.theme.tokens import RADIUS_TAG, SIZES
from ui.widgets.painted import Painted, draw_icon, isolated

LEAST = 72


class Tag(Painted):
    """A word in the colour of its tone; without a tone it takes the accent colour."""

    def __init__(self, look: Look, text: str, tone: Tone | None = None, icon: str = "") -> None:
        super().__init__(look)
        self._text = text
        self._tone = tone
        self._icon = icon
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
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
        width = metrics.horizontalAdvance(self._text) + 2 * self.look.px(9)
        if self._icon:
            width += self.look.px(20)
        return QSize(round(width + 0.5), self.look.px(24))

    def minimumSizeHint(self) -> QSize:
        """A long word is cut short before it widens its panel."""
        hint = self.sizeHint()
        return QSize(min(hint.width(), self.look.px(LEAST)), hint.height())

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
        metrics = QFontMetricsF(painter.font())
        # Rounding alone must not cut a word that fits.
        room = words.width() + 1
        shown = metrics.elidedText(self._text, Qt.TextElideMode.ElideRight, room)
        shown = isolated(shown, self.layoutDirection())
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, shown)
        painter.end()
