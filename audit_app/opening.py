"""Find, open and close a workspace; both the window and the commands start here."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from audit_app.clock import Clock, SystemClock
from audit_app.errors import AuditError, NotFound
from audit_app.services import Services, build_services
from db.lock import WorkspaceLock
from db.store import Store

PASSPHRASE = "ONSITE_PASSPHRASE"
WORKSPACE = "ONSITE_WORKSPACE"


def default_workspace() -> Path:
    """The platform's data folder for this program, or what ONSITE_WORKSPACE says."""
    named = os.environ.get(WORKSPACE)
    if named:
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("Onsite", appauthor=False) / "workspace"


def passphrase_from(file: Path | None) -> str | None:
    """The passphrase from a file or the environment; None if neither gives one.

    Raises:
        AuditError: the file cannot be read.
    """
    if file is None:
        return os.environ.get(PASSPHRASE)
    try:
        return file.read_text(encoding="utf-8").rstrip("\r\n")
    except OSError as error:
        raise AuditError(
            f"The passphrase file {file} cannot be read: {error.strerror}.", "Check its path."
        ) from error
    except UnicodeDecodeError as error:
        raise AuditError(
            f"The passphrase file {file} is not a text.", "Save it as plain UTF-8 text."
        ) from error


@contextmanager
def open_store(
    folder: Path,
    *,
    passphrase: str | None = None,
    recovery: str | None = None,
    create: bool = False,
    clock: Clock | None = None,
) -> Iterator[Store]:
    """Open a workspace for one program at a time, and close it again.

    Raises:
        NotFound: there is no workspace in the folder and ``create`` is not set.
        StoreError: it is locked by another program, damaged, newer, or the key is wrong.
    """
    clock = clock or SystemClock()
    here = Store.exists(folder)
    if not here and not create:
        raise NotFound(
            f"There is no workspace in {folder}.",
            "Make one with the command “demo”, or open the window once.",
        )
    with WorkspaceLock(folder):
        if here:
            store = Store.open(folder, clock, passphrase=passphrase, recovery=recovery)
        else:
            store = Store.create(folder, clock, passphrase=passphrase)
        try:
            yield store
        finally:
            store.close()


@contextmanager
def open_services(
    folder: Path,
    *,
    passphrase: str | None = None,
    recovery: str | None = None,
    create: bool = False,
    clock: Clock | None = None,
) -> Iterator[Services]:
    """Like ``open_store``, with the services over it."""
    clock = clock or SystemClock()
    with open_store(
        folder, passphrase=passphrase, recovery=recovery, create=create, clock=clock
    ) as store:
        yield build_services(store, clock)
