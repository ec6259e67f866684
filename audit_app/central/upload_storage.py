"""Uploads between two requests: a row each, and their pieces in the object store.

Nothing here depends on one process living on. Each piece is an object of its own, put down before
the row counts it; the row counts the last one only together with the whole blob. So an upload
that says it is complete is stored, hash and all, whichever process was ended when.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from resumable_upload.storage import Storage
from sqlalchemy import Connection, and_, delete, func, insert, select, update

from audit_app.central.blob_rows import Blob, keep, named
from audit_app.central.database import Database
from audit_app.central.objects import NoObject, Objects, WrongContent, blob_name
from audit_app.central.tables import UPLOAD
from audit_app.errors import AuditError
from audit_app.sync.protocol.blobs import rendition

KEPT = timedelta(days=7)
"""An upload can be gone on with for so long; a week on the road is not rare."""

MOST_OPEN = 32
"""Uploads of one user at a time; a further one takes the place of the oldest, so that uploads
that nobody remembers never stand in the way of new ones."""


class UploadRefused(AuditError):
    """This upload cannot go on.

    Attributes:
        status: of HTTP and tus.
        code: a word for programs.
    """

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


@dataclass(frozen=True, slots=True)
class Started:
    """One upload as its row stands."""

    id: UUID
    user: UUID
    device: UUID
    scope: str
    entity: str
    row: UUID
    part: str
    sha256: str
    content: str
    size: int
    received: int
    pieces: tuple[int, ...]
    is_done: bool
    expires_at: datetime


class UploadStorage(Storage):
    """Uploads for the tus server."""

    def __init__(self, database: Database, objects: Objects) -> None:
        self._database = database
        self._objects = objects

    def find(self, upload_id: str) -> Started | None:
        """The upload with this id."""
        row = self._database.run(
            lambda c: c.execute(select(UPLOAD).where(UPLOAD.c.id == UUID(upload_id))).first()
        )
        if row is None:
            return None
        return Started(
            id=row.id,
            user=row.user_id,
            device=row.device,
            scope=row.scope,
            entity=row.entity,
            row=row.row_id,
            part=row.part,
            sha256=row.sha256,
            content=row.content,
            size=row.size,
            received=row.received,
            pieces=tuple(row.pieces),
            is_done=row.is_done,
            expires_at=row.expires_at,
        )

    def create_upload(
        self,
        upload_id: str,
        upload_length: int | None,
        metadata: dict[str, str],
        expires_at: datetime | None = None,
        is_partial: bool = False,  # noqa: FBT001, FBT002 (the library's signature)
    ) -> None:
        """Begin one; ``metadata`` was written by ``uploads.py``, not by the device."""
        user = UUID(metadata["user"])
        values = {
            "id": UUID(upload_id),
            "user_id": user,
            "device": UUID(metadata["device"]),
            "scope": metadata["scope"],
            "entity": metadata["entity"],
            "row_id": UUID(metadata["row"]),
            "part": metadata["part"],
            "sha256": metadata["sha256"],
            "content": metadata["content"],
            "size": upload_length,
            "received": 0,
            "pieces": [],
            "is_done": False,
            "expires_at": datetime.now(UTC) + KEPT,
        }
        self._database.run(lambda c: c.execute(insert(UPLOAD).values(values)))
        self._make_room(user)

    def get_upload(self, upload_id: str) -> dict[str, Any] | None:
        """What the tus server wants to know of one."""
        found = self.find(upload_id)
        if found is None:
            return None
        return {
            "upload_id": upload_id,
            "upload_length": found.size,
            "offset": found.received,
            "metadata": {},
            "completed": found.is_done,
            "expires_at": found.expires_at,
        }

    def write_chunk(self, upload_id: str, offset: int, data: bytes) -> None:
        """Put a piece down; it counts only once ``update_offset_atomic`` has said so."""
        if data:
            self._objects.put(_piece(upload_id, offset, len(data)), data)

    def update_offset(self, upload_id: str, offset: int) -> None:
        """Count what was put down, from where the upload stands."""
        found = self.find(upload_id)
        if found is None or not self.update_offset_atomic(upload_id, found.received, offset):
            raise UploadRefused(409, "offset", "Another request was faster; ask where it stands.")

    def update_offset_atomic(self, upload_id: str, expected_offset: int, new_offset: int) -> bool:
        """Count a piece, if nobody else did meanwhile; the last one makes the blob.

        Raises:
            UploadRefused: the whole is not what it was said to be; the upload is gone.
        """
        found = self.find(upload_id)
        if found is None or found.is_done or found.received != expected_offset:
            return False
        length = new_offset - expected_offset
        pieces = (*found.pieces, length) if length else found.pieces
        if new_offset == found.size:
            return self._finish(found, pieces)

        def count(connection: Connection) -> bool:
            done = connection.execute(_at(found).values(received=new_offset, pieces=list(pieces)))
            return done.rowcount == 1

        return self._database.run(count)

    def complete_upload(self, upload_id: str) -> bool:
        """Whether it is complete; ``update_offset_atomic`` has made it so."""
        found = self.find(upload_id)
        return found is not None and found.is_done

    def delete_upload(self, upload_id: str) -> None:
        """Forget one and its pieces."""
        self._database.run(
            lambda c: c.execute(delete(UPLOAD).where(UPLOAD.c.id == UUID(upload_id)))
        )
        self._clear(upload_id)

    def read_file(self, upload_id: str) -> bytes:
        """The whole of one that is complete.

        Raises:
            NoObject: it is not.
        """
        found = self.find(upload_id)
        if found is None or not found.is_done:
            raise NoObject("This upload is not complete.")
        return b"".join(self._objects.get(blob_name(found.content)))

    def get_expired_uploads(self) -> list[str]:
        """Those that nobody went on with."""
        query = select(UPLOAD.c.id).where(UPLOAD.c.expires_at < func.now())
        return [str(found) for found in self._database.run(lambda c: list(c.scalars(query)))]

    def cleanup_expired_uploads(self) -> int:
        """Remove them, and pieces whose upload is gone; gives how many uploads."""
        expired = self.get_expired_uploads()
        for upload_id in expired:
            self.delete_upload(upload_id)
        # Listed before the rows are read: a row is there before its first piece.
        there = {name.split("/")[1] for name in self._objects.names("uploads")}
        known = self._database.run(
            lambda c: {str(found) for found in c.scalars(select(UPLOAD.c.id))}
        )
        for upload_id in there - known:
            self._clear(upload_id)
        self._objects.tidy()
        return len(expired)

    def _finish(self, found: Started, pieces: tuple[int, ...]) -> bool:
        """The pieces become a blob; then, in one transaction, it is there and the upload done."""
        upload_id = str(found.id)
        try:
            self._objects.put_new(
                blob_name(found.content),
                self._joined(upload_id, pieces),
                size=found.size,
                sha256=found.content,
            )
        except (WrongContent, NoObject) as error:
            self.delete_upload(upload_id)
            raise UploadRefused(
                460, "content", "What arrived is not what was announced; send it again."
            ) from error
        is_mine = self._database.run(lambda c: _write_down(c, found), user=found.user)
        if is_mine:
            self._clear(upload_id)
        return is_mine

    def _joined(self, upload_id: str, pieces: tuple[int, ...]) -> Iterator[bytes]:
        offset = 0
        for length in pieces:
            yield from self._objects.get(_piece(upload_id, offset, length))
            offset += length

    def _clear(self, upload_id: str) -> None:
        for name in list(self._objects.names(f"uploads/{upload_id}")):
            self._objects.delete(name)

    def _make_room(self, user: UUID) -> None:
        query = (
            select(UPLOAD.c.id)
            .where(UPLOAD.c.user_id == user, UPLOAD.c.is_done.is_(False))
            .order_by(UPLOAD.c.expires_at.desc())
            .offset(MOST_OPEN)
        )
        for old in self._database.run(lambda c: list(c.scalars(query))):
            self.delete_upload(str(old))


def _at(found: Started) -> Any:
    """The row, if it still stands where it was read."""
    return update(UPLOAD).where(
        and_(
            UPLOAD.c.id == found.id,
            UPLOAD.c.received == found.received,
            UPLOAD.c.is_done.is_(False),
        )
    )


def _write_down(connection: Connection, found: Started) -> bool:
    done = connection.execute(_at(found).values(received=found.size, pieces=[], is_done=True))
    if done.rowcount != 1:
        return False
    key = (found.entity, str(found.row), found.part)
    row = named(connection, found.user, [key]).get(key)
    if row is None or not row.may_send or (row.scope, row.sha256) != (found.scope, found.sha256):
        raise UploadRefused(404, "not_found", "The row of this file is no longer there.")
    size_name = rendition(found.part)
    now = datetime.now(UTC)
    blob = Blob(found.scope, found.sha256, size_name, found.content, found.size, now)
    keep(connection, blob, found.device)
    return True


def _piece(upload_id: str, offset: int, length: int) -> str:
    # With the length in its name, a slow request of another length cannot spoil a counted piece.
    return f"uploads/{upload_id}/{offset}-{length}"
