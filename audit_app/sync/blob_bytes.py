"""The bytes of what travels: taken out of the local store, and put into it once they are checked."""

import hashlib
import io
from pathlib import Path

from PIL import Image
from sqlalchemy import select

from audit_app.errors import AuditError, NotFound
from audit_app.sync.blob_plan import Travelling
from audit_app.sync.protocol.blobs import ORIGINAL, RENDITIONS
from db.renditions import make_renditions
from db.store import Store
from db.tables import ReportIssue, StoredFile, Thumbnail

_KINDS = {ORIGINAL: "compiled", "source": "source"}


class WrongBytes(AuditError):
    """What came is not what the row names; nothing of it was kept."""


def bytes_of(store: Store, item: Travelling) -> bytes:
    """What is to be sent.

    Raises:
        AuditError: it is not here, or damaged.
    """
    if item.entity == "template_version":
        return _template(store, item)
    if item.entity == "report_issue":
        return _report(store, item)
    if item.part == ORIGINAL:
        return store.photos.get(item.sha256)
    if item.part == RENDITIONS[0]:
        return _thumbnail(store, item)
    return store.photos.get_rendition(item.sha256, int(item.part))


def keep_bytes(store: Store, item: Travelling, data: bytes) -> None:
    """Keep what was fetched, as if it had been made here.

    Raises:
        WrongBytes: it is not what the row names.
        StoreError: it could not be written; nothing half is left.
    """
    if not item.rendition and hashlib.sha256(data).hexdigest() != item.sha256:
        raise WrongBytes("What came from the centre is not the file that was asked for.")
    if item.rendition:
        _check_picture(data, int(item.rendition))
    if item.entity == "template_version":
        with store.settle() as session:
            session.merge(StoredFile(sha256=item.sha256, kind=_KINDS[item.part], data=data))
    elif item.part == RENDITIONS[0]:
        with store.settle() as session:
            session.merge(Thumbnail(sha256=item.sha256, data=data))
    elif item.rendition:
        store.photos.put_rendition(item.sha256, int(item.rendition), data)
    else:
        store.photos.put(data)


def _template(store: Store, item: Travelling) -> bytes:
    with store.read() as session:
        found = session.get(StoredFile, item.sha256)
    if found is None:
        raise NotFound("The file of this checklist is not in the workspace.")
    return found.data


def _thumbnail(store: Store, item: Travelling) -> bytes:
    with store.read() as session:
        found = session.get(Thumbnail, item.sha256)
    if found is not None:
        return found.data
    return make_renditions(store.photos.get(item.sha256)).images[int(RENDITIONS[0])]


def _report(store: Store, item: Travelling) -> bytes:
    """From the store, or from where the auditor put it; then it is kept in the store too."""
    try:
        return store.photos.get(item.sha256)
    except AuditError:
        with store.read() as session:
            file = session.scalar(select(ReportIssue.file).where(ReportIssue.id == item.row)) or ""
    try:
        data = Path(file).read_bytes()
    except OSError as error:
        raise NotFound(
            f"The report {Path(file).name} was moved or deleted before it was sent.",
            "Put it back where it was issued to.",
        ) from error
    if hashlib.sha256(data).hexdigest() != item.sha256:
        raise NotFound(
            f"The report {Path(file).name} was changed after it was issued.",
            "Put the issued file back.",
        )
    store.photos.put(data)
    return data


def _check_picture(data: bytes, side: int) -> None:
    """A rendition cannot be told by its original's hash, so at least it must be a small JPEG."""
    try:
        image = Image.open(io.BytesIO(data), formats=("JPEG",))
        if max(image.size) <= side:
            image.load()
            return
    except Exception as error:
        # Broken files fail in a dozen ways; here they are one.
        raise WrongBytes("What came from the centre is not a photo.") from error
    raise WrongBytes("What came from the centre is larger than the photo that was asked for.")
