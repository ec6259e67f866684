"""The reference scores, through the shipped spreadsheets, the engine and the store."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from audit_app.domain.scoring import to_decimal
from audit_app.domain.words import Mark
from audit_app.forms.kinds import QuestionKind
from audit_app.services.checklist_rows import QuestionRow
from tests.builders import World, a_site, a_template, an_audit

VECTORS = Path(__file__).parents[2] / "resources" / "checklists" / "scoring-vectors.json"
CASES: list[dict[str, Any]] = json.loads(VECTORS.read_text(encoding="utf-8"))["vectors"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['checklist']}: {case['case']}")
def test_every_reference_case_gives_its_printed_digits(world: World, case: dict[str, Any]) -> None:
    site = a_site(world, **{str(key): _plain(value) for key, value in case["site"].items()})
    template = a_template(world, case["checklist"])
    audit_id = an_audit(world, template, site)
    targets = {
        question.code: question.target
        for question in world.services.templates.checklist(template).questions()
    }
    for row in world.services.checklist.open(audit_id).questions:
        if row.code in case.get("unanswered", ()):
            continue
        _give(world, audit_id, row, case["overrides"].get(row.code, {}), targets[row.code])
    expected = case["expected"]
    with world.store.read() as session:
        score = world.services.checklist.live_copy(session, audit_id).score()
    sections = {
        section.code: float(to_decimal(section.percent))
        for section in score.sections
        if section.percent is not None
    }
    assert sections == expected["sections"]
    assert score.raw is not None
    assert score.shown is not None
    assert float(to_decimal(score.raw)) == expected["raw"]
    assert float(to_decimal(score.shown)) == expected["shown"]
    assert float(to_decimal(score.coverage)) == expected["coverage"]
    assert score.provisional == expected["provisional"]
    assert (score.majors, score.minors) == (expected["majors"], expected["minors"])
    assert score.critical_failed == expected["critical_failed"]
    assert score.rating.value == expected["rating"]


def _plain(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _give(
    world: World,
    audit_id: Any,
    row: QuestionRow,
    override: dict[str, Any],
    target: Decimal | None,
) -> None:
    checklist = world.services.checklist
    if override.get("na"):
        checklist.mark(audit_id, ref=row.ref, mark=Mark.NOT_APPLICABLE)
    elif row.kind is QuestionKind.CHOICE:
        checklist.answer(audit_id, ref=row.ref, selected=(override.get("choice", "C"),))
    else:
        for field, value in zip(row.fields, _values(row, override, target), strict=False):
            checklist.measure(audit_id, field_ref=field.ref, value=str(value))


def _values(row: QuestionRow, override: dict[str, Any], target: Decimal | None) -> list[Any]:
    if row.kind is QuestionKind.SAMPLE:
        return [override.get("checked", 20), override.get("conforming", 20)]
    if row.kind is QuestionKind.REVIEW:
        return [override.get(name, target) for name in ("value", "lo", "hi")]
    if row.kind in (QuestionKind.NUMBER, QuestionKind.RANGE):
        return [override.get("value", target)]
    return []
