"""The files of the pictures: fewer colours where nobody sees it, and pages of a real report."""

import subprocess
from pathlib import Path
from uuid import UUID

import pikepdf
from PIL import Image, ImageChops, ImageStat

from audit_app.domain.words import AuditState
from audit_app.reports.export import export_pdf
from audit_app.services import Services
from audit_app.services.report_content import report_content

SEEN = 1.2
"""Mean difference a channel, of 255, from which fewer colours would show (photos)."""

PAGES = {
    "Cover": "cover",
    "Executive summary": "summary",
    "Findings": "findings",
    "Checklist": "checklist",
    "Sign-off": "sign-off",
}
"""Parts of the report, by their bookmark, whose first page becomes a picture."""

PAGE_DPI = 90


def keep_small(file: Path) -> None:
    """Bring a PNG down to 256 colours, unless that would show."""
    with Image.open(file) as opened:
        full = opened.convert("RGB")
    few = full.quantize(256, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    apart = ImageStat.Stat(ImageChops.difference(full, few.convert("RGB"))).mean
    kept = few if max(apart) < SEEN else full
    kept.save(file, optimize=True)


def save_report_pages(services: Services, scratch: Path, out: Path) -> None:
    """Pictures of the parts of one signed audit's report, and its summary in Arabic."""
    audits = [audit for visit in services.visits.listed() for audit in visit.audits]
    signed = [audit for audit in audits if audit.state is AuditState.SIGNED]
    telling = max(signed, key=lambda audit: audit.findings)
    english = _report(services, telling.id, "en", scratch)
    starts = _starts(english)
    for part, name in PAGES.items():
        _save(english, starts[part], out / f"report-{name}.png")
    arabic = _report(services, telling.id, "ar", scratch)
    # The parts stand in the same order in every language; only their pages may differ.
    place = list(starts).index("Executive summary")
    _save(arabic, list(_starts(arabic).values())[place], out / "report-summary-arabic.png")


def _report(services: Services, audit_id: UUID, language: str, scratch: Path) -> Path:
    file = scratch / f"report-{language}.pdf"
    export_pdf(report_content(services, audit_id, language=language), file)
    return file


def _starts(file: Path) -> dict[str, int]:
    """The page each bookmark leads to, from 1."""
    with pikepdf.open(file) as pdf, pdf.open_outline() as outline:
        numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages, 1)}
        return {
            item.title: numbers[item.destination[0].objgen]
            for item in outline.root
            if isinstance(item.destination, pikepdf.Array)
        }


def _save(file: Path, page: int, picture: Path) -> None:
    save_page(file, page, picture)
    keep_small(picture)


def save_page(pdf: Path, number: int, picture: Path) -> None:
    """One page of a PDF as a picture, drawn by poppler.

    Raises:
        FileNotFoundError: pdftoppm is not installed.
        CalledProcessError: it could not read the page.
    """
    page = str(number)
    command = ["pdftoppm", "-png", "-r", str(PAGE_DPI), "-f", page, "-l", page, "-singlefile"]
    subprocess.run([*command, str(pdf), str(picture.with_suffix(""))], check=True)
