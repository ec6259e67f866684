"""One change that the centre refused: what it was, why, and what to do with it."""

from PySide6.QtCore import Signal

from audit_app.sync.tray import RefusedRow
from ui.pages.sync_queue import kind_words
from ui.sync_words import field_words, moment_words
from ui.theme.look import Look
from ui.widgets.button import Button
from ui.widgets.form import Form


class RefusedPanel(Form):
    """Shows a refused change with all its values.

    Signals:
        again: put it back into the queue.
        let_go: give it up.
    """

    again = Signal(int)
    let_go = Signal(int)

    def __init__(self, look: Look, change: RefusedRow) -> None:
        super().__init__(look, "", "refresh-cw")
        self.button.setText(self.tr("Send it again"))
        self.submitted.connect(lambda: self.again.emit(change.id))
        self.text(change.words, "bad")
        where = ", ".join(part for part in (kind_words(change.entity)[1], change.where) if part)
        self.text(f"{where}, {moment_words(change.at)}")
        self.heading(self.tr("What was entered"))
        for name, value in change.values.items():
            shown = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            if value not in (None, "", [], False):
                self.text(f"{field_words(name)}: {shown}", "")
        self.text(
            self.tr(
                "It is kept here with all its values. If it should not go in, let it go; the "
                "trail on this device still tells of it."
            )
        )
        drop = Button(look, self.tr("Let it go"), "trash-2", "ghost")
        drop.clicked.connect(lambda: self.let_go.emit(change.id))
        self.buttons([drop])
