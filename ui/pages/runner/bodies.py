"""Which body answers which kind of question."""

from audit_app.forms.kinds import QuestionKind
from audit_app.services.checklist_rows import QuestionRow
from ui.pages.runner.body import Body
from ui.pages.runner.choice_body import MOST_BUTTONS, ButtonsBody, ListBody, RankBody
from ui.pages.runner.measure_body import MeasureBody
from ui.pages.runner.plain_body import (
    ConfirmBody,
    FileBody,
    MomentBody,
    NoteBody,
    RangeBody,
    TextBody,
)
from ui.theme.look import Look

MEASURED = frozenset({QuestionKind.NUMBER, QuestionKind.SAMPLE, QuestionKind.REVIEW})
CHOSEN = frozenset({QuestionKind.CHOICE, QuestionKind.MULTI})
MOMENTS = frozenset({QuestionKind.DATE, QuestionKind.TIME, QuestionKind.DATETIME})


def body_for(look: Look, row: QuestionRow) -> Body:
    """The body that takes the answer of this question."""
    if row.kind in CHOSEN:
        is_short = len(row.choices) <= MOST_BUTTONS
        return ButtonsBody(look, row) if is_short else ListBody(look, row)
    if row.kind is QuestionKind.RANK:
        return RankBody(look, row)
    if not row.fields:
        return ConfirmBody(look, row) if row.kind is QuestionKind.ACKNOWLEDGE else NoteBody()
    if row.kind in MEASURED:
        return MeasureBody(look, row)
    if row.kind in MOMENTS:
        return MomentBody(look, row)
    if row.kind is QuestionKind.RANGE:
        return RangeBody(look, row)
    if row.kind is QuestionKind.ACKNOWLEDGE:
        return ConfirmBody(look, row)
    if row.kind is QuestionKind.FILE:
        return FileBody(look, row)
    if row.kind is QuestionKind.NOTE:
        return NoteBody()
    return TextBody(look, row)


def shape_of(row: QuestionRow) -> tuple[object, ...]:
    """Two rows of the same shape can share a body; another shape needs a new one.

    Buttons hold nothing that was typed, so questions with the same answers share them: making them
    anew is most of the time from one question to the next.
    """
    choices = tuple((c.name, c.label, c.key, c.tone) for c in row.choices)
    if row.kind in CHOSEN and len(row.choices) <= MOST_BUTTONS:
        return (row.kind, choices)
    return (
        row.ref,
        row.text,
        row.kind,
        choices,
        tuple((f.ref, f.label, f.unit) for f in row.fields),
    )
