"""What every widget that paints itself starts from."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractButton, QWidget

from ui.theme.look import Look
from ui.theme.tokens import RADIUS_CHIP, RADIUS_FIELD, SIZES


class Painted(QWidget):
    """A widget that paints itself from ``self.look`` and follows it when it changes."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        look.changed.connect(self._on_look_changed)

    def _on_look_changed(self) -> None:
        self.updateGeometry()
        self.update()


class PaintedButton(QAbstractButton):
    """A button that paints itself; takes focus by Tab, so a press leaves text fields alone."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        look.changed.connect(self._on_look_changed)

    def _on_look_changed(self) -> None:
        self.updateGeometry()
        self.update()

    def painter(self) -> QPainter:
        """An antialiased painter on this button; end it when done."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        return painter

    def draw_focus(self, painter: QPainter, rect: QRectF, radius: float = RADIUS_FIELD) -> None:
        """The 2 px focus ring, when this button has the focus."""
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self.look.tokens.accent), 2))
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), radius, radius)


def mirrored(rect: QRectF, within: QRect | QRectF, direction: Qt.LayoutDirection) -> QRectF:
    """The rectangle where it belongs in this reading direction.

    Mirror rectangles only: a painter on a right-to-left widget already turns AlignLeft round.
    """
    if direction is not Qt.LayoutDirection.RightToLeft:
        return rect
    outer = QRectF(within)
    left = outer.left() + outer.right() - rect.right()
    return QRectF(left, rect.top(), rect.width(), rect.height())


def isolated(text: str, direction: Qt.LayoutDirection) -> str:
    """The text in its own direction: "29 of 30" is not torn apart on a right-to-left screen."""
    if direction is not Qt.LayoutDirection.RightToLeft or not text:
        return text
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


def draw_icon(painter: QPainter, look: Look, name: str, colour: str, box: QRectF) -> None:
    """An icon as large as the box (before the text scale it was drawn for), centred in it."""
    size = box.width() * 100 / look.text_percent
    pixmap = look.pixmap(name, colour, round(size))
    painter.drawPixmap(box.topLeft(), pixmap)


def draw_disc(painter: QPainter, look: Look, box: QRectF, colour: str, icon: str, on: str) -> None:
    """A filled disc with a shape in it: the state of a row without words."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    painter.drawEllipse(box)
    side = box.width() * 0.64
    inner = QRectF(box.center().x() - side / 2, box.center().y() - side / 2, side, side)
    draw_icon(painter, look, icon, on, inner)


def draw_ring(painter: QPainter, look: Look, box: QRectF) -> None:
    """A hollow disc: nothing answered yet."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(look.tokens.control_line), 1.6))
    painter.drawEllipse(box.adjusted(1, 1, -1, -1))


def pill_width(look: Look, text: str) -> float:
    """How wide ``draw_pill`` draws this text."""
    font = look.font(SIZES.caption, 600)
    return QFontMetricsF(font).horizontalAdvance(text) + look.px(22)


def draw_pill(painter: QPainter, look: Look, box: QRectF, text: str, pair: tuple[str, str]) -> None:
    """A status word on its soft ground; ``pair`` is (colour, soft) from the tokens."""
    colour, soft = pair
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(soft))
    painter.drawRoundedRect(box, RADIUS_CHIP, RADIUS_CHIP)
    painter.setPen(QColor(colour))
    painter.setFont(look.font(SIZES.caption, 600))
    words = isolated(text, painter.layoutDirection())
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


def draw_line(painter: QPainter, box: QRectF, text: str, font: QFont, colour: str) -> None:
    """One line at the leading edge, with an ellipsis when it does not fit."""
    painter.setFont(font)
    painter.setPen(QColor(colour))
    shown = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    painter.drawText(box, int(flags), isolated(shown, painter.layoutDirection()))


def draw_two_lines(
    painter: QPainter,
    box: QRectF,
    text: str,
    font: QFont,
    colour: str,
    direction: Qt.LayoutDirection,
) -> None:
    """Up to two lines, centred in height; the second ends in an ellipsis when there is more."""
    text = isolated(text, direction)
    option = QTextOption()
    option.setTextDirection(direction)
    option.setWrapMode(QTextOption.WrapMode.WordWrap)
    option.setAlignment(Qt.AlignmentFlag.AlignLeading)
    layout = QTextLayout(text, font)
    layout.setTextOption(option)
    layout.beginLayout()
    height = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(box.width())
        line.setPosition(QPointF(0, height))
        height += line.height() + 1
    layout.endLayout()
    count = layout.lineCount()
    if count == 0:
        return
    shown = min(count, 2)
    height = min(height, shown * (layout.lineAt(0).height() + 1))
    top = QPointF(box.left(), box.center().y() - height / 2)
    painter.setPen(QColor(colour))
    painter.setFont(font)
    layout.lineAt(0).draw(painter, top)
    if shown == 2:
        second = layout.lineAt(1)
        if count == 2:
            second.draw(painter, top)
        else:
            rest = QRectF(box.left(), top.y() + second.y(), box.width(), second.height())
            draw_line(painter, rest, text[second.textStart() :], font, colour)
