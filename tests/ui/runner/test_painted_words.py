"""Words in painted parts: none torn apart by the other reading direction, none cut for nothing."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from audit_app.domain.words import Tone
from ui.theme.look import Look
from ui.theme.tokens import SIZES
from ui.widgets.painted import draw_line, draw_pill
from ui.widgets.progress import LINE_HIGH, ROW_HIGH, SectionProgress, SectionRow
from ui.widgets.tag import Tag

LTR = Qt.LayoutDirection.LeftToRight
RTL = Qt.LayoutDirection.RightToLeft
BOX = QRectF(10, 6, 260, 30)
Draw = Callable[[QPainter], None]


def drawn(draw: Draw, direction: Qt.LayoutDirection) -> QImage:
    image = QImage(QSize(280, 42), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setLayoutDirection(direction)
    draw(painter)
    painter.end()
    return image


@pytest.mark.parametrize(
    "words", ["29 of 30 (96.7 %)", "95.38 (92.38 to 98.38) percent", "Is the door locked?"]
)
def test_numbers_and_words_keep_their_order_in_the_other_direction(look: Look, words: str) -> None:
    def pill(painter: QPainter) -> None:
        draw_pill(painter, look, BOX, words, look.tokens.tone(Tone.GOOD))

    def line(painter: QPainter) -> None:
        draw_line(painter, BOX, words, look.font(SIZES.body), look.tokens.text)

    assert drawn(pill, RTL) == drawn(pill, LTR)
    assert drawn(line, RTL) != drawn(line, LTR), "a line begins at the other edge"


@pytest.mark.parametrize("percent", [90, 100, 120, 150])
def test_a_tag_that_has_its_room_is_never_cut(look: Look, qtbot: QtBot, percent: int) -> None:
    look.choose(text_percent=percent)
    tag = Tag(look, "Document needed", Tone.GOOD, "check")
    qtbot.addWidget(tag)
    tag.resize(tag.sizeHint())
    snug = tag.grab().toImage()
    tag.resize(tag.sizeHint() + QSize(40, 0))
    roomy = tag.grab().toImage()

    def text(image: QImage) -> QImage:
        left = look.px(9) + look.px(20)
        middle = image.copy(left, 4, image.width() - left - look.px(9), image.height() - 8)
        ground = middle.pixel(0, 0)
        columns = [
            x
            for x in range(middle.width())
            if any(middle.pixel(x, y) != ground for y in range(middle.height()))
        ]
        return middle.copy(columns[0], 0, columns[-1] - columns[0] + 1, middle.height())

    assert abs(text(snug).width() - text(roomy).width()) <= 1


def test_a_long_tag_gives_way_before_it_widens_its_panel(look: Look, qtbot: QtBot) -> None:
    tag = Tag(look, "12.5 moderators per team leader and per quality analyst on every shift")
    qtbot.addWidget(tag)

    assert tag.minimumSizeHint().width() < tag.sizeHint().width() / 2
    assert tag.accessibleName() == tag.text


def test_a_long_section_title_takes_a_second_line(look: Look, qtbot: QtBot) -> None:
    row = SectionRow(look, SectionProgress("Maintenance", 0, 18))
    qtbot.addWidget(row)
    assert row.heightForWidth(230) == ROW_HIGH

    row.show_section(SectionProgress("Contract, scope of work and governance", 7, 7, 1))

    assert row.heightForWidth(230) == ROW_HIGH + LINE_HIGH
    assert row.heightForWidth(600) == ROW_HIGH
