"""Errors the auditor is told about, apart from our own mistakes."""


class AuditError(Exception):
    """Something the auditor can understand and act on.

    Attributes:
        message: one sentence saying what happened and where.
        hint: one sentence saying what to do; may be empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class StoreError(AuditError):
    """The workspace cannot be read or written: full, locked, read-only, damaged, wrong key, newer."""


class WorkspaceBusy(StoreError):
    """Another window or command has the workspace open; nothing is wrong with it."""


class WrongKey(StoreError):
    """What was given does not open the workspace; nothing is wrong with it."""


class ImportRefused(AuditError):
    """A file from outside was not taken in; nothing of it was kept."""


class NotAllowed(AuditError):
    """The rules of the audit forbid this step now, such as changing a signed audit."""


class NotFound(AuditError):
    """The thing asked for is not in this workspace."""
