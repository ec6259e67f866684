"""The shipped fonts: one family on screen and on paper, with its Arabic and Hebrew siblings."""

from functools import lru_cache

from PySide6.QtGui import QFont, QFontDatabase

import resources
from audit_app.errors import AuditError

FAMILIES = ("IBM Plex Sans", "IBM Plex Sans Arabic", "IBM Plex Sans Hebrew")


def load_fonts() -> None:
    """Register every shipped font.

    Raises:
        AuditError: a font file is missing or unreadable.
    """
    for file in sorted(resources.path("fonts").glob("*.ttf")):
        if QFontDatabase.addApplicationFont(str(file)) < 0:
            raise AuditError(
                f"The font file {file.name} could not be read.", "Install Onsite again."
            )


def plex(pixels: int, weight: int = 400) -> QFont:
    """The font of ``_built``, as a copy that the caller may change."""
    return QFont(_built(pixels, weight))


@lru_cache(maxsize=64)
def _built(pixels: int, weight: int) -> QFont:
    """The screen font at this pixel size; figures are tabular, hinting is off.

    ``weight`` is 400, 500 or 600. Hinted TrueType showed broken letter pairs at 1x.
    """
    font = QFont()
    font.setFamilies(list(FAMILIES))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight(weight))
    font.setFeature(QFont.Tag("tnum"), 1)
    return font
