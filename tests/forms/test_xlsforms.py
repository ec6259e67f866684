"""Real forms from strangers: those that can be used open and live, the others are told why not."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from audit_app.forms.audit_columns import AuditColumns
from audit_app.forms.compiled import CompiledTemplate
from audit_app.forms.converter import converted
from audit_app.forms.xlsform import import_xlsform
from tests.forms.conformance import HOME, path_of
from tests.forms.random_answers import Wanderer, an_engine, stale
from tests.forms.small_forms import CHOICES, engine_of

STEPS = int(os.environ.get("ONSITE_FORM_STEPS", "200"))
"""Random answers given to each form."""

BROKEN = {
    "pyxform__002__UCL_Biomass_Plot_Form.xlsx": (9, "relevant", "‘ is a typographic quote"),
    "pyxform__003__bad_calc.xlsx": (2, "calculation", "is missing before pyxform"),
    "pyxform__012__xl_date_ambiguous.xlsx": (5, "choice_filter", "label is not an axis"),
}
"""The converter takes these, but a rule in them cannot be read: no engine could keep it."""

BETTER = {"web-forms__058__ifrc-distribution-site-assessment-v1.xlsx"}
"""An .xls named .xlsx: refused by its name, readable by its bytes."""


def listed() -> list[dict[str, Any]]:
    path = HOME / "xlsforms.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else []


def is_usable(entry: dict[str, Any]) -> bool:
    name = entry["file"]
    return (entry["pyxform_4_5_0"] == "ok" and name not in BROKEN) or name in BETTER


USABLE = [entry["file"] for entry in listed() if is_usable(entry)]
REFUSED = [entry["file"] for entry in listed() if not is_usable(entry)]
NONE = [pytest.param("", marks=pytest.mark.skip(reason=f"conformance data not found: {HOME}"))]


def bytes_of(name: str) -> bytes:
    return path_of(f"xlsforms/{name}").read_bytes()


def test_the_collection_is_the_one_we_know() -> None:
    path_of("xlsforms.json")
    assert (len(USABLE), len(REFUSED)) == (49, 11)


def live_at_random(template: CompiledTemplate, seed: int) -> None:
    """Answer at random; the graph must tell what a full recompute tells, after each step."""
    engine = an_engine(template, seed)
    wanderer = Wanderer(engine, seed)
    for number in range(STEPS):
        word = wanderer.step()
        assert stale(engine) == [], f"step {number}: {word}"


@pytest.mark.parametrize("name", USABLE or NONE)
def test_a_form_opens_and_lives_through_random_answers(name: str) -> None:
    result = import_xlsform(bytes_of(name), name)
    assert result.template is not None, result.problems
    live_at_random(result.template, seed=len(name))


@pytest.mark.parametrize("name", REFUSED or NONE)
def test_a_form_that_cannot_be_used_is_refused_with_sheet_and_row(name: str) -> None:
    result = import_xlsform(bytes_of(name), name)
    assert result.template is None
    first = result.problems[0]
    assert first.severity == "error"
    assert first.message
    assert first.sheet
    assert first.row > 0
    if name in BROKEN:
        row, column, words = BROKEN[name]
        assert (first.row, first.column) == (row, column)
        assert words in first.message


@pytest.mark.parametrize("name", [name for name in BROKEN if (HOME / "xlsforms").exists()] or NONE)
def test_an_audit_pinned_to_a_broken_form_still_opens(name: str) -> None:
    """Such a form may come from an older version or another machine."""
    form = converted(bytes_of(name), {})
    live_at_random(CompiledTemplate.from_xform(form.xform, AuditColumns()), seed=1)


SUM = f"""
| survey |               |      |       |                   |                 |
|        | type          | name | label | relevant          | calculation     |
|        | select_one yn | a    | A     |                   |                 |
|        | integer       | n    | N     | ${{a}} = 'yes'    |                 |
|        | calculate     | c    |       |                   | ${{n}} + 1      |
{CHOICES}
"""


def test_a_graph_that_misses_a_dependent_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """The comparison with the full recompute is no empty one."""
    engine = engine_of(SUM)
    engine.set("/data/a", "yes")
    assert stale(engine) == []
    quiet: Callable[..., None] = lambda *_args: None  # noqa: E731
    monkeypatch.setattr("audit_app.forms.propagation.Propagation._push", quiet)
    engine.set("/data/n", "4")
    monkeypatch.undo()
    assert stale(engine)


def test_an_old_spreadsheet_with_a_new_name_is_read() -> None:
    name = "pyxform__055__yes_or_no_question.xls"
    old = import_xlsform(bytes_of(name), f"{Path(name).stem}.xlsx")
    new = import_xlsform(bytes_of(name.replace("055", "056") + "x"), name)
    assert old.template is not None
    assert new.template is not None
    assert (old.questions, old.template.xform) == (new.questions, new.template.xform)
