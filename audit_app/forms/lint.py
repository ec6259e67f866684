"""Checks a checklist before it is taken in, and says where each slip stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, islice

from audit_app.forms.audit_reader import AuditSheets
from audit_app.forms.definition import FormDefinition, Slot
from audit_app.forms.lint_expressions import lint_expressions
from audit_app.forms.lint_sheets import lint_sheets
from audit_app.forms.lint_source import Source, plain_column
from audit_app.forms.problems import Problem, error, warning
from audit_app.forms.references import references
from audit_app.forms.rules import CircularRules, RuleKind, rule_book, sources
from audit_app.forms.sheets import Sheet
from audit_app.forms.tree import Node
from audit_app.forms.xpath.calls import call_problem
from audit_app.forms.xpath.errors import XPathError
from audit_app.forms.xpath.parser import parse
from audit_app.forms.xpath.syntax import Call, Expr, parts
from audit_app.forms.xpath.values import Evaluator, Value

MAX_PROBLEMS = 500
"""Nobody reads more at one time; a file with more is another kind of file."""

_COLUMNS = {RuleKind.COUNT: "repeat_count", RuleKind.CHOICES: "choice_filter"}


def lint_workbook(sheets: Mapping[str, Sheet]) -> list[Problem]:
    """What is wrong with the sheets of a workbook, before anything is made of them."""
    source = Source.of(sheets)
    found = chain(lint_expressions(source), lint_sheets(source, sheets))
    return _first(found)


def lint_form(form: FormDefinition, found: AuditSheets) -> list[Problem]:
    """What is wrong with a form as a whole.

    Args:
        found: where its questions stand in a spreadsheet; rows are unknown without one.
    """
    return _first(_Form(form, found).problems())


def _first(found: Iterator[Problem]) -> list[Problem]:
    problems = [*islice(found, MAX_PROBLEMS)]
    if next(found, None) is not None:
        # What was not looked at may keep the file out, so this must.
        problems.append(error(f"There are more than {MAX_PROBLEMS} problems; mend these first."))
    return problems


class _Form:
    def __init__(self, form: FormDefinition, found: AuditSheets) -> None:
        self._form = form
        self._found = found

    def problems(self) -> Iterator[Problem]:
        for kind, slot, text in sources(self._form):
            place = self._place(slot, kind)
            try:
                expr = parse(text)
            except XPathError as wrong:
                if not self._found.rows:
                    yield error(f"{slot.name}, {kind}: {wrong}", *place)
                continue
            if not self._found.rows:
                yield from _calls(expr, slot, kind)
            for unknown in references(expr, slot, self._form.root).unknown:
                where = f" under {unknown.under}" if unknown.under else ""
                yield warning(f"{slot.name}: there is no {unknown.name}{where}.", *place)
        try:
            rule_book(self._form, _uncompiled)
        except CircularRules as circle:
            yield error(str(circle), *self._place(circle.rule.slot, circle.rule.kind))

    def _place(self, slot: Slot, kind: RuleKind) -> tuple[str, int, str]:
        row = self._found.rows.get(slot.names)
        if row is None:
            return "", 0, ""
        column = _COLUMNS.get(kind, kind.value)
        header = next((h for h in row.cells if plain_column(h) == column), "")
        return self._found.survey, row.number, header


def _calls(expr: Expr, slot: Slot, kind: RuleKind) -> Iterator[Problem]:
    stack = [expr]
    while stack:
        part = stack.pop()
        wrong = call_problem(part) if isinstance(part, Call) else None
        if wrong is not None:
            yield error(f"{slot.name}, {kind}: {wrong}")
        stack.extend(parts(part))


def _uncompiled(_expr: Expr, _slot: Slot) -> Evaluator:
    """Rules are put in order here, and never run."""

    def nothing(_n: Node, _p: int, _z: int, _u: Node) -> Value:
        return ""

    return nothing
