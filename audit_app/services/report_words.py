"""Sentences of the report that are made from figures."""

from collections.abc import Sequence
from decimal import Decimal

from audit_app.domain.words import ActionState, Grade, Rating
from audit_app.reports.content import GradeCounts, SectionPart
from audit_app.services.checklist_rows import AuditView
from audit_app.services.finding_rows import ActionRow, FindingView

SCORING_WORDS = (
    (
        "Each question scores 0, a half or 1. A section is the weighted mean of its scored questions; "
        "the whole is the weighted mean of the sections, times 100."
    ),
    (
        "What is not applicable leaves the score. What was not verified or not answered lowers "
        "coverage; below 90 % coverage, or with a critical question open, a result is provisional and "
        "cannot be green."
    ),
    (
        "A failed critical question caps the shown score at 59 and makes the rating red; the uncapped "
        "score is kept. Green needs the green mark and no major finding; three majors are red."
    ),
    (
        "Shares are shown with a 95 % Wilson interval; the interval is not scored. An audit is a "
        "sample."
    ),
)
_STATES = {
    ActionState.OPEN: "Open",
    ActionState.CONTAINED: "Contained",
    ActionState.CAUSE_SUBMITTED: "Cause sent",
    ActionState.CAUSE_ACCEPTED: "Cause agreed",
    ActionState.PLAN_SUBMITTED: "Plan sent",
    ActionState.PLAN_ACCEPTED: "Plan agreed",
    ActionState.IMPLEMENTED: "Implemented",
    ActionState.VERIFIED: "Closed",
    ActionState.REJECTED: "Rejected",
    ActionState.EFFECTIVENESS_PENDING: "Watching",
    ActionState.EFFECTIVE: "Closed",
    ActionState.NOT_EFFECTIVE: "Reopened",
    ActionState.CANCELLED: "Cancelled",
}


def action_state(state: ActionState) -> str:
    """An action's state in one word."""
    return _STATES[state]


def party_words(party: str) -> str:
    """Whose signature it is."""
    return {"auditor": "Lead auditor", "vendor": "Vendor representative"}.get(party, party)


def _some(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def opinion(view: AuditView, counts: GradeCounts, green: Decimal) -> str:
    """One or two sentences that say how the site stands."""
    score = view.score
    if score.shown is None:
        return "Nothing has been scored yet."
    gap = score.shown - green
    side = "above" if gap >= 0 else "below"
    first = (
        f"The site meets {score.shown:.1f} % of the criteria, {abs(gap):.1f} points {side} the "
        f"{green:.0f} % mark"
    )
    if score.raw is not None and score.raw != score.shown:
        first = (
            f"A critical requirement failed: the score is capped at {score.shown:.0f} % "
            f"({score.raw:.1f} % without the cap)"
        )
    grave = counts.critical + counts.major
    if grave:
        words = _some(grave, "grave finding", "grave findings")
        return f"{first}. {words} must be closed before the site can be rated green."
    if score.rating is Rating.GREEN:
        return f"{first}, with no major finding."
    return f"{first}."


def weakest(sections: Sequence[SectionPart], findings: Sequence[FindingView]) -> str:
    """The lowest section, and the gravest finding by name."""
    scored = [section for section in sections if section.score is not None]
    parts = []
    if scored:
        low = min(scored, key=lambda section: section.score or Decimal(0))
        if low.score is not None and low.score < 95:
            parts.append(f"{low.title} has the lowest score, {low.score:.1f} %.")
    grave = [f for f in findings if f.row.grade in (Grade.CRITICAL, Grade.MAJOR, Grade.MINOR)]
    if grave:
        gravest = min(grave, key=lambda item: item.row.grade.rank)
        parts.append(f"Gravest finding: {gravest.row.title.rstrip('.')}.")
    return " ".join(parts)


def following(actions: Sequence[ActionRow]) -> str:
    """How many actions are agreed, and when the first is due."""
    if not actions:
        return "No action is agreed yet."
    words = _some(len(actions), "action is agreed", "actions are agreed")
    dates = sorted(action.due for action in actions if action.due is not None)
    owned = sum(1 for action in actions if action.owner)
    rest = f", {owned} with an owner" if owned < len(actions) else " with owners and dates"
    first = f" The first is due on {dates[0]:%d %B %Y}.".replace(" 0", " ") if dates else ""
    return f"{words}{rest}.{first}"
