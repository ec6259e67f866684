"""Making a report away from the GUI thread; its library is imported only here."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject

from audit_app.errors import AuditError
from ui.shell import Shell
from ui.tasks import Progress, Step

if TYPE_CHECKING:
    from audit_app.reports.content import ReportContent

LANGUAGES = (
    ("en", "English"),
    ("de", "Deutsch"),
    ("ar", "\u0627\u0644\u0639\u0631\u0628\u064a\u0629"),
)
"""Languages a report can be made in, each in its own words."""


@dataclass(frozen=True, slots=True)
class Made:
    """A finished PDF."""

    file: Path
    sha256: str
    pages: int
    size: int
    language: str


def make_report(
    shell: Shell,
    audit_id: UUID,
    language: str,
    file: Path,
    done: Callable[[Made | None], object],
    failed: Callable[[AuditError], object],
    begun: Callable[[Progress], object],
    step: Callable[[Step], object],
    *,
    owner: QObject,
) -> None:
    """Collect what the report says in the database lane, then draw it in a process of its own.

    The process keeps the window free and its memory small, and can be stopped at once: ``done``
    is then told None. ``begun`` is handed what stops it.
    """
    services = shell.services

    def collect() -> "ReportContent":
        from audit_app.services.report_content import report_content

        return report_content(services, audit_id, language=language)

    def draw(content: "ReportContent") -> None:
        def work(progress: Progress) -> Made | None:
            from audit_app.reports.export import export_pdf_in_process

            def tell(part: int, parts: int, words: str) -> None:
                if not progress.is_stopped:
                    progress.report(part, parts, words)

            result = export_pdf_in_process(content, file, tell, lambda: progress.is_stopped)
            if result is None:
                return None
            return Made(file, result.sha256, result.pages, result.size, language)

        begun(shell.tasks.in_work(work, done, failed, step=step, owner=owner))

    shell.tasks.in_db(collect, draw, failed, owner=owner)
