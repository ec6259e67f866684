"""The inside of an exchange package: one compressed stream of pieces, read within bounds.

Each piece is a letter, its length and its bytes: ``M`` who made it, ``R`` a row, ``B`` what is
said of a file and ``D`` its bytes, ``E`` the end with what was counted. All bounds are held
against what is really read, never against what the package says of itself (RELIABILITY 4.3).
"""

import io
import json
from collections.abc import Callable, Iterator
from typing import IO, Any, BinaryIO, cast
from uuid import UUID

import zstandard

from audit_app.errors import ImportRefused
from audit_app.sync.package_cipher import damaged, unseal
from audit_app.sync.package_parts import Made, PackedBlob, PackedRow

MOST_ROWS, MOST_BLOBS = 500_000, 50_000
LARGEST_NOTE = 1024 * 1024
"""Bytes of one row, or of what is said of a package or a file."""
LARGEST_ROWS = 256 * 1024 * 1024
"""Bytes of all rows together."""
LARGEST_BLOB = 100 * 1024 * 1024
LARGEST_CONTENT = 32 * 1024 * 1024 * 1024
"""Bytes of everything, unpacked."""
HIGHEST_RATIO, FREE_OF_RATIO = 100, 64 * 1024 * 1024
"""Unpacked to packed, once more than so many bytes were unpacked."""

_LEVEL, _WINDOW = 3, 8 * 1024 * 1024
_READ = 1024 * 1024
_MADE, _ROW, _BLOB, _DATA, _END = b"M", b"R", b"B", b"D", b"E"

Piece = Made | PackedRow | tuple[PackedBlob, bytes]


class PackageWriter:
    """Writes the pieces of a package; ``close`` says that it is whole."""

    def __init__(self, write: Callable[[bytes], None], made: Made) -> None:
        self._write = write
        self._packer = zstandard.ZstdCompressor(level=_LEVEL).compressobj()
        self._rows = self._blobs = 0
        self._note(_MADE, made.wire())

    def row(self, row: PackedRow) -> None:
        """Add a row."""
        self._note(_ROW, row.wire())
        self._rows += 1

    def blob(self, blob: PackedBlob, data: bytes) -> None:
        """Add a photo or a file."""
        self._note(_BLOB, blob.wire())
        self._piece(_DATA, data)
        self._blobs += 1

    def close(self) -> None:
        """End the package."""
        self._note(_END, {"rows": self._rows, "blobs": self._blobs})
        self._write(self._packer.flush())

    def _note(self, letter: bytes, told: dict[str, Any]) -> None:
        text = json.dumps(told, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
        self._piece(letter, text.encode())

    def _piece(self, letter: bytes, data: bytes) -> None:
        self._write(self._packer.compress(letter + len(data).to_bytes(8, "big")))
        self._write(self._packer.compress(data))


def read_package(file: BinaryIO, passphrase: str) -> Iterator[Piece]:
    """The pieces of a package, the one about its making first.

    Only when this has come to its end is the package known to be whole; keep nothing before.

    Raises:
        ImportRefused: not a package, damaged, cut, made by a newer program, or beyond its bounds.
        WrongKey: the passphrase does not fit.
    """
    source = _Source(unseal(file, passphrase))
    try:
        unpacker = zstandard.ZstdDecompressor(max_window_size=_WINDOW)
        reader = _Bounded(
            unpacker.stream_reader(cast("IO[bytes]", source), read_size=65536), source
        )
        yield from _pieces(reader)
        if reader.some(1) or source.read(1):
            # Also proves the last chunk, behind which nothing may follow.
            raise damaged()
    except (
        zstandard.ZstdError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
    ) as error:
        raise damaged() from error


def _pieces(reader: "_Bounded") -> Iterator[Piece]:
    letter, told = reader.note()
    if letter != _MADE:
        raise damaged()
    yield Made.read(told)
    named: set[tuple[str, UUID]] = set()
    rows = blobs = 0
    while True:
        letter, told = reader.note()
        if letter == _ROW:
            rows += 1
            if rows > MOST_ROWS:
                raise _too_large()
            row = PackedRow.read(told)
            named.add((row.entity, row.id))
            if len(named) != rows:
                # The same row twice: one of the two would be lost.
                raise damaged()
            yield row
        elif letter == _BLOB:
            blobs += 1
            if blobs > MOST_BLOBS:
                raise _too_large()
            blob = PackedBlob.read(told)
            data = reader.data()
            if not blob.is_true(data):
                raise damaged()
            yield blob, data
        elif letter == _END:
            if (told["rows"], told["blobs"]) != (rows, blobs):
                raise damaged()
            return
        else:
            raise damaged()


class _Source(io.RawIOBase):
    """The sealed chunks as one file to read; counts what was taken from it."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        super().__init__()
        self._chunks, self._held, self._at = chunks, b"", 0
        self.taken = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        while self._at >= len(self._held):
            chunk = next(self._chunks, None)
            if chunk is None:
                return b""
            self._held, self._at = chunk, 0
        end = len(self._held) if size < 0 else self._at + size
        out = self._held[self._at : end]
        self._at += len(out)
        self.taken += len(out)
        return out


class _Bounded:
    """Reads pieces and counts the bytes that really came."""

    def __init__(self, reader: Any, source: _Source) -> None:
        self._reader, self._source = reader, source
        self._total = self._notes = 0

    def some(self, size: int) -> bytes:
        """At most so many bytes; none at the end."""
        data: bytes = self._reader.read(size)
        self._total += len(data)
        bound = max(FREE_OF_RATIO, self._source.taken * HIGHEST_RATIO)
        if self._total > min(bound, LARGEST_CONTENT):
            raise _too_large()
        return data

    def note(self) -> tuple[bytes, dict[str, Any]]:
        """A letter and what is said."""
        letter, size = self._head()
        if size > LARGEST_NOTE:
            raise _too_large()
        self._notes += size
        if self._notes > LARGEST_ROWS:
            raise _too_large()
        told = json.loads(self._exactly(size), parse_constant=_no_number)
        if not isinstance(told, dict):
            raise damaged()
        return letter, told

    def data(self) -> bytes:
        """The bytes of a file."""
        letter, size = self._head()
        if letter != _DATA:
            raise damaged()
        if size > LARGEST_BLOB:
            raise _too_large()
        return self._exactly(size)

    def _head(self) -> tuple[bytes, int]:
        head = self._exactly(9)
        return head[:1], int.from_bytes(head[1:], "big")

    def _exactly(self, size: int) -> bytes:
        out = bytearray()
        while len(out) < size:
            data = self.some(min(size - len(out), _READ))
            if not data:
                raise damaged()
            out += data
        return bytes(out)


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def _too_large() -> ImportRefused:
    return ImportRefused(
        "The package unpacks to more than a package may hold; nothing of it was taken in.",
        "Ask whoever made it for smaller ones, such as one visit each.",
    )
