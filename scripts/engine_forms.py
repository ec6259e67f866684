"""Checklists of any size to measure engines with: made as spreadsheets, taken in as any other."""

import io
from collections.abc import Iterable, Iterator, Mapping

from openpyxl import Workbook

Cells = Mapping[str, str]

ENGLISH, GERMAN = "English (en)", "Deutsch (de)"
CHOICES: tuple[Cells, ...] = tuple(
    {
        "list_name": "yna",
        "name": name,
        f"label::{ENGLISH}": english,
        f"label::{GERMAN}": german,
        "score": score,
    }
    for name, english, german, score in (
        ("yes", "Yes", "Ja", "1"),
        ("no", "No", "Nein", "0"),
        ("na", "Not applicable", "Entfällt", ""),
    )
)
TOP_SCORE_OF_TEN = 16
"""What the eight scored questions of a clause add up to: weights 1, 2, 3, 1, 2 and so on."""


def audit_form(questions: int = 1_000) -> bytes:
    """A checklist of sections of 100 questions in clauses of ten.

    Of ten questions one opens two others when it is answered with no, one is a number within
    bounds, one a text; a sum stands over each clause and section, and over all.
    """
    return spreadsheet(list(_audit_rows(max(1, questions // 100))), "bench-audit")


def _audit_rows(sections: int) -> Iterator[Cells]:
    for section in range(sections):
        yield _row("begin_group", f"s{section}", f"Section {section}")
        for clause in range(10):
            yield from _clause(section, clause)
        sums = " + ".join(f"${{sum_{section}_{clause}}}" for clause in range(10))
        yield {"type": "calculate", "name": f"sum_{section}", "calculation": sums}
        yield {"type": "end_group"}
    total = " + ".join(f"${{sum_{section}}}" for section in range(sections))
    yield {"type": "calculate", "name": "total", "calculation": total}
    best = sections * 10 * TOP_SCORE_OF_TEN
    percent = f"round(${{total}} * 100 div {best}, 1)"
    yield {"type": "calculate", "name": "percent", "calculation": percent}


def _clause(section: int, clause: int) -> Iterator[Cells]:
    yield _row("begin_group", f"s{section}c{clause}", f"Clause {section}.{clause}")
    terms: list[str] = []
    for item in range(10):
        name, label = f"q_{section}_{clause}_{item}", f"Item {section}.{clause}.{item}"
        weight = 1 + item % 3
        if item == 3:
            yield {
                **_row("integer", name, f"{label}: how many?"),
                "required": "yes",
                "constraint": ". >= 0 and . <= 500",
            }
            continue
        if item == 4:
            yield _row("text", name, f"{label}: remarks")
            continue
        terms.append(f"if(${{{name}}} = 'yes', {weight}, 0)")
        gate = f"${{q_{section}_{clause}_0}} = 'no'" if item in {1, 2} else ""
        yield {
            **_row("select_one yna", name, f"{label}: is it so?"),
            "relevant": gate,
            "weight": str(weight),
        }
    total = " + ".join(terms)
    yield {"type": "calculate", "name": f"sum_{section}_{clause}", "calculation": total}
    yield {"type": "end_group"}


def repeat_form() -> bytes:
    """A checklist whose rows of twenty questions the auditor adds; sums go over all rows."""
    return spreadsheet(list(_repeat_rows()), "bench-repeat")


def _repeat_rows() -> Iterator[Cells]:
    yield _row("text", "site", "Site")
    yield _row("begin_repeat", "line", "Line")
    yield {"type": "calculate", "name": "place", "calculation": "position(..)"}
    terms: list[str] = []
    for item in range(20):
        name = f"q_{item}"
        if item == 3:
            yield {**_row("integer", name, "How many?"), "constraint": ". >= 0 and . <= 500"}
        elif item == 4:
            yield _row("text", name, "Remarks")
        else:
            terms.append(f"if(${{{name}}} = 'yes', {1 + item % 3}, 0)")
            gate = "${q_0} = 'no'" if item in {1, 2, 5, 6, 7, 8} else ""
            label = f"Item {item} of ${{place}}"
            yield {**_row("select_one yna", name, label), "relevant": gate}
    yield {"type": "calculate", "name": "line_sum", "calculation": " + ".join(terms)}
    yield {"type": "end_repeat"}
    yield {"type": "calculate", "name": "total", "calculation": "sum(${line_sum})"}
    yield {"type": "calculate", "name": "lines", "calculation": "count(${line})"}


def _row(kind: str, name: str, label: str) -> dict[str, str]:
    return {
        "type": kind,
        "name": name,
        f"label::{ENGLISH}": label,
        f"label::{GERMAN}": f"DE {label}",
    }


def spreadsheet(survey: list[Cells], form_id: str) -> bytes:
    """A workbook of survey, choices and settings."""
    settings = {"form_title": form_id, "form_id": form_id, "default_language": ENGLISH}
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in (("survey", survey), ("choices", CHOICES), ("settings", [settings])):
        _fill(book, name, rows)
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _fill(book: Workbook, name: str, rows: Iterable[Cells]) -> None:
    sheet = book.create_sheet(name)
    rows = list(rows)
    headers = list(dict.fromkeys(header for row in rows for header in row))
    sheet.append(headers)
    for row in rows:
        sheet.append([row.get(header) or None for header in headers])
