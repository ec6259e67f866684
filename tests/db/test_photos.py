"""The photo store: whole or not at all, known by what it holds, mended where it can be."""

import errno
import os
from pathlib import Path

import pytest

from audit_app.errors import AuditError, NotFound, StoreError
from db import files
from db.photos import PhotoStore
from db.renditions import make_renditions
from tests.builders import a_photo


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "photos"


@pytest.fixture
def photos(folder: Path) -> PhotoStore:
    return PhotoStore(folder, b"k" * 32)


def file_of(folder: Path, sha256: str, ending: str = "") -> Path:
    return folder / sha256[:2] / f"{sha256}{ending}"


def flip(file: Path, at: int = 40) -> None:
    data = bytearray(file.read_bytes())
    data[at % len(data)] ^= 4
    file.write_bytes(bytes(data))


def test_an_original_comes_back_byte_for_byte(photos: PhotoStore, folder: Path) -> None:
    data = a_photo()
    sha256 = photos.put(data)
    assert photos.get(sha256) == data
    assert list(photos.originals()) == [sha256]
    held = file_of(folder, sha256).read_bytes()
    assert data[:64] not in held
    assert b"\xff\xd8\xff" not in held[:16]


def test_the_same_photo_twice_is_one_file(photos: PhotoStore, folder: Path) -> None:
    assert photos.put(b"same") == photos.put(b"same")
    assert sum(1 for path in folder.rglob("*") if path.is_file()) == 1


def test_another_key_opens_nothing(photos: PhotoStore, folder: Path) -> None:
    sha256 = photos.put(b"secret")
    with pytest.raises(StoreError, match="damaged"):
        PhotoStore(folder, b"x" * 32).get(sha256)


def test_a_file_in_the_place_of_another_is_not_believed(photos: PhotoStore, folder: Path) -> None:
    one, two = photos.put(b"one"), photos.put(b"two")
    file_of(folder, one).write_bytes(file_of(folder, two).read_bytes())
    with pytest.raises(StoreError, match="damaged"):
        photos.get(one)


def test_a_missing_photo_is_said_to_be_missing(photos: PhotoStore) -> None:
    with pytest.raises(NotFound, match="not on this device"):
        photos.get("0" * 64)
    assert not photos.is_whole("0" * 64)


def test_adding_a_damaged_photo_again_mends_it(photos: PhotoStore, folder: Path) -> None:
    data = a_photo()
    sha256 = photos.put(data)
    flip(file_of(folder, sha256))
    with pytest.raises(StoreError, match="damaged"):
        photos.get(sha256)
    photos.put(data)
    assert photos.get(sha256) == data


@pytest.mark.parametrize("loss", ["damaged", "gone"])
def test_a_lost_rendition_is_made_again_from_its_original(
    photos: PhotoStore, folder: Path, loss: str
) -> None:
    data = a_photo(2000, 1500)
    sha256 = photos.put(data)
    photos.put_rendition(sha256, 1000, make_renditions(data).images[1000])
    whole = photos.get_rendition(sha256, 1000)
    file = file_of(folder, sha256, "-1000")
    if loss == "gone":
        file.unlink()
    else:
        flip(file)
    assert photos.get_rendition(sha256, 1000) == whole
    assert PhotoStore(folder, b"k" * 32)._get(file, f"{sha256}-1000".encode()) == whole


def test_a_rendition_lost_with_its_original_is_said_so(photos: PhotoStore, folder: Path) -> None:
    sha256 = photos.put(a_photo())
    flip(file_of(folder, sha256))
    with pytest.raises(StoreError, match="damaged"):
        photos.get_rendition(sha256, 1000)


def test_a_file_that_is_no_photo_has_no_rendition(photos: PhotoStore) -> None:
    with pytest.raises(NotFound):
        photos.get_rendition(photos.put(b"%PDF-1.7"), 1000)


def test_half_written_files_go_and_whole_ones_stay(photos: PhotoStore, folder: Path) -> None:
    sha256 = photos.put(b"whole")
    file_of(folder, sha256, ".ab12.part").write_bytes(b"half")
    assert list(photos.originals()) == [sha256]
    photos.remove_parts()
    assert [path.name for path in (folder / sha256[:2]).iterdir()] == [sha256]


def test_a_short_write_is_written_on(
    photos: PhotoStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A nearly full disk takes less than it was given, without an error."""
    write = os.write
    monkeypatch.setattr(os, "write", lambda handle, data: write(handle, bytes(data)[:7]))
    data = a_photo(64, 48)
    assert PhotoStore(folder, b"k" * 32).get(photos.put(data)) == data


@pytest.mark.parametrize("step", ["write", "fsync", "rename"])
@pytest.mark.parametrize(
    ("code", "words"),
    [(errno.ENOSPC, "disk is full"), (errno.EIO, "was not saved"), (errno.EROFS, "cannot be")],
)
def test_an_error_of_the_disk_is_said_and_leaves_nothing(
    photos: PhotoStore,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    code: int,
    words: str,
) -> None:
    def fails(*_given: object) -> int:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        if step == "write":
            patch.setattr(os, "write", fails)
        elif step == "fsync":
            patch.setattr(files, "sync_file", fails)
        else:
            patch.setattr(Path, "replace", fails)
        with pytest.raises(AuditError, match=words) as error:
            photos.put(b"photo")
    assert error.value.hint
    assert [path for path in folder.rglob("*") if path.is_file()] == []
    assert photos.get(photos.put(b"photo")) == b"photo"


def test_bytes_are_synced_before_they_get_their_name(
    photos: PhotoStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    sync_file, sync_folder, replace = files.sync_file, files.sync_folder, Path.replace

    def note_file(handle: int) -> None:
        seen.append("file")
        sync_file(handle)

    def note_folder(folder: Path) -> None:
        seen.append("folder")
        sync_folder(folder)

    def note_name(path: Path, target: Path) -> Path:
        seen.append("name")
        return replace(path, target)

    monkeypatch.setattr(files, "sync_file", note_file)
    monkeypatch.setattr(files, "sync_folder", note_folder)
    monkeypatch.setattr(Path, "replace", note_name)
    photos.put(b"photo")
    assert seen == ["file", "name", "folder"]
