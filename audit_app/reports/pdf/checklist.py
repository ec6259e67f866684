"""The whole checklist: every question with its answer, score, comment and evidence."""

from audit_app.reports.content import QuestionLine, SectionPart
from audit_app.reports.pdf.charts import bullet
from audit_app.reports.pdf.document import Cell, Sheets
from audit_app.reports.pdf.tokens import (
    BOTTOM,
    CELL,
    CELL_INK,
    CELL_STRONG,
    FAILED,
    H2,
    HAIR,
    INK,
    LABEL,
    LINK,
    MARGIN,
    MUTED,
    PAGE_W,
    ROW,
    TONES,
    TOP,
    WIDTH,
    column,
    span,
    styled,
)
from audit_app.reports.text.structure import Element
from audit_app.reports.text.typeface import Weight

_QUESTION, _ANSWER, _SCORE, _COMMENT = 30.0, 214.0, 312.0, 352.0
_EVIDENCE_W = 46.0
_KEPT_TOGETHER = 260.0
"""Points of a row that are not parted over pages."""


def draw_checklist(sheets: Sheets) -> None:
    """Draw all sections; heads repeat where a section goes over a page."""
    sheets.chapter(sheets.words("checklist"))
    for section in sheets.content.sections:
        if section.questions:
            _section(sheets, section)
    if sheets.y < TOP:
        sheets.next_page()


def _section(sheets: Sheets, section: SectionPart) -> None:
    pen, content, words = sheets.pen, sheets.content, sheets.words
    first = sum(_row_height(sheets, row) for row in section.questions[:2])
    sheets.need(48 + min(first, _KEPT_TOGETHER))
    y = sheets.y - 12
    title = f"{section.number}  {section.title}".strip()
    sheets.mark(title, 1, y + 10)
    pen.words_at(title, MARGIN, y, H2, tag="H2", limit=span(8))
    if section.score is not None:
        said = words.percent(section.score)
        with pen.figure(words("section_alt", title=section.title, score=said)):
            marks = (content.amber_mark, content.green_mark)
            bullet(pen, column(9), y - 1.5, span(4) - 46, section, marks)
            pen.words_at(said, PAGE_W - MARGIN, y, CELL_STRONG, "end")
    sheets.y = y - 10
    table = pen.section.add("Table")
    _head(sheets, table)
    for row in section.questions:
        height = _row_height(sheets, row)
        if not sheets.room(min(height, _KEPT_TOGETHER)):
            sheets.next_page()
            _head(sheets, None)
        _row(sheets, table, row, height)
    pen.rule(sheets.y, HAIR)
    sheets.y -= 22


def _head(sheets: Sheets, table: Element | None) -> None:
    """The table's head; a repeated one is decoration, so that it is read out once."""
    pen, words, y = sheets.pen, sheets.words, sheets.y
    pen.rule(y, INK, 0.9)
    row = table.add("TR") if table is not None else None
    places = (
        ("no", MARGIN, "start"),
        ("question", MARGIN + _QUESTION, "start"),
        ("answer", MARGIN + _ANSWER, "start"),
        ("score", MARGIN + _SCORE, "start"),
        ("comment", MARGIN + _COMMENT, "start"),
        ("evidence", PAGE_W - MARGIN, "end"),
    )
    for key, x, align in places:
        if row is not None:
            sheets.canvas.begin(row.add("TH", Scope="Column"))
        pen.words_at(words(key), x, y - 12, LABEL, align, tag=None)
        if row is not None:
            sheets.canvas.end()
    sheets.y -= 18


def _widths() -> tuple[float, float, float]:
    """Widths of question, answer and comment."""
    return (
        _ANSWER - _QUESTION - 12,
        _SCORE - _ANSWER - 14,
        WIDTH - _COMMENT - _EVIDENCE_W - 6,
    )


def _row_height(sheets: Sheets, row: QuestionLine) -> float:
    pen = sheets.pen
    question, answer, comment = _widths()
    if _is_text(row):
        comment = _text_width()
    heights = [
        pen.height(row.text, question, CELL),
        pen.height(_answer(sheets, row), answer, CELL),
        pen.height(row.comment, comment, CELL) if row.comment else 0.0,
        12.0 * max(1, len(_evidence(row))),
    ]
    return max(heights) + 7


def _is_text(row: QuestionLine) -> bool:
    """Whether the answer is nothing but a text, which then takes all columns to the right."""
    return row.answered and not row.answer and not row.score


def _text_width() -> float:
    return WIDTH - _ANSWER - _EVIDENCE_W - 6


def _answer(sheets: Sheets, row: QuestionLine) -> str:
    return row.answer if row.answered else sheets.words("not_answered")


def _evidence(row: QuestionLine) -> list[str]:
    labels = [row.finding] if row.finding else []
    labels += list(row.evidence)
    return labels if len(labels) <= 3 else [*labels[:2], f"+{len(labels) - 2}"]


def _row(sheets: Sheets, table: Element, row: QuestionLine, height: float) -> None:
    pen, y = sheets.pen, sheets.y
    page = sheets.page
    if row.failed:
        seen = min(height, y - BOTTOM)
        pen.box(MARGIN - 5, y - seen, WIDTH + 10, seen, FAILED)
    pen.rule(y, ROW, 0.5)
    element = table.add("TR")
    muted = styled(8.5, 12, MUTED)
    number_w = _QUESTION - 3
    pen.words_at(row.number, MARGIN, y - 12.4, muted, tag="TD", parent=element, limit=number_w)
    question = element.add("TD")
    cells = [
        Cell(
            row.text,
            MARGIN + _QUESTION,
            _widths()[0],
            CELL_INK if row.answered else muted,
            question,
        ),
        *_answer_cells(sheets, element, row),
    ]
    _links(sheets, element, row)
    sheets.y -= 3.5
    taken = sheets.flow_row(cells, lambda: _head(sheets, None))
    # A row that went over pages ends where its text ends; any other takes its measured height.
    sheets.y = sheets.y - taken - 3.5 if sheets.page != page else y - height


def _answer_cells(sheets: Sheets, element: Element, row: QuestionLine) -> list[Cell]:
    """Answer, score and comment; an answer in text takes the place of all three."""
    pen, x, y = sheets.pen, MARGIN + _ANSWER, sheets.y
    if _is_text(row):
        cell = element.add("TD")
        element.add("TD")
        element.add("TD")
        return [Cell(row.comment, x, _text_width(), CELL, cell)]
    _, answer_w, comment_w = _widths()
    color = TONES[row.tone] if row.answered else MUTED
    if row.answered and row.answer:
        pen.dot(x + 3, y - 9.4, 3, color)
    style = styled(8.5, 12, color, Weight.MEDIUM)
    answer = Cell(_answer(sheets, row), x + 10, answer_w, style, element.add("TD"))
    score = row.score or "–"
    pen.words_at(score, MARGIN + _SCORE, y - 12.4, CELL, tag="TD", parent=element, limit=36)
    comment = element.add("TD")
    if not row.comment:
        return [answer]
    return [answer, Cell(row.comment, MARGIN + _COMMENT, comment_w, CELL, comment)]


def _links(sheets: Sheets, element: Element, row: QuestionLine) -> None:
    """What proves the answer, at the end of its row."""
    pen, y = sheets.pen, sheets.y
    link = styled(8.5, 12, LINK, Weight.MEDIUM)
    labels = _evidence(row)
    if labels:
        sheets.canvas.begin(element.add("TD"))
        for place, label in enumerate(labels):
            at = y - 12.4 - place * 12
            pen.words_at(label, PAGE_W - MARGIN, at, link, "end", tag=None, limit=_EVIDENCE_W)
        sheets.canvas.end()
    else:
        element.add("TD")
