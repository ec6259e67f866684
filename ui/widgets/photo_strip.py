"""Photos and files as tiles, two side by side."""

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QImage,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from audit_app.services.finding_rows import EvidenceRow
from ui.theme.look import Look
from ui.theme.tokens import RADIUS_FIELD, SIZES
from ui.widgets.painted import PaintedButton, draw_icon, isolated

TILE_HEIGHT = 104
CAPTION_HEIGHT = 24


class PhotoTile(PaintedButton):
    """One photo, cropped to the tile, with its caption over the foot; a file shows its name."""

    def __init__(self, look: Look, row: EvidenceRow) -> None:
        super().__init__(look)
        self.row = row
        self._image = QImage.fromData(row.thumbnail) if row.thumbnail else QImage()
        words = row.caption or row.name
        kind = self.tr("Photo") if row.kind == "photo" else self.tr("File")
        self.setAccessibleName(f"{kind}, {words}")
        self.setToolTip(words)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(120), self.look.px(TILE_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        look, tokens = self.look, self.look.tokens
        painter = self.painter()
        box = QRectF(self.rect())
        path = QPainterPath()
        path.addRoundedRect(box, RADIUS_FIELD, RADIUS_FIELD)
        painter.save()
        painter.setClipPath(path)
        if self._image.isNull():
            painter.fillRect(box, QColor(tokens.neutral_soft))
            side = look.px(26)
            place = QRectF(box.center().x() - side / 2, look.px(22), side, side)
            draw_icon(painter, look, "file-text", tokens.text2, place)
        else:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(_covering(self._image, box), self._image)
        words = self.row.caption or (self.row.name if self._image.isNull() else "")
        if not words and self.row.taken_at is not None:
            words = f"{self.row.taken_at:%H:%M}"
        if words:
            high = look.px(CAPTION_HEIGHT)
            foot = QRectF(0, box.height() - high, box.width(), high)
            painter.fillRect(foot, QColor(0, 0, 0, 150))
            font = look.font(SIZES.rail, 500)
            painter.setFont(font)
            painter.setPen(QColor("#FFFFFF"))
            inner = foot.adjusted(9, 0, -9, 0)
            shown = QFontMetricsF(font).elidedText(
                words, Qt.TextElideMode.ElideRight, inner.width()
            )
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(inner, int(flags), isolated(shown, self.layoutDirection()))
        painter.restore()
        if self.hasFocus() or self.underMouse():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.accent), 2))
            ring = box.adjusted(1, 1, -1, -1)
            painter.drawRoundedRect(ring, RADIUS_FIELD, RADIUS_FIELD)
        painter.end()


class PhotoStrip(QWidget):
    """The evidence of a question or a finding.

    Signals:
        opened: the id of the tile that was pressed.
    """

    opened = Signal(object)

    def __init__(self, look: Look, columns: int = 2) -> None:
        super().__init__()
        self._look = look
        self._columns = columns
        self._rows: tuple[EvidenceRow, ...] = ()
        self.tiles: list[PhotoTile] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)

    @property
    def rows(self) -> tuple[EvidenceRow, ...]:
        """What is shown."""
        return self._rows

    def show_evidence(self, rows: Sequence[EvidenceRow]) -> None:
        """Show these, in this order."""
        fresh = tuple(rows)
        if fresh == self._rows:
            return
        self._rows = fresh
        for tile in self.tiles:
            self._grid.removeWidget(tile)
            tile.hide()
            tile.deleteLater()
        self.tiles = [PhotoTile(self._look, row) for row in fresh]
        for place, tile in enumerate(self.tiles):
            identity: UUID = tile.row.id
            tile.clicked.connect(lambda _on=False, name=identity: self.opened.emit(name))
            self._grid.addWidget(tile, place // self._columns, place % self._columns)
        self.setVisible(bool(fresh))


def _covering(image: QImage, box: QRectF) -> QRectF:
    """Where to draw the image so that it covers the box and keeps its shape."""
    scale = max(box.width() / image.width(), box.height() / image.height())
    wide, high = image.width() * scale, image.height() * scale
    return QRectF(box.center().x() - wide / 2, box.center().y() - high / 2, wide, high)
