"""The keys of the runner (UI 6): one list for shortcuts, palette and key sheet."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from audit_app.domain.words import Mark
from ui.commands import Command
from ui.pages.runner.measure_body import MARK_KEYS

if TYPE_CHECKING:
    from ui.pages.runner.page import RunnerPage


def runner_commands(page: "RunnerPage") -> list[Command]:
    """Everything the runner can do by key."""
    return [*_answering(page), *_moving(page), *_beside(page)]


def _answering(page: "RunnerPage") -> list[Command]:
    group = _tr("Answering")

    def is_open() -> bool:
        return page.answering.is_open

    digits = [
        Command(
            f"answer.{digit}",
            _tr("Answer {0}").format(digit),
            group,
            partial(page.answering.take_digit, digit),
            keys=(str(digit),),
            is_listed=False,
            is_enabled=is_open,
        )
        for digit in (1, 2, 3, 4, 5, 6, 7, 8, 9, 0)
    ]
    marks = {
        Mark.NOT_APPLICABLE: _tr("Not applicable, for a measured question"),
        Mark.NOT_VERIFIED: _tr("Not verified, for a measured question"),
    }
    return [
        *digits,
        *(
            Command(
                f"mark.{mark.value}",
                words,
                group,
                partial(page.answering.take_mark, mark),
                keys=(MARK_KEYS[mark],),
                is_enabled=is_open,
            )
            for mark, words in marks.items()
        ),
        Command(
            "answer.clear",
            _tr("Clear the answer"),
            group,
            page.answering.clear,
            "x",
            ("Backspace", "Delete"),
            is_enabled=is_open,
        ),
        Command("note", _tr("Write a note"), group, page.to_note, "pencil-line", ("N",)),
        Command("photo", _tr("Take a photo"), group, page.take_photo, "camera", ("C",)),
        Command("paste", _tr("Paste a photo"), group, page.paste, "copy", ("Ctrl+V",)),
        Command("file", _tr("Add a file"), group, page.add_file, "file-up", ("Shift+C",)),
        Command(
            "skip", _tr("Skip for now"), group, page.answering.skip, keys=("S",), is_enabled=is_open
        ),
        Command("flag", _tr("Flag for later"), group, page.answering.flag, "flag", ("X",)),
        Command(
            "section.repeat",
            _tr("Add another of this section"),
            group,
            page.add_repeat,
            "plus",
            ("Ctrl+D",),
            is_enabled=lambda: page.can_repeat,
        ),
        Command(
            "section.rest",
            _tr("Mark rest of section"),
            group,
            page.open_rest,
            "list-todo",
            ("M",),
            is_enabled=is_open,
        ),
        Command("undo", _tr("Undo"), group, page.undo, "undo-2", ("Ctrl+Z",)),
        Command("redo", _tr("Redo"), group, page.redo, "redo-2", ("Ctrl+Shift+Z", "Ctrl+Y")),
    ]


def _moving(page: "RunnerPage") -> list[Command]:
    group = _tr("Moving in the checklist")
    return [
        Command(
            "question.next",
            _tr("Next to do"),
            group,
            page.walk.next_to_do,
            keys=("Return", "Enter"),
        ),
        Command(
            "question.previous",
            _tr("Question before"),
            group,
            page.walk.back,
            keys=("Shift+Return", "Shift+Enter"),
        ),
        Command(
            "row.below",
            _tr("Row below"),
            group,
            partial(page.walk.step, 1),
            keys=("Down", "J"),
            is_listed=False,
        ),
        Command(
            "row.above",
            _tr("Row above"),
            group,
            partial(page.walk.step, -1),
            keys=("Up", "K"),
            is_listed=False,
        ),
        Command(
            "section.next",
            _tr("Next section"),
            group,
            partial(page.walk.step_section, 1),
            keys=("PgDown",),
        ),
        Command(
            "section.previous",
            _tr("Section before"),
            group,
            partial(page.walk.step_section, -1),
            keys=("PgUp",),
        ),
        Command(
            "jump",
            _tr("Jump to a question"),
            group,
            page.open_jump,
            "search",
            ("Ctrl+J", "Ctrl+F"),
        ),
        Command(
            "left",
            _tr("What is left, then sign"),
            group,
            page.open_left,
            "list-todo",
            ("Ctrl+Return", "Ctrl+Enter"),
        ),
        Command("leave.field", _tr("Leave the field"), group, page.to_list, keys=("Escape",)),
    ]


def _beside(page: "RunnerPage") -> list[Command]:
    group = _tr("Beside the question")
    return [
        Command("side", _tr("Finding and evidence"), group, page.to_side, "panel-right", ("E",)),
        Command("action.add", _tr("Add an action"), group, page.add_action, "list-todo", ("A",)),
        Command("finding.open", _tr("Open a finding here"), group, page.open_finding, "flag"),
        Command("guidance", _tr("Guidance"), group, page.card.turn_guidance, "info", ("H",)),
        Command("last", _tr("Last visit's answer"), group, page.to_last_visit, "history", ("R",)),
        Command("score", _tr("Explain the score"), group, page.explain, "circle-help"),
        Command("sign", _tr("Sign"), group, page.sign, "signature"),
    ]


def _tr(text: str) -> str:
    return QCoreApplication.translate("runner", text)
