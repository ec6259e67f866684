"""The contents of a long report, with the scales that the report uses."""

from audit_app.domain.words import Grade, Rating
from audit_app.reports.pdf.document import Sheets
from audit_app.reports.pdf.tokens import (
    BODY,
    CELL,
    CELL_STRONG,
    GRADES,
    H2,
    HAIR,
    INK,
    MARGIN,
    PAGE_W,
    RATINGS,
    column,
    span,
)
from audit_app.reports.text.structure import Element

CONTENTS_FROM = 12
"""Pages from which a table of contents is worth its page."""

_ROW = 22.0


def draw_contents(sheets: Sheets) -> None:
    """Draw the second page, when all others are known."""
    pen, words = sheets.pen, sheets.words
    chapters = [mark for mark in sheets.marks if mark.level == 0 and mark.sheet > 1]
    sheets.next_page()
    sheets.chapter(words("contents"))
    sheets.put_second()
    section = pen.section
    table: Element = section.add("Table")
    for mark in chapters:
        row = table.add("TR")
        sheets.y -= _ROW
        y = sheets.y
        pen.words_at(mark.title, MARGIN, y + 8, BODY, tag="TH", parent=row, limit=span(10))
        number = words.number(sheets.number(mark.sheet), 0)
        pen.words_at(number, PAGE_W - MARGIN, y + 8, CELL_STRONG, "end", tag="TD", parent=row)
        pen.rule(y, HAIR)
        box = (MARGIN, y, PAGE_W - MARGIN, y + _ROW)
        sheets.canvas.link(section.add("Link"), mark.title, sheets.key_of(mark), box)
    sheets.y -= 34
    _ratings(sheets)
    _grades(sheets)


def _heading(sheets: Sheets, text: str) -> None:
    sheets.pen.words_at(text, MARGIN, sheets.y, H2, tag="H2")
    sheets.y -= 9
    sheets.pen.rule(sheets.y, INK, 0.9)


def _ratings(sheets: Sheets) -> None:
    pen, words, content = sheets.pen, sheets.words, sheets.content
    _heading(sheets, words("rating_title"))
    scales = (
        (Rating.GREEN, words("rating_green_words", mark=words.percent(content.green_mark, 0))),
        (Rating.AMBER, words("rating_amber_words", mark=words.percent(content.amber_mark, 0))),
        (Rating.RED, words("rating_red_words", mark=words.percent(content.amber_mark, 0))),
    )
    for rating, text in scales:
        sheets.y -= 6
        pen.pill(words.rating(rating), MARGIN, sheets.y - 14, RATINGS[rating])
        height = pen.block(text, column(3), sheets.y, span(10), CELL)
        sheets.y -= max(16.0, height)
    sheets.y -= 30


def _grades(sheets: Sheets) -> None:
    pen, words = sheets.pen, sheets.words
    _heading(sheets, words("grades_title"))
    for grade in (Grade.CRITICAL, Grade.MAJOR, Grade.MINOR, Grade.OFI):
        sheets.y -= 6
        pen.pill(words.grade(grade), MARGIN, sheets.y - 14, GRADES[grade])
        text = words(f"grade_{grade.value}_words")
        height = pen.block(text, column(3), sheets.y, span(10), CELL)
        sheets.y -= max(16.0, height)
