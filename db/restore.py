"""Putting a backup back; what stood there is kept aside."""

import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from audit_app.clock import Clock
from audit_app.errors import NotFound, StoreError
from db.backup import STAMP, Backup, examine, list_backups, path_of
from db.connect import connect
from db.errors import in_words
from db.files import PART, sync_file, sync_folder
from db.files import in_words as file_in_words
from db.migrate import schema_of
from db.vault import Vault

DATABASE = "store.db"
SUFFIXES = ("", "-wal", "-shm")
"""The files of one database; the first alone is not the whole of it."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did: which backup stands now, and where the former database was put."""

    backup: Backup
    kept_aside: Path | None


def restore(
    folder: Path,
    clock: Clock,
    *,
    name: str | None = None,
    passphrase: str | None = None,
    recovery: str | None = None,
) -> Restored:
    """Put a backup in place of the database; the present one is kept aside, never overwritten.

    Args:
        name: which backup; the newest that verifies if None.

    Raises:
        NotFound: there is no such backup.
        StoreError: the key does not fit, no backup verifies, or the disk failed; the former
            database is then where it was, or in its folder aside.
    """
    secret = Vault(folder).open(passphrase=passphrase, recovery=recovery).database
    wanted = [b for b in list_backups(folder) if name is None or b.name == name]
    if not wanted:
        raise NotFound(
            f"There is no backup “{name}”." if name else f"{folder} has no backups.",
            "List them with the command “backup --list”." if name else "",
        )
    for backup in wanted:
        if _is_whole(path_of(folder, backup.name), secret):
            return Restored(backup, _put_back(folder, path_of(folder, backup.name), clock))
    raise StoreError(
        f"The backup “{name}” is damaged." if name else "Every backup is damaged.",
        "Choose another one." if name else "Keep the folder as it is and ask for help.",
    )


def _is_whole(path: Path, secret: bytes) -> bool:
    try:
        connection = connect(path, secret, keeps_journal=True, query_only=True)
    except Exception as error:
        if in_words(error) is None and not isinstance(error, StoreError):
            raise
        return False
    try:
        # An empty file is a whole database too, and not what anybody wants back.
        return schema_of(connection) > 0 and not examine(connection)
    finally:
        connection.close()


def _put_back(folder: Path, source: Path, clock: Clock) -> Path | None:
    target, part = folder / DATABASE, folder / f"{DATABASE}{PART}"
    aside = folder / f"set-aside-{clock.now().astimezone(UTC).strftime(STAMP)}"
    try:
        shutil.copyfile(source, part)
        handle = os.open(part, os.O_RDWR)
        try:
            sync_file(handle)
        finally:
            os.close(handle)
        kept = _set_aside(folder, aside)
        part.replace(target)
        sync_folder(folder)
    except OSError as error:
        with suppress(OSError):
            # What stopped the restore is said already; a part left over is removed at next start.
            part.unlink(missing_ok=True)
        raise file_in_words(error, target, "the restored database") from error
    return aside if kept else None


def _set_aside(folder: Path, aside: Path) -> bool:
    """Move the present database away, whole; tell whether there was one.

    All of it is gone, durably, before the backup takes its name: a log of the former database
    beside the restored one would be played into it. A restore that was cut in between left the
    log behind without its database; it goes aside now.
    """
    present = [folder / f"{DATABASE}{suffix}" for suffix in SUFFIXES]
    here = [path for path in present if path.exists()]
    if not here:
        return False
    aside.mkdir()
    for path in here:
        path.replace(aside / path.name)
    sync_folder(aside)
    sync_folder(folder)
    return True
