"""The backups of a workspace, and what putting one of them back would mean."""

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from audit_app.domain.words import Tone
from db.backup import BEFORE_UPGRADE, Backup
from ui.models.row_list import ListRow, heading
from ui.theme.look import Look
from ui.widgets.empty_state import EmptyState
from ui.widgets.form import Form
from ui.widgets.icon_label import IconLabel
from ui.widgets.row_view import RowView
from ui.widgets.text import Label
from ui.words import age_words, day_words, size_words


class BackupList(QWidget):
    """Backups by day, newest first.

    Signals:
        opened: the ``Backup`` the auditor chose.
    """

    opened = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._backups: tuple[Backup, ...] = ()
        empty = EmptyState(
            look,
            "archive",
            self.tr("No backup yet"),
            self.tr("One is made each day, before each upgrade, and whenever you ask for it."),
        )
        self.rows = RowView(look, self.tr("Backups"), empty)
        self.rows.opened.connect(self._on_opened)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.rows)

    def show_backups(self, backups: Sequence[Backup], now: datetime) -> None:
        """Show these, newest first."""
        self._backups = tuple(backups)
        rows: list[ListRow] = []
        last = ""
        for backup in backups:
            made = backup.made_at.astimezone()
            day = day_words(made.date())
            if day != last:
                rows.append(heading(day))
                last = day
            rows.append(
                ListRow(
                    backup.name,
                    f"{made:%H:%M}",
                    f"{reason_words(backup)}, {size_words(backup.size)}",
                    icon="archive",
                    tone=Tone.GOOD,
                    trailing=age_words(backup.made_at, now),
                )
            )
        self.rows.show_rows(rows)

    def _on_opened(self, name: object) -> None:
        backup = next((row for row in self._backups if row.name == name), None)
        if backup is not None:
            self.opened.emit(backup)


class RestoreForm(Form):
    """Says what happens before it happens; the button does it.

    Signals:
        asked: the name of the backup to put back.
    """

    asked = Signal(str)

    def __init__(self, look: Look, backup: Backup) -> None:
        super().__init__(look, self.tr("Put this backup back"), "rotate-ccw")
        made = backup.made_at.astimezone()
        moment = f"{day_words(made.date())}, {made:%H:%M}"
        title = self.tr("The workspace as it stood on {0}").format(moment)
        self.add(Label(title, "h3", is_wrapped=True))
        self.text(f"{reason_words(backup)}, {size_words(backup.size)}")
        for icon, words in (
            ("shield-check", self.tr("The backup is checked once more before it is used.")),
            (
                "folder-open",
                self.tr(
                    "What stands here now is moved to a folder of its own in the workspace. "
                    "Nothing is deleted."
                ),
            ),
            ("camera", self.tr("Photos and issued reports stay where they are.")),
            (
                "triangle-alert",
                self.tr("What was entered after this backup is not in it, and not on the screens."),
            ),
        ):
            self.column.addWidget(_Fact(look, icon, words))
        self.submitted.connect(lambda: self.asked.emit(backup.name))


class _Fact(QWidget):
    def __init__(self, look: Look, icon: str, words: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(IconLabel(look, icon, "text3", 18), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Label(words, "secondary", is_wrapped=True), 1)


def reason_words(backup: Backup) -> str:
    """Why a backup was made."""
    if backup.reason == BEFORE_UPGRADE:
        return QCoreApplication.translate("backups", "Before an upgrade")
    return QCoreApplication.translate("backups", "Full copy, checked")
