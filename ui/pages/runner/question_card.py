"""The open question: the one row of the list that is live."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSpacerItem, QVBoxLayout, QWidget

from audit_app.domain.words import Tone
from audit_app.forms.kinds import QuestionKind
from audit_app.services.checklist_rows import QuestionRow
from ui.delegates.question_row import LiveCard
from ui.pages.runner.bodies import body_for, shape_of
from ui.pages.runner.body import Body
from ui.pages.runner.kept_field import KeptLine
from ui.theme.look import Look
from ui.theme.tokens import SIZES
from ui.widgets.button import Button, IconButton
from ui.widgets.strip import Banner
from ui.widgets.tag import Tag
from ui.widgets.text import Label

MARGIN = 22
KEEPS_NOTHING = frozenset({QuestionKind.NOTE})


class QuestionCard(LiveCard):
    """Shows one question and takes its answer, note and photos.

    Signals:
        answered: ref and the names chosen, none to clear.
        measured: ref, field ref, text.
        marked: ref and a Mark, or None.
        noted: ref and the text of the note.
        photo_asked: the camera or a photo file is wanted.
        file_asked: any file is wanted, for this field ref or "" for evidence.
        flag_asked: flag, or take the flag away.
        left: Esc in a field; the keys belong to the list again.
        resized: the card needs another height.
    """

    answered = Signal(str, tuple)
    measured = Signal(str, str, str)
    marked = Signal(str, object)
    noted = Signal(str, str)
    photo_asked = Signal()
    file_asked = Signal(str)
    flag_asked = Signal()
    left = Signal()
    resized = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._row: QuestionRow | None = None
        self._shape: tuple[object, ...] = ()
        self._is_unfolded = False
        self._heights: dict[int, int] = {}
        self.body: Body | None = None
        self._frame = QFrame(self)
        self._frame.setProperty("kind", "open-card")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._frame)
        self._column = QVBoxLayout(self._frame)
        self._column.setContentsMargins(MARGIN, 18, MARGIN, 20)
        self._column.setSpacing(0)
        self._make_head()
        self._make_foot()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._measure_soon = QTimer(self)
        self._measure_soon.setSingleShot(True)
        self._measure_soon.setInterval(0)
        self._measure_soon.timeout.connect(self.measure_again)
        look.changed.connect(self._heights.clear)

    @property
    def row(self) -> QuestionRow | None:
        """The question shown."""
        return self._row

    def show_question(self, row: QuestionRow) -> None:
        """Show this question and its present answer."""
        before = self._row
        if row == before:
            return
        is_other = before is None or before.ref != row.ref
        self._heights.clear()
        self._row = row
        if is_other:
            self._is_unfolded = False
            self.note.typing.reset(row.note)
            self.trouble.clear()
        else:
            self.note.typing.show_stored(row.note)
        if shape_of(row) != self._shape:
            self._replace_body(row)
        self._show_head(row)
        if self.body is not None:
            self.body.show_row(row)
        self._show_foot(row)
        if not is_other:
            self._measure_soon.start()

    def show_trouble(self, words: str, drafts: dict[str, str]) -> None:
        """The last step was not saved: say why, keep what was typed. "" clears it."""
        self.trouble.say(words)
        if words:
            self.note.typing.unsent()
            if self.body is not None:
                self.body.unsent()
        if drafts and self.body is not None:
            self.body.show_drafts(drafts)
        if self._row is not None and self._row.ref in drafts:
            self.note.typing.reset(self._row.note, drafts[self._row.ref])
            self.note.typing.unsent()
        self._measure_soon.start()

    def flush(self) -> None:
        """Send what is typed."""
        if self._row is None:
            return
        if self.body is not None:
            self.body.flush()
        self.note.typing.flush()

    def take_digit(self, digit: int) -> bool:
        """A number key was pressed outside a text field."""
        return self.body is not None and self.body.take_digit(digit)

    def turn_guidance(self) -> None:
        """Unfold or fold the guidance."""
        self._is_unfolded = not self._is_unfolded
        if self._row is not None:
            self._show_guidance(self._row)
        self.measure_again()

    def measure_again(self) -> None:
        """Something in the card takes another height."""
        self._heights.clear()
        self.resized.emit()

    def height_for(self, width: int) -> int:
        """How high the card stands at this width; the list asks many times for one answer."""
        known = self._heights.get(width)
        if known is None:
            # Only the last one: measuring lays the answers out for this width.
            self._heights.clear()
            known = self._heights[width] = self._measured(width)
        return known

    def _measured(self, width: int) -> int:
        if self.body is not None:
            self.body.arrange(width - 2 * MARGIN - 4)
            inner = self.body.layout()
            if inner is not None:
                inner.invalidate()
            self.body.updateGeometry()
            self._slot.invalidate()
        if self._row is not None:
            self._show_guidance(self._row, width)
        # Layouts within layouts keep their old answer until the next round of events.
        for place in range(self._column.count()):
            item = self._column.itemAt(place)
            if item is not None:
                item.invalidate()
        self._column.invalidate()
        return self._column.heightForWidth(width - 4) + 4

    def _make_head(self) -> None:
        look = self._look
        self.number = Label("", "label")
        self._critical = Tag(look, self.tr("Critical"), Tone.BAD)
        self._evidence = Tag(look, "")
        self._flag = Tag(look, self.tr("Flagged"), None, "flag")
        self._clause = Label("", "caption")
        self._question = Label("", "question", is_wrapped=True)
        self._guidance = Label("", "secondary", is_wrapped=True)
        self._more = Button(look, self.tr("More"), kind="ghost", key="H")
        self._more.clicked.connect(self.turn_guidance)
        head = QHBoxLayout()
        head.setSpacing(8)
        for part in (self.number, self._critical, self._evidence, self._flag):
            head.addWidget(part)
        head.addStretch(1)
        head.addWidget(self._clause)
        self._column.addLayout(head)
        self._column.addSpacing(10)
        self._column.addWidget(self._question)
        self._above = QSpacerItem(0, 6)
        self._below = QSpacerItem(0, 18)
        self._column.addSpacerItem(self._above)
        guidance = QHBoxLayout()
        guidance.setSpacing(4)
        guidance.addWidget(self._guidance, 1)
        guidance.addWidget(self._more, 0, Qt.AlignmentFlag.AlignTop)
        self._column.addLayout(guidance)
        self._column.addSpacerItem(self._below)
        self._slot = QVBoxLayout()
        self._column.addLayout(self._slot)

    def _make_foot(self) -> None:
        look = self._look
        self._problem = Label("", "error", is_wrapped=True)
        self.trouble = Banner(look)
        self.note = KeptLine(self.tr("Note"))
        self.note.setPlaceholderText(self.tr("Note for this question"))
        self.note.typing.settled.connect(self._on_noted)
        self.note.left.connect(self.left)
        photo = Button(look, self.tr("Photo"), "camera", key="C")
        photo.clicked.connect(self.photo_asked)
        file = IconButton(look, "file-up", self.tr("Add a file"))
        file.clicked.connect(lambda: self.file_asked.emit(""))
        self._flag_button = IconButton(look, "flag", self.tr("Flag for later"), key="X")
        self._flag_button.clicked.connect(self.flag_asked)
        self._tools = QWidget()
        row = QHBoxLayout(self._tools)
        row.setContentsMargins(0, 14, 0, 0)
        row.setSpacing(10)
        row.addWidget(self.note, 1)
        for part in (photo, file, self._flag_button):
            row.addWidget(part)
        self._column.addWidget(self._problem)
        self._column.addWidget(self.trouble)
        self._column.addWidget(self._tools)

    def _replace_body(self, row: QuestionRow) -> None:
        self._shape = shape_of(row)
        old = self.body
        if old is not None:
            self._slot.removeWidget(old)
            old.hide()
            old.setParent(None)
            old.deleteLater()
        body = self.body = body_for(self._look, row)
        ref = row.ref
        body.answered.connect(self._on_answered)
        body.measured.connect(lambda field, text: self.measured.emit(ref, field, text))
        body.marked.connect(lambda mark: self.marked.emit(ref, mark))
        body.file_asked.connect(self.file_asked)
        body.resized.connect(self.measure_again)
        for line in body.findChildren(KeptLine):
            line.left.connect(self.left)
        self._slot.addWidget(body)
        body.show()

    def _on_answered(self, names: tuple[str, ...]) -> None:
        if self._row is not None:
            self.answered.emit(self._row.ref, names)

    def _show_head(self, row: QuestionRow) -> None:
        self.number.setText(row.number)
        self._critical.setVisible(row.critical)
        self._evidence.setVisible(bool(row.evidence_words))
        is_met = row.answered and not row.evidence_missing
        self._evidence.show_tag(
            row.evidence_words, Tone.GOOD if is_met else None, "check" if is_met else ""
        )
        self._flag.setVisible(row.flagged)
        self._clause.setText(_short(row.clause))
        self._clause.setToolTip(row.clause)
        self._question.setText(row.text)
        self._show_guidance(row)

    def _show_guidance(self, row: QuestionRow, width: int = 0) -> None:
        """One line, or all of it once unfolded."""
        room = (width or self.width()) - 2 * MARGIN - 8
        metrics = QFontMetricsF(self._look.font(SIZES.secondary))
        text = " ".join(row.guidance.split())
        is_long = metrics.horizontalAdvance(text) > room
        if is_long and not self._is_unfolded:
            button = self._more.sizeHint().width() + 8
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room - button)
        self._guidance.setText(text)
        self._guidance.setVisible(bool(text))
        self._guidance.setMinimumHeight(0)
        self._more.setVisible(is_long)
        # The button is tall enough to press; its height stands in for the gaps around it.
        is_folded = is_long and not self._is_unfolded
        self._above.changeSize(0, 0 if is_folded else 6)
        self._below.changeSize(0, 6 if is_folded else 18)
        self._more.setText(self.tr("Less") if self._is_unfolded else self.tr("More"))

    def _show_foot(self, row: QuestionRow) -> None:
        is_measured = self.body is not None and hasattr(self.body, "judgement")
        words = row.problem
        if is_measured and row.mark is None:
            words = ""
        self._problem.setText(words)
        self._problem.setVisible(bool(words))
        asks_why = bool(row.problem) and not row.note and bool(row.mark or row.selected)
        hint = self.tr("Say why") if asks_why else self.tr("Note for this question")
        self.note.setPlaceholderText(hint)
        self.note.setReadOnly(row.readonly)
        self._tools.setVisible(row.kind not in KEEPS_NOTHING)
        self._flag_button.show_icon("flag")

    def _on_noted(self, text: str) -> None:
        if self._row is not None:
            self.noted.emit(self._row.ref, text)


def _short(clause: str) -> str:
    return clause if len(clause) <= 34 else clause[:33].rstrip(" ,;") + "…"
