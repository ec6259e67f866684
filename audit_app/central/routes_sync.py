"""Exchanging rows, and which scopes there are."""

import hashlib
import json
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select
from starlette.responses import Response

from audit_app.central.centre import Centre
from audit_app.central.devices import answers_to
from audit_app.central.endpoints import Call, Endpoint
from audit_app.central.intake import Sender
from audit_app.central.places import follow_sites, sites_changed
from audit_app.central.policy import Duty
from audit_app.central.refusals import TurnedAway, not_allowed
from audit_app.central.tables import SCOPE, SCOPE_MEMBER
from audit_app.sync.protocol import (
    CONTENT_TYPE,
    Answer,
    ProtocolError,
    Request,
    Status,
    pack,
    unpack,
)

LARGEST_PUSH = 16 * 1024 * 1024
"""Bytes of a compressed request."""

_LARGEST_NUMBER = 2**63 - 1


def _sync(call: Call) -> Response:
    """Hello, push and pull."""
    who = call.who
    try:
        body = unpack(call.body)
        request = Request.read(body)
        _refuse_unstorable(request)
        device = UUID(request.device)
    except (ProtocolError, ValueError, RecursionError) as error:
        raise TurnedAway("form", f"This is no request of a device: {error}.", status=422) from error
    centre = call.centre
    if str(device) != request.device or not centre.database.run(
        lambda connection: answers_to(connection, who.device, device)
    ):
        raise not_allowed()
    policy = centre.policy(who.user)
    sender = Sender(device, who.user, who.name)
    try:
        answer = centre.exchange.answer(request, sender, policy, centre.clock.now())
    except RecursionError as error:
        raise TurnedAway("form", "A value is nested too deep.", status=422) from error
    moved = sites_changed(request.ops)
    if moved:
        centre.database.run(lambda connection: follow_sites(connection, moved), user=who.user)
    return Response(pack(answer), media_type=CONTENT_TYPE)


def _turned_out(centre: Centre) -> Response:
    """What a revoked device must hear in the protocol's own words: it locks, and keeps its work."""
    answer = Answer(Status.REVOKED, centre.key.instance, words="This device is no longer enrolled.")
    return Response(pack(answer), media_type=CONTENT_TYPE)


def _refuse_unstorable(request: Request) -> None:
    """Signs and numbers that no database holds; what ops set is looked at op by op."""
    for text in _texts(request):
        if "\x00" in text or any(0xD800 <= ord(sign) <= 0xDFFF for sign in text):
            raise ProtocolError("a text cannot be stored")
    for number in _numbers(request):
        if number > _LARGEST_NUMBER:
            raise ProtocolError("a number is too large")


def _texts(request: Request) -> Iterator[str]:
    yield from (request.device, request.instance, request.app)
    yield from request.cursors
    yield from request.log
    for cursor in _cursors(request):
        yield cursor[1]
    for op in request.ops:
        yield from (op.group, op.scope, op.entity, op.id, op.at)
        yield from op.values
    if request.trail is not None:
        yield request.trail.head


def _numbers(request: Request) -> Iterator[int]:
    yield from (request.top, request.acked, request.schema, request.protocol)
    for cursor in _cursors(request):
        yield cursor[0]
    for op in request.ops:
        yield from (op.no, op.base)
    if request.trail is not None:
        yield request.trail.seq


def _cursors(request: Request) -> Iterator[tuple[int, str]]:
    yield from request.cursors.values()
    for log in request.log.values():
        yield from log


def _scopes(call: Call) -> Response:
    """The scopes this person may read, with their last numbers."""

    def read(connection: Connection) -> list[dict[str, Any]]:
        query = (
            select(SCOPE.c.id, SCOPE.c.kind, SCOPE.c.seq, SCOPE_MEMBER.c.role)
            .join(SCOPE_MEMBER, SCOPE_MEMBER.c.scope == SCOPE.c.id)
            .where(SCOPE_MEMBER.c.user_id == call.who.user)
            .order_by(SCOPE.c.id)
        )
        return [dict(row) for row in connection.execute(query).mappings()]

    body = json.dumps({"scopes": call.centre.database.run(read, user=call.who.user)}).encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    asked = [part.strip() for part in call.request.headers.get("if-none-match", "").split(",")]
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in asked:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


SYNC = (
    Endpoint(
        "POST",
        "/v1/sync",
        "Send changes and read what is new.",
        _sync,
        duty=Duty.SYNC,
        reads_bytes=True,
        largest=LARGEST_PUSH,
        gives={200: "the answer of the protocol, compressed"},
        turned_out=_turned_out,
    ),
    Endpoint(
        "GET",
        "/v1/scopes",
        "Which scopes this account may read.",
        _scopes,
        duty=Duty.SYNC,
        gives={200: "the scopes", 304: "unchanged since the tag that was sent"},
    ),
)
