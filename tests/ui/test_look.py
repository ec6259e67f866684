"""The look: contrast, live changes, text size, icons."""

from itertools import product

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import resources
from audit_app.domain.words import Grade, Rating, Tone
from ui.theme.look import Look
from ui.theme.tokens import (
    DARK,
    GRADE_ICONS,
    LIGHT,
    OUTDOOR,
    TOKENS,
    TONE_ICONS,
    Theme,
    Tokens,
)
from ui.widgets.tag import Tag


def luminance(colour: str) -> float:
    """Relative luminance of WCAG 2.2, from sRGB."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of WCAG 2.2, from 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("tokens", [LIGHT, DARK, OUTDOOR])
def test_words_can_be_read_on_every_ground(tokens: Tokens) -> None:
    grounds = (tokens.canvas, tokens.surface, tokens.sunken)
    for ground, words in product(grounds, (tokens.text, tokens.text2, tokens.text3)):
        assert contrast(words, ground) >= 4.5
    for tone in Tone:
        colour, soft = tokens.tone(tone)
        assert contrast(colour, soft) >= 4.5
        assert contrast(tokens.on_status, colour) >= 4.5
    assert contrast(tokens.on_accent, tokens.accent) >= 4.5
    assert contrast(tokens.accent, tokens.accent_soft) >= 4.5
    assert contrast(tokens.rail_text, tokens.rail) >= 4.5
    assert contrast(tokens.on_badge, tokens.badge) >= 4.5


@pytest.mark.parametrize("tokens", [LIGHT, DARK, OUTDOOR])
def test_the_borders_of_controls_can_be_seen(tokens: Tokens) -> None:
    assert contrast(tokens.control_line, tokens.surface) >= 3


def test_the_contrast_measure_tells_grey_on_grey_apart() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#888888", "#999999") < 4.5


def test_changing_the_theme_reaches_palette_and_sheet_at_once(
    look: Look, qapp: QApplication, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(look.changed):
        look.choose(theme=Theme.DARK)

    assert look.tokens is DARK
    assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(DARK.canvas)
    assert DARK.canvas in qapp.styleSheet()
    assert LIGHT.canvas not in qapp.styleSheet()


def test_a_painted_widget_changes_its_colours_with_the_theme(look: Look, qtbot: QtBot) -> None:
    tag = Tag(look, "Pass", Tone.GOOD)
    qtbot.addWidget(tag)
    tag.resize(tag.sizeHint())
    tag.show()
    ground = tag.grab().toImage().pixelColor(4, tag.height() // 2)
    assert ground == QColor(LIGHT.good_soft)

    look.choose(theme=Theme.DARK)

    ground = tag.grab().toImage().pixelColor(4, tag.height() // 2)
    assert ground == QColor(DARK.good_soft)


def test_the_text_size_scales_fonts_and_lengths_within_bounds(look: Look) -> None:
    look.choose(text_percent=150)
    assert look.font(20).pixelSize() == 30
    assert look.px(62) == 93

    look.choose(text_percent=400)
    assert look.text_percent == 150

    look.choose(text_percent=10)
    assert look.text_percent == 90


def test_a_larger_text_makes_a_tag_larger(look: Look, qtbot: QtBot) -> None:
    tag = Tag(look, "Photo needed")
    qtbot.addWidget(tag)
    small = tag.sizeHint()

    look.choose(text_percent=150)

    assert tag.sizeHint().width() > small.width() * 1.3
    assert tag.sizeHint().height() > small.height() * 1.3


def test_icons_take_the_colour_of_the_token(look: Look) -> None:
    image = look.pixmap("check", "#FF0000", 20).toImage()
    seen = {
        image.pixelColor(x, y).name()
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).alpha() == 255
    }
    assert seen == {"#ff0000"}


def test_an_icon_that_is_not_shipped_is_a_mistake(look: Look) -> None:
    with pytest.raises(KeyError):
        look.pixmap("no-such-icon", "#000000")


def test_every_icon_a_table_names_is_shipped() -> None:
    for name in {*TONE_ICONS.values(), *GRADE_ICONS.values()}:
        assert resources.path("icons", f"{name}.svg").is_file(), name


def test_every_grade_and_rating_has_colours() -> None:
    for tokens in TOKENS.values():
        for grade in Grade:
            assert all(tokens.grade(grade))
        for rating in Rating:
            assert all(tokens.rating(rating))
