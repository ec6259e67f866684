"""Objects in a folder and in S3: whole or not there, and only what they were said to be."""

import hashlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit_app.central.object_folder import FolderObjects
from audit_app.central.objects import NoObject, Objects, WrongContent, blob_name, open_objects
from audit_app.errors import AuditError


@pytest.fixture(params=["folder", "s3"])
def objects(request: pytest.FixtureRequest, tmp_path: Path) -> Objects:
    if request.param == "folder":
        return open_objects(str(tmp_path / "objects"))
    return open_objects(request.getfixturevalue("s3_address"))


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def in_pieces(data: bytes, size: int = 100_000) -> Iterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


def keep(objects: Objects, data: bytes) -> str:
    name = blob_name(sha(data))
    objects.put_new(name, in_pieces(data), size=len(data), sha256=sha(data))
    return name


def whole(objects: Objects, name: str) -> bytes:
    return b"".join(objects.get(name))


@pytest.mark.parametrize("size", [0, 1, 300_000, 9_000_000])
def test_what_is_put_is_got_back(objects: Objects, size: int) -> None:
    data = os.urandom(size)
    name = keep(objects, data)
    assert objects.size(name) == size
    assert whole(objects, name) == data


def test_a_range_is_just_that_part(objects: Objects) -> None:
    data = os.urandom(700_000)
    name = keep(objects, data)
    assert b"".join(objects.get(name, 10, 20)) == data[10:20]
    assert b"".join(objects.get(name, 300_000)) == data[300_000:]
    assert b"".join(objects.get(name, 0, 700_000)) == data
    assert b"".join(objects.get(name, 5, 5)) == b""


@pytest.mark.parametrize("size", [1000, 9_000_000])
def test_other_bytes_than_said_leave_nothing(objects: Objects, size: int) -> None:
    data = os.urandom(size)
    torn = data[:-1] + bytes([data[-1] ^ 1])
    for wrong in (torn, data[:-1], data + b"x"):
        with pytest.raises(WrongContent):
            objects.put_new(
                blob_name(sha(data)), in_pieces(wrong), size=len(data), sha256=sha(data)
            )
    assert objects.size(blob_name(sha(data))) is None
    with pytest.raises(NoObject):
        objects.get(blob_name(sha(data)))
    assert list(objects.names("blobs")) == []


@pytest.mark.parametrize("size", [300_000, 9_000_000])
def test_what_lies_there_in_pieces_is_put_together(objects: Objects, size: int) -> None:
    """As an upload is: read and written in one store at the same time."""
    data = os.urandom(size)
    names = [f"uploads/one/{start}-100000" for start in range(0, size, 100_000)]
    for name, piece in zip(names, in_pieces(data), strict=True):
        objects.put(name, piece)
    pieces = (piece for name in names for piece in objects.get(name))
    objects.put_new(blob_name(sha(data)), pieces, size=size, sha256=sha(data))
    assert whole(objects, blob_name(sha(data))) == data


def test_pieces_that_fail_midway_leave_nothing(objects: Objects) -> None:
    data = os.urandom(9_000_000)

    def cut() -> Iterator[bytes]:
        yield data[:8_500_000]
        raise ConnectionError("cut")

    with pytest.raises(ConnectionError):
        objects.put_new(blob_name(sha(data)), cut(), size=len(data), sha256=sha(data))
    assert objects.size(blob_name(sha(data))) is None


def test_putting_it_twice_is_putting_it_once(objects: Objects) -> None:
    data = os.urandom(5000)
    name = keep(objects, data)
    assert keep(objects, data) == name
    assert whole(objects, name) == data
    assert list(objects.names("blobs")) == [name]


@pytest.mark.parametrize("damage", [b"short", None])
def test_a_damaged_one_is_mended_by_putting_it_again(
    objects: Objects, damage: bytes | None
) -> None:
    data = os.urandom(5000)
    name = keep(objects, data)
    objects.put(name, damage or bytes(5000))
    keep(objects, data)
    assert whole(objects, name) == data


def test_many_at_once_leave_one_whole_object(objects: Objects) -> None:
    data = os.urandom(400_000)
    failed: list[Exception] = []

    def work() -> None:
        try:
            keep(objects, data)
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert whole(objects, blob_name(sha(data))) == data


def test_a_removed_object_is_gone_and_may_be_removed_again(objects: Objects) -> None:
    objects.put("uploads/one/0-5", b"12345")
    objects.put("uploads/one/5-1", b"6")
    objects.put("uploads/two/0-1", b"x")
    assert sorted(objects.names("uploads/one")) == ["uploads/one/0-5", "uploads/one/5-1"]
    objects.delete("uploads/one/0-5")
    objects.delete("uploads/one/0-5")
    assert objects.size("uploads/one/0-5") is None
    assert sorted(objects.names("uploads")) == ["uploads/one/5-1", "uploads/two/0-1"]


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a//b", "blobs/../../x", "", "a/", "A"])
def test_a_name_that_leads_elsewhere_is_refused(objects: Objects, name: str) -> None:
    with pytest.raises(ValueError, match="not the name"):
        objects.put(name, b"x")
    with pytest.raises(ValueError, match="not the name"):
        objects.get(name)


def test_half_written_files_are_swept_once_they_are_old(tmp_path: Path) -> None:
    objects = FolderObjects(tmp_path)
    old, young = tmp_path / "parts" / "old", tmp_path / "parts" / "young"
    old.write_bytes(b"x")
    young.write_bytes(b"x")
    os.utime(old, (0, 0))
    objects.tidy()
    assert [path.name for path in (tmp_path / "parts").iterdir()] == ["young"]


def test_an_address_of_another_kind_is_refused_in_words(tmp_path: Path) -> None:
    for wrong in ("ftp://host/x", "s3:///nobucket", "s3://bucket/p?secret=1"):
        with pytest.raises(AuditError, match="photos|Photos"):
            open_objects(wrong)
    file = tmp_path / "file"
    file.write_bytes(b"")
    with pytest.raises(AuditError, match="cannot be made"):
        open_objects(str(file / "under"))


def test_without_hashing_on_the_way_a_torn_file_would_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: these tests fail when the check is taken out."""
    monkeypatch.setattr("audit_app.central.object_folder.verified", lambda pieces, **_said: pieces)
    objects = FolderObjects(tmp_path)
    data = os.urandom(1000)
    objects.put_new(blob_name(sha(data)), [b"torn"], size=1000, sha256=sha(data))
    assert whole(objects, blob_name(sha(data))) == b"torn"
