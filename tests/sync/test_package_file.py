"""The file of a package: wrong, damaged, cut or hostile ones are refused, and change nothing."""

import io
import json
import os
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import zstandard

from audit_app.errors import AuditError, ImportRefused, WrongKey
from audit_app.sync import package_cipher, package_stream
from audit_app.sync.package_cipher import CHUNK, Sealer, new_passphrase, unseal
from audit_app.sync.package_parts import Made, PackedBlob, PackedRow
from audit_app.sync.package_stream import PackageWriter, read_package
from tests.builders import NOON, StillClock, a_store
from tests.sync.couriers import PASSPHRASE, Courier, a_courier

CANARY = "Nordwind-Canary-4711"
FLIPS = int(os.environ.get("ONSITE_PACKAGE_FLIPS", "60"))
"""Random flips of the body in one run."""


@pytest.fixture(autouse=True)
def quick_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cheapest Argon2id: these tests derive hundreds of keys."""
    monkeypatch.setattr(package_cipher, "_COST", {"t": 1, "m": 64, "p": 1})
    monkeypatch.setattr(package_cipher, "_CHEAPEST", {"t": 1, "m": 8, "p": 1})
    monkeypatch.setattr(package_cipher, "_DEAREST", {"t": 4, "m": 1024, "p": 4})


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Courier, Courier]]:
    stores = [
        a_store(tmp_path / name, StillClock(NOON + timedelta(seconds=number)))
        for number, name in enumerate(("one", "two"))
    ]
    (tmp_path / "stick").mkdir()
    yield (
        a_courier("One", stores[0], tmp_path / "stick"),
        a_courier("Two", stores[1], tmp_path / "stick"),
    )
    for store in stores:
        store.close()


@pytest.fixture
def package(two: tuple[Courier, Courier]) -> bytes:
    two[0].write_vendor(UUID(int=7), name=CANARY, note="A note. " * 40)
    return two[0].hands_over().read_bytes()


def refused(courier: Courier, data: bytes) -> AuditError:
    """Why merging it is refused; nothing is changed by the try."""
    file = courier.stick / "hostile.onsite"
    file.write_bytes(data)
    with pytest.raises(AuditError) as caught:
        courier.takes(file)
    assert courier.rows() == {}
    assert not courier.store.photos.held()
    return caught.value


def test_a_wrong_passphrase_is_told_as_one(two: tuple[Courier, Courier], package: bytes) -> None:
    file = two[1].stick / "one.onsite"
    file.write_bytes(package)
    with pytest.raises(WrongKey, match="does not open the package"):
        two[1].packages.preview(file, passphrase="seven wet towels")
    assert two[1].sees(file).rows == 1


def test_a_short_passphrase_is_refused_and_a_made_one_is_long() -> None:
    with pytest.raises(AuditError, match="has 11 characters"):
        Sealer(bytes, "12345678901")
    assert len({new_passphrase() for _ in range(20)}) == 20
    assert len(new_passphrase().replace("-", "")) == 24


def test_any_flipped_byte_of_the_header_is_refused(
    two: tuple[Courier, Courier], package: bytes
) -> None:
    for place in range(package.index(b"\n") + 1):
        flipped = bytearray(package)
        flipped[place] ^= 1 << place % 8
        refused(two[1], bytes(flipped))


def test_any_flipped_bit_of_the_body_is_refused(
    two: tuple[Courier, Courier], package: bytes
) -> None:
    rng = random.Random(5)
    start = package.index(b"\n") + 1
    for _ in range(FLIPS):
        flipped = bytearray(package)
        flipped[rng.randrange(start, len(package))] ^= 1 << rng.randrange(8)
        assert "damaged" in str(refused(two[1], bytes(flipped)))


def test_other_files_are_told_from_packages(two: tuple[Courier, Courier]) -> None:
    for data in (b"", b"\n", b"%PDF-1.7\n", b'{"format": 1}\n', b"[" * 1000, b"null\n"):
        assert "not an Onsite exchange package" in str(refused(two[1], data))


def sealed(size: int) -> bytes:
    out = io.BytesIO()
    sealer = Sealer(out.write, PASSPHRASE)
    sealer.write(random.Random(1).randbytes(size))
    sealer.close()
    return out.getvalue()


def opened(data: bytes) -> int:
    return sum(len(chunk) for chunk in unseal(io.BytesIO(data), PASSPHRASE))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_what_was_sealed_is_read_at_any_size(size: int) -> None:
    assert opened(sealed(size)) == size


def test_a_file_that_was_cut_between_chunks_says_so() -> None:
    whole = sealed(3 * CHUNK)
    start = whole.index(b"\n") + 1
    with pytest.raises(ImportRefused, match="end of the package is missing"):
        opened(whole[: start + CHUNK + 16])
    for end in (start, start + 10, start + CHUNK, len(whole) - 1):
        with pytest.raises(ImportRefused, match="damaged"):
            opened(whole[:end])


def test_chunks_that_change_places_are_refused() -> None:
    whole = sealed(3 * CHUNK)
    start, step = whole.index(b"\n") + 1, CHUNK + 16
    first, second = whole[start : start + step], whole[start + step : start + 2 * step]
    rest = whole[start + 2 * step :]
    for body in (
        second + first + rest,
        first + first + rest,
        first + rest,
        first + second + second,
    ):
        with pytest.raises(ImportRefused):
            opened(whole[:start] + body)


def test_a_chunk_of_another_package_is_refused() -> None:
    one, other = sealed(CHUNK * 2), sealed(CHUNK * 2)
    start = one.index(b"\n") + 1
    with pytest.raises(ImportRefused):
        opened(one[: start + CHUNK + 16] + other[start + CHUNK + 16 :])


def test_something_behind_the_end_is_refused(two: tuple[Courier, Courier], package: bytes) -> None:
    assert "damaged" in str(refused(two[1], package + b"more"))


def test_a_header_that_asks_for_too_much_memory_is_refused_at_once(
    two: tuple[Courier, Courier], package: bytes
) -> None:
    line, body = package.split(b"\n", 1)
    for cost in (
        {"t": 1, "m": 2**40, "p": 1},
        {"t": 10**9, "m": 64, "p": 1},
        {"t": 1, "m": 1, "p": 1},
    ):
        header = json.dumps(json.loads(line) | {"argon2id": cost}).encode()
        assert "not an Onsite" in str(refused(two[1], header + b"\n" + body))


def test_nothing_of_a_package_is_readable_on_the_disk(
    two: tuple[Courier, Courier], package: bytes
) -> None:
    file = two[1].stick / "one.onsite"
    file.write_bytes(package)
    two[1].takes(file)
    for path in two[1].stick.parent.rglob("*"):
        if path.is_file():
            assert CANARY.encode() not in path.read_bytes(), path
    assert two[1].vendor(UUID(int=7), "name") == CANARY


MADE = Made(UUID(int=1), UUID(int=2), "Eve", NOON, "Visit", "9.9")
VENDOR = PackedRow("vendor", UUID(int=7), "vendor:7", NOON, NOON, {"name": "N", "code": "N"})


def written(*pieces: PackedRow | tuple[PackedBlob, bytes]) -> bytes:
    """A package by somebody who knows the passphrase."""
    out = io.BytesIO()
    sealer = Sealer(out.write, PASSPHRASE)
    writer = PackageWriter(sealer.write, MADE)
    for each in pieces:
        if isinstance(each, PackedRow):
            writer.row(each)
        else:
            writer.blob(*each)
    writer.close()
    sealer.close()
    return out.getvalue()


def raw(content: bytes) -> bytes:
    """Any content, well sealed and compressed."""
    out = io.BytesIO()
    sealer = Sealer(out.write, PASSPHRASE)
    sealer.write(zstandard.ZstdCompressor(level=3).compress(content))
    sealer.close()
    return out.getvalue()


def piece(letter: bytes, data: bytes) -> bytes:
    return letter + len(data).to_bytes(8, "big") + data


def noted(letter: bytes, told: object) -> bytes:
    return piece(letter, json.dumps(told).encode())


BEGIN = noted(b"M", MADE.wire())
END = noted(b"E", {"rows": 0, "blobs": 0})


@pytest.mark.parametrize(
    "content",
    [
        b"",
        END,
        BEGIN,
        BEGIN + BEGIN + END,
        BEGIN + noted(b"R", VENDOR.wire()) + END,
        BEGIN + END + END,
        BEGIN + 2 * noted(b"R", VENDOR.wire()) + noted(b"E", {"rows": 2, "blobs": 0}),
        BEGIN + piece(b"R", b'{"a":'),
        BEGIN + piece(b"R", b"NaN") + END,
        BEGIN + noted(b"R", []) + END,
        BEGIN + noted(b"R", VENDOR.wire() | {"id": 5}) + END,
        BEGIN + noted(b"R", VENDOR.wire() | {"created": "yesterday"}) + END,
        BEGIN + noted(b"R", VENDOR.wire() | {"created": "2026-01-01T00:00:00"}) + END,
        BEGIN + noted(b"R", VENDOR.wire() | {"values": {"n": 2**70}}) + END,
        BEGIN + noted(b"R", VENDOR.wire() | {"seen": {"x": 1}}) + END,
        BEGIN + piece(b"R", b"[" * 100_000) + END,
        BEGIN + noted(b"B", {"kind": "evidence"}) + END,
        BEGIN + piece(b"D", b"data") + END,
        BEGIN + b"R" + (2**60).to_bytes(8, "big"),
        BEGIN[:-1],
        b"\x00" * 50,
    ],
)
def test_content_that_makes_no_sense_is_refused(
    two: tuple[Courier, Courier], content: bytes
) -> None:
    assert isinstance(refused(two[1], raw(content)), ImportRefused)


def test_a_file_under_a_name_that_is_not_its_own_is_refused(two: tuple[Courier, Courier]) -> None:
    told = PackedBlob.of("evidence", "0" * 64, b"photo", 1000)
    lies = [
        PackedBlob("evidence", "0" * 64, 0, told.content, 5),
        PackedBlob("evidence", "0" * 64, 1000, "1" * 64, 5),
        PackedBlob("evidence", "../../etc/passwd", 1000, told.content, 5),
        PackedBlob("evidence", "0" * 64, 1000, told.content, 4),
    ]
    for lie in lies:
        assert "damaged" in str(refused(two[1], written((lie, b"photo"))))


def test_a_file_that_no_row_names_is_not_kept(two: tuple[Courier, Courier]) -> None:
    file = two[1].stick / "eve.onsite"
    told = PackedBlob.of("evidence", "0" * 64, b"photo", 1000)
    file.write_bytes(written(VENDOR, (told, b"photo")))
    two[1].takes(file)
    assert not two[1].store.photos.held()


def test_a_bomb_is_refused_long_before_it_is_unpacked(
    two: tuple[Courier, Courier], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package_stream, "FREE_OF_RATIO", 1024 * 1024)
    zeros = bytes(50 * 1024 * 1024)
    bomb = raw(
        BEGIN
        + noted(b"B", PackedBlob.of("evidence", "0" * 64, zeros, 1000).wire())
        + piece(b"D", zeros)
    )
    assert len(bomb) < 100_000
    assert "unpacks to more" in str(refused(two[1], bomb))


@pytest.mark.parametrize(
    ("bound", "most"),
    [("MOST_ROWS", 1), ("LARGEST_NOTE", 100), ("LARGEST_ROWS", 300), ("LARGEST_CONTENT", 300)],
)
def test_every_bound_is_held(
    two: tuple[Courier, Courier], monkeypatch: pytest.MonkeyPatch, bound: str, most: int
) -> None:
    data = written(VENDOR, replace(VENDOR, id=UUID(int=6)))
    assert len(list(read_package(io.BytesIO(data), PASSPHRASE))) == 3
    monkeypatch.setattr(package_stream, bound, most)
    assert "unpacks to more" in str(refused(two[1], data))


def test_the_bounds_on_files_are_held(
    two: tuple[Courier, Courier], monkeypatch: pytest.MonkeyPatch
) -> None:
    told = PackedBlob.of("evidence", "0" * 64, b"photo", 1000)
    data = written((told, b"photo"), (told, b"photo"))
    for bound, most in (("MOST_BLOBS", 1), ("LARGEST_BLOB", 4)):
        with monkeypatch.context() as patch:
            patch.setattr(package_stream, bound, most)
            assert "unpacks to more" in str(refused(two[1], data))


def test_rows_that_would_break_the_database_are_left_out(two: tuple[Courier, Courier]) -> None:
    answer = {"audit_id": str(UUID(int=3)), "ref": "/a", "value": "C"}
    rows = [
        PackedRow(
            "site",
            UUID(int=8),
            "vendor:7",
            NOON,
            NOON,
            {"vendor_id": str(UUID(int=99)), "name": "S", "country": "PL", "time_zone": "UTC"},
        ),
        PackedRow("answer", UUID(int=9), "audit:3", NOON, NOON, answer),
        PackedRow("vendor", UUID(int=10), "vendor:10", NOON, NOON, {"name": 5, "code": "N"}),
        PackedRow("finding", UUID(int=11), "audit:3", NOON, NOON, {"grade": "terrible"}),
        PackedRow("device", UUID(int=12), "audit:3", NOON, NOON, {"name": "mine"}),
    ]
    file = two[1].stick / "eve.onsite"
    file.write_bytes(written(*rows, VENDOR))
    merged = two[1].takes(file)
    assert set(two[1].rows()) == {("vendor", UUID(int=7))}
    assert merged.preview.warnings[0].startswith("4 rows cannot be understood")
    assert merged.preview.warnings[1].startswith("1 rows are left out")
