"""Question rows for tests of widgets that need no store."""

from audit_app.domain.words import Grade, Tone
from audit_app.forms.kinds import QuestionKind
from audit_app.services.checklist_rows import AnswerChip, ChoiceRow, FieldRow, QuestionRow

CONFORMITY = (
    ChoiceRow("C", "Conforms", Tone.GOOD, "1"),
    ChoiceRow("OFI", "Conforms, could be better", Tone.WATCH, "2", Grade.OFI),
    ChoiceRow("MIN", "Minor nonconformity", Tone.BAD, "3", Grade.MINOR),
    ChoiceRow("MAJ", "Major nonconformity", Tone.BAD, "4", Grade.MAJOR),
    ChoiceRow("NA", "Not applicable", Tone.NEUTRAL, "5", comment_required=True),
    ChoiceRow("NV", "Not verified", Tone.NEUTRAL, "6", comment_required=True),
)
PASS_FAIL = (
    ChoiceRow("P", "Pass", Tone.GOOD, "1"),
    ChoiceRow("F", "Fail", Tone.BAD, "2", Grade.MAJOR),
)


def a_row(number: int = 1, **changes: object) -> QuestionRow:
    """A choice question of section 3."""
    values: dict[str, object] = {
        "ref": f"/data/q{number}",
        "code": f"Q{number}",
        "number": f"3.{number}",
        "section": "S3",
        "text": f"Point {number} of the list is in order",
        "guidance": "",
        "clause": "",
        "kind": QuestionKind.CHOICE,
        "choices": PASS_FAIL,
    } | changes
    return QuestionRow(**values)  # type: ignore[arg-type]


def answered(row: QuestionRow, name: str) -> QuestionRow:
    """The row with one of its answers."""
    from dataclasses import replace

    choice = next(choice for choice in row.choices if choice.name == name)
    return replace(row, selected=(name,), answer=AnswerChip(choice.label, choice.tone))


def a_field(kind: str, value: str = "", **changes: object) -> FieldRow:
    values: dict[str, object] = {
        "ref": f"/data/f_{kind}",
        "label": kind.capitalize(),
        "kind": kind,
        "value": value,
    } | changes
    return FieldRow(**values)  # type: ignore[arg-type]
