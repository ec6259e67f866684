"""Takes what is changed in a finding panel to the services, and keeps the panel up to date."""

from collections.abc import Callable
from datetime import date
from functools import partial
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from audit_app.changes import Changes, Kind
from audit_app.domain.words import Grade
from audit_app.errors import AuditError, NotFound
from audit_app.services.finding_rows import FindingView
from audit_app.services.results import Done
from ui.pages.finding_panel import FindingPanel
from ui.shell import Shell

CARES_FOR = frozenset({Kind.FINDING, Kind.ACTION, Kind.EVIDENCE})


class FindingDesk(QObject):
    """One finding at a time.

    Signals:
        shown: the finding as it was read.
        stepped: a change is on disk.
        failed: a change was not saved; what was typed is still in the panel.
    """

    shown = Signal(object)
    stepped = Signal()
    failed = Signal(AuditError)

    def __init__(self, shell: Shell, panel: FindingPanel) -> None:
        super().__init__(panel)
        self._shell, self._panel = shell, panel
        self._id: UUID | None = None
        self.view: FindingView | None = None
        panel.edited.connect(self._on_edited)
        panel.regraded.connect(self._on_regraded)
        panel.fix_by.connect(self._on_fix_by)
        panel.action_asked.connect(self.add_action)
        panel.action_edited.connect(self._on_action_edited)
        panel.action_due.connect(self._on_action_due)
        shell.bus.changed.connect(self._on_changes)

    @property
    def finding_id(self) -> UUID | None:
        """The finding on the desk."""
        return self._id

    def open(self, finding_id: UUID) -> None:
        """Put this finding on the desk; what was typed in the one before is saved first."""
        if finding_id != self._id:
            self._panel.flush()
        self._id = finding_id
        self._read()

    def close(self) -> None:
        """Nothing on the desk."""
        self._panel.flush()
        self._id, self.view = None, None

    def add_action(self, due: date | None = None) -> None:
        """Agree an action; its text starts as the finding's title, to be made concrete."""
        view = self.view
        if view is None or self._id is None:
            return
        services, finding_id = self._shell.services, self._id
        text = self.tr("Correct: {0}").format(view.row.title)

        def work() -> Done:
            day = due or services.actions.suggested_due(finding_id)
            return services.actions.add(finding_id, text=text, owner="", due=day)

        self._run(work)

    def _read(self) -> None:
        finding_id = self._id
        if finding_id is None:
            return

        def done(view: FindingView) -> None:
            if finding_id != self._id:
                return
            self.view = view
            self._panel.show_finding(view, self._shell.clock.now().date())
            self.shown.emit(view)

        def failed(error: AuditError) -> None:
            if finding_id != self._id:
                return
            self.close()
            if not isinstance(error, NotFound):
                self.failed.emit(error)

        # One that an undo took away is simply no longer on the desk.
        view = partial(self._shell.services.findings.view, finding_id)
        self._shell.tasks.in_db(view, done, failed, owner=self._panel)

    def _on_edited(self, name: str, text: str) -> None:
        if self._id is not None:
            edit = self._shell.services.findings.edit
            self._run(partial(edit, self._id, **{name: text}))

    def _on_regraded(self, grade: Grade) -> None:
        if self._id is not None:
            self._run(partial(self._shell.services.findings.regrade, self._id, grade=grade))

    def _on_fix_by(self, day: date) -> None:
        view = self.view
        if view is None or self._id is None:
            return
        if view.actions:
            edit = self._shell.services.actions.edit
            self._run(partial(edit, view.actions[0].id, due=day))
        else:
            self.add_action(day)

    def _on_action_edited(self, action_id: UUID, name: str, text: str) -> None:
        edit = self._shell.services.actions.edit
        if name == "owner":
            self._run(partial(edit, action_id, owner=text))
        else:
            self._run(partial(edit, action_id, text=text))

    def _on_action_due(self, action_id: UUID, day: date) -> None:
        self._run(partial(self._shell.services.actions.edit, action_id, due=day))

    def _run(self, work: Callable[[], Done]) -> None:
        def done(_done: Done) -> None:
            self.stepped.emit()

        def failed(error: AuditError) -> None:
            self._panel.unsent()
            self._read()
            self.failed.emit(error)

        self._shell.tasks.in_db(work, done, failed, owner=self._panel)

    def _on_changes(self, changes: Changes) -> None:
        is_mine = self._id in changes.ids(Kind.FINDING) or changes.has(Kind.EVIDENCE, Kind.ACTION)
        if self._id is not None and is_mine and self._panel.isVisible():
            self._read()
