"""The checklist runner: visit, questions, and what stands beside the open one."""

from dataclasses import replace
from functools import partial

from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication

from audit_app.changes import Changes, Kind
from audit_app.domain.words import AuditState, Grade
from audit_app.errors import AuditError
from audit_app.services.checklist_rows import AuditView, QuestionRow, Saved
from ui.breadth import Breadth
from ui.devices.camera import Camera
from ui.messages import Message
from ui.pages.runner.around import Around
from ui.pages.runner.keys import runner_commands
from ui.pages.runner.opening import Opening
from ui.pages.runner.parts import RunnerParts, once
from ui.pages.runner.photos import Place, has_photos
from ui.routes import Checklist, Route, SignOff, Today
from ui.shell import Shell

SIDE_PAUSE_MS = 60


class RunnerPage(RunnerParts):
    """Loads an audit, shows it, and leads what happens between the parts."""

    cares_for = frozenset({Kind.AUDIT, Kind.ANSWER, Kind.FINDING, Kind.EVIDENCE, Kind.SIGNATURE})

    def __init__(self, shell: Shell, camera: Camera | None = None) -> None:
        super().__init__(shell, camera)
        self.view: AuditView | None = None
        self.opening = Opening(shell, self)
        self.around = Around(self)
        self._wanted = ""
        self._side_soon = once(self, SIDE_PAUSE_MS, self._show_side)
        self._connect()
        self.setAcceptDrops(True)
        shell.commands.declare(runner_commands(self), on=self)

    def open_route(self, route: Route) -> None:
        wanted = route if isinstance(route, Checklist) else Checklist()
        self.flush()
        self._wanted = wanted.ref
        if wanted.audit_id is not None:
            self.opening.load(wanted.audit_id)
        elif self.view is not None:
            self.opening.load(self.view.audit_id)
        else:
            self.opening.find()

    def reload(self) -> None:
        if self.view is not None:
            self.opening.load(self.view.audit_id)

    # What the keys ask

    @property
    def current(self) -> QuestionRow | None:
        """The open question."""
        return self.walk.current if self.view else None

    @property
    def can_repeat(self) -> bool:
        """Whether the section can be added again."""
        view = self.view
        if view is None or not self.answering.is_open:
            return False
        return any(s.can_add for s in view.sections if s.code == self.questions.section)

    def to_note(self) -> None:
        """Put the keys into the note."""
        self.card.note.setFocus()

    def to_list(self) -> None:
        """Give the keys back to the list; close a drawer that lies over it."""
        self.close_drawers()
        self.list.setFocus()

    def to_side(self) -> None:
        """Show the side panel and put the keys into it."""
        self.open_side()
        if self.side.about.isHidden():
            self.side.finding.texts["statement"].setFocus()
        else:
            self.side.act.setFocus()

    def to_last_visit(self) -> None:
        """Show what the last visit found here."""
        self.open_side()
        self.side.to_last_visit()

    def take_photo(self) -> None:
        """A photo for the open question."""
        if self.answering.is_open:
            self.photos.take(self._photo_place())

    def add_file(self, field: str = "") -> None:
        """A file for the open question; with a field, the file is the answer."""
        if self.answering.is_open:
            self.photos.choose(self._photo_place(), is_photo=False, field=field)

    def paste(self) -> None:
        """Keep the photo on the clipboard as evidence."""
        if self.answering.is_open:
            mime = QGuiApplication.clipboard().mimeData()
            if not self.photos.add_from(self._photo_place(), mime):
                self.shell.messages.say(self.tr("There is no photo on the clipboard."))

    def add_repeat(self) -> None:
        """Another instance of this section."""
        if self.can_repeat:
            self.recorder.add_repeat(self.questions.section)

    def open_rest(self) -> None:
        """Offer the answers for the rest of the section."""
        self.top.rest.click()

    def undo(self) -> None:
        """Take the last step back."""
        self.flush()
        if self.view is not None:
            self.recorder.undo()

    def redo(self) -> None:
        """Do it again."""
        if self.view is not None:
            self.recorder.redo()

    def add_action(self) -> None:
        """An action on the finding of this question."""
        row = self.current
        if row is not None and row.finding is not None:
            self.desk.add_action()
            self.to_side()
        else:
            self.shell.messages.say(self.tr("This question has no finding to act on."))

    def open_finding(self) -> None:
        """Open a finding by hand on this question."""
        row = self.current
        if (
            row is None
            or self.view is None
            or not self.answering.is_open
            or row.finding is not None
        ):
            return
        title = row.text if len(row.text) <= 90 else row.text[:89].rstrip() + "…"
        work = partial(
            self.shell.services.findings.open,
            self.view.audit_id,
            grade=Grade.OFI,
            title=title,
            ref=row.ref,
        )
        self.shell.tasks.in_db(work, owner=self)

    def open_jump(self) -> None:
        """Find a question by number, word or clause."""
        self.flush()
        self.layers.open_jump(self.questions.rows())

    def open_left(self) -> None:
        """What is left, then sign."""
        self.flush()
        if self.view is not None:
            self.layers.open_left(self.view.audit_id)

    def explain(self) -> None:
        """How the score came about."""
        if self.view is not None:
            self.layers.explain(self.view)

    def sign(self) -> None:
        """Go on to signing."""
        self.flush()
        if self.view is not None:
            self.shell.router.go(SignOff(self.view.audit_id))

    # Showing

    def _on_read(self, view: AuditView, is_advancing: bool) -> None:
        self.answering.is_advancing = is_advancing
        self.show_view(view)

    def show_view(self, view: AuditView) -> None:
        """Show this audit, at the wanted question, the one open before, or the first to do."""
        is_same = self.view is not None and self.view.audit_id == view.audit_id
        before = self.questions.current if is_same else ""
        self.view = view
        self.recorder.take_audit(view.audit_id)
        self.recorder.recover()
        rows = view.questions
        if view.state is not AuditState.OPEN:
            rows = tuple(replace(row, readonly=True) for row in rows)
        refs = {row.ref: row for row in rows}
        choices = (self._wanted, before, view.first_open, next(iter(refs), ""))
        current = next((ref for ref in choices if ref in refs), "")
        self._wanted = ""
        section = refs[current].section if current else ""
        self.questions.show_questions(rows, section, current)
        self.visit.show_view(view)
        self.top.show_undo(view.undo_label)
        self._show_state(view)
        self.stack.setCurrentWidget(self.work)
        if current:
            self.list.show_open(is_gliding=False)
            self.card.show_trouble(*self.recorder.trouble(current))
            self._show_around()
            self._side_soon.start()
            if self.isVisible():
                self.walk.focus_answer()

    def _show_state(self, view: AuditView) -> None:
        if view.state is AuditState.OPEN:
            self.banner.clear()
            return
        words = self.tr("This audit is signed and can only be read.")
        to_sign = self.tr("Open sign-off")
        self.banner.show_message(Message(words, action=to_sign, run=self.sign, seconds=0))

    # What the parts tell

    def _on_opened(self, ref: str) -> None:
        self.card.show_trouble(*self.recorder.trouble(ref))
        self.visit_drawer.close_drawer()
        self._show_around()
        self._side_soon.start()
        self.walk.focus_answer()

    def _on_saved(self, saved: Saved) -> None:
        if self.view is None:
            return
        self.view = replace(
            self.view, sections=saved.sections, progress=saved.progress, score=saved.score
        )
        self.visit.show_sections(saved.sections)
        self.visit.show_progress(saved.progress, saved.score)
        self.top.show_undo(saved.undo_label)
        if saved.skipped:
            words = self.tr("%n critical question(s) left for you to answer.", "", saved.skipped)
            self.shell.messages.say(words)
        if self.questions.row(self.questions.current) is None or saved.order is not None:
            self.walk.hold_on()
        self._show_around()
        current = self.questions.current
        if any(row.ref == current for row in saved.rows):
            self._side_soon.start()
        is_here = saved.opened is not None and any(
            row.ref == current and row.finding == saved.opened for row in saved.rows
        )
        if is_here and self.breadth is not Breadth.WIDE:
            self._show_side()
            self.side_drawer.open_drawer()

    def _on_failed(self, ref: str, _error: AuditError) -> None:
        if ref == self.questions.current:
            self.card.show_trouble(*self.recorder.trouble(ref))

    def _on_recovered(self, ref: str) -> None:
        if ref == self.questions.current:
            self.card.show_trouble("", {})

    def _on_photo(self, ref: str, _row: object) -> None:
        if ref and self.view is not None:
            self.recorder.refresh(ref)
            self._side_soon.start()

    def _on_changes(self, changes: Changes) -> None:
        last = self.recorder.last
        is_own = last is not None and changes is last.changes
        if is_own or self.view is None or not changes.has(*self.cares_for):
            return
        if not self.isVisible():
            self._is_stale = True
        elif changes.has(Kind.FINDING, Kind.EVIDENCE) and self.questions.current:
            self.recorder.refresh(self.questions.current)
            self._side_soon.start()

    def _show_around(self) -> None:
        if self.view is not None and self.current is not None:
            self.around.show_counts(self.view, self.current)

    def _show_side(self) -> None:
        if self.view is not None and self.current is not None:
            self.around.show_side(self.view, self.current)

    def _photo_place(self) -> Place:
        view, row = self.view, self.current
        if view is None or row is None:
            raise RuntimeError("no question is open")
        return Place(view.audit_id, row.ref)

    def _choose_language(self, language: str) -> None:
        if self.view is not None:
            self.opening.in_language(self.view.audit_id, language)

    def _connect(self) -> None:
        card, side, top, bottom = self.card, self.side, self.top, self.bottom
        walk = self.walk
        self.opening.read.connect(self._on_read)
        self.opening.found_none.connect(lambda: self.stack.setCurrentWidget(self.empty))
        walk.leaving.connect(self.flush_typing)
        walk.opened.connect(self._on_opened)
        walk.ended.connect(self.open_left)
        card.photo_asked.connect(self.take_photo)
        card.file_asked.connect(self.add_file)
        card.left.connect(self.to_list)
        self.list.pressed_row.connect(walk.open_question)
        self.recorder.shown_first.connect(self.list.paint_now)
        self.recorder.saved.connect(self._on_saved)
        self.recorder.failed.connect(self._on_failed)
        self.recorder.recovered.connect(self._on_recovered)
        self.photos.added.connect(self._on_photo)
        self.photos.named.connect(self.answering.measure)
        self.desk.failed.connect(self.shell.messages.refuse)
        side.photo_asked.connect(self.take_photo)
        side.photo_opened.connect(self.around.open_photo)
        side.action_asked.connect(self.add_action)
        side.finding_asked.connect(self.open_finding)
        side.sign_asked.connect(self.sign)
        self.layers.left.sign_asked.connect(self.sign)
        top.undo_asked.connect(self.undo)
        top.find_asked.connect(self.open_jump)
        top.filtered.connect(walk.filter)
        top.rest_marked.connect(lambda name: self.recorder.mark_rest(self.questions.section, name))
        top.visit_asked.connect(self.visit_drawer.open_drawer)
        top.side_asked.connect(self.side_drawer.open_drawer)
        bottom.back_asked.connect(walk.back)
        bottom.skip_asked.connect(self.answering.skip)
        bottom.next_asked.connect(walk.next_to_do)
        bottom.add_asked.connect(self.add_repeat)
        bottom.remove_asked.connect(lambda: self.recorder.remove_repeat(self.questions.section))
        self.empty.chosen.connect(lambda: self.shell.router.go(Today()))
        self.visit.section_chosen.connect(walk.open_section)
        self.visit.language_chosen.connect(self._choose_language)
        self.visit.explain_asked.connect(self.explain)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.answering.is_open and has_photos(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self.answering.is_open and self.photos.add_from(self._photo_place(), event.mimeData()):
            event.acceptProposedAction()
