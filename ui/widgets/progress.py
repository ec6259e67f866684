"""How far along: stacked bar, ring, and the row of a section."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from audit_app.domain.words import Tone
from ui.theme.look import Look
from ui.theme.tokens import RADIUS_FIELD, SIZES
from ui.widgets.painted import (
    Painted,
    PaintedButton,
    draw_disc,
    draw_line,
    draw_two_lines,
    mirrored,
)

ROW_HIGH = 56
LINE_HIGH = 20


class StackBar(Painted):
    """Parts of a whole, each in the colour of its tone; the part without a tone is what is left."""

    def __init__(self, look: Look, height: int = 10) -> None:
        super().__init__(look)
        self._parts: Sequence[tuple[float, Tone | None]] = ()
        self._height = height
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_parts(self, parts: Sequence[tuple[float, Tone | None]], words: str) -> None:
        """Show these amounts in this order; ``words`` say the same to a screen reader."""
        self._parts = parts
        self.setAccessibleName(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, self.look.px(self._height))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect())
        path = QPainterPath()
        path.addRoundedRect(box, box.height() / 2, box.height() / 2)
        painter.setClipPath(path)
        tokens = self.look.tokens
        painter.fillRect(box, QColor(tokens.line))
        total = sum(amount for amount, _ in self._parts)
        x = 0.0
        for amount, tone in self._parts:
            if not amount or not total:
                continue
            width = box.width() * amount / total
            colour = tokens.line if tone is None else tokens.tone(tone)[0]
            part = QRectF(x, 0, max(width - 1.5, 1), box.height())
            painter.fillRect(mirrored(part, box, self.layoutDirection()), QColor(colour))
            x += width
        painter.end()


class ProgressRing(Painted):
    """A ring that fills; a tick when it is full."""

    def __init__(self, look: Look, size: int = 26) -> None:
        super().__init__(look)
        self._size = size
        self._done, self._total = 0, 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_progress(self, done: int, total: int) -> None:
        """Show this many of that many."""
        self._done, self._total = done, total
        self.setAccessibleName(self.tr("{0} of {1}").format(done, total))
        self.update()

    def sizeHint(self) -> QSize:
        side = self.look.px(self._size)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_progress(painter, self.look, QRectF(self.rect()), self._done, self._total)
        painter.end()


def draw_progress(painter: QPainter, look: Look, box: QRectF, done: int, total: int) -> None:
    """The ring of ``ProgressRing``, for other painted rows."""
    tokens = look.tokens
    if total and done >= total:
        draw_disc(painter, look, box, tokens.good, "check", tokens.on_status)
        return
    inner = box.adjusted(2, 2, -2, -2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(tokens.line), 3.4))
    painter.drawEllipse(inner)
    if done:
        pen = QPen(QColor(tokens.accent), 3.4)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawArc(inner, 90 * 16, int(-360 * 16 * done / total))


@dataclass(frozen=True, slots=True)
class SectionProgress:
    """One section of a checklist: how many of its shown questions are answered."""

    title: str
    done: int
    total: int
    findings: int = 0


class SectionRow(PaintedButton):
    """A section in the visit panel: ring, title, count, findings. ``clicked`` opens it."""

    def __init__(self, look: Look, row: SectionProgress) -> None:
        super().__init__(look)
        self.setCheckable(True)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._row = row
        self.show_section(row)

    def show_section(self, row: SectionProgress) -> None:
        """Show this section; ``setChecked`` says whether it is the open one."""
        before, self._row = self._row, row
        if (before.title, before.findings) != (row.title, row.findings):
            self.updateGeometry()
        words = self.tr("{0}, {1} of {2} answered").format(row.title, row.done, row.total)
        if row.findings:
            words += ", " + self.tr("%n finding(s)", "", row.findings)
        self.setAccessibleName(words)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, self.look.px(ROW_HIGH))

    def heightForWidth(self, width: int) -> int:
        """A title that needs it takes a second line."""
        lines = 2 if self._needs_two_lines(width) else 1
        return self.look.px(ROW_HIGH + (lines - 1) * LINE_HIGH)

    def _needs_two_lines(self, width: float) -> bool:
        # Measured in the heavier face of the open section, so that opening moves nothing.
        metrics = QFontMetricsF(self.look.font(SIZES.body, 600))
        return metrics.horizontalAdvance(self._row.title) > width - self._beside()

    def _beside(self) -> float:
        """What stands beside the title: ring, badge and gaps."""
        look, findings = self.look, self._row.findings
        badge = 0.0
        if findings:
            font = look.font(SIZES.caption, 600)
            words = QFontMetricsF(font).horizontalAdvance(str(findings)) + look.px(14)
            badge = max(look.px(24), words) + 8
        return 12 + look.px(26) + 12 + badge + 12

    def paintEvent(self, event: QPaintEvent) -> None:
        row, tokens, look = self._row, self.look.tokens, self.look
        direction = self.layoutDirection()
        painter = self.painter()
        box = QRectF(self.rect())
        if self.isChecked() or self.underMouse():
            is_on = self.isChecked()
            painter.setPen(QPen(QColor(tokens.line), 1) if is_on else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.surface if is_on else tokens.line))
            painter.setOpacity(1 if is_on else 0.5)
            painter.drawRoundedRect(box.adjusted(0.5, 1.5, -0.5, -1.5), RADIUS_FIELD, RADIUS_FIELD)
            painter.setOpacity(1)
        side = look.px(26)
        ring = QRectF(box.left() + 12, box.center().y() - side / 2, side, side)
        draw_progress(painter, look, mirrored(ring, box, direction), row.done, row.total)
        left = box.left() + 12 + side + 12
        right = box.right() - 12
        if row.findings:
            font = look.font(SIZES.caption, 600)
            text = str(row.findings)
            high = look.px(24)
            wide = max(high, QFontMetricsF(font).horizontalAdvance(text) + look.px(14))
            badge = QRectF(right - wide, box.center().y() - high / 2, wide, high)
            badge = mirrored(badge, box, direction)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.bad_soft))
            painter.drawRoundedRect(badge, high / 2, high / 2)
            painter.setPen(QColor(tokens.bad))
            painter.setFont(font)
            painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)
            right -= wide + 8
        is_full = row.total > 0 and row.done >= row.total
        colour = tokens.text2 if is_full and not self.isChecked() else tokens.text
        font = look.font(SIZES.body, 600 if self.isChecked() else 500)
        more = look.px(LINE_HIGH) if self._needs_two_lines(box.width()) else 0
        title = QRectF(left, box.top() + look.px(8), right - left, look.px(22) + more)
        place = mirrored(title, box, direction)
        if more:
            draw_two_lines(painter, place, row.title, font, colour, direction)
        else:
            draw_line(painter, place, row.title, font, colour)
        count = QRectF(left, box.top() + look.px(29) + more, right - left, look.px(18))
        words = self.tr("{0} of {1}").format(row.done, row.total)
        caption = look.font(SIZES.caption)
        draw_line(painter, mirrored(count, box, direction), words, caption, tokens.text3)
        self.draw_focus(painter, box)
        painter.end()
