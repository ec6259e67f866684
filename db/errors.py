"""What goes wrong with the database file, said once, in words."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from audit_app.errors import StoreError
from db.connect import sqlcipher

_DAMAGED = (
    "The database is damaged.",
    "Do not enter more; restore the newest backup (the damaged file is kept aside).",
)
_DISK = (
    "The disk gave an error; this change was not saved.",
    "Check the disk and its free space, then try again; everything saved before is safe.",
)
_HELD = (
    "Another program holds the workspace; this change was not saved.",
    "Close the other program and try again.",
)
_READ_ONLY = (
    "The workspace is read-only; this change was not saved.",
    "Allow writing to its folder, or copy it to a disk that can be written.",
)
_WORDS: dict[int, tuple[str, str]] = {
    sqlite3.SQLITE_FULL: (
        "The disk is full; this change was not saved.",
        "Free some space and try again; everything saved before is safe.",
    ),
    sqlite3.SQLITE_READONLY: _READ_ONLY,
    sqlite3.SQLITE_PERM: _READ_ONLY,
    sqlite3.SQLITE_BUSY: _HELD,
    sqlite3.SQLITE_LOCKED: _HELD,
    sqlite3.SQLITE_NOTADB: (
        "The database cannot be opened: it is damaged, or this key file belongs to another one.",
        "Restore the newest backup; the present file is kept aside.",
    ),
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_IOERR: _DISK,
    sqlite3.SQLITE_CANTOPEN: (
        "The database cannot be opened.",
        "Check that the folder exists and can be read and written.",
    ),
}
"""By SQLite's primary result code; what is not here is a mistake of our own."""

_DISK_CODES = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY}


def code_of(error: BaseException) -> int:
    """SQLite's primary result code; 0 if the error is not the database's."""
    if isinstance(error, DBAPIError) and error.orig is not None:
        error = error.orig
    if not isinstance(error, sqlcipher.Error):
        return 0
    return int(getattr(error, "sqlite_errorcode", None) or 0) & 0xFF


def in_words(error: BaseException) -> StoreError | None:
    """The error as the auditor should read it; None if it is our own mistake."""
    words = _WORDS.get(code_of(error))
    return None if words is None else StoreError(*words)


def is_of_disk(error: BaseException) -> bool:
    """Whether the disk failed under a statement: such a connection is not used again.

    After a failed fsync the system may call pages clean that never reached the disk; a connection
    that starts afresh reads what is really there (RELIABILITY 2.4).
    """
    return code_of(error) in _DISK_CODES


@contextmanager
def translated() -> Iterator[None]:
    """Turn what SQLite says into a ``StoreError``; anything else passes as it is."""
    try:
        yield
    except (DBAPIError, sqlcipher.Error) as error:
        known = in_words(error)
        if known is None:
            raise
        raise known from error
