"""Signing with mouse, finger and pen."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.theme.look import Look
from ui.widgets.signature_pad import SignaturePad


@pytest.fixture
def pad(look: Look, qtbot: QtBot) -> SignaturePad:
    made = SignaturePad(look, "Signature of the auditor")
    qtbot.addWidget(made)
    made.resize(400, 150)
    made.show()
    qtbot.waitExposed(made)
    return made


def draw(pad: SignaturePad, *points: tuple[int, int]) -> None:
    first, *rest = points
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, pos=QPoint(*first))
    for point in rest:
        QTest.mouseMove(pad, QPoint(*point))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, pos=QPoint(*rest[-1]))


def pen(pad: SignaturePad, kind: QEvent.Type, at: QPointF) -> None:
    buttons = Qt.MouseButton.LeftButton
    event = QTabletEvent(
        kind,
        QPointingDevice.primaryPointingDevice(),
        at,
        pad.mapToGlobal(at),
        0.5,
        0,
        0,
        0,
        0,
        0,
        Qt.KeyboardModifier.NoModifier,
        buttons,
        buttons,
    )
    QApplication.sendEvent(pad, event)


def test_a_stroke_is_kept_relative_to_the_pad(pad: SignaturePad, qtbot: QtBot) -> None:
    with qtbot.waitSignal(pad.changed):
        draw(pad, (40, 75), (100, 30), (200, 75))

    assert pad.strokes == (((0.1, 0.5), (0.25, 0.2), (0.5, 0.5)),)
    assert not pad.is_empty


def test_a_stroke_that_leaves_the_pad_stays_within_it(pad: SignaturePad) -> None:
    draw(pad, (40, 75), (900, -50))

    assert pad.strokes[0][-1] == (1.0, 0.0)


def test_a_finger_signs(pad: SignaturePad) -> None:
    device = QTest.createTouchDevice()
    touch = QTest.touchEvent(pad, device, False)
    touch.press(0, QPoint(40, 75), pad)
    touch.commit()
    touch.move(0, QPoint(200, 30), pad)
    touch.commit()
    touch.release(0, QPoint(200, 30), pad)
    touch.commit()

    assert pad.strokes[0][0] == (0.1, 0.5)
    assert pad.strokes[0][-1] == (0.5, 0.2)


def test_the_palm_is_ignored_while_the_pen_is_near(pad: SignaturePad) -> None:
    pen(pad, QEvent.Type.TabletPress, QPointF(40, 75))
    draw(pad, (300, 140), (310, 145))
    pen(pad, QEvent.Type.TabletMove, QPointF(200, 75))
    pen(pad, QEvent.Type.TabletRelease, QPointF(200, 75))

    assert pad.strokes == (((0.1, 0.5), (0.5, 0.5)),)


def test_wiping_leaves_nothing(pad: SignaturePad) -> None:
    draw(pad, (40, 75), (100, 30))

    pad.wipe()

    assert pad.strokes == ()
    assert pad.is_empty


def test_a_kept_signature_cannot_be_drawn_on(pad: SignaturePad) -> None:
    strokes = (((0.1, 0.5), (0.5, 0.5)),)
    pad.show_strokes(strokes, is_fixed=True)

    draw(pad, (40, 75), (100, 30))

    assert pad.strokes == strokes


def test_what_was_drawn_is_painted(pad: SignaturePad) -> None:
    before = pad.grab().toImage()

    draw(pad, (40, 75), (100, 30), (200, 75))

    assert pad.grab().toImage() != before
