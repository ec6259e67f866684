"""One program at a time in a workspace; the lock ends with the process, however it ends."""

import os
import sys
from pathlib import Path
from types import TracebackType

from audit_app.errors import StoreError
from db.files import in_words


class WorkspaceLock:
    """Holds the file ``lock`` of a workspace; used as a context."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "lock"
        self._handle: int | None = None

    def __enter__(self) -> "WorkspaceLock":
        self.take()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.release()

    def take(self) -> None:
        """Take the lock.

        Raises:
            StoreError: another program has it, or the folder cannot be written.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise in_words(error, self._path) from error
        try:
            _lock(handle)
        except OSError as error:
            os.close(handle)
            raise StoreError(
                f"The workspace {self._path.parent} is open in another window or command.",
                "Close that one first, or go on there.",
            ) from error
        self._handle = handle

    def release(self) -> None:
        """Give it back; the operating system does the same when the process dies."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
