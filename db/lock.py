"""One program at a time in a workspace; the lock ends with the process, however it ends."""

import errno
import os
import sys
from pathlib import Path
from types import TracebackType

from audit_app.errors import StoreError, WorkspaceBusy

_TAKEN = {errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK}
"""What the systems say when somebody else has the lock (Windows: EACCES, EDEADLK)."""


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
            WorkspaceBusy: another program has it.
            StoreError: the folder cannot be written, or its disk knows no locks.
        """
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StoreError(
                f"The workspace {self._path.parent} cannot be opened: {error.strerror}.",
                "Allow writing to the folder, or copy it to a disk that can be written.",
            ) from error
        try:
            _lock(handle)
        except OSError as error:
            os.close(handle)
            if error.errno in _TAKEN:
                raise WorkspaceBusy(
                    f"The workspace {self._path.parent} is open in another window or command.",
                    "Close that one first, or go on there.",
                ) from error
            raise StoreError(
                f"The workspace {self._path.parent} cannot be locked: {error.strerror}.",
                "Move it to a disk of this computer; some network drives know no locks.",
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
