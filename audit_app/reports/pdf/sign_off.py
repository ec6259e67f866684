"""The signatures, and what happens next."""

from audit_app.reports.content import SignaturePart
from audit_app.reports.pdf.document import Sheets
from audit_app.reports.pdf.tokens import (
    BODY,
    CAPTION,
    CELL,
    H2,
    INK,
    LABEL,
    MARGIN,
    MUTED,
    TEXT,
    TINT,
    WIDTH,
    column,
    span,
    styled,
)
from audit_app.reports.text.typeface import Weight

_PANEL = 148.0
_COLUMNS = 2


def draw_sign_off(sheets: Sheets) -> None:
    """The declaration, the drawn signatures, and what happens next."""
    pen, content, words = sheets.pen, sheets.content, sheets.words
    sheets.chapter(words("sign_off"))
    muted = styled(9, 13, MUTED)
    sheets.y -= pen.block(words("declaration"), MARGIN, sheets.y, WIDTH, muted) + 14
    if not content.signatures:
        sheets.y -= pen.block(words("unsigned"), MARGIN, sheets.y, WIDTH, BODY) + 14
    for start in range(0, len(content.signatures), _COLUMNS):
        sheets.need(_PANEL + 20)
        for place, signature in enumerate(content.signatures[start : start + _COLUMNS]):
            _panel(sheets, signature, column(1 + place * 6))
        sheets.y -= _PANEL + 30
    if content.next_steps:
        _next_steps(sheets)
    sheets.need(60)
    pen.words_at(words("seal"), MARGIN, sheets.y - 9, LABEL)
    seal = words("seal_draft") if content.draft else words("seal_words", hash=content.manifest)
    height = pen.block(seal, column(2), sheets.y - 0.5, span(11), CAPTION)
    sheets.y -= height + 10
    sheets.next_page()


def _panel(sheets: Sheets, signature: SignaturePart, x: float) -> None:
    pen, width, y = sheets.pen, span(6), sheets.y
    pen.box(x, y - _PANEL, width, _PANEL, TINT)
    pen.words_at(signature.party, x + 14, y - 18, LABEL, limit=width - 28)
    said = sheets.words("signature_alt", name=signature.name)
    left = pen.mirror(x, width)
    with pen.figure(said, (left, y - 78, left + width, y - 24)):
        pen.strokes(signature.strokes, x + 22, y - 78, width - 60, 54)
    pen.line((x + 14, y - 80), (x + width - 14, y - 80), "#B9C3CE", 0.7)
    name = styled(8.5, 12, INK, Weight.SEMIBOLD)
    taken = pen.words_at(signature.signed, x + width - 14, y - 94, CAPTION, "end", limit=120)
    pen.words_at(signature.name, x + 14, y - 94, name, limit=width - 36 - taken)
    role = ", ".join(part for part in (signature.role, signature.organisation) if part)
    if role:
        pen.words_at(role, x + 14, y - 106, CAPTION, limit=width - 28)
    if signature.remark:
        style = styled(7.5, 10, TEXT)
        remark = pen.shortened(signature.remark, width - 28, 3, style)
        pen.block(remark, x + 14, y - 113, width - 28, style)


def _next_steps(sheets: Sheets) -> None:
    pen, words = sheets.pen, sheets.words
    sheets.need(100)
    pen.words_at(words("what_next"), MARGIN, sheets.y, H2, tag="H2")
    sheets.y -= 10
    heights = [0.0]
    for place, (day, text) in enumerate(sheets.content.next_steps[:3]):
        x = column(1 + place * 4)
        pen.line((x, sheets.y), (x + span(4), sheets.y), INK, 0.9)
        head = styled(9.5, 13, INK, Weight.SEMIBOLD)
        pen.words_at(words.long_day(day), x, sheets.y - 16, head)
        shown = pen.shortened(text, span(4) - 8, 8, CELL)
        heights.append(pen.block(shown, x, sheets.y - 22, span(4) - 8, CELL))
    sheets.y -= max(heights) + 44
