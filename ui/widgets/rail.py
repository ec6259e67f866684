"""The rail: the places of the window, at the side or, in portrait, at the foot."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QPaintEvent, QPen
from PySide6.QtWidgets import QBoxLayout, QFrame, QMenu, QSizePolicy, QWidget

from ui.theme.look import Look
from ui.theme.tokens import RADIUS_FIELD, RAIL_WIDTH, SIZES
from ui.widgets.painted import PaintedButton, draw_icon

ENTRY_HEIGHT = 64
FOOT_HEIGHT = 66
AT_FOOT = 5


@dataclass(frozen=True, slots=True)
class Place:
    """One entry of the rail; ``is_low`` ones stand at its lower end."""

    id: str
    words: str
    icon: str
    key: str = ""
    is_low: bool = False


class RailButton(PaintedButton):
    """Icon over word; a badge counts what waits there."""

    def __init__(self, look: Look, place: Place) -> None:
        super().__init__(look)
        self.place = place
        self._badge = ""
        self.setText(place.words)
        self.setCheckable(True)
        self.setAutoExclusive(False)
        self._name()

    def show_badge(self, count: int) -> None:
        """Count what waits; nothing for 0."""
        self._badge = str(count) if count < 100 else "99+"
        if not count:
            self._badge = ""
        self._name()
        self.update()

    def _name(self) -> None:
        words = self.place.words
        if self._badge:
            words = self.tr("{0}, {1} waiting").format(words, self._badge)
        if self.place.key:
            words = self.tr("{0}, key {1}").format(words, self.place.key)
        self.setAccessibleName(words)
        self.setToolTip(f"{self.place.words}  {self.place.key}".rstrip())

    def sizeHint(self) -> QSize:
        return QSize(self.look.px(RAIL_WIDTH), self.look.px(ENTRY_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(44, self.look.px(48))

    def paintEvent(self, event: QPaintEvent) -> None:
        look, tokens = self.look, self.look.tokens
        painter = self.painter()
        box = QRectF(self.rect())
        is_on = self.isChecked()
        colour = tokens.rail_on_text if is_on or self.underMouse() else tokens.rail_text
        ground = box.adjusted(8, 2, -8, -2)
        if is_on:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.rail_on))
            painter.drawRoundedRect(ground, 12, 12)
        side = look.px(23)
        has_words = box.height() >= look.px(54)
        text_high = look.px(18) if has_words else 0
        top = box.center().y() - (side + text_high + (4 if has_words else 0)) / 2
        icon = QRectF(box.center().x() - side / 2, top, side, side)
        draw_icon(painter, look, self.place.icon, colour, icon)
        if has_words:
            painter.setPen(QColor(colour))
            font = look.font(SIZES.rail, 600 if is_on else 500)
            painter.setFont(font)
            words = QRectF(2, icon.bottom() + 4, box.width() - 4, text_high)
            painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.text())
        if self._badge:
            high = look.px(18)
            wide = max(high, look.px(10 + 7 * len(self._badge)))
            badge = QRectF(icon.center().x() + look.px(5), icon.top() - 5, wide, high)
            painter.setPen(QPen(QColor(tokens.rail), 2))
            painter.setBrush(QColor(tokens.badge))
            painter.drawRoundedRect(badge, high / 2, high / 2)
            painter.setPen(QColor(tokens.on_badge))
            painter.setFont(look.font(11, 600))
            painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, self._badge)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(tokens.rail_on_text), 2))
            painter.drawRoundedRect(ground.adjusted(1, 1, -1, -1), RADIUS_FIELD, RADIUS_FIELD)
        painter.end()


class Rail(QFrame):
    """All places; always dark.

    Signals:
        chosen: the id of the place the auditor pressed.
    """

    chosen = Signal(str)

    def __init__(self, look: Look, places: Sequence[Place]) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setAccessibleName(self.tr("Places"))
        self._look = look
        self._is_foot = False
        self._hidden: set[str] = set()
        self._row = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._row.setSpacing(2)
        self._buttons = {place.id: RailButton(look, place) for place in places}
        self._gap = QWidget()
        self._gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        has_gap = False
        for place in places:
            if place.is_low and not has_gap:
                self._row.addWidget(self._gap)
                has_gap = True
            button = self._buttons[place.id]
            button.clicked.connect(lambda _on=False, name=place.id: self._on_pressed(name))
            self._row.addWidget(button)
        self._more = RailButton(look, Place("more", self.tr("More"), "ellipsis"))
        self._more.clicked.connect(self._open_more)
        self._row.addWidget(self._more)
        look.changed.connect(self._arrange)
        self._arrange()

    def show_at_foot(self, *, is_foot: bool) -> None:
        """Lie at the foot of the window with five entries and More, or stand at its side."""
        if is_foot != self._is_foot:
            self._is_foot = is_foot
            self._arrange()

    def mark(self, name: str) -> None:
        """Show that this place is open; any other name marks none."""
        for key, button in self._buttons.items():
            button.setChecked(key == name)
        if self._is_foot:
            self._more.setChecked(name in self._beyond())

    def show_badge(self, name: str, count: int) -> None:
        """Count what waits at this place."""
        self._buttons[name].show_badge(count)

    def show_place(self, name: str, *, is_shown: bool) -> None:
        """Show or hide one entry, as the checklist while no visit is open."""
        if is_shown:
            self._hidden.discard(name)
        else:
            self._hidden.add(name)
        self._arrange()

    def button(self, name: str) -> RailButton:
        """The button of a place."""
        return self._buttons[name]

    def _shown(self) -> list[str]:
        return [name for name in self._buttons if name not in self._hidden]

    def _beyond(self) -> list[str]:
        return self._shown()[AT_FOOT:]

    def _arrange(self) -> None:
        # Qt turns a left-to-right box round by itself in a right-to-left window.
        along = QBoxLayout.Direction
        self._row.setDirection(along.LeftToRight if self._is_foot else along.TopToBottom)
        self._gap.setVisible(not self._is_foot)
        beyond = set(self._beyond()) if self._is_foot else set()
        for name, button in self._buttons.items():
            button.setVisible(name not in self._hidden and name not in beyond)
            policy = QSizePolicy.Policy
            if self._is_foot:
                button.setSizePolicy(policy.Expanding, policy.Fixed)
            else:
                button.setSizePolicy(policy.Fixed, policy.Preferred)
        self._more.setVisible(self._is_foot and bool(beyond))
        self._more.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if self._is_foot:
            self._row.setContentsMargins(4, 1, 4, 1)
            self.setMinimumWidth(0)
            self.setMaximumWidth(16777215)
            self.setFixedHeight(self._look.px(FOOT_HEIGHT))
        else:
            self._row.setContentsMargins(0, 14, 0, 12)
            self.setMinimumHeight(0)
            self.setMaximumHeight(16777215)
            self.setFixedWidth(self._look.px(RAIL_WIDTH))

    def _on_pressed(self, name: str) -> None:
        # A press on the present place must not unmark it.
        self._buttons[name].setChecked(not self._buttons[name].isChecked())
        self.chosen.emit(name)

    def _open_more(self) -> None:
        self._more.setChecked(not self._more.isChecked())
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in self._beyond():
            place = self._buttons[name].place
            icon = self._look.icon(place.icon, self._look.tokens.text2)
            action = QAction(icon, place.words, menu)
            action.triggered.connect(lambda _on=False, name=name: self.chosen.emit(name))
            menu.addAction(action)
        above = self._more.mapToGlobal(self._more.rect().topLeft())
        menu.popup(QPoint(above.x(), above.y() - menu.sizeHint().height()))
