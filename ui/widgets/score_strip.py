"""Past scores as a strip of bars: one look tells the direction."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip

from audit_app.domain.words import Tone
from ui.theme.look import Look
from ui.theme.tokens import SIZES
from ui.widgets.painted import Painted, mirrored

MOST = 12
BAR = 14


@dataclass(frozen=True, slots=True)
class StripBar:
    """One result: percent 0 to 100 or None, its tone, and all of it in words."""

    percent: float | None
    tone: Tone
    words: str


class ScoreStrip(Painted):
    """The newest results, oldest first; the words of each are its tool tip."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._bars: Sequence[StripBar] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_scores(self, bars: Sequence[StripBar]) -> None:
        """Show these, oldest first."""
        self._bars = bars[-MOST:]
        self.setAccessibleName(". ".join(bar.words for bar in self._bars))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, self.look.px(58))

    def _place(self, index: int) -> QRectF:
        step = min(self.look.px(38), (self.width() + 6) / max(1, len(self._bars)))
        box = QRectF(index * step, 0, step - 6, self.height())
        return mirrored(box, self.rect(), self.layoutDirection())

    def paintEvent(self, event: QPaintEvent) -> None:
        look, tokens = self.look, self.look.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        low = look.px(18)
        high = self.height() - low - 2
        painter.setFont(look.font(SIZES.rail, 500))
        for index, bar in enumerate(self._bars):
            box = self._place(index)
            colour, soft = tokens.tone(bar.tone)
            thick = min(look.px(BAR), box.width())
            track = QRectF(box.center().x() - thick / 2, 0, thick, high)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(soft))
            painter.drawRoundedRect(track, 3, 3)
            filled = high * (bar.percent or 0) / 100
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(QRectF(track.left(), high - filled, thick, filled), 3, 3)
            painter.setPen(QColor(tokens.text3))
            words = "\N{EN DASH}" if bar.percent is None else f"{bar.percent:.0f}"
            below = QRectF(box.left() - 3, high + 2, box.width() + 6, low)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, words)
        painter.end()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            for index, bar in enumerate(self._bars):
                if self._place(index).contains(event.pos()):
                    QToolTip.showText(event.globalPos(), bar.words, self)
                    return True
            QToolTip.hideText()
            return True
        return super().event(event)
