"""One font file as HarfBuzz sees it: which characters it has, and how a run of text is set."""

import struct
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import uharfbuzz as _uharfbuzz

uharfbuzz: Any = _uharfbuzz
# It comes without types.

MISSING = "\ufffd"
"""Drawn for a character no face has; copying still gives the character that was typed."""

_FEATURES = {"kern": True, "liga": False, "dlig": False, "rlig": True, "calt": True}
_CACHED = 4096
_IGNORABLE = ("Cf", "Mn", "Me")


@dataclass(frozen=True, slots=True)
class Shaped:
    """A run of glyphs in the order they are drawn; distances in thousandths of the type size.

    Attributes:
        indices: glyph numbers in the font file.
        texts: what copying gives for each glyph; "" where another glyph stands for it.
        advances: how far each glyph moves the pen.
        offsets: how far each is moved itself, right and up; None when none is.
        clusters: the place in the text each glyph stands for.
        width: of the whole run.
    """

    indices: tuple[int, ...]
    texts: tuple[str, ...]
    advances: tuple[float, ...]
    offsets: tuple[tuple[float, float], ...] | None
    clusters: tuple[int, ...]
    width: float

    def part(self, start: int, end: int, *, rtl: bool) -> "Shaped":
        """The glyphs of a part of the text; sound only where no glyph crosses its ends."""
        if rtl:
            first = bisect_left(self.clusters, 1 - end, key=lambda cluster: -cluster)
            last = bisect_left(self.clusters, 1 - start, key=lambda cluster: -cluster)
        else:
            first, last = bisect_left(self.clusters, start), bisect_left(self.clusters, end)
        advances = self.advances[first:last]
        return Shaped(
            self.indices[first:last],
            self.texts[first:last],
            advances,
            self.offsets[first:last] if self.offsets else None,
            self.clusters[first:last],
            sum(advances),
        )


class Face:
    """A TrueType file.

    Attributes:
        resource: the name it has in a page's resources.
        name: the PostScript name.
        ascent, descent, cap: in thousandths of the type size.
        box: the font's bounding box, likewise.
    """

    def __init__(self, path: Path, resource: str) -> None:
        self.resource = resource
        self.face: Any = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)))
        self._font: Any = uharfbuzz.Font(self.face)
        self._scale = 1000 / self.face.upem
        self._chars = frozenset(map(chr, self.face.unicodes))
        self.name = str(self.face.get_name(uharfbuzz.OTNameIdPredefined.POSTSCRIPT_NAME))
        extents = self._font.get_font_extents("ltr")
        self.ascent = extents.ascender * self._scale
        self.descent = extents.descender * self._scale
        cap = self._font.get_metric_position(uharfbuzz.OTMetricsTag.CAP_HEIGHT)
        self.cap = (cap or 0.7 * self.face.upem) * self._scale
        head = self.face.reference_table("head").data
        self.box = tuple(edge * self._scale for edge in struct.unpack(">4h", head[36:44]))
        self._widths: dict[int, float] = {}
        self._ligatures = self._presentation_forms()
        self.shape = lru_cache(maxsize=_CACHED)(self._shape)

    def has(self, char: str) -> bool:
        """Whether the font can draw this character."""
        return char in self._chars

    def has_all(self, text: str) -> bool:
        """Whether the font can draw every character."""
        return self._chars.issuperset(text)

    def width_of(self, index: int) -> float:
        """The width a glyph has by itself, in thousandths of the type size."""
        width = self._widths.get(index)
        if width is None:
            width = self._widths[index] = self._font.get_glyph_h_advance(index) * self._scale
        return width

    def _presentation_forms(self) -> dict[str, str]:
        """Arabic ligatures by their letters.

        Text extraction cannot turn several characters of one glyph round; a presentation form is
        one character, and normalising it gives the letters in the right order.
        """
        forms = {}
        for char in self._chars:
            if 0xFB50 <= ord(char) <= 0xFDFF or 0xFEF5 <= ord(char) <= 0xFEFC:
                letters = unicodedata.normalize("NFKC", char)
                if len(letters) > 1:
                    forms[letters] = char
        return forms

    def _shape(self, text: str, rtl: bool, script: str, language: str) -> Shaped:  # noqa: FBT001
        buffer = uharfbuzz.Buffer()
        buffer.add_str(text if self.has_all(text) else self._drawable(text))
        buffer.cluster_level = uharfbuzz.BufferClusterLevel.MONOTONE_CHARACTERS
        buffer.direction = "rtl" if rtl else "ltr"
        buffer.script = script
        buffer.language = language
        uharfbuzz.shape(self._font, buffer, _FEATURES)
        scale = self._scale
        found = [(info.codepoint, info.cluster) for info in buffer.glyph_infos]
        placed = [
            (place.x_advance * scale, place.x_offset * scale, place.y_offset * scale)
            for place in buffer.glyph_positions or ()
        ]
        clusters = tuple(cluster for _, cluster in found)
        advances = tuple(advance for advance, _, _ in placed)
        moved = any(dx or dy for _, dx, dy in placed)
        return Shaped(
            tuple(index for index, _ in found),
            self._texts(text, clusters),
            advances,
            tuple((dx, dy) for _, dx, dy in placed) if moved else None,
            clusters,
            sum(advances),
        )

    def _drawable(self, text: str) -> str:
        """The text with a sign for what cannot be drawn; HarfBuzz hides what has no shape."""
        return "".join(
            char if char in self._chars or unicodedata.category(char) in _IGNORABLE else MISSING
            for char in text
        )

    def _texts(self, text: str, clusters: tuple[int, ...]) -> tuple[str, ...]:
        if clusters == tuple(range(len(text))):
            return tuple(text)
        starts = sorted(set(clusters))
        ends = dict(zip(starts, [*starts[1:], len(text)], strict=True))
        texts = []
        seen: set[int] = set()
        for cluster in clusters:
            held = "" if cluster in seen else text[cluster : ends[cluster]]
            seen.add(cluster)
            if len(held) > 1:
                held = self._ligatures.get(unicodedata.normalize("NFKC", held), held)
            texts.append(held)
        return tuple(texts)
