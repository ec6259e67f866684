"""Joining a central store, and signing in to it again."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from audit_app.errors import AuditError
from ui.shell import Shell
from ui.widgets.form import Form


class _CentreForm(Form):
    """A form whose work goes to the centre and may take a while.

    Signals:
        done: it worked.
    """

    done = Signal()

    def __init__(self, shell: Shell, action: str, icon: str) -> None:
        super().__init__(shell.look, action, icon)
        self._shell = shell
        self.submitted.connect(self._on_submitted)

    def secret(self, label: str, hint: str = "") -> QLineEdit:
        """A field whose letters are not shown."""
        edit = self.line(label, hint=hint)
        edit.setEchoMode(QLineEdit.EchoMode.Password)
        return edit

    def work(self) -> Callable[[], object] | None:
        """What is to be done with what was typed; None where something is missing."""
        raise NotImplementedError

    def _on_submitted(self) -> None:
        if not self.button.isEnabled():
            return
        work = self.work()
        if work is None:
            return
        self.banner.clear()
        self.button.setEnabled(False)
        self._shell.tasks.in_work(lambda _progress: work(), self._on_done, self._refuse, owner=self)

    def _on_done(self, _result: object) -> None:
        self.button.setEnabled(True)
        self.done.emit()

    def _refuse(self, error: AuditError) -> None:
        self.button.setEnabled(True)
        self.banner.say(str(error))


class JoinForm(_CentreForm):
    """Address, one-time code and password."""

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell, "", "cloud")
        self.button.setText(self.tr("Join"))
        self.text(
            self.tr(
                "Your administrator gives you the address and a code that holds ten minutes. "
                "Everything entered so far goes along at the first sync."
            )
        )
        self.address = self.line(self.tr("Address"), example="https://audits.example.com")
        self.code = self.line(self.tr("One-time code"))
        self.password = self.secret(
            self.tr("Password"),
            self.tr("Yours at the central store; with the first device you choose it here."),
        )
        self.totp = self.line(
            self.tr("Code of the authenticator app"),
            hint=self.tr("Only leads and administrators have one."),
        )

    def work(self) -> Callable[[], object] | None:
        """Join with what was typed."""
        for edit in (self.address, self.code, self.password):
            if not edit.text().strip():
                self.banner.say(self.tr("Address, code and password are needed."))
                edit.setFocus()
                return None
        sync = self._shell.services.sync
        address, code = self.address.text(), self.code.text()
        password, totp = self.password.text(), self.totp.text()
        return lambda: sync.join(address, code=code, password=password, totp=totp)


class SignInForm(_CentreForm):
    """The password once more."""

    def __init__(self, shell: Shell, address: str) -> None:
        super().__init__(shell, "", "key-round")
        self.button.setText(self.tr("Sign in"))
        self.text(
            self.tr("{0} wants your password again. Nothing is lost meanwhile.").format(address)
        )
        self.password = self.secret(self.tr("Password"))
        self.totp = self.line(
            self.tr("Code of the authenticator app"),
            hint=self.tr("Only leads and administrators have one."),
        )

    def work(self) -> Callable[[], object] | None:
        """Sign in with what was typed."""
        if not self.password.text():
            self.banner.say(self.tr("The password is needed."))
            self.password.setFocus()
            return None
        sync = self._shell.services.sync
        password, totp = self.password.text(), self.totp.text()
        return lambda: sync.sign_in(password=password, totp=totp)
