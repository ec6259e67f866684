"""Reads every expression of a checklist as its author wrote it, and says what is wrong where."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from audit_app.forms.lint_source import NAME, Expression, Line, Source
from audit_app.forms.nearest import nearest
from audit_app.forms.problems import Problem, error, info, warning
from audit_app.forms.xpath.calls import call_problem
from audit_app.forms.xpath.errors import XPathError
from audit_app.forms.xpath.functions_strings import pattern
from audit_app.forms.xpath.parser import parse
from audit_app.forms.xpath.syntax import Call, Chain, Expr, Path, Text, parts

MAX_LENGTH = 32_767
"""Longest expression read; no spreadsheet program lets a cell grow longer."""

_SHOWN = 100
_LAST_SAVED = "last-saved#"
_ABSENT = frozenset({"last", "floor", "ceiling", "substring"})
_COMPARED = frozenset({"=", "!="})


def lint_expressions(source: Source) -> Iterator[Problem]:
    """What is wrong with the expressions, and with the names that texts mention."""
    for line in source.lines:
        for expression in line.expressions:
            yield from _Cell(source, line, expression).problems()
        yield from _texts(source, line)


def _texts(source: Source, line: Line) -> Iterator[Problem]:
    checked = {expression.header for expression in line.expressions}
    for header, text in line.row.cells.items():
        if header not in checked:
            for name in _unknown_names(source, text):
                yield error(_no_question(source, name), source.survey_name, line.row.number, header)


def _unknown_names(source: Source, text: str) -> Iterator[str]:
    for match in NAME.finditer(text):
        name = match[1].removeprefix(_LAST_SAVED)
        if name not in source.names:
            yield name


def _no_question(source: Source, name: str) -> str:
    near = nearest(name, source.names)
    hint = f" Did you mean ${{{near}}}?" if near else ""
    return f"There is no question named {name[:_SHOWN]}.{hint}"


class _Cell:
    """One cell with an expression."""

    def __init__(self, source: Source, line: Line, expression: Expression) -> None:
        self._source = source
        self._line = line
        self._cell = expression
        self._place = (source.survey_name, line.row.number, expression.header)
        # Names of the questions by the place where the text has them.
        self._named: dict[int, str] = {}

    def problems(self) -> Iterator[Problem]:
        text = self._cell.text
        if len(text) > MAX_LENGTH:
            yield error(f"The expression is longer than {MAX_LENGTH:,} characters.", *self._place)
            return
        unknown = list(dict.fromkeys(_unknown_names(self._source, text)))
        for name in unknown:
            yield error(_no_question(self._source, name), *self._place)
        try:
            expr = parse(NAME.sub(self._placeholder, text))
        except XPathError as wrong:
            yield error(self._words(wrong), *self._place)
            return
        yield from self._walk(expr)

    def _placeholder(self, match: re.Match[str]) -> str:
        """A name as long as what it stands for, so that places in the text stay true."""
        self._named[match.start() + 1] = match[1]
        return f" {'_' * (len(match[0]) - 2)} "

    def _words(self, wrong: XPathError) -> str:
        """The message, with the place marked in the author's own text."""
        if wrong.position < 0:
            return str(wrong)
        text, at = self._cell.text, wrong.position
        before, after = text[max(0, at - 20) : at], text[at : at + 20]
        left = "…" if at > 20 else ""
        right = "…" if len(text) > at + 20 else ""
        return f"{wrong} The text: {left}{before}▸{after}{right}"

    def _walk(self, expr: Expr) -> Iterator[Problem]:
        stack = [expr]
        while stack:
            part = stack.pop()
            if isinstance(part, Call):
                yield from self._call(part)
            elif isinstance(part, Chain):
                yield from self._chain(part)
            stack.extend(parts(part))

    def _call(self, call: Call) -> Iterator[Problem]:
        wrong = call_problem(call)
        if wrong is not None:
            yield error(self._words(wrong), *self._place)
            return
        if call.name in _ABSENT:
            yield info(f"{call.name}() works here, but not in ODK Collect.", *self._place)
        match call.name, call.args:
            case "selected", (Path() as question, Text(_, choice)):
                yield from self._choice(question, choice)
            case "regex", (_, Text(_, source)):
                yield from self._regex(source)

    def _regex(self, source: str) -> Iterator[Problem]:
        try:
            pattern(source)
        except XPathError as wrong:
            yield error(str(wrong), *self._place)
            return
        if not (source.startswith("^") and source.endswith("$")):
            yield info(
                "regex() finds the pattern anywhere in the answer; ODK Collect wants all of it."
                " Write ^…$ to mean the whole answer everywhere.",
                *self._place,
            )

    def _chain(self, chain: Chain) -> Iterator[Problem]:
        op, right = chain.rest[0]
        if op not in _COMPARED:
            return
        match chain.first, right:
            case (Path() as question, Text(_, choice)) | (Text(_, choice), Path() as question):
                yield from self._choice(question, choice)

    def _choice(self, question: Path, choice: str) -> Iterator[Problem]:
        """A comparison with something that is none of the question's choices."""
        for line in self._asked(question):
            known = self._source.lists.get(line.list_name)
            if known is None or choice in known or not choice:
                return
            if choice == "other" and "other" in line.kind:
                return
            near = nearest(choice, known)
            some = ", ".join([*known][:6]) + (", …" if len(known) > 6 else "")
            hint = f"Did you mean {near}?" if near else f"It has {some}."
            yield warning(
                f"“{choice[:_SHOWN]}” is no choice of {line.name}, so it can never equal it. {hint}",
                *self._place,
            )
            return

    def _asked(self, path: Path) -> Sequence[Line]:
        """The row of the question a path leads to, where it is named with ${} or is the own one."""
        if path.absolute or path.start is not None or len(path.steps) != 1:
            return ()
        step = path.steps[0]
        if step.axis == "self" and self._cell.column != "choice_filter":
            return (self._line,)
        name = self._named.get(step.at)
        return self._source.names.get(name, ()) if name is not None else ()
