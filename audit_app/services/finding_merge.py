"""Several questions, one finding: what one holds goes over to another, and it says so."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from audit_app.domain.findings import counts
from audit_app.domain.words import FindingState
from audit_app.errors import NotAllowed
from audit_app.services.programme_reads import finding_label
from db.tables import Action, Evidence, Finding

MERGED = "Merged into "
"""How the reason of a merged finding begins; an answer does not bring such a one back."""

_JOINED = ("statement", "cause", "impact", "containment", "dissent")


def merge(session: Session, gone: Finding, kept: Finding) -> None:
    """Move texts, photos and actions of ``gone`` to ``kept``; the graver grade stands.

    The criterion of each further question is added, so that the kept finding names all of them.

    Raises:
        NotAllowed: they are of two audits, the same, or one of them does not stand.
    """
    if gone.id == kept.id or gone.audit_id != kept.audit_id:
        raise NotAllowed("Only two findings of one audit can be merged.", "Choose another finding.")
    if not (counts(gone.state) and counts(kept.state)):
        raise NotAllowed("One of these findings does not stand.", "Choose another finding.")
    for name in _JOINED:
        setattr(kept, name, _joined(getattr(kept, name), getattr(gone, name), gone))
    if gone.criterion.strip() and gone.criterion not in kept.criterion:
        kept.criterion = "\n".join(
            part for part in (kept.criterion, gone.criterion) if part.strip()
        )
    if gone.grade.rank < kept.grade.rank:
        kept.grade = gone.grade
    kept.graded_by_hand = kept.graded_by_hand or gone.graded_by_hand
    for action in session.scalars(
        select(Action).where(Action.finding_id == gone.id, Action.deleted_at.is_(None))
    ):
        action.finding_id = kept.id
    of_question = (Evidence.ref == gone.ref) & (Evidence.ref != "")
    for item in session.scalars(
        select(Evidence).where(
            Evidence.audit_id == gone.audit_id,
            Evidence.deleted_at.is_(None),
            or_(Evidence.finding_id == gone.id, of_question),
        )
    ):
        item.finding_id = kept.id
    gone.state = FindingState.VOID
    gone.void_reason = f"{MERGED}{finding_label(kept.number)}."


def _joined(kept: str, added: str, gone: Finding) -> str:
    """The added words under the others, with the question they come from."""
    if not added.strip():
        return kept
    if gone.question_number:
        added = f"{gone.question_number}: {added}"
    return f"{kept}\n{added}" if kept.strip() else added
