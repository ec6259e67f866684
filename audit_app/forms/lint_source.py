"""The survey sheet as the linter reads it: what each row asks, and which cells hold expressions."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from audit_app.forms.audit_reader import (
    BEGIN,
    EVIDENCE_WORDS,
    cell,
    placed_rows,
    plain_header,
    row_type,
    survey_of,
)
from audit_app.forms.sheets import Row, Sheet

NAME = re.compile(r"\$\{\s*([^{}]*?)\s*\}")
"""A question named in an expression or a text."""

_OWN = re.compile(r"^(bind|control|body)::?")
_ALIASES = {
    "relevance": "relevant",
    "calculate": "calculation",
    "read_only": "readonly",
    "count": "repeat_count",
    "jr:count": "repeat_count",
}
_EXPRESSIONS = frozenset(
    {"relevant", "calculation", "constraint", "required", "readonly", "choice_filter"}
)
_WORDS = frozenset({"yes", "no", "true", "false", "true()", "false()"})
_SELECT = re.compile(r"^(?:add )?(?:select|rank)\S*(?: .*)? (?P<list>\S+)$")
_OTHER = re.compile(r"\s+or(_|\s+specify\s+|\s+)other$")
_FILES = (".csv", ".xml", ".geojson")


@dataclass(frozen=True, slots=True)
class Expression:
    """A cell that is evaluated.

    Attributes:
        column: its plain name: relevant, calculation, constraint …
        header: the header as its author wrote it.
    """

    column: str
    header: str
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the survey sheet.

    Attributes:
        path: names from the outermost group to this row.
        list_name: the list a select reads in the choices sheet; empty for others and for files.
    """

    row: Row
    kind: str
    name: str
    path: tuple[str, ...]
    list_name: str
    expressions: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A workbook, laid out.

    Attributes:
        names: every name of the survey → the lines that carry it.
        lists: list → its choices, in order.
    """

    survey: Sheet | None
    choices: Sheet | None
    lines: tuple[Line, ...]
    names: Mapping[str, Sequence[Line]]
    lists: Mapping[str, Collection[str]]
    settings: Mapping[str, str]

    @classmethod
    def of(cls, sheets: Mapping[str, Sheet]) -> Source:
        """The workbook with these sheets."""
        survey, choices = survey_of(sheets), sheets.get("choices")
        lines = tuple(_line(path, row) for path, row in placed_rows(survey))
        names: dict[str, list[Line]] = {}
        for line in lines:
            names.setdefault(line.name, []).append(line)
        lists: dict[str, dict[str, None]] = {}
        for row in choices.rows if choices is not None else ():
            name, choice = cell(row, "list_name", "list name"), cell(row, "name", "value")
            if name and choice:
                lists.setdefault(name, {})[choice] = None
        settings = sheets.get("settings")
        first = settings.rows[0].cells if settings is not None and settings.rows else {}
        return cls(survey, choices, lines, names, lists, first)

    @property
    def survey_name(self) -> str:
        """The survey sheet's name as its author wrote it."""
        return self.survey.name if self.survey is not None else "survey"


def plain_column(header: str) -> str:
    """A header of the survey sheet in the one spelling we know it by, without its language."""
    text = _OWN.sub("", header.strip().lower())
    text = text.split("::", maxsplit=1)[0].strip().replace(" ", "_")
    return _ALIASES.get(text, text)


def _line(path: tuple[str, ...], row: Row) -> Line:
    kind = row_type(row)
    found = _SELECT.match(_OTHER.sub("", " ".join(kind.split())))
    list_name = found["list"] if found and not found["list"].endswith(_FILES) else ""
    return Line(
        row=row,
        kind=kind,
        name=path[-1],
        path=path,
        list_name="" if "${" in list_name else list_name,
        expressions=tuple(_expressions(row, kind)),
    )


def _expressions(row: Row, kind: str) -> Iterator[Expression]:
    for header, text in row.cells.items():
        column = plain_column(header)
        if (
            (column == "repeat_count" and kind in BEGIN)
            or (column in _EXPRESSIONS and text.strip().lower() not in _WORDS)
            or (column == "default" and _is_dynamic(text))
        ):
            yield Expression(column, header, text)
        elif plain_header(header) == "evidence" and _is_rule(text):
            yield Expression("evidence", header, text)


def _is_dynamic(default: str) -> bool:
    """Whether a default is evaluated rather than taken as it stands; as the converter decides."""
    return bool(NAME.search(default) or re.match(r"[\w:-]+\(.*\)$", default.strip(), re.DOTALL))


def _is_rule(evidence: str) -> bool:
    return any(sign in evidence for sign in "=<>($/") and evidence not in EVIDENCE_WORDS
