"""The six checklists that come with the program."""

import importlib.util
import io
import zipfile
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from pyxform.xls2xform import convert

from audit_app.forms.checklist import Checklist
from audit_app.forms.xlsform import ImportResult, import_xlsform
from resources import path
from tests.forms.random_answers import Wanderer, an_engine, stale

COUNTS = {
    "general-vendor-site": 57,
    "moderation-quality-calibration": 50,
    "information-security-clean-floor": 51,
    "people-training-wellness-wfm": 49,
    "live-stream-moderation": 38,
    "continuity-and-regulatory": 46,
}
"""Questions of each, as their outlines count them."""


def file_of(name: str) -> Path:
    return path("checklists", f"{name}.xlsx")


@cache
def imported(name: str) -> ImportResult:
    return import_xlsform(file_of(name).read_bytes(), f"{name}.xlsx")


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    """The script that makes them."""
    place = Path(__file__).parents[2] / "scripts" / "make_checklists.py"
    spec = importlib.util.spec_from_file_location("make_checklists", place)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_they_ask_291_questions() -> None:
    assert {name: imported(name).questions for name in COUNTS} == COUNTS
    assert sum(COUNTS.values()) == 291


@pytest.mark.parametrize("name", COUNTS)
def test_a_shipped_checklist_is_without_a_single_complaint(name: str) -> None:
    assert imported(name).problems == ()


@pytest.mark.parametrize("name", COUNTS)
def test_a_shipped_checklist_opens_in_the_odk_converter_without_a_warning(name: str) -> None:
    assert convert(file_of(name).read_bytes(), validate=False).warnings == []


def contents(data: bytes) -> dict[str, bytes]:
    """The parts of a spreadsheet; how well they are pressed depends on the machine."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_files_are_what_their_outlines_make(maker: ModuleType) -> None:
    made = dict(maker.checklists())
    assert {place.stem for place in made} == set(COUNTS)
    different = [
        place.name for place, data in made.items() if contents(place.read_bytes()) != contents(data)
    ]
    assert different == []


def test_an_outline_that_changed_would_be_noticed(maker: ModuleType) -> None:
    source = min((maker.HOME / "outlines").glob("*.yaml"))
    outline = yaml.safe_load(source.read_text(encoding="utf-8"))
    shipped = contents(file_of(outline["id"]).read_bytes())
    assert contents(maker.workbook_bytes(outline)) == shipped
    assert contents(maker.workbook_bytes({**outline, "version": "next"})) != shipped


@pytest.mark.parametrize("name", COUNTS)
def test_every_question_can_be_answered_and_scored(name: str) -> None:
    template = imported(name).template
    assert template is not None
    engine = an_engine(template)
    for question in Checklist.of(template).questions():
        for field in question.fields:
            assert field.ref in engine.refs
        for choice in question.choices:
            engine.set(question.fields[0].ref, choice.name)
            assert engine.state(question.fields[0].ref).valid
    assert engine.faults == ()


@pytest.mark.parametrize("name", COUNTS)
def test_a_shipped_checklist_lives_through_random_answers(name: str) -> None:
    template = imported(name).template
    assert template is not None
    engine = an_engine(template, seed=7)
    wanderer = Wanderer(engine, seed=7)
    for number in range(100):
        word = wanderer.step()
        assert stale(engine) == [], f"step {number}: {word}"
