"""Fonts in the PDF: just the glyphs that were used, each code with the text it stands for.

A code belongs to a pair of glyph and text, not to a glyph alone: two characters that look the same
are still copied as they were typed.
"""

import hashlib
import re
import zlib
from typing import Any

from reportlab.pdfbase import pdfdoc

from audit_app.reports.text.face import Face, Shaped, uharfbuzz

_NO_TEXT = "\u200c"
"""Every code must stand for some text; glyphs beside another glyph of their letter get this."""

_DROPPED = ("GSUB", "GPOS", "GDEF", "STAT", "OS/2", "name", "cmap", "post", "DSIG", "gasp", "BASE")
_BLOCK = 100
_CMAP_HEAD = (
    "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CIDSystemInfo "
    "<< /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def "
    "/CMapName /Adobe-Identity-UCS def /CMapType 2 def "
    "1 begincodespacerange <0000> <FFFF> endcodespacerange"
)


class Embedding:
    """One face in one document."""

    def __init__(self, face: Face, document: Any) -> None:
        self._face = face
        self._codes: dict[tuple[int, str], str] = {}
        document.delayedFonts.append(self)

    def codes(self, shaped: Shaped) -> list[str]:
        """The code of each glyph as four hexadecimal digits."""
        known = self._codes
        out = []
        for pair in zip(shaped.indices, shaped.texts, strict=True):
            code = known.get(pair)
            if code is None:
                code = known[pair] = f"{len(known) + 1:04X}"
            out.append(code)
        return out

    def addObjects(self, document: Any) -> None:  # noqa: N802 (reportlab calls this name)
        """Write the font's objects into the PDF; reportlab asks for it when it saves."""
        if not self._codes:
            return
        face, resource = self._face, self._face.resource
        glyphs = [index for index, _ in self._codes]
        tag = hashlib.sha256(repr(sorted(set(glyphs))).encode()).digest()[:6]
        plain = re.sub(r"[^A-Za-z0-9-]", "", face.name)
        name = "".join(chr(65 + byte % 26) for byte in tag) + "+" + plain
        program = self._program(glyphs)
        file = document.Reference(_stream(program, Length1=len(program)), f"{resource}file")
        descriptor = _entries(
            Type=_name("FontDescriptor"),
            FontName=_name(name),
            Flags=4,
            Ascent=round(face.ascent),
            Descent=round(face.descent),
            CapHeight=round(face.cap),
            ItalicAngle=0,
            StemV=80,
            FontBBox=pdfdoc.PDFArray([round(edge) for edge in face.box]),
            FontFile2=file,
        )
        widths = [round(face.width_of(index), 2) for index in glyphs]
        to_glyphs = b"\0\0" + b"".join(index.to_bytes(2, "big") for index in glyphs)
        descendant = _entries(
            Type=_name("Font"),
            Subtype=_name("CIDFontType2"),
            BaseFont=_name(name),
            CIDSystemInfo=_entries(
                Registry=pdfdoc.PDFString("Adobe"),
                Ordering=pdfdoc.PDFString("Identity"),
                Supplement=0,
            ),
            FontDescriptor=document.Reference(descriptor, f"{resource}descriptor"),
            W=pdfdoc.PDFArray([1, pdfdoc.PDFArray(widths)]),
            CIDToGIDMap=document.Reference(_stream(to_glyphs), f"{resource}glyphs"),
        )
        reference = document.Reference(descendant, f"{resource}descendant")
        whole = _entries(
            Type=_name("Font"),
            Subtype=_name("Type0"),
            BaseFont=_name(name),
            Encoding=_name("Identity-H"),
            DescendantFonts=pdfdoc.PDFArray([reference]),
            ToUnicode=document.Reference(_stream(self._character_map()), f"{resource}text"),
        )
        fonts = document.idToObject["BasicFonts"].dict
        fonts[resource] = document.Reference(whole, f"{resource}font")

    def _program(self, glyphs: list[int]) -> bytes:
        """The font file cut down; glyphs keep their numbers."""
        wanted = uharfbuzz.SubsetInput()
        wanted.glyph_set.update(set(glyphs))
        flags = uharfbuzz.SubsetFlags
        wanted.flags = (
            flags.RETAIN_GIDS
            | flags.NO_HINTING
            | flags.NO_LAYOUT_CLOSURE
            | flags.NOTDEF_OUTLINE
            | flags.NO_BIDI_CLOSURE
        )
        tags = {int.from_bytes(tag.encode(), "big") for tag in _DROPPED}
        wanted.drop_table_tag_set.update(tags)
        return bytes(uharfbuzz.subset(self._face.face, wanted).blob.data)

    def _character_map(self) -> bytes:
        lines = [_CMAP_HEAD]
        entries = [(code, text or _NO_TEXT) for (_, text), code in self._codes.items()]
        for start in range(0, len(entries), _BLOCK):
            block = entries[start : start + _BLOCK]
            lines.append(f"{len(block)} beginbfchar")
            lines += [
                f"<{code}> <{text.encode('utf-16-be').hex().upper()}>" for code, text in block
            ]
            lines.append("endbfchar")
        lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
        return "\n".join(lines).encode()


def _name(text: str) -> Any:
    return pdfdoc.PDFName(text)


def _entries(**entries: object) -> Any:
    return pdfdoc.PDFDictionary(dict(entries))


def _stream(data: bytes, **entries: int) -> Any:
    stream: Any = pdfdoc.PDFStream(
        pdfdoc.PDFDictionary(dict(entries)), zlib.compress(data, 9), filters=None
    )
    stream.dictionary["Filter"] = _name("FlateDecode")
    return stream
