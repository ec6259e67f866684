"""Audits kept in memory between the steps of the auditor."""

from threading import RLock
from uuid import UUID

from sqlalchemy.orm import Session

from audit_app.services.live import LiveAudit
from audit_app.services.loading import AuditLoader


class OpenAudits:
    """The live copies of the audits that are open on the screen.

    Attributes:
        lock: held for a whole step, so that no two steps mix in one copy.
        loader: brings an audit from the store.
    """

    def __init__(self, loader: AuditLoader) -> None:
        self.lock = RLock()
        self.loader = loader
        self._live: dict[UUID, LiveAudit] = {}

    def live(self, session: Session, audit_id: UUID) -> LiveAudit:
        """The copy of one audit, loaded if it is not here yet.

        Raises:
            NotFound: it is not in the workspace.
        """
        found = self._live.get(audit_id)
        if found is None:
            found = self._live[audit_id] = self.loader.load(session, audit_id)
        return found

    def forget(self, audit_id: UUID) -> None:
        """Drop a copy: what is on disk is newer, or a step failed half-way."""
        with self.lock:
            self._live.pop(audit_id, None)
