"""The options of ``onsite central``, apart from what it does: ``--help`` needs no database."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

Add = Callable[[Any, str, str, str], argparse.ArgumentParser]

ROLES = ("lead", "auditor", "vendor_manager", "reader", "administrator")


def add_central(commands: Any, add: Add) -> None:
    """``central`` alone serves; its own commands look after people and devices."""
    central = add(commands, "central", "central", "serve the central store, with its own database")
    _add_place(central)
    central.add_argument("--host", default="127.0.0.1", help="address to listen at")
    central.add_argument("--port", type=int, default=8440)
    central.add_argument("--certificate", type=Path, metavar="FILE", help="TLS certificate (PEM)")
    central.add_argument("--key", type=Path, metavar="FILE", help="its key (PEM)")
    central.add_argument("--proxy", default="", help="address of a proxy in front that speaks TLS")
    central.add_argument("--docs", action="store_true", help="give out /v1/openapi.json")
    parts = central.add_subparsers(metavar="[user|device]")

    people = parts.add_parser("user", help="accounts and what they may do")
    kinds = people.add_subparsers(metavar="add|role|list|close", required=True)
    new = _placed(add(kinds, "add", "central user add", "make an account and its first code"))
    new.add_argument("login")
    new.add_argument("--name", default="")
    new.add_argument("--role", choices=ROLES, required=True)
    _add_reach(new)
    role = _placed(add(kinds, "role", "central user role", "grant a role, or take it away"))
    role.add_argument("login")
    role.add_argument("role", choices=ROLES)
    role.add_argument("--remove", action="store_true", help="take it away")
    _add_reach(role)
    _placed(add(kinds, "list", "central user list", "list the accounts"))
    close = _placed(add(kinds, "close", "central user close", "close an account at once"))
    close.add_argument("login")

    devices = parts.add_parser("device", help="codes and devices")
    steps = devices.add_subparsers(metavar="code|list|revoke", required=True)
    code = _placed(add(steps, "code", "central device code", "make a code for one device"))
    code.add_argument("login")
    _placed(add(steps, "list", "central device list", "list the devices"))
    out = _placed(add(steps, "revoke", "central device revoke", "turn a device out at once"))
    out.add_argument("device", help="its id")


def _placed(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    _add_place(parser)
    return parser


def _add_place(parser: argparse.ArgumentParser) -> None:
    # Suppressed where not given: what stood before the inner command must not be undone by it.
    nothing: Any = argparse.SUPPRESS
    parser.add_argument(
        "--folder", type=Path, default=nothing, metavar="DIR", help="database and photos"
    )
    parser.add_argument(
        "--database", default=nothing, metavar="URL", help="a PostgreSQL of one's own instead"
    )
    parser.add_argument(
        "--owner", default=nothing, metavar="URL", help="the same for the role that owns its tables"
    )
    parser.add_argument(
        "--objects", default=nothing, metavar="URL", help="photos elsewhere, such as s3://bucket"
    )


def _add_reach(parser: argparse.ArgumentParser) -> None:
    reach = parser.add_mutually_exclusive_group()
    reach.add_argument("--vendor", metavar="ID", help="only this vendor")
    reach.add_argument("--site", metavar="ID", help="only this site")
    reach.add_argument("--market", metavar="CODE", help="only this market")
