"""The layers over the runner and what they need from the services."""

from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject

from audit_app.services.checklist_rows import AuditView, Explanation, QuestionRow
from audit_app.services.finding_rows import FindingRow
from ui.pages.runner.overlays import ExplainScore, Jump, WhatIsLeft
from ui.pages.runner.viewer import PhotoViewer
from ui.shell import Shell

if TYPE_CHECKING:
    from ui.pages.runner.parts import RunnerParts


class Layers(QObject):
    """Opens each layer with fresh rows."""

    def __init__(self, shell: Shell, page: "RunnerParts") -> None:
        super().__init__(page)
        self._shell = shell
        self._audit: UUID | None = None
        self.jump = Jump(shell.look, page)
        self.jump.chosen.connect(page.walk.open_question)
        self.left = WhatIsLeft(shell.look, page)
        self.left.chosen.connect(page.walk.open_question)
        self.score = ExplainScore(shell.look, page)
        self.score.closing_chosen.connect(self._on_closing)
        self.viewer = PhotoViewer(shell, page)

    def open_jump(self, rows: list[QuestionRow]) -> None:
        """Find a question among these."""
        self.jump.open_jump(rows)

    def open_left(self, audit_id: UUID) -> None:
        """What is left in this audit."""
        left = partial(self._shell.services.checklist.left, audit_id)
        self._shell.tasks.in_db(left, self.left.open_left, owner=self)

    def explain(self, view: AuditView) -> None:
        """How the score of this audit came about."""
        services = self._shell.services
        self._audit = view.audit_id

        def work() -> tuple[Explanation, tuple[FindingRow, ...]]:
            explanation = services.checklist.explain(view.audit_id, closing=frozenset())
            return explanation, services.findings.listed(audit_id=view.audit_id)

        def done(read: tuple[Explanation, tuple[FindingRow, ...]]) -> None:
            self.score.open_explanation(read[0], view.score.cap_reason, read[1])

        self._shell.tasks.in_db(work, done, owner=self)

    def _on_closing(self, findings: frozenset[UUID]) -> None:
        if self._audit is None:
            return
        explain = self._shell.services.checklist.explain
        self._shell.tasks.in_db(
            partial(explain, self._audit, closing=findings),
            self.score.show_explanation,
            owner=self,
        )
