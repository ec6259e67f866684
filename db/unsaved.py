"""What the database could not take, kept beside it until it can.

A full disk refuses every new byte, so the room is taken when the workspace is made: a file of two
slots, written in place and in turn. A slot is sealed as a whole (AES-256-GCM), so that a torn one
is known as torn and the one before it still stands.
"""

import os
import struct
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from audit_app.errors import StoreError
from db.files import in_words, sync_file, write_durably

FILE = "unsaved.bin"
SLOT = 64 * 1024
"""Bytes of a slot; some hundred answers with their notes."""

_HEAD = struct.Struct(">QI")
_NONCE, _TAG = 12, 16
MOST = SLOT - _HEAD.size - _NONCE - _TAG


class UnsavedFile:
    """A few bytes that survive what the database did not."""

    def __init__(self, path: Path, key: bytes) -> None:
        self._path = path
        self._cipher = AESGCM(key)

    def take_room(self) -> None:
        """Make the file at its full size, if it is not there.

        Raises:
            StoreError: the disk is full or read-only.
        """
        if not self._path.exists():
            # Random, so that no file system saves the room it is told to take.
            write_durably(self._path, os.urandom(2 * SLOT), private=True)

    def write(self, data: bytes) -> None:
        """Keep these bytes in place of those before; on return they survive a power cut.

        Raises:
            StoreError: they are too many, or the disk refuses to overwrite.
        """
        if len(data) > MOST:
            raise StoreError(
                "Too much is waiting to be saved to be kept in the recovery file.",
                "Free space on the disk, then press Retry.",
            )
        self.take_room()
        number = self._newest()[0] + 1
        head = _HEAD.pack(number, len(data))
        nonce = os.urandom(_NONCE)
        slot = head + nonce + self._cipher.encrypt(nonce, data, head)
        flags = os.O_WRONLY | getattr(os, "O_BINARY", 0)
        try:
            handle = os.open(self._path, flags)
            try:
                os.lseek(handle, (number % 2) * SLOT, os.SEEK_SET)
                view = memoryview(slot)
                while view:
                    view = view[os.write(handle, view) :]
                sync_file(handle)
            finally:
                os.close(handle)
        except OSError as error:
            raise in_words(error, self._path) from error

    def read(self) -> bytes:
        """What was kept last; empty when nothing is."""
        return self._newest()[1]

    def _newest(self) -> tuple[int, bytes]:
        try:
            whole = self._path.read_bytes()
        except FileNotFoundError:
            return 0, b""
        except OSError as error:
            raise in_words(error, self._path) from error
        found = [self._opened(whole[start : start + SLOT]) for start in (0, SLOT)]
        return max((one for one in found if one is not None), default=(0, b""))

    def _opened(self, slot: bytes) -> tuple[int, bytes] | None:
        """Number and bytes of a slot; None for one never written, torn or changed."""
        if len(slot) < _HEAD.size + _NONCE + _TAG:
            return None
        head = slot[: _HEAD.size]
        number, length = _HEAD.unpack(head)
        nonce, rest = slot[_HEAD.size : _HEAD.size + _NONCE], slot[_HEAD.size + _NONCE :]
        if length > MOST:
            return None
        try:
            return number, self._cipher.decrypt(nonce, rest[: length + _TAG], head)
        except InvalidTag:
            return None
