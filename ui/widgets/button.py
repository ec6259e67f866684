"""Buttons of every rank, and the segmented choice."""

from collections.abc import Hashable, Sequence

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QSizePolicy, QWidget

from ui.theme.look import Look
from ui.widgets.text import set_kind

AIR = 5
"""Fusion leaves 4 px between icon and words; this much more is drawn into the icon."""

TURNED = {"chevron-left": "chevron-right", "chevron-right": "chevron-left"}
"""Icons that point along the reading direction."""


class Button(QPushButton):
    """A button with words and, often, an icon.

    Kinds: empty (bordered), primary (one per screen), ghost (no border), danger, choice and
    choice-bad (checkable), segment, on-strip. ``is_trailing`` puts the icon after the words.
    It takes the focus by Tab only, so that pressing it leaves a text field and its keys alone.
    """

    def __init__(
        self,
        look: Look,
        text: str,
        icon: str = "",
        kind: str = "",
        *,
        is_trailing: bool = False,
        key: str = "",
    ) -> None:
        super().__init__(text)
        self._look = look
        self._icon_name = icon
        self._is_trailing = is_trailing
        self._kind = kind
        if kind:
            set_kind(self, kind)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoDefault(False)
        self._key = key
        self.setText(text)
        look.changed.connect(self._draw_icon)
        self._draw_icon()

    def setText(self, text: str) -> None:
        super().setText(text)
        key = getattr(self, "_key", "")
        self.setAccessibleName(self.tr("{0}, key {1}").format(text, key) if key else text)
        if key:
            self.setToolTip(f"{text}  {key}")

    def show_icon(self, name: str) -> None:
        """Another icon, or none for the empty name."""
        self._icon_name = name
        self._draw_icon()

    def show_kind(self, kind: str) -> None:
        """Another rank."""
        self._kind = kind
        set_kind(self, kind)
        self._draw_icon()

    def _colour(self) -> str:
        tokens = self._look.tokens
        by_kind = {
            "primary": tokens.on_accent,
            "danger": tokens.bad,
            "on-strip": tokens.rail_on_text,
        }
        return by_kind.get(self._kind, tokens.text2)

    def _draw_icon(self) -> None:
        if not self._icon_name:
            self.setIcon(QIcon())
            return
        if self._is_trailing:
            # The button's own direction is turned against the window's to put the icon last.
            is_rtl = QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft
            left, right = Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft
            self.setLayoutDirection(left if is_rtl else right)
        is_icon_right = self.layoutDirection() is Qt.LayoutDirection.RightToLeft
        air = AIR if self.text() else 0
        icon = QIcon(self._with_air(self._colour(), air, is_icon_right))
        disabled = self._with_air(self._look.tokens.text3, air, is_icon_right)
        icon.addPixmap(disabled, QIcon.Mode.Disabled)
        self.setIcon(icon)
        side = self._look.px(20)
        self.setIconSize(QSize(side + air, side))

    def _with_air(self, colour: str, air: int, is_icon_right: bool) -> QPixmap:
        is_rtl = QGuiApplication.layoutDirection() is Qt.LayoutDirection.RightToLeft
        name = TURNED.get(self._icon_name, self._icon_name) if is_rtl else self._icon_name
        drawn = self._look.pixmap(name, colour, 20)
        if not air:
            return drawn
        ratio = drawn.devicePixelRatio()
        side = self._look.px(20)
        wide = QPixmap(QSize(round((side + air) * ratio), round(side * ratio)))
        wide.setDevicePixelRatio(ratio)
        wide.fill(Qt.GlobalColor.transparent)
        painter = QPainter(wide)
        painter.drawPixmap(QRect(air if is_icon_right else 0, 0, side, side), drawn)
        painter.end()
        return wide


class IconButton(Button):
    """A button that is only an icon; ``words`` are its accessible name and tool tip."""

    def __init__(
        self, look: Look, icon: str, words: str, kind: str = "icon", *, key: str = ""
    ) -> None:
        super().__init__(look, "", icon, kind)
        self.setAccessibleName(self.tr("{0}, key {1}").format(words, key) if key else words)
        self.setToolTip(f"{words}  {key}".rstrip())
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)


class Segmented(QFrame):
    """One of a few, side by side: filters and small choices.

    Signals:
        chosen: the auditor picked this value (an object given to ``show_options``).
    """

    chosen = Signal(object)

    def __init__(
        self,
        look: Look,
        options: Sequence[tuple[Hashable, str]] = (),
        name: str = "",
        *,
        is_stretched: bool = False,
    ) -> None:
        super().__init__()
        self.setProperty("kind", "segmented")
        self._look = look
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._buttons: dict[Hashable, Button] = {}
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(3, 3, 3, 3)
        self._row.setSpacing(2)
        across = QSizePolicy.Policy.Expanding if is_stretched else QSizePolicy.Policy.Maximum
        self.setSizePolicy(across, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        if options:
            self.show_options(options)

    def show_options(
        self, options: Sequence[tuple[Hashable, str]], value: Hashable | None = None
    ) -> None:
        """Offer these (value, words); the first is on unless ``value`` names another.

        Changed words under the same values keep the buttons and what is chosen.
        """
        if [key for key, _ in options] == list(self._buttons) and value is None:
            for key, words in options:
                self._buttons[key].setText(words)
            return
        for button in self._buttons.values():
            self._group.removeButton(button)
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = {}
        for key, words in options:
            button = Button(self._look, words, kind="segment")
            button.setCheckable(True)
            button.clicked.connect(lambda _on=False, key=key: self.chosen.emit(key))
            self._group.addButton(button)
            self._row.addWidget(button, 1)
            self._buttons[key] = button
        first = value if value in self._buttons else next(iter(self._buttons), None)
        if first is not None:
            self.select(first)

    def select(self, value: Hashable) -> None:
        """Turn this value on, without a signal."""
        self._buttons[value].setChecked(True)

    @property
    def value(self) -> Hashable | None:
        """What is on."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), None)


def spacer() -> QWidget:
    """Something that takes all the room left over."""
    widget = QWidget()
    widget.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
    return widget
