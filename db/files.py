"""Files that are on disk when we say so, and the encrypted store of photos."""

import errno
import hashlib
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from audit_app.errors import NotFound, StoreError

PART = ".part"
_NONCE = 12


def write_durably(path: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file whole or not at all; on return it survives a power cut.

    Part file, loop until all is written (a nearly full disk takes less than it was given without
    an error), fsync, rename over the target, fsync the folder.

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
        raise in_words(error, path) from error


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


def in_words(error: OSError, path: Path) -> StoreError:
    """What the system said about a file, for the auditor."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return StoreError(
            f"The disk is full; {path.name} was not saved.",
            "Free some space and try again; everything saved before is safe.",
        )
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return StoreError(
            f"{path.parent} cannot be written; {path.name} was not saved.",
            "Allow writing to the folder, or choose another one.",
        )
    return StoreError(
        f"{path.name} was not saved: {error.strerror or 'the disk gave an error'}.",
        "Check the disk, then try again.",
    )


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep of the photo store found.

    Attributes:
        missing: hashes that rows name but no file holds.
        orphans: files that no row names; moved to quarantine, never removed.
        parts: half-written files that were removed.
    """

    missing: tuple[str, ...]
    orphans: tuple[str, ...]
    parts: int


class PhotoStore:
    """Originals and renditions, encrypted one by one, named by the original's SHA-256."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder = folder
        self._cipher = AESGCM(key)

    def put(self, data: bytes) -> str:
        """Keep an original; gives its SHA-256 in hex. Keeping it twice costs nothing."""
        sha256 = hashlib.sha256(data).hexdigest()
        if not self.has(sha256):
            self._put(self._path(sha256, ""), sha256.encode(), data)
        return sha256

    def put_rendition(self, sha256: str, size: int, data: bytes) -> None:
        """Keep a smaller JPEG of an original; ``size`` is its longest side in pixels."""
        path = self._path(sha256, f"-{size}")
        if not path.exists():
            self._put(path, f"{sha256}-{size}".encode(), data)

    def get(self, sha256: str) -> bytes:
        """The original, checked against its own name.

        Raises:
            NotFound: there is no such file.
            StoreError: the file is damaged.
        """
        data = self._get(self._path(sha256, ""), sha256.encode())
        if hashlib.sha256(data).hexdigest() != sha256:
            raise _damaged(sha256)
        return data

    def get_rendition(self, sha256: str, size: int) -> bytes:
        """A smaller JPEG of an original."""
        return self._get(self._path(sha256, f"-{size}"), f"{sha256}-{size}".encode())

    def has(self, sha256: str) -> bool:
        """Whether the original is here."""
        return self._path(sha256, "").exists()

    def originals(self) -> Iterator[str]:
        """The hashes of all originals."""
        for path in self._folder.glob("??/*"):
            if "-" not in path.name and not path.name.endswith(PART):
                yield path.name

    def sweep(self, named: set[str]) -> Swept:
        """Compare files and rows after a crash; nothing that could matter is removed."""
        parts = 0
        for part in self._folder.glob(f"**/*{PART}"):
            part.unlink(missing_ok=True)
            parts += 1
        here = set(self.originals())
        orphans = sorted(here - named)
        quarantine = self._folder / "quarantine"
        for sha256 in orphans:
            quarantine.mkdir(exist_ok=True)
            for path in self._folder.glob(f"{sha256[:2]}/{sha256}*"):
                path.replace(quarantine / path.name)
        return Swept(tuple(sorted(named - here)), tuple(orphans), parts)

    def _path(self, sha256: str, suffix: str) -> Path:
        return self._folder / sha256[:2] / f"{sha256}{suffix}"

    def _put(self, path: Path, name: bytes, data: bytes) -> None:
        nonce = secrets.token_bytes(_NONCE)
        write_durably(path, nonce + self._cipher.encrypt(nonce, data, name), private=True)
        if path.parent.parent.exists():
            sync_folder(path.parent.parent)

    def _get(self, path: Path, name: bytes) -> bytes:
        try:
            sealed = path.read_bytes()
        except FileNotFoundError as error:
            raise NotFound(
                f"The photo {path.name[:12]}… is not on this device.",
                "Restore it from a backup of the photos folder.",
            ) from error
        except OSError as error:
            raise StoreError(
                f"The photo {path.name[:12]}… cannot be read: {error.strerror}.",
                "Check the disk, then try again.",
            ) from error
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], name)
        except (InvalidTag, ValueError) as error:
            raise _damaged(path.name) from error


def _damaged(name: str) -> StoreError:
    return StoreError(
        f"The photo {name[:12]}… is damaged on disk.",
        "Restore it from a backup of the photos folder; everything else is unharmed.",
    )
