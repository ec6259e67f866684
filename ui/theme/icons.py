"""Lucide icons, tinted and sharp at any screen ratio."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

import resources


class Icons:
    """Draws the shipped SVG icons and keeps what it drew."""

    def __init__(self) -> None:
        self._sources: dict[str, str] = {}
        self._drawn: dict[tuple[str, str, int, float], QPixmap] = {}

    def pixmap(self, name: str, colour: str, size: int, ratio: float) -> QPixmap:
        """The icon at ``size`` logical pixels for a screen of this device pixel ratio.

        Raises:
            KeyError: no icon of this name is shipped.
        """
        key = (name, colour, size, ratio)
        if key not in self._drawn:
            self._drawn[key] = self._draw(name, colour, size, ratio)
        return self._drawn[key]

    def clear(self) -> None:
        """Forget what was drawn, as after a change of theme."""
        self._drawn.clear()

    def _source(self, name: str) -> str:
        if name not in self._sources:
            file = resources.path("icons", f"{name}.svg")
            if not file.is_file():
                raise KeyError(name)
            self._sources[name] = file.read_text(encoding="utf-8")
        return self._sources[name]

    def _draw(self, name: str, colour: str, size: int, ratio: float) -> QPixmap:
        svg = self._source(name).replace("currentColor", colour)
        pixels = max(1, round(size * ratio))
        pixmap = QPixmap(QSize(pixels, pixels))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        QSvgRenderer(svg.encode()).render(painter, QRectF(0, 0, size, size))
        painter.end()
        return pixmap
