"""Photos and files in a folder of this machine or of a file server."""

import os
import secrets
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from audit_app.central.objects import PIECE, NoObject, checked, holds, verified
from audit_app.errors import AuditError

_PARTS = "parts"
_ABANDONED = 24 * 3600.0
"""Seconds after which a half-written file belongs to no process any more."""


class FolderObjects:
    """One file an object.

    Written aside, synced, renamed into place, folder synced: on return it survives a power cut.
    """

    def __init__(self, folder: Path | str) -> None:
        self._folder = Path(folder)
        try:
            (self._folder / _PARTS).mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise AuditError(
                f"The folder {folder} cannot be made: {error.strerror}.", "Choose another one."
            ) from error

    def put(self, name: str, data: bytes) -> None:
        """Write, over what stood there."""
        self._write(self._path(name), (data,))

    def put_new(self, name: str, pieces: Iterable[bytes], *, size: int, sha256: str) -> None:
        """Write unless it is there already, hashing on the way."""
        stream = verified(pieces, size=size, sha256=sha256)
        if holds(self, name, size=size, sha256=sha256):
            for _ in stream:
                pass
        else:
            self._write(self._path(name), stream)

    def get(self, name: str, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The bytes from ``start`` up to but not with ``stop``."""
        try:
            file = self._path(name).open("rb")
        except FileNotFoundError as error:
            raise NoObject(f"There is no object {name}.") from error

        def pieces() -> Iterator[bytes]:
            with file:
                file.seek(start)
                left = None if stop is None else stop - start
                while left is None or left > 0:
                    piece = file.read(PIECE if left is None else min(PIECE, left))
                    if not piece:
                        return
                    left = None if left is None else left - len(piece)
                    yield piece

        return pieces()

    def size(self, name: str) -> int | None:
        """Its bytes; None if there is none."""
        try:
            return self._path(name).stat().st_size
        except FileNotFoundError:
            return None

    def delete(self, name: str) -> None:
        """Remove it; no matter if it is not there."""
        path = self._path(name)
        path.unlink(missing_ok=True)
        with suppress(OSError):
            # An upload's own folder goes with its last piece; others are not empty.
            path.parent.rmdir()

    def names(self, folder: str) -> Iterator[str]:
        """All names that begin with ``folder/``."""
        # Folders that another process removes meanwhile are passed over.
        for where, _, files in os.walk(self._path(folder)):
            for file in files:
                yield (Path(where) / file).relative_to(self._folder).as_posix()

    def tidy(self) -> None:
        """Remove what was left half-written by processes that were ended."""
        for part in (self._folder / _PARTS).iterdir():
            with suppress(OSError):
                if time.time() - part.stat().st_mtime > _ABANDONED:
                    part.unlink()

    def _path(self, name: str) -> Path:
        return self._folder / checked(name)

    def _write(self, path: Path, pieces: Iterable[bytes]) -> None:
        part = self._folder / _PARTS / secrets.token_hex(12)
        try:
            with part.open("xb") as file:
                for piece in pieces:
                    file.write(piece)
                file.flush()
                _sync_file(file.fileno())
            self._into_place(part, path)
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)

    def _into_place(self, part: Path, path: Path) -> None:
        for _ in range(3):
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            try:
                part.replace(path)
                break
            except FileNotFoundError:
                # Another process has just removed the empty folder.
                continue
            except PermissionError:
                # Windows does not replace what is being read; a blob there is the same bytes.
                if path.stat().st_size == part.stat().st_size:
                    break
                raise
        else:
            raise AuditError(f"{path.name} was not saved.", "Try again.")
        for folder in (path.parent, *path.parent.parents):
            _sync_folder(folder)
            if folder == self._folder:
                return


def _sync_file(handle: int) -> None:
    if sys.platform == "darwin":
        import fcntl

        fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
        return
    os.fsync(handle)


def _sync_folder(folder: Path) -> None:
    """Windows keeps names with the file."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
