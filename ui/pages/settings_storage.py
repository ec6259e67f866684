"""Where the data lies, and its backups."""

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QDesktopServices

from audit_app.services.programme_rows import WorkspaceInfo
from ui.routes import Backups
from ui.shell import Shell
from ui.widgets.button import Button
from ui.widgets.settings_card import SettingsCard
from ui.words import age_words, size_words


class StorageCard(SettingsCard):
    """Sizes, the folder, and the way to the backups."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(
            shell.look, "hard-drive", QCoreApplication.translate("settings", "Storage and backups")
        )
        self._shell = shell
        self._folder = ""
        look = shell.look
        self._where = self.say("")
        self._last = self.say("", "h3")
        every = Button(look, self.tr("Backups and restore"), "archive")
        every.clicked.connect(lambda: shell.router.go(Backups()))
        folder = Button(look, self.tr("Open the folder"), "folder-open")
        folder.clicked.connect(self._open_folder)
        self.row(every, folder)

    def show_info(self, info: WorkspaceInfo) -> None:
        """Where it lies, how large it is, how old the last backup is."""
        self._folder = info.folder
        sizes = self.tr("Database {0}, photos {1}").format(
            size_words(info.database_bytes), size_words(info.photo_bytes)
        )
        self._where.setText(f"{info.folder}\n{sizes}")
        age = age_words(info.last_backup, self._shell.clock.now())
        kept = self.tr("%Ln backup(s) kept", "", info.backups)
        self._last.setText(self.tr("Last backup: {0}; {1}").format(age, kept))

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._folder))
