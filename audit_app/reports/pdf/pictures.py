"""Photos as the PDF holds them: the JPEG goes in byte for byte, once, however often it is shown."""

import hashlib
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps
from reportlab.pdfbase import pdfdoc

from audit_app.errors import AuditError
from audit_app.reports.text.structure import TaggedCanvas

_ORIENTATION = 0x0112
_QUALITY = 82


def embed(canvas: TaggedCanvas, jpeg: bytes, said: str) -> tuple[str, int, int]:
    """Put a JPEG into the document; gives its name there, its width and its height in pixels.

    A photo that is already there is not put in again. One that is not plain RGB or grey, or that
    its camera marked as turned, is drawn anew, since a PDF knows neither.

    Raises:
        AuditError: it is not a picture that can be read; ``said`` tells which one.
    """
    name = "photo" + hashlib.sha256(jpeg).hexdigest()[:32]
    document: Any = canvas.document
    known = document.idToObject.get(document.getXObjectName(name))
    if known is None:
        known = pdfdoc.PDFImageXObject(name)
        if not known.loadImageFromJPEG(BytesIO(_plain(jpeg, said))):
            raise _unreadable(said)
        known.name = name
        document.Reference(known, document.getXObjectName(name))
        document.addForm(name, known)
    return name, known.width, known.height


def place(canvas: TaggedCanvas, name: str, x: float, y: float, width: float, height: float) -> None:
    """Show an embedded photo in a box; x and y are its lower left corner in points."""
    canvas.saveState()
    canvas.translate(x, y)
    canvas.scale(width, height)
    canvas.doForm(name)
    canvas.restoreState()


def _plain(jpeg: bytes, said: str) -> bytes:
    try:
        with Image.open(BytesIO(jpeg)) as image:
            turned = image.getexif().get(_ORIENTATION, 1) != 1
            if image.format == "JPEG" and image.mode in ("RGB", "L") and not turned:
                return jpeg
            upright = ImageOps.exif_transpose(image).convert("RGB")
    except (OSError, ValueError) as error:
        raise _unreadable(said) from error
    data = BytesIO()
    upright.save(data, "JPEG", quality=_QUALITY)
    return data.getvalue()


def _unreadable(said: str) -> AuditError:
    return AuditError(
        f"The report was not written: the file of “{said}” is damaged.",
        "Take the photo out of the finding, or add it again.",
    )
