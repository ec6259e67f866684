"""The open question: every kind of answer, by key, press and touch."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from audit_app.domain.words import Mark, Tone
from audit_app.forms.kinds import QuestionKind
from audit_app.services.checklist_rows import AnswerChip, ChoiceRow, QuestionRow
from tests.ui.runner.rows import CONFORMITY, a_field, a_row
from ui.pages.runner.choice_body import ButtonsBody, ListBody, RankBody
from ui.pages.runner.measure_body import MeasureBody
from ui.pages.runner.plain_body import ConfirmBody, FileBody, MomentBody, RangeBody, TextBody
from ui.pages.runner.question_card import QuestionCard
from ui.theme.look import Look

Show = Callable[[QuestionRow], QuestionCard]
MANY = tuple(ChoiceRow(f"c{n}", f"Country {n}", Tone.NEUTRAL, "") for n in range(1, 41))


@pytest.fixture
def show(look: Look, qtbot: QtBot) -> Show:
    def make(row: QuestionRow) -> QuestionCard:
        card = QuestionCard(look)
        qtbot.addWidget(card)
        card.show_question(row)
        card.resize(620, card.height_for(620))
        card.show()
        card.activateWindow()
        qtbot.waitUntil(card.isActiveWindow)
        return card

    return make


def told(card: QuestionCard) -> list[tuple[object, ...]]:
    seen: list[tuple[object, ...]] = []
    card.answered.connect(lambda *args: seen.append(("answered", *args[1:])))
    card.measured.connect(lambda *args: seen.append(("measured", *args[1:])))
    card.marked.connect(lambda *args: seen.append(("marked", *args[1:])))
    card.noted.connect(lambda *args: seen.append(("noted", *args[1:])))
    return seen


def body(card: QuestionCard) -> ButtonsBody:
    assert isinstance(card.body, ButtonsBody)
    return card.body


def a_measured(kind: QuestionKind, *fields: str) -> QuestionRow:
    made = tuple(a_field("decimal", ref=f"/data/{name}", label=name) for name in fields)
    return a_row(kind=kind, choices=(), fields=made)


def test_a_number_key_gives_the_answer_with_that_number(show: Show) -> None:
    card = show(a_row(choices=CONFORMITY))
    seen = told(card)

    assert card.take_digit(4)
    assert not card.take_digit(7)

    assert seen == [("answered", ("MAJ",))]


def test_buttons_say_their_words_and_key(show: Show) -> None:
    card = show(a_row(choices=CONFORMITY))

    names = [button.accessibleName() for button in body(card).grid.buttons]

    assert names[0] == "Conforms, key 1"
    assert names[2] == "Minor nonconformity, key 3"


def test_a_press_answers_and_the_button_waits_to_be_checked(show: Show, qtbot: QtBot) -> None:
    row = a_row()
    card = show(row)
    seen = told(card)
    button = body(card).grid.buttons[1]

    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert seen == [("answered", ("F",))]
    assert not button.isChecked(), "only what stands is shown"

    card.show_question(replace(row, selected=("F",), answer=AnswerChip("Fail", Tone.BAD)))
    assert button.isChecked()
    card.show_question(row)
    assert not button.isChecked(), "a cleared answer leaves no button on"


def test_a_touch_answers(show: Show, qtbot: QtBot) -> None:
    card = show(a_row())
    seen = told(card)
    qtbot.waitExposed(card)
    button = body(card).grid.buttons[0]
    device = QTest.createTouchDevice()
    middle = button.rect().center()

    touch = QTest.touchEvent(button, device, False)
    touch.press(0, middle, button)
    touch.commit()
    touch.release(0, middle, button)
    touch.commit()

    assert seen == [("answered", ("P",))]


@pytest.mark.parametrize("width", [420, 620, 900])
def test_answers_are_large_enough_for_a_thumb(show: Show, width: int) -> None:
    card = show(a_row(choices=CONFORMITY))
    card.resize(width, card.height_for(width))

    buttons = body(card).grid.buttons
    assert all(button.height() >= 74 and button.width() >= 100 for button in buttons)
    rows = {button.y() for button in buttons}
    assert len(rows) >= 2, "six answers stand in at least two rows"
    right = max(button.geometry().right() for button in buttons)
    assert right <= body(card).grid.width()


def test_several_answers_can_stand(show: Show) -> None:
    row = a_row(kind=QuestionKind.MULTI, choices=CONFORMITY, selected=("C",))
    card = show(row)
    seen = told(card)

    card.take_digit(3)
    card.take_digit(1)

    assert seen == [("answered", ("C", "MIN")), ("answered", ())]


def test_a_long_list_is_searched(show: Show, qtbot: QtBot) -> None:
    card = show(a_row(choices=MANY))
    seen = told(card)
    assert isinstance(card.body, ListBody)

    qtbot.keyClicks(card.body.search, "try 37")
    qtbot.keyClick(card.body.search, Qt.Key.Key_Return)

    assert seen == [("answered", ("c37",))]


def test_a_sample_shows_its_share_as_it_is_typed(show: Show, qtbot: QtBot) -> None:
    card = show(a_measured(QuestionKind.SAMPLE, "checked", "conforming"))
    seen = told(card)
    assert isinstance(card.body, MeasureBody)
    checked, conforming = card.body.lines.values()

    qtbot.keyClicks(checked, "30")
    qtbot.keyClicks(conforming, "29")
    assert card.body.judgement.words.text() == "29 of 30 = 96.7 %"

    card.flush()
    assert seen == [("measured", "/data/checked", "30"), ("measured", "/data/conforming", "29")]


def test_a_measured_value_is_judged_in_words(show: Show) -> None:
    row = a_measured(QuestionKind.NUMBER, "core")
    card = show(row)
    assert isinstance(card.body, MeasureBody)
    chip = AnswerChip("−15.2 °C", Tone.BAD, "2.8 over the target of −18.")

    card.show_question(replace(row, answer=chip))

    assert card.body.judgement.words.text() == "2.8 over the target of −18."
    assert card.body.judgement.words.property("kind") == "bad"


def test_a_number_is_shown_with_a_minus_sign_and_stored_with_a_hyphen(
    show: Show, qtbot: QtBot
) -> None:
    row = a_measured(QuestionKind.NUMBER, "core")
    card = show(replace(row, fields=(replace(row.fields[0], value="-15.2"),)))
    seen = told(card)
    assert isinstance(card.body, MeasureBody)
    line = next(iter(card.body.lines.values()))
    assert line.text() == "−15.2"

    line.selectAll()
    qtbot.keyClicks(line, "-18,5")
    card.flush()

    assert seen == [("measured", "/data/core", "-18.5")]


def test_letters_are_not_taken_by_a_number_field(show: Show, qtbot: QtBot) -> None:
    card = show(a_measured(QuestionKind.NUMBER, "core"))
    assert isinstance(card.body, MeasureBody)
    line = next(iter(card.body.lines.values()))

    qtbot.keyClicks(line, "1x2n")

    assert line.text() == "12"


def test_not_applicable_stands_in_place_of_a_value(show: Show, qtbot: QtBot) -> None:
    row = a_measured(QuestionKind.REVIEW, "value", "low", "high")
    card = show(row)
    seen = told(card)
    assert isinstance(card.body, MeasureBody)
    buttons = card.body.marks.buttons

    qtbot.mouseClick(buttons[Mark.NOT_VERIFIED], Qt.MouseButton.LeftButton)
    assert seen == [("marked", Mark.NOT_VERIFIED)]

    card.show_question(replace(row, mark=Mark.NOT_VERIFIED))
    assert buttons[Mark.NOT_VERIFIED].isChecked()
    qtbot.mouseClick(buttons[Mark.NOT_VERIFIED], Qt.MouseButton.LeftButton)
    assert seen[-1] == ("marked", None)


def test_text_is_told_when_typing_rests(show: Show, qtbot: QtBot) -> None:
    card = show(a_row(kind=QuestionKind.TEXT, choices=(), fields=(a_field("text"),)))
    seen = told(card)
    assert isinstance(card.body, TextBody)
    line = next(iter(card.body.fields.values()))

    qtbot.keyClicks(line, "Quiet")
    assert seen == []

    qtbot.waitUntil(lambda: seen == [("measured", "/data/f_text", "Quiet")])


def test_shift_enter_begins_a_new_line_and_enter_belongs_to_the_page(
    show: Show, qtbot: QtBot
) -> None:
    field = a_field("text", multiline=True)
    card = show(a_row(kind=QuestionKind.TEXT, choices=(), fields=(field,)))
    seen = told(card)
    assert isinstance(card.body, TextBody)
    text = next(iter(card.body.fields.values()))

    qtbot.keyClicks(text, "Calm")
    qtbot.keyClick(text, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(text, "Tidy")
    qtbot.keyClick(text, Qt.Key.Key_Return)
    card.flush()

    assert seen == [("measured", "/data/f_text", "Calm\nTidy")]


def test_leaving_a_field_saves_what_is_in_it(show: Show, qtbot: QtBot) -> None:
    card = show(a_row())
    seen = told(card)

    card.note.setFocus()
    qtbot.keyClicks(card.note, "Seen")
    body(card).grid.buttons[0].setFocus()

    assert seen == [("noted", "Seen")]


def test_what_is_being_typed_is_not_overwritten_by_an_older_save(show: Show, qtbot: QtBot) -> None:
    row = a_row()
    card = show(row)
    qtbot.keyClicks(card.note, "Seen at")

    card.show_question(replace(row, note="Seen"))

    assert card.note.text() == "Seen at"


def test_undo_of_a_note_empties_the_field(show: Show) -> None:
    row = a_row(note="Seen")
    card = show(row)

    card.show_question(replace(row, note=""))

    assert card.note.text() == ""


def test_text_that_could_not_be_saved_stays_and_goes_out_again(show: Show, qtbot: QtBot) -> None:
    row = a_row()
    card = show(row)
    seen = told(card)
    qtbot.keyClicks(card.note, "Seen")
    card.flush()

    card.show_trouble("The disk is full. Free space.", {row.ref: "Seen"})

    assert card.note.text() == "Seen"
    assert card.trouble.words == "The disk is full. Free space."
    card.flush()
    assert seen == [("noted", "Seen"), ("noted", "Seen")]


@pytest.mark.parametrize(
    ("kind", "field", "value", "body_kind"),
    [
        (QuestionKind.DATE, "date", "2026-11-24", MomentBody),
        (QuestionKind.TIME, "time", "10:42:00.000+00:00", MomentBody),
        (QuestionKind.DATETIME, "datetime", "2026-11-24T10:42:00.000+00:00", MomentBody),
        (QuestionKind.BARCODE, "barcode", "4006381333931", TextBody),
        (QuestionKind.GEOPOINT, "geopoint", "52.2 21.0 0 0", TextBody),
        (QuestionKind.FILE, "file", "plan.pdf", FileBody),
        (QuestionKind.ACKNOWLEDGE, "acknowledge", "OK", ConfirmBody),
    ],
)
def test_every_kind_shows_what_is_stored_and_tells_nothing_by_itself(
    show: Show, kind: QuestionKind, field: str, value: str, body_kind: type[QWidget]
) -> None:
    empty = a_row(kind=kind, choices=(), fields=(a_field(field),))
    card = show(empty)
    seen = told(card)
    assert isinstance(card.body, body_kind)

    card.show_question(
        replace(
            empty,
            fields=(replace(empty.fields[0], value=value),),
            answer=AnswerChip(value, Tone.NEUTRAL),
        )
    )
    card.flush()

    assert seen == []


def test_today_is_one_press(show: Show, qtbot: QtBot) -> None:
    card = show(a_row(kind=QuestionKind.DATE, choices=(), fields=(a_field("date"),)))
    seen = told(card)
    assert isinstance(card.body, MomentBody)

    card.body.take_now()

    assert len(seen) == 1
    assert len(str(seen[0][2])) == len("2026-11-24")


def test_a_scale_takes_digits_and_the_slider(show: Show) -> None:
    field = a_field("range", minimum=Decimal(0), maximum=Decimal(5))
    card = show(a_row(kind=QuestionKind.RANGE, choices=(), fields=(field,)))
    seen = told(card)
    assert isinstance(card.body, RangeBody)

    assert card.take_digit(3)
    assert not card.take_digit(9)
    card.body.slider.setValue(4)

    assert seen == [("measured", "/data/f_range", "3"), ("measured", "/data/f_range", "4")]


def test_a_ranking_is_told_whole(show: Show) -> None:
    row = a_row(kind=QuestionKind.RANK, choices=CONFORMITY[:3])
    card = show(row)
    seen = told(card)
    assert isinstance(card.body, RankBody)

    card.body.list.setCurrentRow(2)
    card.body.shift(-1)

    assert seen == [("answered", ("C", "MIN", "OFI"))]


def test_guidance_unfolds(show: Show) -> None:
    card = show(a_row(guidance="Probe three pallets, front, middle and back. " * 12))
    folded = card.height_for(620)

    card.turn_guidance()

    assert card.height_for(620) > folded + 40


def test_a_read_only_question_takes_nothing(show: Show) -> None:
    card = show(a_row(readonly=True))
    seen = told(card)

    assert not card.take_digit(1)
    button = body(card).grid.buttons[0]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))

    assert seen == []
    assert card.note.isReadOnly()


def test_a_number_that_is_come_to_is_replaced_by_what_is_typed(show: Show, qtbot: QtBot) -> None:
    row = a_measured(QuestionKind.NUMBER, "ratio")
    card = show(replace(row, fields=(replace(row.fields[0], value="10"),)))
    assert isinstance(card.body, MeasureBody)
    line = card.body.lines["/data/ratio"]

    line.setFocus()
    qtbot.keyClicks(line, "19")

    assert line.text() == "19"


def test_a_number_says_what_it_is_held_against_until_it_is_judged(show: Show, qtbot: QtBot) -> None:
    row = replace(a_measured(QuestionKind.NUMBER, "ratio"), aim="At most 15")
    card = show(row)
    assert isinstance(card.body, MeasureBody)
    judgement = card.body.judgement.words
    assert judgement.text() == "At most 15"

    chip = AnswerChip("19", Tone.BAD, "4 over the target of 15.")
    card.show_question(replace(row, fields=(replace(row.fields[0], value="19"),), answer=chip))
    assert judgement.text() == "4 over the target of 15."

    qtbot.keyClicks(card.body.lines["/data/ratio"], "1")

    assert judgement.text() == "At most 15", "the judgement of another number does not stay"


def test_a_long_text_is_read_from_its_beginning(show: Show) -> None:
    card = show(a_row(note="Seen on the north wall. " * 20))

    assert card.note.cursorPosition() == 0
