"""Making a report away from the GUI thread; its library is imported only here."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject

from audit_app.errors import AuditError
from ui.shell import Shell
from ui.tasks import Progress

if TYPE_CHECKING:
    from audit_app.reports.content import ReportContent

LANGUAGES = (("en", "English"), ("ar", "\u0627\u0644\u0639\u0631\u0628\u064a\u0629"))
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
    done: Callable[[Made], object],
    failed: Callable[[AuditError], object],
    *,
    owner: QObject,
) -> None:
    """Collect what the report says in the database lane, then draw it in the work lane."""
    services = shell.services

    def collect() -> "ReportContent":
        from audit_app.services.report_content import report_content

        return report_content(services, audit_id, language=language)

    def draw(content: "ReportContent") -> None:
        def work(_progress: Progress) -> Made:
            from audit_app.reports.export import export_pdf

            result = export_pdf(content, file)
            return Made(file, result.sha256, result.pages, result.size, language)

        shell.tasks.in_work(work, done, failed, owner=owner)

    shell.tasks.in_db(collect, draw, failed, owner=owner)
