"""The runner over real services: keys give answers, answers reach the disk, nothing is lost."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from audit_app.domain.words import Grade, Mark
from audit_app.services.unsaved import Verb
from tests.builders import STROKES, World, a_photo, a_site, an_audit, question
from tests.screens.runner import RunnerScreen
from tests.ui.waiting import settle
from ui.main_window import MainWindow
from ui.models.question_list import Filter
from ui.pages.runner.measure_body import MeasureBody
from ui.pages.runner.work_list import KEEP_ABOVE
from ui.tasks import Tasks
from ui.theme.look import Look
from ui.theme.tokens import Theme
from ui.widgets.overlay import Overlay
from ui.widgets.save_mark import SaveState

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def stored(world: World, audit: UUID, code: str) -> tuple[str, ...]:
    return question(world.services.checklist.open(audit), code).selected


def is_open(layer: Overlay) -> bool:
    return layer.is_open


def save_state(runner: RunnerScreen) -> SaveState:
    return runner.page.top.mark.state


def test_a_digit_answers_and_reaches_the_disk(
    runner: RunnerScreen, world: World, audit: UUID
) -> None:
    runner.keys("2").settle()

    assert stored(world, audit, "A1") == ("MIN",)
    assert runner.row("A1").answer is not None


def test_the_number_pad_answers_too(runner: RunnerScreen, world: World, audit: UUID) -> None:
    runner.key(Key.Key_3, Qt.KeyboardModifier.KeypadModifier).settle()

    assert stored(world, audit, "A1") == ("MAJ",)


def test_a_clean_answer_moves_on_by_itself(runner: RunnerScreen) -> None:
    runner.go_to("A2").keys("1").settle()

    assert runner.current.code == "A3"


def test_an_answer_that_needs_evidence_or_opens_a_finding_keeps_the_card(
    runner: RunnerScreen,
) -> None:
    runner.keys("1").settle()
    assert runner.current.code == "A1", "evidence is asked for here"

    runner.go_to("A2").keys("2").settle()
    assert runner.current.code == "A2"
    assert runner.page.side.title == "Finding F-01"


def test_moving_on_by_itself_can_be_switched_off(
    runner: RunnerScreen, world: World, audit: UUID
) -> None:
    world.services.settings.put({"answers.auto_advance": "no"})
    runner.open(audit).go_to("A2").keys("1").settle()

    assert runner.current.code == "A2"


def test_the_checklist_is_walked_by_keys(runner: RunnerScreen) -> None:
    walk = [
        (Key.Key_Down, "A2"),
        (Key.Key_J, "A3"),
        (Key.Key_Down, "B1"),
        (Key.Key_Up, "A3"),
        (Key.Key_K, "A2"),
        (Key.Key_PageDown, "B1"),
        (Key.Key_PageUp, "A1"),
        (Key.Key_Return, "A2"),
    ]
    for key, code in walk:
        runner.key(key)
        assert runner.current.code == code, key
    runner.key(Key.Key_Return, SHIFT)
    assert runner.current.code == "A1"


def test_backspace_clears_the_answer(runner: RunnerScreen, world: World, audit: UUID) -> None:
    runner.keys("1").settle()

    runner.key(Key.Key_Backspace).settle()

    assert stored(world, audit, "A1") == ()
    assert runner.row("A1").answer is None


def test_a_number_is_judged_and_letters_still_are_keys(
    runner: RunnerScreen, world: World, audit: UUID
) -> None:
    runner.go_to("B1").measure("7").settle()
    body = runner.page.card.body
    assert isinstance(body, MeasureBody)
    QApplication.processEvents()
    runner.page.flush()
    runner.settle()
    assert "over the target of 5" in body.judgement.words.text()

    runner.keys("i").settle()
    assert runner.row("B1").mark is Mark.NOT_APPLICABLE
    runner.type("Not counted here")
    runner.page.flush()
    runner.settle()
    assert question(world.services.checklist.open(audit), "B1").note == "Not counted here"


def test_typed_text_is_saved_when_the_question_is_left(
    runner: RunnerScreen, world: World, audit: UUID
) -> None:
    runner.go_to("B2").type("Calm floor").enter().settle()

    row = question(world.services.checklist.open(audit), "B2")
    assert row.fields[0].value == "Calm floor"


def test_typed_text_is_saved_when_another_program_comes_to_the_front(
    runner: RunnerScreen, world: World, audit: UUID, qtbot: QtBot
) -> None:
    other = QWidget()
    qtbot.addWidget(other)
    runner.keys("n").type("Seen at ten")

    other.show()
    other.activateWindow()
    qtbot.waitUntil(other.isActiveWindow)
    runner.settle()

    assert question(world.services.checklist.open(audit), "A1").note == "Seen at ten"


def test_a_refused_answer_goes_back_with_its_reason_and_the_text_stays(
    runner: RunnerScreen, world: World, audit: UUID
) -> None:
    services = world.services
    services.sign_off.sign(audit, party="auditor", name="Ada Reed", strokes=STROKES)
    services.sign_off.sign_off(audit)

    runner.keys("2").settle()
    assert runner.row("A1").answer is None
    assert "signed" in runner.page.card.trouble.words

    runner.keys("n").type("Seen").key(Key.Key_Escape).settle()
    card = runner.page.card
    assert card.note.text() == "Seen"
    assert save_state(runner) is SaveState.FAILED
    runner.go_to("A2").go_to("A1").settle()
    assert card.note.text() == "Seen", "it waits at its question"

    services.sign_off.reopen(audit, reason="Door checked again")
    runner.page.recorder.retry()
    runner.settle()

    view = services.checklist.open(audit)
    assert question(view, "A1").selected == ("MIN",)
    assert question(view, "A1").note == "Seen"
    assert card.trouble.words == ""
    assert save_state(runner) is SaveState.IDLE


def test_what_could_not_be_saved_is_saved_by_the_next_program(
    runner: RunnerScreen,
    make_window: Callable[[Tasks], MainWindow],
    world: World,
    audit: UUID,
    qtbot: QtBot,
) -> None:
    services = world.services
    services.sign_off.sign(audit, party="auditor", name="Ada Reed", strokes=STROKES)
    services.sign_off.sign_off(audit)
    ref = runner.row("A1").ref
    runner.keys("2").settle()
    runner.keys("n").type("Seen").key(Key.Key_Escape).settle()
    waiting = services.unsaved.kept()
    assert [(step.verb, step.ref, step.values) for step in waiting] == [
        (Verb.ANSWER, ref, ("MIN",)),
        (Verb.NOTE, ref, ("Seen",)),
    ]

    services.sign_off.reopen(audit, reason="Door checked again")
    later = make_window(runner.window.tasks)
    later.show_services(services)
    screen = RunnerScreen(later, qtbot).open(audit)
    screen.settle()

    view = services.checklist.open(audit)
    assert question(view, "A1").selected == ("MIN",)
    assert question(view, "A1").note == "Seen"
    assert services.unsaved.kept() == ()
    assert screen.row("A1").note == "Seen"
    assert save_state(screen) is SaveState.IDLE
    later._count_soon.stop()


def test_undo_says_what_it_undid_and_redo_does_it_again(
    runner: RunnerScreen, world: World, audit: UUID
) -> None:
    runner.keys("2").settle()

    runner.key(Key.Key_Z, CTRL).settle()
    assert stored(world, audit, "A1") == ()
    assert "1.1" in runner.window.strip.words

    runner.key(Key.Key_Z, CTRL | SHIFT).settle()
    assert stored(world, audit, "A1") == ("MIN",)


def test_the_rest_of_a_section_is_marked_in_one_step_but_critical_ones(
    runner: RunnerScreen, world: World, audit: UUID
) -> None:
    runner.page.recorder.mark_rest(runner.page.questions.section, "C")
    runner.settle()

    assert stored(world, audit, "A1") == ("C",)
    assert stored(world, audit, "A2") == ("C",)
    assert stored(world, audit, "A3") == ()
    assert "1 critical question" in runner.window.strip.words
    runner.page.undo()
    runner.settle()
    assert stored(world, audit, "A2") == ()


def test_the_rest_is_offered_without_answers_that_open_findings(runner: RunnerScreen) -> None:
    offered = [choice.label for choice in runner.page.top.offered()]

    assert offered == ["Conforms", "Not applicable"]


def test_what_is_left_leads_to_the_question(runner: RunnerScreen) -> None:
    runner.go_to("A2").keys("2").settle()

    runner.key(Key.Key_Return, CTRL).settle()
    left = runner.page.layers.left
    assert is_open(left)
    first = left.rows.model.rows[0]
    assert "F-01 has no statement" in first.line
    runner.key(Key.Key_Return, on=left.rows.list).settle()

    assert not is_open(left)
    assert runner.current.code == "A2"


def test_jump_finds_by_number_and_by_word(runner: RunnerScreen) -> None:
    runner.key(Key.Key_J, CTRL)
    jump = runner.page.layers.jump
    assert jump.is_open

    runner.type("alarm").key(Key.Key_Return).settle()

    assert runner.current.code == "A3"
    runner.key(Key.Key_J, CTRL).type("2.1").key(Key.Key_Return).settle()
    assert runner.current.code == "B1"


def test_filters_show_what_is_to_do_and_what_is_flagged(runner: RunnerScreen) -> None:
    runner.go_to("A2").keys("1").settle()
    runner.keys("x").settle()
    assert runner.current.flagged

    runner.page.top.filters.chosen.emit(Filter.TO_DO)
    codes = [runner.page.questions.row(ref) for ref in runner.page.questions.listed()]
    assert [row.code for row in codes if row] == ["A1", "A3"]
    runner.page.top.filters.chosen.emit(Filter.FLAGGED)
    codes = [runner.page.questions.row(ref) for ref in runner.page.questions.listed()]
    assert [row.code for row in codes if row] == ["A3"]


def test_a_skipped_question_comes_back_at_the_end(runner: RunnerScreen) -> None:
    runner.keys("s").settle()

    assert runner.current.code == "A2"
    assert runner.row("A1").skipped


def test_a_dropped_photo_is_kept_counted_and_shown(
    runner: RunnerScreen, world: World, audit: UUID, tmp_path: Path
) -> None:
    runner.keys("1").settle()
    before = runner.current
    assert before.evidence_missing
    file = tmp_path / "door.jpg"
    file.write_bytes(a_photo())
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(file))])

    runner.page.dropEvent(
        QDropEvent(
            QPoint(10, 10).toPointF(),
            Qt.DropAction.CopyAction,
            mime,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
    runner.settle()

    assert runner.current.photos == 1
    assert not runner.current.evidence_missing
    tiles = runner.page.side.photos.tiles
    assert [tile.accessibleName() for tile in tiles] == ["Photo, door.jpg"]


def test_a_pasted_picture_becomes_a_photo(runner: RunnerScreen) -> None:
    from PySide6.QtGui import QImage

    QApplication.clipboard().setImage(QImage.fromData(a_photo()))

    runner.key(Key.Key_V, CTRL).settle()

    assert runner.current.photos == 1


def test_a_photo_is_captioned_removed_and_brought_back(
    runner: RunnerScreen, world: World, audit: UUID, qtbot: QtBot
) -> None:
    evidence = world.services.evidence
    ref = runner.current.ref
    row = evidence.add_photo(audit, data=a_photo(), name="door.jpg", ref=ref).row
    runner.open(audit).settle()
    viewer = runner.page.layers.viewer

    runner.page.side.photos.opened.emit(row.id)
    settle(qtbot, runner.window.tasks)
    assert is_open(viewer)
    viewer.caption.setFocus()
    runner.type("Main door").key(Key.Key_Escape).settle()
    assert evidence.of_question(audit, ref=ref)[0].caption == "Main door"

    runner.page.side.photos.opened.emit(row.id)
    viewer.remove.click()
    runner.settle()
    assert runner.current.photos == 0
    assert not is_open(viewer)
    message = runner.window.strip
    assert "door.jpg" in message.words
    message.findChildren(QAbstractButton)[0].click()
    runner.settle()
    assert evidence.of_question(audit, ref=ref)[0].id == row.id
    assert runner.current.photos == 1


def test_a_finding_is_written_up_beside_its_question(
    runner: RunnerScreen, world: World, audit: UUID, qtbot: QtBot
) -> None:
    runner.go_to("A2").keys("2").settle()
    panel = runner.page.side.finding
    chip = runner.current.finding
    assert chip is not None

    runner.keys("e").type("Paper on six desks")
    panel.grade_button(Grade.MAJOR).click()
    panel.day_button(7).click()
    runner.settle()
    panel.flush()
    runner.settle()

    view = world.services.findings.view(chip.id)
    assert view.statement == "Paper on six desks"
    assert view.row.grade is Grade.MAJOR
    assert view.actions[0].due is not None
    assert (view.actions[0].due - world.clock.now().date()).days == 7


def test_a_finding_can_be_opened_by_hand(runner: RunnerScreen, world: World, audit: UUID) -> None:
    runner.page.open_finding()
    runner.settle()

    rows = world.services.findings.listed(audit_id=audit)
    assert [row.question_ref for row in rows] == [runner.row("A1").ref]
    assert runner.current.finding is not None


def test_the_score_explains_itself(runner: RunnerScreen) -> None:
    runner.go_to("A2").keys("3").settle()

    runner.page.explain()
    runner.settle()
    over = runner.page.layers.score
    assert over.is_open
    lines = [row.line for row in over.lines.model.rows]
    assert any("Major: 1 × 0 = 0" in line for line in lines), lines
    next(iter(over.boxes.values())).click()
    runner.settle()
    assert "100" in over.after_words


def test_a_signed_audit_can_only_be_read(runner: RunnerScreen, world: World, audit: UUID) -> None:
    services = world.services
    services.sign_off.sign(audit, party="auditor", name="Ada Reed", strokes=STROKES)
    services.sign_off.sign_off(audit)
    runner.open(audit)

    runner.keys("1").settle()

    assert stored(world, audit, "A1") == ()
    assert "signed" in runner.page.banner.words
    assert not runner.page.answering.is_open


@pytest.mark.parametrize("size", [(720, 600), (1000, 700), (1100, 800), (1368, 912)])
def test_the_runner_fits_every_window(runner: RunnerScreen, size: tuple[int, int]) -> None:
    runner.window.resize(*size)
    runner.settle()

    assert (runner.window.width(), runner.window.height()) == size
    assert runner.page.list.width() >= 480


def test_the_panels_become_drawers_in_a_narrow_window(runner: RunnerScreen) -> None:
    runner.window.resize(1000, 700)
    runner.settle()
    page = runner.page
    assert not page.side.isVisible()
    assert not page.visit.isVisible()

    runner.keys("e").settle()
    assert page.side.isVisible()
    runner.key(Key.Key_Escape).settle()
    assert not page.side.isVisible()
    runner.go_to("A2").keys("2").settle()
    assert page.side.isVisible(), "a finding opens its panel"

    runner.window.resize(1368, 912)
    runner.settle()
    assert page.side.isVisible()
    assert page.visit.isVisible()


def test_the_runner_stands_large_text_the_dark_and_the_other_direction(
    runner: RunnerScreen, look: Look, qapp: QApplication
) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        look.choose(Theme.DARK)
        runner.settle()
        page = runner.page
        assert page.visit.mapTo(page, QPoint(0, 0)).x() > page.list.mapTo(page, QPoint(0, 0)).x()
        look.choose(text_percent=150)
        runner.settle()
        assert page.card.height() == page.card.height_for(page.card.width())
        assert page.grab().width() > 0
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_another_text_size_keeps_the_open_question_in_view(
    runner: RunnerScreen, look: Look
) -> None:
    runner.go_to("B1").go_to("A3").settle()
    runner.window.resize(1000, 640)
    for percent in (150, 90, 120):
        look.choose(text_percent=percent)
        runner.settle()
        page = runner.page
        box = page.list.visualRect(page.questions.place(runner.current.ref))
        assert 0 <= box.top() <= KEEP_ABOVE
        assert box.bottom() <= page.list.viewport().height() or box.top() == 0


def test_a_narrow_window_still_offers_the_search_to_a_finger(runner: RunnerScreen) -> None:
    top = runner.page.top
    assert top.jump.isVisible()
    assert not top.jump_icon.isVisible()

    runner.window.resize(1000, 700)
    runner.settle()

    assert top.jump_icon.isVisible()
    top.jump_icon.click()
    assert is_open(runner.page.layers.jump)


def test_a_finding_opened_by_hand_says_so(runner: RunnerScreen) -> None:
    runner.go_to("A2").page.open_finding()
    runner.settle()

    assert runner.page.side._line.accessibleName() == f"Opened by hand on {runner.current.number}"


def test_every_control_has_a_name_for_screen_readers(runner: RunnerScreen) -> None:
    runner.go_to("A2").keys("2").settle()

    for control in runner.page.findChildren(QWidget):
        is_control = isinstance(control, QAbstractButton | QLineEdit)
        is_inner = control.objectName().startswith("qt_")
        if is_control and control.isVisible() and not is_inner:
            name = control.accessibleName() or getattr(control, "text", str)()
            assert name, control


def test_one_answer_repaints_only_its_row(runner: RunnerScreen) -> None:
    seen: list[int] = []
    runner.page.questions.dataChanged.connect(lambda first, _last: seen.append(first.row()))

    runner.keys("2").settle()

    # Once at once, and once more when the finding it opened is known.
    assert seen == [0, 0]


def test_a_held_answer_survives_a_later_note_and_another_audit(
    runner: RunnerScreen, world: World, audit: UUID
) -> None:
    services = world.services
    other = an_audit(world, services.templates.listed()[0].id, a_site(world, name="Lisbon"))
    services.sign_off.sign(audit, party="auditor", name="Ada Reed", strokes=STROKES)
    services.sign_off.sign_off(audit)
    runner.keys("3").settle()
    assert runner.page.recorder.has_unsaved
    services.sign_off.reopen(audit, reason="Checked again")

    runner.note("Seen twice").settle()
    assert stored(world, audit, "A1") == ()
    runner.open(other).settle()
    assert save_state(runner) is SaveState.FAILED, "it still waits, and says so"
    runner.page.recorder.retry()
    runner.settle()

    assert stored(world, audit, "A1") == ("MAJ",)
    assert stored(world, other, "A1") == ()
    assert not runner.page.recorder.has_unsaved


def test_the_camera_takes_photos_when_there_is_one(
    runner: RunnerScreen, world: World, audit: UUID
) -> None:
    runner.page.photos.use(StillCamera(a_photo()))

    runner.keys("c").settle()

    assert runner.current.photos == 1
    (row,) = world.services.evidence.of_question(audit, ref=runner.current.ref)
    assert row.name.startswith("photo-20261124")


def test_a_photo_goes_to_the_question_it_was_taken_for(
    runner: RunnerScreen, world: World, audit: UUID
) -> None:
    camera = StillCamera(a_photo(), is_waiting=True)
    runner.page.photos.use(camera)
    runner.keys("c").go_to("A2")

    camera.shoot()
    runner.settle()

    assert runner.row("A1").photos == 1
    assert runner.row("A2").photos == 0


class StillCamera:
    """A camera that gives one picture."""

    def __init__(self, data: bytes, *, is_waiting: bool = False) -> None:
        self._data, self._is_waiting = data, is_waiting
        self._taken: Callable[[bytes], object] | None = None

    def is_there(self) -> bool:
        return True

    def open_over(
        self, look: Look, host: QWidget, taken: Callable[[bytes], object], other: Callable[[], None]
    ) -> None:
        self._taken = taken
        if not self._is_waiting:
            self.shoot()

    def shoot(self) -> None:
        assert self._taken is not None
        self._taken(self._data)
