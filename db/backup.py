"""Verified backups that rotate, and putting one back."""

import os
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audit_app.clock import Clock
from audit_app.errors import NotFound, StoreError
from db.connect import connect
from db.errors import in_words
from db.files import in_words as file_in_words
from db.files import sync_file, sync_folder
from db.vault import Vault

if TYPE_CHECKING:
    from db.store import Store

FOLDER, DATABASE = "backups", "store.db"
BEFORE_UPGRADE = "before-upgrade"
KEEP_RECENT, KEEP_DAYS, KEEP_WEEKS, KEEP_UPGRADES = 8, 14, 8, 3
SPACE_FACTOR = 3
"""Free space needed, in sizes of the database."""

_STAMP = "%Y%m%dT%H%M%S%fZ"


@dataclass(frozen=True, slots=True)
class Backup:
    """One verified copy of the database, encrypted with the same key.

    Attributes:
        name: its file name without the ending.
        reason: why it was made, such as "manual" or "before-upgrade".
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
            made = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
        except ValueError:
            continue
        found.append(Backup(path.stem, made, reason or "manual", path.stat().st_size))
    return tuple(sorted(found, key=lambda backup: backup.made_at, reverse=True))


def make_backup(store: "Store", *, reason: str) -> Backup:
    """Copy the database, check the copy, and only then give it its name.

    Raises:
        StoreError: too little space, or the copy does not verify; no half backup is left.
    """
    folder = store.folder / FOLDER
    folder.mkdir(exist_ok=True)
    _check_space(store)
    name = f"{store.clock.now().astimezone(UTC).strftime(_STAMP)}_{reason}"
    part, final = folder / f"{name}.part", folder / f"{name}.db"
    part.unlink(missing_ok=True)
    try:
        counts = _copy(store, part)
        _verify(part, store.key(), counts)
        handle = os.open(part, os.O_RDWR)
        try:
            sync_file(handle)
        finally:
            os.close(handle)
        part.replace(final)
        sync_folder(folder)
    except StoreError:
        part.unlink(missing_ok=True)
        raise
    except OSError as error:
        part.unlink(missing_ok=True)
        raise file_in_words(error, final) from error
    except Exception as error:
        part.unlink(missing_ok=True)
        known = in_words(error)
        if known is None:
            raise
        raise known from error
    _rotate(store.folder)
    return next(backup for backup in list_backups(store.folder) if backup.name == name)


def _check_space(store: "Store") -> None:
    size = store.path.stat().st_size
    free = shutil.disk_usage(store.folder).free
    if free < SPACE_FACTOR * size:
        raise StoreError(
            f"No backup was made: {free // 2**20} MB are free, {SPACE_FACTOR * size // 2**20} MB "
            "are needed.",
            "Free some space; what you entered is saved.",
        )


def _copy(store: "Store", part: Path) -> dict[str, int]:
    connection = connect(store.path, store.key(), query_only=False)
    try:
        connection.execute("VACUUM INTO ?", (str(part),))
        return _counts(connection)
    finally:
        connection.close()


def _verify(path: Path, key: bytes, counts: dict[str, int]) -> None:
    connection = connect(path, key)
    try:
        damage = examine(connection)
        found = _counts(connection)
    finally:
        connection.close()
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    # Somebody may write between copy and count: rows only ever grow.
    fewer = [name for name, count in found.items() if count > counts.get(name, 0)]
    if damage or fewer or set(found) != set(counts):
        raise StoreError(
            "The backup did not verify and was not kept.", "Check the disk, then try again."
        )


def examine(connection: Any) -> tuple[str, ...]:
    """What the database's own checks say is wrong; empty when it is whole."""
    quick = [row[0] for row in connection.execute("PRAGMA quick_check").fetchall()]
    cipher = [row[0] for row in connection.execute("PRAGMA cipher_integrity_check").fetchall()]
    return tuple(line for line in (*quick, *cipher) if line != "ok")


def _counts(connection: Any) -> dict[str, int]:
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    ).fetchall()
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608
        for (name,) in tables
    }


def _rotate(folder: Path) -> None:
    """Thin out older backups; the newest is never among those that go."""
    kept: set[str] = set()
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
            (folder / FOLDER / f"{backup.name}.db").unlink(missing_ok=True)


def is_due(folder: Path, now: datetime, every: timedelta = timedelta(minutes=15)) -> bool:
    """Whether the last backup is older than this."""
    backups = list_backups(folder)
    return not backups or now - backups[0].made_at >= every


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
        StoreError: the key does not fit, or no backup verifies.
    """
    secret = Vault(folder).open(passphrase=passphrase, recovery=recovery).database
    wanted = [b for b in list_backups(folder) if name is None or b.name == name]
    if not wanted:
        raise NotFound(
            f"There is no backup “{name}”." if name else f"{folder} has no backups.",
            "List them with the command “backup --list”." if name else "",
        )
    for backup in wanted:
        source = folder / FOLDER / f"{backup.name}.db"
        if _is_whole(source, secret):
            return Restored(backup, _put_back(folder, source, clock))
    raise StoreError("No backup could be verified.", "Keep the folder as it is and ask for help.")


def _is_whole(path: Path, secret: bytes) -> bool:
    try:
        connection = connect(path, secret)
    except Exception as error:
        if in_words(error) is None and not isinstance(error, StoreError):
            raise
        return False
    try:
        return not examine(connection)
    finally:
        connection.close()
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)


def _put_back(folder: Path, source: Path, clock: Clock) -> Path | None:
    target = folder / DATABASE
    part = folder / f"{DATABASE}.restoring"
    try:
        shutil.copyfile(source, part)
        handle = os.open(part, os.O_RDWR)
        try:
            sync_file(handle)
        finally:
            os.close(handle)
        aside = None
        if target.exists():
            aside = folder / f"set-aside-{clock.now().astimezone(UTC).strftime(_STAMP)}"
            aside.mkdir()
            for suffix in ("", "-wal", "-shm"):
                present = folder / f"{DATABASE}{suffix}"
                if present.exists():
                    present.replace(aside / present.name)
        part.replace(target)
        sync_folder(folder)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise file_in_words(error, target) from error
    return aside
