"""What can be wrong with an expression."""

_LONGEST = 300


class XPathError(Exception):
    """An expression cannot be read or evaluated.

    Attributes:
        message: what is wrong, one sentence.
        position: offset of the first wrong character, from 0; -1 when only known at run time.
        suggestion: what to write instead; may be empty.
    """

    def __init__(self, message: str, position: int = -1, suggestion: str = "") -> None:
        # An expression may be a whole cell of one word.
        self.message = message if len(message) <= _LONGEST else f"{message[:_LONGEST]}…"
        super().__init__(self.message)
        self.position = position
        self.suggestion = suggestion

    def __str__(self) -> str:
        where = f" at character {self.position + 1}" if self.position >= 0 else ""
        hint = f" {self.suggestion}" if self.suggestion else ""
        return f"{self.message.rstrip('.')}{where}.{hint}"
