"""Sentences of the report that are made from figures."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from audit_app.domain.scoring import CAP, FULL_COVERAGE, to_decimal
from audit_app.domain.words import Grade, Rating, Tone
from audit_app.reports.content import GradeCounts, KeyFigure, SectionPart
from audit_app.reports.words import Words
from audit_app.services.report_reads import AuditFacts

STRONG = Decimal(95)
"""Percent from which a section is called strong."""

GRADED = (Grade.CRITICAL, Grade.MAJOR, Grade.MINOR)


def opinion(facts: AuditFacts, counts: GradeCounts, words: Words) -> str:
    """One or two sentences that say how the site stands."""
    score = facts.view.score
    if score.shown is None:
        return words("opinion_none")
    green = facts.marks[0]
    gap = score.shown - green
    if score.raw is not None and score.raw != score.shown:
        shown, raw = words.percent(score.shown, 0), words.percent(score.raw)
        first = words("opinion_capped", score=shown, raw=raw)
    else:
        key = "opinion_above" if gap > 0 else "opinion_below" if gap < 0 else "opinion_at"
        first = words(
            key,
            score=words.percent(score.shown),
            gap=words.number(abs(gap)),
            mark=words.percent(green, 0),
        )
    grave = counts.critical + counts.major
    if grave:
        return f"{first} {words.some('opinion_grave', grave)}"
    return f"{first} {words('opinion_green')}" if score.rating is Rating.GREEN else first


def cap_reason(facts: AuditFacts, words: Words) -> str:
    """What capped the score or made it provisional; "" if nothing did."""
    score = facts.view.score
    reasons = []
    if score.failed:
        cap = words.number(to_decimal(CAP), 0)
        reasons.append(words("capped", cap=cap, numbers=words.listed(score.failed)))
    if score.raw is not None and score.coverage < to_decimal(FULL_COVERAGE):
        reasons.append(
            words(
                "provisional_coverage",
                coverage=words.percent(score.coverage),
                needed=words.percent(to_decimal(FULL_COVERAGE), 0),
            )
        )
    if score.raw is not None and score.unverified:
        reasons.append(words("provisional_critical", numbers=words.listed(score.unverified)))
    return " ".join(reasons)


def figures(facts: AuditFacts, counts: GradeCounts, words: Words) -> tuple[KeyFigure, ...]:
    """The five key figures of the summary."""
    score, progress = facts.view.score, facts.view.progress
    change, tone = words("figure_first"), Tone.NEUTRAL
    if facts.previous is not None and score.shown is not None:
        step = score.shown - facts.previous.score
        change = words(
            "figure_change", change=words.signed(step), date=words.month(facts.previous.day)
        )
        tone = Tone.GOOD if step > 0 else Tone.BAD if step < 0 else Tone.NEUTRAL
    actions = [*facts.actions, *(row.action for row in facts.earlier)]
    overdue = sum(1 for action in actions if action.overdue)
    repeats = sum(1 for item in facts.findings if item.row.repeat_of)
    return (
        KeyFigure(
            words("figure_score"),
            "–" if score.shown is None else words.number(score.shown),
            change,
            tone,
        ),
        KeyFigure(
            words("figure_findings"),
            words.number(counts.total, 0),
            words(
                "figure_grave",
                critical=words.number(counts.critical, 0),
                major=words.number(counts.major, 0),
            ),
            Tone.BAD if counts.critical else Tone.NEUTRAL,
        ),
        KeyFigure(words("figure_repeats"), words.number(repeats, 0), words("figure_repeats_of")),
        KeyFigure(
            words("figure_overdue"),
            words.number(overdue, 0),
            words.some("figure_agreed", len(actions)),
            Tone.BAD if overdue else Tone.NEUTRAL,
        ),
        KeyFigure(
            words("figure_coverage"),
            words.percent(score.coverage, 0),
            words(
                "figure_answered",
                answered=words.number(progress.answered, 0),
                total=words.number(progress.total, 0),
            ),
        ),
    )


def strong(sections: Sequence[SectionPart], words: Words) -> str:
    """The best sections, if any is strong."""
    best = sorted(
        (part for part in sections if part.score is not None and part.score >= STRONG),
        key=lambda part: -(part.score or Decimal(0)),
    )[:3]
    if not best:
        return ""
    lowest = min(part.score or Decimal(0) for part in best)
    return words(
        "strong_sections",
        sections=words.listed(part.title for part in best),
        score=words.percent(int(lowest), 0),
    )


def weak(sections: Sequence[SectionPart], facts: AuditFacts, words: Words) -> str:
    """The lowest section, and the gravest finding by name."""
    scored = [part for part in sections if part.score is not None]
    parts = []
    if scored:
        low = min(scored, key=lambda part: part.score or Decimal(0))
        if low.score is not None and low.score < STRONG:
            parts.append(words("weak_section", section=low.title, score=words.percent(low.score)))
    grave = [item for item in facts.findings if item.row.grade in GRADED]
    if grave:
        gravest = min(grave, key=lambda item: item.row.grade.rank)
        parts.append(words("weak_finding", title=gravest.row.title.rstrip(".")))
    return " ".join(parts)


def following(facts: AuditFacts, words: Words) -> str:
    """How many actions are agreed, when the first is due, and what is late from before."""
    actions = facts.actions
    if actions:
        parts = [words.some("next_agreed", len(actions))]
        dates: list[date] = sorted(action.due for action in actions if action.due is not None)
        if dates:
            parts.append(words("next_first", date=words.long_day(dates[0])))
    else:
        parts = [words("next_none")]
    late = sum(1 for row in facts.earlier if row.action.overdue)
    if late:
        parts.append(words("next_late", count=words.number(late, 0)))
    return " ".join(parts)
