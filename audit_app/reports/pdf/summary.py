"""The one page for whoever reads only one: opinion, figures, sections, trend."""

from decimal import Decimal

from audit_app.domain.words import Grade
from audit_app.reports.content import SectionPart
from audit_app.reports.pdf.charts import bullet, heat_cell, pareto, trend
from audit_app.reports.pdf.document import Sheets
from audit_app.reports.pdf.painter import Said
from audit_app.reports.pdf.tokens import (
    BAR,
    BODY,
    CAPTION,
    CELL_INK,
    CELL_STRONG,
    FIGURE,
    GOOD,
    GRADES,
    H2,
    INK,
    LABEL,
    LEAD,
    MARGIN,
    PAGE_W,
    TONES,
    WIDTH,
    column,
    span,
    styled,
)
from audit_app.reports.text.typeface import Span, Weight

_NAME, _BAR, _BAR_W, _SCORE, _CHANGE, _HEAT, _HEAT_W = 0, 186, 112, 330, 367, 378, 28.8
_ROW = 17.6
_GRADES = (Grade.CRITICAL, Grade.MAJOR, Grade.MINOR, Grade.OFI)


def draw_summary(sheets: Sheets) -> None:
    """Draw the executive summary; long section lists go over to a second page."""
    pen, words = sheets.pen, sheets.words
    sheets.chapter(words("summary"))
    sheets.y += 8
    sheets.y -= pen.block(_opinion(sheets), MARGIN, sheets.y, span(11), LEAD) + 14
    _figures(sheets)
    _three(sheets)
    _matrix(sheets)
    _charts(sheets)
    sheets.next_page()


def _opinion(sheets: Sheets) -> Said:
    """The opinion, with the score in the accent colour where it is told."""
    content = sheets.content
    text = sheets.pen.shortened(content.opinion, span(11), 8, LEAD)
    if content.score is None:
        return text
    score = sheets.words.percent(content.score)
    before, found, after = text.partition(score)
    if not found:
        return text
    weight = Weight.MEDIUM
    return (Span(before, weight, INK), Span(score, weight, BAR), Span(after, weight, INK))


def _figures(sheets: Sheets) -> None:
    pen, y = sheets.pen, sheets.y
    pen.rule(y, INK, 1.1)
    width = WIDTH / max(1, len(sheets.content.figures))
    for place, figure in enumerate(sheets.content.figures):
        x = MARGIN + place * width
        pen.words_at(figure.label, x, y - 16, LABEL, limit=width - 8)
        pen.words_at(figure.value, x, y - 41, FIGURE, limit=width - 8)
        style = styled(7.5, 10, TONES[figure.tone])
        remark = pen.shortened(figure.remark, width - 8, 2, style)
        pen.block(remark, x, y - 47, width - 8, style)
    pen.rule(y - 74)
    sheets.y = y - 86


def _three(sheets: Sheets) -> None:
    pen, content, words = sheets.pen, sheets.content, sheets.words
    heights = [0.0]
    parts = (("strong", content.strong), ("weak", content.weak), ("next", content.following))
    for place, (key, text) in enumerate(parts):
        if text:
            shown = pen.shortened(text, span(4) - 24, 9, BODY)
            said = (Span(words(key) + " ", Weight.SEMIBOLD, INK), Span(shown))
            heights.append(pen.block(said, column(1 + place * 4), sheets.y, span(4) - 4, BODY))
    sheets.y -= max(heights) + 26


def _matrix(sheets: Sheets) -> None:
    pen, content, words = sheets.pen, sheets.content, sheets.words
    parts = [section for section in content.sections if section.score is not None]
    parts.sort(key=lambda section: section.score or Decimal(0))
    if not parts:
        return
    pen.words_at(words("sections_lowest"), MARGIN, sheets.y, H2, tag="H2")
    pen.words_at(words("matrix_key"), PAGE_W - MARGIN, sheets.y, CAPTION, "end")
    sheets.y -= 8
    rows_left = list(parts)
    while rows_left:
        fitting = max(1, int((sheets.y - 20 - 62) // _ROW))
        shown, rows_left = rows_left[:fitting], rows_left[fitting:]
        with pen.figure(_matrix_words(sheets, shown)):
            _matrix_head(sheets)
            for section in shown:
                _matrix_row(sheets, section)
        if rows_left:
            sheets.next_page()
    sheets.y -= 34


def _matrix_words(sheets: Sheets, parts: list[SectionPart]) -> str:
    words = sheets.words
    said = (f"{part.title} {words.percent(part.score or Decimal(0))}" for part in parts)
    return words("matrix_alt", sections="; ".join(said))


def _matrix_head(sheets: Sheets) -> None:
    pen, words, y = sheets.pen, sheets.words, sheets.y
    pen.rule(y, INK, 0.9)
    goal = words("score_against", mark=words.percent(sheets.content.green_mark, 0))
    pen.words_at(goal, MARGIN + _BAR, y - 13, LABEL)
    pen.words_at(words("score"), MARGIN + _SCORE, y - 13, LABEL, "end")
    pen.words_at(words("change"), MARGIN + _CHANGE, y - 13, LABEL, "end")
    for place, grade in enumerate(_GRADES):
        x = MARGIN + _HEAT + place * _HEAT_W + _HEAT_W / 2
        pen.words_at(words(f"short_{grade.value}"), x, y - 13, LABEL, "center")
    sheets.y -= 20


def _matrix_row(sheets: Sheets, section: SectionPart) -> None:
    pen, words, content = sheets.pen, sheets.words, sheets.content
    sheets.y -= _ROW
    y, middle = sheets.y, sheets.y + _ROW / 2
    score = section.score or Decimal(0)
    pen.rule(y, "#E8ECF0", 0.5)
    low = score < content.amber_mark
    style = styled(8.5, 12, INK, Weight.MEDIUM) if low else CELL_INK
    name = pen.fitted(section.title, _BAR - 8, style)
    pen.words_at(name, MARGIN + _NAME, middle - 3, style)
    marks = (content.amber_mark, content.green_mark)
    bullet(pen, MARGIN + _BAR, middle - 5, _BAR_W, section, marks)
    pen.words_at(words.number(score), MARGIN + _SCORE, middle - 3, CELL_STRONG, "end")
    if section.previous is not None:
        change = score - section.previous
        color = GOOD if change > 0 else GRADES[Grade.CRITICAL] if change < 0 else INK
        text = words.signed(change)
        pen.words_at(text, MARGIN + _CHANGE, middle - 3, styled(8.5, 12, color), "end")
    for place, grade in enumerate(_GRADES):
        x = MARGIN + _HEAT + place * _HEAT_W + 1
        heat_cell(pen, x, y + 1, _HEAT_W - 2, _ROW - 2, grade, section.counts.of(grade))


def _charts(sheets: Sheets) -> None:
    pen, content, words = sheets.pen, sheets.content, sheets.words
    has_trend, has_pareto = len(content.trend) > 1, len(content.pareto) > 1
    if not (has_trend or has_pareto):
        return
    sheets.need(150)
    top = sheets.y
    height = min(190.0, top - 62 - 14)
    bottom = top - 8 - height
    if has_trend:
        count = len(content.trend)
        pen.words_at(words.some("trend", count), MARGIN, top, H2, tag="H2")
        said = "; ".join(
            f"{words.month(point.day)} {words.percent(point.score)}" for point in content.trend
        )
        with pen.figure(words("trend_alt", points=said)):
            trend(pen, content.trend, content.green_mark, (MARGIN, bottom, span(7) - 26, height))
    if has_pareto:
        x = column(8) if has_trend else MARGIN
        pen.words_at(words("pareto"), x, top, H2, tag="H2")
        said = "; ".join(f"{name} {count}" for name, count in content.pareto)
        with pen.figure(words("pareto_alt", rows=said)):
            pareto(pen, content.pareto, (x, bottom, PAGE_W - MARGIN - x, height))
    sheets.y = bottom - 20
