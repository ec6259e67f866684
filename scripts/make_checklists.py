"""Writes resources/checklists/*.xlsx from the outlines beside them; the same bytes every time.

usage: python scripts/make_checklists.py [--check]     (--check: only say whether files are current)
"""

import io
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

HOME = Path(__file__).resolve().parents[1] / "resources" / "checklists"
LANGUAGE = "English (en)"
LABEL, HINT = f"label::{LANGUAGE}", f"hint::{LANGUAGE}"
MESSAGE = f"constraint_message::{LANGUAGE}"
SURVEY = (
    "type",
    "name",
    LABEL,
    HINT,
    "relevant",
    "constraint",
    MESSAGE,
    "appearance",
    "weight",
    "critical",
    "evidence",
    "evidence_kind",
    "clause",
    "unit",
    "direction",
    "target",
    "amber",
    "ci",
    "score_kind",
    "source",
)
CHOICES = (
    "list_name",
    "name",
    LABEL,
    "score",
    "finding",
    "tone",
    "excludes",
    "lowers_coverage",
    "comment_required",
)
SETTINGS = (
    "form_title",
    "form_id",
    "version",
    "default_language",
    "pass_mark",
    "amber_mark",
    "scoring",
)
TONES = {"C": "good", "OFI": "watch", "MIN": "bad", "MAJ": "bad"}
STREAMS = {
    "merchant": "Merchants",
    "product": "Products",
    "content": "Content",
    "live": "Live streams",
}
FACTS = {
    "streams": ("select_multiple streams", "Which streams does the site moderate?"),
    "markets": ("text", "Which markets does the site serve?"),
    "shared_markets": ("select_one yes_no", "Do teams share markets with another site?"),
    "ai_assist": ("select_one yes_no", "Does an automated tool suggest or take decisions?"),
    "card_data": ("select_one yes_no", "Can anyone at the site see payment card data?"),
    "remote_work": ("select_one yes_no", "Does anyone work from home?"),
}
FACT_HINTS = {"markets": "Two-letter country codes with a blank between them, such as GB DE."}
GREEN, AMBER = 85, 70
# A fixed moment stands in every archive entry, so that the bytes depend on the outlines alone.
MOMENT = (2026, 1, 1, 0, 0, 0)
STAMP = "2026-01-01T00:00:00Z"

Cells = dict[str, Any]


def survey_rows(outline: Mapping[str, Any]) -> Iterator[Cells]:
    """The rows of the survey sheet."""
    yield from fact_rows(outline)
    for section in outline["sections"]:
        yield {
            "type": "begin_group",
            "name": section["id"],
            LABEL: section["title"],
            "weight": section["weight"],
        }
        for question in section["questions"]:
            yield from question_rows(question)
        yield {"type": "end_group"}


def fact_rows(outline: Mapping[str, Any]) -> Iterator[Cells]:
    """What the conditions of this checklist ask about the site."""
    questions = [q for section in outline["sections"] for q in section["questions"]]
    used = {q["relevant-if"]["site"] for q in questions if "relevant-if" in q}
    if not used:
        return
    yield {"type": "begin_group", "name": "site", LABEL: "About the site"}
    for name, (kind, label) in FACTS.items():
        if name in used:
            yield {
                "type": kind,
                "name": f"site_{name}",
                LABEL: label,
                HINT: FACT_HINTS.get(name),
                "weight": 0,
                "evidence": "never",
                "source": f"site:{name}",
            }
    yield {"type": "end_group"}


def question_rows(question: Mapping[str, Any]) -> Iterator[Cells]:
    """The rows of one question."""
    name, guidance = question["id"], question["guidance"]
    cells: Cells = {
        "name": name,
        LABEL: question["text"],
        "relevant": condition(question.get("relevant-if")),
        "weight": question["weight"],
        "critical": "yes" if question["critical"] else None,
        "evidence": question["evidence"]["required"],
        "evidence_kind": " ".join(question["evidence"]["kinds"]) or None,
        "clause": "; ".join(question.get("refs", ())) or None,
        "unit": question.get("unit"),
        "direction": question.get("direction"),
        "target": first(question, "target", "target_percent", "default_target"),
        "amber": first(question, "amber", "amber_percent"),
        "ci": question.get("ci_method"),
    }
    match question["type"]:
        case "choice":
            yield {**cells, "type": f"select_one {question['choices']}", HINT: guidance}
        case "text":
            yield {**cells, "type": "text", HINT: guidance, "appearance": "multiline"}
        case "number":
            yield {**cells, "type": "decimal", HINT: guidance, **not_negative()}
        case "sample":
            yield {**cells, "type": "begin_group", "score_kind": "sample"}
            yield {
                "type": "integer",
                "name": f"{name}_checked",
                LABEL: "Checked",
                HINT: guidance,
                **not_negative(),
            }
            yield {
                "type": "integer",
                "name": f"{name}_conforming",
                LABEL: "Conforming",
                "constraint": f". >= 0 and . <= ${{{name}_checked}}",
                MESSAGE: "No more can conform than were checked.",
            }
            yield {"type": "end_group"}
        case "review-result":
            source = f"{question['source']}:{question['metric']}"
            yield {**cells, "type": "begin_group", "score_kind": "review-result", "source": source}
            yield {"type": "decimal", "name": f"{name}_value", LABEL: "Estimate", HINT: guidance}
            yield {
                "type": "decimal",
                "name": f"{name}_lo",
                LABEL: "Lower limit of the 95 % interval",
            }
            yield {
                "type": "decimal",
                "name": f"{name}_hi",
                LABEL: "Upper limit of the 95 % interval",
            }
            yield {"type": "end_group"}
        case other:
            raise ValueError(f"{name}: the type {other!r} is unknown")


def not_negative() -> Cells:
    """The constraint of a count or a measure."""
    return {"constraint": ". >= 0", MESSAGE: "This cannot be below 0."}


def condition(rule: Mapping[str, Any] | None) -> str | None:
    """A condition on the site as an expression over its fact question."""
    if rule is None:
        return None
    name = f"${{site_{rule['site']}}}"
    if "contains" in rule:
        return f"selected({name}, '{rule['contains']}')"
    return f"{name} = '{'yes' if rule['equals'] else 'no'}'"


def first(question: Mapping[str, Any], *names: str) -> Any:
    """The first of these that the question has; whole numbers without a decimal point."""
    value = next((question[name] for name in names if name in question), None)
    return int(value) if isinstance(value, float) and value.is_integer() else value


def choice_rows(outline: Mapping[str, Any], survey: Iterable[Cells]) -> Iterator[Cells]:
    """The rows of the choices sheet: the answers, then the lists the facts use."""
    for name, answers in outline["response_sets"].items():
        for choice in answers["choices"]:
            yield {
                "list_name": name,
                "name": choice["id"],
                LABEL: choice["label"],
                "score": choice["score"],
                "finding": choice.get("finding"),
                "tone": TONES.get(choice["id"], "neutral"),
                "excludes": "yes" if choice.get("excludes") else None,
                "lowers_coverage": "yes" if choice.get("lowers_coverage") else None,
                "comment_required": "yes" if choice.get("comment_required") else None,
            }
    types = {row["type"] for row in survey}
    if "select_multiple streams" in types:
        for name, label in STREAMS.items():
            yield {"list_name": "streams", "name": name, LABEL: label, "tone": "neutral"}
    if "select_one yes_no" in types:
        for name, label in (("yes", "Yes"), ("no", "No")):
            yield {"list_name": "yes_no", "name": name, LABEL: label, "tone": "neutral"}


def about_rows(outline: Mapping[str, Any]) -> Iterator[Cells]:
    """What there is to know about the checklist itself."""
    for name in ("purpose", "estimated_minutes", "licence"):
        yield {"about": name, "text": outline[name]}


def workbook_bytes(outline: Mapping[str, Any]) -> bytes:
    """One checklist as .xlsx."""
    survey = list(survey_rows(outline))
    settings = {
        "form_title": outline["title"],
        "form_id": outline["id"],
        "version": outline["version"],
        "default_language": LANGUAGE,
        "pass_mark": GREEN,
        "amber_mark": AMBER,
        "scoring": outline["schema"],
    }
    book = Workbook()
    sheet = book.active
    if sheet is not None:
        book.remove(sheet)
    fill(book.create_sheet("survey"), SURVEY, survey)
    fill(book.create_sheet("choices"), CHOICES, choice_rows(outline, survey))
    fill(book.create_sheet("settings"), SETTINGS, [settings])
    fill(book.create_sheet("about"), ("about", "text"), about_rows(outline))
    out = io.BytesIO()
    book.save(out)
    return timeless(out.getvalue())


def fill(sheet: Worksheet, columns: tuple[str, ...], rows: Iterable[Cells]) -> None:
    """Write a sheet that is pleasant to edit: frozen bold headers, wrapped words."""
    sheet.append(list(columns))
    for row in rows:
        sheet.append([row.get(column) for column in columns])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    for index, column in enumerate(columns, 1):
        letter = get_column_letter(index)
        wide = column in {LABEL, HINT, "text"}
        sheet.column_dimensions[letter].width = 60 if wide else 18
        if wide:
            for cell in sheet[letter][1:]:
                cell.alignment = Alignment(wrap_text=True, vertical="top")


def timeless(data: bytes) -> bytes:
    """The same archive without the moment it was made."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new,
    ):
        for name in sorted(old.namelist(), key=lambda n: (n != "[Content_Types].xml", n)):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(
                    rb">\d{4}-\d\d-\d\dT[\d:.]+Z<", b">" + STAMP.encode() + b"<", content
                )
            entry = zipfile.ZipInfo(name, MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            new.writestr(entry, content)
    return out.getvalue()


def checklists() -> Iterator[tuple[Path, bytes]]:
    """Every checklist: where it belongs and its bytes."""
    for path in sorted((HOME / "outlines").glob("*.yaml")):
        outline = yaml.safe_load(path.read_text(encoding="utf-8"))
        yield HOME / f"{outline['id']}.xlsx", workbook_bytes(outline)


def main() -> int:
    """Write all checklists, or with --check compare them."""
    check = "--check" in sys.argv[1:]
    stale = 0
    for path, data in checklists():
        current = path.exists() and path.read_bytes() == data
        stale += not current
        if not check:
            path.write_bytes(data)
        print(f"{path.name}: {'current' if current else 'stale' if check else 'written'}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
