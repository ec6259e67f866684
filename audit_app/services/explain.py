"""A score explains itself; and what is left is listed before signing."""

from fractions import Fraction
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit_app.domain.findings import counts
from audit_app.domain.scoring import CAP, FULL_COVERAGE, AuditScore, Standing, to_decimal
from audit_app.domain.words import Grade, Rating
from audit_app.forms.kinds import QuestionKind
from audit_app.services.checklist_rows import ExplainLine, Explanation, LeftRow
from audit_app.services.judgement import is_scored
from audit_app.services.live import LiveAudit
from audit_app.services.programme_reads import finding_label
from db.tables import Finding

_STANDING = {
    Standing.EXCLUDED: "not applicable: left out",
    Standing.NOT_VERIFIED: "not verified: lowers coverage",
    Standing.UNANSWERED: "not answered: lowers coverage",
}


def plain(value: Fraction) -> str:
    """A number without needless zeros, at most four decimals."""
    return format(to_decimal(value).normalize(), "f")


def cap_reason(live: LiveAudit, score: AuditScore) -> str:
    """What capped the score or made it provisional, in words."""
    reasons = []
    if score.failed:
        numbers = ", ".join(question_number(live, ref) for ref in score.failed)
        reasons.append(f"Capped at {plain(CAP)}: critical question {numbers} failed.")
    if score.raw is not None and score.coverage < FULL_COVERAGE:
        reasons.append(
            f"Provisional: {float(score.coverage):.1f} % of the questions that count are scored, "
            f"{plain(FULL_COVERAGE)} % are needed."
        )
    if score.raw is not None and score.open_critical:
        numbers = ", ".join(question_number(live, ref) for ref in score.open_critical)
        reasons.append(f"Provisional: critical question {numbers} is not verified.")
    return " ".join(reasons)


def question_number(live: LiveAudit, ref: str) -> str:
    """The printed number of a question."""
    placed = live.placed(ref)
    return placed.question.number if placed else ref


def explain(live: LiveAudit, closing: frozenset[UUID]) -> Explanation:
    """The arithmetic of the score, down to each answer (DOMAIN 2.4)."""
    score = live.score()
    lines: list[ExplainLine] = []
    by_code = {section.code: section for section in score.sections}
    used = [s for s in score.sections if s.percent is not None and s.weight > 0]
    total = sum((s.weight for s in used), Fraction(0))
    for row in live.section_rows(score):
        section = by_code[row.code]
        scored = [ref for ref in live.section_refs(row.code) if _counts(live, ref)]
        if not scored:
            continue
        if section.percent is None:
            arithmetic = "nothing scored yet"
        else:
            arithmetic = (
                f"{plain(section.earned)} of {plain(section.possible)} "
                f"= {plain(section.percent)} %, weight {plain(section.weight)}"
            )
        percent = None if section.percent is None else to_decimal(section.percent)
        lines.append(ExplainLine(1, f"{row.number} {row.title}".strip(), arithmetic, percent))
        lines.extend(_question_line(live, ref) for ref in scored)
    whole = _whole_line(score, total)
    if not closing:
        return Explanation((whole, *lines), whole.score)
    after = live.score(closing)
    return Explanation(
        (whole, *lines),
        whole.score,
        None if after.shown is None else to_decimal(after.shown),
        after.rating if after.shown is not None else Rating.NONE,
    )


def _whole_line(score: AuditScore, total: Fraction) -> ExplainLine:
    if score.raw is None or score.shown is None:
        return ExplainLine(0, "Whole audit", "nothing scored yet")
    text = f"sections by weight, {plain(total)} in all = {plain(score.raw)} %"
    if score.capped:
        text += f", capped at {plain(score.shown)} %"
    text += f"; coverage {plain(score.coverage)} %"
    return ExplainLine(0, "Whole audit", text, to_decimal(score.shown))


def _counts(live: LiveAudit, ref: str) -> bool:
    placed = live.placed(ref)
    return placed is not None and is_scored(placed.question)


def _question_line(live: LiveAudit, ref: str) -> ExplainLine:
    placed = live.placed(ref)
    judged = live.judged(ref)
    if placed is None:
        return ExplainLine(2, ref, "")
    question = placed.question
    text = f"{question.number} {question.text}"
    if judged.score is None:
        return ExplainLine(2, text, _STANDING[judged.standing])
    weight = Fraction(question.weight)
    answer = judged.chip.label if judged.chip else ""
    arithmetic = (
        f"{answer}: {plain(weight)} × {plain(judged.score)} = {plain(weight * judged.score)}"
    )
    return ExplainLine(2, text, arithmetic, to_decimal(100 * judged.score))


def points(live: LiveAudit) -> dict[str, tuple[str, str]]:
    """Weight and earned points of each scored question, as printed."""
    found = {}
    for ref in live.order:
        placed, judged = live.placed(ref), live.judged(ref)
        if placed is not None and judged.score is not None:
            weight = Fraction(placed.question.weight)
            found[ref] = (plain(weight), plain(weight * judged.score))
    return found


def left_rows(session: Session, live: LiveAudit) -> tuple[LeftRow, ...]:
    """What is still asked of the auditor; what blocks sign-off comes first."""
    left: list[LeftRow] = []
    for ref in live.order:
        row = live.row(ref)
        if row.kind is QuestionKind.NOTE:
            continue
        if row.problem:
            left.append(LeftRow(ref, row.number, row.text, row.problem, blocking=True))
        elif not row.answered and row.required:
            left.append(LeftRow(ref, row.number, row.text, "Must be answered.", blocking=True))
        elif not row.answered and _counts(live, ref):
            left.append(LeftRow(ref, row.number, row.text, "Not answered.", blocking=False))
        elif row.evidence_missing:
            left.append(LeftRow(ref, row.number, row.text, row.evidence_words, blocking=False))
    left.extend(_unfinished_findings(session, live))
    return tuple(sorted(left, key=lambda item: not item.blocking))


def _unfinished_findings(session: Session, live: LiveAudit) -> list[LeftRow]:
    query = (
        select(Finding)
        .where(Finding.audit_id == live.audit_id, Finding.deleted_at.is_(None))
        .order_by(Finding.number)
    )
    rows = []
    for finding in session.scalars(query):
        if not counts(finding.state) or finding.grade in (Grade.OFI, Grade.STRENGTH):
            continue
        empty = [
            name
            for name, text in (("criterion", finding.criterion), ("statement", finding.statement))
            if not text.strip()
        ]
        if empty:
            reason = f"{finding_label(finding.number)} has no {' and no '.join(empty)}."
            rows.append(
                LeftRow(finding.ref, finding.question_number, finding.title, reason, blocking=True)
            )
    return rows
