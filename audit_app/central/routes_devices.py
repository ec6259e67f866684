"""Enrolling devices, signing them in, turning them out."""

from base64 import b64encode
from typing import Any

from starlette.responses import JSONResponse, Response

from audit_app.central.bodies import Body, Id, Text
from audit_app.central.devices import Device, Enrolment, list_devices, revoke_device
from audit_app.central.endpoints import Call, Endpoint
from audit_app.central.policy import Duty
from audit_app.central.tokens import Tokens

_PASSWORD = Text(256, 1)
_TOTP = Text(6)
_KEY = Text(100, 1)


def _enrol(call: Call) -> Response:
    """Enrol a device with a one-time code."""
    asked = Enrolment(**call.body)
    user, name, tokens = call.centre.devices.enrol(asked, address=call.address)
    key = call.centre.key
    body = {
        "user": str(user),
        "name": name,
        "device": str(asked.device),
        "instance": key.instance,
        "centre_key": b64encode(key.public).decode(),
        **_tokens(tokens),
    }
    return JSONResponse(body, 201)


def _nonce(call: Call) -> Response:
    """A number for a device to sign; anybody gets one."""
    return JSONResponse({"nonce": call.centre.tokens.nonce(call.body["device"])})


def _sign_in(call: Call) -> Response:
    """Sign in with the device's key and the owner's password."""
    tokens = call.centre.tokens.sign_in(**call.body, address=call.address)
    return JSONResponse(_tokens(tokens))


def _refresh(call: Call) -> Response:
    """Trade a refresh token."""
    tokens = call.centre.tokens.refresh(**call.body, address=call.address)
    return JSONResponse(_tokens(tokens))


def _list(call: Call) -> Response:
    """Devices: one's own, or everybody's for who looks after people."""
    owner = None if Duty.PEOPLE in call.duties else call.who.user
    found = call.centre.database.run(lambda connection: list_devices(connection, owner=owner))
    return JSONResponse({"devices": [device_body(device) for device in found]})


def _revoke(call: Call) -> Response:
    """Turn a device out."""
    device = call.id("device")
    owner = None if Duty.PEOPLE in call.duties else call.who.user
    call.centre.database.run(
        lambda connection: revoke_device(
            connection, call.centre.clock, device, owner=owner, by=call.who.user
        )
    )
    return Response(status_code=204)


def _own_code(call: Call) -> Response:
    """A code for one's own next device."""
    code, until = call.centre.devices.make_code(call.who.user, by=call.who.user)
    return JSONResponse({"code": code, "expires_at": until.isoformat()}, 201)


def _tokens(tokens: Tokens) -> dict[str, Any]:
    return {
        "access": tokens.access,
        "refresh": tokens.refresh,
        "nonce": tokens.nonce,
        "expires_in": tokens.expires_in,
    }


def device_body(device: Device) -> dict[str, Any]:
    """A device as it is told."""
    return {
        "id": str(device.id),
        "user": str(device.user),
        "login": device.login,
        "name": device.name,
        "app": device.app,
        "enrolled_at": device.enrolled_at.isoformat(),
        "last_seen": device.last_seen and device.last_seen.isoformat(),
        "revoked_at": device.revoked_at and device.revoked_at.isoformat(),
    }


DEVICES = (
    Endpoint(
        "POST",
        "/v1/devices",
        "Enrol a device with a one-time code, its key and the account's password.",
        _enrol,
        takes=Body(
            {
                "code": Text(60, 1),
                "device": Id(),
                "name": Text(120, 1),
                "public_key": _KEY,
                "signature": Text(200, 1),
                "password": _PASSWORD,
                "totp": _TOTP,
                "app": Text(60),
            },
            {"totp": "", "app": ""},
        ),
        gives={201: "its first tokens"},
    ),
    Endpoint(
        "POST",
        "/v1/nonces",
        "A number used once, to be signed at the next sign-in.",
        _nonce,
        takes=Body({"device": Id()}),
    ),
    Endpoint(
        "POST",
        "/v1/tokens",
        "Sign an enrolled device in with its key and the account's password.",
        _sign_in,
        takes=Body(
            {
                "device": Id(),
                "nonce": Text(100, 1),
                "signature": Text(200, 1),
                "password": _PASSWORD,
                "totp": _TOTP,
            },
            {"totp": ""},
        ),
    ),
    Endpoint(
        "POST",
        "/v1/tokens/refresh",
        "Trade a refresh token, with the device's signature, for the next pair.",
        _refresh,
        takes=Body({"device": Id(), "refresh": Text(100, 1), "signature": Text(200, 1)}),
    ),
    Endpoint("GET", "/v1/devices", "Enrolled devices.", _list, duty=Duty.OWN_DEVICES),
    Endpoint(
        "DELETE",
        "/v1/devices/{device}",
        "Turn a device out at once.",
        _revoke,
        duty=Duty.OWN_DEVICES,
        gives={204: "it is out"},
    ),
    Endpoint(
        "POST",
        "/v1/codes",
        "A one-time code for another device of one's own.",
        _own_code,
        duty=Duty.OWN_DEVICES,
        gives={201: "the code, shown once"},
    ),
)
