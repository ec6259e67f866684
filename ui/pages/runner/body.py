"""What stands between a question and its note: the part of the card that takes the answer."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from audit_app.services.checklist_rows import QuestionRow


class Body(QWidget):
    """One way to answer. It shows the row it is given and tells what the auditor does.

    Signals:
        answered: the names chosen, none to clear.
        measured: a field's ref and its text.
        marked: a Mark in place of a value, or None to take it away.
        file_asked: a file is to be chosen for this field ref.
        resized: it needs more or less height.
    """

    answered = Signal(tuple)
    measured = Signal(str, str)
    marked = Signal(object)
    file_asked = Signal(str)
    resized = Signal()

    def show_row(self, row: QuestionRow) -> None:
        """Show the answer as it stands."""
        raise NotImplementedError

    def show_drafts(self, drafts: dict[str, str]) -> None:
        """Show texts, by field ref, that were typed but could not be saved."""

    def arrange(self, width: int) -> None:
        """Lay out for this width."""

    def take_digit(self, digit: int) -> bool:
        """A number key was pressed; tell whether it meant something here."""
        return False

    def flush(self) -> None:
        """Send what is typed."""

    def unsent(self) -> None:
        """Saving failed; what is typed stays and is sent again with the next flush."""

    def first_field(self) -> QWidget | None:
        """The field that should have the focus; None when keys answer."""
        return None
