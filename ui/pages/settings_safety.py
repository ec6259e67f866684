"""The passphrase and the recovery code."""

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit

from audit_app.errors import AuditError
from audit_app.services.programme_rows import WorkspaceInfo
from db.vault import SHORTEST
from ui.shell import Shell
from ui.widgets.button import Button
from ui.widgets.field import Field
from ui.widgets.settings_card import SettingsCard
from ui.widgets.strip import Banner
from ui.widgets.text import Label


class SafetyCard(SettingsCard):
    """Says honestly how the workspace is protected, and lets the auditor do better."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell.look, "lock", QCoreApplication.translate("settings", "Safety"))
        self._shell = shell
        look = shell.look
        self._state = self.say("")
        self._first, self._second = QLineEdit(), QLineEdit()
        for edit in (self._first, self._second):
            edit.setEchoMode(QLineEdit.EchoMode.Password)
            edit.returnPressed.connect(self._set_passphrase)
        hint = self.tr(
            "At least {0} characters; four plain words are good. It is never stored, "
            "so write the recovery code down as well."
        ).format(SHORTEST)
        self._field = Field(self.tr("New passphrase"), self._first, hint)
        self._again = Field(self.tr("The same once more"), self._second)
        self.add(self._field)
        self.add(self._again)
        self._button = Button(look, self.tr("Set the passphrase"), "key-round")
        self._button.clicked.connect(self._set_passphrase)
        self._recovery = Button(look, self.tr("Make a recovery code"), "shield-check")
        self._recovery.clicked.connect(self._make_code)
        self.row(self._button, self._recovery)
        self._banner = Banner(look)
        self.add(self._banner)
        self._code = Label("", "code", is_wrapped=True)
        self._code.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._code.hide()
        self.add(self._code)
        self._copy = Button(look, self.tr("Copy the code"), "copy")
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self._code.text()))
        self._copy.hide()
        self.row(self._copy)

    def show_info(self, info: WorkspaceInfo) -> None:
        """How the workspace is protected now."""
        if info.is_protected:
            words = self.tr("Everything is encrypted. It opens with your passphrase only.")
            self._button.setText(self.tr("Change the passphrase"))
        else:
            words = self.tr(
                "Everything is encrypted, with a key kept on this device. Whoever can sign in "
                "to this computer as you can open it. A passphrase closes that gap."
            )
        if info.has_recovery:
            words += " " + self.tr("There is a recovery code.")
            self._recovery.setText(self.tr("Make a new recovery code"))
        self._state.setText(words)

    def _set_passphrase(self) -> None:
        first, second = self._first.text(), self._second.text()
        short = self.tr("Use at least {0} characters.").format(SHORTEST)
        self._field.show_error("" if len(first) >= SHORTEST else short)
        self._again.show_error("" if first == second else self.tr("The two are not the same."))
        if self._field.error or self._again.error:
            return
        workspace = self._shell.services.workspace
        self._button.setEnabled(False)
        self._shell.tasks.in_db(
            lambda: workspace.set_passphrase(first), self._on_set, self._refuse, owner=self
        )

    def _on_set(self, _nothing: None) -> None:
        self._button.setEnabled(True)
        self._banner.clear()
        self._first.clear()
        self._second.clear()
        self._shell.messages.say(self.tr("The passphrase is set. It is asked for at each start."))
        self._reload()

    def _make_code(self) -> None:
        workspace = self._shell.services.workspace
        self._shell.tasks.in_db(
            workspace.new_recovery_code, self._show_code, self._refuse, owner=self
        )

    def _show_code(self, code: str) -> None:
        self._banner.clear()
        self._code.setText(code)
        self._code.setAccessibleName(self.tr("Recovery code {0}").format(code))
        self._code.show()
        self._copy.show()
        self._shell.messages.say(
            self.tr("Write this code down and keep it away from this device. It is shown once.")
        )
        self._reload()

    def _reload(self) -> None:
        self._shell.tasks.in_db(self._shell.services.workspace.info, self.show_info, owner=self)

    def _refuse(self, error: AuditError) -> None:
        self._button.setEnabled(True)
        self._banner.say(str(error))
