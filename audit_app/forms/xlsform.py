"""Takes in a checklist: an XLSForm spreadsheet or an XForm, whole or not at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from warnings import catch_warnings, simplefilter

from pyxform.errors import PyXFormError
from pyxform.xls2xform import convert

from audit_app.errors import ImportRefused
from audit_app.forms.audit_columns import AuditColumns
from audit_app.forms.audit_reader import AuditSheets, read_audit_columns
from audit_app.forms.checklist import Checklist
from audit_app.forms.compiled import CompiledTemplate
from audit_app.forms.lint import lint
from audit_app.forms.problems import Problem, error, warning
from audit_app.forms.sheets import MAX_BYTES, Sheet, is_xml, read_workbook

_ROW = re.compile(r"\[row\s*:\s*(\d+)\]")
_SHEET = re.compile(r"[Oo]n the '(\w+)' sheet")
_COLUMN = re.compile(r"(?:'(\w+)' (?:column|value)|column '(\w+)')")
_SUFFIX = re.compile(r"\.(xlsx|xlsm|xls|xml)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What became of a file.

    Attributes:
        template: the compiled checklist, None when an error kept the file out.
        questions: how many questions it asks, site facts left out.
        problems: everything found, errors first.
    """

    template: CompiledTemplate | None
    title: str
    questions: int
    sections: int
    languages: tuple[str, ...]
    problems: tuple[Problem, ...]


def import_xlsform(data: bytes, name: str) -> ImportResult:
    """Read, convert, check and freeze a checklist.

    Never raises for what is wrong with the file: every fault is a problem in the result.

    Args:
        data: bytes of an .xlsx, .xls or XForm .xml file.
        name: the file's name, for messages.
    """
    try:
        return _import(data, name)
    except _Unconvertible as refused:
        text = refused.message
        return _refused(name, [error(" ".join(text.split()), *_where(text))])
    except ImportRefused as refused:
        return _refused(name, [error(str(refused))])


def _refused(name: str, problems: list[Problem]) -> ImportResult:
    return ImportResult(None, _SUFFIX.sub("", name), 0, 0, (), _sorted(problems))


def _sorted(problems: list[Problem]) -> tuple[Problem, ...]:
    rank = {"error": 0, "warning": 1, "info": 2}
    unique = list(dict.fromkeys(problems))
    return tuple(sorted(unique, key=lambda p: (rank[p.severity], p.sheet, p.row)))


def _import(data: bytes, name: str) -> ImportResult:
    if is_xml(data):
        return _import_xform(data, name)
    sheets = read_workbook(data)
    xform, warnings = _converted(data)
    problems = [warning(text, *_where(text)) for text in warnings]
    first = CompiledTemplate.from_xform(xform, AuditColumns(), _SUFFIX.sub("", name))
    found = read_audit_columns(sheets, first.form().root.name)
    problems += found.problems
    return _finished(xform, found, sheets, name, problems)


def _import_xform(data: bytes, name: str) -> ImportResult:
    if len(data) > MAX_BYTES:
        raise ImportRefused(f"The file is larger than {MAX_BYTES // 1_000_000} MB.")
    try:
        xform = data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise ImportRefused("The file is not text in UTF-8.", "Save it again as UTF-8.") from wrong
    empty = AuditSheets(AuditColumns(), {}, {}, {}, "", "")
    return _finished(xform, empty, {}, name, [])


def _finished(
    xform: str,
    found: AuditSheets,
    sheets: dict[str, Sheet],
    name: str,
    problems: list[Problem],
) -> ImportResult:
    template = CompiledTemplate.from_xform(xform, found.columns, _SUFFIX.sub("", name))
    problems += lint(template.form(), found, sheets)
    if any(problem.severity == "error" for problem in problems):
        return _refused(name, problems)
    checklist = Checklist.of(template)
    return ImportResult(
        template=template,
        title=template.title,
        questions=sum(len(section.questions) for section in checklist.sections),
        sections=len(checklist.sections),
        languages=template.languages,
        problems=_sorted(problems),
    )


def _converted(data: bytes) -> tuple[str, list[str]]:
    """The XForm of a spreadsheet, and what the converter warns of.

    Raises:
        ImportRefused: the converter refuses it or fails on it.
    """
    try:
        with catch_warnings():
            simplefilter("ignore")
            result = convert(data, validate=False)
    except PyXFormError as refused:
        raise _Unconvertible(str(refused)) from refused
    except RecursionError as wrong:
        raise ImportRefused("The checklist is nested too deeply to be read.") from wrong
    except Exception as wrong:
        # The converter fails with raw exceptions on some forms (FORMS 3.1).
        raise ImportRefused(
            f"The form converter cannot read this checklist ({type(wrong).__name__}: {wrong}).",
            "Look for headers with :: in the choices sheet, attribute columns or stray cells.",
        ) from wrong
    return result.xform, list(result.warnings)


class _Unconvertible(ImportRefused):
    """Refused with the converter's own words, which name sheet and row."""


def _where(text: str) -> tuple[str, int, str]:
    row, sheet, column = _ROW.search(text), _SHEET.search(text), _COLUMN.search(text)
    return (
        sheet[1] if sheet else "survey" if row else "",
        int(row[1]) if row else 0,
        next((g for g in column.groups() if g), "") if column else "",
    )
