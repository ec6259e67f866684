"""From a camera's file to pictures: upright, smaller, without place or person, or refused."""

import io
import random
import struct
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from audit_app.errors import ImportRefused
from db import jpeg
from db.renditions import LARGEST, SIZES, THUMBNAIL_BYTES, make_renditions
from tests.builders import a_photo

RED, BLUE = (200, 30, 30), (20, 60, 220)
CANARY = b"CanaryCam"

STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""How a camera that writes this orientation has stored an upright picture (EXIF 2.32, 4.6.4)."""


def a_picture(width: int = 640, height: int = 480) -> Image.Image:
    """Red, with a blue quarter at the top left."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (0, 0, width // 2, height // 2))
    return image


def exif_of(orientation: int = 1, *, taken: str = "", offset: str = "") -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = CANARY.decode()
    detail = exif.get_ifd(ExifTags.IFD.Exif)
    if taken:
        detail[ExifTags.Base.DateTimeOriginal] = taken
    if offset:
        detail[ExifTags.Base.OffsetTimeOriginal] = offset
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLatitude] = "S", (33.0, 52.0, 4.8)
    gps[ExifTags.GPS.GPSLongitudeRef], gps[ExifTags.GPS.GPSLongitude] = "E", (151.0, 12.0, 36.0)
    return exif


def a_file(image: Image.Image, kind: str = "JPEG", **how: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def corners(image: Image.Image) -> list[bool]:
    """Which corners are blue: top left, top right, bottom left, bottom right."""
    right, bottom = image.width - 5, image.height - 5
    points = [(4, 4), (right, 4), (4, bottom), (right, bottom)]
    found = []
    for point in points:
        pixel = image.convert("RGB").getpixel(point)
        assert isinstance(pixel, tuple)
        found.append(pixel[2] > 128)
    return found


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_every_orientation_comes_out_upright(orientation: int, kind: str) -> None:
    how = STORED[orientation]
    stored = a_picture() if how is None else a_picture().transpose(how)
    made = make_renditions(a_file(stored, kind, exif=exif_of(orientation)))
    assert (made.facts.width, made.facts.height) == (640, 480)
    for side, data in made.images.items():
        image = opened(data)
        assert corners(image) == [True, False, False, False], side
        assert image.width > image.height


def test_a_picture_without_its_orientation_would_lie_on_its_side() -> None:
    """The control of the test above."""
    stored = a_picture().transpose(Image.Transpose.ROTATE_90)
    image = opened(make_renditions(a_file(stored)).images[320])
    assert corners(image) != [True, False, False, False]


@pytest.mark.parametrize("orientation", [0, 9, 4711])
def test_an_orientation_that_does_not_exist_is_left_alone(orientation: int) -> None:
    made = make_renditions(a_file(a_picture(), exif=exif_of(orientation)))
    assert corners(opened(made.images[320])) == [True, False, False, False]


@pytest.mark.parametrize("size", [(4000, 3000), (3000, 4000), (1601, 20), (500, 400), (1, 1)])
def test_no_rendition_is_larger_than_its_size_nor_than_the_photo(size: tuple[int, int]) -> None:
    made = make_renditions(a_file(Image.new("RGB", size, RED)))
    for side in SIZES:
        shown = opened(made.images[side]).size
        assert max(shown) == min(side, max(size))
        assert abs(shown[0] / shown[1] - size[0] / size[1]) <= size[0] / size[1] / min(shown)


def test_place_person_and_comment_stay_out_of_every_rendition() -> None:
    data = a_file(
        a_picture(2000, 1500), exif=exif_of(6), comment=CANARY, icc_profile=CANARY * 20, dpi=(99, 9)
    )
    assert data.count(CANARY) > 3
    made = make_renditions(data)
    for rendition in made.images.values():
        assert CANARY not in rendition
        assert not opened(rendition).getexif()
        assert b"Exif" not in rendition
    assert made.facts.latitude == pytest.approx(-33.868)
    assert made.facts.longitude == pytest.approx(151.21)


def test_the_moment_keeps_the_offset_of_the_camera() -> None:
    taken = "2026:11:24 10:20:30"
    made = make_renditions(a_file(a_picture(), exif=exif_of(taken=taken, offset="+01:00")))
    assert made.facts.taken_at == datetime(2026, 11, 24, 9, 20, 30, tzinfo=UTC)
    assert made.facts.taken_at.utcoffset() == timedelta(hours=1)
    made = make_renditions(a_file(a_picture(), exif=exif_of(taken=taken)))
    assert made.facts.taken_at is not None
    assert made.facts.taken_at.tzinfo is None
    for nonsense in ("0000:00:00 00:00:00", "yesterday"):
        made = make_renditions(a_file(a_picture(), exif=exif_of(taken=nonsense)))
        assert made.facts.taken_at is None


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_broken_notes_do_not_cost_the_photo(kind: str) -> None:
    data = a_file(a_picture(32, 24), kind, exif=exif_of(6, taken="2026:11:24 10:20:30"))
    start = data.index(b"MM\0*")
    rng = random.Random(20261125)
    for _ in range(100):
        broken = bytearray(data)
        for _ in range(rng.randint(1, 12)):
            broken[start + rng.randrange(170)] = rng.randrange(256)
        made = make_renditions(bytes(broken))
        assert max(opened(made.images[320]).size) == 32


def test_a_telephone_photo_is_read_upright_with_its_facts() -> None:
    """HEIC, 64 × 48 as stored, turned by a quarter, blue at the top left as stored."""
    made = make_renditions((Path(__file__).parent / "telephone.heic").read_bytes())
    assert (made.facts.mime, made.facts.width, made.facts.height) == ("image/heic", 48, 64)
    assert made.facts.latitude == pytest.approx(52.23)
    assert made.facts.taken_at == datetime(2026, 11, 24, 10, 20, 30)  # noqa: DTZ001 (no offset)
    image = opened(made.images[320])
    assert corners(image) == [False, True, False, False]
    assert CANARY not in made.images[1600]


def test_a_jpeg_with_a_second_picture_behind_it_is_read() -> None:
    data = a_file(a_picture(), "MPO", save_all=True, append_images=[a_picture(64, 48)])
    assert opened(data).format == "MPO"
    made = make_renditions(data)
    assert (made.facts.mime, made.facts.width) == ("image/jpeg", 640)


@pytest.mark.parametrize("mode", ["L", "CMYK", "RGB"])
@pytest.mark.parametrize("progressive", [False, True])
def test_every_kind_of_jpeg_is_read(mode: str, progressive: bool) -> None:
    data = a_file(a_picture().convert(mode), progressive=progressive)
    image = opened(make_renditions(data).images[320])
    assert image.mode == "RGB"
    assert image.size == (320, 240)


def test_what_was_transparent_shows_paper() -> None:
    image = Image.new("RGBA", (400, 300), (0, 0, 0, 0))
    pixel = opened(make_renditions(a_file(image, "PNG")).images[320]).getpixel((5, 5))
    assert isinstance(pixel, tuple)
    assert min(pixel) > 250


def test_the_fast_way_and_the_slow_way_show_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    data = a_file(Image.effect_noise((2400, 1800), 20).convert("RGB"), quality=92)
    fast = opened(make_renditions(data).images[320]).convert("L")
    monkeypatch.setattr(jpeg, "_KINDS", {})
    slow = opened(make_renditions(data).images[320]).convert("L")
    apart = [abs(a - b) for a, b in zip(fast.tobytes(), slow.tobytes(), strict=True)]
    assert max(apart) < 40
    assert sum(apart) / len(apart) < 6


def test_the_smallest_stays_small_however_busy_the_photo() -> None:
    data = a_file(Image.effect_noise((1280, 1280), 255).convert("RGB"), quality=95)
    assert len(make_renditions(data).images[320]) <= THUMBNAIL_BYTES


def a_bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that would be this large in memory."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * min((width // 8 + 1) * height, 60_000_000), 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize(
    ("width", "height"), [(8000, 6251), (10_000, 10_000), (20_000, 20_000), (65_000, 65_000)]
)
def test_too_many_pixels_are_refused_before_they_are_unpacked(
    width: int, height: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unpack(*_given: object) -> None:
        raise AssertionError("it was unpacked")

    monkeypatch.setattr(Image.Image, "convert", unpack)
    with pytest.raises(ImportRefused, match=r"million pixels.*50 million|50 million pixels"):
        make_renditions(a_bomb(width, height))


def test_the_largest_photo_of_a_telephone_is_taken() -> None:
    assert LARGEST >= 8160 * 6120
    made = make_renditions(a_bomb(8064, 6048))
    assert (made.facts.width, made.facts.height) == (8064, 6048)


@pytest.mark.parametrize("part", [0.1, 0.5, 0.97])
def test_a_cut_off_photo_is_refused(part: float) -> None:
    data = a_photo(1600, 1200)
    with pytest.raises(ImportRefused, match="damaged"):
        make_renditions(data[: int(len(data) * part)])


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a photo",
        b"%PDF-1.7",
        b"GIF89a" + b"\0" * 40,
        b"\xff\xd8\xff\xe0" + b"\0" * 40,
        b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
        b"\0\0\0\x18ftypheic" + b"\0" * 40,
        b"RIFF\x10\0\0\0WEBPVP8 " + b"\0" * 40,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    ],
)
def test_what_is_no_photo_is_refused_in_one_sentence(data: bytes) -> None:
    with pytest.raises(ImportRefused, match=r"photo") as refused:
        make_renditions(data)
    assert refused.value.hint


def test_a_photo_is_known_by_what_it_is_and_not_by_its_name() -> None:
    for kind, mime in (("PNG", "image/png"), ("WEBP", "image/webp"), ("JPEG", "image/jpeg")):
        assert make_renditions(a_file(a_picture(), kind)).facts.mime == mime
