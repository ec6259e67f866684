"""Files that are on disk when we say so."""

import errno
import os
import secrets
import sys
from contextlib import suppress
from pathlib import Path

from audit_app.errors import StoreError

PART = ".part"


def write_durably(path: Path, data: bytes, *, private: bool = False, what: str = "") -> None:
    """Write a file whole or not at all; on return it survives a power cut.

    Part file, loop until all is written (a nearly full disk takes less than it was given without
    an error), fsync, rename over the target, fsync the folder.

    Args:
        private: only its owner may read it.
        what: the file in the auditor's words, such as "the photo"; its name if not given.

    Raises:
        StoreError: the disk is full, read-only, or gives an error; no part file is left.
    """
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}{PART}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(part, data, 0o600 if private else 0o666)
        part.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise in_words(error, path, what) from error


def _write(part: Path, data: bytes, mode: int) -> None:
    flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0)
    handle = os.open(part, flags, mode)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]
        sync_file(handle)
    finally:
        os.close(handle)


def sync_file(handle: int) -> None:
    """Bytes to the disk itself; on macOS plain fsync stops at the drive's own cache."""
    if sys.platform == "darwin":
        import fcntl

        fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
        return
    os.fsync(handle)


def sync_folder(folder: Path) -> None:
    """Make names in a folder durable; Windows keeps them with the file."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def in_words(error: OSError, path: Path, what: str = "") -> StoreError:
    """What the system said about a file, for the auditor; ``what`` is the file in his words."""
    what = what or path.name
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StoreError(
            f"The disk is full; {what} was not saved.",
            "Free some space and try again; everything saved before is safe.",
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StoreError(
            f"{path.parent} cannot be written; {what} was not saved.",
            "Allow writing to the folder, or choose another one.",
        )
    return StoreError(
        f"The disk gave an error and {what} was not saved: {error.strerror or error}.",
        "Check the disk, then try again.",
    )


def remove_parts(folder: Path) -> int:
    """Remove what half-written files a crash left in a folder; gives how many.

    Only for the one program that holds the workspace: nobody else is writing then.
    """
    removed = 0
    with suppress(OSError):
        # A part file does no harm where it is: one that cannot be removed waits for next time.
        for part in folder.glob(f"*{PART}"):
            part.unlink(missing_ok=True)
            removed += 1
    return removed
