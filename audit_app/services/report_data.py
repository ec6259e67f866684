"""The audit as data: what is attached to the report, so that it can be checked by machine."""

import json

from audit_app.services.checklist_rows import QuestionRow
from audit_app.services.finding_rows import FindingView
from audit_app.services.report_reads import AuditFacts

FORMAT = 1
"""Raised when a field changes its meaning; new fields may come without."""


def audit_json(facts: AuditFacts) -> bytes:
    """The audit as JSON in UTF-8 with sorted keys: the same audit gives the same bytes."""
    view, numbers = facts.view, facts.photo_numbers
    body = {
        "format": FORMAT,
        "number": facts.number,
        "version": view.version,
        "vendor": view.vendor,
        "site": view.site,
        "template": view.title,
        "template_version": view.template_version,
        "starts": facts.visit.starts.isoformat(),
        "ends": facts.visit.ends.isoformat(),
        "score": _text(view.score.shown),
        "raw": _text(view.score.raw),
        "coverage": _text(view.score.coverage),
        "rating": view.score.rating.value,
        "manifest": facts.signing.manifest,
        "answers": [_answer(row) for row in view.questions],
        "findings": [_finding(item) for item in facts.findings],
        "photos": [
            {"number": numbers[item.id], "sha256": item.sha256, "name": item.name}
            for item in facts.pictures
        ],
    }
    return json.dumps(body, ensure_ascii=False, sort_keys=True, indent=1).encode()


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _answer(row: QuestionRow) -> dict[str, object]:
    return {
        "ref": row.ref,
        "code": row.code,
        "number": row.number,
        "selected": list(row.selected),
        "values": {field.ref: field.value for field in row.fields},
        "mark": row.mark.value if row.mark else None,
        "note": row.note,
    }


def _finding(item: FindingView) -> dict[str, object]:
    return {
        "number": item.row.number,
        "grade": item.row.grade.value,
        "title": item.row.title,
        "question": item.row.question,
        "criterion": item.criterion,
        "statement": item.statement,
        "cause": item.cause,
        "impact": item.impact,
        "containment": item.containment,
        "dissent": item.dissent,
        "actions": [
            {
                "text": action.text,
                "owner": action.owner,
                "due": action.due.isoformat() if action.due else None,
                "state": action.state.value,
            }
            for action in item.actions
        ],
    }
