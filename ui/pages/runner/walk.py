"""Walking through the checklist: from question to question, over the edges of sections."""

from PySide6.QtCore import QObject, Signal

from audit_app.services.checklist_rows import QuestionRow
from ui.models.question_list import Filter, QuestionList
from ui.pages.runner.question_card import QuestionCard
from ui.pages.runner.work_list import WorkList


class Walk(QObject):
    """Decides which question is open, and opens it.

    Signals:
        leaving: another question is about to be opened; save what is typed.
        opened: this question is open now.
        ended: nothing is left to do.
    """

    leaving = Signal()
    opened = Signal(str)
    ended = Signal()

    def __init__(self, questions: QuestionList, view: WorkList, card: QuestionCard) -> None:
        super().__init__(view)
        self._questions, self._list, self._card = questions, view, card

    @property
    def current(self) -> QuestionRow | None:
        """The open question."""
        return self._questions.row(self._questions.current)

    def open_question(self, ref: str) -> None:
        """Make this the open question, in its section."""
        row = self._questions.row(ref)
        if row is None:
            return
        self.leaving.emit()
        is_same = row.section == self._questions.section and self._questions.filter is Filter.ALL
        if is_same and self._questions.place(ref).isValid():
            self._questions.open(ref)
            self._list.show_open()
        else:
            self._questions.show_section(row.section, self._questions.filter, ref)
            self._list.show_open(is_gliding=False)
        self.opened.emit(ref)

    def next_to_do(self) -> None:
        """On to the next question that asks something; at the end, what is left."""
        self.leaving.emit()
        if not self.go_on():
            self.ended.emit()

    def go_on(self) -> bool:
        """Open the next question that asks something; tell whether there was one."""
        now = self._questions.current
        ref = self._questions.next_to_do(now)
        if not ref or ref == now:
            return False
        self.open_question(ref)
        return True

    def back(self) -> None:
        """To the question before this one, over the section's edge too."""
        order = self._questions.order
        if self._questions.current in order:
            place = order.index(self._questions.current)
            if place:
                self.open_question(order[place - 1])

    def step(self, by: int) -> None:
        """Open the row above (-1) or below (1)."""
        ref = self._questions.beside(self._questions.current, by)
        if ref:
            self.open_question(ref)
        else:
            self.step_section(by, is_last=by < 0)

    def step_section(self, by: int, *, is_last: bool = False) -> None:
        """Open the section before or after."""
        codes = list(dict.fromkeys(row.section for row in self._questions.rows()))
        if self._questions.section in codes:
            place = codes.index(self._questions.section) + by
            if 0 <= place < len(codes):
                self.open_section(codes[place], is_last=is_last)

    def open_section(self, code: str, *, is_last: bool = False) -> None:
        """Open a section at what is left to do in it, or at its first question."""
        rows = self._questions.section_rows(code)
        if rows:
            to_do = next((row for row in rows if row.to_do and not row.skipped), rows[0])
            self.open_question((rows[-1] if is_last else to_do).ref)

    def filter(self, which: Filter) -> None:
        """List other questions of the section; the open one stays open."""
        self._questions.show_section(self._questions.section, which, self._questions.current)
        self._list.show_open(is_gliding=False)

    def hold_on(self) -> None:
        """The list was laid out anew; keep the open question, or go to one that still applies."""
        current = self._questions.current
        if current in self._questions.order:
            self._list.show_open(is_gliding=False)
            return
        other = self._questions.next_to_do("") or next(iter(self._questions.order), "")
        if other:
            self.open_question(other)

    def focus_answer(self) -> None:
        """The keys go where the answer is given: a field, or the list for number keys."""
        field = self._card.body.first_field() if self._card.body is not None else None
        if field is not None and field.isEnabled():
            field.setFocus()
        else:
            self._list.setFocus()
