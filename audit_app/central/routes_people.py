"""Looking after people: accounts, what they may do, codes for their devices."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import JSONResponse, Response

from audit_app.central.accounts import (
    Account,
    add_account,
    disable_account,
    list_accounts,
    set_grants,
)
from audit_app.central.bodies import Body, Many, Text
from audit_app.central.endpoints import Call, Endpoint
from audit_app.central.grants import Grant, Reach
from audit_app.central.policy import Duty, Role

_GRANTS = Many(
    Body(
        {
            "role": Text(30, choices=tuple(Role)),
            "reach": Text(30, choices=tuple(Reach)),
            "value": Text(60),
        },
        {"value": ""},
    )
)


def _list(call: Call) -> Response:
    """Everybody."""
    found = call.centre.database.run(list_accounts)
    return JSONResponse({"accounts": [account_body(account) for account in found]})


def _add(call: Call) -> Response:
    """A new account."""
    body = call.body
    user = call.centre.database.run(
        lambda connection: add_account(
            connection,
            call.centre.clock,
            login=body["login"],
            name=body["name"],
            grants=map(_grant, body["grants"]),
            by=call.who.user,
        )
    )
    return JSONResponse({"id": str(user)}, 201)


def _set_grants(call: Call) -> Response:
    """What an account may do, from now on."""
    user = call.id("account")
    call.centre.database.run(
        lambda connection: set_grants(
            connection,
            call.centre.clock,
            user,
            map(_grant, call.body["grants"]),
            by=call.who.user,
        )
    )
    return Response(status_code=204)


def _close(call: Call) -> Response:
    """Close an account."""
    user = call.id("account")
    call.centre.database.run(
        lambda connection: disable_account(connection, call.centre.clock, user, by=call.who.user)
    )
    return Response(status_code=204)


def _code(call: Call) -> Response:
    """A code for somebody's device."""
    code, until = call.centre.devices.make_code(call.id("account"), by=call.who.user)
    return JSONResponse({"code": code, "expires_at": until.isoformat()}, 201)


def _grant(body: Mapping[str, Any]) -> Grant:
    return Grant(Role(body["role"]), Reach(body["reach"]), body["value"])


def account_body(account: Account) -> dict[str, Any]:
    """An account as it is told."""
    return {
        "id": str(account.id),
        "login": account.login,
        "name": account.name,
        "grants": [
            {"role": grant.role.value, "reach": grant.reach.value, "value": grant.value}
            for grant in account.grants
        ],
        "created_at": account.created_at.isoformat(),
        "disabled_at": account.disabled_at and account.disabled_at.isoformat(),
    }


PEOPLE = (
    Endpoint("GET", "/v1/accounts", "Everybody who may come in.", _list, duty=Duty.PEOPLE),
    Endpoint(
        "POST",
        "/v1/accounts",
        "Make an account.",
        _add,
        duty=Duty.PEOPLE,
        takes=Body(
            {"login": Text(120, 1), "name": Text(200, 1), "grants": _GRANTS}, {"grants": []}
        ),
        gives={201: "its id"},
    ),
    Endpoint(
        "PUT",
        "/v1/accounts/{account}/grants",
        "Say anew what an account may do, and how far.",
        _set_grants,
        duty=Duty.PEOPLE,
        takes=Body({"grants": _GRANTS}),
        gives={204: "it holds from now on"},
    ),
    Endpoint(
        "POST",
        "/v1/accounts/{account}/codes",
        "A one-time code for a device of this account.",
        _code,
        duty=Duty.PEOPLE,
        gives={201: "the code, shown once"},
    ),
    Endpoint(
        "DELETE",
        "/v1/accounts/{account}",
        "Close an account; what it wrote stays.",
        _close,
        duty=Duty.PEOPLE,
        gives={204: "it is closed"},
    ),
)
