"""From a camera's file to the pictures we show: upright, smaller, without place or person."""

import io
import logging
from dataclasses import dataclass
from datetime import datetime

from PIL import ExifTags, Image, UnidentifiedImageError

from audit_app.errors import ImportRefused
from db.jpeg import decode_at_least

SIZES = (1600, 1000, 320)
"""Longest side in pixels: screen, report, list."""

LARGEST = 50_000_000
"""Pixels of a photo we take in; more is a bomb or a mistake."""

THUMBNAIL_BYTES = 50_000
"""The list's rendition lies in the database, which stays small (RELIABILITY 1.6)."""

_QUALITY = {1600: 82, 1000: 80, 320: 72}
_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
_MIMES = {
    "JPEG": "image/jpeg",
    # A JPEG with a second picture behind it, as many telephones write it.
    "MPO": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "HEIF": "image/heic",
}
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What makes a picture upright, by the EXIF orientation its camera wrote."""

_MOMENT = "%Y:%m:%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """What the file says about itself.

    Attributes:
        width: pixels, upright.
        taken_at: as the camera wrote it; naive when it gave no offset.
        latitude: degrees north, None if unknown; kept as data, never in a rendition.
    """

    mime: str
    width: int
    height: int
    taken_at: datetime | None
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class Renditions:
    """The facts of a photo and its JPEGs by longest side."""

    facts: PhotoFacts
    images: dict[int, bytes]


def make_renditions(data: bytes) -> Renditions:
    """Read a photo once and make every size we need.

    Raises:
        ImportRefused: not a photo, a damaged one, or one with too many pixels.
    """
    try:
        return _make(data)
    except ImportRefused:
        raise
    except Exception as error:
        # Broken files fail in a dozen ways, by library and by byte; to the auditor it is one.
        raise ImportRefused(
            "This photo cannot be read: it is damaged or not a photo.",
            "Take it again, or choose a JPEG, PNG, WebP or HEIC file.",
        ) from error


def _open(data: bytes) -> Image.Image:
    if data[4:8] == b"ftyp":
        from pi_heif.as_plugin import register_heif_opener

        register_heif_opener()
    try:
        image = Image.open(io.BytesIO(data), formats=_FORMATS if _heif_known() else _FORMATS[:3])
    except UnidentifiedImageError as error:
        raise ImportRefused(
            "This file is not a photo we can read.",
            "Choose a JPEG, PNG, WebP or HEIC file.",
        ) from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels("far more than") from error
    if image.width * image.height > LARGEST:
        raise _too_many_pixels(f"{image.width * image.height // 1_000_000}")
    return image


def _too_many_pixels(count: str) -> ImportRefused:
    most = f"{LARGEST // 1_000_000} million"
    if count.isdigit():
        words = f"This photo has {count} million pixels; at most {most} are taken."
    else:
        words = f"This photo has {count} {most} pixels."
    return ImportRefused(words, "Shrink it first.")


def _heif_known() -> bool:
    return "HEIF" in Image.OPEN


def _make(data: bytes) -> Renditions:
    image = _open(data)
    mime = _MIMES[image.format or ""]
    about = _About.of(image)
    width, height = image.size
    picture = decode_at_least(image, data, _fitted(image.size, SIZES[0])) or _on_white(image)
    images: dict[int, bytes] = {}
    for side in SIZES:
        smaller = _shrunk(picture, side)
        images[side] = _jpeg(_turned(smaller, about.orientation), _QUALITY[side])
        if side < SIZES[0]:
            picture = smaller
    last, quality = SIZES[-1], _QUALITY[SIZES[-1]]
    while len(images[last]) > THUMBNAIL_BYTES and quality > 30:
        quality -= 12
        images[last] = _jpeg(_turned(picture, about.orientation), quality)
    if about.orientation >= 5:
        width, height = height, width
    facts = PhotoFacts(mime, width, height, about.taken_at, about.latitude, about.longitude)
    return Renditions(facts, images)


def _fitted(size: tuple[int, int], side: int) -> tuple[int, int]:
    """The size that fits into a square of this side; never larger than it is."""
    longest = max(size)
    if longest <= side:
        return size
    return max(1, round(size[0] * side / longest)), max(1, round(size[1] * side / longest))


def _shrunk(picture: Image.Image, side: int) -> Image.Image:
    fitted = _fitted(picture.size, side)
    if fitted == picture.size:
        return picture
    return picture.resize(fitted, Image.Resampling.HAMMING, reducing_gap=1.0)


def _turned(picture: Image.Image, orientation: int) -> Image.Image:
    how = _UPRIGHT.get(orientation)
    return picture if how is None else picture.transpose(how)


def _on_white(image: Image.Image) -> Image.Image:
    """In plain colours; what was transparent shows paper, not the black behind it."""
    if not image.has_transparency_data:
        return image.convert("RGB")
    image = image.convert("RGBA")
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image)
    return paper.convert("RGB")


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    # Nothing that came with the file goes on: no place, no person, no comment.
    picture.info = {}
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class _About:
    """What the camera wrote beside the picture; a broken note never costs the picture."""

    orientation: int = 1
    taken_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None

    @staticmethod
    def of(image: Image.Image) -> "_About":
        try:
            exif = image.getexif()
            orientation = exif.get(ExifTags.Base.Orientation, 1)
            turned = orientation if isinstance(orientation, int) else 1
            return _About(turned, _taken_at(exif), *_place(exif))
        except Exception:
            # EXIF is written by a thousand programs; Pillow fails in as many ways on it.
            logging.getLogger(__name__).info("the notes of a photo cannot be read", exc_info=True)
            return _About()


def _taken_at(exif: Image.Exif) -> datetime | None:
    detail = exif.get_ifd(ExifTags.IFD.Exif)
    text = detail.get(ExifTags.Base.DateTimeOriginal) or exif.get(ExifTags.Base.DateTime)
    if not isinstance(text, str):
        return None
    offset = detail.get(ExifTags.Base.OffsetTimeOriginal)
    try:
        if isinstance(offset, str) and offset.strip():
            return datetime.strptime(f"{text} {offset.strip()}", f"{_MOMENT} %z")
        return datetime.strptime(text, _MOMENT)  # noqa: DTZ007 (the site's zone is added later)
    except ValueError:
        return None


def _place(exif: Image.Exif) -> tuple[float | None, float | None]:
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    return (
        _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef), "S"),
        _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef), "W"),
    )


def _degrees(parts: object, side: object, negative: str) -> float | None:
    if not isinstance(parts, tuple) or len(parts) != 3:
        return None
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    if not 0 <= value <= 180:
        return None
    return -value if side == negative else value
