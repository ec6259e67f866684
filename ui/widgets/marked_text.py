"""A text in which the words that differ from another one are marked."""

import re
from difflib import SequenceMatcher
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy

from ui.theme.look import Look
from ui.widgets.text import Label

_WORD = re.compile(r"\s+|[^\s]+")


class MarkedText(Label):
    """Shows a text; what the other text does not have stands on a tinted ground and underlined."""

    def __init__(self, look: Look) -> None:
        super().__init__("", is_wrapped=True)
        self._look = look
        self._text, self._other = "", ""
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        look.changed.connect(self._paint)

    def show_text(self, text: str, other: str) -> None:
        """Show ``text``, marked where it differs from ``other``."""
        self._text, self._other = text, other
        self.setAccessibleName(text)
        self._paint()

    def _paint(self) -> None:
        ground = self._look.tokens.accent_soft
        mark = f'<span style="background-color:{ground}; text-decoration:underline">'
        parts = []
        for words, differs in differing(self._text, self._other):
            plain = escape(words).replace("\n", "<br>")
            parts.append(f"{mark}{plain}</span>" if differs else plain)
        self.setText("".join(parts))


def differing(text: str, other: str) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether the other text has something else there."""
    mine, theirs = _WORD.findall(text), _WORD.findall(other)
    matcher = SequenceMatcher(None, theirs, mine, autojunk=False)
    return [
        ("".join(mine[first:last]), tag != "equal")
        for tag, _, _, first, last in matcher.get_opcodes()
        if first < last
    ]
