"""Takes in a checklist: an XLSForm spreadsheet or an XForm, whole or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from audit_app.errors import ImportRefused
from audit_app.forms.audit_columns import AuditColumns
from audit_app.forms.audit_reader import AuditSheets, read_audit_columns
from audit_app.forms.checklist import Checklist
from audit_app.forms.compiled import CompiledTemplate
from audit_app.forms.converter import converted
from audit_app.forms.lint import lint_form, lint_workbook
from audit_app.forms.problems import Problem, error, warning
from audit_app.forms.sheets import MAX_BYTES, is_xml, read_workbook

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
    problems = lint_workbook(sheets)
    form = converted(data, sheets)
    problems += _untold(form.problems, problems)
    if not form.xform:
        problems += read_audit_columns(sheets, "").problems
        return _refused(name, problems)
    try:
        first = CompiledTemplate.from_xform(form.xform, AuditColumns(), _SUFFIX.sub("", name))
    except ImportRefused as refused:
        return _refused(name, [*problems, error(str(refused))])
    found = read_audit_columns(sheets, first.form().root.name)
    problems += found.problems
    return _finished(form.xform, found, name, problems)


def _untold(said: Iterable[Problem], ours: list[Problem]) -> list[Problem]:
    """What the converter says, less what we have said better of the same row."""
    told = {(p.sheet.lower(), p.row) for p in ours if p.severity == "error" and p.row}
    out: list[Problem] = []
    for problem in said:
        known = told if problem.row == 0 else told & {(problem.sheet.lower(), problem.row)}
        if problem.severity != "error" or not known:
            out.append(problem)
    return out


def _import_xform(data: bytes, name: str) -> ImportResult:
    if len(data) > MAX_BYTES:
        raise ImportRefused(f"The file is larger than {MAX_BYTES // 1_000_000} MB.")
    try:
        xform = data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise ImportRefused("The file is not text in UTF-8.", "Save it again as UTF-8.") from wrong
    empty = AuditSheets(AuditColumns(), {}, {}, {}, "", "")
    return _finished(xform, empty, name, [])


def _finished(
    xform: str,
    found: AuditSheets,
    name: str,
    problems: list[Problem],
) -> ImportResult:
    template = CompiledTemplate.from_xform(xform, found.columns, _SUFFIX.sub("", name))
    problems += lint_form(template.form(), found)
    if any(problem.severity == "error" for problem in problems):
        return _refused(name, problems)
    checklist = Checklist.of(template)
    if not checklist.sections:
        problems.append(warning("This checklist asks nothing."))
    return ImportResult(
        template=template,
        title=template.title,
        questions=sum(len(section.questions) for section in checklist.sections),
        sections=len(checklist.sections),
        languages=template.languages,
        problems=_sorted(problems),
    )
