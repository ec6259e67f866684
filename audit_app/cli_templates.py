"""Commands about checklists."""

import argparse
from pathlib import Path

from audit_app.cli_workspace import Answer, services_of
from audit_app.errors import AuditError, NotFound
from audit_app.forms.xlsform import ImportResult, import_xlsform
from audit_app.services import Services
from audit_app.services.programme_rows import TemplateRow


def read_file(path: Path) -> bytes:
    """The bytes of a file the user named.

    Raises:
        AuditError: it cannot be read.
    """
    try:
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise AuditError(f"{path} cannot be read: {reason}.", "Check the path.") from error


def write_file(path: Path, data: bytes) -> None:
    """Write a file the user named, whole or not at all.

    Raises:
        StoreError: it cannot be written.
    """
    from db.files import write_durably

    write_durably(path, data)


def check_json(result: ImportResult) -> dict[str, object]:
    """The result of a check as ``--json`` prints it."""
    return {
        "ok": result.template is not None,
        "title": result.title,
        "questions": result.questions,
        "sections": result.sections,
        "languages": list(result.languages),
        "problems": [
            {
                "severity": str(problem.severity),
                "sheet": problem.sheet,
                "row": problem.row,
                "column": problem.column,
                "message": problem.message,
            }
            for problem in result.problems
        ],
    }


def _check_lines(result: ImportResult) -> list[str]:
    lines = [
        f"{problem.severity}: {_place(problem.sheet, problem.row, problem.column)}{problem.message}"
        for problem in result.problems
    ]
    if result.template is None:
        return [*lines, "Not importable."]
    return [
        *lines,
        (
            f"“{result.title}”: {result.questions} questions in {result.sections} sections, "
            f"languages: {', '.join(result.languages) or 'one'}."
        ),
    ]


def _place(sheet: object, row: object, column: object) -> str:
    parts = [f"sheet {sheet}" if sheet else "", f"row {row}" if row else ""]
    parts.append(f"column {column}" if column else "")
    place = ", ".join(part for part in parts if part)
    return f"{place}: " if place else ""


def _check(args: argparse.Namespace) -> Answer:
    data = read_file(args.file)
    result = import_xlsform(data, args.file.name)
    return check_json(result), _check_lines(result), 0 if result.template else 1


def _import(args: argparse.Namespace) -> Answer:
    data = read_file(args.file)
    with services_of(args, create=True) as services:
        imported = services.templates.import_file(data, args.file.name)
    body = check_json(imported.result) | {
        "id": str(imported.version_id) if imported.version_id else None,
        "already_here": imported.already_here,
    }
    lines = _check_lines(imported.result)
    if imported.already_here:
        lines.append("This very version was here already; nothing was added.")
    return body, lines, 0 if imported.version_id else 1


def _list(args: argparse.Namespace) -> Answer:
    with services_of(args) as services:
        rows = services.templates.listed()
    body = [
        {
            "id": str(row.id),
            "title": row.title,
            "version": row.version,
            "questions": row.questions,
            "sections": row.sections,
            "languages": list(row.languages),
            "sha256": row.sha256,
            "audits": row.audits,
        }
        for row in rows
    ]
    lines = [f"{row.title} {row.version}: {row.questions} questions" for row in rows]
    return body, lines or ["No checklists yet."], 0


def _export(args: argparse.Namespace) -> Answer:
    with services_of(args) as services:
        row = _find(services, args.template)
        name, data = services.templates.export(row.id)
    write_file(args.out, data)
    body = {"ok": True, "file": str(args.out), "name": name, "bytes": len(data)}
    return body, [f"Wrote {row.title} {row.version} to {args.out}."], 0


def _find(services: Services, words: str) -> TemplateRow:
    rows = services.templates.listed()
    wanted = words.casefold()
    for row in rows:
        names = {str(row.id), row.sha256, row.title.casefold(), row.form_id.casefold()}
        if wanted in names:
            return row
    raise NotFound(f"There is no checklist “{words}”.", "List them with “template list”.")


HANDLERS = {
    "template check": _check,
    "template import": _import,
    "template list": _list,
    "template export": _export,
}
