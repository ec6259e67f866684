"""Backups: make one, look at those there are, put one back."""

from typing import ClassVar

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QVBoxLayout, QWidget

from audit_app.changes import Kind
from audit_app.errors import AuditError
from audit_app.services.programme_rows import WorkspaceInfo
from db.backup import Backup
from ui.breadth import Breadth
from ui.pages.backup_list import BackupList, RestoreForm
from ui.pages.list_column import ListColumn
from ui.pages.page import Page, PageHead
from ui.routes import Backups, Settings
from ui.shell import Shell
from ui.widgets.button import Button
from ui.widgets.progress_panel import ProgressPanel
from ui.widgets.side_by_side import SideBySide

Found = tuple[WorkspaceInfo, tuple[Backup, ...]]


class BackupsPage(Page):
    """Restoring is a screen, not a call to somebody (DESIGN 6)."""

    cares_for: ClassVar[frozenset[Kind]] = frozenset({Kind.SETTING})

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        look = self.look
        self._folder = ""
        self.head = PageHead(self.tr("Backups"))
        back = Button(look, self.tr("Settings"), "chevron-left", "ghost")
        back.clicked.connect(lambda: shell.router.go(Settings("storage")))
        folder = Button(look, self.tr("Open the folder"), "folder-open")
        folder.clicked.connect(self._open_folder)
        self.make = Button(look, self.tr("Make a backup now"), "archive", "primary")
        self.make.clicked.connect(self._back_up)
        for button in (back, folder, self.make):
            self.head.add(button)
        self.progress = ProgressPanel(look)
        self.list = BackupList(look)
        self.list.opened.connect(self._open)
        main = ListColumn(self.head, self.list, above=(self.progress,))
        self.side = SideBySide(look, main, width=400)
        self.side.closed.connect(lambda: shell.router.replace(Backups()))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.side)

    def reload(self) -> None:
        workspace = self.shell.services.workspace
        self.shell.tasks.in_db(
            lambda: (workspace.info(), workspace.backups()), self._show, owner=self
        )

    def fit(self, breadth: Breadth) -> None:
        super().fit(breadth)
        self.side.fit(breadth)

    def panes(self) -> list[QWidget]:
        return [self.list.rows, self.side.panel]

    def _show(self, found: Found) -> None:
        info, backups = found
        self._folder = info.folder
        self.list.show_backups(backups, self.shell.clock.now())
        kept = self.tr("%Ln kept, the oldest make room by themselves", "", len(backups))
        self.head.show_words(self.tr("Backups"), kept if backups else "")

    def _open(self, backup: Backup) -> None:
        form = RestoreForm(self.look, backup)
        form.asked.connect(self.shell.restore)
        self.side.open_side(form, self.tr("Put a backup back"))

    def _back_up(self) -> None:
        self.make.setEnabled(False)
        self.progress.begin(self.tr("Making a backup and reading it back"), None)
        workspace = self.shell.services.workspace
        self.shell.tasks.in_db(workspace.back_up, self._on_made, self._refuse, owner=self)

    def _on_made(self, _backup: Backup) -> None:
        self._end()
        self.shell.messages.say(self.tr("The backup is made and was read back to check it."))
        self.reload()

    def _refuse(self, error: AuditError) -> None:
        self._end()
        self.shell.messages.refuse(error)

    def _end(self) -> None:
        self.progress.end()
        self.make.setEnabled(True)

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(f"{self._folder}/backups"))
