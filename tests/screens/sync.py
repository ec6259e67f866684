"""The Sync screen as a person uses it."""

from audit_app.domain.words import Tone
from tests.screens.program import PATIENCE_MS, Program
from ui.pages.sync import SyncPage
from ui.pages.sync_forms import JoinForm
from ui.routes import Sync


class SyncScreen:
    """One window on its Sync page."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def open(self) -> SyncPage:
        page = self._program.go(Sync())
        assert isinstance(page, SyncPage)
        return page

    def join(self, address: str, code: str, password: str, totp: str = "") -> "SyncScreen":
        """Join a central store by the form; the first sync follows by itself."""
        page = self.open()
        page.main_button.click()
        form = page.findChild(JoinForm)
        assert isinstance(form, JoinForm)
        form.address.setText(address)
        form.code.setText(code)
        form.password.setText(password)
        form.totp.setText(totp)
        form.button.click()
        self._wait(page)
        assert page._picture is not None
        assert page._picture.facts.is_joined, form.banner.words
        return self

    def sync(self) -> "SyncScreen":
        """Press Sync now and wait for the end."""
        page = self.open()
        page.main_button.click()
        self._wait(page)
        assert page.banner.words == ""
        return self

    @property
    def waiting(self) -> str:
        """What the card says."""
        return self.open()._waiting.words

    @property
    def refused(self) -> list[str]:
        """What needs this person."""
        rows = self.open().list.model.rows
        return [row.title for row in rows if row.tone is Tone.BAD]

    def _wait(self, page: SyncPage) -> None:
        self._program.settle()
        self._program._qtbot.waitUntil(
            lambda: page.main_button.isEnabled() and self._program.app.tasks.count == 0,
            timeout=PATIENCE_MS,
        )
        self._program.settle()
