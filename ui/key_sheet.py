"""F1: every key that works on the present screen."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.commands import Command, Commands
from ui.theme.look import Look
from ui.widgets.button import IconButton
from ui.widgets.overlay import Overlay
from ui.widgets.text import Label


class KeySheet(Overlay):
    """The keys by group, in two columns when there is room."""

    def __init__(self, look: Look, host: QWidget, commands: Commands) -> None:
        super().__init__(look, host, width=920, height=780)
        self._commands = commands
        top = QHBoxLayout()
        top.addWidget(Label(self.tr("Keys on this screen"), "h1"), 1)
        self._close = IconButton(look, "x", self.tr("Close"), "ghost-icon", key=self.tr("Esc"))
        self._close.clicked.connect(self.close_over)
        top.addWidget(self._close)
        self.column.addLayout(top)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.column.addWidget(self._area, 1)

    def open_sheet(self) -> None:
        """Show the keys that work now."""
        commands = sorted(self._commands.present(), key=self._commands.is_of_window)
        self._area.setWidget(_sheet(commands, is_double=self._host.width() > 900))
        self.open_over(self._close)

    def lines(self) -> list[str]:
        """What the sheet says, one command each: "Undo: Ctrl+Z"."""
        return [f"{command.words}: {key_words(command)}" for command in self._with_keys()]

    def _with_keys(self) -> list[Command]:
        return [command for command in self._commands.present() if command.keys]


def key_words(command: Command) -> str:
    """All keys of a command as the auditor reads them; both Enter keys are called Enter."""
    native = QKeySequence.SequenceFormat.NativeText
    words = (QKeySequence(key).toString(native).replace("Return", "Enter") for key in command.keys)
    return ", ".join(dict.fromkeys(words))


def _sheet(commands: Iterable[Command], *, is_double: bool) -> QWidget:
    groups: dict[str, list[Command]] = {}
    for command in commands:
        if command.keys:
            groups.setdefault(command.group, []).append(command)
    sheet = QWidget()
    sheet.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    across = QHBoxLayout(sheet)
    across.setContentsMargins(0, 0, 8, 0)
    across.setSpacing(32)
    columns = [QVBoxLayout() for _ in range(2 if is_double else 1)]
    filled = [0] * len(columns)
    for title, members in groups.items():
        shortest = filled.index(min(filled))
        filled[shortest] += len(members) + 2
        columns[shortest].addWidget(_group(title, members))
    for column in columns:
        column.addStretch(1)
        across.addLayout(column, 1)
    return sheet


def _group(title: str, members: list[Command]) -> QWidget:
    group = QWidget()
    grid = QGridLayout(group)
    grid.setContentsMargins(0, 0, 0, 16)
    grid.setVerticalSpacing(6)
    grid.setColumnStretch(0, 1)
    group.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
    grid.addWidget(Label(title, "h3"), 0, 0, 1, 2)
    for row, command in enumerate(members, start=1):
        grid.addWidget(Label(command.words, "secondary", is_wrapped=True), row, 0)
        cap = Label(key_words(command), "keycap")
        grid.addWidget(cap, row, 1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop)
    return group
