"""The report's own small charts, drawn as vectors."""

from collections.abc import Sequence
from decimal import Decimal

from audit_app.domain.words import Grade
from audit_app.reports.content import Point, SectionPart
from audit_app.reports.pdf.painter import Painter, mixed
from audit_app.reports.pdf.tokens import (
    BAR,
    CAPTION,
    CELL_STRONG,
    GRADES,
    HAIR,
    INK,
    QUIET,
    TINT,
    WHITE,
    styled,
)
from audit_app.reports.text.typeface import Weight

_HEAT = {Grade.CRITICAL: 0.85, Grade.MAJOR: 0.5, Grade.MINOR: 0.28, Grade.OFI: 0.25}
_FROM = Decimal(50)
CAPTION_INK = styled(7.5, 10, INK)


def bullet(
    pen: Painter,
    x: float,
    y: float,
    width: float,
    section: SectionPart,
    marks: tuple[Decimal, Decimal],
) -> None:
    """A section's score as a bar against the mark; y is the lower edge, 10 points high."""
    amber, green = marks
    height = 10.0

    def at(value: Decimal) -> float:
        share = (min(Decimal(100), max(_FROM, value)) - _FROM) / (100 - _FROM)
        return x + float(share) * width

    pen.box(x, y, width, height, "#E6EBF0")
    pen.box(at(amber), y, at(green) - at(amber), height, "#DCE3EA")
    pen.box(at(green), y, x + width - at(green), height, "#CFD8E1")
    if section.score is not None:
        color = GRADES[Grade.CRITICAL] if section.score < amber else BAR
        pen.box(x, y + height * 0.27, max(1.0, at(section.score) - x), height * 0.46, color)
    if section.previous is not None:
        pen.dot(at(section.previous), y + height / 2, 1.9, WHITE, INK, 0.9)
    pen.line((at(green), y - 1.5), (at(green), y + height + 1.5), INK, 1.3)


def heat_cell(
    pen: Painter, x: float, y: float, width: float, height: float, grade: Grade, count: int
) -> None:
    """A count on a ground that deepens with it."""
    share = min(1.0, _HEAT[grade] + 0.16 * (count - 1)) if count else 0.0
    pen.box(x, y, width, height, mixed(TINT, GRADES[grade], share))
    if count:
        color = WHITE if share > 0.6 else INK
        style = styled(8.5, 12, color, Weight.SEMIBOLD)
        pen.words_at(str(count), x + width / 2, y + height / 2 - 3, style, "center")


def trend(
    pen: Painter,
    points: Sequence[Point],
    mark: Decimal,
    box: tuple[float, float, float, float],
) -> None:
    """Scores of the last audits as one line; box is x, y, width, height."""
    x, y, width, height = box
    values = [point.score for point in points]
    low = float(min(*values, mark)) - 4
    high = float(max(*values, mark)) + 4

    def level(value: Decimal | float) -> float:
        return y + 14 + (float(value) - low) / (high - low) * (height - 20)

    step = 5 if high - low < 30 else 10
    for grid in range(int(low // step + 1) * step, int(high) + 1, step):
        pen.line((x, level(grid)), (x + width, level(grid)), HAIR, 0.5)
        pen.words_at(str(grid), x + width + 16, level(grid) - 2.6, CAPTION, "end")
    pen.line((x, level(mark)), (x + width, level(mark)), INK, 0.9, (2, 2))
    gap = (width - 28) / max(1, len(points) - 1)
    places = [(x + 14 + place * gap, level(point.score)) for place, point in enumerate(points)]
    pen.polyline(places, BAR, 1.8)
    for place, (point, (px, py)) in enumerate(zip(points, places, strict=True)):
        last = place == len(points) - 1
        # Above the line where it peaks, below where it dips, so that it never crosses the label.
        beside = [values[n] for n in (place - 1, place + 1) if 0 <= n < len(values)]
        dips = bool(beside) and point.score < min(beside)
        pen.dot(px, py, 3.4 if last else 2.2, BAR if last else WHITE, BAR, 1.3)
        style = styled(8.5, 12, INK, Weight.SEMIBOLD) if last else CAPTION
        pen.words_at(pen.words.number(point.score), px, py + (-12 if dips else 7), style, "center")
        pen.words_at(pen.words.short_month(point.day), px, y, CAPTION, "center")


def pareto(
    pen: Painter,
    rows: Sequence[tuple[str, int]],
    box: tuple[float, float, float, float],
) -> None:
    """Where the findings come from, most first, with the running share."""
    x, y, width, height = box
    name_width = 96.0
    total = sum(count for _, count in rows)
    largest = max(count for _, count in rows)
    row_height = min(27.0, height / len(rows))
    bar_x, bar_width = x + name_width + 6, width - name_width - 6 - 46
    running = 0
    for place, (name, count) in enumerate(rows):
        middle = y + height - 4 - (place + 0.5) * row_height
        running += count
        said = pen.shortened(name, name_width, 2, CAPTION_INK)
        lines = pen.height(said, name_width, CAPTION_INK) / CAPTION_INK.leading
        pen.block(said, x, middle + 5 * lines, name_width, CAPTION_INK)
        length = count / largest * bar_width
        pen.box(bar_x, middle - 4.5, length, 9, BAR if place < 3 else QUIET)
        pen.words_at(str(count), bar_x + length + 5, middle - 3, CELL_STRONG)
        share = pen.words.percent(100 * running / total, 0)
        pen.words_at(share, x + width, middle - 3, CAPTION, "end")


__all__ = ["bullet", "heat_cell", "pareto", "trend"]
