"""The store on real encrypted files: opening, writing, refusing, going on."""

import os
import sqlite3
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import DatabaseError, OperationalError, StatementError

from audit_app.errors import NotFound, StoreError
from db import migrate as migrating
from db.connect import connect
from db.journal import chain
from db.lock import WorkspaceLock
from db.migrations import STEPS
from db.store import Store
from db.tables import OutboxOp, TrailEntry, Vendor
from db.verify import Anchor, verify_trail
from tests.builders import StillClock


def a_store(folder: Path) -> Store:
    return Store.create(folder, StillClock())


def save(store: Store, name: str, vendor_id: UUID | None = None) -> UUID:
    with store.write(actor="Lena", action="save vendor") as session:
        vendor = session.get(Vendor, vendor_id) if vendor_id else None
        if vendor is None:
            vendor = Vendor(id=store.clock.new_id(), scope="vendor:1", code="N")
            session.add(vendor)
        vendor.name = name
    return vendor.id


def count(store: Store, table: type[TrailEntry] | type[OutboxOp] | type[Vendor]) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_what_is_written_is_read_after_reopening(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    vendor_id = save(store, "Nordwind")
    store.close()
    store = Store.open(tmp_path, StillClock())
    with store.read() as session:
        assert session.get_one(Vendor, vendor_id).name == "Nordwind"
    store.close()


def test_the_file_holds_no_readable_byte(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    save(store, "canary-in-the-coal-mine")
    held = b"".join(path.read_bytes() for path in tmp_path.glob("store.db*"))
    store.close()
    held += (tmp_path / "store.db").read_bytes()
    assert b"canary" not in held
    assert not held.startswith(b"SQLite format 3")


def test_every_change_leaves_an_entry_and_an_op(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    vendor_id = save(store, "One")
    save(store, "Two", vendor_id)
    assert count(store, TrailEntry) == 2
    with store.read() as session:
        (op,) = session.scalars(select(OutboxOp)).all()
        assert op.set["name"] == "Two"
        last = session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc())).first()
        assert last is not None
        assert '"old":{"name":"One"}' in last.body
        assert '"new":{"name":"Two"}' in last.body
        assert verify_trail(session).state is Anchor.NOT_YET
    store.close()


def test_without_the_listener_no_entry_is_left(tmp_path: Path) -> None:
    """The control of the test above: it would notice if the mechanism were gone."""
    from sqlalchemy import event

    from db import journal
    from db.store import WriteSession

    store = a_store(tmp_path)
    event.remove(WriteSession, "before_flush", journal._before_flush)
    try:
        with (
            pytest.raises(DatabaseError),
            store.write(actor="Lena", action="save vendor") as session,
        ):
            session.add(Vendor(id=store.clock.new_id(), scope="v", code="N", name="silent"))
    finally:
        event.listen(WriteSession, "before_flush", journal._before_flush)
    assert count(store, TrailEntry) == 0
    store.close()


def test_a_change_to_the_same_value_leaves_nothing(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    vendor_id = save(store, "One")
    save(store, "One", vendor_id)
    assert count(store, TrailEntry) == 1
    store.close()


@pytest.mark.parametrize("statement", [update(Vendor).values(name="x"), delete(Vendor)])
def test_a_bulk_statement_on_a_synced_table_is_refused(tmp_path: Path, statement: object) -> None:
    store = a_store(tmp_path)
    save(store, "One")
    with (
        pytest.raises(RuntimeError, match="row by row"),
        store.write(actor="Lena", action="bulk") as session,
    ):
        session.execute(statement)  # type: ignore[call-overload]
    store.close()


def test_a_row_is_never_removed(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    vendor_id = save(store, "One")
    with (
        pytest.raises(RuntimeError, match="never removed"),
        store.write(actor="Lena", action="remove") as session,
    ):
        session.delete(session.get_one(Vendor, vendor_id))
    assert count(store, Vendor) == 1
    store.close()


@pytest.mark.parametrize("statement", ["UPDATE trail SET body = 'x'", "DELETE FROM trail"])
def test_the_trail_cannot_be_rewritten(tmp_path: Path, statement: str) -> None:
    store = a_store(tmp_path)
    save(store, "One")
    with (
        pytest.raises(DatabaseError, match="append-only"),
        store.write(actor="Lena", action="forge") as session,
    ):
        session.execute(text(statement))
    store.close()


def test_a_reading_session_cannot_write(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    with pytest.raises((OperationalError, StoreError)), store.read() as session:
        session.execute(text("UPDATE setting SET value = 'x'"))
    store.close()


def test_a_failed_step_leaves_nothing(tmp_path: Path) -> None:
    store = a_store(tmp_path)

    class Stop(Exception):
        pass

    def half() -> None:
        with store.write(actor="Lena", action="half") as session:
            session.add(Vendor(id=store.clock.new_id(), scope="v", code="N", name="half"))
            session.flush()
            raise Stop

    with pytest.raises(Stop):
        half()
    assert count(store, Vendor) == 0
    assert count(store, TrailEntry) == 0
    store.close()


def test_a_wrong_passphrase_is_refused_in_words(tmp_path: Path) -> None:
    Store.create(tmp_path, StillClock(), passphrase="correct horse battery").close()
    with pytest.raises(StoreError, match="passphrase does not open"):
        Store.open(tmp_path, StillClock(), passphrase="wrong horse battery")
    with pytest.raises(StoreError, match="protected by a passphrase"):
        Store.open(tmp_path, StillClock())
    Store.open(tmp_path, StillClock(), passphrase="correct horse battery").close()


def test_a_passphrase_takes_the_place_of_the_device_key(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    assert not store.vault.is_protected
    code = store.vault.add_recovery()
    store.vault.set_passphrase("a short sentence")
    assert store.vault.has("passphrase")
    store.close()
    with pytest.raises(StoreError):
        Store.open(tmp_path, StillClock())
    Store.open(tmp_path, StillClock(), recovery=code.lower()).close()


def test_a_lost_key_file_is_read_from_its_copy(tmp_path: Path) -> None:
    a_store(tmp_path).close()
    (tmp_path / "vault.json").write_text("{", encoding="utf-8")
    Store.open(tmp_path, StillClock()).close()
    (tmp_path / "vault.copy.json").unlink()
    with pytest.raises(StoreError, match="missing or damaged"):
        Store.open(tmp_path, StillClock())


def test_a_plain_database_in_place_of_ours_is_refused(tmp_path: Path) -> None:
    a_store(tmp_path).close()
    (tmp_path / "store.db").unlink()
    plain = sqlite3.connect(tmp_path / "store.db")
    plain.execute("CREATE TABLE a (b)")
    plain.commit()
    plain.close()
    before = (tmp_path / "store.db").read_bytes()
    with pytest.raises(StoreError, match="not encrypted"):
        Store.open(tmp_path, StillClock())
    assert (tmp_path / "store.db").read_bytes() == before


def test_a_damaged_database_is_said_to_be_damaged(tmp_path: Path) -> None:
    a_store(tmp_path).close()
    data = bytearray((tmp_path / "store.db").read_bytes())
    data[20:200] = os.urandom(180)
    (tmp_path / "store.db").write_bytes(bytes(data))
    with pytest.raises(StoreError, match="cannot be opened|damaged"):
        Store.open(tmp_path, StillClock())


def test_a_newer_file_is_refused_with_the_version_that_wrote_it(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    connection = connect(store.path, store.key())
    connection.execute("PRAGMA user_version=99")
    connection.execute("UPDATE setting SET value = '9.9' WHERE key = 'store.version'")
    connection.close()
    store.close()
    with pytest.raises(StoreError, match=r"newer version of the program \(9\.9\)"):
        Store.open(tmp_path, StillClock())


def test_an_upgrade_backs_up_first_and_leaves_all_or_nothing(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    save(store, "One")
    backups: list[str] = []

    def breaks(connection: object) -> None:
        connection.execute("CREATE TABLE half (a)")  # type: ignore[attr-defined]
        raise RuntimeError("in the middle")

    connection = connect(store.path, store.key())
    with pytest.raises(RuntimeError, match="in the middle"):
        migrating.migrate(
            connection,
            version="x",
            back_up=lambda: backups.append("made"),
            steps=(*STEPS, breaks),
        )
    assert backups == ["made"]
    assert migrating.schema_of(connection) == len(STEPS)
    tables = connection.execute("SELECT name FROM sqlite_master WHERE name = 'half'").fetchall()
    assert tables == []
    connection.close()
    store.close()


def test_the_first_migration_makes_exactly_the_tables_of_the_program() -> None:
    from db.migrations import m0001_initial
    from scripts.make_migration import statements

    assert list(m0001_initial.STATEMENTS) == statements()


def test_a_second_program_is_refused_and_the_lock_is_free_again(tmp_path: Path) -> None:
    with WorkspaceLock(tmp_path), pytest.raises(StoreError, match="another window"):
        WorkspaceLock(tmp_path).take()
    with WorkspaceLock(tmp_path):
        pass


def test_a_folder_without_a_workspace_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no workspace"):
        Store.open(tmp_path, StillClock())


def test_a_naive_moment_is_never_stored(tmp_path: Path) -> None:
    from datetime import datetime

    store = a_store(tmp_path)
    with (
        pytest.raises(StatementError, match="time zone"),
        store.write(actor="Lena", action="naive") as session,
    ):
        vendor = Vendor(id=store.clock.new_id(), scope="v", code="N", name="x")
        vendor.deleted_at = datetime(2026, 1, 1)  # noqa: DTZ001 (the fault under test)
        session.add(vendor)
    store.close()


def test_the_chain_is_that_of_the_specification() -> None:
    import hashlib

    inner = hashlib.sha256(b"\x00" + b"{}").digest()
    assert chain(b"p" * 32, "{}") == hashlib.sha256(b"\x01" + b"p" * 32 + inner).digest()
