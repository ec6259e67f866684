"""The photos and files of a package: read from the local store, and put into it."""

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

from sqlalchemy import select

from audit_app.errors import AuditError, ImportRefused
from audit_app.sync.package_choice import Photos, Wanted
from audit_app.sync.package_parts import PackedBlob, PackedRow
from db.files import PART, in_words, sync_file, sync_folder
from db.renditions import make_renditions
from db.store import Store
from db.tables import ReportIssue, StoredFile, Thumbnail

SMALLER = 1000
"""Pixels of the longest side, as reports show photos."""
_THUMBNAIL = 320


@contextmanager
def written_durably(path: Path) -> Iterator[BinaryIO]:
    """A file to write bit by bit, which is under its name only once it is whole and on disk.

    Raises:
        StoreError: the disk is full, read-only, or gives an error; no part file is left.
    """
    part = path.with_name(f"{path.name}.{token_hex(4)}{PART}")
    try:
        with part.open("xb") as file:
            yield file
            file.flush()
            sync_file(file.fileno())
        part.replace(path)
        sync_folder(path.parent)
    except OSError as error:
        raise in_words(error, path, "the package") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def packed_bytes(
    store: Store, wanted: Iterable[Wanted], photos: Photos
) -> Iterator[tuple[Wanted, PackedBlob | None, bytes]]:
    """Every file with its bytes; without them where it is not on this device, or damaged."""
    for file in wanted:
        is_small = file.is_photo and photos is Photos.SMALLER
        if file.kind == "evidence" and photos is Photos.NONE:
            continue
        try:
            data = _bytes_of(store, file, is_small=is_small)
        except AuditError:
            yield file, None, b""
            continue
        size = SMALLER if is_small else 0
        yield file, PackedBlob.of(file.kind, file.sha256, data, size), data


def _bytes_of(store: Store, file: Wanted, *, is_small: bool) -> bytes:
    if file.kind in {"compiled", "source"}:
        with store.read() as session:
            found = session.get(StoredFile, file.sha256)
        if found is None:
            raise ImportRefused("The file of a checklist is not in the workspace.")
        return found.data
    if is_small:
        return store.photos.get_rendition(file.sha256, SMALLER)
    try:
        return store.photos.get(file.sha256)
    except AuditError:
        if file.kind != "report":
            raise
    return _report(store, file.sha256)


def _report(store: Store, sha256: str) -> bytes:
    """An issued report from where the auditor put it, if it is still the one that was issued."""
    with store.read() as session:
        query = select(ReportIssue.file).where(ReportIssue.sha256 == sha256)
        files = session.scalars(query).all()
    for name in files:
        with suppress(OSError):
            data = Path(name).read_bytes()
            if hashlib.sha256(data).hexdigest() == sha256:
                return data
    raise ImportRefused("The report was moved or changed after it was issued.")


class Arriving:
    """What the rows of a package name, and whether it is here already."""

    def __init__(self, store: Store, rows: Iterable[PackedRow]) -> None:
        self._store = store
        self.photos: set[str] = set()
        """Hashes of photos and other evidence."""
        self._pictures: set[str] = set()
        self._named: set[tuple[str, str]] = set()
        for row in rows:
            self._note(row)
        self._held = store.photos.held()
        with store.read() as session:
            self._stored = set(session.scalars(select(StoredFile.sha256)))

    def _note(self, row: PackedRow) -> None:
        values = row.values
        if row.entity == "evidence":
            self._named.add(("evidence", str(values.get("sha256"))))
            if values.get("deleted_at") is None:
                self.photos.add(str(values.get("sha256")))
            if values.get("kind") == "photo":
                self._pictures.add(str(values.get("sha256")))
        elif row.entity == "template_version":
            self._named.add(("compiled", str(values.get("sha256"))))
            self._named.add(("source", str(values.get("source_sha256"))))
        elif row.entity == "report_issue":
            self._named.add(("report", str(values.get("sha256"))))

    def is_wanted(self, blob: PackedBlob) -> bool:
        """Whether a row names it and it is not here."""
        if (blob.kind, blob.sha256) not in self._named:
            return False
        if blob.kind in {"compiled", "source"}:
            return blob.sha256 not in self._stored
        if blob.rendition:
            is_picture = blob.rendition == SMALLER and blob.sha256 in self._pictures
            return is_picture and not self.is_here(blob.sha256)
        return (blob.sha256, 0) not in self._held

    def is_here(self, sha256: str) -> bool:
        """Whether a photo can be shown without the package."""
        return (sha256, 0) in self._held or (sha256, SMALLER) in self._held

    def keep(self, blob: PackedBlob, data: bytes) -> None:
        """Put a file into the store, durably, as if it had been made here.

        Raises:
            StoreError: it could not be written; nothing half is left.
        """
        store = self._store
        if blob.kind in {"compiled", "source"}:
            with store.settle() as session:
                session.merge(StoredFile(sha256=blob.sha256, kind=blob.kind, data=data))
            return
        images: dict[int, bytes] = {}
        if blob.sha256 in self._pictures:
            # A photo that cannot be read is evidence all the same, without its small picture.
            with suppress(ImportRefused):
                images = make_renditions(data).images
        if not blob.rendition:
            store.photos.put(data)
        elif not images:
            return
        for size, image in images.items():
            if size != _THUMBNAIL and (not blob.rendition or size == SMALLER):
                store.photos.put_rendition(
                    blob.sha256, size, data if blob.rendition == size else image
                )
        if images:
            with store.settle() as session:
                session.merge(Thumbnail(sha256=blob.sha256, data=images[_THUMBNAIL]))
