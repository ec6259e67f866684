"""What the window says without getting in the way: a strip at the foot, a banner, crash reports."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from audit_app.domain.words import Tone
from audit_app.errors import AuditError


@dataclass(frozen=True, slots=True)
class Message:
    """One thing to say for some seconds, with at most one answer to it.

    Attributes:
        tone: None for plain news, BAD for what failed.
        action: words of the button, such as "Undo"; "" for none.
        seconds: how long it stays; 0 until it is closed.
    """

    words: str
    tone: Tone | None = None
    action: str = ""
    run: Callable[[], object] | None = None
    seconds: int = 6


class Messages(QObject):
    """Where pages leave what they have to say; the window shows it.

    Signals:
        said: a Message to show in the strip.
        warned: a Message to show in the banner until it is closed.
    """

    said = Signal(Message)
    warned = Signal(Message)

    def say(self, words: str, action: str = "", run: Callable[[], object] | None = None) -> None:
        """News in the strip at the foot: "Undid Fail on 3.5", with Redo."""
        self.said.emit(Message(words, None, action, run))

    def refuse(self, error: AuditError) -> None:
        """Something was not done; stays longer."""
        self.said.emit(Message(str(error), Tone.BAD, seconds=12))

    def warn(self, words: str, action: str = "", run: Callable[[], object] | None = None) -> None:
        """Something the auditor should know until it is dealt with."""
        self.warned.emit(Message(words, Tone.WATCH, action, run, seconds=0))
