"""Reads the audit columns of a spreadsheet and checks what they say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from audit_app.domain.words import Critical, Direction, Grade, Tone
from audit_app.forms.audit_columns import (
    CHOICE_COLUMNS,
    SETTINGS_COLUMNS,
    SURVEY_COLUMNS,
    AuditColumns,
)
from audit_app.forms.problems import Problem, error
from audit_app.forms.sheets import Row, Sheet

Refuse = Callable[[str], None]
"""Notes what is wrong with a cell."""

SCORE_KINDS = ("sample", "review-result")
EVIDENCE_WORDS = ("never", "always", "on-finding", "optional")
_EVIDENCE_ALIASES = {
    "required": "always",
    "yes": "always",
    "true": "always",
    "on_fail": "on-finding",
    "on-fail": "on-finding",
    "on_finding": "on-finding",
    "no": "never",
    "none": "never",
    "false": "never",
}
_YES = frozenset({"yes", "true", "1", "y", "x"})
_NO = frozenset({"no", "false", "0", "n", ""})
_NUMBERS = {"weight": (0, None), "target": (None, None), "amber": (None, None)}
_MARKS = frozenset({"pass_mark", "amber_mark"})
_DIRECTIONS = {
    "higher": "higher-better",
    "lower": "lower-better",
    "up": "higher-better",
    "down": "lower-better",
}
BEGIN = frozenset({"begin group", "begin repeat", "begin loop"})
END = frozenset({"end group", "end repeat", "end loop"})
# The type of a row may carry a list name, and authors write begin_group with either sign.
_SEPARATORS = str.maketrans("_-", "  ")


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the spreadsheet something stands."""

    sheet: str
    row: int


@dataclass(slots=True)
class AuditSheets:
    """The audit columns, and where everything stands, for messages.

    Attributes:
        rows: path of names → row of the survey.
        choice_rows: (list, choice) → row of the choices sheet.
        lists: list → names of its choices, in order.
        survey: name of the survey sheet as its author wrote it.
    """

    columns: AuditColumns
    rows: dict[tuple[str, ...], Row]
    choice_rows: dict[tuple[str, str], int]
    lists: dict[str, list[str]]
    survey: str
    choices: str
    problems: list[Problem] = field(default_factory=list)


def plain_header(header: str) -> str:
    """A header without case, language, prefix ``audit_`` and spelling of its gaps."""
    name = header.split("::", maxsplit=1)[0].strip().lower().replace(" ", "_").replace("-", "_")
    return name.removeprefix("audit_")


def row_type(row: Row) -> str:
    """The type of a survey row, begin and end words in one spelling."""
    text = next((v for k, v in row.cells.items() if k.strip().lower() == "type"), "").strip()
    plain = " ".join(text.lower().translate(_SEPARATORS).split())
    for word in (*BEGIN, *END):
        if plain == word or plain.startswith(f"{word} "):
            return word
    return text


def cell(row: Row, *names: str) -> str:
    """A cell by plain header name."""
    for header, text in row.cells.items():
        if header.strip().lower() in names:
            return text.strip()
    return ""


def survey_of(sheets: Mapping[str, Sheet]) -> Sheet | None:
    """The sheet with the questions: ``survey``, or the only one there is."""
    if len(sheets) == 1 and not sheets.keys() & {"choices", "settings", "about"}:
        return next(iter(sheets.values()))
    return sheets.get("survey")


def read_audit_columns(sheets: Mapping[str, Sheet], root: str) -> AuditSheets:
    """The audit columns of a workbook.

    Args:
        root: name of the form's root element, the first name of every path.
    """
    problems: list[Problem] = []
    questions: dict[str, dict[str, str]] = {}
    rows: dict[tuple[str, ...], Row] = {}
    survey = survey_of(sheets)
    for path, row in placed_rows(survey):
        names = (root, *path)
        rows.setdefault(names, row)
        cells = dict(_audit_cells(row, SURVEY_COLUMNS, survey.name if survey else "", problems))
        if cells:
            questions["/" + "/".join(names)] = cells
    choice_sheet = sheets.get("choices")
    choices, choice_rows, lists = _read_choices(choice_sheet, problems)
    return AuditSheets(
        AuditColumns(
            questions,
            choices,
            _read_settings(sheets.get("settings"), problems),
            _read_about(sheets.get("about")),
        ),
        rows,
        choice_rows,
        lists,
        survey.name if survey is not None else "survey",
        choice_sheet.name if choice_sheet is not None else "choices",
        problems,
    )


def _read_choices(
    sheet: Sheet | None, problems: list[Problem]
) -> tuple[dict[str, dict[str, dict[str, str]]], dict[tuple[str, str], int], dict[str, list[str]]]:
    columns: dict[str, dict[str, dict[str, str]]] = {}
    rows: dict[tuple[str, str], int] = {}
    lists: dict[str, list[str]] = {}
    for row in sheet.rows if sheet is not None else ():
        name = cell(row, "list_name", "list name")
        choice = cell(row, "name", "value")
        if not name or not choice:
            continue
        rows.setdefault((name, choice), row.number)
        lists.setdefault(name, []).append(choice)
        title = sheet.name if sheet is not None else ""
        cells = dict(_audit_cells(row, CHOICE_COLUMNS, title, problems))
        if cells:
            columns.setdefault(name, {})[choice] = cells
    return columns, rows, lists


def _read_settings(sheet: Sheet | None, problems: list[Problem]) -> dict[str, str]:
    if sheet is None or not sheet.rows:
        return {}
    return dict(_audit_cells(sheet.rows[0], SETTINGS_COLUMNS, sheet.name, problems))


def _read_about(sheet: Sheet | None) -> dict[str, str]:
    """The sheet ``about``: one line each, a word and its text."""
    if sheet is None or len(sheet.headers) < 2:
        return {}
    key, value = sheet.headers[:2]
    return {
        row.cells[key]: row.cells[value] for row in sheet.rows if {key, value} <= set(row.cells)
    }


def placed_rows(survey: Sheet | None) -> Iterator[tuple[tuple[str, ...], Row]]:
    """Survey rows with the path of names that leads to them."""
    path: list[str] = []
    for row in survey.rows if survey is not None else ():
        kind = row_type(row)
        name = cell(row, "name", "value")
        if kind in END:
            if path:
                path.pop()
            continue
        if kind in BEGIN:
            path.append(name)
            yield tuple(path), row
        elif kind:
            yield (*path, name), row


def _audit_cells(
    row: Row, known: tuple[str, ...], sheet: str, problems: list[Problem]
) -> Iterator[tuple[str, str]]:
    for header, text in row.cells.items():
        name = plain_header(header)
        if name not in known or "::" in header:
            continue
        value = _checked(name, text.strip(), Place(sheet, row.number), problems)
        if value is not None:
            yield name, value


def _checked(name: str, text: str, place: Place, problems: list[Problem]) -> str | None:
    """The cell in its canonical spelling; None, and a problem, when it makes no sense."""

    def refuse(message: str) -> None:
        problems.append(error(message, place.sheet, place.row, name))

    if name in _NUMBERS or name in _MARKS or name == "evidence_min":
        return _checked_number(name, text, refuse)
    if name == "score":
        return _checked_number(name, text, refuse)
    if name in {"excludes", "lowers_coverage", "comment_required"}:
        plain = text.lower()
        if plain in _YES or plain in _NO:
            return "yes" if plain in _YES else None
        refuse(f"Write yes or leave it empty; found {text!r}.")
        return None
    if name == "critical":
        plain = text.lower()
        if plain in _NO:
            return None
        if plain in _YES or plain == Critical.FORM:
            return Critical.FORM.value
        if plain == Critical.SECTION:
            return plain
        refuse(f"Write yes, form, section or leave it empty; found {text!r}.")
        return None
    if name == "evidence":
        return _checked_evidence(text, refuse)
    if name in _WORDS:
        return _checked_word(name, text, refuse)
    return text


def _checked_number(name: str, text: str, refuse: Refuse) -> str | None:
    try:
        value = Decimal(text.rstrip("%").strip().replace(",", "."))
    except InvalidOperation:
        refuse(f"A number is expected; found {text!r}.")
        return None
    if not value.is_finite():
        refuse(f"A number is expected; found {text!r}.")
        return None
    if name in {"weight", "evidence_min"} and value < 0:
        refuse("This cannot be below 0.")
        return None
    if name in _MARKS and not 0 <= value <= 100:
        refuse("A mark lies between 0 and 100 percent.")
        return None
    if name == "evidence_min" and value != int(value):
        refuse("This counts pieces of evidence; write a whole number.")
        return None
    return format(value.normalize(), "f") if value else "0"


def _checked_evidence(text: str, refuse: Refuse) -> str | None:
    plain = text.lower()
    plain = _EVIDENCE_ALIASES.get(plain, plain)
    if plain in EVIDENCE_WORDS:
        return plain
    if not any(sign in text for sign in "=<>($/"):
        refuse(f"Write one of {', '.join(EVIDENCE_WORDS)}, or an expression; found {text!r}.")
        return None
    return text


def _checked_word(name: str, text: str, refuse: Refuse) -> str | None:
    plain = text.lower().replace("_", "-").replace(" ", "-")
    plain = _DIRECTIONS.get(plain, plain) if name == "direction" else plain
    plain = "review-result" if name == "score_kind" and plain == "review" else plain
    allowed = _WORDS[name]
    if plain in allowed:
        return plain
    refuse(f"Write one of {', '.join(allowed)}; found {text!r}.")
    return None


def _values(words: type[StrEnum]) -> tuple[str, ...]:
    return tuple(word.value for word in words)


_WORDS: Mapping[str, tuple[str, ...]] = {
    "finding": _values(Grade),
    "tone": _values(Tone),
    "direction": _values(Direction),
    "score_kind": SCORE_KINDS,
}
