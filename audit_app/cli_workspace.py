"""What every command shares: the workspace it was told to use."""

import argparse
from collections.abc import Sequence
from contextlib import AbstractContextManager

from audit_app.opening import default_workspace, open_services, open_store, passphrase_from
from audit_app.services import Services
from db.store import Store

Answer = tuple[object, Sequence[str], int]
"""What ``--json`` prints, the lines for people, and the exit code."""


def services_of(
    args: argparse.Namespace, *, create: bool = False
) -> AbstractContextManager[Services]:
    """The services over the workspace the arguments name."""
    return open_services(
        args.workspace or default_workspace(),
        passphrase=passphrase_from(args.passphrase_file),
        create=create,
    )


def store_of(args: argparse.Namespace, *, create: bool = False) -> AbstractContextManager[Store]:
    """The open store of the workspace the arguments name."""
    return open_store(
        args.workspace or default_workspace(),
        passphrase=passphrase_from(args.passphrase_file),
        create=create,
    )
