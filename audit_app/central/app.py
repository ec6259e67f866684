"""The central store as an ASGI app: routes, refusals in words, request ids, access log."""

import asyncio
import logging
import re
import secrets
import time
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from audit_app.central import blobs
from audit_app.central.bodies import read_json
from audit_app.central.centre import Centre
from audit_app.central.endpoints import Call, Endpoint
from audit_app.central.intake import Sender
from audit_app.central.policy import Duty
from audit_app.central.refusals import REVOKED, TurnedAway, no_token, not_allowed
from audit_app.central.routes import ENDPOINTS
from audit_app.central.security_log import one_line, write_log
from audit_app.central.tokens import Who
from audit_app.errors import AuditError

access_log = logging.getLogger("onsite.central.access")
error_log = logging.getLogger("onsite.central")

STALLED = 30.0
"""Seconds that a body may bring nothing."""

_BEARER = re.compile(r"Bearer ([A-Za-z0-9_-]{20,100})")
_SAFE = (
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


def build_app(centre: Centre, endpoints: Sequence[Endpoint] = ENDPOINTS) -> "Watched":
    """The app over one centre."""
    app = Starlette(
        routes=[*(_route(centre, endpoint) for endpoint in endpoints), *_blob_routes(centre)],
        exception_handlers={
            HTTPException: _http_refusal,
            TurnedAway: _refusal,
            AuditError: _unready,
            Exception: _failed,
        },
    )
    return Watched(app, centre)


def sign_in(centre: Centre, request: Request) -> Who:
    """Who asks.

    Raises:
        TurnedAway: nobody we know.
    """
    found = _BEARER.fullmatch(request.headers.get("authorization", ""))
    if found is None:
        raise no_token()
    return centre.tokens.whose(found.group(1))


def address_of(request: Request) -> str:
    """Where a request came from; what it says about that itself is not believed."""
    return request.client.host if request.client else ""


def _route(centre: Centre, endpoint: Endpoint) -> Route:
    async def handle(request: Request) -> Response:
        call = Call(centre, request, b"", address_of(request))
        if endpoint.duty is not None:
            try:
                call = await run_in_threadpool(_admit, call, endpoint.duty)
            except TurnedAway as refusal:
                if refusal.code != REVOKED or endpoint.turned_out is None:
                    raise
                return endpoint.turned_out(centre)
        body: Any = b""
        if endpoint.takes is not None or endpoint.reads_bytes:
            body = await _read(request, endpoint.largest)
        if endpoint.takes is not None:
            body = read_json(body, endpoint.takes)
        ready = Call(centre, request, body, call.address, call.signed_in, call.duties)
        return await run_in_threadpool(endpoint.answer, ready)

    return Route(endpoint.path, handle, methods=[endpoint.method])


def _admit(call: Call, duty: Duty) -> Call:
    centre = call.centre
    who = sign_in(centre, call.request)
    duties = centre.duties(who)
    if duty not in duties:
        words = f"{call.request.method} {call.request.url.path}"
        centre.database.run(
            lambda connection: write_log(
                connection,
                centre.clock,
                "access",
                outcome="not_allowed",
                user=who.user,
                device=who.device,
                address=call.address,
                words=words,
            )
        )
        raise not_allowed()
    return Call(centre, call.request, call.body, call.address, who, duties)


async def _read(request: Request, largest: int) -> bytes:
    """The whole body, if it is not larger than agreed and goes on coming."""
    too_large = TurnedAway("too_large", f"A body has at most {largest} bytes here.", status=413)
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or int(length[:18]) > largest:
        raise too_large
    data = bytearray()
    pieces = aiter(request.stream())
    while True:
        try:
            piece = await asyncio.wait_for(anext(pieces), STALLED)
        except StopAsyncIteration:
            return bytes(data)
        except TimeoutError as error:
            raise TurnedAway("stalled", "Nothing came for a while.", status=408) from error
        except ClientDisconnect as error:
            raise TurnedAway("cut", "The line was cut.", status=400) from error
        data += piece
        if len(data) > largest:
            raise too_large


def _blob_routes(centre: Centre) -> list[BaseRoute]:
    if centre.objects is None:
        return []

    def authenticate(request: Request) -> Sender:
        call = _admit(Call(centre, request, b"", address_of(request)), Duty.SYNC)
        return Sender(call.who.device, call.who.user, call.who.name)

    return [*blobs.routes(authenticate, centre.database, centre.objects, centre.key.sign)]


async def _refusal(_request: Request, error: Exception) -> Response:
    if not isinstance(error, TurnedAway):
        raise error
    headers = {"Retry-After": str(error.wait)} if error.wait else {}
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    body = {"error": error.code, "words": error.message, **error.more}
    return JSONResponse(body, error.status, headers)


async def _unready(_request: Request, error: Exception) -> Response:
    """Something that the operator must know of; whoever asked only waits."""
    error_log.error("%s", one_line(str(error)))
    body = {"error": "unready", "words": "The central store is not ready; try again in a while."}
    return JSONResponse(body, 503, {"Retry-After": "10"})


async def _http_refusal(_request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    words = {404: "There is no such address here.", 405: "That cannot be done here."}
    body = {
        "error": {404: "not_found", 405: "method"}.get(error.status_code, "refused"),
        "words": words.get(error.status_code, "The request cannot be carried out."),
    }
    return JSONResponse(body, error.status_code, error.headers)


async def _failed(request: Request, _error: Exception) -> Response:
    name = request.scope["onsite.request"]
    body = {"error": "failed", "words": "Something went wrong at the centre.", "request": name}
    return JSONResponse(body, 500)


class Watched:
    """Round the whole app: a name for each request, a line in the log, a count, safe headers.

    A mistake of ours is told to nobody but the log.
    """

    def __init__(self, app: Starlette, centre: Centre) -> None:
        self._app = app
        self.centre = centre

    @property
    def routes(self) -> list[Route]:
        """Every address that is answered."""
        return [route for route in self._app.routes if isinstance(route, Route)]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One ASGI message exchange."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        name = secrets.token_hex(8)
        scope["onsite.request"] = name
        began = time.perf_counter()
        status, is_whole = 0, False

        async def watch(message: MutableMapping[str, Any]) -> None:
            nonlocal status, is_whole
            is_whole = message["type"] == "http.response.body" and not message.get("more_body")
            if message["type"] == "http.response.start":
                status = message["status"]
                kept = [h for h in message.get("headers", ()) if h[0].lower() != b"server"]
                present = {key.lower() for key, _ in kept}
                extra = [pair for pair in _SAFE if pair[0] not in present]
                message = {**message, "headers": [*kept, *extra, (b"x-request-id", name.encode())]}
            await send(message)

        try:
            await self._app(scope, receive, watch)
        except Exception:
            error_log.exception("request %s failed", name)
            # An answer that broke off half-way must look so; a whole one has said what it can.
            if not is_whole:
                raise
        finally:
            self._note(scope, name, status, time.perf_counter() - began)

    def _note(self, scope: Scope, name: str, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "other")
        self.centre.metrics.request(scope["method"], route, status, seconds)
        client = scope.get("client")
        # The path without its query: what stands there may be secret.
        access_log.info(
            "%s %s %s %s %d %.1fms",
            name,
            one_line(client[0]) if client else "-",
            one_line(scope["method"]),
            one_line(scope["path"]),
            status,
            seconds * 1000,
        )
