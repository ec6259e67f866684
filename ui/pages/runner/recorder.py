"""Takes what the auditor does to the service: painted at once, saved in order, never lost."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from audit_app.domain.words import Mark, Tone
from audit_app.errors import AuditError
from audit_app.services.checklist_rows import AnswerChip, ChoiceRow, QuestionRow, Saved
from ui.models.question_list import QuestionList, without_answer
from ui.shell import Shell
from ui.widgets.save_mark import SaveMark
from ui.words import word


@dataclass(frozen=True, slots=True)
class _Step:
    """One thing to save.

    Attributes:
        ref: the question it is about, "" for steps on a whole section.
        typed: texts by field ref (the question's own ref for its note), kept when saving fails.
    """

    ref: str
    work: Callable[[], Saved]
    typed: tuple[str, str] | None = None
    words: str = ""


class Recorder(QObject):
    """One audit's way to the disk.

    Signals:
        saved: a step is on disk.
        failed: the ref it was about, and why it was not saved.
        recovered: the ref whose failed step was saved after all.
    """

    saved = Signal(Saved)
    failed = Signal(str, AuditError)
    recovered = Signal(str)

    def __init__(self, shell: Shell, model: QuestionList, mark: SaveMark) -> None:
        super().__init__()
        self._shell, self._model, self._mark = shell, model, mark
        self._service = shell.services.checklist
        self._audit: UUID | None = None
        self._unsaved: list[_Step] = []
        self._drafts: dict[str, dict[str, str]] = {}
        self._reasons: dict[str, str] = {}
        self.last: Saved | None = None
        mark.retry_asked.connect(self.retry)

    def take_audit(self, audit_id: UUID) -> None:
        """Record for this audit from now on."""
        if audit_id != self._audit:
            self._audit = audit_id
            self._unsaved, self._drafts, self._reasons = [], {}, {}

    def answer(self, row: QuestionRow, names: tuple[str, ...]) -> None:
        """These answers were chosen; none clears."""
        audit_id, service, ref = self._id(), self._service, row.ref
        chosen = [choice for choice in row.choices if choice.name in names]
        if chosen:
            chip = AnswerChip(", ".join(choice.label for choice in chosen), _gravest(chosen))
            guess = replace(row, selected=names, answer=chip, mark=None, problem="")
        else:
            guess = without_answer(row)
        work = partial(service.answer, audit_id, ref=ref, selected=names)
        self._run(_Step(ref, work), guess)

    def measure(self, row: QuestionRow, field_ref: str, text: str) -> None:
        """A field was filled in."""
        audit_id, service = self._id(), self._service
        fields = tuple(
            replace(field, value=text) if field.ref == field_ref else field for field in row.fields
        )
        work = partial(service.measure, audit_id, field_ref=field_ref, value=text)
        self._run(_Step(row.ref, work, (field_ref, text)), replace(row, fields=fields))

    def mark(self, row: QuestionRow, mark: Mark | None) -> None:
        """Not applicable or not verified, in place of a value."""
        audit_id, service, ref = self._id(), self._service, row.ref
        chip = AnswerChip(word(mark), Tone.NEUTRAL) if mark else None
        work = partial(service.mark, audit_id, ref=ref, mark=mark)
        self._run(_Step(ref, work), replace(row, mark=mark, answer=chip))

    def note(self, row: QuestionRow, text: str) -> None:
        """The note was written."""
        audit_id, service, ref = self._id(), self._service, row.ref
        work = partial(service.note, audit_id, ref=ref, text=text)
        self._run(_Step(ref, work, (ref, text)), replace(row, note=text))

    def clear(self, row: QuestionRow) -> None:
        """Take the answer away, whatever kind it is."""
        if row.mark is not None:
            self.mark(row, None)
        elif row.selected:
            self.answer(row, ())
        else:
            for field in row.fields:
                if field.value:
                    self.measure(row, field.ref, "")

    def flag(self, row: QuestionRow, *, is_on: bool) -> None:
        """Come back to this one later, or no longer."""
        audit_id, service, ref = self._id(), self._service, row.ref
        work = partial(service.flag, audit_id, ref=ref, on=is_on)
        self._run(_Step(ref, work), replace(row, flagged=is_on))

    def skip(self, row: QuestionRow) -> None:
        """Pass this one for now."""
        audit_id, service, ref = self._id(), self._service, row.ref
        work = partial(service.skip, audit_id, ref=ref, on=True)
        self._run(_Step(ref, work), replace(row, skipped=True))

    def mark_rest(self, section: str, name: str) -> None:
        """One answer for all that is not answered in a section."""
        audit_id, service = self._id(), self._service
        work = partial(service.mark_rest, audit_id, section=section, selected=name)
        self._run(_Step("", work, words="mark_rest"), None)

    def add_repeat(self, section: str) -> None:
        """Another instance of a repeated section."""
        audit_id, service = self._id(), self._service
        self._run(_Step("", partial(service.add_repeat, audit_id, section=section)), None)

    def remove_repeat(self, section: str) -> None:
        """Take this instance of a repeated section away."""
        audit_id, service = self._id(), self._service
        self._run(_Step("", partial(service.remove_repeat, audit_id, section=section)), None)

    def refresh(self, ref: str) -> None:
        """Read one question again; its photos or its finding changed."""
        audit_id, service = self._id(), self._service
        self._shell.tasks.in_db(
            partial(service.refresh, audit_id, ref=ref), self._take, self._shell.messages.refuse
        )

    def undo(self) -> None:
        """Take the last step back, and say so with a way to do it again."""
        audit_id, service, tr = self._id(), self._service, self.tr

        def done(saved: Saved | None) -> None:
            if saved is None:
                self._shell.messages.say(tr("Nothing to undo"))
                return
            self._take(saved)
            self._shell.messages.say(tr("Undid: {0}").format(saved.label), tr("Redo"), self.redo)

        self._shell.tasks.in_db(
            partial(service.undo, audit_id), done, self._shell.messages.refuse, owner=self
        )

    def redo(self) -> None:
        """Do the last undone step again."""
        audit_id, service, tr = self._id(), self._service, self.tr

        def done(saved: Saved | None) -> None:
            if saved is None:
                self._shell.messages.say(tr("Nothing to redo"))
                return
            self._take(saved)
            self._shell.messages.say(tr("Did again: {0}").format(saved.label))

        self._shell.tasks.in_db(
            partial(service.redo, audit_id), done, self._shell.messages.refuse, owner=self
        )

    def retry(self) -> None:
        """Try everything again that could not be saved, in its order."""
        waiting, self._unsaved = self._unsaved, []
        self._mark.retried()
        for step in waiting:
            self._run(step, None)

    def trouble(self, ref: str) -> tuple[str, dict[str, str]]:
        """Why a question's last step was not saved, and the texts typed there; ("", {}) if it was.

        Texts are by field ref; the note stands under the question's own ref.
        """
        return self._reasons.get(ref, ""), dict(self._drafts.get(ref, {}))

    @property
    def has_unsaved(self) -> bool:
        """Whether something waits for Retry."""
        return bool(self._unsaved)

    def _run(self, step: _Step, guess: QuestionRow | None) -> None:
        audit_id = self._id()
        if guess is not None:
            self._model.show_pending(guess)
        self._mark.begin()

        def done(saved: Saved) -> None:
            self._mark.saved()
            if audit_id != self._audit:
                return
            self._forget(step)
            self._take(saved, step.ref if guess is not None else "")

        def failed(error: AuditError) -> None:
            self._mark.failed(error)
            if audit_id != self._audit:
                return
            self._unsaved.append(step)
            if step.typed is not None:
                field, text = step.typed
                self._drafts.setdefault(step.ref, {})[field] = text
            self._reasons[step.ref] = str(error)
            if guess is not None:
                self._model.settle(step.ref)
            self.failed.emit(step.ref, error)

        self._shell.tasks.in_db(step.work, done, failed, owner=self)

    def _take(self, saved: Saved, ref: str = "") -> None:
        """Show what is on disk. The rows come first, so that nothing flashes back."""
        self.last = saved
        self._model.apply(saved.rows, saved.order)
        if ref:
            self._model.settle(ref)
        self.saved.emit(saved)

    def _forget(self, step: _Step) -> None:
        """What failed before on this question is overtaken by this step."""
        drafts = self._drafts.get(step.ref)
        if drafts and step.typed is not None:
            drafts.pop(step.typed[0], None)
        if step.ref in self._reasons and not self._drafts.get(step.ref):
            self._drafts.pop(step.ref, None)
            del self._reasons[step.ref]
            self._unsaved = [kept for kept in self._unsaved if kept.ref != step.ref]
            if not self._unsaved:
                self._mark.retried()
            self.recovered.emit(step.ref)

    def _id(self) -> UUID:
        if self._audit is None:
            raise RuntimeError("no audit is open")
        return self._audit


def _gravest(chosen: list[ChoiceRow]) -> Tone:
    order = (Tone.BAD, Tone.WATCH, Tone.NEUTRAL, Tone.GOOD)
    return min((choice.tone for choice in chosen), key=order.index)
