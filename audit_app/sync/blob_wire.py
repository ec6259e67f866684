"""Photos and files over HTTP: tus for sending, ranges for fetching, and going on after any cut."""

import hashlib
import json
from base64 import b64encode
from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import httpx

from audit_app.errors import AuditError
from audit_app.sync.blob_line import Cut, Line
from audit_app.sync.protocol import ProtocolError
from audit_app.sync.protocol.blobs import LARGEST_CHUNK, Offer, Receipt, Reply

PATH = "/v1/uploads"
FIRST_CHUNK = 256 * 1024
"""Bytes; pieces grow to ``LARGEST_CHUNK`` while all goes well and shrink to this after a cut."""
_TUS = {"Tus-Resumable": "1.0.0"}
_OCTETS = "application/offset+octet-stream"


class BlobRefused(AuditError):
    """The centre does not take, or does not have, this one; others may well go through."""


class BlobWire:
    """The centre's photo routes, as seen from a device."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._chunk = FIRST_CHUNK

    def ask(self, offers: Sequence[Offer]) -> list[Reply]:
        """What the centre says to each offer.

        Raises:
            Unreachable: there was no answer.
            AuditError: the device is not accepted.
        """
        body = {"offers": [offer.wire() for offer in offers]}

        def once() -> list[Reply]:
            said = self._line.call("POST", "/v1/blobs/missing", json=body)
            try:
                replies = [Reply.read(part) for part in said.json()["replies"]]
            except (ValueError, KeyError, TypeError, ProtocolError) as error:
                raise Cut("the answer is not the centre's") from error
            if said.status_code != 200 or len(replies) != len(offers):
                raise Cut("the answer is not the centre's")
            return replies

        return self._line.insist(once)

    def send(
        self,
        offer: Offer,
        data: bytes,
        upload: str,
        *,
        begun: Callable[[str], None],
        moved: Callable[[int], None],
    ) -> None:
        """Send one file, from where an earlier upload of it stands.

        Args:
            upload: where an upload can be gone on with; "" to begin one.
            begun: told where, so that it is known after a crash; "" when that one is gone.
            moved: told how many bytes have arrived.

        Raises:
            Unreachable: the line is gone; what arrived stays.
            BlobRefused: the centre does not take it.
            Stopped: it was asked to stop.
        """
        failures, spoiled, offset = 0, 0, None
        while True:
            self._line.stop_if_asked()
            try:
                if not upload:
                    upload, offset = self._begin(offer, data)
                    begun(upload)
                elif offset is None:
                    offset = self._where(upload, len(data))
                    if offset is None:
                        upload = ""
                        begun("")
                        raise Cut("the upload is gone")
                moved(offset)
                if offset >= len(data):
                    return
                offset = self._piece(upload, offset, data)
                failures, self._chunk = 0, min(2 * self._chunk, LARGEST_CHUNK)
            except _Spoiled as error:
                # The bytes were right when they left; once more, then a person must look.
                upload, offset, spoiled = "", None, spoiled + 1
                begun("")
                if spoiled > 1:
                    raise BlobRefused(
                        "The centre found other bytes than were sent.", "Sync again."
                    ) from error
            except Cut as cut:
                failures, self._chunk, offset = failures + 1, FIRST_CHUNK, None
                self._line.wait(failures, cut)

    def fetch(
        self, entity: str, row: UUID, part: str, said: Receipt, moved: Callable[[int], None]
    ) -> bytes:
        """The bytes that a receipt speaks of, checked.

        They are held in memory until all are there: half a photo is never on the disk, sealed
        or not. After a cut they are gone on with; after a crash they begin anew.

        Raises:
            Unreachable: the line is gone.
            BlobRefused: the centre does not have it, or it is not what it should be.
            Stopped: it was asked to stop.
        """
        data, failures, spoiled = bytearray(), 0, 0
        while True:
            before = len(data)
            try:
                self._receive(entity, row, part, said, data, moved)
                if hashlib.sha256(data).hexdigest() == said.content:
                    return bytes(data)
                data.clear()
                spoiled += 1
                if spoiled > 1:
                    raise BlobRefused("What came is not the photo that was asked for.")
            except Cut as cut:
                failures = 1 if len(data) > before else failures + 1
                self._line.wait(failures, cut)

    def _begin(self, offer: Offer, data: bytes) -> tuple[str, int]:
        """Begin an upload; a small file goes with it. Gives where, and how many bytes arrived."""
        said = {
            "entity": offer.entity,
            "row": offer.row,
            "part": offer.part,
            "sha256": offer.sha256,
        }
        metadata = ",".join(
            f"{name} {b64encode(value.encode()).decode()}" for name, value in said.items()
        )
        headers = {"Upload-Length": str(len(data)), "Upload-Metadata": metadata}
        first = data if len(data) <= self._chunk else b""
        if first:
            headers["Content-Type"] = _OCTETS
        answer = self._line.call("POST", PATH, headers=_TUS | headers, content=first)
        if answer.status_code == 409 and _code(answer) == "stored":
            return "", len(data)
        if answer.status_code == 460:
            raise _Spoiled
        if 400 <= answer.status_code < 500:
            raise BlobRefused(_words(answer))
        # Only the path: an answer never sends our token to another machine.
        path = httpx.URL(answer.headers.get("location", "")).path
        if answer.status_code != 201 or not path.startswith(f"{PATH}/"):
            raise Cut("the answer is not the centre's")
        return path, _offset(answer, len(data)) or 0

    def _where(self, upload: str, size: int) -> int | None:
        """How many bytes have arrived; None if the upload is gone."""
        answer = self._line.call("HEAD", upload, headers=_TUS)
        if answer.status_code in {404, 410}:
            return None
        if answer.status_code != 200:
            raise Cut("the answer is not the centre's")
        if answer.headers.get("upload-length") != str(size):
            return None
        return _offset(answer, size)

    def _piece(self, upload: str, offset: int, data: bytes) -> int:
        piece = data[offset : offset + self._chunk]
        headers = {
            "Upload-Offset": str(offset),
            "Content-Type": _OCTETS,
            "Upload-Checksum": f"sha256 {b64encode(hashlib.sha256(piece).digest()).decode()}",
        }
        answer = self._line.call("PATCH", upload, headers=_TUS | headers, content=piece)
        if answer.status_code == 460 and _code(answer) == "content":
            raise _Spoiled
        arrived = _offset(answer, len(data))
        if answer.status_code != 204 or arrived is None:
            # Held by another request, spoiled on the way, gone: asking where it stands tells.
            raise Cut("the piece was not taken")
        return arrived

    def _receive(
        self,
        entity: str,
        row: UUID,
        part: str,
        said: Receipt,
        data: bytearray,
        moved: Callable[[int], None],
    ) -> None:
        """Bytes from where ``data`` ends."""
        query = {"part": part} if part else {}
        headers = {"Accept-Encoding": "identity", "Range": f"bytes={len(data)}-"}
        path = f"/v1/blobs/{entity}/{row}"
        try:
            with self._line.http.stream("GET", path, params=query, headers=headers) as answer:
                if answer.status_code in {404, 416}:
                    raise BlobRefused("The centre does not have it yet.")
                self._line.check(answer)
                if answer.status_code == 200:
                    data.clear()
                elif answer.status_code != 206:
                    raise Cut("the answer is not the centre's")
                if answer.headers.get("etag") != f'"{said.content}"':
                    data.clear()
                    raise Cut("the answer is not the photo")
                for piece in answer.iter_raw():
                    self._line.stop_if_asked()
                    data.extend(piece)
                    if len(data) > said.size:
                        return
                    moved(len(data))
        except httpx.HTTPError as error:
            raise Cut(type(error).__name__) from error


class _Spoiled(Exception):
    """The centre put the pieces together and found other bytes."""


def _offset(answer: httpx.Response, size: int) -> int | None:
    text = answer.headers.get("upload-offset", "")
    return int(text) if text.isdecimal() and int(text) <= size else None


def _said(answer: httpx.Response) -> dict[str, Any]:
    try:
        said = answer.json()
    except (json.JSONDecodeError, UnicodeDecodeError):
        return {}
    return said if isinstance(said, dict) else {}


def _code(answer: httpx.Response) -> str:
    return str(_said(answer).get("error", ""))


def _words(answer: httpx.Response) -> str:
    return str(_said(answer).get("words") or f"The centre refuses it ({answer.status_code}).")
