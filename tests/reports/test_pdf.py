"""Real files, read back with poppler and pikepdf."""

import multiprocessing
import re
import subprocess
import unicodedata
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from audit_app.errors import AuditError
from audit_app.reports.export import export_pdf, export_pdf_in_process
from tests.reports.builders import a_report, with_text

TEXTS = {
    "pl": "Zażółć gęślą jaźń przed końcem zmiany",
    "tr": "Şoför çığ gibi büyüyen İstanbul ışığında",
    "el": "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία",
    "ru": "Съешь же ещё этих мягких французских булок",
    "ar": "تم العثور على الباب مفتوحاً في الساعة",
    "he": "הדלת נמצאה פתוחה בזמן הביקורת",
    "mixed": "Door باب 12 opened דלת at 10:05",
}


def run(*command: str | Path) -> str:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=True
    )
    return done.stdout


def page_of(file: Path, number: int) -> str:
    """One page with its words where they stand."""
    given = run("pdftotext", "-f", str(number), "-l", str(number), "-layout", file, "-")
    return unicodedata.normalize("NFKC", given)


def text_of(file: Path) -> str:
    return unicodedata.normalize("NFKC", run("pdftotext", "-enc", "UTF-8", file, "-"))


def words_of(text: str) -> set[str]:
    """Words without direction signs, so that order on the page does not matter."""
    plain = "".join(
        " " if unicodedata.category(char) == "Cf" else char
        for char in unicodedata.normalize("NFKC", text)
    )
    return set(re.findall(r"\w+", plain))


def test_a_report_holds_what_was_entered(tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    result = export_pdf(a_report(), out)
    text = " ".join(text_of(out).split())
    for wanted in (
        "Nordwind Contact Services",
        "84.6",
        "Executive summary",
        "The side door to the floor was wedged open",
        "Repair the closer, reconnect the alarm.",
        "Major nonconformity",
        "The night shift was not seen.",
        "Omar Haddad",
        "9f2c9f2c",
    ):
        assert wanted in text, wanted
    assert result.pages == len(pikepdf.open(out).pages)
    assert result.size == out.stat().st_size


@pytest.mark.parametrize("script", TEXTS)
def test_every_script_of_the_market_can_be_copied(tmp_path: Path, script: str) -> None:
    out = tmp_path / "report.pdf"
    export_pdf(with_text(TEXTS[script]), out)
    missing = words_of(TEXTS[script]) - words_of(text_of(out))
    assert missing == set()


def test_markup_in_what_was_typed_prints_as_it_is(tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    hostile = '<img src="/etc/passwd"/> <b>unclosed & <font color=[[[x]]]>'
    export_pdf(with_text(hostile), out)
    text = re.sub(r"\s+", "", text_of(out))
    assert '<imgsrc="/etc/passwd"/>' in text
    assert "root:" not in text


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    content = a_report(photos=2)
    first = export_pdf(content, tmp_path / "one.pdf")
    second = export_pdf(content, tmp_path / "two.pdf")
    assert first.sha256 == second.sha256
    changed = export_pdf(replace(content, opinion="Other."), tmp_path / "three.pdf")
    assert changed.sha256 != first.sha256


def test_every_font_is_embedded(tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    export_pdf(with_text(TEXTS["mixed"]), out)
    rows = run("pdffonts", out).splitlines()[2:]
    assert rows
    assert [row for row in rows if " yes yes yes " not in row] == []


def test_nothing_is_drawn_outside_the_page(tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    export_pdf(with_text("Donaudampfschifffahrtsgesellschaftskapitän " * 12), out)
    boxes = run("pdftotext", "-bbox", out, "-")
    found = re.findall(
        r'xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)"', boxes
    )
    assert found
    for box in found:
        left, top, right, bottom = (float(edge) for edge in box)
        assert left >= 40, box
        assert right <= 596, box
        assert top >= 0, box
        assert bottom <= 842, box


def test_a_very_long_word_is_set_without_delay(tmp_path: Path) -> None:
    export_pdf(with_text("x" * 200_000), tmp_path / "report.pdf")
    assert len(text_of(tmp_path / "report.pdf")) < 200_000


def test_the_file_is_tagged_and_carries_its_data(tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    content = a_report(photos=1)
    export_pdf(content, out)
    with pikepdf.open(out) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert str(pdf.Root.Lang) == "en"
        assert "/StructTreeRoot" in pdf.Root
        assert pdf.attachments["audit.json"].get_file().read_bytes() == content.data
        with pdf.open_outline() as outline:
            titles = [item.title for item in outline.root]
    assert titles[:3] == ["Cover", "Contents", "Executive summary"]
    assert "Checklist" in titles


def test_a_long_report_has_contents_with_page_numbers(tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    export_pdf(a_report(sections=10, questions=20, findings=12, photos=6), out)
    listed = re.findall(r"^(\S.*?) {3,}(\d+)$", page_of(out, 2), re.MULTILINE)
    assert [title for title, _ in listed] == [
        "Executive summary",
        "Follow-up of earlier actions",
        "Findings",
        "Strengths and limits",
        "Checklist",
        "Sign-off",
        "Appendix A: Method and scoring",
        "Appendix B: Photos",
        "Appendix C: People",
        "Appendix D: Data and verification",
    ]
    for title, number in listed:
        assert title in page_of(out, int(number))
    assert f"(p. {dict(listed)['Appendix D: Data and verification']})" in page_of(out, 5)


def test_a_short_report_has_no_contents(tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    export_pdf(a_report(sections=1, questions=2, findings=1, photos=1), out)
    assert "Contents" not in text_of(out)
    assert "Executive summary" in page_of(out, 2)


def test_pages_are_read_in_the_order_they_are_printed(tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    export_pdf(a_report(sections=10, questions=20, findings=12, photos=6), out)
    with pikepdf.open(out) as pdf:
        numbers = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        document = pdf.Root.StructTreeRoot.K
        firsts = [first_page(section, numbers) for section in document.K]
    assert firsts == sorted(firsts)
    assert firsts[:3] == [0, 1, 2]


def first_page(element: pikepdf.Object, numbers: dict[tuple[int, int], int]) -> int:
    """The first page of what lies below an element; past the last if nothing does."""
    if "/Pg" in element:
        return numbers[element.Pg.objgen]
    below = element.get("/K", pikepdf.Array())
    kids = below if isinstance(below, pikepdf.Array) else [below]
    pages = [first_page(kid, numbers) for kid in kids if isinstance(kid, pikepdf.Dictionary)]
    return min(pages, default=len(numbers))


def test_everything_the_content_holds_is_printed(tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    export_pdf(a_report(), out)
    text = " ".join(text_of(out).split())
    for wanted in (
        "The lockers belong to the landlord.",
        "Open and well prepared.",
        "AUD-CAI-260312-1",
        "Verified by Lena Novak, 30 Mar 2026",
        "257 d",
        "240 items in all",
        "12.5 %",
        "09:00 opening meeting",
        "Signed on 19 Nov 2026",
        "local to the site (Africa/Cairo)",
    ):
        assert wanted in text, wanted


def test_an_empty_audit_still_makes_a_report(tmp_path: Path) -> None:
    bare = replace(
        a_report(sections=0, findings=0, photos=0),
        score=None,
        raw=None,
        previous=None,
        draft=True,
        trend=(),
        pareto=(),
        earlier_actions=(),
        strengths=(),
        gaps=(),
        signatures=(),
        next_steps=(),
        figures=(),
    )
    export_pdf(bare, tmp_path / "report.pdf")
    assert "Draft: not signed" in text_of(tmp_path / "report.pdf")


def test_an_unknown_language_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match="not a language"):
        export_pdf(replace(a_report(photos=0), language="xx-none"), tmp_path / "r.pdf")
    assert list(tmp_path.iterdir()) == []


def test_a_failed_export_leaves_no_file(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    with pytest.raises(AuditError, match="was not written"):
        export_pdf(a_report(photos=0), blocked / "report.pdf")
    assert blocked.read_bytes() == b""


def test_a_worker_process_reports_progress_and_gives_the_same_file(tmp_path: Path) -> None:
    content = a_report(photos=1)
    steps: list[tuple[int, int]] = []
    result = export_pdf_in_process(
        content, tmp_path / "a.pdf", lambda done, total, _part: steps.append((done, total))
    )
    assert result == export_pdf(content, tmp_path / "b.pdf")
    assert steps[-1][0] == steps[-1][1]


def test_a_cancelled_export_leaves_nothing(tmp_path: Path) -> None:
    result = export_pdf_in_process(a_report(), tmp_path / "a.pdf", cancelled=lambda: True)
    assert result is None
    assert list(tmp_path.iterdir()) == []
    assert multiprocessing.active_children() == []
