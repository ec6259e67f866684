"""Reads spreadsheets from strangers: bounded, typed as text, rows numbered as on screen."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

import openpyxl
import xlrd
from openpyxl.xml import DEFUSEDXML

from audit_app.errors import ImportRefused

MAX_BYTES = 20_000_000
"""Largest file taken in."""

MAX_UNPACKED = 60_000_000
MAX_ENTRIES = 1_000
MAX_RATIO = 100
MAX_ROWS = 20_000
MAX_COLUMNS = 200
MAX_EMPTY_ROWS = 200
MAX_CELL = 32_767
"""What a spreadsheet program lets a cell hold; longer ones were made by other means."""

READ = frozenset({"survey", "choices", "settings", "about"})
"""The sheets that mean something here."""

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_CHUNK = 1 << 16
_MARKUP = (".xml", ".rels", ".vml")
# With or without the zeros between the letters that UTF-16 has.
_DOCTYPE = re.compile(rb"<\0?!\0?(?:D\0?O\0?C\0?T\0?Y\0?P\0?E|E\0?N\0?T\0?I\0?T\0?Y)")
# Below this unpacked size a high ratio is only a file full of blanks.
_RATIO_COUNTS_FROM = 10_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is not empty: cells by header as written, and the row's number on screen."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: its headers in order, and its rows."""

    name: str
    headers: tuple[str, ...]
    rows: tuple[Row, ...]


def is_xml(data: bytes) -> bool:
    """Whether the bytes look like an XML document."""
    start = data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"<")


def read_workbook(data: bytes) -> dict[str, Sheet]:
    """The sheets of an .xlsx or .xls file by lower-case name.

    Raises:
        ImportRefused: too large, not a spreadsheet, or damaged.
    """
    if not DEFUSEDXML:
        raise ImportRefused(
            "Spreadsheets cannot be opened safely on this installation.",
            "Reinstall Onsite: the package defusedxml is missing.",
        )
    if len(data) > MAX_BYTES:
        raise ImportRefused(
            f"The file is larger than {MAX_BYTES // 1_000_000} MB.",
            "Remove pictures and sheets the checklist does not need.",
        )
    if data.startswith(_ZIP):
        _check_zip(data)
        return _bounded(_read_xlsx, data)
    if data.startswith(_OLE):
        return _bounded(_read_xls, data)
    raise ImportRefused(
        "The file is not a spreadsheet.", "Save the checklist as .xlsx and choose that file."
    )


def _bounded(read: Callable[[bytes], dict[str, Sheet]], data: bytes) -> dict[str, Sheet]:
    try:
        with warnings.catch_warnings():
            # Extensions the reader does not know are of no concern for a checklist.
            warnings.simplefilter("ignore")
            return read(data)
    except ImportRefused:
        raise
    except Exception as wrong:
        # Damaged spreadsheets raise a dozen kinds of exception (RELIABILITY 4.3).
        raise ImportRefused(
            f"The spreadsheet is damaged and cannot be read ({type(wrong).__name__}).",
            "Open it in a spreadsheet program, save it again as .xlsx, and choose that file.",
        ) from wrong


def _check_zip(data: bytes) -> None:
    """Count what the archive really unpacks to, whatever its directory claims."""
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if len(entries) > MAX_ENTRIES:
                raise ImportRefused(f"The file holds more than {MAX_ENTRIES} parts.")
            for entry in entries:
                end = b""
                with archive.open(entry) as part:
                    while chunk := part.read(_CHUNK):
                        total += len(chunk)
                        if entry.filename.endswith(_MARKUP) and _DOCTYPE.search(end + chunk):
                            raise ImportRefused(
                                "The spreadsheet declares a document type, which none does.",
                                "It is made to do harm; ask its author for a new one.",
                            )
                        end = chunk[-32:]
                        if total > MAX_UNPACKED or (
                            total > _RATIO_COUNTS_FROM and total > MAX_RATIO * len(data)
                        ):
                            raise ImportRefused(
                                "The file unpacks to far more than a checklist needs.",
                                "It is damaged or made to do harm; ask its author for a new one.",
                            )
    except ImportRefused:
        raise
    except Exception as wrong:
        raise ImportRefused(
            f"The spreadsheet is damaged and cannot be unpacked ({type(wrong).__name__}).",
            "Ask its author for a new copy.",
        ) from wrong


def _read_xlsx(data: bytes) -> dict[str, Sheet]:
    book = openpyxl.load_workbook(
        io.BytesIO(data), read_only=True, data_only=True, keep_links=False
    )
    try:
        out: dict[str, Sheet] = {}
        for sheet in book.worksheets:
            if len(book.worksheets) > 1 and sheet.title.lower() not in READ:
                continue
            rows = sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS + 1, values_only=True)
            out.setdefault(sheet.title.lower(), _sheet(sheet.title, rows))
        return out
    finally:
        book.close()


def _read_xls(data: bytes) -> dict[str, Sheet]:
    book = xlrd.open_workbook(file_contents=data, logfile=io.StringIO())
    try:
        return {
            sheet.name.lower(): _sheet(sheet.name, _xls_rows(book, sheet))
            for sheet in book.sheets()
            if book.nsheets == 1 or sheet.name.lower() in READ
        }
    finally:
        book.release_resources()


def _xls_rows(book: xlrd.Book, sheet: xlrd.sheet.Sheet) -> Iterator[tuple[object, ...]]:
    for row in sheet.get_rows():
        out: list[object] = []
        for cell in row:
            if cell.ctype == xlrd.XL_CELL_BOOLEAN:
                out.append(bool(cell.value))
            elif cell.ctype == xlrd.XL_CELL_DATE:
                out.append(str(xlrd.xldate_as_tuple(float(cell.value), book.datemode)))
            else:
                out.append(cell.value)
        yield tuple(out)


def _sheet(name: str, rows: Iterable[tuple[object, ...]]) -> Sheet:
    headers: list[str] = []
    found: list[Row] = []
    empty = 0
    for number, values in enumerate(rows, 1):
        texts = [cell_text(value) for value in values]
        if not any(texts):
            empty += 1
            if empty > MAX_EMPTY_ROWS:
                break
            continue
        empty = 0
        if max(map(len, texts)) > MAX_CELL:
            raise ImportRefused(
                f"Row {number} of the sheet {name} has a cell of more than {MAX_CELL:,} characters.",
                "Shorten it; no spreadsheet program could show it.",
            )
        if number > MAX_ROWS:
            raise ImportRefused(f"The sheet {name} has more than {MAX_ROWS:,} rows.")
        if number == 1:
            headers = texts
            if sum(map(bool, headers)) > MAX_COLUMNS:
                raise ImportRefused(f"The sheet {name} has more than {MAX_COLUMNS} columns.")
            continue
        cells = {
            header: text for header, text in zip(headers, texts, strict=False) if header and text
        }
        if cells:
            found.append(Row(number, cells))
    return Sheet(name, tuple(h for h in headers if h), tuple(found))


def cell_text(value: object) -> str:
    """A cell as text, whole numbers without a decimal point."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() | date() | time():
            return str(value)
        case _:
            return str(value).replace("\xa0", " ").strip()
