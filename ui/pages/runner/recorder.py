"""Takes what the auditor does to the service: painted at once, saved in order, never lost."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
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
        part: what of it: "answer", "flag", "skip", or the ref of a field (the question's own ref
            for its note). A later step on the same part overtakes an earlier one.
        typed: the text, when it was typed; kept when saving fails.
    """

    ref: str
    work: Callable[[], Saved]
    part: str = "answer"
    typed: str | None = None


@dataclass(slots=True)
class _Held:
    """What could not be saved in one audit; it waits here until it is.

    Attributes:
        drafts: texts by field ref, by the ref of their question.
        reasons: why, by the ref of the question.
    """

    steps: list[_Step] = field(default_factory=list)
    drafts: dict[str, dict[str, str]] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)


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
        self._held: dict[UUID, _Held] = {}
        self.last: Saved | None = None
        mark.retry_asked.connect(self.retry)

    def take_audit(self, audit_id: UUID) -> None:
        """Record for this audit from now on; what is held for another one stays held."""
        self._audit = audit_id

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
        self._run(_Step(row.ref, work, field_ref, text), replace(row, fields=fields))

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
        self._run(_Step(ref, work, ref, text), replace(row, note=text))

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
        self._run(_Step(ref, work, "flag"), replace(row, flagged=is_on))

    def skip(self, row: QuestionRow) -> None:
        """Pass this one for now."""
        audit_id, service, ref = self._id(), self._service, row.ref
        work = partial(service.skip, audit_id, ref=ref, on=True)
        self._run(_Step(ref, work, "skip"), replace(row, skipped=True))

    def mark_rest(self, section: str, name: str) -> None:
        """One answer for all that is not answered in a section."""
        audit_id, service = self._id(), self._service
        work = partial(service.mark_rest, audit_id, section=section, selected=name)
        self._run(_Step("", work, "rest"), None)

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
        audit_id = self._id()
        work = partial(self._service.refresh, audit_id, ref=ref)
        self._read(audit_id, work, lambda _saved: None)

    def undo(self) -> None:
        """Take the last step back, and say so with a way to do it again."""
        audit_id, say = self._id(), self._shell.messages.say

        def done(saved: Saved | None) -> None:
            if saved is None:
                say(self.tr("Nothing to undo"))
            else:
                say(self.tr("Undid: {0}").format(saved.label), self.tr("Redo"), self.redo)

        self._read(audit_id, partial(self._service.undo, audit_id), done)

    def redo(self) -> None:
        """Do the last undone step again."""
        audit_id, say = self._id(), self._shell.messages.say

        def done(saved: Saved | None) -> None:
            if saved is None:
                say(self.tr("Nothing to redo"))
            else:
                say(self.tr("Did again: {0}").format(saved.label))

        self._read(audit_id, partial(self._service.redo, audit_id), done)

    def retry(self) -> None:
        """Try everything again that could not be saved, in its order."""
        self._mark.retried()
        for audit_id, held in list(self._held.items()):
            waiting, held.steps = held.steps, []
            for step in waiting:
                self._run(step, None, audit_id)

    def trouble(self, ref: str) -> tuple[str, dict[str, str]]:
        """Why a question's last step was not saved, and the texts typed there; ("", {}) if it was.

        Texts are by field ref; the note stands under the question's own ref.
        """
        held = self._held.get(self._id(), _Held())
        return held.reasons.get(ref, ""), dict(held.drafts.get(ref, {}))

    @property
    def has_unsaved(self) -> bool:
        """Whether something waits for Retry."""
        return any(held.steps for held in self._held.values())

    def _run(self, step: _Step, guess: QuestionRow | None, audit_id: UUID | None = None) -> None:
        audit_id = audit_id or self._id()
        if guess is not None:
            self._model.show_pending(guess)
        self._mark.begin()

        def done(saved: Saved) -> None:
            self._mark.saved()
            self._forget(step, audit_id)
            if audit_id == self._audit:
                self._take(saved, step.ref if guess is not None else "")

        def failed(error: AuditError) -> None:
            self._mark.failed(error)
            held = self._held.setdefault(audit_id, _Held())
            held.steps.append(step)
            if step.typed is not None:
                held.drafts.setdefault(step.ref, {})[step.part] = step.typed
            held.reasons[step.ref] = str(error)
            if audit_id == self._audit:
                if guess is not None:
                    self._model.settle(step.ref)
                self.failed.emit(step.ref, error)

        self._shell.tasks.in_db(step.work, done, failed, owner=self)

    def _read(
        self,
        audit_id: UUID,
        work: Callable[[], Saved | None],
        then: Callable[[Saved | None], object],
    ) -> None:
        """Run a step that paints nothing ahead; refusals are said at the foot of the window."""

        def done(saved: Saved | None) -> None:
            if audit_id == self._audit:
                if saved is not None:
                    self._take(saved)
                then(saved)

        self._shell.tasks.in_db(work, done, self._shell.messages.refuse, owner=self)

    def _take(self, saved: Saved, ref: str = "") -> None:
        """Show what is on disk. The rows come first, so that nothing flashes back."""
        self.last = saved
        self._model.apply(saved.rows, saved.order)
        if ref:
            self._model.settle(ref)
        self.saved.emit(saved)

    def _forget(self, step: _Step, audit_id: UUID) -> None:
        """What failed before on this question is overtaken by this step."""
        held = self._held.get(audit_id)
        if held is None:
            return
        held.drafts.get(step.ref, {}).pop(step.part, None)
        key = (step.ref, step.part)
        held.steps = [kept for kept in held.steps if (kept.ref, kept.part) != key]
        is_clear = not any(kept.ref == step.ref for kept in held.steps)
        if is_clear and held.reasons.pop(step.ref, ""):
            if not self.has_unsaved:
                self._mark.retried()
            if audit_id == self._audit:
                self.recovered.emit(step.ref)

    def _id(self) -> UUID:
        if self._audit is None:
            raise RuntimeError("no audit is open")
        return self._audit


def _gravest(chosen: list[ChoiceRow]) -> Tone:
    order = (Tone.BAD, Tone.WATCH, Tone.NEUTRAL, Tone.GOOD)
    return min((choice.tone for choice in chosen), key=order.index)
