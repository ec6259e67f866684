"""The first page: who, where, when, and the verdict."""

from decimal import Decimal

from reportlab.lib.colors import HexColor

from audit_app.domain.words import Grade
from audit_app.reports.pdf.document import Sheets
from audit_app.reports.pdf.tokens import (
    BANDS,
    CAPTION,
    CELL_INK,
    GRADES,
    INK,
    LABEL,
    LINK,
    MARGIN,
    MUTED,
    NAVY,
    PAGE_H,
    PAGE_W,
    PALE,
    RATINGS,
    WHITE,
    WIDTH,
    column,
    span,
    styled,
)
from audit_app.reports.text.typeface import Weight

_GAUGE_FROM = Decimal(50)


def draw_cover(sheets: Sheets) -> None:
    """Draw the cover and begin the next page."""
    sheets.pen.begin_section()
    sheets.mark(sheets.words("cover"), 0, PAGE_H - 40)
    top = PAGE_H * 0.52
    _field(sheets, top)
    y = _score(sheets, top - 56)
    y = _counts(sheets, y - 56)
    _facts(sheets, y - 18)
    sheets.next_page(bare=True)


def _field(sheets: Sheets, top: float) -> None:
    pen, content, words = sheets.pen, sheets.content, sheets.words
    canvas = sheets.canvas
    pen.box(0, top, PAGE_W, PAGE_H - top, NAVY)
    canvas.saveState()
    clip = canvas.beginPath()
    clip.rect(0, top, PAGE_W, PAGE_H - top)
    canvas.clipPath(clip, stroke=0, fill=0)
    canvas.setLineWidth(0.7)
    for ring in range(14):
        canvas.setStrokeColor(HexColor("#1A3B60"))
        canvas.circle(pen.mirror(PAGE_W - 60), top + 40, 40 + ring * 34, stroke=1, fill=0)
    canvas.restoreState()
    pen.box(MARGIN, PAGE_H - 72, 20, 20, WHITE)
    pen.box(MARGIN + 5, PAGE_H - 67, 10, 10, LINK)
    brand = styled(10, 14, WHITE, Weight.MEDIUM)
    pen.words_at(content.organisation, MARGIN + 30, PAGE_H - 66, brand, limit=WIDTH - 30)
    pen.words_at(words("report_title"), MARGIN, top + 214, styled(13, 18, PALE, Weight.MEDIUM))
    name = styled(36, 42, WHITE, Weight.SEMIBOLD, "H1")
    if pen.height(content.vendor, span(9), name) > 2 * name.leading:
        name = styled(24, 29, WHITE, Weight.SEMIBOLD, "H1")
    vendor = pen.shortened(content.vendor, span(9), 3, name)
    height = pen.block(vendor, MARGIN, top + 204, span(9), name)
    where = ", ".join(part for part in (content.site, content.place) if part)
    y = top + 204 - height - 16
    pen.words_at(where, MARGIN, y, styled(13, 18, WHITE), limit=WIDTH)
    pen.line((MARGIN, top + 56), (PAGE_W - MARGIN, top + 56), "#2C4C70", 0.8)
    facts = (
        ("on_site", words.days(content.starts, content.ends)),
        ("issued", words.long_day(content.issued)),
        ("type", content.purpose or content.title),
        (
            "report",
            words("number_version", number=content.number, version=content.version),
        ),
    )
    edges = (column(1), column(4), column(7), column(9) + 22, PAGE_W - MARGIN + 12)
    for (key, value), x, end in zip(facts, edges, edges[1:], strict=False):
        pen.words_at(words(key), x, top + 38, styled(7.5, 10, PALE, Weight.MEDIUM))
        style, width = styled(8.5, 11, WHITE, Weight.MEDIUM), end - x - 12
        pen.block(pen.shortened(value, width, 2, style), x, top + 33, width, style)


def _score(sheets: Sheets, y: float) -> float:
    pen, content, words = sheets.pen, sheets.content, sheets.words
    pen.words_at(words("overall_score"), MARGIN, y, styled(10, 14, MUTED, Weight.MEDIUM))
    number = "–" if content.score is None else words.number(content.score)
    width = pen.words_at(number, MARGIN - 3, y - 66, styled(72, 80, INK, Weight.SEMIBOLD))
    if content.score is not None:
        pen.words_at("%", MARGIN + width + 1, y - 66, styled(28, 34, MUTED))
    x = MARGIN + width + 44
    taken = pen.pill(words.rating(content.rating), x, y - 40, RATINGS[content.rating], 9)
    if content.provisional:
        pen.pill(words("provisional"), x + taken + 8, y - 40, MUTED, 9)
    marks = words(
        "marks",
        green=words.percent(content.green_mark, 0),
        amber=words.percent(content.amber_mark, 0),
    )
    if content.previous is not None:
        marks += " " + words(
            "previous_audit",
            score=words.percent(content.previous.score),
            date=words.month(content.previous.day),
        )
    height = pen.block(marks, x, y - 50, PAGE_W - MARGIN - x, styled(8.5, 12, MUTED))
    if content.cap_reason:
        style, width = styled(8.5, 12, MUTED), PAGE_W - MARGIN - x
        pen.words_at(content.cap_reason, x, y - 59 - height, style, limit=width)
    _gauge(sheets, y - 112)
    return y - 112


def _gauge(sheets: Sheets, y: float) -> None:
    pen, content, words = sheets.pen, sheets.content, sheets.words

    def at(value: Decimal) -> float:
        share = (max(_GAUGE_FROM, value) - _GAUGE_FROM) / (100 - _GAUGE_FROM)
        return MARGIN + float(share) * WIDTH

    score = content.score
    said = "–" if score is None else words.percent(score)
    with pen.figure(words("gauge_alt", score=said, rating=words.rating(content.rating))):
        edges = (_GAUGE_FROM, content.amber_mark, content.green_mark, Decimal(100))
        names = ("rating_red", "rating_amber", "rating_green")
        for place, name in enumerate(names):
            low, high = at(edges[place]), at(edges[place + 1])
            pen.box(low, y, high - low - 1.5, 12, BANDS[place])
            pen.words_at(words(name), (low + high) / 2, y + 18, CAPTION, "center")
        if score is not None:
            pen.box(MARGIN, y + 3.6, at(score) - MARGIN, 4.8, INK)
        if content.previous is not None:
            pen.dot(at(content.previous.score), y + 6, 3, WHITE, INK, 1.1)
        goal = at(content.green_mark)
        pen.line((goal, y - 4), (goal, y + 16), INK, 1.6)
        for place, edge in enumerate(edges):
            side = {0: "start", 3: "end"}.get(place, "center")
            pen.words_at(words.number(edge, 0), at(edge), y - 14, CAPTION, side)


def _counts(sheets: Sheets, y: float) -> float:
    pen, content, words = sheets.pen, sheets.content, sheets.words
    pen.rule(y + 16)
    width = WIDTH / 4
    for place, grade in enumerate((Grade.CRITICAL, Grade.MAJOR, Grade.MINOR, Grade.OFI)):
        x = MARGIN + place * width
        if place:
            pen.line((x - 8, y + 4), (x - 8, y - 34))
        pen.box(x, y - 6, 8, 8, GRADES[grade])
        pen.words_at(words.grade(grade), x + 14, y - 5.5, styled(8.5, 12, MUTED, Weight.MEDIUM))
        pen.words_at(str(content.counts.of(grade)), x, y - 34, styled(24, 30, INK, Weight.SEMIBOLD))
    pen.rule(y - 52)
    return y - 52


def _facts(sheets: Sheets, y: float) -> None:
    pen, content, words = sheets.pen, sheets.content, sheets.words
    facts = (
        ("lead_auditor", content.lead_auditor),
        ("representative", content.representative),
        ("client", content.client),
        ("criteria", content.criteria),
        ("scope", content.scope),
        ("method", content.method),
    )
    for place, (key, value) in enumerate(facts):
        x, top = column(1 + (place % 3) * 4), y - (place // 3) * 40
        pen.words_at(words(key), x, top, LABEL)
        shown = pen.shortened(value or "–", span(4) - 10, 2, CELL_INK)
        pen.block(shown, x, top - 3.5, span(4) - 10, CELL_INK)
