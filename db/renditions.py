"""From a camera's file to the pictures we show: upright, smaller, without place or person."""

import io
import warnings
from dataclasses import dataclass
from datetime import datetime

from PIL import ExifTags, Image, ImageOps, UnidentifiedImageError

from audit_app.errors import ImportRefused

SIZES = (1600, 1000, 320)
"""Longest side in pixels: screen, report, list."""

LARGEST = 50_000_000
"""Pixels of a photo we take in; more is a bomb or a mistake."""

_QUALITY = {1600: 82, 1000: 80, 320: 72}
_FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
_MIMES = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "HEIF": "image/heic",
}
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
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
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
    if image.width * image.height > LARGEST:
        raise ImportRefused(
            f"This photo has {image.width * image.height // 1_000_000} million pixels; "
            f"at most {LARGEST // 1_000_000} million are taken.",
            "Shrink it first.",
        )
    return image


def _heif_known() -> bool:
    return "HEIF" in Image.OPEN


def _make(data: bytes) -> Renditions:
    image = _open(data)
    exif = image.getexif()
    mime = _MIMES[image.format or "JPEG"]
    size = image.size
    if exif.get(ExifTags.Base.Orientation, 1) >= 5:
        size = size[::-1]
    # The decoder itself can halve the picture while reading; that is most of the time saved.
    image.draft("RGB", (SIZES[0], SIZES[0]))
    upright = ImageOps.exif_transpose(image).convert("RGB")
    images: dict[int, bytes] = {}
    for side in SIZES:
        upright = _fitted(upright, side)
        images[side] = _jpeg(upright, _QUALITY[side])
    quality = _QUALITY[SIZES[-1]]
    while len(images[SIZES[-1]]) > 50_000 and quality > 30:
        quality -= 12
        images[SIZES[-1]] = _jpeg(upright, quality)
    latitude, longitude = _place(exif)
    facts = PhotoFacts(mime, size[0], size[1], _taken_at(exif), latitude, longitude)
    return Renditions(facts, images)


def _fitted(image: Image.Image, side: int) -> Image.Image:
    if max(image.size) <= side:
        return image
    smaller = image.copy()
    smaller.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return smaller


def _jpeg(image: Image.Image, quality: int) -> bytes:
    clean = Image.new("RGB", image.size)
    clean.paste(image)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


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
