"""Whatever somebody types is printed as it is, or visibly cut; it is never obeyed."""

import re
import subprocess
import unicodedata
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from audit_app.reports.content import ReportContent
from audit_app.reports.export import export_pdf
from audit_app.reports.pdf.tokens import PAGE_H
from tests.reports.builders import a_report

FIXED = {"language", "time_zone", "manifest", "trail_head", "data_sha256", "sha256"}
"""Fields that no person types."""

HOSTILE = {
    "markup": '<img src="/etc/passwd"/> <b>unclosed & <font color=[[[x]]]> <para>',
    "template": "{0} {key} %s ${A1} <<MCID 3>> BDC EMC (a\\) ) Tj",
    "controls": "a\x00b\x01c\x08d\x0be\x1bf\x7fg\ufffe\u2028h\u2029i\rj\tk",
    "emoji": "Door 🚪 open 👩🏽‍💻 flag 🇪🇬 family 👨‍👩‍👧‍👦",
    "directions": "\u202eevil\u202c \u2066isolate \u2067never closed Door باب 12 דלת",
    "combining": "e" + "\u0301" * 200 + " Z̷̢̛a̸l̶g̵o̷",
    "long word": "x" * 200_000,
    "long text": "Every word of this stands. " * 3_000,
    "many lines": "\n" * 500 + "end",
    "blank": " \t\n\u00a0\u200b\ufeff",
    "empty": "",
    "link": "file:///etc/passwd javascript:alert(1) https://example.org/?a=1&b=2",
}


def everywhere(value: Any, text: str) -> Any:
    """The same content with this text in every field that somebody may have typed."""
    if is_dataclass(value) and not isinstance(value, type):
        changed = {
            field.name: everywhere(getattr(value, field.name), text)
            for field in fields(value)
            if field.name not in FIXED
        }
        return replace(value, **changed)
    if type(value) is str:
        return text
    if isinstance(value, tuple):
        return tuple(everywhere(item, text) for item in value)
    return value


def a_hostile_report(text: str) -> ReportContent:
    content = a_report(sections=1, questions=2, findings=1, photos=1)
    made = everywhere(content, text)
    assert isinstance(made, ReportContent)
    return made


def squeezed(file: Path) -> str:
    done = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", str(file), "-"], capture_output=True, text=True, check=True
    )
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", done.stdout))


def outside(file: Path) -> list[str]:
    """Words that lie beyond the edges of the text column or of the page's head and foot."""
    done = subprocess.run(
        ["pdftotext", "-bbox", str(file), "-"],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=True,
    )
    # A word that poppler could not decode must not hide where it stands.
    box = re.compile(r'xMin="([-.\d]+)" yMin="([-.\d]+)" xMax="([-.\d]+)" yMax="([-.\d]+)">(.*)<')
    found = []
    for left, top, right, bottom, word in box.findall(done.stdout):
        inside = float(left) > 40 and float(right) < 560 and float(top) > 20
        if not (inside and float(bottom) < PAGE_H - 20):
            found.append(f"{word[:40]} at {left}, {top}, {right}, {bottom}")
    return found


@pytest.mark.parametrize("kind", HOSTILE)
def test_any_text_anywhere_makes_a_report(tmp_path: Path, kind: str) -> None:
    out = tmp_path / "report.pdf"
    result = export_pdf(a_hostile_report(HOSTILE[kind]), out)
    assert result.pages >= 6
    assert "root:" not in squeezed(out)
    assert outside(out) == []


@pytest.mark.parametrize("kind", ["markup", "template", "link"])
def test_what_looks_like_code_is_printed_as_it_was_typed(tmp_path: Path, kind: str) -> None:
    out = tmp_path / "report.pdf"
    export_pdf(a_hostile_report(HOSTILE[kind]), out)
    assert re.sub(r"\s+", "", HOSTILE[kind]) in squeezed(out)


def test_a_text_is_never_a_link_or_an_action(tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    export_pdf(a_hostile_report(HOSTILE["link"]), out)
    raw = out.read_bytes()
    for forbidden in (b"/URI", b"/JavaScript", b"/Launch", b"/GoToR", b"/SubmitForm"):
        assert forbidden not in raw


def test_a_word_without_end_is_cut_with_a_sign_where_it_has_its_place(tmp_path: Path) -> None:
    out = tmp_path / "report.pdf"
    export_pdf(a_hostile_report(HOSTILE["long word"]), out)
    assert "x..." in squeezed(out)


def test_long_text_stands_whole_where_it_flows(tmp_path: Path) -> None:
    content = a_report(sections=1, questions=2, findings=1, photos=1)
    words = " ".join(f"word{n}" for n in range(1_200))
    finding = replace(content.findings[0], condition=words)
    out = tmp_path / "report.pdf"
    export_pdf(replace(content, findings=(finding,)), out)
    text = squeezed(out)
    missing = [n for n in range(1_200) if f"word{n}" not in text]
    assert missing == []
