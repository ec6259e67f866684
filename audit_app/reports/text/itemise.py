"""A text as runs that can be shaped: one level, script, face and colour each."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from audit_app.reports.text.bidi import Level, levels
from audit_app.reports.text.face import Face, Shaped
from audit_app.reports.text.typeface import Span, Style, Typeface, Weight, script_of

LONGEST = 10_000
"""Characters of one text that are set; what is longer is cut with a sign (RELIABILITY 4.3)."""

_BREAKS = str.maketrans({"\t": " ", "\v": "\n", "\f": "\n", "\u2028": "\n", "\u2029": "\n"})
_LAST_LATIN = "\u024f"


@dataclass(frozen=True, slots=True)
class Run:
    """Characters of one level, script, face and colour."""

    start: int
    end: int
    level: int
    script: str
    face: Face
    color: str

    @property
    def rtl(self) -> bool:
        """Whether it runs from the right."""
        return bool(self.level & 1)


@dataclass(frozen=True, slots=True)
class Itemised:
    """A text made ready: its characters, its direction and its runs."""

    text: str
    base: int
    runs: tuple[Run, ...]


def itemise(spans: Sequence[Span], style: Style, faces: Typeface) -> Itemised:
    """Tidy the text, find its direction, split it into runs."""
    pieces = [(tidy(span.text), span) for span in spans]
    text = "".join(piece for piece, _ in pieces)
    if len(text) > LONGEST:
        text = text[: LONGEST - 1] + "…"
    base = {"rtl": 1, "ltr": 0}.get(style.direction)
    if len(spans) == 1 and not base and _is_latin(text):
        span = spans[0]
        face = faces.first(span.weight or style.weight)
        if face.has_all(text.replace("\n", "")):
            return Itemised(text, 0, _plain(text, face, span.color or style.color))
    found, per_char = levels(text, base)
    marks = [
        (span.weight or style.weight, span.color or style.color)
        for piece, span in pieces
        for _ in piece
    ]
    return Itemised(text, found, tuple(_Splitter(text, per_char, marks, faces).runs()))


def tidy(text: str) -> str:
    """Without control characters and what else has no shape; line ends become one sign."""
    if text.isprintable():
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_BREAKS)
    return "".join(char if char == "\n" or _is_kept(char) else " " for char in text)


def shape_run(run: Run, text: str, start: int, end: int, language: str) -> Shaped:
    """The glyphs of a part of a run."""
    return run.face.shape(text[start:end], run.rtl, run.script, language)


def _is_kept(char: str) -> bool:
    """Format characters steer shaping and direction; a byte order mark only breaks the PDF."""
    return char.isprintable() or (
        unicodedata.category(char) in ("Cf", "Zs") and char not in "\ufeff\ufffe"
    )


def _is_latin(text: str) -> bool:
    return text.isascii() or all(
        char <= _LAST_LATIN or "\u2010" <= char <= "\u2027" or char in "\u2212\u202f"
        for char in text
    )


def _plain(text: str, face: Face, color: str) -> tuple[Run, ...]:
    """The quick way for what most texts are: one script, one face, left to right."""
    runs = []
    start = 0
    for part in text.split("\n"):
        if part:
            runs.append(Run(start, start + len(part), 0, "Latn", face, color))
        start += len(part) + 1
    return tuple(runs)


class _Splitter:
    def __init__(
        self,
        text: str,
        per_char: Sequence[Level],
        marks: Sequence[tuple[Weight, str]],
        faces: Typeface,
    ) -> None:
        self._text = text
        self._levels = per_char
        self._marks = marks
        self._faces = faces

    def runs(self) -> list[Run]:
        scripts = self._scripts()
        fallback = next((script for script in scripts if script), "Latn")
        runs: list[Run] = []
        start = -1
        for i, char in enumerate(self._text):
            level = self._levels[i]
            if level is None or char == "\n":
                start = -1
                continue
            script = scripts[i] or ("Arab" if level & 1 else fallback)
            before = runs[-1] if start >= 0 else None
            here = Run(i, i + 1, level, script, self._face(i, before), self._marks[i][1])
            if before is not None and _alike(before, here):
                runs[-1] = replace(before, end=i + 1)
            else:
                runs.append(here)
                start = i
        return runs

    def _scripts(self) -> list[str | None]:
        scripts: list[str | None] = []
        last: str | None = None
        for char in self._text:
            last = script_of(char) or last
            scripts.append(last)
        return scripts

    def _face(self, at: int, before: Run | None) -> Face:
        """Spaces and marks stay with the face before them, so that words are not torn."""
        char, weight = self._text[at], self._marks[at][0]
        joins = char == " " or unicodedata.combining(char)
        if (
            before is not None
            and joins
            and before.face.has(char)
            and self._marks[at - 1][0] is weight
        ):
            return before.face
        return self._faces.pick(weight, char)


def _alike(one: Run, other: Run) -> bool:
    return (
        one.level == other.level
        and one.script == other.script
        and one.face is other.face
        and one.color == other.color
    )
