"""Takes what the auditor does to the service: painted at once, saved in order, never lost."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from audit_app.domain.words import Mark, Tone
from audit_app.errors import AuditError
from audit_app.services.checklist_rows import AnswerChip, ChoiceRow, QuestionRow, Saved
from audit_app.services.unsaved import AuditStep, Verb
from ui.models.question_list import QuestionList, without_answer
from ui.shell import Shell
from ui.widgets.save_mark import SaveMark
from ui.words import word

YES = ("yes",)
TYPED = frozenset({Verb.NOTE, Verb.MEASURE})


@dataclass(slots=True)
class _Held:
    """What could not be saved in one audit; it waits here until it is.

    Attributes:
        drafts: texts by field ref, by the ref of their question.
        reasons: why, by the ref of the question.
    """

    steps: list[AuditStep] = field(default_factory=list)
    drafts: dict[str, dict[str, str]] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)


class Recorder(QObject):
    """One audit's way to the disk.

    A step is handed to the database lane once its guess is on the screen: the two would otherwise
    share one interpreter, and the eye would wait for the disk.

    Signals:
        shown_first: what was guessed should be painted now.
        saved: a step is on disk.
        failed: the ref it was about, and why it was not saved.
        recovered: the ref whose failed step was saved after all.
    """

    shown_first = Signal()
    saved = Signal(Saved)
    failed = Signal(str, AuditError)
    recovered = Signal(str)

    def __init__(self, shell: Shell, model: QuestionList, mark: SaveMark) -> None:
        super().__init__(mark)
        self._shell, self._model, self._mark = shell, model, mark
        self._service = shell.services.checklist
        self._audit: UUID | None = None
        self._held: dict[UUID, _Held] = {}
        self._is_recovered = False
        self._queue: list[Callable[[], None]] = []
        self._send_soon = QTimer(self)
        self._send_soon.setSingleShot(True)
        self._send_soon.setInterval(0)
        self._send_soon.timeout.connect(self._on_soon)
        self.last: Saved | None = None
        mark.retry_asked.connect(self.retry)

    def take_audit(self, audit_id: UUID) -> None:
        """Record for this audit from now on; what is held for another one stays held."""
        self._audit = audit_id

    def answer(self, row: QuestionRow, names: tuple[str, ...]) -> None:
        """These answers were chosen; none clears."""
        chosen = [choice for choice in row.choices if choice.name in names]
        if chosen:
            chip = AnswerChip(", ".join(choice.label for choice in chosen), _gravest(chosen))
            guess = replace(row, selected=names, answer=chip, mark=None, problem="")
        else:
            guess = without_answer(row)
        self._run(self._step(Verb.ANSWER, row.ref, names), guess)

    def measure(self, row: QuestionRow, field_ref: str, text: str) -> None:
        """A field was filled in."""
        fields = tuple(
            replace(field, value=text) if field.ref == field_ref else field for field in row.fields
        )
        step = self._step(Verb.MEASURE, row.ref, (text,), field_ref)
        self._run(step, replace(row, fields=fields))

    def mark(self, row: QuestionRow, mark: Mark | None) -> None:
        """Not applicable or not verified, in place of a value."""
        chip = AnswerChip(word(mark), Tone.NEUTRAL) if mark else None
        step = self._step(Verb.MARK, row.ref, (mark.value,) if mark else ())
        self._run(step, replace(row, mark=mark, answer=chip))

    def note(self, row: QuestionRow, text: str) -> None:
        """The note was written."""
        self._run(self._step(Verb.NOTE, row.ref, (text,)), replace(row, note=text))

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
        step = self._step(Verb.FLAG, row.ref, YES if is_on else ())
        self._run(step, replace(row, flagged=is_on))

    def skip(self, row: QuestionRow) -> None:
        """Pass this one for now."""
        self._run(self._step(Verb.SKIP, row.ref, YES), replace(row, skipped=True))

    def mark_rest(self, section: str, name: str) -> None:
        """One answer for all that is not answered in a section."""
        self._run(self._step(Verb.REST, section, (name,)), None)

    def add_repeat(self, section: str) -> None:
        """Another instance of a repeated section."""
        self._run(self._step(Verb.ADD_REPEAT, section), None)

    def remove_repeat(self, section: str) -> None:
        """Take this instance of a repeated section away."""
        self._run(self._step(Verb.REMOVE_REPEAT, section), None)

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
        # Each stays held until it is saved; a crash in between finds it in the recovery file.
        for step in self._waiting():
            self._run(step, None)

    def recover(self) -> None:
        """Do again, once, what could not be saved before the program last ended."""
        if self._is_recovered:
            return
        self._is_recovered = True

        def done(steps: tuple[AuditStep, ...]) -> None:
            for step in steps:
                # Held until it is saved, so that the recovery file keeps it too.
                self._held.setdefault(step.audit_id, _Held()).steps.append(step)
                self._run(step, None)
            if steps:
                words = self.tr("Saving %n step(s) that could not be saved before.", "", len(steps))
                self._shell.messages.say(words)

        kept = self._shell.services.unsaved.kept
        self._shell.tasks.in_db(kept, done, self._shell.messages.refuse, owner=self)

    def trouble(self, ref: str) -> tuple[str, dict[str, str]]:
        """Why a question's last step was not saved, and the texts typed there; ("", {}) if it was.

        Texts are by field ref; the note stands under the question's own ref.
        """
        held = self._held.get(self._id(), _Held())
        return held.reasons.get(ref, ""), dict(held.drafts.get(ref, {}))

    @property
    def has_unsaved(self) -> bool:
        """Whether something waits for Retry."""
        return bool(self._waiting())

    def _step(
        self, verb: Verb, ref: str, values: tuple[str, ...] = (), part: str = ""
    ) -> AuditStep:
        return AuditStep(self._id(), verb, ref, values, part)

    def _run(self, step: AuditStep, guess: QuestionRow | None) -> None:
        if guess is not None:
            self._model.show_pending(guess)
        self._mark.begin()

        def done(saved: Saved) -> None:
            self._mark.saved()
            self._forget(step)
            if step.audit_id == self._audit:
                self._take(saved, step.ref if guess is not None else "")

        def failed(error: AuditError) -> None:
            self._mark.failed(error)
            self._hold(step, error)
            if step.audit_id == self._audit:
                if guess is not None:
                    self._model.settle(step.ref)
                self.failed.emit(step.ref, error)

        work = partial(self._shell.services.unsaved.do, step)
        self._queue.append(lambda: self._shell.tasks.in_db(work, done, failed, owner=self))
        if guess is None:
            self.send()
        else:
            self._send_soon.start()

    def send(self) -> None:
        """Hand over what waits for the screen; the page is left, or something else comes after."""
        self._send_soon.stop()
        waiting, self._queue = self._queue, []
        for start in waiting:
            start()

    def _on_soon(self) -> None:
        self.shown_first.emit()
        self.send()

    def _hold(self, step: AuditStep, error: AuditError) -> None:
        """Keep what was not saved: in memory for the screen, in the recovery file for a crash."""
        held = self._held.setdefault(step.audit_id, _Held())
        if step not in held.steps:
            held.steps.append(step)
        if step.verb in TYPED:
            part = step.part or step.ref
            held.drafts.setdefault(step.ref, {})[part] = step.values[0]
        held.reasons[step.ref] = str(error)
        self._keep()

    def _waiting(self) -> tuple[AuditStep, ...]:
        return tuple(step for held in self._held.values() for step in held.steps)

    def _keep(self) -> None:
        keep = partial(self._shell.services.unsaved.keep, self._waiting())
        self._shell.tasks.in_db(keep, failed=self._shell.messages.refuse, owner=self)

    def _read(
        self,
        audit_id: UUID,
        work: Callable[[], Saved | None],
        then: Callable[[Saved | None], object],
    ) -> None:
        """Run a step that paints nothing ahead; refusals are said at the foot of the window."""
        self.send()

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

    def _forget(self, step: AuditStep) -> None:
        """What failed before on this question is overtaken by this step."""
        held = self._held.get(step.audit_id)
        if held is None:
            return
        held.drafts.get(step.ref, {}).pop(step.part or step.ref, None)
        held.steps = [kept for kept in held.steps if _about(kept) != _about(step)]
        self._keep()
        if not self.has_unsaved:
            self._mark.retried()
        is_clear = not any(kept.ref == step.ref for kept in held.steps)
        if is_clear and held.reasons.pop(step.ref, "") and step.audit_id == self._audit:
            self.recovered.emit(step.ref)
        if not held.steps:
            del self._held[step.audit_id]

    def _id(self) -> UUID:
        if self._audit is None:
            raise RuntimeError("no audit is open")
        return self._audit


def _about(step: AuditStep) -> tuple[str, str, str]:
    """What a step is about; a later step on the same overtakes an earlier one."""
    verb = Verb.ANSWER if step.verb is Verb.MARK else step.verb
    return (verb.value, step.ref, step.part)


def _gravest(chosen: list[ChoiceRow]) -> Tone:
    order = (Tone.BAD, Tone.WATCH, Tone.NEUTRAL, Tone.GOOD)
    return min((choice.tone for choice in chosen), key=order.index)
