"""All pages of a report in their order."""

from pathlib import Path

from audit_app.reports.content import ReportContent
from audit_app.reports.pdf.appendices import draw_appendices
from audit_app.reports.pdf.beside import draw_beside
from audit_app.reports.pdf.checklist import draw_checklist
from audit_app.reports.pdf.contents import CONTENTS_FROM, draw_contents
from audit_app.reports.pdf.cover import draw_cover
from audit_app.reports.pdf.document import Progress, Sheets
from audit_app.reports.pdf.findings import draw_findings
from audit_app.reports.pdf.finish import LONGEST_STRING, About, Attachment, Drawn, finish
from audit_app.reports.pdf.follow_up import draw_earlier
from audit_app.reports.pdf.sign_off import draw_sign_off
from audit_app.reports.pdf.summary import draw_summary
from audit_app.reports.words import Words
from resources import path

_PARTS = (
    ("cover", draw_cover),
    ("summary", draw_summary),
    ("earlier", draw_earlier),
    ("findings", draw_findings),
    ("beside", draw_beside),
    ("checklist", draw_checklist),
    ("sign_off", draw_sign_off),
    ("appendices", draw_appendices),
)


def write_pdf(content: ReportContent, drawn: Path, out: Path, progress: Progress) -> int:
    """Draw a report into ``drawn`` and finish it as ``out``; gives the number of pages."""
    words = Words(path("i18n"), content.language)
    sheets = Sheets(drawn, content, words, path("fonts"))
    for done, (key, draw) in enumerate(_PARTS):
        progress(done, len(_PARTS) + 1, words(key))
        draw(sheets)
    if sheets.page > CONTENTS_FROM:
        draw_contents(sheets)
    order = sheets.order
    pages = sheets.finish()
    progress(len(_PARTS), len(_PARTS) + 1, words("finishing"))
    title = f"{words('report_title')}: {content.vendor}, {content.site}"
    about = About(
        title[:LONGEST_STRING],
        (content.lead_auditor or content.organisation)[:LONGEST_STRING],
        content.title[:LONGEST_STRING],
        words.language,
        content.issued,
    )
    data = Attachment("audit.json", "application/json", content.data, words("data_file"))
    finish(drawn, out, Drawn(sheets.pen.root, order), about, (data,))
    progress(len(_PARTS) + 1, len(_PARTS) + 1, words("finishing"))
    return pages
