"""A field to sign in, with mouse, finger or pen."""

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QTabletEvent,
    QTouchEvent,
)
from PySide6.QtWidgets import QSizePolicy

from ui.theme.look import Look
from ui.theme.tokens import RADIUS_FIELD, SIZES
from ui.widgets.painted import Painted

Stroke = tuple[tuple[float, float], ...]

PEN_WINS_MS = 800
"""For this long after a pen event, touches are the palm and are ignored."""


class SignaturePad(Painted):
    """Records strokes as polylines with x and y in 0..1 of the pad.

    Pen events win: while the pen is near, mouse and touch are ignored.

    Signals:
        changed: a stroke was drawn, or all were wiped.
    """

    changed = Signal()

    def __init__(self, look: Look, name: str) -> None:
        super().__init__(look)
        self._strokes: list[list[QPointF]] = []
        self._is_drawing = False
        self._is_fixed = False
        self._hint = self.tr("Sign here with mouse, finger or pen")
        self._pen_near = QTimer(self)
        self._pen_near.setSingleShot(True)
        self._pen_near.setInterval(PEN_WINS_MS)
        self.setAccessibleName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """What was drawn."""
        return tuple(
            tuple((point.x(), point.y()) for point in stroke) for stroke in self._strokes if stroke
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing was drawn."""
        return not any(len(stroke) > 1 for stroke in self._strokes)

    def wipe(self) -> None:
        """Take everything away."""
        self._strokes = []
        self._is_drawing = False
        self._tell()

    def show_strokes(self, strokes: Sequence[Stroke], *, is_fixed: bool) -> None:
        """Show a signature; a fixed one cannot be drawn on."""
        self._strokes = [[QPointF(x, y) for x, y in stroke] for stroke in strokes]
        self._is_fixed = is_fixed
        self.setCursor(Qt.CursorShape.ArrowCursor if is_fixed else Qt.CursorShape.CrossCursor)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(360), self.look.px(150))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.look.px(220), self.look.px(150))

    def _begin(self, at: QPointF) -> None:
        if self._is_fixed:
            return
        self._is_drawing = True
        self._strokes.append([self._relative(at)])
        self.update()

    def _go_on(self, at: QPointF) -> None:
        if self._is_drawing:
            self._strokes[-1].append(self._relative(at))
            self.update()

    def _end(self) -> None:
        if self._is_drawing:
            self._is_drawing = False
            self._tell()

    def _tell(self) -> None:
        self.update()
        self.changed.emit()

    def _relative(self, at: QPointF) -> QPointF:
        x = min(1.0, max(0.0, at.x() / max(1, self.width())))
        y = min(1.0, max(0.0, at.y() / max(1, self.height())))
        return QPointF(x, y)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and not self._pen_near.isActive():
            self._begin(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._pen_near.isActive():
            self._go_on(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if not self._pen_near.isActive():
            self._end()

    def tabletEvent(self, event: QTabletEvent) -> None:
        self._pen_near.start()
        kind = event.type()
        if kind == QEvent.Type.TabletPress:
            self._begin(event.position())
        elif kind == QEvent.Type.TabletMove:
            self._go_on(event.position())
        elif kind == QEvent.Type.TabletRelease:
            self._end()
        event.accept()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QTouchEvent) and not self._pen_near.isActive():
            return self._touch(event)
        return super().event(event)

    def _touch(self, event: QTouchEvent) -> bool:
        points = event.points()
        if not points:
            return False
        at = points[0].position()
        kind = event.type()
        if kind == QEvent.Type.TouchBegin:
            self._begin(at)
        elif kind == QEvent.Type.TouchUpdate:
            self._go_on(at)
        elif kind == QEvent.Type.TouchEnd:
            self._end()
        elif kind == QEvent.Type.TouchCancel and self._is_drawing:
            self._strokes.pop()
            self._is_drawing = False
            self.update()
        event.accept()
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        look, tokens = self.look, self.look.tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        edge = tokens.accent if self.hasFocus() else tokens.control_line
        painter.setPen(QPen(QColor(edge), 2 if self.hasFocus() else 1))
        painter.setBrush(QColor(tokens.surface))
        painter.drawRoundedRect(box, RADIUS_FIELD, RADIUS_FIELD)
        line = box.bottom() - look.px(34)
        painter.setPen(QPen(QColor(tokens.line), 1))
        painter.drawLine(QPointF(box.left() + 18, line), QPointF(box.right() - 18, line))
        if not self._strokes:
            painter.setPen(QColor(tokens.text3))
            painter.setFont(look.font(SIZES.secondary))
            words = QRectF(box.left(), line + 2, box.width(), look.px(28))
            painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self._hint)
        pen = QPen(QColor(tokens.text), look.px(2.4))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for stroke in self._strokes:
            painter.drawPath(self._path(stroke))
        painter.end()

    def _path(self, stroke: Sequence[QPointF]) -> QPainterPath:
        """The stroke, smoothed through the middles of its parts."""
        places = [QPointF(p.x() * self.width(), p.y() * self.height()) for p in stroke]
        path = QPainterPath(places[0])
        if len(places) == 1:
            path.lineTo(places[0] + QPointF(0.1, 0.1))
            return path
        for here, there in pairwise(places[1:]):
            path.quadTo(here, (here + there) / 2)
        path.lineTo(places[-1])
        return path
