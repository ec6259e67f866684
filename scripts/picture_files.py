"""The files of the pictures: fewer colours where nobody sees it, and pages of a real report."""

import subprocess
from pathlib import Path

from PIL import Image, ImageChops, ImageStat

from audit_app.domain.words import AuditState
from audit_app.reports.export import export_pdf
from audit_app.services import Services
from audit_app.services.report_content import report_content

SEEN = 1.2
"""Mean difference a channel, of 255, from which fewer colours would show (photos)."""

PAGES = {1: "cover", 2: "summary", 3: "findings"}
"""Pages of the report that become pictures, by number."""

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
    """Pictures of the first pages of the newest signed audit's report, and one in Arabic."""
    audits = [audit for visit in services.visits.listed() for audit in visit.audits]
    signed = next(audit for audit in audits if audit.state is AuditState.SIGNED)
    for language, pages in (("en", PAGES), ("ar", {2: "summary-arabic"})):
        file = scratch / f"report-{language}.pdf"
        export_pdf(report_content(services, signed.id, language=language), file)
        for number, name in pages.items():
            picture = out / f"report-{name}.png"
            save_page(file, number, picture)
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
