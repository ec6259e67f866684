"""What the services do when the sync changes rows behind their backs."""

from contextlib import AbstractContextManager
from uuid import UUID

from audit_app.services.checklist import ChecklistService
from audit_app.sync.checkpoint import Shown


class Following:
    """Holds the auditor's steps back while rows change, and reckons anew what hangs on them."""

    def __init__(self, checklist: ChecklistService) -> None:
        self._checklist = checklist

    def quiet(self) -> AbstractContextManager[object]:
        """Entered while rows change."""
        return self._checklist.quiet()

    def after(self, shown: Shown) -> None:
        """Scores and findings of the audits whose answers changed."""
        for audit_id in sorted(shown.audits):
            self.renew(audit_id)

    def renew(self, audit_id: UUID) -> None:
        """One audit, after one of its rows was changed past its own steps."""
        self._checklist.renew(audit_id)
