"""Draws on the page: text, lines, boxes; a right-to-left report is the mirror of the other."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache

from reportlab.lib.colors import HexColor

from audit_app.reports.content import Strokes
from audit_app.reports.pdf.pictures import embed, place
from audit_app.reports.pdf.tokens import (
    HAIR,
    INK,
    MARGIN,
    PAGE_H,
    PAGE_W,
    WHITE,
)
from audit_app.reports.text.paragraph import Line, Paragraph
from audit_app.reports.text.structure import Element, TaggedCanvas
from audit_app.reports.text.typeface import Span, Style, Typeface, Weight, script_of
from audit_app.reports.words import Words

_ONE_LINE = 300
"""Characters of a text that can ever stand on one line."""

_KEPT = 400
"""Paragraphs that are kept for when they are asked for again."""

Said = str | Sequence[Span]


class Painter:
    """The pen. All x are as in a left-to-right report; ``mirror`` alone turns them round."""

    def __init__(self, canvas: TaggedCanvas, faces: Typeface, words: Words) -> None:
        self.canvas = canvas
        self.faces = faces
        self.words = words
        self.rtl = words.rtl
        self.root = Element("Document")
        self.section = self.root
        self._in_figure = False
        # A text is measured before it is drawn; it need not be shaped twice for that.
        self._set = lru_cache(_KEPT)(self._paragraph)

    def begin_section(self) -> Element:
        """What follows is a section of its own in the structure."""
        self.section = self.root.add("Sect", Lang=self.words.language)
        return self.section

    def mirror(self, x: float, width: float = 0.0) -> float:
        """Where x lies on this report's page."""
        return PAGE_W - x - width if self.rtl else x

    def box(
        self, x: float, y: float, width: float, height: float, fill: str, radius: float = 0
    ) -> None:
        """A filled rectangle; y is its lower edge."""
        self.canvas.setFillColor(HexColor(fill))
        left = self.mirror(x, width)
        if radius:
            self.canvas.roundRect(left, y, width, height, radius, stroke=0, fill=1)
        else:
            self.canvas.rect(left, y, width, height, stroke=0, fill=1)

    def line(
        self,
        start: tuple[float, float],
        end: tuple[float, float],
        color: str = HAIR,
        width: float = 0.6,
        dash: Sequence[float] = (),
    ) -> None:
        """A straight line."""
        self.canvas.setStrokeColor(HexColor(color))
        self.canvas.setLineWidth(width)
        self.canvas.setDash(list(dash))
        self.canvas.line(self.mirror(start[0]), start[1], self.mirror(end[0]), end[1])
        self.canvas.setDash([])

    def rule(self, y: float, color: str = HAIR, width: float = 0.6, inset: float = 0.0) -> None:
        """A line across the text column."""
        self.line((MARGIN + inset, y), (PAGE_W - MARGIN - inset, y), color, width)

    def dot(
        self,
        x: float,
        y: float,
        radius: float,
        fill: str | None = None,
        stroke: str | None = None,
        width: float = 1.0,
    ) -> None:
        """A circle."""
        if fill:
            self.canvas.setFillColor(HexColor(fill))
        if stroke:
            self.canvas.setStrokeColor(HexColor(stroke))
            self.canvas.setLineWidth(width)
        self.canvas.circle(
            self.mirror(x), y, radius, stroke=int(bool(stroke)), fill=int(bool(fill))
        )

    def polyline(self, points: Sequence[tuple[float, float]], color: str, width: float) -> None:
        """Joined lines with round ends."""
        if len(points) < 2:
            return
        self.canvas.setStrokeColor(HexColor(color))
        self.canvas.setLineWidth(width)
        self.canvas.setLineCap(1)
        self.canvas.setLineJoin(1)
        path = self.canvas.beginPath()
        path.moveTo(self.mirror(points[0][0]), points[0][1])
        for x, y in points[1:]:
            path.lineTo(self.mirror(x), y)
        self.canvas.drawPath(path)
        self.canvas.setLineCap(0)

    def strokes(self, strokes: Strokes, x: float, y: float, width: float, height: float) -> None:
        """A drawn signature inside a box; it is never mirrored."""
        left = self.mirror(x, width)
        for stroke in strokes:
            points = [(left + px * width, y + (1 - py) * height) for px, py in stroke]
            if self.rtl:
                points = [(PAGE_W - px, py) for px, py in points]
            self.polyline(points, "#14315C", 1.5)

    def styled(self, style: Style, text: str) -> Style:
        """The style in the direction of the text.

        In a mirrored report whatever holds a right-to-left letter runs that way; numbers, and what
        was entered in another script, keep their own, so that their full stops stand at their end.
        """
        direction = "ltr"
        if self.rtl and any(script_of(char) in ("Arab", "Hebr") for char in text):
            direction = "rtl"
        return replace(style, direction=direction, language=self.words.language)

    def paragraph(self, said: Said, style: Style) -> Paragraph:
        """A text ready to be measured and drawn."""
        return self._set(said if isinstance(said, str) else tuple(said), style)

    def _paragraph(self, said: str | tuple[Span, ...], style: Style) -> Paragraph:
        whole = said if isinstance(said, str) else "".join(part.text for part in said)
        return Paragraph(said, self.styled(style, whole), self.faces)

    def block(
        self,
        said: Said,
        x: float,
        top: float,
        width: float,
        style: Style,
        tag: str | None = None,
        parent: Element | None = None,
    ) -> float:
        """Draw a paragraph below ``top``; gives its height."""
        made = self.paragraph(said, style)
        with self.tagged(tag or style.tag, parent):
            made.draw(self.canvas, self.mirror(x, width), top, width, self._side(made))
        return made.height(width)

    def lines(
        self,
        made: Paragraph,
        lines: Sequence[Line],
        x: float,
        top: float,
        width: float,
        element: Element,
    ) -> None:
        """Draw some lines of a paragraph below ``top``, as a part of its element."""
        self.canvas.begin(element)
        left = self.mirror(x, width)
        made.draw_lines(self.canvas, lines, left, top, width, self._side(made))
        self.canvas.end()

    def _side(self, made: Paragraph) -> str:
        align = made.style.align
        if align == "center":
            return align
        # In a mirrored report even a left-to-right text begins at the cell's start.
        from_right = self.rtl or made.base == 1
        return "right" if from_right == (align == "start") else "left"

    def height(self, said: Said, width: float, style: Style) -> float:
        """The height ``block`` would take."""
        return self.paragraph(said, style).height(width)

    def words_at(
        self,
        text: str,
        x: float,
        baseline: float,
        style: Style,
        align: str = "start",
        tag: str | None = "P",
        parent: Element | None = None,
        limit: float | None = None,
    ) -> float:
        """One line of text at a point, cut with a sign at ``limit``; gives its width."""
        if limit is not None:
            text = self.fitted(text, limit, style)
        made = self.paragraph(text, style)
        width = made.natural_width()
        side = {"start": "end", "end": "start"}.get(align, align) if self.rtl else align
        left = self.mirror(x) - {"start": 0.0, "end": width, "center": width / 2}[side]
        with self.tagged(tag, parent):
            made.draw_at(self.canvas, left, baseline)
        return width

    def width(self, text: str, style: Style) -> float:
        """Points of a text on one line."""
        return self.paragraph(text, style).natural_width()

    def fitted(self, text: str, width: float, style: Style) -> str:
        """The text, cut with a sign where it would be wider than this; always one line."""
        text = " ".join(text[:_ONE_LINE].split())
        made = self.paragraph(text, style)
        if made.natural_width() <= width:
            return text
        cut = made.fitting(width - self.width("…", style))
        while cut and self.width(text[:cut].rstrip() + "…", style) > width:
            cut -= 1
        return text[:cut].rstrip() + "…"

    def shortened(self, text: str, width: float, lines: int, style: Style) -> str:
        """The text, cut with a sign where it would take more lines than these."""
        text = text.strip()[: _ONE_LINE * lines]
        made = self.paragraph(text, style)
        rows = made.lines(width)
        if len(rows) <= lines:
            return text
        last = rows[lines - 1]
        return text[: last.start] + self.fitted(text[last.start :], width, style)

    def pill(self, text: str, x: float, y: float, fill: str, size: float = 7.5) -> float:
        """A filled capsule with white words; gives its width."""
        style = Style(size=size, leading=size * 1.3, color=WHITE, weight=Weight.SEMIBOLD)
        pad, height = size * 0.8, size * 1.75
        width = self.width(text, style) + 2 * pad
        self.box(x, y, width, height, fill, height / 2)
        self.words_at(text, x + pad, y + height / 2 - size * 0.35, style)
        return width

    def picture(
        self, jpeg: bytes, x: float, top: float, width: float, height: float, alt: str
    ) -> None:
        """A photo that fills a box, cut at its edges, with its alternative text."""
        name, given_w, given_h = embed(self.canvas, jpeg, alt)
        scale = max(width / given_w, height / given_h)
        shown_w, shown_h = given_w * scale, given_h * scale
        left, bottom = self.mirror(x, width), top - height
        with self.figure(alt, (left, bottom, left + width, top)):
            self.canvas.saveState()
            clip = self.canvas.beginPath()
            clip.rect(left, bottom, width, height)
            self.canvas.clipPath(clip, stroke=0, fill=0)
            place(
                self.canvas,
                name,
                left - (shown_w - width) / 2,
                bottom - (shown_h - height) / 2,
                shown_w,
                shown_h,
            )
            self.canvas.restoreState()

    @contextmanager
    def tagged(self, tag: str | None, parent: Element | None = None) -> Iterator[None]:
        """What is drawn inside is this element; inside a figure it is part of the figure."""
        if tag is None or self._in_figure:
            yield
            return
        self.canvas.begin((parent or self.section).add(tag))
        yield
        self.canvas.end()

    @contextmanager
    def figure(
        self, alt: str, box: tuple[float, float, float, float] | None = None
    ) -> Iterator[None]:
        """What is drawn inside is one picture with this alternative text."""
        bounds = box or (MARGIN, 40.0, PAGE_W - MARGIN, PAGE_H - 40.0)
        self.canvas.begin(self.section.add("Figure", Alt=alt, BBox=bounds))
        self._in_figure = True
        try:
            yield
        finally:
            self._in_figure = False
            self.canvas.end()


def mixed(low: str, high: str, share: float) -> str:
    """A colour between two, as #RRGGBB."""
    one, other = HexColor(low).rgb(), HexColor(high).rgb()
    parts = (a * (1 - share) + b * share for a, b in zip(one, other, strict=True))
    return "#" + "".join(f"{round(part * 255):02X}" for part in parts)


__all__ = ["INK", "Painter", "Said", "mixed"]
