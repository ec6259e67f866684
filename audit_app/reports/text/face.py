"""One font file: shaping with HarfBuzz, and embedding of just the glyphs that were used."""

import hashlib
import io
import re
import unicodedata
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import uharfbuzz as _uharfbuzz
from fontTools import subset as _subset_module
from fontTools.ttLib import TTFont
from reportlab.pdfbase import pdfdoc

uharfbuzz: Any = _uharfbuzz
subset: Any = _subset_module
# Both come without types.

_ZERO_WIDTH = "\u200c"
_FEATURES = {"kern": True, "liga": False, "dlig": False, "rlig": True, "calt": True}
_NOT_EMBEDDED = [
    "GSUB",
    "GPOS",
    "GDEF",
    "STAT",
    "kern",
    "post",
    "name",
    "OS/2",
    "DSIG",
    "BASE",
    "gasp",
    "meta",
    "HVAR",
    "MVAR",
]
_CMAP_HEAD = (
    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CIDSystemInfo "
    "<< /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def "
    "/CMapName /Adobe-Identity-UCS def /CMapType 2 def "
    "1 begincodespacerange <0000> <FFFF> endcodespacerange"
)


@dataclass(frozen=True, slots=True)
class Glyph:
    """One placed glyph; distances in thousandths of the type size.

    Attributes:
        text: what copying gives for it; a zero-width sign where another glyph stands for it.
    """

    index: int
    advance: float
    dx: float
    dy: float
    text: str


@dataclass(frozen=True, slots=True)
class Shaped:
    """A run of glyphs in the order they are drawn, and its width."""

    glyphs: tuple[Glyph, ...]
    width: float


class Face:
    """A TrueType file as HarfBuzz and the PDF see it.

    Attributes:
        resource: the name it has in a page's resources.
        cap: height of capitals in thousandths of the type size.
    """

    def __init__(self, path: Path, resource: str) -> None:
        self.resource = resource
        self._path = path
        self._face = uharfbuzz.Face(uharfbuzz.Blob.from_file_path(str(path)))
        self._font = uharfbuzz.Font(self._face)
        self._file = TTFont(path, lazy=True)
        self._scale = 1000 / self._face.upem
        self._chars: dict[int, str] = self._file.getBestCmap() or {}
        self.cap = (getattr(self._file["OS/2"], "sCapHeight", 0) or 700) * self._scale
        metrics = self._file["hmtx"].metrics
        self.widths = [metrics[name][0] * self._scale for name in self._file.getGlyphOrder()]
        self._ligatures = self._presentation_forms()
        self._used: dict[int, str] = {}
        self.shape = lru_cache(maxsize=20_000)(self._shape)

    def has(self, char: str) -> bool:
        """Whether the font can draw this character."""
        return ord(char) in self._chars

    def use(self, document: Any, shaped: Shaped) -> None:
        """Note the glyphs for embedding; the first use adds the font to the document."""
        if not self._used:
            document.delayedFonts.append(self)
        for glyph in shaped.glyphs:
            self._used.setdefault(glyph.index, glyph.text)

    def _presentation_forms(self) -> dict[str, str]:
        """Arabic ligatures by their letters.

        Text extraction cannot turn several characters of one glyph round; a presentation form is
        one character, and normalising it gives the letters in the right order.
        """
        forms = {}
        for code in self._chars:
            if 0xFB50 <= code <= 0xFDFF or 0xFEF5 <= code <= 0xFEFC:
                letters = unicodedata.normalize("NFKC", chr(code))
                if len(letters) > 1:
                    forms[letters] = chr(code)
        return forms

    def _shape(self, text: str, rtl: bool, script: str, language: str) -> Shaped:  # noqa: FBT001
        buffer = uharfbuzz.Buffer()
        buffer.add_str(text)
        buffer.cluster_level = uharfbuzz.BufferClusterLevel.MONOTONE_CHARACTERS
        buffer.direction = "rtl" if rtl else "ltr"
        buffer.script = script
        buffer.language = language
        uharfbuzz.shape(self._font, buffer, _FEATURES)
        clusters = sorted({info.cluster for info in buffer.glyph_infos})
        ends = dict(zip(clusters, [*clusters[1:], len(text)], strict=True))
        glyphs, seen = [], set()
        for info, place in zip(buffer.glyph_infos, buffer.glyph_positions or (), strict=True):
            held = _ZERO_WIDTH
            if info.cluster not in seen:
                seen.add(info.cluster)
                held = text[info.cluster : ends[info.cluster]]
                if len(held) > 1:
                    held = self._ligatures.get(unicodedata.normalize("NFKC", held), held)
            glyphs.append(
                Glyph(
                    info.codepoint,
                    place.x_advance * self._scale,
                    place.x_offset * self._scale,
                    place.y_offset * self._scale,
                    held,
                )
            )
        return Shaped(tuple(glyphs), sum(glyph.advance for glyph in glyphs))

    def addObjects(self, document: Any) -> None:  # noqa: N802 (reportlab calls this name)
        """Write the font's objects into the PDF."""
        used = dict(sorted(self._used.items()))
        self._used = {}
        data = self._subset(list(used))
        tag = hashlib.sha256(repr(list(used)).encode()).digest()[:6]
        plain = re.sub(r"[^A-Za-z0-9-]", "", str(self._file["name"].getDebugName(6)))
        name = "".join(chr(65 + byte % 26) for byte in tag) + "+" + plain
        file = document.Reference(_stream(data, Length1=len(data)), f"{self.resource}file")
        head, metrics, scale = self._file["head"], self._file["hhea"], self._scale
        box = (head.xMin, head.yMin, head.xMax, head.yMax)
        descriptor = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("FontDescriptor"),
                "FontName": pdfdoc.PDFName(name),
                "Flags": 4,
                "Ascent": round(metrics.ascent * scale),
                "Descent": round(metrics.descent * scale),
                "CapHeight": round(self.cap),
                "ItalicAngle": 0,
                "StemV": 80,
                "FontBBox": pdfdoc.PDFArray([round(edge * scale) for edge in box]),
                "FontFile2": file,
            }
        )
        widths: list[object] = []
        for index in used:
            widths += [index, pdfdoc.PDFArray([round(self.widths[index], 2)])]
        system = pdfdoc.PDFDictionary(
            {
                "Registry": pdfdoc.PDFString("Adobe"),
                "Ordering": pdfdoc.PDFString("Identity"),
                "Supplement": 0,
            }
        )
        descendant = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("Font"),
                "Subtype": pdfdoc.PDFName("CIDFontType2"),
                "BaseFont": pdfdoc.PDFName(name),
                "CIDSystemInfo": system,
                "FontDescriptor": document.Reference(descriptor, f"{self.resource}descriptor"),
                "W": pdfdoc.PDFArray(widths),
                "CIDToGIDMap": pdfdoc.PDFName("Identity"),
            }
        )
        reference = document.Reference(descendant, f"{self.resource}descendant")
        to_unicode = document.Reference(_stream(_character_map(used)), f"{self.resource}text")
        whole = pdfdoc.PDFDictionary(
            {
                "Type": pdfdoc.PDFName("Font"),
                "Subtype": pdfdoc.PDFName("Type0"),
                "BaseFont": pdfdoc.PDFName(name),
                "Encoding": pdfdoc.PDFName("Identity-H"),
                "DescendantFonts": pdfdoc.PDFArray([reference]),
                "ToUnicode": to_unicode,
            }
        )
        fonts = document.idToObject["BasicFonts"].dict
        fonts[self.resource] = document.Reference(whole, f"{self.resource}font")

    def _subset(self, glyphs: list[int]) -> bytes:
        options = subset.Options()
        options.retain_gids = True
        options.layout_closure = False
        options.notdef_outline = True
        options.hinting = False
        options.drop_tables += list(_NOT_EMBEDDED)
        font = subset.load_font(str(self._path), options)
        cutter = subset.Subsetter(options)
        cutter.populate(gids=glyphs)
        cutter.subset(font)
        font.recalcTimestamp = False
        out = io.BytesIO()
        font.save(out, reorderTables=False)
        return out.getvalue()


def _stream(data: bytes, **entries: int) -> Any:
    stream: Any = pdfdoc.PDFStream(
        pdfdoc.PDFDictionary(dict(entries)), zlib.compress(data, 9), filters=None
    )
    stream.dictionary["Filter"] = pdfdoc.PDFName("FlateDecode")
    return stream


def _character_map(used: dict[int, str]) -> bytes:
    lines = [_CMAP_HEAD]
    entries = list(used.items())
    for start in range(0, len(entries), 100):
        block = entries[start : start + 100]
        lines.append(f"{len(block)} beginbfchar")
        lines += [
            f"<{index:04X}> <{(text or _ZERO_WIDTH).encode('utf-16-be').hex().upper()}>"
            for index, text in block
        ]
        lines.append("endbfchar")
    lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(lines).encode()
