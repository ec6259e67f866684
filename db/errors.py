"""What goes wrong with the disk or the file, said once, in words."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError

from audit_app.errors import StoreError

_WORDS: tuple[tuple[str, str, str], ...] = (
    (
        "full",
        "The disk is full; this change was not saved.",
        "Free some space and try again; everything saved before is safe.",
    ),
    (
        "readonly",
        "The workspace is read-only; this change was not saved.",
        "Allow writing to its folder, or copy it to a disk that can be written.",
    ),
    (
        "locked",
        "Another program holds the workspace; this change was not saved.",
        "Close the other program and try again.",
    ),
    (
        "not a database",
        "The database cannot be opened: the key does not fit, or it is not our file.",
        "Check the passphrase; if it is right, restore a backup.",
    ),
    (
        "malformed",
        "The database is damaged.",
        "Do not enter more; restore the newest backup (the damaged file is kept aside).",
    ),
    (
        "disk i/o",
        "The disk gave an error; this change was not saved.",
        "Check the disk and its free space, then open the workspace again.",
    ),
    (
        "unable to open",
        "The database cannot be opened.",
        "Check that the folder exists and can be read and written.",
    ),
)


def in_words(error: BaseException) -> StoreError | None:
    """The error as the auditor should read it; None if it is our own mistake."""
    text = str(error).lower()
    for sign, message, hint in _WORDS:
        if sign in text or sign in text.replace(" ", ""):
            return StoreError(message, hint)
    return None


@contextmanager
def translated() -> Iterator[None]:
    """Turn what SQLite says into a ``StoreError``; anything else passes as it is."""
    try:
        yield
    except DBAPIError as error:
        known = in_words(error.orig or error)
        if known is None:
            raise
        raise known from error
