"""Putting a backup back while the workspace itself does not open."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.backup import Backup
from ui.pages.backup_list import BackupList, RestoreForm
from ui.pages.list_column import ListColumn
from ui.pages.page import PageHead
from ui.theme.look import Look
from ui.widgets.button import Button
from ui.widgets.side_by_side import SideBySide


class RestoreScreen(QWidget):
    """The list of backups, alone in the window.

    Signals:
        restore_asked: the name of the backup to put back.
        back_asked: not now.
    """

    restore_asked = Signal(str)
    back_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setProperty("kind", "canvas")
        self._look = look
        head = PageHead(
            self.tr("Put a backup back"), self.tr("Choose the newest one; each was checked.")
        )
        back = Button(look, self.tr("Back"), "chevron-left")
        back.clicked.connect(self.back_asked)
        head.add(back)
        self.list = BackupList(look)
        self.list.opened.connect(self._open)
        self.side = SideBySide(look, ListColumn(head, self.list), width=400)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.side)

    def show_backups(self, backups: Sequence[Backup], now: datetime) -> None:
        """Show these, newest first."""
        self.side.close_side()
        self.list.show_backups(backups, now)

    def _open(self, backup: Backup) -> None:
        form = RestoreForm(self._look, backup)
        form.asked.connect(self.restore_asked)
        self.side.open_side(form, self.tr("Put a backup back"))
