"""Who may write to an upload at the moment, across processes and machines."""

from datetime import timedelta
from uuid import UUID, uuid4

from resumable_upload.locks import LockBackend
from sqlalchemy import func, or_, update

from audit_app.central.database import Database
from audit_app.central.tables import UPLOAD


class UploadLock(LockBackend):
    """One writer an upload: a lease on its row, by the database's clock.

    It spares work; what keeps an upload right is that pieces are counted by compare and swap. So
    a lease that ran out under its holder does no harm.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def acquire(self, key: str, ttl_seconds: float, wait_timeout: float = 0.0) -> str | None:
        """Take the lease if it is free or has run out; a token, or None.

        It never waits here: ``acquire_async`` asks again.
        """
        token = uuid4().hex
        until = func.now() + timedelta(seconds=ttl_seconds)
        free = or_(UPLOAD.c.lease_until.is_(None), UPLOAD.c.lease_until < func.now())
        statement = (
            update(UPLOAD)
            .where(UPLOAD.c.id == UUID(key), free)
            .values(lease=token, lease_until=until)
        )
        taken = self._database.run(lambda c: c.execute(statement).rowcount)
        return token if taken == 1 else None

    def release(self, key: str, token: str) -> None:
        """Give it back, if it is still ours."""
        statement = (
            update(UPLOAD)
            .where(UPLOAD.c.id == UUID(key), UPLOAD.c.lease == token)
            .values(lease=None, lease_until=None)
        )
        self._database.run(lambda c: c.execute(statement))
