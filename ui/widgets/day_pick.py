"""A button that shows a day and lets another one be picked from a calendar."""

from datetime import date

from PySide6.QtCore import QDate, QLocale, QPoint, Qt, Signal
from PySide6.QtWidgets import QCalendarWidget, QFrame, QVBoxLayout

from ui.theme.look import Look
from ui.widgets.button import Button
from ui.words import day_words


class DayPick(Button):
    """Shows one day, or that there is none; a press opens the calendar.

    Signals:
        chosen: the day that was picked.
    """

    chosen = Signal(object)

    def __init__(self, look: Look, name: str) -> None:
        super().__init__(look, "", "calendar-days", "choice")
        self._name = name
        self._day: date | None = None
        self.clicked.connect(lambda _on=False: self.open_calendar())
        self.show_day(None)

    def show_day(self, day: date | None, *, is_late: bool = False) -> None:
        """Show this day; a late one says so in words and shape."""
        self._day = day
        words = self.tr("No day")
        if day is not None:
            words = QLocale().toString(QDate(day.year, day.month, day.day), "d MMM")
        self.setText(words)
        said = day_words(day) or words
        self.setAccessibleName(f"{self._name}: {said}")
        if is_late:
            self.setAccessibleName(self.tr("{0}: {1}, overdue").format(self._name, said))
        self.show_icon("triangle-alert" if is_late else "calendar-days")

    def open_calendar(self) -> QCalendarWidget:
        """Offer a calendar under the button; gives it."""
        sheet = QFrame(self, Qt.WindowType.Popup)
        sheet.setProperty("kind", "overlay")
        sheet.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        calendar = QCalendarWidget(sheet)
        calendar.setAccessibleName(self._name)
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        if self._day is not None:
            calendar.setSelectedDate(QDate(self._day.year, self._day.month, self._day.day))
        column = QVBoxLayout(sheet)
        column.setContentsMargins(8, 8, 8, 8)
        column.addWidget(calendar)

        def take(day: QDate) -> None:
            sheet.close()
            self.chosen.emit(date(day.year(), day.month(), day.day()))

        calendar.clicked.connect(take)
        calendar.activated.connect(take)
        sheet.adjustSize()
        at = self.mapToGlobal(self.rect().bottomLeft() + QPoint(0, 4))
        if self.layoutDirection() is Qt.LayoutDirection.LeftToRight:
            at.setX(at.x() + self.width() - sheet.width())
        screen = self.screen().availableGeometry()
        at.setX(max(screen.left(), min(at.x(), screen.right() - sheet.width())))
        if at.y() + sheet.height() > screen.bottom():
            at.setY(self.mapToGlobal(QPoint(0, -4)).y() - sheet.height())
        sheet.move(at)
        sheet.show()
        calendar.setFocus()
        return calendar
