"""What an import found, line by line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing about a file its author should know.

    Attributes:
        sheet: sheet name, empty when it concerns the whole file.
        row: row as the spreadsheet program numbers it, 0 when unknown.
        column: header of the column, empty when unknown.
    """

    severity: Severity
    sheet: str
    row: int
    column: str
    message: str

    def as_dict(self) -> dict[str, str | int]:
        """For JSON."""
        return {
            "severity": self.severity,
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "message": self.message,
        }


def error(message: str, sheet: str = "", row: int = 0, column: str = "") -> Problem:
    """Something that keeps the file out."""
    return Problem("error", sheet, row, column, message)


def warning(message: str, sheet: str = "", row: int = 0, column: str = "") -> Problem:
    """Something that will probably not do what the author wants."""
    return Problem("warning", sheet, row, column, message)


def info(message: str, sheet: str = "", row: int = 0, column: str = "") -> Problem:
    """Something worth knowing."""
    return Problem("info", sheet, row, column, message)
