"""How this process is: for load balancers, for monitors, for programs that come to talk."""

import ipaddress
from typing import Any

from starlette.responses import JSONResponse, PlainTextResponse, Response

from audit_app.central.endpoints import Call, Endpoint
from audit_app.central.openapi import describe
from audit_app.central.refusals import not_there
from audit_app.sync.protocol import PROTOCOL, SCHEMA


def _health(call: Call) -> Response:
    """The process is alive; the database is not asked."""
    return JSONResponse({"ok": True, "time": call.centre.clock.now().isoformat()})


def _ready(call: Call) -> Response:
    """The database answers and fits."""
    call.centre.check()
    return JSONResponse({"ok": True})


def _version(call: Call) -> Response:
    """Which program and which protocol."""
    body: dict[str, Any] = {
        "version": call.centre.version,
        "instance": call.centre.key.instance,
        "protocol": PROTOCOL,
        "schema": SCHEMA,
    }
    return JSONResponse(body)


def _metrics(call: Call) -> Response:
    """Counters, for whoever sits on this machine."""
    try:
        is_near = ipaddress.ip_address(call.address).is_loopback
    except ValueError:
        is_near = False
    if not is_near:
        raise not_there()
    return PlainTextResponse(call.centre.metrics.text(), media_type="text/plain; version=0.0.4")


def _openapi(call: Call) -> Response:
    """This description."""
    if not call.centre.shows_docs:
        raise not_there()
    from audit_app.central.routes import ENDPOINTS

    return JSONResponse(describe(ENDPOINTS, call.centre.version))


STATE = (
    Endpoint("GET", "/v1/health", "Whether this process is alive.", _health),
    Endpoint(
        "GET",
        "/v1/ready",
        "Whether it can serve.",
        _ready,
        gives={200: "it can", 503: "the database does not answer or does not fit"},
    ),
    Endpoint("GET", "/v1/version", "Which program, protocol and centre this is.", _version),
    Endpoint("GET", "/v1/metrics", "Counters for Prometheus, on this machine only.", _metrics),
    Endpoint("GET", "/v1/openapi.json", "This description, where it is switched on.", _openapi),
)
