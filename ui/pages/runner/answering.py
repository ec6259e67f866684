"""Taking answers from the card and the keys to the recorder, and moving on after clean ones."""

from PySide6.QtCore import QObject, QTimer

from audit_app.domain.words import Mark, Tone
from audit_app.forms.kinds import QuestionKind
from audit_app.services.checklist_rows import QuestionRow
from ui.models.question_list import QuestionList
from ui.pages.runner.bodies import MEASURED
from ui.pages.runner.question_card import QuestionCard
from ui.pages.runner.recorder import Recorder
from ui.pages.runner.walk import Walk

PRESS_PAUSE_MS = 220
"""After a press the card waits this long before it moves on, so that a double press hits once."""


class Answering(QObject):
    """The rules of the hand: what a press or a key does with the open question.

    Attributes:
        is_advancing: a clean answer moves on by itself (a setting).
    """

    def __init__(
        self, questions: QuestionList, card: QuestionCard, recorder: Recorder, walk: Walk
    ) -> None:
        super().__init__(card)
        self._questions, self._card = questions, card
        self._recorder, self._walk = recorder, walk
        self.is_advancing = True
        self._by_key = False
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(PRESS_PAUSE_MS)
        self._soon.timeout.connect(walk.go_on)
        walk.leaving.connect(self._soon.stop)
        card.answered.connect(self._on_answered)
        card.measured.connect(self.measure)
        card.marked.connect(self._on_marked)
        card.noted.connect(self._on_noted)
        card.flag_asked.connect(self.flag)

    @property
    def is_open(self) -> bool:
        """Whether a question is open that takes an answer now."""
        row = self._walk.current
        return row is not None and not row.readonly

    def take_digit(self, digit: int) -> None:
        """A number key: the answer with this number."""
        self._by_key = True
        try:
            self._card.take_digit(digit)
        finally:
            self._by_key = False

    def take_mark(self, mark: Mark) -> None:
        """Not applicable or not verified; the same key again takes it away."""
        row = self._writable(self._questions.current)
        if row is not None and row.kind in MEASURED:
            self._recorder.mark(row, None if row.mark is mark else mark)
            if row.mark is not mark:
                self._card.note.setFocus()

    def clear(self) -> None:
        """Take the answer away."""
        row = self._writable(self._questions.current)
        if row is not None and row.answered:
            self._recorder.clear(row)

    def skip(self) -> None:
        """Pass this question for now and go on."""
        row = self._writable(self._questions.current)
        if row is not None:
            self._recorder.skip(row)
            self._walk.next_to_do()

    def flag(self) -> None:
        """Come back to this question later, or no longer."""
        row = self._writable(self._questions.current)
        if row is not None:
            self._recorder.flag(row, is_on=not row.flagged)

    def measure(self, ref: str, field: str, text: str) -> None:
        """A field was filled in."""
        row = self._writable(ref)
        if row is not None:
            self._recorder.measure(row, field, text)

    def _on_answered(self, ref: str, names: tuple[str, ...]) -> None:
        row = self._writable(ref)
        if row is None:
            return
        if row.kind is not QuestionKind.CHOICE or names != row.selected:
            self._recorder.answer(row, names)
        if self._moves_on(row, names):
            if self._by_key:
                self._walk.go_on()
            else:
                self._soon.start()

    def _moves_on(self, row: QuestionRow, names: tuple[str, ...]) -> bool:
        """A clean answer leads on by itself; a finding, a reason or evidence keeps the card."""
        if not self.is_advancing or row.kind is not QuestionKind.CHOICE or not names:
            return False
        choice = next((c for c in row.choices if c.name == names[0]), None)
        if choice is None or choice.finding is not None or choice.comment_required:
            return False
        return choice.tone in {Tone.GOOD, Tone.NEUTRAL} and not row.evidence_words

    def _on_marked(self, ref: str, mark: Mark | None) -> None:
        row = self._writable(ref)
        if row is not None:
            self._recorder.mark(row, mark)

    def _on_noted(self, ref: str, text: str) -> None:
        row = self._writable(ref)
        if row is not None:
            self._recorder.note(row, text)

    def _writable(self, ref: str) -> QuestionRow | None:
        row = self._questions.row(ref)
        return None if row is None or row.readonly else row
