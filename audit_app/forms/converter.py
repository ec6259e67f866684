"""Runs the form converter over a spreadsheet, and places what it says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from warnings import catch_warnings, simplefilter

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from audit_app.forms.problems import Problem, error, warning
from audit_app.forms.sheets import Sheet

_ROW = re.compile(r"\[row\s*:\s*(\d+)\]\s*")
_SHEET = re.compile(r"(?:[Oo]n the|sheet:?) '(\w+)'(?: sheet)?(?:, )?")
_COLUMN = re.compile(r"(?:'(\w+)' (?:column|value)|column '(\w+)')")
_QUOTED = re.compile(r"['\[“]([^'\[\]“”]{1,100})['\]”]")


@dataclass(frozen=True, slots=True)
class Converted:
    """What the converter made of a spreadsheet: an XForm, or problems among them an error."""

    xform: str
    problems: tuple[Problem, ...]


def converted(data: bytes, sheets: Mapping[str, Sheet]) -> Converted:
    """The XForm of a spreadsheet.

    Args:
        sheets: the same spreadsheet as we read it, to find the place of what is said of it.
    """
    try:
        with catch_warnings():
            simplefilter("ignore")
            result = convert(data, validate=False)
    except PyXFormError as refused:
        return Converted("", (error(*_placed(str(refused), sheets)),))
    except RecursionError:
        return Converted("", (error("The checklist is nested too deeply to be read."),))
    except Exception as wrong:
        # The converter fails with raw exceptions on some forms (FORMS 3.1).
        text = (
            f"The form converter cannot read this checklist ({type(wrong).__name__}: {wrong}). "
            "Look for headers with :: in the choices sheet, attribute columns or stray cells."
        )
        return Converted("", (error(*_placed(text, sheets)),))
    told = tuple(warning(*_placed(text, sheets)) for text in result.warnings)
    return Converted(result.xform, told)


def _placed(text: str, sheets: Mapping[str, Sheet]) -> tuple[str, str, int, str]:
    """The words without their place, then the place: sheet, row, column."""
    row, sheet, column = _ROW.search(text), _SHEET.search(text), _COLUMN.search(text)
    name = sheet[1] if sheet else "survey" if row else ""
    words = " ".join(_ROW.sub("", text).split())
    if row:
        header = next((g for g in column.groups() if g), "") if column else ""
        words = re.sub(r"^On the '\w+' sheet, the", "The", words)
        return words, name, int(row[1]), header
    return words, *_found(text, {name: sheets[name]} if name in sheets else sheets)


def _found(text: str, sheets: Mapping[str, Sheet]) -> tuple[str, int, str]:
    """The first cell that holds what the words quote; a place is worth more than none."""
    quoted = [match[1] for match in _QUOTED.finditer(text)]
    for word in quoted:
        for sheet in sheets.values():
            for header in sheet.headers:
                if word in {header, header.rpartition("::")[2]}:
                    return sheet.name, 1, header
            for number, header in _cells(sheet, word):
                return sheet.name, number, header
    return "", 0, ""


def _cells(sheet: Sheet, word: str) -> Iterator[tuple[int, str]]:
    for row in sheet.rows:
        for header, cell in row.cells.items():
            if cell.strip() == word:
                yield row.number, header
