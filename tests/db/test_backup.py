"""Backups: each one made is restored and compared; they rotate and never take the last away."""

import shutil
import threading
from collections import namedtuple
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from audit_app.errors import NotFound, StoreError, WrongKey
from db import backup as backing
from db import restore as restoring
from db.backup import KEEP_RECENT, is_due, list_backups, make_backup, path_of
from db.connect import connect
from db.restore import restore
from db.store import Store
from tests.builders import StillClock, a_store, save_vendor, vendor_names

Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def store(tmp_path: Path, clock: StillClock) -> Iterator[Store]:
    made = a_store(tmp_path, clock)
    yield made
    made.close()


def contents(path: Path, key: bytes) -> dict[str, list[Any]]:
    """Every row of every table."""
    connection = connect(path, key, query_only=True, keeps_journal=True)
    try:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: connection.execute(f'SELECT * FROM "{name}" ORDER BY 1, 2').fetchall()  # noqa: S608
            for (name,) in names
        }
    finally:
        connection.close()


def test_each_backup_holds_every_row_of_its_moment(store: Store, clock: StillClock) -> None:
    made = []
    for number in range(6):
        save_vendor(store, f"Vendor {number}")
        made.append((make_backup(store, reason="manual"), contents(store.path, store.key())))
        clock.go_on(hours=1)
    store.close()
    for backup, held in made:
        done = restore(store.folder, clock, name=backup.name)
        clock.go_on(seconds=1)
        assert done.backup == backup
        assert contents(store.path, store.key()) == held
        opened = Store.open(store.folder, clock)
        assert len(vendor_names(opened)) == len(held["vendor"])
        save_vendor(opened, "work goes on")
        opened.close()


def test_looking_at_a_backup_changes_no_byte_of_it(store: Store, clock: StillClock) -> None:
    save_vendor(store, "One")
    backup = make_backup(store, reason="manual")
    file = path_of(store.folder, backup.name)
    before = file.read_bytes()
    store.close()
    restore(store.folder, clock)
    assert file.read_bytes() == before
    assert sorted(path.name for path in file.parent.iterdir()) == [file.name]


def test_a_backup_holds_no_readable_byte(store: Store) -> None:
    save_vendor(store, "canary-in-the-coal-mine")
    data = path_of(store.folder, make_backup(store, reason="manual").name).read_bytes()
    assert b"canary" not in data
    assert not data.startswith(b"SQLite format 3")


def test_a_backup_is_made_while_others_write(store: Store, clock: StillClock) -> None:
    stop, names = threading.Event(), [f"Vendor {n}" for n in range(400)]

    def write() -> None:
        for name in names:
            if stop.is_set():
                break
            save_vendor(store, name)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(5):
            make_backup(store, reason="manual")
            clock.go_on(hours=1)
    finally:
        stop.set()
        writer.join()
    for backup in list_backups(store.folder):
        held = contents(path_of(store.folder, backup.name), store.key())
        assert len(held["vendor"]) == len(held["trail"])


def test_a_copy_that_does_not_verify_is_not_kept(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backing, "examine", lambda _connection: ("row 1 missing from index",))
    with pytest.raises(StoreError, match="did not verify"):
        make_backup(store, reason="manual")
    assert list((store.folder / backing.FOLDER).iterdir()) == []


def test_a_copy_with_fewer_rows_is_not_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    save_vendor(store, "One")
    counts = iter([{"vendor": 1}, {"vendor": 0}])
    monkeypatch.setattr(backing, "count_rows", lambda _connection: next(counts))
    with pytest.raises(StoreError, match="did not verify"):
        make_backup(store, reason="manual")
    assert list_backups(store.folder) == ()


def test_too_little_space_is_said_with_numbers(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Usage(9, 9, 2 * 2**20 // 100))
    with pytest.raises(StoreError, match=r"No backup was made: 0 MB are free, \d+ MB are needed"):
        make_backup(store, reason="manual")


def plant(folder: Path, moments: list[tuple[datetime, str]]) -> None:
    (folder / backing.FOLDER).mkdir(exist_ok=True)
    for moment, reason in moments:
        path_of(folder, f"{moment.strftime(backing.STAMP)}_{reason}").touch()


def test_old_backups_are_thinned_to_days_weeks_and_upgrades(
    store: Store, clock: StillClock
) -> None:
    now = clock.now()
    hourly = [(now - timedelta(hours=hours), "manual") for hours in range(1, 24 * 40)]
    upgrades = [(now - timedelta(days=200 + day), backing.BEFORE_UPGRADE) for day in range(5)]
    plant(store.folder, hourly + upgrades)
    newest = make_backup(store, reason="manual")
    kept = list_backups(store.folder)
    assert kept[0] == newest
    ages = [now - backup.made_at for backup in kept]
    assert [age for age in ages if age < timedelta(hours=KEEP_RECENT)] == [
        timedelta(hours=hours) for hours in range(KEEP_RECENT)
    ]
    days = {backup.made_at.date() for backup in kept if now - backup.made_at < timedelta(days=13)}
    assert len(days) >= 13
    weeks = {backup.made_at.isocalendar()[:2] for backup in kept if backup.reason == "manual"}
    assert len(weeks) >= 6
    assert sum(1 for backup in kept if backup.reason == backing.BEFORE_UPGRADE) == 3
    assert len(kept) < 35


def test_a_backup_made_under_a_clock_set_back_is_kept(store: Store, clock: StillClock) -> None:
    now = clock.now()
    plant(store.folder, [(now - timedelta(days=day), "manual") for day in range(60)])
    clock.go_on(days=-4000)
    made = make_backup(store, reason="manual")
    assert made in list_backups(store.folder)


def test_a_file_of_another_name_is_no_backup_and_stays(store: Store) -> None:
    stranger = store.folder / backing.FOLDER / "my own copy.db"
    stranger.parent.mkdir()
    stranger.write_bytes(b"mine")
    make_backup(store, reason="manual")
    assert len(list_backups(store.folder)) == 1
    assert stranger.read_bytes() == b"mine"


def test_a_backup_is_due_after_a_while(store: Store, clock: StillClock) -> None:
    assert is_due(store.folder, clock.now())
    make_backup(store, reason="manual")
    assert not is_due(store.folder, clock.now() + timedelta(minutes=14))
    assert is_due(store.folder, clock.now() + timedelta(minutes=15))


def test_a_damaged_backup_is_passed_over_for_the_one_before(
    store: Store, clock: StillClock
) -> None:
    save_vendor(store, "One")
    good = make_backup(store, reason="manual")
    clock.go_on(hours=1)
    newer = path_of(store.folder, make_backup(store, reason="manual").name)
    data = bytearray(newer.read_bytes())
    data[len(data) // 2] ^= 1
    newer.write_bytes(data)
    store.close()
    with pytest.raises(StoreError, match=rf"“{newer.stem}” is damaged"):
        restore(store.folder, clock, name=newer.stem)
    assert restore(store.folder, clock).backup == good
    path_of(store.folder, good.name).write_bytes(b"")
    with pytest.raises(StoreError, match="Every backup is damaged"):
        restore(store.folder, clock)


def test_the_former_database_is_kept_aside_whole(store: Store, clock: StillClock) -> None:
    save_vendor(store, "in the backup")
    make_backup(store, reason="manual")
    save_vendor(store, "after it")
    before = contents(store.path, store.key())
    # Not closed, as after a crash: the newest rows are still in the log.
    assert (store.folder / "store.db-wal").stat().st_size > 0
    done = restore(store.folder, clock)
    assert done.kept_aside is not None
    assert contents(done.kept_aside / "store.db", store.key()) == before
    opened = Store.open(store.folder, clock)
    assert vendor_names(opened) == ["in the backup"]
    opened.close()


def test_a_restore_cut_in_the_middle_is_done_again_without_the_old_log(
    store: Store, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log of the former database must never be played into the restored one."""
    save_vendor(store, "in the backup")
    make_backup(store, reason="manual")
    save_vendor(store, "after it")
    moved = Path.replace

    def cut_after_the_first(source: Path, target: Path) -> Path:
        if source.name == "store.db-wal":
            raise KeyboardInterrupt
        return moved(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", cut_after_the_first)
        with pytest.raises(KeyboardInterrupt):
            restore(store.folder, clock)
    assert (store.folder / "store.db-wal").exists()
    with pytest.raises(StoreError, match="is gone"):
        Store.open(store.folder, clock)
    clock.go_on(seconds=1)
    done = restore(store.folder, clock)
    assert done.kept_aside is not None
    assert [path.name for path in done.kept_aside.iterdir() if path.suffix != ".db-shm"] == [
        "store.db-wal"
    ]
    opened = Store.open(store.folder, clock)
    assert vendor_names(opened) == ["in the backup"]
    opened.close()


def test_nothing_is_restored_with_the_wrong_key(tmp_path: Path, clock: StillClock) -> None:
    store = Store.create(tmp_path, clock, passphrase="correct horse battery")
    make_backup(store, reason="manual")
    store.close()
    before = (tmp_path / "store.db").read_bytes()
    with pytest.raises(WrongKey):
        restore(tmp_path, clock, passphrase="wrong horse battery")
    assert (tmp_path / "store.db").read_bytes() == before
    restore(tmp_path, clock, passphrase="correct horse battery")


def test_a_missing_backup_is_said_so(store: Store, clock: StillClock) -> None:
    with pytest.raises(NotFound, match="has no backups"):
        restore(store.folder, clock)
    make_backup(store, reason="manual")
    with pytest.raises(NotFound, match="no backup “x”"):
        restore(store.folder, clock, name="x")


def test_a_full_disk_leaves_the_database_where_it_was(
    store: Store, clock: StillClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_vendor(store, "One")
    make_backup(store, reason="manual")
    save_vendor(store, "Two")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(restoring, "sync_file", full)
    with pytest.raises(StoreError, match="The disk is full"):
        restore(store.folder, clock)
    store.close()
    opened = Store.open(store.folder, clock)
    assert vendor_names(opened) == ["One", "Two"]
    assert opened.device == store.device
    opened.close()
