"""From one schema to the next: a backup first, one transaction, and never a row fewer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from audit_app.errors import StoreError
from audit_app.services import build_services
from db import migrate as migrating
from db.backup import list_backups
from db.connect import connect
from db.migrate import migrate, schema_of
from db.migrations import STEPS
from db.restore import restore
from db.store import Store
from db.tables import Site
from tests.builders import (
    StillClock,
    World,
    a_site,
    a_store,
    a_vendor,
    save_vendor,
    vendor_names,
)


@pytest.fixture
def old(tmp_path: Path) -> Iterator[Store]:
    """A closed workspace with two vendors, to be opened by a newer program."""
    store = a_store(tmp_path)
    save_vendor(store, "One")
    save_vendor(store, "Two")
    store.close()
    yield store
    store.close()


def a_column(connection: Any) -> None:
    connection.execute("ALTER TABLE vendor ADD COLUMN nickname VARCHAR")
    connection.execute("UPDATE vendor SET nickname = name")


def a_rebuilt_parent(connection: Any) -> None:
    """A parent table made anew; with foreign keys on, its children's rows would go with it."""
    (statement,) = connection.execute(
        "SELECT sql FROM sqlite_master WHERE name = 'vendor'"
    ).fetchone()
    connection.execute(statement.replace("CREATE TABLE vendor", "CREATE TABLE vendor_new"))
    connection.execute("INSERT INTO vendor_new SELECT * FROM vendor")
    connection.execute("DROP TABLE vendor")
    connection.execute("ALTER TABLE vendor_new RENAME TO vendor")


def breaks(connection: Any) -> None:
    connection.execute("CREATE TABLE half (a)")
    raise RuntimeError("in the middle")


def loses(connection: Any) -> None:
    connection.execute("DELETE FROM vendor WHERE name = 'One'")


def orphans(connection: Any) -> None:
    connection.execute(
        "INSERT INTO contact (id, vendor_id, name, scope, extra, created_at, changed_at, "
        "role, email, phone) VALUES (x'01', x'02', 'n', 's', '{}', 0, 0, '', '', '')"
    )


def with_steps(monkeypatch: pytest.MonkeyPatch, *more: migrating.Run) -> None:
    """The program as a later version with these further steps."""
    defaults = migrating.migrate.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "steps", (*STEPS, *more))


def schema(store: Store) -> int:
    connection = connect(store.path, store.key(), query_only=True)
    try:
        return schema_of(connection)
    finally:
        connection.close()


def test_a_new_file_gets_the_whole_schema(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    assert schema(store) == len(STEPS)
    assert list_backups(tmp_path) == ()
    store.close()


def test_the_first_migration_makes_exactly_the_tables_of_the_program() -> None:
    from db.migrations import m0001_initial
    from scripts.make_migration import statements

    assert list(m0001_initial.STATEMENTS) == statements()


def test_opening_an_older_file_backs_it_up_and_brings_it_on(
    old: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_steps(monkeypatch, a_column)
    store = Store.open(old.folder, StillClock())
    assert vendor_names(store) == ["One", "Two"]
    assert schema(store) == len(STEPS) + 1
    (backup,) = list_backups(old.folder)
    assert backup.reason == "before-upgrade"
    store.close()


def test_the_backup_before_an_upgrade_opens_in_the_former_version(
    old: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        with_steps(patch, a_column)
        Store.open(old.folder, StillClock()).close()
    with pytest.raises(StoreError, match="newer version"):
        Store.open(old.folder, StillClock())
    restore(old.folder, StillClock())
    store = Store.open(old.folder, StillClock())
    assert vendor_names(store) == ["One", "Two"]
    store.close()


@pytest.mark.parametrize(
    ("step", "error", "words"),
    [
        (breaks, RuntimeError, "in the middle"),
        (loses, StoreError, "would lose rows of vendor"),
        (orphans, StoreError, "without what they belong to"),
    ],
)
def test_a_failing_step_leaves_the_old_file(
    old: Store,
    monkeypatch: pytest.MonkeyPatch,
    step: migrating.Run,
    error: type[Exception],
    words: str,
) -> None:
    with monkeypatch.context() as patch:
        with_steps(patch, a_column, step)
        with pytest.raises(error, match=words):
            Store.open(old.folder, StillClock())
    assert schema(old) == len(STEPS)
    store = Store.open(old.folder, StillClock())
    assert vendor_names(store) == ["One", "Two"]
    assert len(list_backups(old.folder)) == 1
    store.close()


def test_no_backup_means_no_upgrade(old: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_given: object, **_named: object) -> None:
        raise StoreError("No backup was made: 1 MB are free, 9 MB are needed.")

    with monkeypatch.context() as patch:
        with_steps(patch, a_column)
        patch.setattr("db.store.make_backup", refuse)
        with pytest.raises(StoreError, match="No backup"):
            Store.open(old.folder, StillClock())
    assert schema(old) == len(STEPS)


def test_a_parent_made_anew_keeps_its_children(old: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = StillClock()
    clock.go_on(hours=1)
    store = Store.open(old.folder, clock)
    world = World(old.folder, store, build_services(store, clock), clock)
    a_site(world, a_vendor(world, "Three"))
    store.close()
    with_steps(monkeypatch, a_rebuilt_parent)
    store = Store.open(old.folder, clock)
    with store.read() as session:
        assert session.scalar(select(func.count()).select_from(Site)) == 1
    store.close()


def test_a_newer_file_is_refused_with_the_version_that_wrote_it(old: Store) -> None:
    connection = connect(old.path, old.key())
    connection.execute("PRAGMA user_version=99")
    connection.execute("UPDATE setting SET value = '9.9' WHERE key = 'store.version'")
    connection.close()
    before = old.path.read_bytes()
    with pytest.raises(StoreError, match=r"newer version of the program \(9\.9\)"):
        Store.open(old.folder, StillClock())
    assert old.path.read_bytes() == before


def test_a_newer_file_of_unknown_shape_is_refused_too(old: Store) -> None:
    connection = connect(old.path, old.key())
    connection.execute("PRAGMA user_version=99")
    connection.execute("DROP TABLE setting")
    connection.close()
    with pytest.raises(StoreError, match="newer version"):
        Store.open(old.folder, StillClock())


def test_an_error_that_ended_the_transaction_itself_is_not_hidden(old: Store) -> None:
    def full(connection: Any) -> None:
        connection.execute("ROLLBACK")
        raise StoreError("The disk is full.")

    connection = connect(old.path, old.key())
    with pytest.raises(StoreError, match="disk is full"):
        migrate(connection, version="x", steps=(*STEPS, full))
    connection.close()
