"""The store on real encrypted files: opening, writing, refusing, going on."""

import os
import sqlite3
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError, StatementError

from audit_app.errors import NotFound, StoreError
from db.connect import connect
from db.store import Store
from db.tables import Vendor
from tests.builders import StillClock, a_store, save_vendor, vendor_names


def test_what_is_written_is_read_after_reopening(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    vendor_id = save_vendor(store, "Nordwind")
    store.close()
    store = Store.open(tmp_path, StillClock())
    with store.read() as session:
        assert session.get_one(Vendor, vendor_id).name == "Nordwind"
    store.close()


def test_saved_means_on_disk(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    for engine in (store._writer, store._reader):
        with engine.connect() as connection:
            said = [
                connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                for name in ("journal_mode", "synchronous", "fullfsync", "checkpoint_fullfsync")
            ]
        assert said == ["wal", 2, 1, 1]
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
    assert vendor_names(store) == []
    store.close()


def test_a_folder_without_a_workspace_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no workspace"):
        Store.open(tmp_path, StillClock())


def test_a_second_workspace_in_one_folder_is_refused(tmp_path: Path) -> None:
    a_store(tmp_path).close()
    with pytest.raises(StoreError, match="already"):
        a_store(tmp_path)


def test_a_database_without_its_key_file_is_not_overwritten(tmp_path: Path) -> None:
    a_store(tmp_path).close()
    for name in ("vault.json", "vault.copy.json"):
        (tmp_path / name).unlink()
    before = (tmp_path / "store.db").read_bytes()
    with pytest.raises(StoreError, match="without its key file"):
        a_store(tmp_path)
    assert (tmp_path / "store.db").read_bytes() == before


@pytest.mark.parametrize("loss", ["gone", "empty"])
def test_a_lost_database_is_never_replaced_by_an_empty_one(tmp_path: Path, loss: str) -> None:
    store = a_store(tmp_path)
    save_vendor(store, "Nordwind")
    store.close()
    (tmp_path / "store.db").unlink()
    if loss == "empty":
        (tmp_path / "store.db").touch()
    with pytest.raises(StoreError, match=rf"{loss}.*Restore|is {loss}"):
        Store.open(tmp_path, StillClock())


def test_a_workspace_whose_making_was_cut_short_is_made_to_its_end(tmp_path: Path) -> None:
    a_store(tmp_path).close()
    (tmp_path / "store.db").unlink()
    (tmp_path / "beginning").touch()
    Store.open(tmp_path, StillClock()).close()
    assert not (tmp_path / "beginning").exists()


def test_what_a_crash_left_half_written_goes_at_the_next_start(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    sha256 = store.photos.put(b"whole")
    store.close()
    left = [tmp_path / "vault.json.1f.part", tmp_path / "photos" / sha256[:2] / "ab.2e.part"]
    for part in left:
        part.write_bytes(b"half")
    store = Store.open(tmp_path, StillClock())
    assert [part for part in left if part.exists()] == []
    assert store.photos.get(sha256) == b"whole"
    store.close()


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
    with pytest.raises(StoreError, match="damaged"):
        Store.open(tmp_path, StillClock())


def test_a_foreign_database_is_refused(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    connection = connect(store.path, store.key())
    connection.execute("PRAGMA application_id=7")
    connection.close()
    store.close()
    with pytest.raises(StoreError, match="another program"):
        Store.open(tmp_path, StillClock())


def test_a_naive_moment_is_never_stored(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    with (
        pytest.raises(StatementError, match="time zone"),
        store.write(actor="Lena", action="naive") as session,
    ):
        vendor = Vendor(id=store.clock.new_id(), scope="v", code="N", name="x")
        vendor.deleted_at = datetime(2026, 1, 1)  # noqa: DTZ001 (the fault under test)
        session.add(vendor)
    store.close()
