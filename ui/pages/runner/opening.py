"""Finds the audit to work on and reads it whole."""

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from audit_app.domain.words import AuditState
from audit_app.services.checklist_rows import AuditView
from audit_app.settings import AUTO_ADVANCE
from ui.shell import Shell


class Opening(QObject):
    """Reads audits in the database lane.

    Signals:
        read: an audit, and whether a clean answer moves on by itself.
        found_none: no visit is under way.
    """

    read = Signal(object, bool)
    found_none = Signal()

    def __init__(self, shell: Shell, parent: QObject) -> None:
        super().__init__(parent)
        self._shell = shell

    def find(self) -> None:
        """The audit of the visit under way that is still open, or its first one."""
        services = self._shell.services

        def work() -> UUID | None:
            visit = services.visits.today().under_way
            audits = visit.audits if visit is not None else ()
            still_open = [audit for audit in audits if audit.state is AuditState.OPEN]
            first = next(iter(still_open), next(iter(audits), None))
            return first.id if first is not None else None

        def done(audit_id: UUID | None) -> None:
            if audit_id is None:
                self.found_none.emit()
            else:
                self.load(audit_id)

        self._shell.tasks.in_db(work, done, owner=self)

    def load(self, audit_id: UUID) -> None:
        """Read this audit."""
        checklist = self._shell.services.checklist
        self._read(lambda: checklist.open(audit_id))

    def in_language(self, audit_id: UUID, language: str) -> None:
        """Read this audit in another language of its checklist."""
        checklist = self._shell.services.checklist
        self._read(lambda: checklist.set_language(audit_id, language=language))

    def _read(self, reading: Callable[[], AuditView]) -> None:
        settings = self._shell.services.settings

        def work() -> tuple[AuditView, bool]:
            return reading(), settings.get(AUTO_ADVANCE) == "yes"

        def done(found: tuple[AuditView, bool]) -> None:
            self.read.emit(*found)

        self._shell.tasks.in_db(work, done, owner=self)
