"""The family of the report: four weights, each with a face for every script."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from audit_app.reports.text.face import Face

_FILES = {
    "regular": "400Regular",
    "medium": "500Medium",
    "semibold": "600SemiBold",
    "bold": "700Bold",
}
_SCRIPTS = ("IBMPlexSans", "IBMPlexSansArabic", "IBMPlexSansHebrew")


class Weight(StrEnum):
    """The four weights; there are no others."""

    REGULAR = "regular"
    MEDIUM = "medium"
    SEMIBOLD = "semibold"
    BOLD = "bold"


class Typeface:
    """Picks the face that can draw a character; faces are opened when first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._faces: dict[tuple[Weight, str], Face] = {}
        self._picked: dict[tuple[Weight, str], Face] = {}

    def first(self, weight: Weight) -> Face:
        """The face that sets the line, whatever the script."""
        return self._face(weight, _SCRIPTS[0])

    def pick(self, weight: Weight, char: str) -> Face:
        """The first face of this weight that has the character; else the first of all."""
        key = (weight, char)
        found = self._picked.get(key)
        if found is None:
            faces = (self._face(weight, script) for script in _SCRIPTS)
            found = next((face for face in faces if face.has(char)), self.first(weight))
            self._picked[key] = found
        return found

    def _face(self, weight: Weight, script: str) -> Face:
        key = (weight, script)
        if key not in self._faces:
            path = self._folder / f"{script}_{_FILES[weight]}.ttf"
            resource = f"F{list(Weight).index(weight)}{_SCRIPTS.index(script)}"
            self._faces[key] = Face(path, resource)
        return self._faces[key]


def script_of(char: str) -> str | None:
    """The ISO 15924 script a character belongs to; None for signs that go with their neighbour."""
    code = ord(char)
    if 0x590 <= code <= 0x5FF or 0xFB1D <= code <= 0xFB4F:
        return "Hebr"
    if 0x600 <= code <= 0x8FF or 0xFB50 <= code <= 0xFDFF or 0xFE70 <= code <= 0xFEFF:
        return None if char.isdigit() else "Arab"
    category = unicodedata.category(char)
    if category[0] not in "LM" or category in ("Mn", "Me"):
        return None
    if 0x370 <= code <= 0x3FF or 0x1F00 <= code <= 0x1FFF:
        return "Grek"
    return "Cyrl" if 0x400 <= code <= 0x52F else "Latn"


@dataclass(frozen=True, slots=True)
class Style:
    """How a text is set; sizes in points.

    Attributes:
        align: start, end or center; start is the right side in a right-to-left text.
        direction: ltr, rtl, or "" to take it from the text.
        tag: the structure element of a paragraph in this style.
    """

    size: float
    leading: float
    color: str
    weight: Weight = Weight.REGULAR
    align: str = "start"
    direction: str = ""
    language: str = "en"
    tag: str = "P"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text that differs from its paragraph in weight or colour."""

    text: str
    weight: Weight | None = None
    color: str | None = None
