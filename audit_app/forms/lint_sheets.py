"""Checks what stands in the sheets besides expressions: names, lists, headers, translations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from audit_app.forms.audit_columns import CHOICE_COLUMNS, SURVEY_COLUMNS
from audit_app.forms.audit_reader import cell, plain_header
from audit_app.forms.lint_source import Line, Source, plain_column
from audit_app.forms.nearest import nearest
from audit_app.forms.problems import Problem, error, info, warning
from audit_app.forms.sheets import Row, Sheet

_USED = ("survey", "choices", "settings")
_TRANSLATED = ("label", "hint", "guidance_hint", "constraint_message", "required_message")
_UNASKED = frozenset(
    {"geotrace", "geoshape", "background-audio", "select_one_external", "osm", "start-geopoint"}
)
_DECIDED_ELSEWHERE = frozenset({"label", "name", "type", "list_name", "relevant", "required"})
_LISTED = 8
_ATTRIBUTE = re.compile(r"(?:bind|control|body|instance)::(?P<name>.*)", re.IGNORECASE)
_SAFE = re.compile(r"(?:(?:jr|odk|orx|entities):)?[A-Za-z_][\w.-]*")
_WORD = re.compile(r"[\w.-]+")


def lint_sheets(source: Source, sheets: Mapping[str, Sheet]) -> Iterator[Problem]:
    """What is wrong with the sheets."""
    for name in _USED:
        if name in sheets:
            yield from _headers(sheets[name])
    if source.survey is not None and "namespaces" not in source.settings:
        yield from _attributes(source.survey)
    yield from _names(source)
    yield from _lists(source)
    yield from _choices(source)
    for line in source.lines:
        yield from _kind(source, line)
    yield from _languages(source)


def _headers(sheet: Sheet) -> Iterator[Problem]:
    seen: set[str] = set()
    for header in sheet.headers:
        if header in seen:
            yield error(f"Two columns are headed {header}.", sheet.name, 1, header)
        seen.add(header)
    if sheet.name.lower() == "settings":
        return
    own = SURVEY_COLUMNS if sheet.name.lower() != "choices" else CHOICE_COLUMNS
    for header in sheet.headers:
        plain = header.strip().lower()
        if plain.startswith("audit::"):
            yield error(
                f"Write audit_{plain[7:]} instead of {header}: a form cannot hold it otherwise.",
                sheet.name,
                1,
                header,
            )
        elif "::" not in header and plain_header(header) not in own:
            yield from _misspelt(sheet, header, own)


def _attributes(sheet: Sheet) -> Iterator[Problem]:
    """Columns that become attributes of the form, and would break it."""
    for header in sheet.headers:
        found = _ATTRIBUTE.match(header.strip())
        if found and not _SAFE.fullmatch(found["name"]):
            yield error(
                f"The column {header} would become an attribute no form can have.",
                sheet.name,
                1,
                header,
            )


def _misspelt(sheet: Sheet, header: str, own: tuple[str, ...]) -> Iterator[Problem]:
    plain = plain_header(header)
    if plain in _DECIDED_ELSEWHERE:
        return
    near = nearest(plain, own, likeness=0.8)
    if near:
        yield warning(
            f"The column {header} is not known, so nothing is done with it. Did you mean {near}?",
            sheet.name,
            1,
            header,
        )


def _names(source: Source) -> Iterator[Problem]:
    """Rows of one group that share a name."""
    first: dict[tuple[str, ...], Line] = {}
    for line in source.lines:
        if not line.name:
            continue
        before = first.setdefault(line.path, line)
        if before is not line:
            yield error(
                f"The name {line.name} is taken: row {before.row.number} has it too. "
                "Names must differ within a group.",
                source.survey_name,
                line.row.number,
                _header_of(line.row, "name", "value"),
            )


def _header_of(row: Row, *names: str) -> str:
    return next((h for h in row.cells if h.strip().lower() in names), names[0])


def _lists(source: Source) -> Iterator[Problem]:
    used = {line.list_name for line in source.lines if line.list_name}
    for line in source.lines:
        if line.list_name and source.choices is not None and line.list_name not in source.lists:
            near = nearest(line.list_name, source.lists)
            hint = f" Did you mean {near}?" if near else ""
            yield error(
                f"The sheet {source.choices.name} has no list {line.list_name}.{hint}",
                source.survey_name,
                line.row.number,
                _header_of(line.row, "type"),
            )
    yield from _unused(source, used)


def _unused(source: Source, used: set[str]) -> Iterator[Problem]:
    if source.choices is None or any("${" in line.kind for line in source.lines):
        return
    # A row may name a list in other ways than by its type, such as in instance('name').
    told = {
        word
        for line in source.lines
        for text in line.row.cells.values()
        for word in _WORD.findall(text)
    }
    told |= used
    for row in source.choices.rows:
        name = cell(row, "list_name", "list name")
        if name and name not in told:
            told.add(name)
            yield info(
                f"No question uses the list {name}.",
                source.choices.name,
                row.number,
                _header_of(row, "list_name", "list name"),
            )


def _choices(source: Source) -> Iterator[Problem]:
    """Choices of one list that share a name or have none."""
    if source.choices is None:
        return
    first: dict[tuple[str, str], int] = {}
    for row in source.choices.rows:
        name, choice = cell(row, "list_name", "list name"), cell(row, "name", "value")
        if not name or not choice:
            continue
        before = first.setdefault((name, choice), row.number)
        if before != row.number and not _may_repeat(source):
            yield error(
                f"The list {name} has {choice} twice: row {before} has it too. "
                "Remove one, or set allow_choice_duplicates to yes in the settings.",
                source.choices.name,
                row.number,
                _header_of(row, "name", "value"),
            )


def _may_repeat(source: Source) -> bool:
    allowed = source.settings.get("allow_choice_duplicates", "")
    return allowed.strip().lower() in {"yes", "true", "true()"}


def _kind(source: Source, line: Line) -> Iterator[Problem]:
    word = line.kind.split(" ", maxsplit=1)[0].lower()
    if word in _UNASKED:
        yield warning(
            f"Questions of the type {word} cannot be asked here yet; this one takes plain text.",
            source.survey_name,
            line.row.number,
            _header_of(line.row, "type"),
        )
    if word == "include":
        yield error(
            "Other files cannot be included.",
            source.survey_name,
            line.row.number,
            _header_of(line.row, "type"),
        )


def _languages(source: Source) -> Iterator[Problem]:
    """Words that one language has and another lacks."""
    for sheet in (source.survey, source.choices):
        if sheet is not None:
            for column in _TRANSLATED:
                yield from _translations(sheet, column)


def _translations(sheet: Sheet, column: str) -> Iterator[Problem]:
    headers = [h for h in sheet.headers if "::" in h and plain_column(h) == column]
    for header in headers:
        lacking = [
            row.number
            for row in sheet.rows
            if header not in row.cells and any(other in row.cells for other in headers)
        ]
        if lacking:
            rows = ", ".join(map(str, lacking[:_LISTED])) + (", …" if lacking[_LISTED:] else "")
            language = header.split("::", maxsplit=1)[1].strip()
            yield warning(
                f"{len(lacking)} texts have no {column} in {language} (rows {rows}); "
                "the default language is shown there.",
                sheet.name,
                lacking[0],
                header,
            )
    bare = next((h for h in sheet.headers if "::" not in h and plain_column(h) == column), None)
    if headers and bare is not None:
        yield warning(
            f"{bare} has a column without a language beside columns with one, "
            "which makes a language of its own. Head it with its language.",
            sheet.name,
            1,
            bare,
        )
