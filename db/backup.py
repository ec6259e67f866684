"""Verified backups that rotate."""

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit_app.errors import StoreError
from db.connect import connect
from db.errors import in_words, translated
from db.files import in_words as file_in_words
from db.files import sync_file, sync_folder
from db.migrate import count_rows

if TYPE_CHECKING:
    from db.store import Store

FOLDER = "backups"
BEFORE_UPGRADE = "before-upgrade"
KEEP_RECENT, KEEP_DAYS, KEEP_WEEKS, KEEP_UPGRADES = 8, 14, 8, 3
SPACE_FACTOR = 3
"""Free space needed, in sizes of the database."""

STAMP = "%Y%m%dT%H%M%S%fZ"
"""A moment, UTC, as the first part of a backup's name."""


@dataclass(frozen=True, slots=True)
class Backup:
    """One verified copy of the database, encrypted with the same key.

    Attributes:
        name: its file name without the ending.
        reason: why it was made, such as "manual" or "before-upgrade".
        size: in bytes.
    """

    name: str
    made_at: datetime
    reason: str
    size: int


def list_backups(folder: Path) -> tuple[Backup, ...]:
    """The backups of a workspace, newest first."""
    found = []
    for path in (folder / FOLDER).glob("*.db"):
        stamp, _, reason = path.stem.partition("_")
        try:
            made = datetime.strptime(stamp, STAMP).replace(tzinfo=UTC)
        except ValueError:
            continue
        found.append(Backup(path.stem, made, reason or "manual", path.stat().st_size))
    return tuple(sorted(found, key=lambda backup: backup.made_at, reverse=True))


def make_backup(store: "Store", *, reason: str) -> Backup:
    """Copy the database, check the copy, and only then give it its name.

    Raises:
        StoreError: too little space, or the copy does not verify; no half backup is left.
    """
    made_at = store.clock.now().astimezone(UTC)
    name = f"{made_at.strftime(STAMP)}_{reason}"
    part, final = path_of(store.folder, name, ".part"), path_of(store.folder, name)
    try:
        final.parent.mkdir(exist_ok=True)
        _check_space(store)
        part.unlink(missing_ok=True)
        with translated():
            _copy(store, part)
        handle = os.open(part, os.O_RDWR)
        try:
            sync_file(handle)
        finally:
            os.close(handle)
        part.replace(final)
        sync_folder(final.parent)
        sync_folder(store.folder)
        _rotate(store.folder, spared=name)
        size = final.stat().st_size
    except OSError as error:
        raise file_in_words(error, final, "the backup") from error
    finally:
        with suppress(OSError):
            # What stopped the backup is said already; a part left over is removed at next start.
            part.unlink(missing_ok=True)
    return Backup(name, made_at, reason, size)


def path_of(folder: Path, name: str, ending: str = ".db") -> Path:
    """The file of a backup."""
    return folder / FOLDER / f"{name}{ending}"


def _check_space(store: "Store") -> None:
    size = store.path.stat().st_size
    free = shutil.disk_usage(store.folder).free
    if free < SPACE_FACTOR * size:
        raise StoreError(
            f"No backup was made: {free // 2**20} MB are free, {SPACE_FACTOR * size // 2**20} MB "
            "are needed.",
            "Free some space; what you entered is saved.",
        )


def _copy(store: "Store", part: Path) -> None:
    """Copy and compare while nobody writes: a writer waits as for any other step."""
    with store.hold() as holder:
        copier = connect(store.path, store.key())
        try:
            copier.execute("VACUUM INTO ?", (str(part),))
        finally:
            copier.close()
        counts = count_rows(holder)
    copy = connect(part, store.key(), keeps_journal=True)
    try:
        damage, found = examine(copy), count_rows(copy)
    finally:
        copy.close()
    if damage or found != counts:
        raise StoreError(
            "The backup did not verify and was not kept.", "Check the disk, then try again."
        )


def examine_live(store: "Store") -> tuple[str, ...]:
    """What is wrong with the database in use; empty when it is whole.

    The check of the file's pages counts only once the log has gone into the file: a full disk can
    cut a page off there that is whole in the log, and nothing is wrong then.
    """
    connection = connect(store.path, store.key())
    try:
        busy, _log, _done = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        is_settled = not busy
    except Exception as error:
        if in_words(error) is None:
            connection.close()
            raise
        is_settled = False
    try:
        return examine(connection) if is_settled else examine(connection, ("quick_check",))
    finally:
        connection.close()


def examine(
    connection: Any, checks: Sequence[str] = ("quick_check", "cipher_integrity_check")
) -> tuple[str, ...]:
    """What the database's own checks say is wrong; empty when it is whole."""
    said: list[str] = []
    for check in checks:
        try:
            said += [row[0] for row in connection.execute(f"PRAGMA {check}").fetchall()]
        except Exception as error:
            # A page that does not authenticate ends the check itself.
            if in_words(error) is None:
                raise
            said.append(str(error))
    return tuple(line for line in said if line != "ok")


def _rotate(folder: Path, *, spared: str) -> None:
    """Thin out older backups; the newest and the one just made are never among those that go.

    The two differ when the clock was set back.
    """
    kept: set[str] = {spared}
    days: set[str] = set()
    weeks: set[str] = set()
    upgrades = 0
    backups = list_backups(folder)
    for position, backup in enumerate(backups):
        day, week = backup.made_at.strftime("%Y%m%d"), backup.made_at.strftime("%G%V")
        if position < KEEP_RECENT:
            kept.add(backup.name)
        if day not in days and len(days) < KEEP_DAYS:
            kept.add(backup.name)
            days.add(day)
        if week not in weeks and len(weeks) < KEEP_WEEKS:
            kept.add(backup.name)
            weeks.add(week)
        if backup.reason == BEFORE_UPGRADE and upgrades < KEEP_UPGRADES:
            kept.add(backup.name)
            upgrades += 1
    for backup in backups[1:]:
        if backup.name not in kept:
            path_of(folder, backup.name).unlink(missing_ok=True)


def is_due(folder: Path, now: datetime, every: timedelta = timedelta(minutes=15)) -> bool:
    """Whether the last backup is older than this."""
    backups = list_backups(folder)
    return not backups or now - backups[0].made_at >= every
