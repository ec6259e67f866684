"""A paragraph: runs of glyphs, broken into lines, drawn."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from reportlab.lib.colors import HexColor

from audit_app.reports.text.bidi import reorder
from audit_app.reports.text.face import Shaped
from audit_app.reports.text.itemise import Run, itemise, shape_run
from audit_app.reports.text.operators import glyph_operators, number
from audit_app.reports.text.structure import TaggedCanvas
from audit_app.reports.text.typeface import Span, Style, Typeface

_SPACES = " \u1680\u2000-\u2006\u2008-\u200a\u205f\u3000"
_OPPORTUNITY = re.compile(f"[{_SPACES}]+|[/–—\u200b](?![\\d{_SPACES}])")
"""A line may end after spaces, and after a stroke or dash that does not stand in a number."""

_BLANK = re.compile(f"[{_SPACES}]+$")
_SLACK = 0.01


@dataclass(frozen=True, slots=True)
class Line:
    """One line: characters from ``start`` to ``end``, without the spaces at its end."""

    start: int
    end: int


class Paragraph:
    """One text, measured and drawn; it never reads markup in what was entered.

    Attributes:
        text: the characters that are set.
        base: 0 when it runs left to right, 1 right to left.
    """

    def __init__(self, said: str | Sequence[Span], style: Style, faces: Typeface) -> None:
        spans = [Span(said)] if isinstance(said, str) else list(said)
        found = itemise(spans, style, faces)
        self.style = style
        self.text, self.base = found.text, found.base
        self._faces = faces
        self._runs = found.runs
        self._starts = [run.start for run in found.runs]
        self._lines: dict[float, list[Line]] = {}

    def height(self, width: float) -> float:
        """Points it takes at this width."""
        return len(self.lines(width)) * self.style.leading

    def lines(self, width: float) -> list[Line]:
        """Its lines at this width."""
        found = self._lines.get(width)
        if found is None:
            found = []
            start = 0
            for part in self.text.split("\n"):
                found.extend(self._broken(start, start + len(part), width))
                start += len(part) + 1
            self._lines[width] = found
        return found

    def natural_width(self) -> float:
        """Points of the whole text on one line."""
        return self._ends[-1] if self._ends else 0.0

    def fitting(self, width: float) -> int:
        """How many characters from the beginning are at most this wide."""
        return bisect_right(self._ends, width + _SLACK)

    def draw(self, canvas: TaggedCanvas, x: float, top: float, width: float, align: str) -> None:
        """Draw all lines below ``top``; ``align`` is left, right or center."""
        self.draw_lines(canvas, self.lines(width), x, top, width, align)

    def draw_lines(
        self,
        canvas: TaggedCanvas,
        lines: Sequence[Line],
        x: float,
        top: float,
        width: float,
        align: str,
    ) -> None:
        """Draw some of its lines below ``top``."""
        style = self.style
        cap = self._faces.first(style.weight).cap * style.size / 1000
        baseline = top - (style.leading + cap) / 2
        for line in lines:
            pieces = self._pieces(line)
            free = width - sum(shaped.width for _, shaped in pieces) * style.size / 1000
            indent = {"left": 0.0, "right": free, "center": free / 2}[align]
            self._draw(canvas, pieces, x + indent, baseline)
            baseline -= style.leading

    def draw_at(self, canvas: TaggedCanvas, x: float, baseline: float) -> None:
        """Draw it as one line that begins at this point from the left, whatever its direction."""
        self._draw(canvas, self._pieces(Line(0, len(self.text))), x, baseline)

    @cached_property
    def _shaped(self) -> list[Shaped]:
        language = self.style.language
        return [shape_run(run, self.text, run.start, run.end, language) for run in self._runs]

    @cached_property
    def _ends(self) -> list[float]:
        """For each character, the points from the beginning of the text to its end."""
        advances = [0.0] * len(self.text)
        scale = self.style.size / 1000
        for run, shaped in zip(self._runs, self._shaped, strict=True):
            for cluster, advance in zip(shaped.clusters, shaped.advances, strict=True):
                advances[run.start + cluster] += advance * scale
        return list(accumulate(advances))

    def _measure(self, start: int, end: int) -> float:
        if end <= start:
            return 0.0
        return self._ends[end - 1] - (self._ends[start - 1] if start else 0.0)

    def _broken(self, start: int, end: int, width: float) -> Iterator[Line]:
        """The lines of one stretch without line ends in it."""
        line_start = line_end = start
        for core, stop in self._words(start, end):
            if self._measure(line_start, core) > width + _SLACK and line_end > line_start:
                yield self._line(line_start, line_end)
                line_start = line_end
            while self._measure(line_start, core) > width + _SLACK and core - line_start > 1:
                cut = self._cut(line_start, core, width)
                if cut >= core:
                    break
                yield Line(line_start, cut)
                line_start = cut
            line_end = stop
        yield self._line(line_start, line_end)

    def _words(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The end of each word without and with the spaces after it."""
        for match in _OPPORTUNITY.finditer(self.text, start, end):
            blank = self.text[match.start()] not in "/–—\u200b"
            yield (match.start() if blank else match.end()), match.end()
        if start == end or not _OPPORTUNITY.match(self.text[end - 1 : end]):
            yield end, end

    def _line(self, start: int, end: int) -> Line:
        blank = _BLANK.search(self.text, start, end)
        return Line(start, blank.start() if blank else end)

    def _cut(self, start: int, end: int, width: float) -> int:
        """Where to cut a word that is longer than a line."""
        before = self._ends[start - 1] if start else 0.0
        cut = min(end, max(start + 1, bisect_right(self._ends, before + width + _SLACK)))
        scale = self.style.size / 1000
        # Letters that join are wider at the end of a line than inside a word.
        while cut > start + 1:
            pieces = self._pieces(Line(start, cut))
            if sum(shaped.width for _, shaped in pieces) * scale <= width + _SLACK:
                break
            cut -= 1
        return cut

    def _pieces(self, line: Line) -> list[tuple[Run, Shaped]]:
        """The runs of a line with their glyphs, in logical order."""
        pieces = []
        first = max(0, bisect_right(self._starts, line.start) - 1)
        for place in range(first, len(self._runs)):
            run, shaped = self._runs[place], self._shaped[place]
            if run.start >= line.end:
                break
            start, end = max(run.start, line.start), min(run.end, line.end)
            if start >= end:
                continue
            if (start, end) == (run.start, run.end):
                pieces.append((run, shaped))
            elif self._is_between(start, run.start) and self._is_between(end, run.end):
                part = shaped.part(start - run.start, end - run.start, rtl=run.rtl)
                pieces.append((run, part))
            else:
                part = shape_run(run, self.text, start, end, self.style.language)
                pieces.append((run, part))
        return pieces

    def _is_between(self, at: int, edge: int) -> bool:
        """Whether a run can be cut here without shaping it anew."""
        return at == edge or self.text[at] == " " or self.text[at - 1] == " "

    def _draw(
        self, canvas: TaggedCanvas, pieces: Sequence[tuple[Run, Shaped]], x: float, y: float
    ) -> None:
        if not pieces:
            return
        size, color = self.style.size, ""
        canvas.write("BT")
        for position in reorder([run.level for run, _ in pieces]):
            run, shaped = pieces[position]
            if run.color != color:
                color = run.color
                canvas.write(" ".join(number(part) for part in HexColor(color).rgb()) + " rg")
            canvas.write(
                f"/{run.face.resource} {number(size)} Tf 1 0 0 1 {number(x)} {number(y)} Tm"
            )
            codes = canvas.font(run.face).codes(shaped)
            for operator in glyph_operators(shaped, codes, run.face, size):
                canvas.write(operator)
            x += shaped.width * size / 1000
        canvas.write("ET")
        canvas.forget_color()
