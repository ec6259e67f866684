"""The central store from the command line: serve it, look after its people and devices."""

import argparse
import json
from collections.abc import Callable
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Connection

from audit_app.central.accounts import (
    Account,
    add_account,
    disable_account,
    find_account,
    list_accounts,
    set_grants,
)
from audit_app.central.database import Database
from audit_app.central.devices import Device, DeviceDesk, list_devices, revoke_device
from audit_app.central.grants import Grant, Reach, grants_of
from audit_app.central.policy import Role
from audit_app.central.serving import (
    Address,
    Place,
    centre_at,
    default_folder,
    first_code,
    open_database,
    serve,
    until_told,
)
from audit_app.cli_workspace import Answer
from audit_app.clock import SystemClock
from audit_app.errors import AuditError, NotFound

T = TypeVar("T")


def central(args: argparse.Namespace) -> Answer:
    """Serve until told to end; says at its start where, and how the first person comes in."""
    address = Address(args.host, args.port, args.certificate, args.key, args.proxy)
    address.check()
    place = place_of(args)
    clock = SystemClock()
    with until_told(), open_database(place) as database:
        centre = centre_at(place, database, clock, shows_docs=args.docs)
        first = first_code(database, clock)
        said = {"address": address.url, "instance": centre.key.instance}
        if first is not None:
            said |= {"login": first[0], "code": first[1]}
        if args.json:
            print(json.dumps(said), flush=True)
        else:
            print(f"The central store is at {address.url}", flush=True)
            if first is not None:
                print(
                    f"First sign-in: login {first[0]}, code {first[1]} (holds ten minutes)",
                    flush=True,
                )
        serve(centre, address)
    return None, (), 0


def user_add(args: argparse.Namespace) -> Answer:
    """Make an account and the code of its first device."""
    grant = _grant(args)

    def add(connection: Connection) -> UUID:
        return add_account(
            connection,
            SystemClock(),
            login=args.login,
            name=args.name or args.login,
            grants=[grant],
        )

    with open_database(place_of(args)) as database:
        user = database.run(add)
        code, until = DeviceDesk(database, SystemClock()).make_code(user)
    data = {"id": str(user), "login": args.login.strip().lower(), "code": code, "expires_at": until}
    return data, (f"{data['login']} may come in with the code {code} (holds ten minutes)",), 0


def user_role(args: argparse.Namespace) -> Answer:
    """Grant a role, or take it away."""
    grant = _grant(args)

    def change(connection: Connection) -> tuple[Grant, ...]:
        user = _account(connection, args.login)
        has = grants_of(connection, user)
        if args.remove and grant not in has:
            raise NotFound(f"{args.login} does not have that role.")
        kept = [other for other in has if other != grant]
        set_grants(connection, SystemClock(), user, kept if args.remove else [*kept, grant])
        return grants_of(connection, user)

    with open_database(place_of(args)) as database:
        now = database.run(change)
    data = {"login": args.login, "grants": [_grant_data(grant) for grant in now]}
    return data, (f"{args.login}: {_grant_words(now)}",), 0


def user_list(args: argparse.Namespace) -> Answer:
    """List the accounts."""
    with open_database(place_of(args)) as database:
        found = database.run(list_accounts)
    return [_account_data(a) for a in found], [_account_words(a) for a in found], 0


def user_close(args: argparse.Namespace) -> Answer:
    """Close an account."""

    def close(connection: Connection) -> None:
        disable_account(connection, SystemClock(), _account(connection, args.login))

    with open_database(place_of(args)) as database:
        database.run(close)
    return {"login": args.login, "closed": True}, (f"{args.login} is closed.",), 0


def device_code(args: argparse.Namespace) -> Answer:
    """Make a code for one device of a person."""
    with open_database(place_of(args)) as database:
        user = database.run(lambda connection: _account(connection, args.login))
        code, until = DeviceDesk(database, SystemClock()).make_code(user)
    data = {"login": args.login, "code": code, "expires_at": until}
    return data, (f"Code for a device of {args.login}: {code} (holds ten minutes)",), 0


def device_list(args: argparse.Namespace) -> Answer:
    """List the devices."""
    with open_database(place_of(args)) as database:
        found = database.run(list_devices)
    return [_device_data(d) for d in found], [_device_words(d) for d in found], 0


def device_revoke(args: argparse.Namespace) -> Answer:
    """Turn a device out."""
    try:
        device = UUID(args.device)
    except ValueError as error:
        raise NotFound(f"{args.device} is no id of a device.") from error

    def revoke(database: Database) -> None:
        database.run(lambda connection: revoke_device(connection, SystemClock(), device))

    with open_database(place_of(args)) as database:
        _in_words(lambda: revoke(database), f"There is no enrolled device {device}.")
    return {"id": str(device), "revoked": True}, (f"Device {device} is out.",), 0


HANDLERS: dict[str, Callable[[argparse.Namespace], Answer]] = {
    "central": central,
    "central user add": user_add,
    "central user role": user_role,
    "central user list": user_list,
    "central user close": user_close,
    "central device code": device_code,
    "central device list": device_list,
    "central device revoke": device_revoke,
}


def place_of(args: argparse.Namespace) -> Place:
    """Where the centre is that the arguments name."""
    return Place(
        getattr(args, "folder", None) or default_folder(),
        getattr(args, "database", ""),
        getattr(args, "owner", ""),
        getattr(args, "objects", ""),
    )


def _account(connection: Connection, login: str) -> UUID:
    return _in_words(lambda: find_account(connection, login), f"There is no account {login}.")


def _in_words(work: Callable[[], T], words: str) -> T:
    try:
        return work()
    except AuditError as error:
        raise NotFound(words) from error


def _grant(args: argparse.Namespace) -> Grant:
    for reach in (Reach.VENDOR, Reach.SITE, Reach.MARKET):
        value = getattr(args, reach.value)
        if value:
            named = value.upper() if reach is Reach.MARKET else value.lower()
            return Grant(Role(args.role), reach, named)
    return Grant(Role(args.role))


def _grant_data(grant: Grant) -> dict[str, str]:
    return {"role": grant.role.value, "reach": grant.reach.value, "value": grant.value}


def _grant_words(grants: tuple[Grant, ...]) -> str:
    return ", ".join(f"{g.role} ({g.reach} {g.value}".rstrip() + ")" for g in grants) or "no role"


def _account_data(account: Account) -> dict[str, object]:
    return {
        "id": str(account.id),
        "login": account.login,
        "name": account.name,
        "grants": [_grant_data(grant) for grant in account.grants],
        "closed": account.disabled_at is not None,
    }


def _account_words(account: Account) -> str:
    closed = "  closed" if account.disabled_at else ""
    return f"{account.login}  {account.name}  {_grant_words(account.grants)}{closed}"


def _device_data(device: Device) -> dict[str, object]:
    return {
        "id": str(device.id),
        "login": device.login,
        "name": device.name,
        "app": device.app,
        "enrolled_at": device.enrolled_at,
        "last_seen": device.last_seen,
        "revoked": device.revoked_at is not None,
    }


def _device_words(device: Device) -> str:
    seen = device.last_seen.isoformat(timespec="minutes") if device.last_seen else "never"
    state = "revoked" if device.revoked_at else f"last seen {seen}"
    return f"{device.id}  {device.login}  {device.name}  {state}"
