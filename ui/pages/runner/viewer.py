"""One photo, large: caption, next and previous, remove with a way back."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from audit_app.services.finding_rows import EvidenceRow
from ui.pages.runner.kept_field import KeptLine
from ui.pages.runner.layer import Layer
from ui.shell import Shell
from ui.theme.look import Look
from ui.theme.tokens import SIZES
from ui.widgets.button import Button, IconButton
from ui.widgets.painted import Painted, draw_icon
from ui.widgets.text import ElidedLabel
from ui.words import size_words

SIZE = 1600


class Picture(Painted):
    """A photo as large as there is room."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self._image = QImage()
        self._words = ""

    def show_image(self, image: QImage, words: str) -> None:
        """Show this image; without one, the words and an icon."""
        self._image, self._words = image, words
        self.setAccessibleName(words)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        box = QRectF(self.rect())
        if self._image.isNull():
            side = self.look.px(48)
            place = QRectF(box.center().x() - side / 2, box.center().y() - side, side, side)
            draw_icon(painter, self.look, "file-text", self.look.tokens.text3, place)
            painter.setPen(self.look.colour(self.look.tokens.text2))
            painter.setFont(self.look.font(SIZES.body))
            below = box.adjusted(0, box.height() / 2 + 16, 0, 0)
            painter.drawText(
                below, Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop, self._words
            )
        else:
            scale = min(box.width() / self._image.width(), box.height() / self._image.height(), 2)
            wide, high = self._image.width() * scale, self._image.height() * scale
            target = QRectF(box.center().x() - wide / 2, box.center().y() - high / 2, wide, high)
            painter.drawImage(target, self._image)
        painter.end()


class PhotoViewer(Layer):
    """Looks at the evidence of one question or finding.

    Signals:
        changed: a caption was written, or a photo went to the bin or came back; the ref.
    """

    changed = Signal(str)

    def __init__(self, shell: Shell, host: QWidget) -> None:
        super().__init__(shell.look, host, width=1100)
        look = shell.look
        self._shell = shell
        self._rows: tuple[EvidenceRow, ...] = ()
        self._at = 0
        self._title = ElidedLabel("", "h2")
        self._facts = ElidedLabel("", "secondary")
        self.picture = Picture(look)
        self.caption = KeptLine(self.tr("Caption"))
        self.caption.setPlaceholderText(self.tr("What does it show?"))
        self.caption.typing.settled.connect(self._on_caption)
        self.caption.left.connect(self.close_over)
        self.before = IconButton(look, "chevron-left", self.tr("Photo before"))
        self.before.clicked.connect(lambda: self._step(-1))
        self.after = IconButton(look, "chevron-right", self.tr("Next photo"))
        self.after.clicked.connect(lambda: self._step(1))
        self.remove = Button(look, self.tr("Remove"), "trash-2", "danger")
        self.remove.clicked.connect(self._on_remove)
        close = IconButton(look, "x", self.tr("Close"), "ghost-icon", key=self.tr("Esc"))
        close.clicked.connect(self.close_over)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._facts, 1)
        head.addWidget(close)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(self.before)
        foot.addWidget(self.after)
        foot.addWidget(self.caption, 1)
        foot.addWidget(self.remove)
        self.column.addLayout(head)
        self.column.addWidget(self.picture, 1)
        self.column.addLayout(foot)

    def open_photos(self, rows: Sequence[EvidenceRow], first: UUID) -> None:
        """Look at these, beginning with one of them."""
        self._rows = tuple(rows)
        self._at = next((i for i, row in enumerate(rows) if row.id == first), 0)
        self._show()
        self.open_over(self.after)

    def close_over(self) -> None:
        self.caption.typing.flush()
        super().close_over()

    def _show(self) -> None:
        row = self._rows[self._at]
        place = self.tr("{0} of {1}").format(self._at + 1, len(self._rows))
        self._title.show_text(f"{row.name}  {place}")
        facts = [size_words(row.size)]
        if row.width:
            facts.append(f"{row.width} × {row.height}")
        if row.taken_at is not None:
            facts.append(f"{row.taken_at:%Y-%m-%d %H:%M}")
        self._facts.show_text(", ".join(facts))
        self.caption.typing.reset(row.caption)
        has_more = len(self._rows) > 1
        self.before.setEnabled(has_more)
        self.after.setEnabled(has_more)
        words = row.caption or row.name
        self.picture.show_image(QImage.fromData(row.thumbnail), words)
        if row.kind == "photo":
            image = partial(self._shell.services.evidence.image, row.id, size=SIZE)

            def done(data: bytes) -> None:
                if self._rows and self._rows[self._at].id == row.id:
                    self.picture.show_image(QImage.fromData(data), words)

            self._shell.tasks.in_work(lambda _progress: image(), done, owner=self)

    def _step(self, by: int) -> None:
        self.caption.typing.flush()
        self._at = (self._at + by) % len(self._rows)
        self._show()

    def _on_caption(self, text: str) -> None:
        row = self._rows[self._at]
        work = partial(self._shell.services.evidence.caption, row.id, text=text)
        self._shell.tasks.in_db(work, lambda _done: self.changed.emit(row.ref), owner=self)

    def _on_remove(self) -> None:
        row = self._rows[self._at]
        service, messages = self._shell.services.evidence, self._shell.messages

        def restore() -> None:
            work = partial(service.restore, row.id)
            self._shell.tasks.in_db(work, lambda _done: self.changed.emit(row.ref), owner=self)

        def done(_done: object) -> None:
            self.changed.emit(row.ref)
            messages.say(self.tr("Removed {0}").format(row.name), self.tr("Undo"), restore)

        self._shell.tasks.in_db(partial(service.remove, row.id), done, owner=self)
        self._rows = tuple(kept for kept in self._rows if kept.id != row.id)
        if self._rows:
            self._at %= len(self._rows)
            self._show()
        else:
            self.caption.typing.reset("")
            self.close_over()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Left:
            self._step(-1)
        elif event.key() == Qt.Key.Key_Right:
            self._step(1)
        else:
            super().keyPressEvent(event)
