"""How long the reference report takes, beside the same content through plain reportlab.

The reference report (REPORTS 4): 12 sections, 300 questions, 40 findings, two charts and 60
photos of 1,000 pixels. Each measurement is a process of its own, the best of three. Times are those
of the processor, which does all of it in one thread, without the imports; memory is the largest the
whole process held. Ours is PDF/A-3a and
PDF/UA-1 with shaped text and a structure tree; the peer draws paragraphs and tables with the
same words and pictures and keeps no standard.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from audit_app.reports.content import ReportContent  # noqa: E402 (needs the path above)

SECTIONS, QUESTIONS, FINDINGS, PHOTOS = 12, 25, 40, 60
TIMES = 3
BUDGET_SECONDS, BUDGET_MEGABYTES = 1.5, 150.0


def reference(folder: Path) -> ReportContent:
    """The reference report; its photos are drawn once and read from the folder."""
    from tests.reports.builders import a_report, a_small_photo

    content = a_report(sections=SECTIONS, questions=QUESTIONS, findings=FINDINGS, photos=0)
    photos = []
    for number in range(1, PHOTOS + 1):
        file = folder / f"{number}.jpg"
        if not file.exists():
            file.write_bytes(a_small_photo(number).jpeg)
        photos.append(replace(a_small_photo(number, file.read_bytes())))
    findings = tuple(
        replace(finding, photos=(number,)) for number, finding in enumerate(content.findings, 1)
    )
    return replace(content, photos=tuple(photos), findings=findings)


def ours(content: ReportContent, out: Path) -> None:
    """The report as the app writes it."""
    from audit_app.reports.export import export_pdf

    export_pdf(content, out)


def peer(content: ReportContent, out: Path) -> None:
    """The same words and pictures through reportlab's own paragraphs and tables."""
    from xml.sax.saxutils import escape

    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import (
        Flowable,
        Image,
        PageBreak,
        Paragraph,
        SimpleDocTemplate,
        Table,
    )

    styles = getSampleStyleSheet()
    body, head = styles["BodyText"], styles["Heading2"]

    def said(text: str) -> Paragraph:
        return Paragraph(escape(text), body)

    story: list[Flowable] = [Paragraph(escape(content.vendor), styles["Title"])]
    story.append(said(content.opinion))
    for finding in content.findings:
        story.append(Paragraph(escape(f"{finding.number} {finding.title}"), head))
        texts = (finding.condition, finding.criteria, finding.cause, finding.impact)
        story.extend(said(text) for text in texts)
        rows = [
            [said(a.text), said(a.owner), said(str(a.due)), said(a.state)] for a in finding.actions
        ]
        story.append(Table(rows))
    for section in content.sections:
        story.append(Paragraph(escape(section.title), head))
        story.append(
            Table(
                [
                    [said(row.number), said(row.text), said(row.answer), said(row.comment)]
                    for row in section.questions
                ],
                colWidths=(30, 220, 90, 120),
            )
        )
    story.append(PageBreak())
    for photo in content.photos:
        # From its file a JPEG is passed through as it is, as ours is.
        story.append(Image(str(out.parent / f"{photo.number}.jpg"), 240, 160))
        story.append(said(photo.caption))
    SimpleDocTemplate(str(out)).build(story)


WRITERS: dict[str, Callable[[ReportContent, Path], None]] = {"ours": ours, "peer": peer}


def measure(name: str, folder: Path) -> dict[str, float]:
    """Seconds, megabytes and size of one writer, in this process."""
    content = reference(folder)
    out = folder / f"{name}.pdf"
    # What is imported on first use is imported by a small report, so that it is not timed.
    WRITERS[name](small(content), folder / "warm.pdf")
    started = time.process_time()
    WRITERS[name](content, out)
    seconds = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "megabytes": peak, "size": out.stat().st_size / 1e6}


def small(content: ReportContent) -> ReportContent:
    """A report of one section, to warm up."""
    return replace(
        content, sections=content.sections[:1], findings=(), photos=(), earlier_actions=()
    )


def best(name: str, folder: Path) -> dict[str, float]:
    """The best of some runs, each in a process of its own."""
    runs = []
    for _ in range(TIMES):
        done = subprocess.run(
            [sys.executable, __file__, "--one", name, str(folder)],
            check=True,
            capture_output=True,
            text=True,
        )
        runs.append(json.loads(done.stdout))
    return {key: min(run[key] for run in runs) for key in runs[0]}


def main() -> None:
    """Print the rows."""
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(measure(sys.argv[2], Path(sys.argv[3]))))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        reference(folder)
        found = {writer: best(writer, folder) for writer in WRITERS}
    mine, other = found["ours"], found["peer"]
    print(
        json.dumps(
            [
                {
                    "what": "report: 300 questions, 40 findings, 60 photos, PDF/A-3a and UA-1",
                    "unit": "s",
                    "measured": mine["seconds"],
                    "budget": BUDGET_SECONDS,
                    "note": f"processor, best of {TIMES} processes, without imports",
                },
                {
                    "what": "report: memory of the whole process",
                    "unit": "MB",
                    "measured": mine["megabytes"],
                    "budget": BUDGET_MEGABYTES,
                },
                {"what": "report: size of the file", "unit": "MB", "measured": mine["size"]},
                {
                    "what": "the same words and photos through plain reportlab",
                    "unit": "s",
                    "measured": other["seconds"],
                    "note": "no shaping, no tags, no standard",
                },
                {
                    "what": "plain reportlab: memory of the whole process",
                    "unit": "MB",
                    "measured": other["megabytes"],
                },
            ]
        )
    )


if __name__ == "__main__":
    main()
