"""Photos and files over HTTP: what is missing, sending it, reading it. Permission goes by row."""

import json
import re
from base64 import b64encode
from typing import Any
from uuid import UUID

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from audit_app.central.blob_rows import Blob, Sign, find, lose, replies
from audit_app.central.database import Database
from audit_app.central.intake import Sender
from audit_app.central.objects import NoObject, Objects, blob_name
from audit_app.central.upload_storage import UploadRefused
from audit_app.central.uploads import NOT_FOUND, Authenticate, Refusal, Uploads, read_body
from audit_app.sync.protocol import ProtocolError
from audit_app.sync.protocol.blobs import MOST_OFFERS, PARTS, Offer, Reply

LARGEST_QUESTION = 512 * 1024
"""Bytes of the list of offers."""

_NOT_YET = Refusal(404, "not_yet", "Its bytes have not arrived yet.")
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


def routes(
    authenticate: Authenticate,
    database: Database,
    objects: Objects,
    sign: Sign | None = None,
    uploads: Uploads | None = None,
) -> list[Route]:
    """The routes of photos and files, for the app.

    Args:
        authenticate: who is asking; what it raises is the app's to answer.
        sign: the centre's signature for receipts; without it they are not signed.
        uploads: the tus endpoint, where the app wants to sweep it itself.
    """
    uploads = uploads or Uploads(authenticate, database, objects)
    blobs = _Blobs(authenticate, database, objects, sign)
    return [
        Route("/v1/blobs/missing", blobs.missing, methods=["POST"]),
        *uploads.routes(),
        Route("/v1/blobs/{entity}/{row}", blobs.read, methods=["GET"]),
    ]


class _Blobs:
    def __init__(
        self,
        authenticate: Authenticate,
        database: Database,
        objects: Objects,
        sign: Sign | None,
    ) -> None:
        self._authenticate = authenticate
        self._database = database
        self._objects = objects
        self._sign = sign

    async def missing(self, request: Request) -> Response:
        """Which of these offers are to be sent, and receipts for the others."""
        sender = await run_in_threadpool(self._authenticate, request)
        try:
            offers = _offers(await read_body(request, LARGEST_QUESTION))
        except UploadRefused as error:
            return Refusal(error.status, error.code, error.message).response()
        except ProtocolError:
            return Refusal(400, "form", "This is no list of offers.").response()
        except ClientDisconnect:
            return Response(status_code=400)
        said = await run_in_threadpool(self._replies, sender, offers)
        return JSONResponse({"replies": [reply.wire() for reply in said]})

    async def read(self, request: Request) -> Response:
        """The bytes of one part of a row, or a range of them."""
        sender = await run_in_threadpool(self._authenticate, request)
        return await run_in_threadpool(self._read, request, sender)

    def _replies(self, sender: Sender, offers: list[Offer]) -> list[Reply]:
        return self._database.read(
            lambda c: replies(c, sender, offers, self._sign), user=sender.user
        )

    def _read(self, request: Request, sender: Sender) -> Response:
        entity, row = request.path_params["entity"], request.path_params["row"]
        part = request.query_params.get("part", "")
        if part not in PARTS.get(entity, ()) or not _is_id(row):
            return NOT_FOUND.response()
        named, blob = self._database.read(
            lambda c: find(c, sender.user, entity, row, part), user=sender.user
        )
        if named is None:
            return NOT_FOUND.response()
        if blob is None:
            return _NOT_YET.response()
        return self._bytes(request, sender, blob)

    def _bytes(self, request: Request, sender: Sender, blob: Blob) -> Response:
        tag = f'"{blob.content}"'
        headers = {
            "ETag": tag,
            "Accept-Ranges": "bytes",
            "Cache-Control": "private, no-cache",
            "Repr-Digest": f"sha-256=:{b64encode(bytes.fromhex(blob.content)).decode()}:",
            # Whatever it is, no browser is to take it for a page of ours.
            "Content-Type": "application/octet-stream",
            "Content-Disposition": "attachment",
            "X-Content-Type-Options": "nosniff",
        }
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        asked = request.headers.get("range", "")
        if request.headers.get("if-range", tag) != tag:
            asked = ""
        wanted = _range(asked, blob.size)
        if wanted is None:
            headers = {"Content-Range": f"bytes */{blob.size}"}
            return Refusal(416, "range", "There are no such bytes.").response(headers)
        start, stop = wanted
        try:
            if self._objects.size(blob_name(blob.content)) != blob.size:
                raise NoObject("The object is not whole.")
            stream = self._objects.get(blob_name(blob.content), start, stop)
        except NoObject:
            self._database.run(lambda c: lose(c, blob.content), user=sender.user)
            return _NOT_YET.response()
        headers["Content-Length"] = str(stop - start)
        status = 200
        if (start, stop) != (0, blob.size):
            status = 206
            headers["Content-Range"] = f"bytes {start}-{stop - 1}/{blob.size}"
        return StreamingResponse(stream, status, headers)


def _offers(body: bytes) -> list[Offer]:
    try:
        asked: Any = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ProtocolError("not JSON") from error
    match asked:
        case {"offers": list(offers), **more} if not more and len(offers) <= MOST_OFFERS:
            return [Offer.read(part) for part in offers]
    raise ProtocolError("not a list of offers")


def _range(asked: str, size: int) -> tuple[int, int] | None:
    """The bytes asked for, from and up to but not with; None if there are none.

    What is not one plain range is answered with the whole, as RFC 9110 allows.
    """
    match = _RANGE.fullmatch(asked)
    if match is None or match.group(0) == "bytes=-":
        return 0, size
    first, last = match.groups()
    if not first:
        start, stop = max(0, size - int(last)), size
    else:
        start, stop = int(first), min(size, int(last) + 1) if last else size
        if last and int(last) < int(first):
            return 0, size
    return (start, stop) if start < stop else None


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False
