"""Where the data lies, and its backups."""

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QDesktopServices

from audit_app.errors import AuditError
from audit_app.services.programme_rows import WorkspaceInfo
from ui.shell import Shell
from ui.widgets.button import Button
from ui.widgets.settings_card import SettingsCard
from ui.widgets.strip import Banner
from ui.words import age_words, size_words


class StorageCard(SettingsCard):
    """Sizes, the folder, and a verified backup at one press."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(
            shell.look, "hard-drive", QCoreApplication.translate("settings", "Storage and backups")
        )
        self._shell = shell
        self._folder = ""
        look = shell.look
        self._where = self.say("")
        self._last = self.say("", "h3")
        self._make = Button(look, self.tr("Make a backup now"), "archive")
        self._make.clicked.connect(self._back_up)
        folder = Button(look, self.tr("Open the folder"), "folder-open")
        folder.clicked.connect(self._open_folder)
        self.row(self._make, folder)
        self._banner = Banner(look)
        self.add(self._banner)

    def show_info(self, info: WorkspaceInfo) -> None:
        """Where it lies, how large it is, how old the last backup is."""
        self._folder = info.folder
        sizes = self.tr("database {0}, photos {1}").format(
            size_words(info.database_bytes), size_words(info.photo_bytes)
        )
        self._where.setText(f"{info.folder}\n{sizes}")
        age = age_words(info.last_backup, self._shell.clock.now())
        kept = self.tr("%n backup(s) kept", "", info.backups)
        self._last.setText(self.tr("Last backup: {0}; {1}").format(age, kept))

    def _back_up(self) -> None:
        workspace = self._shell.services.workspace
        self._make.setEnabled(False)
        self._make.setText(self.tr("Making a backup"))
        self._shell.tasks.in_db(workspace.back_up, self._on_made, self._refuse, owner=self)

    def _on_made(self, _backup: object) -> None:
        self._ready()
        self._banner.clear()
        self._shell.messages.say(self.tr("The backup is made and was read back to check it."))
        self._shell.tasks.in_db(self._shell.services.workspace.info, self.show_info, owner=self)

    def _refuse(self, error: AuditError) -> None:
        self._ready()
        self._banner.say(str(error))

    def _ready(self) -> None:
        self._make.setEnabled(True)
        self._make.setText(self.tr("Make a backup now"))

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._folder))
