"""The checklist part of a report: sections, questions, gaps and open remarks."""

from collections import Counter
from collections.abc import Sequence

from audit_app.domain.words import Grade, Mark, Tone
from audit_app.forms.kinds import QuestionKind
from audit_app.reports.content import Gap, GradeCounts, QuestionLine, Remark, SectionPart
from audit_app.reports.words import Words
from audit_app.services.checklist_rows import QuestionRow, SectionRow
from audit_app.services.report_reads import AuditFacts

PARETO = 6
"""Rows of the chart that tells where findings come from."""

NOT_VERIFIED = ("NV",)
"""The answer by which the shipped checklists say that something was not seen."""


def printed(number: str) -> str:
    """F-05 on the screen is F-005 in print."""
    return f"F-{int(number.removeprefix('F-')):03d}"


def grade_counts(grades: Sequence[Grade]) -> GradeCounts:
    """How many of each grade."""
    found = Counter(grades)
    return GradeCounts(
        found[Grade.CRITICAL],
        found[Grade.MAJOR],
        found[Grade.MINOR],
        found[Grade.OFI],
        found[Grade.STRENGTH],
    )


def section_parts(facts: AuditFacts, words: Words) -> tuple[SectionPart, ...]:
    """Every section with its questions, in checklist order."""
    questions = facts.questions
    grades: dict[str, list[Grade]] = {}
    for item in facts.findings:
        question = questions.get(item.row.question_ref)
        if question is not None:
            grades.setdefault(question.section, []).append(item.row.grade)
    return tuple(
        _section(facts, words, section, grades.get(section.code, []))
        for section in facts.view.sections
    )


def _section(
    facts: AuditFacts, words: Words, section: SectionRow, grades: Sequence[Grade]
) -> SectionPart:
    rows = [row for row in facts.view.questions if row.section == section.code]
    return SectionPart(
        number=section.number,
        title=section.title,
        score=section.score,
        previous=facts.previous_sections.get(section.code),
        counts=grade_counts(grades),
        answered=section.answered,
        total=section.total,
        questions=tuple(_question(facts, words, row) for row in rows),
        weight=facts.shares.get(section.code),
    )


def _question(facts: AuditFacts, words: Words, row: QuestionRow) -> QuestionLine:
    numbers = facts.photo_numbers
    answer = row.answer
    comment = " ".join(part for part in (answer.judgement if answer else "", row.note) if part)
    # A long text is cut in its chip; in print it stands whole in the wider column.
    long = row.fields[0].value if row.fields and answer and answer.label.endswith("…") else ""
    label = words.answer_mark(row.mark) if row.mark else answer.label if answer else ""
    weight, score = facts.weights.get(row.ref, ("", ""))
    return QuestionLine(
        number=row.number,
        text=row.text,
        answer="" if long else label,
        tone=answer.tone if answer else Tone.NEUTRAL,
        score=f"{score} / {weight}" if score else "",
        comment=f"{long} {comment}".strip(),
        evidence=tuple(
            words("photo", number=numbers[item.id])
            for item in facts.pictures
            if item.ref == row.ref
        ),
        finding=printed(row.finding.number) if row.finding else "",
        failed=bool(answer and answer.tone is Tone.BAD),
        answered=row.answered,
    )


def pareto(sections: Sequence[SectionPart], words: Words) -> tuple[tuple[str, int], ...]:
    """Sections by their findings, most first; the rest together."""
    found = sorted(
        ((part.title, part.counts.total) for part in sections if part.counts.total),
        key=lambda row: -row[1],
    )
    if len(found) <= PARETO:
        return tuple(found)
    rest = sum(count for _, count in found[PARETO - 1 :])
    return (*found[: PARETO - 1], (words("pareto_other"), rest))


def gaps(facts: AuditFacts, words: Words) -> tuple[Gap, ...]:
    """What was not verified or not answered, and why."""
    found = []
    for row in facts.view.questions:
        if row.mark is Mark.NOT_VERIFIED or row.selected == NOT_VERIFIED:
            found.append(Gap(row.number, row.text, row.note or words("gap_unverified")))
        elif not row.answered and row.kind is not QuestionKind.NOTE:
            found.append(Gap(row.number, row.text, words("gap_unanswered")))
    return tuple(found)


def remarks(facts: AuditFacts) -> tuple[Remark, ...]:
    """What the auditor wrote in answer to questions that ask for text."""
    return tuple(
        Remark(row.text, row.fields[0].value.strip())
        for row in facts.view.questions
        if row.kind is QuestionKind.TEXT and row.fields and row.fields[0].value.strip()
    )


def sample_words(facts: AuditFacts, words: Words) -> tuple[str, ...]:
    """How many questions were judged on samples, and how large those were together."""
    samples = [
        int(row.fields[0].value)
        for row in facts.view.questions
        if row.kind is QuestionKind.SAMPLE and row.answered and row.fields[0].value.isdecimal()
    ]
    if not samples:
        return ()
    items = words.number(sum(samples), 0)
    return (words.some("sample_words", len(samples), items=items),)


def criteria(facts: AuditFacts, words: Words) -> str:
    """The checklist, and the clauses that stand most often beside its questions."""
    clauses = Counter(
        clause.strip()
        for row in facts.view.questions
        for clause in row.clause.split(";")
        if clause.strip()
    )
    checklist = f"{facts.view.title} {facts.view.template_version}"
    common = words.listed(clause for clause, _ in clauses.most_common(3))
    return f"{checklist}; {common}" if common else checklist
