"""Small checklists for tests, written as tables."""

from audit_app.forms.compiled import CompiledTemplate
from audit_app.forms.engine import Engine
from audit_app.forms.xlsform import ImportResult, import_xlsform
from tests.builders import a_spreadsheet
from tests.forms.random_answers import an_engine

CHOICES = """
| choices |           |      |       |
|         | list_name | name | label |
|         | yn        | yes  | Yes   |
|         | yn        | no   | No    |
"""


def imported(tables: str, name: str = "small.xlsx") -> ImportResult:
    """What the import says of a workbook with these tables."""
    return import_xlsform(a_spreadsheet(tables), name)


def a_template_of(tables: str) -> CompiledTemplate:
    """The checklist of these tables."""
    result = imported(tables)
    assert result.template is not None, result.problems
    return result.template


def engine_of(tables: str) -> Engine:
    """A fresh live checklist of these tables."""
    return an_engine(a_template_of(tables))
