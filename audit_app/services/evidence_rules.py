"""Which evidence a question asks for, and whether it is there."""

from dataclasses import dataclass

from audit_app.forms.checklist import Question

_NOTE_WILL_DO = frozenset({"interview", "observation", "record-sample", "review-sample", "comment"})
_WORDS = {
    "photo": "Photo",
    "document": "Document",
    "file": "File",
    "record-sample": "Record sample",
    "review-sample": "Review sample",
    "interview": "Interview note",
    "observation": "Observation note",
    "signature": "Signature",
    "comment": "Note",
}


@dataclass(frozen=True, slots=True)
class EvidenceNeed:
    """What is asked for in words, and whether it is still missing."""

    words: str
    missing: bool


def evidence_need(
    question: Question, *, answered: bool, has_finding: bool, photos: int, note: str
) -> EvidenceNeed:
    """What the question asks for now.

    Kinds that are words by nature (an interview, an observation, a sample of records) are met by
    a note as well as by a photo or file; a document or a photo asks for one.
    """
    rule = question.evidence
    asked = rule.when == "always" or (rule.when == "on-finding" and has_finding)
    if not asked:
        return EvidenceNeed("", missing=False)
    kinds = [_WORDS.get(kind, kind.replace("-", " ").capitalize()) for kind in rule.kinds]
    what = " or ".join(kinds[:2]) if kinds else "Evidence"
    count = f" ({rule.minimum})" if rule.minimum > 1 else ""
    by_note = bool(note.strip()) and bool(_NOTE_WILL_DO & set(rule.kinds))
    met = photos >= max(rule.minimum, 1) or by_note
    return EvidenceNeed(f"{what} needed{count}", missing=answered and not met)
