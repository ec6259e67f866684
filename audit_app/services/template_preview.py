"""A checklist version as the runner would show it, before anybody answers."""

from dataclasses import dataclass
from uuid import UUID

from audit_app.clock import Clock
from audit_app.forms.checklist import Checklist
from audit_app.forms.compiled import CompiledTemplate
from audit_app.forms.engine import Engine
from audit_app.services.checklist_rows import QuestionRow
from audit_app.services.live import LiveAudit

NOBODY = UUID(int=0)
"""Stands for the audit that a preview does not have; nothing of it is ever written."""


@dataclass(frozen=True, slots=True)
class SectionPreview:
    """One section with all its questions, also those that a condition would hide at first."""

    title: str
    questions: tuple[QuestionRow, ...]


def preview(
    template: CompiledTemplate, clock: Clock, language: str | None = None
) -> tuple[SectionPreview, ...]:
    """The sections of a checklist, unanswered; a repeated section is shown once."""
    checklist = Checklist.of(template, language)
    engine = Engine(template, now=clock.now, language=language)
    engine.load({})
    for section in checklist.sections:
        if section.is_repeat and not engine.rows(section.ref):
            engine.add_repeat(section.ref, clock.new_id().hex)
    live = LiveAudit(NOBODY, template, checklist, engine)
    sections = []
    for section in checklist.sections:
        refs = tuple(question.ref for question in section.questions)
        if section.is_repeat:
            refs = live.section_refs(engine.rows(section.ref)[0])
        rows = tuple(live.row(ref) for ref in refs)
        sections.append(SectionPreview(f"{section.number} {section.title}".strip(), rows))
    return tuple(sections)
