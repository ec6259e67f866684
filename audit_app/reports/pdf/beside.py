"""Strengths, the auditor's remarks, what was not covered, and diverging opinions."""

from audit_app.reports.content import Dispute, Gap
from audit_app.reports.pdf.document import Sheets
from audit_app.reports.pdf.tokens import (
    BODY,
    CELL,
    CELL_INK,
    CELL_STRONG,
    GOOD,
    H2,
    HAIR,
    INK,
    MARGIN,
    MUTED,
    TEXT,
    TOP,
    WIDTH,
    column,
    span,
    styled,
)
from audit_app.reports.text.structure import Element

_NUMBER = 30.0


def draw_beside(sheets: Sheets) -> None:
    """Draw what stands beside the findings."""
    content, words = sheets.content, sheets.words
    if not (content.strengths or content.gaps or content.remarks or content.disputes):
        return
    sheets.chapter(words("beside"))
    if content.strengths:
        _strengths(sheets)
    for remark in content.remarks:
        _heading(sheets, remark.question)
        sheets.y -= sheets.flow(remark.text, MARGIN, WIDTH - 40, BODY) + 16
    if content.disputes:
        _disputes(sheets)
    if content.gaps:
        _gaps(sheets)
    if sheets.y < TOP:
        sheets.next_page()


def _heading(sheets: Sheets, text: str) -> None:
    shown = sheets.pen.shortened(text, WIDTH, 2, H2)
    sheets.need(70)
    sheets.y -= sheets.pen.block(shown, MARGIN, sheets.y, WIDTH, H2) + 5
    sheets.pen.rule(sheets.y, INK, 0.9)
    sheets.y -= 6


def _strengths(sheets: Sheets) -> None:
    pen = sheets.pen
    _heading(sheets, sheets.words("strengths"))
    for text in sheets.content.strengths:
        sheets.need(min(120.0, pen.height(text, WIDTH - 16, BODY)) + 8)
        pen.dot(MARGIN + 4, sheets.y - 7, 2.4, GOOD)
        sheets.y -= sheets.flow(text, MARGIN + 16, WIDTH - 56, BODY) + 6
    sheets.y -= 10


def _disputes(sheets: Sheets) -> None:
    pen, words = sheets.pen, sheets.words
    _heading(sheets, words("disputes"))
    sheets.y -= sheets.flow(words("disputes_words"), MARGIN, WIDTH - 40, styled(9, 13, MUTED)) + 6
    for dispute in sheets.content.disputes:
        _dispute(sheets, dispute)
    pen.rule(sheets.y, HAIR, 0.5)
    sheets.y -= 16


def _dispute(sheets: Sheets, dispute: Dispute) -> None:
    pen = sheets.pen
    title = pen.shortened(dispute.title, span(11), 2, CELL_STRONG)
    sheets.need(pen.height(title, span(11), CELL_STRONG) + 40)
    pen.rule(sheets.y, HAIR, 0.5)
    muted, limit = styled(8.5, 12, MUTED), column(2) - MARGIN - 4
    pen.words_at(dispute.finding, MARGIN, sheets.y - 12.4, muted, limit=limit)
    sheets.y -= pen.block(title, column(2), sheets.y - 3.5, span(11), CELL_STRONG) + 5
    sheets.y -= sheets.flow(dispute.vendor, column(2), span(11), CELL) + 6


def _gaps(sheets: Sheets) -> None:
    pen, words = sheets.pen, sheets.words
    _heading(sheets, words("gaps"))
    sheets.y += 6
    table = pen.section.add("Table")
    for place, gap in enumerate(sheets.content.gaps):
        _gap(sheets, gap, table, ruled=place > 0)


def _gap(sheets: Sheets, gap: Gap, table: Element, *, ruled: bool) -> None:
    pen, text_w, reason_w = sheets.pen, span(7) - _NUMBER - 4, span(4)
    text = pen.shortened(gap.text, text_w, 8, CELL_INK)
    height = max(
        pen.height(text, text_w, CELL_INK), min(400.0, pen.height(gap.reason, reason_w, CELL))
    )
    new_page = sheets.need(height + 8)
    if ruled and not new_page:
        pen.rule(sheets.y, HAIR, 0.5)
    row = table.add("TR")
    muted, limit = styled(8.5, 12, MUTED), _NUMBER - 3
    pen.words_at(gap.number, MARGIN, sheets.y - 12.4, muted, tag="TD", parent=row, limit=limit)
    pen.block(text, MARGIN + _NUMBER, sheets.y - 3.5, text_w, CELL_INK, "TD", row)
    style = styled(8.5, 12, TEXT)
    reason = pen.shortened(gap.reason, reason_w, 33, style)
    pen.block(reason, column(9), sheets.y - 3.5, reason_w, style, "TD", row)
    sheets.y -= height + 8
