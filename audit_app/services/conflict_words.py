"""Conflicts about answers, in the words of their checklist."""

from dataclasses import replace

from audit_app.errors import NotFound
from audit_app.services.checklist import ChecklistService
from audit_app.services.checklist_rows import QuestionRow
from audit_app.sync.conflicts import ConflictRow, Side


def in_words(row: ConflictRow, checklist: ChecklistService) -> ConflictRow:
    """With the question's number and text, and the labels of its choices.

    A conflict whose checklist has not arrived here is shown as it came.
    """
    if row.audit_id is None or not row.ref:
        return row
    try:
        questions = checklist.open(row.audit_id).questions
    except NotFound:
        return row
    question = next((q for q in questions if _is_of(q, row.ref)), None)
    if question is None:
        return row
    labels = {choice.name: choice.label for choice in question.choices}

    def shown(side: Side) -> Side:
        if row.field != "value" or not isinstance(side.value, str):
            return side
        words = ", ".join(labels.get(name, name) for name in side.value.split())
        return replace(side, shown=words if labels else side.shown)

    return replace(
        row,
        about=f"{question.number} {question.text}".strip(),
        central=shown(row.central),
        candidate=shown(row.candidate),
        base=None if row.base is None else shown(row.base),
    )


def _is_of(question: QuestionRow, ref: str) -> bool:
    return question.ref == ref or any(field.ref == ref for field in question.fields)
