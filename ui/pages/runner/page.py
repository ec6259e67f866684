"""The checklist runner: visit, questions, and what stands beside the open one."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from uuid import UUID

from PySide6.QtCore import QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from audit_app.changes import Changes, Kind
from audit_app.domain.words import AuditState, Grade, Mark, Tone
from audit_app.errors import AuditError
from audit_app.forms.kinds import QuestionKind
from audit_app.services.checklist_rows import AuditView, QuestionRow, Saved
from audit_app.settings import AUTO_ADVANCE
from ui.breadth import Breadth
from ui.devices.camera import Camera, QtCamera
from ui.messages import Message
from ui.models.question_list import Filter, QuestionList
from ui.pages.finding_desk import FindingDesk
from ui.pages.page import Page
from ui.pages.runner.bodies import CHOSEN, MEASURED
from ui.pages.runner.bottom_bar import BottomBar
from ui.pages.runner.keys import runner_commands
from ui.pages.runner.layers import Layers
from ui.pages.runner.photos import Photos, Place, has_photos
from ui.pages.runner.question_card import QuestionCard
from ui.pages.runner.recorder import Recorder
from ui.pages.runner.side_panel import SidePanel
from ui.pages.runner.top_line import TopLine
from ui.pages.runner.visit_panel import VisitPanel
from ui.pages.runner.work_list import WorkList
from ui.routes import Checklist, Route, SignOff, Today
from ui.shell import Shell
from ui.widgets.drawer import Drawer, Edge
from ui.widgets.empty_state import EmptyState
from ui.widgets.strip import Banner

PRESS_PAUSE_MS = 220
"""After a press the card waits this long before it moves on, so that a double press hits once."""
SIDE_PAUSE_MS = 60
CARES_FOR = frozenset({Kind.AUDIT, Kind.ANSWER, Kind.FINDING, Kind.EVIDENCE, Kind.SIGNATURE})


class RunnerPage(Page):
    """Owns the parts of the runner and leads what happens between them."""

    cares_for = CARES_FOR

    def __init__(self, shell: Shell, camera: Camera | None = None) -> None:
        super().__init__(shell)
        look = shell.look
        self.view: AuditView | None = None
        self._wanted = ""
        self._is_advancing = True
        self._by_key = False
        self.questions = QuestionList()
        self.card = QuestionCard(look)
        self.list = WorkList(look, self.questions, self.card)
        self.top = TopLine(look)
        self.bottom = BottomBar(look)
        self.visit = VisitPanel(look)
        self.side = SidePanel(look)
        self.banner = Banner(look, None)
        self.recorder = Recorder(shell, self.questions, self.top.mark)
        self.desk = FindingDesk(shell, self.side.finding)
        self.photos = Photos(shell, self, camera or QtCamera())
        self._build()
        self._visit_drawer = Drawer(look, self, self.tr("Visit and sections"), Edge.START, 300)
        self._side_drawer = Drawer(look, self, self.tr("Finding and evidence"), Edge.END, 360)
        self.layers = Layers(shell, self)
        self._side_soon = _once(self, SIDE_PAUSE_MS, self._show_side)
        self._advance_soon = _once(self, PRESS_PAUSE_MS, self._advance)
        self._connect()
        self.setAcceptDrops(True)
        shell.commands.declare(runner_commands(self), on=self)

    # What the window asks

    def open_route(self, route: Route) -> None:
        wanted = route if isinstance(route, Checklist) else Checklist()
        self.flush()
        self._wanted = wanted.ref
        if wanted.audit_id is not None:
            self._load(wanted.audit_id)
        elif self.view is not None:
            self._load(self.view.audit_id)
        else:
            self._find_audit()

    def reload(self) -> None:
        if self.view is not None:
            self._load(self.view.audit_id)

    def flush(self) -> None:
        self.card.flush()
        self.side.finding.flush()

    def fit(self, breadth: Breadth) -> None:
        super().fit(breadth)
        self._place(self.side, self._side_drawer, self._across, is_beside=breadth is Breadth.WIDE)
        self._place(
            self.visit, self._visit_drawer, self._across, is_beside=breadth >= Breadth.MIDDLE
        )
        self.top.show_panels(
            has_visit=breadth < Breadth.MIDDLE, has_side=breadth is not Breadth.WIDE
        )
        self.list.fit_card()

    def remind_saved(self) -> None:
        self.flush()
        self.top.mark.remind()

    def panes(self) -> list[QWidget]:
        return [self.visit, self.list, self.side, self.bottom]

    # What the keys ask

    @property
    def can_answer(self) -> bool:
        """Whether a question is open that takes an answer now."""
        row = self.current
        return row is not None and not row.readonly

    @property
    def can_repeat(self) -> bool:
        """Whether the section can be added again."""
        view = self.view
        if view is None or not self.can_answer:
            return False
        return any(s.can_add for s in view.sections if s.code == self.questions.section)

    @property
    def current(self) -> QuestionRow | None:
        """The open question."""
        return self.questions.row(self.questions.current) if self.view else None

    def take_digit(self, digit: int) -> None:
        """A number key: the answer with this number."""
        self._by_key = True
        try:
            self.card.take_digit(digit)
        finally:
            self._by_key = False

    def take_mark(self, mark: Mark) -> None:
        """Not applicable or not verified; the same key again takes it away."""
        row = self.current
        if row is not None and row.kind in MEASURED:
            self.recorder.mark(row, None if row.mark is mark else mark)
            if row.mark is not mark:
                self.card.note.setFocus()

    def clear_answer(self) -> None:
        """Take the answer away."""
        row = self.current
        if row is not None and row.answered:
            self.recorder.clear(row)

    def next_to_do(self) -> None:
        """On to the next question that asks something; at the end, what is left."""
        self._advance_soon.stop()
        if self.view is None:
            return
        self.flush()
        ref = self.questions.next_to_do(self.questions.current)
        if ref and ref != self.questions.current:
            self.open_question(ref)
        else:
            self.open_left()

    def back(self) -> None:
        """To the question before this one, over the section's edge too."""
        order = self.questions.order
        if self.questions.current in order:
            place = order.index(self.questions.current)
            if place:
                self.open_question(order[place - 1])

    def step(self, step: int) -> None:
        """Open the row above or below."""
        ref = self.questions.beside(self.questions.current, step)
        if ref:
            self.open_question(ref)
        elif step > 0:
            self.move_section(1)
        else:
            self.move_section(-1, is_last=True)

    def move_section(self, step: int, *, is_last: bool = False) -> None:
        """Open the section before or after."""
        if self.view is None:
            return
        codes = [section.code for section in self.view.sections]
        if self.questions.section in codes:
            place = codes.index(self.questions.section) + step
            if 0 <= place < len(codes):
                self.open_section(codes[place], is_last=is_last)

    def open_section(self, code: str, *, is_last: bool = False) -> None:
        """Open a section at what is left to do in it, or at its first question."""
        rows = self.questions.section_rows(code)
        if not rows:
            return
        to_do = next((row for row in rows if row.to_do and not row.skipped), rows[0])
        self.open_question((rows[-1] if is_last else to_do).ref)
        self._visit_drawer.close_drawer()

    def open_question(self, ref: str, *, is_focused: bool = True) -> None:
        """Make this the open question, in its section."""
        row = self.questions.row(ref)
        if row is None:
            return
        self._advance_soon.stop()
        self.flush()
        is_same = row.section == self.questions.section and self.questions.filter is Filter.ALL
        if is_same and self.questions.place(ref).isValid():
            self.questions.open(ref)
            self.list.show_open()
        else:
            self.questions.show_section(row.section, self.questions.filter, ref)
            self.list.show_open(is_gliding=False)
        self.card.show_trouble(*self.recorder.trouble(ref))
        self._show_around()
        self._side_soon.start()
        if is_focused:
            self._focus_answer()

    def skip(self) -> None:
        """Pass this question for now and go on."""
        row = self.current
        if row is not None:
            self.recorder.skip(row)
            self.next_to_do()

    def flag(self) -> None:
        """Come back to this question later, or no longer."""
        row = self.current
        if row is not None and self.can_answer:
            self.recorder.flag(row, is_on=not row.flagged)

    def to_note(self) -> None:
        """Put the keys into the note."""
        self.card.note.setFocus()

    def to_list(self) -> None:
        """Give the keys back to the list; close a drawer that lies over it."""
        for drawer in (self._side_drawer, self._visit_drawer):
            drawer.close_drawer()
        self.list.setFocus()

    def to_side(self) -> None:
        """Show the side panel and put the keys into it."""
        if self.breadth is not Breadth.WIDE:
            self._side_drawer.open_drawer()
        if self.side.about.isHidden():
            self.side.finding.texts["statement"].setFocus()
        else:
            self.side.act.setFocus()

    def to_last_visit(self) -> None:
        """Show what the last visit found here."""
        if self.breadth is not Breadth.WIDE:
            self._side_drawer.open_drawer()
        self.side.to_last_visit()

    def turn_guidance(self) -> None:
        """Unfold or fold the guidance."""
        self.card.turn_guidance()

    def take_photo(self) -> None:
        """A photo for the open question."""
        if self.can_answer:
            self.photos.take(self._photo_place())

    def add_file(self, field: str = "") -> None:
        """A file for the open question; with a field, the file is the answer."""
        if self.can_answer:
            self.photos.choose(self._photo_place(), is_photo=False, field=field)

    def paste(self) -> None:
        """Keep the photo on the clipboard as evidence."""
        if self.can_answer:
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
        if row is None or self.view is None or not self.can_answer or row.finding is not None:
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

    # Loading

    def _find_audit(self) -> None:
        services = self.shell.services

        def work() -> UUID | None:
            visit = services.visits.today().under_way
            audits = visit.audits if visit is not None else ()
            still_open = [audit for audit in audits if audit.state is AuditState.OPEN]
            first = next(iter(still_open), next(iter(audits), None))
            return first.id if first is not None else None

        def done(audit_id: UUID | None) -> None:
            if audit_id is None:
                self._stack.setCurrentWidget(self._empty)
            else:
                self._load(audit_id)

        self.shell.tasks.in_db(work, done, owner=self)

    def _load(self, audit_id: UUID) -> None:
        services = self.shell.services

        def work() -> tuple[AuditView, bool]:
            is_advancing = services.settings.get(AUTO_ADVANCE) == "yes"
            return services.checklist.open(audit_id), is_advancing

        def done(read: tuple[AuditView, bool]) -> None:
            self._is_advancing = read[1]
            self.show_view(read[0])

        self.shell.tasks.in_db(work, done, owner=self)

    def show_view(self, view: AuditView) -> None:
        """Show this audit, at the wanted question, the one open before, or the first to do."""
        is_same = self.view is not None and self.view.audit_id == view.audit_id
        before = self.questions.current if is_same else ""
        self.view = view
        self.recorder.take_audit(view.audit_id)
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
        self._stack.setCurrentWidget(self._work)
        if current:
            self.list.show_open(is_gliding=False)
            self.card.show_trouble(*self.recorder.trouble(current))
            self._show_around()
            self._side_soon.start()
            if self.isVisible():
                self._focus_answer()

    def _show_state(self, view: AuditView) -> None:
        if view.state is AuditState.OPEN:
            self.banner.clear()
            return
        words = self.tr("This audit is signed and can only be read.")
        to_sign = self.tr("Open sign-off")
        self.banner.show_message(Message(words, action=to_sign, run=self.sign, seconds=0))

    # What the parts tell

    def _on_answered(self, ref: str, names: tuple[str, ...]) -> None:
        row = self.questions.row(ref)
        if row is None or row.readonly:
            return
        if row.kind is QuestionKind.CHOICE and names == row.selected:
            names_are_new = False
        else:
            names_are_new = True
            self.recorder.answer(row, names)
        if self._moves_on(row, names):
            if self._by_key:
                self._advance()
            else:
                self._advance_soon.start()
        elif names_are_new and row.kind in CHOSEN:
            self._show_around()

    def _moves_on(self, row: QuestionRow, names: tuple[str, ...]) -> bool:
        """A clean answer leads on by itself; a finding, a reason or evidence keeps the card."""
        if not self._is_advancing or row.kind is not QuestionKind.CHOICE or not names:
            return False
        choice = next((c for c in row.choices if c.name == names[0]), None)
        if choice is None or choice.finding is not None or choice.comment_required:
            return False
        is_clean = choice.tone in {Tone.GOOD, Tone.NEUTRAL}
        return is_clean and not row.evidence_words

    def _advance(self) -> None:
        ref = self.questions.next_to_do(self.questions.current)
        if ref and ref != self.questions.current:
            self.open_question(ref)

    def _on_measured(self, ref: str, field: str, text: str) -> None:
        row = self.questions.row(ref)
        if row is not None and not row.readonly:
            self.recorder.measure(row, field, text)

    def _on_marked(self, ref: str, mark: Mark | None) -> None:
        row = self.questions.row(ref)
        if row is not None and not row.readonly:
            self.recorder.mark(row, mark)

    def _on_noted(self, ref: str, text: str) -> None:
        row = self.questions.row(ref)
        if row is not None and not row.readonly:
            self.recorder.note(row, text)

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
            self._hold_on()
        self._show_around()
        current = self.questions.current
        if any(row.ref == current for row in saved.rows):
            self._side_soon.start()
        is_here = saved.opened is not None and any(
            row.ref == current and row.finding == saved.opened for row in saved.rows
        )
        if is_here and self.breadth is not Breadth.WIDE:
            self._show_side()
            self._side_drawer.open_drawer()

    def _hold_on(self) -> None:
        """The list was laid out anew; keep the open question, or go to one that still applies."""
        current = self.questions.current
        if self.questions.row(current) is None or current not in self.questions.order:
            current = self.questions.next_to_do("") or next(iter(self.questions.order), "")
            if current:
                self.open_question(current)
        else:
            self.list.show_open(is_gliding=False)

    def _on_failed(self, ref: str, _error: AuditError) -> None:
        if ref == self.questions.current:
            self.card.show_trouble(*self.recorder.trouble(ref))

    def _on_recovered(self, ref: str) -> None:
        if ref == self.questions.current:
            self.card.show_trouble("", {})

    def _on_filtered(self, which: Filter) -> None:
        self.questions.show_section(self.questions.section, which, self.questions.current)
        self.list.show_open(is_gliding=False)

    def _on_photo(self, ref: str, _row: object) -> None:
        if ref and self.view is not None:
            self.recorder.refresh(ref)
            self._side_soon.start()

    def _on_named(self, ref: str, field: str, name: str) -> None:
        self._on_measured(ref, field, name)

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

    # Showing

    def _show_around(self) -> None:
        """Counts and hints that follow from the open question."""
        view, row = self.view, self.current
        if view is None or row is None:
            return
        section = next((s for s in view.sections if s.code == row.section), None)
        self.top.show_section(
            section.title if section else view.title, self.questions.section_rows(row.section)
        )
        self.top.show_filter(self.questions.filter)
        self.visit.mark(row.section)
        self.bottom.show_repeats(is_repeat=section is not None and section.can_add)
        self.bottom.show_done(is_done=not self.questions.next_to_do(row.ref))
        self.bottom.show_hint(self._hint(row))

    def _hint(self, row: QuestionRow) -> str:
        count = len(row.choices)
        if row.kind in CHOSEN and 1 < count <= 9:
            return self.tr("1 to {0} answers, Enter moves on").format(count)
        if row.kind in MEASURED:
            return self.tr("I not applicable, U not verified, Enter moves on")
        return self.tr("Enter moves on")

    def _show_side(self) -> None:
        row, view = self.current, self.view
        if row is None or view is None:
            return
        self.side.show_question(row)
        if row.finding is not None:
            self.desk.open(row.finding.id)
        else:
            self.desk.close()
        services, audit_id, ref = self.shell.services, view.audit_id, row.ref

        def work() -> tuple[object, object]:
            return (
                services.evidence.of_question(audit_id, ref=ref),
                services.checklist.previous(audit_id, ref=ref),
            )

        def done(read: tuple[object, object]) -> None:
            if ref == self.questions.current:
                self.side.show_evidence(read[0])  # type: ignore[arg-type]
                self.side.last.show_previous(read[1])  # type: ignore[arg-type]

        self.shell.tasks.in_db(work, done, owner=self)

    def _focus_answer(self) -> None:
        """The keys go where the answer is given: a field, or the list for number keys."""
        field = self.card.body.first_field() if self.card.body is not None else None
        if field is not None and field.isEnabled():
            field.setFocus()
        else:
            self.list.setFocus()

    def _photo_place(self) -> Place:
        view, row = self.view, self.current
        if view is None or row is None:
            raise RuntimeError("no question is open")
        return Place(view.audit_id, row.ref)

    def _open_photo(self, identity: UUID) -> None:
        rows = self.side.photos.rows or self.side.finding.photos.rows
        if self.side.about.isHidden():
            rows = self.side.finding.photos.rows
        self.layers.viewer.open_photos(rows, identity)

    def _choose_language(self, language: str) -> None:
        if self.view is None:
            return
        work = partial(
            self.shell.services.checklist.set_language, self.view.audit_id, language=language
        )
        self.shell.tasks.in_db(work, self.show_view, owner=self)

    # Making

    def _build(self) -> None:
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.top)
        margin = QHBoxLayout()
        margin.setContentsMargins(20, 0, 14, 0)
        margin.addWidget(self.list)
        column.addLayout(margin, 1)
        column.addWidget(self.bottom)
        self._work = QWidget()
        self._across = QHBoxLayout(self._work)
        self._across.setContentsMargins(0, 0, 0, 0)
        self._across.setSpacing(0)
        self._across.addWidget(self.visit)
        self._across.addWidget(centre, 1)
        self._across.addWidget(self.side)
        self._empty = EmptyState(
            self.look,
            "clipboard-list",
            self.tr("No visit is under way"),
            self.tr("Start a planned visit, and its checklist opens here."),
            self.tr("Go to Today"),
        )
        self._empty.chosen.connect(lambda: self.shell.router.go(Today()))
        self._stack = QStackedWidget()
        self._stack.addWidget(self._work)
        self._stack.addWidget(self._empty)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._stack)

    def _connect(self) -> None:
        card, side, top, bottom = self.card, self.side, self.top, self.bottom
        card.answered.connect(self._on_answered)
        card.measured.connect(self._on_measured)
        card.marked.connect(self._on_marked)
        card.noted.connect(self._on_noted)
        card.photo_asked.connect(self.take_photo)
        card.file_asked.connect(self.add_file)
        card.flag_asked.connect(self.flag)
        card.left.connect(self.to_list)
        self.list.pressed_row.connect(self.open_question)
        self.recorder.saved.connect(self._on_saved)
        self.recorder.failed.connect(self._on_failed)
        self.recorder.recovered.connect(self._on_recovered)
        self.photos.added.connect(self._on_photo)
        self.photos.named.connect(self._on_named)
        self.desk.failed.connect(self.shell.messages.refuse)
        side.photo_asked.connect(self.take_photo)
        side.photo_opened.connect(self._open_photo)
        side.action_asked.connect(self.add_action)
        side.finding_asked.connect(self.open_finding)
        side.sign_asked.connect(self.sign)
        top.undo_asked.connect(self.undo)
        top.find_asked.connect(self.open_jump)
        top.filtered.connect(self._on_filtered)
        top.rest_marked.connect(lambda name: self.recorder.mark_rest(self.questions.section, name))
        top.visit_asked.connect(self._visit_drawer.open_drawer)
        top.side_asked.connect(self._side_drawer.open_drawer)
        bottom.back_asked.connect(self.back)
        bottom.skip_asked.connect(self.skip)
        bottom.next_asked.connect(self.next_to_do)
        bottom.add_asked.connect(self.add_repeat)
        bottom.remove_asked.connect(lambda: self.recorder.remove_repeat(self.questions.section))
        self.visit.section_chosen.connect(self.open_section)
        self.visit.language_chosen.connect(self._choose_language)
        self.visit.explain_asked.connect(self.explain)

    def _place(self, panel: QWidget, drawer: Drawer, row: QHBoxLayout, *, is_beside: bool) -> None:
        """Stand a panel beside the list, or put it into its drawer."""
        if is_beside and row.indexOf(panel) < 0:
            drawer.close_drawer()
            row.insertWidget(0 if panel is self.visit else row.count(), panel)
            panel.show()
        elif not is_beside and row.indexOf(panel) >= 0:
            row.removeWidget(panel)
            drawer.hold(panel)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.can_answer and has_photos(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self.can_answer and self.photos.add_from(self._photo_place(), event.mimeData()):
            event.acceptProposedAction()


def _once(owner: QWidget, pause_ms: int, run: Callable[[], object]) -> QTimer:
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(pause_ms)
    timer.timeout.connect(run)
    return timer
