"""Resumable uploads: tus 1.0 with our own permissions round it (SYNC 4).

The tus server never sees who is asking. What an upload is for, and whose it is, is settled here
from the row it is sent for, and every later request must come from the same user and still find
that row.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from resumable_upload.server import TusServer
from sqlalchemy import Connection
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from audit_app.central.blob_rows import find, named
from audit_app.central.database import Database
from audit_app.central.intake import Sender
from audit_app.central.objects import Objects
from audit_app.central.upload_lock import UploadLock
from audit_app.central.upload_storage import Started, UploadRefused, UploadStorage
from audit_app.sync.protocol import ProtocolError
from audit_app.sync.protocol.blobs import LARGEST_CHUNK, Offer

Authenticate = Callable[[Request], Sender]
"""Who is asking; raises what the app answers with if nobody may."""

PATH = "/v1/uploads"
SMALLEST_CHUNK = 16 * 1024
"""Bytes; smaller ones, but for the last, would make a file of a million objects."""
STALLED = 60.0
"""Seconds without a byte after which a request is given up."""
LEASE, LEASE_WAIT = 15.0, 0.5
"""Seconds: a writer that was killed holds the upload no longer than the first."""
SWEEP_EVERY = 600.0

_PASSED_ON = ("tus-resumable", "content-type", "upload-length", "upload-offset", "upload-checksum")
"""What the tus server may know of a request: none of its headers that would change its course."""

_BYTES = "application/offset+octet-stream"
_SAID = ("entity", "row", "part", "sha256")
"""What a device says in ``Upload-Metadata``; other tus clients add names of files, for nobody."""


_EXTENSIONS = ["creation", "creation-with-upload", "termination", "checksum", "expiration"]


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not carried out."""

    status: int
    code: str
    words: str

    def response(self, headers: Mapping[str, str] | None = None) -> Response:
        """As it is answered."""
        body = {"error": self.code, "words": self.words}
        return JSONResponse(
            body, self.status, headers={"Tus-Resumable": "1.0.0"} | dict(headers or {})
        )


NOT_FOUND = Refusal(404, "not_found", "There is no such file for this account.")
"""Also for what belongs to others: nobody learns that it exists."""


_WRONG_SIZE = Refusal(400, "chunk", "The piece is too small, or longer than what is left.")


class Uploads:
    """The tus endpoint."""

    def __init__(
        self,
        authenticate: Authenticate,
        database: Database,
        objects: Objects,
        *,
        lease: float = LEASE,
    ) -> None:
        self._authenticate = authenticate
        self._database = database
        self._storage = UploadStorage(database, objects)
        self._server = TusServer(
            storage=self._storage,
            base_path=PATH,
            max_chunk_size=LARGEST_CHUNK,
            lock_backend=UploadLock(database),
            lock_ttl_seconds=lease,
            lock_wait_seconds=LEASE_WAIT,
            checksum_algorithms=("sha256",),
            disable_concatenation=True,
        )
        self._server.SUPPORTED_EXTENSIONS = _EXTENSIONS
        # It calls a client's every slip an error; the access log knows them by their status.
        logging.getLogger("resumable_upload").setLevel(logging.CRITICAL)
        self._swept = time.monotonic()

    def routes(self) -> list[Route]:
        """For the app."""
        methods = ["HEAD", "PATCH", "DELETE"]
        return [
            Route(PATH, self._collection, methods=["POST", "OPTIONS"]),
            Route(PATH + "/{upload}", self._one, methods=methods),
        ]

    def sweep(self) -> int:
        """Remove uploads that were given up; gives how many."""
        return self._storage.cleanup_expired_uploads()

    async def _collection(self, request: Request) -> Response:
        sender = await run_in_threadpool(self._authenticate, request)
        if request.method == "OPTIONS":
            return await self._tus(request, {})
        try:
            body = await read_body(request, LARGEST_CHUNK)
            claim = await run_in_threadpool(self._claim, request, sender)
            # A small file comes with its announcement: one way there and back for a thumbnail.
            if body and request.headers.get("content-type") != _BYTES:
                return Refusal(415, "form", f"Bytes come as {_BYTES}.").response()
            size = int(request.headers["upload-length"])
            if body and not min(SMALLEST_CHUNK, size) <= len(body) <= size:
                return _WRONG_SIZE.response()
            response = await self._tus(request, claim, body)
        except UploadRefused as error:
            return Refusal(error.status, error.code, error.message).response()
        except ClientDisconnect:
            return Response(status_code=400)
        if time.monotonic() - self._swept > SWEEP_EVERY:
            self._swept = time.monotonic()
            response.background = BackgroundTask(self.sweep)
        return response

    async def _one(self, request: Request) -> Response:
        sender = await run_in_threadpool(self._authenticate, request)
        found = await run_in_threadpool(self._mine, request.path_params["upload"], sender)
        if found is None:
            return NOT_FOUND.response()
        try:
            body = b""
            if request.method == "PATCH":
                body = await read_body(request, LARGEST_CHUNK)
                if len(body) < min(SMALLEST_CHUNK, found.size - found.received):
                    return _WRONG_SIZE.response()
            return await self._tus(request, {}, body)
        except UploadRefused as error:
            return Refusal(error.status, error.code, error.message).response()
        except ClientDisconnect:
            # The line was cut in the middle of a piece; nothing of it is kept.
            return Response(status_code=400)

    def _claim(self, request: Request, sender: Sender) -> dict[str, str]:
        """What an upload is for, in the one header from which the storage reads it.

        Raises:
            UploadRefused: no such row here, other bytes than it names, or they are here already.
        """
        asked, error = self._server._parse_metadata(  # noqa: SLF001 (tus's own form)
            request.headers.get("upload-metadata", "")
        )
        length = request.headers.get("upload-length", "")
        if asked is None or not (length.isascii() and length.isdecimal() and len(length) < 16):
            raise UploadRefused(400, "form", error or "How long is it?")
        try:
            said = {name: asked[name] for name in _SAID if name in asked}
            offer = Offer.read({"part": "", **said, "size": int(length)})
        except (ProtocolError, TypeError) as wrong:
            raise UploadRefused(400, "form", "This is no upload for a row.") from wrong
        if not offer.sha256:
            raise UploadRefused(400, "form", "Which SHA-256 has it?")

        def look(connection: Connection) -> dict[str, str]:
            row, blob = find(connection, sender.user, offer.entity, offer.row, offer.part)
            if row is None:
                raise UploadRefused(NOT_FOUND.status, NOT_FOUND.code, NOT_FOUND.words)
            if blob is not None:
                raise UploadRefused(409, "stored", "It is here already.")
            if words := row.refuses(offer):
                raise UploadRefused(422, "refused", words)
            return {
                "user": str(sender.user),
                "device": str(sender.device),
                "scope": row.scope,
                "entity": offer.entity,
                "row": offer.row,
                "part": offer.part,
                "sha256": row.sha256,
                "content": offer.sha256,
            }

        return self._database.read(look, user=sender.user)

    def _mine(self, upload: str, sender: Sender) -> Started | None:
        """The upload, if it is this user's and its row is still his to send for."""
        if not self._server._validate_upload_id(upload):  # noqa: SLF001 (ids as it makes them)
            return None
        found = self._storage.find(upload)
        if found is None or found.user != sender.user:
            return None
        key = (found.entity, str(found.row), found.part)
        row = self._database.read(lambda c: named(c, sender.user, [key]).get(key), user=sender.user)
        return found if row is not None and row.may_send else None

    async def _tus(self, request: Request, claim: Mapping[str, str], body: bytes = b"") -> Response:
        headers = {name: request.headers[name] for name in _PASSED_ON if name in request.headers}
        if claim:
            headers["upload-metadata"] = _metadata(claim)
        upload = request.path_params.get("upload")
        path = PATH if upload is None else f"{PATH}/{upload}"
        status, said, answer = await self._server.handle_request_async(
            request.method, path, headers, body
        )
        if status < 400:
            return Response(answer, status, said)
        words = answer.decode() if isinstance(answer, bytes) else ""
        return Refusal(status, "tus", words).response(said)


async def read_body(request: Request, most: int) -> bytes:
    """The whole body.

    Raises:
        UploadRefused: it is longer than agreed, or its sender has fallen silent.
        ClientDisconnect: the line was cut.
    """
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length[:12]) > most:
        raise UploadRefused(413, "too_large", f"A piece has at most {most} bytes.")
    data = bytearray()
    pieces = request.stream().__aiter__()
    while True:
        try:
            piece = await asyncio.wait_for(anext(pieces), STALLED)
        except StopAsyncIteration:
            return bytes(data)
        except TimeoutError as error:
            raise UploadRefused(408, "stalled", "Nothing came for a while.") from error
        data += piece
        if len(data) > most:
            raise UploadRefused(413, "too_large", f"A piece has at most {most} bytes.")


def _metadata(values: Mapping[str, str]) -> str:
    from base64 import b64encode

    return ",".join(f"{name} {b64encode(text.encode()).decode()}" for name, text in values.items())
