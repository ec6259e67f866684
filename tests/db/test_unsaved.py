"""The recovery file: it has its room, is overwritten whole, and is not readable by others."""

import os
from pathlib import Path

import pytest

from audit_app.errors import StoreError
from db.unsaved import MOST, SLOT, UnsavedFile

KEY = bytes(range(32))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "unsaved.bin"
    UnsavedFile(path, KEY).take_room()
    return path


def test_what_was_written_last_is_read(file: Path) -> None:
    kept = UnsavedFile(file, KEY)
    assert kept.read() == b""

    for words in (b"first", b"second, and longer", b"3", b""):
        kept.write(words)
        assert UnsavedFile(file, KEY).read() == words


def test_its_room_is_taken_once_and_never_grows(file: Path) -> None:
    kept = UnsavedFile(file, KEY)
    inode = file.stat().st_ino
    for size in (1, 1000, MOST):
        kept.write(os.urandom(size))

    assert file.stat().st_size == 2 * SLOT
    assert file.stat().st_ino == inode, "written in place: a full disk has no room for another"


def test_a_torn_write_leaves_what_stood_before(file: Path) -> None:
    kept = UnsavedFile(file, KEY)
    kept.write(b"first")
    kept.write(b"second" * 1000)
    whole = file.read_bytes()
    second = max(range(2), key=lambda slot: whole[slot * SLOT : slot * SLOT + 8])
    data = bytearray(whole)
    data[second * SLOT + 3000] ^= 1
    file.write_bytes(bytes(data))

    assert kept.read() == b"first"
    kept.write(b"third")
    assert kept.read() == b"third"


def test_more_than_there_is_room_for_is_refused_and_nothing_is_lost(file: Path) -> None:
    kept = UnsavedFile(file, KEY)
    kept.write(b"first")

    with pytest.raises(StoreError, match="Too much"):
        kept.write(bytes(MOST + 1))

    assert kept.read() == b"first"


def test_nothing_of_it_is_readable_without_the_key(file: Path) -> None:
    kept = UnsavedFile(file, KEY)
    kept.write(b"Door found open at ten")

    assert b"Door" not in file.read_bytes()
    assert UnsavedFile(file, bytes(32)).read() == b""


def test_a_file_of_noise_or_none_holds_nothing(tmp_path: Path) -> None:
    path = tmp_path / "unsaved.bin"
    assert UnsavedFile(path, KEY).read() == b""
    path.write_bytes(b"short")
    assert UnsavedFile(path, KEY).read() == b""
