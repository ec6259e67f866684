"""Every command declared once: its words, icon, keys and what it does.

The palette, the key sheet, the shortcuts and the menus are all made from this list.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class Command:
    """One thing the auditor can do.

    Attributes:
        id: stable name, such as "visit.plan".
        words: what it does, as shown everywhere.
        group: the heading it stands under in the key sheet, already translated.
        keys: key sequences as Qt writes them ("Ctrl+K"); the first is the one shown.
        is_listed: shown in the palette; keys like the arrows are only in the key sheet.
        is_enabled: asked just before it is offered or run.
    """

    id: str
    words: str
    group: str
    run: Callable[[], object]
    icon: str = ""
    keys: tuple[str, ...] = ()
    is_listed: bool = True
    is_enabled: Callable[[], bool] = lambda: True

    @property
    def key_words(self) -> str:
        """The first key as the auditor reads it, such as "Ctrl+K"; "" without one."""
        if not self.keys:
            return ""
        return QKeySequence(self.keys[0]).toString(QKeySequence.SequenceFormat.NativeText)


class Commands(QObject):
    """All commands of the window and of its pages.

    A command declared ``on`` a page works, and is listed, only while that page is shown. Single
    letters are safe as keys: a text field with the focus takes them first.

    Signals:
        declared: the list grew.
    """

    declared = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._entries: list[tuple[Command, QWidget]] = []
        self._actions: dict[str, QAction] = {}

    def declare(self, commands: Iterable[Command], on: QWidget | None = None) -> None:
        """Add commands of the window, or of the page they work on.

        Raises:
            ValueError: the id is taken already; two commands would answer one name.
        """
        owner = on or self._window
        for command in commands:
            if command.id in self._actions:
                raise ValueError(command.id)
            action = QAction(command.words, owner)
            action.setShortcuts([QKeySequence(key) for key in command.keys])
            action.setShortcutContext(
                Qt.ShortcutContext.WindowShortcut
                if owner is self._window
                else Qt.ShortcutContext.WidgetWithChildrenShortcut
            )
            action.triggered.connect(lambda _on=False, name=command.id: self.run(name))
            owner.addAction(action)
            self._actions[command.id] = action
            self._entries.append((command, owner))
        self.declared.emit()

    def withdraw(self, on: QWidget) -> None:
        """Forget the commands of a page that is going away."""
        for command, owner in self._entries:
            if owner is on:
                action = self._actions.pop(command.id)
                if shiboken6.isValid(action):
                    owner.removeAction(action)
        self._entries = [entry for entry in self._entries if entry[1] is not on]

    def present(self) -> Sequence[Command]:
        """The commands of the window and of the page shown now."""
        return [c for c, owner in self._entries if shiboken6.isValid(owner) and owner.isVisible()]

    def is_of_window(self, command: Command) -> bool:
        """Whether it works everywhere, and not only on the page shown now."""
        return any(one is command and owner is self._window for one, owner in self._entries)

    def every(self) -> Sequence[Command]:
        """All declared commands, shown or not."""
        return [command for command, _ in self._entries]

    def action(self, name: str) -> QAction:
        """The QAction of a command, for menus."""
        return self._actions[name]

    def get(self, name: str) -> Command:
        """The command of this id.

        Raises:
            KeyError: no such command.
        """
        for command, _ in self._entries:
            if command.id == name:
                return command
        raise KeyError(name)

    def run(self, name: str) -> bool:
        """Run the command if it is enabled; tell whether it ran."""
        command = self.get(name)
        if not command.is_enabled():
            return False
        command.run()
        return True
