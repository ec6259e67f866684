"""The strip at the foot of the window: news with one answer, never blocking."""

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from audit_app.domain.words import Tone
from ui.messages import Message
from ui.theme.look import Look
from ui.widgets.button import Button
from ui.widgets.icon_label import IconLabel
from ui.widgets.text import Label

MARGIN = 16


class Strip(QFrame):
    """Floats over the foot of ``host``; shows one message at a time, the newest."""

    def __init__(self, look: Look, host: QWidget) -> None:
        super().__init__(host)
        self.setProperty("kind", "strip")
        self._host = host
        self._look = look
        self._message: Message | None = None
        self._icon = IconLabel(look, "circle-alert", "badge", 18)
        self._words = Label("", is_wrapped=True)
        self._answer = Button(look, "", kind="on-strip")
        self._answer.clicked.connect(self._on_answer)
        self._close = Button(look, self.tr("Close"), kind="on-strip")
        self._close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(10)
        row.addWidget(self._icon)
        row.addWidget(self._words, 1)
        row.addWidget(self._answer)
        row.addWidget(self._close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        host.installEventFilter(self)
        self.hide()

    @property
    def words(self) -> str:
        """What it says; "" when it is hidden."""
        return "" if self.isHidden() else self._words.text()

    def show_message(self, message: Message) -> None:
        """Say this in place of what was said before."""
        self._message = message
        self._words.setText(message.words)
        self._icon.setVisible(message.tone is Tone.BAD)
        self._answer.setText(message.action)
        self._answer.setVisible(bool(message.action))
        self._close.setVisible(not message.action)
        self.show()
        self.raise_()
        self._place()
        if message.seconds:
            self._timer.start(message.seconds * 1000)
        else:
            self._timer.stop()
        QAccessible.updateAccessibility(QAccessibleEvent(self._words, QAccessible.Event.Alert))

    def _on_answer(self) -> None:
        self.hide()
        if self._message is not None and self._message.run is not None:
            self._message.run()

    def _place(self) -> None:
        width = min(self._look.px(560), self._host.width() - 2 * MARGIN)
        self.setFixedWidth(width)
        high = max(self.heightForWidth(width), self.sizeHint().height())
        left = (self._host.width() - width) // 2
        self.setGeometry(left, self._host.height() - high - self._look.px(84), width, high)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)


class Banner(QFrame):
    """A message in place: why something failed, or what stands in the way.

    Tones: BAD for what failed, WATCH for a warning, GOOD for success, None for information.
    """

    def __init__(self, look: Look, tone: Tone | None = Tone.BAD) -> None:
        super().__init__()
        kinds = {
            Tone.BAD: ("banner-bad", "circle-alert", "bad"),
            Tone.WATCH: ("banner-watch", "triangle-alert", "watch"),
            Tone.GOOD: ("banner-good", "circle-check", "good"),
        }
        kind, icon, tint = (
            kinds.get(tone, ("banner-info", "info", "accent"))
            if tone
            else (
                "banner-info",
                "info",
                "accent",
            )
        )
        self.setProperty("kind", kind)
        self._message: Message | None = None
        self._words = Label("", is_wrapped=True)
        self._answer = Button(look, "")
        self._answer.clicked.connect(self._on_answer)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 10, 10)
        row.setSpacing(10)
        row.addWidget(IconLabel(look, icon, tint, 20))
        row.addWidget(self._words, 1)
        row.addWidget(self._answer)
        self.hide()

    @property
    def words(self) -> str:
        """What it says; "" when it is hidden."""
        return "" if self.isHidden() else self._words.text()

    def show_message(self, message: Message) -> None:
        """Say this until ``clear``."""
        self._message = message
        self._words.setText(message.words)
        self._answer.setText(message.action)
        self._answer.setVisible(bool(message.action))
        self.show()
        QAccessible.updateAccessibility(QAccessibleEvent(self._words, QAccessible.Event.Alert))

    def say(self, words: str) -> None:
        """Say this, without an answer; the empty text clears it."""
        if words:
            self.show_message(Message(words))
        else:
            self.clear()

    def clear(self) -> None:
        """Nothing to say any more."""
        self.hide()

    def _on_answer(self) -> None:
        if self._message is not None and self._message.run is not None:
            self._message.run()
