"""Where the bytes of photos and files lie: a folder of this machine, or S3.

Both keep one promise: under a name stands either the whole thing or nothing, whatever is cut off
while it is written.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from typing import Protocol
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from audit_app.errors import AuditError

PIECE = 256 * 1024
"""Bytes read or written at a time where nothing else asks for a size."""

_NAME = re.compile(r"[a-z0-9]+(?:[/-][a-z0-9]+)*")


class WrongContent(AuditError):
    """The bytes are not what they were said to be; nothing of them was kept."""


class NoObject(AuditError):
    """Nothing stands under this name."""


class Objects(Protocol):
    """Bytes by name. A name is lower-case letters and digits, parted by ``/`` and ``-``."""

    def put(self, name: str, data: bytes) -> None:
        """Write, over what stood there."""
        ...

    def put_new(self, name: str, pieces: Iterable[bytes], *, size: int, sha256: str) -> None:
        """Write unless it is there already, hashing on the way.

        What is there is read and hashed before it counts as being there.

        Raises:
            WrongContent: size or SHA-256 differ; nothing stands under the name.
        """
        ...

    def get(self, name: str, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """The bytes from ``start`` up to but not with ``stop``.

        Raises:
            NoObject: there is none; said at the call, before the first byte.
        """
        ...

    def size(self, name: str) -> int | None:
        """Its bytes; None if there is none."""
        ...

    def delete(self, name: str) -> None:
        """Remove it; no matter if it is not there."""
        ...

    def names(self, folder: str) -> Iterator[str]:
        """All names that begin with ``folder/``."""
        ...

    def tidy(self) -> None:
        """Remove what was left half-written by processes that were ended."""
        ...


def blob_name(sha256: str) -> str:
    """Where the bytes with this SHA-256 stand."""
    return f"blobs/{sha256[:2]}/{sha256}"


def checked(name: str) -> str:
    """The name, if it is one that we make.

    Raises:
        ValueError: it could lead somewhere else.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is not the name of an object")
    return name


def verified(pieces: Iterable[bytes], *, size: int, sha256: str) -> Iterator[bytes]:
    """The same pieces; fails after the last one unless they are what they should be.

    Raises:
        WrongContent: size or SHA-256 differ.
    """
    digest, length = hashlib.sha256(), 0
    for piece in pieces:
        digest.update(piece)
        length += len(piece)
        if length > size:
            break
        yield piece
    if length != size or digest.hexdigest() != sha256:
        raise WrongContent(
            f"What arrived is not the file {sha256[:12]}… of {size} bytes.", "Send it again."
        )


def holds(objects: Objects, name: str, *, size: int, sha256: str) -> bool:
    """Whether just these bytes stand under the name; reads them whole."""
    if objects.size(name) != size:
        return False
    try:
        for _ in verified(objects.get(name), size=size, sha256=sha256):
            pass
    except (WrongContent, NoObject):
        return False
    return True


def open_objects(address: str) -> Objects:
    """The store at an address: ``s3://bucket/prefix?endpoint=…``, ``file:///…`` or a folder.

    Keys of S3 come from the environment, as its other tools read them (``AWS_ACCESS_KEY_ID`` and
    the like), never from the address: addresses end up in logs.

    Raises:
        AuditError: the address is of no kind we know, or the folder cannot be made.
    """
    from audit_app.central.object_bucket import BucketObjects
    from audit_app.central.object_folder import FolderObjects

    parts = urlsplit(address)
    if parts.scheme == "s3":
        return BucketObjects.at(address)
    if parts.scheme == "file":
        return FolderObjects(url2pathname(unquote(parts.path)))
    # A single letter is a drive of Windows.
    if len(parts.scheme) <= 1:
        return FolderObjects(address)
    raise AuditError(
        f"Photos cannot be kept at {parts.scheme}://….", "Give a folder or s3://bucket/prefix."
    )
