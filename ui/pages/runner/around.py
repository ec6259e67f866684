"""What stands around the open question: counts above, hints below, its evidence beside it."""

from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject

from audit_app.services.checklist_rows import AuditView, PreviousAnswer, QuestionRow
from audit_app.services.finding_rows import EvidenceRow
from ui.pages.runner.bodies import CHOSEN, MEASURED

if TYPE_CHECKING:
    from ui.pages.runner.parts import RunnerParts


class Around(QObject):
    """Keeps the parts around the card in step with the open question."""

    def __init__(self, page: "RunnerParts") -> None:
        super().__init__(page)
        self._page = page

    def show_counts(self, view: AuditView, row: QuestionRow) -> None:
        """Counts and hints that follow from the open question."""
        page = self._page
        section = next((s for s in view.sections if s.code == row.section), None)
        page.top.show_section(
            section.title if section else view.title, page.questions.section_rows(row.section)
        )
        page.top.show_filter(page.questions.filter)
        page.visit.mark(row.section)
        page.bottom.show_repeats(is_repeat=section is not None and section.can_add)
        page.bottom.show_done(is_done=not page.questions.next_to_do(row.ref))
        page.bottom.show_hint(self._hint(row))

    def show_side(self, view: AuditView, row: QuestionRow) -> None:
        """The finding, the evidence and the last visit's answer; read in the database lane."""
        page = self._page
        page.side.show_question(row)
        if row.finding is not None:
            page.desk.open(row.finding.id)
        else:
            page.desk.close()
        services, audit_id, ref = page.shell.services, view.audit_id, row.ref

        def work() -> tuple[tuple[EvidenceRow, ...], PreviousAnswer | None]:
            return (
                services.evidence.of_question(audit_id, ref=ref),
                services.checklist.previous(audit_id, ref=ref),
            )

        def done(read: tuple[tuple[EvidenceRow, ...], PreviousAnswer | None]) -> None:
            if ref == page.questions.current:
                page.side.show_evidence(read[0])
                page.side.last.show_previous(read[1])

        page.shell.tasks.in_db(work, done, owner=self)

    def open_photo(self, identity: UUID) -> None:
        """A photo of the side panel, large."""
        side = self._page.side
        rows = side.photos.rows or side.finding.photos.rows
        if side.about.isHidden():
            rows = side.finding.photos.rows
        self._page.layers.viewer.open_photos(rows, identity)

    def _hint(self, row: QuestionRow) -> str:
        keys = [choice.key for choice in row.choices]
        if row.kind in CHOSEN and len(keys) > 1 and all(keys):
            return self.tr("{0} to {1} answers, Enter moves on").format(keys[0], keys[-1])
        if row.kind in MEASURED:
            return self.tr("I not applicable, U not verified")
        return self.tr("Enter moves on")
