"""What SQLite says, in the auditor's words; our own mistakes are not dressed up as the disk's."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from audit_app.errors import StoreError
from db.connect import connect, sqlcipher
from db.errors import code_of, in_words, is_of_disk, translated
from tests.builders import a_store, save_vendor, vendor_names


def an_error(code: int) -> Exception:
    error = sqlcipher.OperationalError("what SQLite says")
    error.sqlite_errorcode = code
    assert isinstance(error, Exception)
    return error


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (sqlite3.SQLITE_FULL, "disk is full"),
        (sqlite3.SQLITE_READONLY_DBMOVED, "read-only"),
        (sqlite3.SQLITE_PERM, "read-only"),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, "Another program"),
        (sqlite3.SQLITE_LOCKED, "Another program"),
        (sqlite3.SQLITE_NOTADB, "cannot be opened"),
        (sqlite3.SQLITE_CORRUPT_INDEX, "damaged"),
        (sqlite3.SQLITE_IOERR_FSYNC, "disk gave an error"),
        (sqlite3.SQLITE_CANTOPEN, "cannot be opened"),
    ],
)
def test_every_trouble_has_one_sentence_and_a_way_out(code: int, words: str) -> None:
    for error in (an_error(code), OperationalError("SELECT 1", {}, an_error(code))):
        said = in_words(error)
        assert said is not None
        assert words in said.message
        assert said.message.endswith(".")
        assert said.hint


@pytest.mark.parametrize(
    "error",
    [
        KeyError("full_name"),
        ValueError("the door is locked"),
        OSError("disk i/o"),
        IntegrityError("INSERT", {}, sqlcipher.IntegrityError("UNIQUE failed: a.full")),
        an_error(sqlite3.SQLITE_ERROR),
        an_error(sqlite3.SQLITE_CONSTRAINT),
    ],
)
def test_a_mistake_of_our_own_is_not_told_as_one_of_the_disk(error: Exception) -> None:
    assert in_words(error) is None
    with pytest.raises(type(error)), translated():
        raise error


@pytest.mark.parametrize(
    ("code", "is_disk"),
    [
        (sqlite3.SQLITE_IOERR_WRITE, True),
        (sqlite3.SQLITE_FULL, True),
        (sqlite3.SQLITE_BUSY, False),
        (sqlite3.SQLITE_CONSTRAINT, False),
    ],
)
def test_the_disks_own_errors_end_a_connection(code: int, is_disk: bool) -> None:
    assert is_of_disk(OperationalError("COMMIT", {}, an_error(code))) is is_disk


def test_a_full_database_is_said_and_work_goes_on(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    save_vendor(store, "One")

    def fill(name: str) -> None:
        with store.write(actor="Lena", action="fill") as session:
            session.connection().exec_driver_sql("PRAGMA max_page_count=1")
            session.execute(text("INSERT INTO setting VALUES ('x', hex(zeroblob(900000)))"))

    with pytest.raises(StoreError, match="The disk is full") as error:
        fill("Two")
    assert code_of(error.value.__cause__ or error.value) == sqlite3.SQLITE_FULL
    save_vendor(store, "Three")
    assert vendor_names(store) == ["One", "Three"]
    store.close()


def test_a_database_held_by_another_program_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from db import connect as connecting

    patient = tuple(
        "busy_timeout=50" if pragma.startswith("busy") else pragma for pragma in connecting._PRAGMAS
    )
    monkeypatch.setattr(connecting, "_PRAGMAS", patient)
    store = a_store(tmp_path)
    other: Any = connect(store.path, store.key())
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreError, match="Another program holds the workspace"):
        save_vendor(store, "One")
    other.close()
    save_vendor(store, "Two")
    assert vendor_names(store) == ["Two"]
    store.close()
