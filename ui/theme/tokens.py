"""The colours, spaces and radii of the window (UI 9), as plain values."""

from dataclasses import dataclass, replace
from enum import StrEnum

from audit_app.domain.words import Grade, Rating, Tone


class Theme(StrEnum):
    """What the auditor can choose under Look."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"
    OUTDOOR = "outdoor"


@dataclass(frozen=True, slots=True)
class Tokens:
    """One set of colours, each ``#RRGGBB``; ``*_soft`` is the ground behind a status word."""

    is_dark: bool
    canvas: str
    surface: str
    sunken: str
    line: str
    control_line: str
    text: str
    text2: str
    text3: str
    accent: str
    accent_soft: str
    on_accent: str
    good: str
    good_soft: str
    bad: str
    bad_soft: str
    watch: str
    watch_soft: str
    neutral: str
    neutral_soft: str
    on_status: str
    rail: str
    rail_text: str
    rail_on: str
    rail_on_text: str
    badge: str
    on_badge: str

    def tone(self, tone: Tone | None) -> tuple[str, str]:
        """Colour and soft ground of an answer's tone; of no answer: text 3 on the track."""
        pairs: dict[Tone | None, tuple[str, str]] = {
            Tone.GOOD: (self.good, self.good_soft),
            Tone.WATCH: (self.watch, self.watch_soft),
            Tone.BAD: (self.bad, self.bad_soft),
            Tone.NEUTRAL: (self.neutral, self.neutral_soft),
        }
        return pairs.get(tone, (self.text3, self.line))

    def grade(self, grade: Grade) -> tuple[str, str]:
        """Colour and soft ground of a finding's grade."""
        return self.tone(GRADE_TONES[grade])

    def rating(self, rating: Rating) -> tuple[str, str]:
        """Colour and soft ground of an audit's rating."""
        return self.tone(RATING_TONES[rating])


TONE_ICONS = {Tone.GOOD: "check", Tone.WATCH: "eye", Tone.BAD: "x", Tone.NEUTRAL: "minus"}
"""The shape that stands for a tone, so that colour never speaks alone."""

GRADE_TONES = {
    Grade.CRITICAL: Tone.BAD,
    Grade.MAJOR: Tone.BAD,
    Grade.MINOR: Tone.WATCH,
    Grade.OFI: Tone.NEUTRAL,
    Grade.STRENGTH: Tone.GOOD,
}
GRADE_ICONS = {
    Grade.CRITICAL: "octagon-alert",
    Grade.MAJOR: "triangle-alert",
    Grade.MINOR: "circle-alert",
    Grade.OFI: "info",
    Grade.STRENGTH: "star",
}
RATING_TONES = {
    Rating.GREEN: Tone.GOOD,
    Rating.AMBER: Tone.WATCH,
    Rating.RED: Tone.BAD,
    Rating.NONE: Tone.NEUTRAL,
}

LIGHT = Tokens(
    is_dark=False,
    canvas="#F2F3EF",
    surface="#FFFFFF",
    sunken="#F7F8F5",
    line="#DFE2DB",
    control_line="#8A938D",
    text="#161B19",
    text2="#4F5A55",
    text3="#5F6A64",
    accent="#2347C5",
    accent_soft="#E7ECFB",
    on_accent="#FFFFFF",
    good="#17744A",
    good_soft="#DFF1E6",
    bad="#B92D24",
    bad_soft="#FBE6E3",
    watch="#8A5200",
    watch_soft="#FAECD2",
    neutral="#56616B",
    neutral_soft="#E6E9EC",
    on_status="#FFFFFF",
    rail="#141B1E",
    rail_text="#98A5AA",
    rail_on="#273237",
    rail_on_text="#FFFFFF",
    badge="#E8A33A",
    on_badge="#1A1203",
)
DARK = Tokens(
    is_dark=True,
    canvas="#0E1214",
    surface="#161C1F",
    sunken="#12181A",
    line="#283237",
    control_line="#627178",
    text="#EDF2F0",
    text2="#A9B5B0",
    text3="#87948E",
    accent="#93ABFF",
    accent_soft="#1D284B",
    on_accent="#0A1130",
    good="#5FCB96",
    good_soft="#14301F",
    bad="#FF8F84",
    bad_soft="#3B1B19",
    watch="#F2B95E",
    watch_soft="#372810",
    neutral="#A9B4BD",
    neutral_soft="#242C32",
    on_status="#0D1214",
    rail="#090C0E",
    rail_text="#8B989D",
    rail_on="#1C2529",
    rail_on_text="#FFFFFF",
    badge="#E8A33A",
    on_badge="#1A1203",
)
OUTDOOR = replace(LIGHT, text2=LIGHT.text, text3=LIGHT.text, control_line="#4F5A55")
"""Light, for glare: secondary words as dark as the main ones, borders darker."""

TOKENS = {Theme.LIGHT: LIGHT, Theme.DARK: DARK, Theme.OUTDOOR: OUTDOOR}


@dataclass(frozen=True, slots=True)
class Sizes:
    """Font sizes in pixels before the text scale; space and radius in pixels."""

    rail: int = 12
    caption: int = 13
    secondary: int = 14
    body: int = 15
    panel_title: int = 17
    question: int = 20
    page_title: int = 22
    count: int = 30


SIZES = Sizes()
SPACE_XS, SPACE_S, SPACE_M, SPACE_L, SPACE_XL, SPACE_XXL = 4, 8, 12, 16, 24, 32
RADIUS_TAG, RADIUS_CHIP, RADIUS_FIELD, RADIUS_CARD = 6, 8, 10, 14
ROW_HEIGHT = 62
ANSWER_HEIGHT = 74
RAIL_WIDTH, VISIT_WIDTH, SIDE_WIDTH = 84, 280, 318
