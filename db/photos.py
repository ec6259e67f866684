"""The encrypted store of photos and files: one file each, named by what it holds."""

import hashlib
import secrets
from collections.abc import Iterator
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from audit_app.errors import AuditError, ImportRefused, NotFound, StoreError
from db.files import PART, in_words, remove_parts, sync_folder, write_durably

_NONCE = 12
_SEAL = _NONCE + 16
"""What a sealed file has more than its bytes: the nonce before and the tag behind them."""
_WHAT = "the photo"


class PhotoStore:
    """Originals and renditions, encrypted one by one, named by the original's SHA-256."""

    def __init__(self, folder: Path, key: bytes) -> None:
        self._folder = folder
        self._cipher = AESGCM(key)
        self._named: set[str] = set()

    def put(self, data: bytes) -> str:
        """Keep an original; gives its SHA-256 in hex.

        Keeping it twice costs one read; a damaged file is written anew, so that adding a photo
        again mends it.

        Raises:
            StoreError: it could not be written; nothing half is left.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        if not self.is_whole(sha256):
            self._put(self._path(sha256, ""), sha256.encode(), data)
        return sha256

    def put_rendition(self, sha256: str, size: int, data: bytes) -> None:
        """Keep a smaller JPEG of an original; ``size`` is its longest side in pixels.

        Raises:
            StoreError: it could not be written; nothing half is left.
        """
        path, name = self._path(sha256, f"-{size}"), f"{sha256}-{size}".encode()
        try:
            self._get(path, name)
        except AuditError:
            self._put(path, name, data)

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
        """A smaller JPEG of an original; a lost or damaged one is made again from it.

        Raises:
            NotFound: neither it nor the original is here.
            StoreError: both are damaged.
        """
        path, name = self._path(sha256, f"-{size}"), f"{sha256}-{size}".encode()
        try:
            return self._get(path, name)
        except AuditError as error:
            return self._make_again(sha256, size, error)

    def is_whole(self, sha256: str) -> bool:
        """Whether the original is here and undamaged; reads it whole."""
        try:
            self.get(sha256)
        except AuditError:
            return False
        return True

    def originals(self) -> Iterator[str]:
        """The hashes of all originals."""
        for path in self._folder.glob("??/*"):
            if "-" not in path.name and not path.name.endswith(PART):
                yield path.name

    def held(self) -> dict[tuple[str, int], int]:
        """Bytes of each photo there is, by hash and size (0 the original); none of them is read."""
        found = {}
        for path in self._folder.glob("??/*"):
            sha256, _, size = path.name.partition("-")
            if not path.name.endswith(PART) and (not size or size.isdecimal()):
                found[sha256, int(size or 0)] = max(0, path.stat().st_size - _SEAL)
        return found

    def remove_parts(self) -> None:
        """Remove what a crash left half-written; no row can name it."""
        for folder in self._folder.glob("??"):
            remove_parts(folder)

    def _make_again(self, sha256: str, size: int, error: AuditError) -> bytes:
        from db.renditions import make_renditions

        try:
            made = make_renditions(self.get(sha256)).images.get(size)
        except ImportRefused:
            made = None
        if made is None:
            raise error
        self.put_rendition(sha256, size, made)
        return made

    def _path(self, sha256: str, suffix: str) -> Path:
        return self._folder / sha256[:2] / f"{sha256}{suffix}"

    def _put(self, path: Path, name: bytes, data: bytes) -> None:
        nonce = secrets.token_bytes(_NONCE)
        sealed = nonce + self._cipher.encrypt(nonce, data, name)
        write_durably(path, sealed, private=True, what=_WHAT)
        if path.parent.name in self._named:
            return
        try:
            # The names of the two folders above, which may be new; once in each run is enough.
            sync_folder(self._folder)
            sync_folder(self._folder.parent)
        except OSError as error:
            raise in_words(error, path, _WHAT) from error
        self._named.add(path.parent.name)

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
        "Add the same photo again or put its file back from a backup of the photos folder; "
        "everything else is unharmed.",
    )
