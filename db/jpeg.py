"""JPEG decoded straight to the size it is needed in; that is most of the time of a photo."""

from typing import Any

from PIL import Image

_KINDS = {"JPEG": {"RGB", "L"}, "MPO": {"RGB", "L"}}
"""What the decoder can turn into RGB, by Pillow's format and mode; CMYK is left to Pillow."""


def decode_at_least(image: Image.Image, data: bytes, size: tuple[int, int]) -> Image.Image | None:
    """The picture, not upright yet, in the smallest decodable size that is no smaller than asked.

    Args:
        image: opened by Pillow, not loaded; tells format and mode.
        size: width and height in pixels, as the file has them.

    Returns:
        None if this is not a JPEG, or not one that decodes without complaint: Pillow then has the
        last word.
    """
    if image.mode not in _KINDS.get(image.format or "", ()):
        return None
    import simplejpeg

    codec: Any = simplejpeg
    try:
        pixels = codec.decode_jpeg(
            data,
            colorspace="RGBX",
            fastdct=True,
            fastupsample=True,
            min_width=size[0],
            min_height=size[1],
        )
    except ValueError:
        return None
    height, width = pixels.shape[:2]
    # RGBX is how Pillow itself keeps a colour picture, so the pixels are shared and not copied.
    return Image.frombuffer("RGBX", (width, height), pixels, "raw", "RGBX", 0, 1)
