"""An icon by itself, in a token colour."""

from PySide6.QtWidgets import QLabel, QSizePolicy

from ui.theme.look import Look


class IconLabel(QLabel):
    """An icon tinted with the token of this name, such as ``text2`` or ``bad``."""

    def __init__(self, look: Look, icon: str, tint: str = "text2", size: int = 20) -> None:
        super().__init__()
        self._look, self._icon, self._tint, self._size = look, icon, tint, size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._draw)
        self._draw()

    def show_icon(self, icon: str, tint: str | None = None) -> None:
        """Another icon, and another colour if given."""
        self._icon = icon
        self._tint = tint or self._tint
        self._draw()

    def _draw(self) -> None:
        colour = getattr(self._look.tokens, self._tint)
        self.setPixmap(self._look.pixmap(self._icon, colour, self._size))
