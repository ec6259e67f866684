"""Colours, sizes and the grid of the report (A4, points)."""

from audit_app.domain.words import Grade, Rating, Tone
from audit_app.reports.text.typeface import Style, Weight

PAGE_W, PAGE_H = 595.276, 841.89
MARGIN = 51.0
WIDTH = PAGE_W - 2 * MARGIN
GUTTER = 12.0
COLUMN = (WIDTH - 11 * GUTTER) / 12
TOP = PAGE_H - 84
BOTTOM = 58.0

INK, TEXT, MUTED = "#0F1B2A", "#27333F", "#5F6C7A"
HAIR, ROW, TINT = "#D8DEE5", "#E2E7EC", "#F3F5F8"
NAVY, BAR, LINK, PALE, QUIET = "#0F2A47", "#1B4373", "#1D6FB8", "#B9CBE0", "#AFBECD"
GOOD, FAILED, WHITE = "#2F7D4F", "#FCF1F1", "#FFFFFF"
GRADES = {
    Grade.CRITICAL: "#A4161A",
    Grade.MAJOR: "#C2410C",
    Grade.MINOR: "#946800",
    Grade.OFI: "#3F6E9E",
    Grade.STRENGTH: "#2F7D4F",
}
TONES = {
    Tone.GOOD: GOOD,
    Tone.WATCH: "#946800",
    Tone.BAD: "#A4161A",
    Tone.NEUTRAL: MUTED,
}
RATINGS = {
    Rating.GREEN: GOOD,
    Rating.AMBER: "#946800",
    Rating.RED: "#A4161A",
    Rating.NONE: MUTED,
}
BANDS = ("#E9C9C9", "#EFE3BF", "#CDE3D3")


def styled(
    size: float,
    leading: float,
    color: str = TEXT,
    weight: Weight = Weight.REGULAR,
    tag: str = "P",
) -> Style:
    """A style of the report."""
    return Style(size=size, leading=leading, color=color, weight=weight, tag=tag)


BODY = styled(9, 13)
CELL = styled(8.5, 12)
CELL_STRONG = styled(8.5, 12, INK, Weight.SEMIBOLD)
CELL_INK = styled(8.5, 12, INK)
CAPTION = styled(7.5, 10, MUTED)
LABEL = styled(7.5, 10, MUTED, Weight.MEDIUM)
H1 = styled(22, 28, INK, Weight.SEMIBOLD, "H1")
H2 = styled(11, 15, INK, Weight.SEMIBOLD, "H2")
FINDING = styled(12.5, 16, INK, Weight.SEMIBOLD, "H2")
LEAD = styled(14, 20, INK, Weight.MEDIUM)
FIGURE = styled(22, 28, INK, Weight.SEMIBOLD)


def column(number: int) -> float:
    """Left edge of a column, 1 to 12."""
    return MARGIN + (number - 1) * (COLUMN + GUTTER)


def span(count: int) -> float:
    """Width of this many columns."""
    return count * COLUMN + (count - 1) * GUTTER
