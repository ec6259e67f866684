"""Tick boxes, pick lists and dates, drawn from the tokens so that no theme needs image files."""

from collections.abc import Hashable, Sequence
from datetime import date

from PySide6.QtCore import QDate, QRectF, QSize, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QComboBox, QDateEdit, QSizePolicy, QWidget

from ui.theme.look import Look
from ui.theme.tokens import SIZES
from ui.widgets.painted import PaintedButton, draw_icon, draw_line, draw_two_lines, mirrored


class CheckBox(PaintedButton):
    """A tick and its words; the whole row answers to a press."""

    def __init__(self, look: Look, text: str, *, is_on: bool = False) -> None:
        super().__init__(look)
        self.setText(text)
        self.setCheckable(True)
        self.setChecked(is_on)
        self.setAccessibleName(text)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def _wide(self) -> float:
        metrics = QFontMetricsF(self.look.font(SIZES.body))
        return metrics.horizontalAdvance(self.text()) + self.look.px(22) + 18

    def sizeHint(self) -> QSize:
        return QSize(round(self._wide()), self.look.px(44))

    def heightForWidth(self, width: int) -> int:
        return self.look.px(44 if self._wide() <= width + 4 else 56)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens, look = self.look.tokens, self.look
        painter = self.painter()
        box = QRectF(self.rect())
        side = look.px(22)
        square = QRectF(3, box.center().y() - side / 2, side, side)
        square = mirrored(square, box, self.layoutDirection())
        is_on = self.isChecked()
        painter.setPen(QPen(QColor(tokens.accent if is_on else tokens.control_line), 1.3))
        painter.setBrush(QColor(tokens.accent if is_on else tokens.surface))
        painter.drawRoundedRect(square.adjusted(1, 1, -1, -1), 5, 5)
        if is_on:
            inner = square.adjusted(4, 4, -4, -4)
            draw_icon(painter, look, "check", tokens.on_accent, inner)
        words = mirrored(
            QRectF(side + 13, 0, box.width() - side - 14, box.height()),
            box,
            self.layoutDirection(),
        )
        colour = tokens.text if self.isEnabled() else tokens.text3
        font = look.font(SIZES.body)
        if self._wide() <= box.width() + 4:
            draw_line(painter, words, self.text(), font, colour)
        else:
            draw_two_lines(painter, words, self.text(), font, colour, self.layoutDirection())
        self.draw_focus(painter, box, 6)
        painter.end()


def _draw_chevron(widget: QWidget, look: Look, icon: str = "chevron-down") -> None:
    painter = QPainter(widget)
    side = look.px(18)
    box = QRectF(widget.rect())
    place = QRectF(box.right() - side - 10, box.center().y() - side / 2, side, side)
    place = mirrored(place, box, widget.layoutDirection())
    draw_icon(painter, look, icon, look.tokens.text2, place)
    painter.end()


class PickBox(QComboBox):
    """One of a list; values are any hashable objects.

    Signals:
        picked: the auditor chose this value.
    """

    picked = Signal(object)

    def __init__(self, look: Look, options: Sequence[tuple[Hashable, str]] = ()) -> None:
        super().__init__()
        self._look = look
        self._values: list[Hashable] = []
        self.setMaxVisibleItems(12)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(12)
        self.activated.connect(lambda row: self.picked.emit(self._values[row]))
        look.changed.connect(self.update)
        self.show_options(options)

    def show_options(
        self, options: Sequence[tuple[Hashable, str]], value: Hashable | None = None
    ) -> None:
        """Offer these (value, words) and choose ``value``, or the first."""
        self.clear()
        self._values = [key for key, _ in options]
        self.addItems([words for _, words in options])
        if value in self._values:
            self.setCurrentIndex(self._values.index(value))

    @property
    def value(self) -> Hashable | None:
        """What is chosen."""
        row = self.currentIndex()
        return self._values[row] if 0 <= row < len(self._values) else None

    def select(self, value: Hashable) -> None:
        """Choose this value, without a signal."""
        self.setCurrentIndex(self._values.index(value))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        _draw_chevron(self, self._look)


class DateField(QDateEdit):
    """A day, with a calendar to pick it from."""

    def __init__(self, look: Look, day: date) -> None:
        super().__init__(QDate(day.year, day.month, day.day))
        self._look = look
        self.setCalendarPopup(True)
        self._fit_format()
        # Two of these stand side by side in a panel: they share what room there is.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(120)
        look.changed.connect(self.update)

    @property
    def day(self) -> date:
        """The day shown."""
        chosen = self.date()
        return date(chosen.year(), chosen.month(), chosen.day())

    def show_day(self, day: date) -> None:
        """Show this day."""
        self.setDate(QDate(day.year, day.month, day.day))

    def _fit_format(self) -> None:
        """With the day of the week where there is room for it."""
        metrics = QFontMetricsF(self._look.font(SIZES.body))
        room = self.width() - self._look.px(18) - 44
        is_wide = metrics.horizontalAdvance("Wed 30 Nov 2026") < room
        self.setDisplayFormat("ddd d MMM yyyy" if is_wide else "d MMM yyyy")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_format()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        _draw_chevron(self, self._look, "calendar-days")
