"""A paragraph: runs of one face and direction, broken into lines, drawn glyph by glyph."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.lib.colors import HexColor

from audit_app.reports.text.bidi import Level, levels, reorder
from audit_app.reports.text.face import Face, Shaped
from audit_app.reports.text.structure import TaggedCanvas
from audit_app.reports.text.typeface import Span, Style, Typeface, Weight, script_of

LONGEST = 10_000
"""Characters of one text that are set; what is longer is cut with a sign (RELIABILITY 4.3)."""

_WORD = re.compile(r"[^\s/–—]*(?:[/–—](?!\d)|\s+|$)|\S+?(?=\s|$)")
_SLACK = 0.01


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one level, script, face and colour."""

    start: int
    end: int
    level: int
    script: str
    face: Face
    color: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line: characters from ``start`` to ``end``, trailing spaces left out."""

    start: int
    end: int


class Paragraph:
    """One text, measured and drawn; it never reads markup in what was entered."""

    def __init__(self, text: str | Sequence[Span], style: Style, faces: Typeface) -> None:
        spans = [Span(text)] if isinstance(text, str) else list(text)
        self.style = style
        self._faces = faces
        whole = "".join(span.text for span in spans)
        self.text = _tidy(whole)
        self._marks = _marks(spans, style, len(self.text))
        base = {"rtl": 1, "ltr": 0}.get(style.direction)
        self.base, self._levels = levels(self.text, base)
        self._runs = self._split()
        self._lines: list[Line] = []
        self._width = -1.0

    def height(self, width: float) -> float:
        """Points it takes at this width."""
        return len(self.lines(width)) * self.style.leading

    def lines(self, width: float) -> list[Line]:
        """Its lines at this width."""
        if width != self._width:
            self._width = width
            self._lines = []
            start = 0
            for part in self.text.split("\n"):
                self._break(start, start + len(part), width)
                start += len(part) + 1
        return self._lines

    def natural_width(self) -> float:
        """Points of the whole text on one line."""
        return self.measure(0, len(self.text))

    def measure(self, start: int, end: int) -> float:
        """Points of these characters on one line."""
        scale = self.style.size / 1000
        return sum(
            self._shape(run, max(run.start, start), min(run.end, end)).width * scale
            for run in self._between(start, end)
        )

    def draw(self, canvas: TaggedCanvas, x: float, top: float, width: float) -> None:
        """Draw all lines below ``top``."""
        self.draw_lines(canvas, self.lines(width), x, top, width)

    def draw_lines(
        self, canvas: TaggedCanvas, lines: Sequence[Line], x: float, top: float, width: float
    ) -> None:
        """Draw some of its lines below ``top``."""
        style = self.style
        cap = self._faces.first(style.weight).cap * style.size / 1000
        baseline = top - (style.leading + cap) / 2
        for line in lines:
            taken = self.measure(line.start, line.end)
            self._draw_line(canvas, line, x + self._indent(width - taken), baseline)
            baseline -= style.leading

    def draw_at(self, canvas: TaggedCanvas, x: float, baseline: float) -> None:
        """Draw it as one line that begins at this point, whatever its direction."""
        self._draw_line(canvas, Line(0, len(self.text)), x, baseline)

    def _indent(self, free: float) -> float:
        if self.style.align == "center":
            return free / 2
        at_start = self.style.align == "start"
        return free if at_start == bool(self.base & 1) else 0.0

    def _split(self) -> list[Run]:
        scripts: list[str | None] = []
        last: str | None = None
        for char in self.text:
            last = script_of(char) or last
            scripts.append(last)
        fallback = next((script for script in scripts if script), "Latn")
        runs: list[Run] = []
        face: Face | None = None
        for i, char in enumerate(self.text):
            level = self._levels[i]
            if level is None or char == "\n":
                continue
            weight, color = self._marks[i]
            face = self._face(char, weight, face, runs)
            script = scripts[i] or ("Arab" if level & 1 else fallback)
            here = Run(i, i + 1, level, script, face, color)
            before = runs[-1] if runs else None
            if before and before.end == i and _alike(before, here):
                runs[-1] = Run(before.start, i + 1, level, script, face, color)
            else:
                runs.append(here)
        return runs

    def _face(self, char: str, weight: Weight, before: Face | None, runs: list[Run]) -> Face:
        """Spaces and marks stay with the face before them, so that words are not torn."""
        joins = char == " " or unicodedata.combining(char)
        if before is not None and runs and joins and before.has(char):
            same_weight = self._marks[runs[-1].end - 1][0] is weight
            if same_weight:
                return before
        return self._faces.pick(weight, char)

    def _between(self, start: int, end: int) -> list[Run]:
        return [run for run in self._runs if run.start < end and run.end > start]

    def _shape(self, run: Run, start: int, end: int) -> Shaped:
        return run.face.shape(
            self.text[start:end], bool(run.level & 1), run.script, self.style.language
        )

    def _break(self, start: int, end: int, width: float) -> None:
        if start == end:
            self._lines.append(Line(start, end))
            return
        line_start, line_end, taken = start, start, 0.0
        for match in _WORD.finditer(self.text, start, end):
            at, stop = match.span()
            if at == stop:
                continue
            core = at + len(self.text[at:stop].rstrip())
            word = self.measure(at, core)
            if taken + word > width + _SLACK and line_end > line_start:
                self._lines.append(Line(line_start, line_end))
                line_start, taken = at, 0.0
            while word > width + _SLACK and core - at > 1:
                cut = self._fitting(at, core, word, width)
                self._lines.append(Line(at, cut))
                at = line_start = cut
                taken, word = 0.0, self.measure(at, core)
            taken += word if core == stop else word + self.measure(core, stop)
            line_end = stop
        if line_end > line_start or not self._lines:
            self._lines.append(Line(line_start, line_end))

    def _fitting(self, start: int, end: int, taken: float, width: float) -> int:
        """Where to cut a word that is longer than the line."""
        count = max(1, int((end - start) * width / taken))
        while count > 1 and self.measure(start, start + count) > width:
            count -= 1
        return start + count

    def _draw_line(self, canvas: TaggedCanvas, line: Line, x: float, baseline: float) -> None:
        end = line.start + len(self.text[line.start : line.end].rstrip())
        pieces = self._between(line.start, end)
        if not pieces:
            return
        code = canvas.write
        code("BT")
        color = ""
        shown: list[Level] = [run.level for run in pieces]
        for position in reorder(shown):
            run = pieces[position]
            shaped = self._shape(run, max(run.start, line.start), min(run.end, end))
            run.face.use(canvas.document, shaped)
            if run.color != color:
                color = run.color
                code(" ".join(_number(part) for part in HexColor(color).rgb()) + " rg")
            code(
                f"/{run.face.resource} {_number(self.style.size)} Tf "
                f"1 0 0 1 {_number(x)} {_number(baseline)} Tm"
            )
            for operator in _operators(shaped, run.face, self.style.size):
                code(operator)
            x += shaped.width * self.style.size / 1000
        code("ET")
        canvas.forget_color()


def _operators(shaped: Shaped, face: Face, size: float) -> list[str]:
    """PDF operators that place the glyphs: TJ with kerning, Ts where a mark is raised."""
    out: list[str] = []
    parts: list[str] = []
    glyphs: list[str] = []
    carry = rise = 0.0

    def flush() -> None:
        if glyphs:
            parts.append(f"<{''.join(glyphs)}>")
            glyphs.clear()

    def emit() -> None:
        flush()
        if parts:
            out.append(f"[{' '.join(parts)}] TJ")
            parts.clear()

    for glyph in shaped.glyphs:
        if abs(glyph.dy - rise) > _SLACK:
            emit()
            rise = glyph.dy
            out.append(f"{_number(rise * size / 1000)} Ts")
        kern = carry - glyph.dx
        if abs(kern) > 0.05:
            flush()
            parts.append(_number(kern))
        glyphs.append(f"{glyph.index:04X}")
        carry = face.widths[glyph.index] - glyph.advance + glyph.dx
    emit()
    if rise:
        out.append("0 Ts")
    return out


def _alike(one: Run, other: Run) -> bool:
    return (
        one.level == other.level
        and one.script == other.script
        and one.face is other.face
        and one.color == other.color
    )


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".") or "0"


def _tidy(text: str) -> str:
    """Control characters have no shape; very long texts are cut, with a sign."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    if len(text) > LONGEST:
        text = text[: LONGEST - 1] + "…"
    return "".join(
        char if char == "\n" or char.isprintable() or _joins(char) else " " for char in text
    )


def _joins(char: str) -> bool:
    """Format characters that steer shaping and direction are kept."""
    return unicodedata.category(char) in ("Cf", "Zs")


def _marks(spans: Sequence[Span], style: Style, length: int) -> list[tuple[Weight, str]]:
    marks: list[tuple[Weight, str]] = []
    for span in spans:
        mark = (span.weight or style.weight, span.color or style.color)
        marks += [mark] * len(span.text.replace("\r\n", "\n"))
    return (marks + [(style.weight, style.color)] * length)[:length]
