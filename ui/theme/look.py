"""How everything looks just now: tokens, text size, fonts and icons in one object."""

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from ui.theme.fonts import plex
from ui.theme.icons import Icons
from ui.theme.qss import style_sheet
from ui.theme.tokens import DARK, LIGHT, SIZES, TOKENS, Theme, Tokens

SMALLEST_TEXT, LARGEST_TEXT = 90, 150


def palette(tokens: Tokens) -> QPalette:
    """A full palette, so that plain Qt widgets and dialogs fit in."""
    result = QPalette()
    role = QPalette.ColorRole
    colours = {
        role.Window: tokens.canvas,
        role.WindowText: tokens.text,
        role.Base: tokens.surface,
        role.AlternateBase: tokens.sunken,
        role.Text: tokens.text,
        role.Button: tokens.surface,
        role.ButtonText: tokens.text,
        role.BrightText: tokens.on_accent,
        role.Highlight: tokens.accent,
        role.HighlightedText: tokens.on_accent,
        role.Accent: tokens.accent,
        role.PlaceholderText: tokens.text3,
        role.ToolTipBase: tokens.surface,
        role.ToolTipText: tokens.text,
        role.Link: tokens.accent,
        role.LinkVisited: tokens.accent,
        role.Light: tokens.surface,
        role.Midlight: tokens.line,
        role.Mid: tokens.line,
        role.Dark: tokens.control_line,
        role.Shadow: tokens.line,
    }
    for name, colour in colours.items():
        result.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, name, QColor(tokens.text3))
    return result


class Look(QObject):
    """The present look; handed to every widget that paints itself.

    A painted widget keeps the Look it was given, reads ``look.tokens`` and ``look.font(...)``
    inside ``paintEvent``, and derives from ``ui.widgets.painted.Painted`` to be repainted on
    ``changed``. Plain widgets are styled by their ``kind`` property through the style sheet.

    Signals:
        changed: the theme or the text size changed; repaint, and measure again.
    """

    changed = Signal()

    def __init__(
        self,
        app: QApplication,
        theme: Theme = Theme.SYSTEM,
        text_percent: int = 100,
        *,
        is_motion_reduced: bool = False,
    ) -> None:
        super().__init__()
        self._app = app
        self._icons = Icons()
        self._theme = theme
        self._percent = self._within(text_percent)
        self.is_motion_reduced = is_motion_reduced
        self._is_left_handed = False
        self.tokens = self._tokens_for(theme)
        app.setStyle("Fusion")
        app.styleHints().colorSchemeChanged.connect(self._on_system_changed)
        self._apply()

    @property
    def theme(self) -> Theme:
        """What the auditor chose; ``tokens`` is what that means just now."""
        return self._theme

    @property
    def text_percent(self) -> int:
        """The text size, 90 to 150."""
        return self._percent

    @property
    def is_left_handed(self) -> bool:
        """Whether side panels stand on the other side, for a left hand."""
        return self._is_left_handed

    def choose_hand(self, *, is_left: bool) -> None:
        """Move the side panels, at once and everywhere."""
        if is_left != self._is_left_handed:
            self._is_left_handed = is_left
            self.changed.emit()

    def choose(self, theme: Theme | None = None, text_percent: int | None = None) -> None:
        """Change theme, text size or both, at once and everywhere."""
        if theme is not None:
            self._theme = theme
        if text_percent is not None:
            self._percent = self._within(text_percent)
        self.tokens = self._tokens_for(self._theme)
        self._apply()
        self.changed.emit()

    def px(self, pixels: float) -> int:
        """A length that grows with the text: row heights, chips, discs."""
        return round(pixels * self._percent / 100)

    def font(self, pixels: int = SIZES.body, weight: int = 400) -> QFont:
        """The font at this token size, scaled to the text size the auditor chose."""
        return plex(self.px(pixels), weight)

    def colour(self, value: str) -> QColor:
        """A token as QColor, for painters."""
        return QColor(value)

    def pixmap(self, name: str, colour: str, size: int = 20) -> QPixmap:
        """An icon tinted with a token colour, ``size`` logical pixels before the text scale."""
        return self._icons.pixmap(name, colour, self.px(size), self._app.devicePixelRatio())

    def icon(self, name: str, colour: str, size: int = 20) -> QIcon:
        """The same as QIcon; its disabled look is the paler text colour."""
        icon = QIcon(self.pixmap(name, colour, size))
        icon.addPixmap(self.pixmap(name, self.tokens.text3, size), QIcon.Mode.Disabled)
        return icon

    def duration(self, milliseconds: int = 120) -> int:
        """How long a motion may last: nothing when motion is reduced."""
        return 0 if self.is_motion_reduced else milliseconds

    def _tokens_for(self, theme: Theme) -> Tokens:
        if theme is not Theme.SYSTEM:
            return TOKENS[theme]
        is_dark = self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return DARK if is_dark else LIGHT

    def _apply(self) -> None:
        self._icons.clear()
        self._app.setPalette(palette(self.tokens))
        self._app.setFont(self.font())
        self._app.setStyleSheet(style_sheet(self.tokens, self._percent / 100))

    def _on_system_changed(self) -> None:
        if self._theme is Theme.SYSTEM and self._tokens_for(self._theme) != self.tokens:
            self.choose()

    @staticmethod
    def _within(percent: int) -> int:
        return max(SMALLEST_TEXT, min(LARGEST_TEXT, percent))
