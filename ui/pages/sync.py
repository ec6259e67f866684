"""What waits on this device, what the centre says to it, and Sync now."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import ClassVar

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from audit_app.changes import Changes, Kind
from audit_app.errors import AuditError
from audit_app.services.syncing import Synced, SyncPicture, SyncStep
from audit_app.sync.desk import Facts
from audit_app.sync.engine import MassDelete, SignInNeeded
from audit_app.sync.package import SUFFIX, Merged
from ui.breadth import Breadth
from ui.commands import Command
from ui.messages import Message
from ui.pages.list_column import ListColumn
from ui.pages.package_forms import ReadPackageForm, WritePackageForm
from ui.pages.page import Page, PageHead
from ui.pages.sync_facts import Fact
from ui.pages.sync_forms import JoinForm, SignInForm
from ui.pages.sync_queue import queue_rows
from ui.pages.sync_tray import RefusedPanel
from ui.routes import Conflicts, Sync
from ui.shell import Shell
from ui.tasks import Progress, Step
from ui.widgets.button import Button
from ui.widgets.empty_state import EmptyState
from ui.widgets.progress_panel import ProgressPanel
from ui.widgets.row_view import RowView
from ui.widgets.side_by_side import SideBySide
from ui.widgets.strip import Banner
from ui.words import age_words, size_words

Found = tuple[SyncPicture, datetime | None]


class SyncPage(Page):
    """Three facts on top, then the queue; one button brings both ends together."""

    cares_for: ClassVar[frozenset[Kind]] = frozenset(Kind)

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        look = self.look
        self._picture: SyncPicture | None = None
        self.head = PageHead(self.tr("Sync"))
        self.conflicts = Button(look, self.tr("Decide conflicts"), "merge")
        self.conflicts.clicked.connect(lambda: shell.router.go(Conflicts()))
        self.write = Button(look, self.tr("Write a package"), "usb")
        self.write.clicked.connect(self._write_package)
        self.read = Button(look, self.tr("Read a package"), "package")
        self.read.clicked.connect(self._choose_package)
        self.main_button = Button(look, self.tr("Sync now"), "refresh-cw", "primary")
        self.main_button.clicked.connect(self.sync_or_join)
        for button in (self.conflicts, self.write, self.read, self.main_button):
            self.head.add(button)
        self.progress = ProgressPanel(look)
        self.banner = Banner(look)
        self._contact = Fact(look, "cloud", self.tr("Central store"))
        self._waiting = Fact(look, "cloud-upload", self.tr("Waiting to be sent"))
        self._last = Fact(look, "hard-drive", self.tr("Last backup"))
        facts = QWidget()
        row = QHBoxLayout(facts)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        for fact in (self._contact, self._waiting, self._last):
            row.addWidget(fact, 1)
        empty = EmptyState(
            look,
            "cloud-check",
            self.tr("Nothing waits"),
            self.tr("Every change made on this device is listed here until it is sent."),
        )
        self.list = RowView(look, self.tr("Changes that wait"), empty)
        self.list.opened.connect(self._open_row)
        main = ListColumn(self.head, self.list, above=(self.progress, self.banner, facts))
        self.side = SideBySide(look, main, width=400)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.side)
        group = self.tr("Sync")
        shell.commands.declare(
            [
                Command("sync.now", self.tr("Sync now"), group, self.sync_or_join, "refresh-cw"),
                Command("sync.write", self.tr("Write a package"), group, self._write_package),
                Command("sync.read", self.tr("Read a package"), group, self._choose_package),
                Command("sync.leave", self.tr("Leave the central store"), group, self._leave),
            ],
            on=self,
        )

    def reload(self) -> None:
        services = self.shell.services
        self.shell.tasks.in_db(
            lambda: (services.sync.picture(), services.workspace.last_backup()),
            self._show,
            owner=self,
        )

    def fit(self, breadth: Breadth) -> None:
        super().fit(breadth)
        self.side.fit(breadth)

    def panes(self) -> list[QWidget]:
        return [self.list, self.side.panel]

    def sync_or_join(self) -> None:
        """Sync, or join a central store where there is none yet."""
        if self._picture is not None and not self._picture.facts.is_joined:
            self._join()
        else:
            self.sync()

    def sync(self, *, may_delete: bool = False) -> None:
        """Bring this device and the centre together."""
        if not self.main_button.isEnabled():
            return
        self.main_button.setEnabled(False)
        self.banner.clear()
        service = self.shell.services.sync

        def work(progress: Progress) -> Synced:
            def tell(step: SyncStep) -> None:
                done, total, words = self._words_of(step)
                progress.report(done, total, words)

            return service.run(tell, lambda: progress.is_stopped, may_delete=may_delete)

        progress = self.shell.tasks.in_work(
            work, self._on_synced, self._on_refused, step=self._on_step, owner=self
        )
        self.progress.begin(self.tr("Syncing"), progress)

    def _words_of(self, step: SyncStep) -> tuple[int, int, str]:
        if step.photo_total:
            words = self.tr("Photos and files: {0} of {1}").format(
                size_words(step.photo_bytes), size_words(step.photo_total)
            )
            return step.photo_bytes // 1024, max(step.photo_total // 1024, 1), words
        words = self.tr("{0} sent, {1} received, {2} left").format(
            step.sent, step.received, step.left
        )
        return step.sent, step.sent + step.left, words

    def _on_step(self, step: Step) -> None:
        self.progress.show_step(step)

    def _on_synced(self, done: Synced) -> None:
        self._end()
        if done.asks is not None:
            self._ask(done.asks)
        elif done.words:
            self.banner.say(done.words)
        else:
            words = self.tr("Synced: {0} sent, {1} received").format(done.sent, done.received)
            self.shell.messages.say(words)
        self.shell.bus.tell(done.changes)
        self.reload()

    def _ask(self, asks: MassDelete) -> None:
        words = self.tr(
            "This sync would delete {0} of {1} rows here. Nothing was deleted yet. If that is not "
            "what you expect, ask your administrator before you go on."
        ).format(asks.rows, asks.of)
        self.banner.show_message(
            Message(words, action=self.tr("Delete them"), run=lambda: self.sync(may_delete=True))
        )

    def _on_refused(self, error: AuditError) -> None:
        self._end()
        if isinstance(error, SignInNeeded):
            self._sign_in()
        else:
            self.banner.say(str(error))
        self.reload()

    def _end(self) -> None:
        self.progress.end()
        self.main_button.setEnabled(True)

    def _show(self, found: Found) -> None:
        picture, backup = found
        self._picture = picture
        facts, now = picture.facts, self.shell.clock.now()
        self._show_head(facts)
        contact = age_words(facts.contact_at, now)
        self._contact.say(
            self.tr("Last contact {0}").format(contact) if facts.is_joined else self.tr("None"),
            facts.address or self.tr("Everything you enter is kept here."),
        )
        count = self.tr("%Ln change(s)", "", facts.waiting)
        self._waiting.say(
            count if facts.waiting else self.tr("Nothing"),
            size_words(facts.waiting_bytes) if facts.waiting else "",
        )
        self._last.say(age_words(backup, now))
        self._show_trouble(picture)
        self.list.show_rows(queue_rows(picture.queue, picture.refused))

    def _show_head(self, facts: Facts) -> None:
        joined = self.tr("As {0}").format(facts.user) if facts.user else ""
        self.head.show_words(
            self.tr("Sync"),
            joined if facts.is_joined else self.tr("This device works by itself"),
        )
        self.main_button.setText(
            self.tr("Sync now") if facts.is_joined else self.tr("Join a central store")
        )
        self.main_button.show_icon("refresh-cw" if facts.is_joined else "cloud")
        self.conflicts.setVisible(facts.conflicts > 0)
        self.conflicts.setText(self.tr("Decide %Ln conflict(s)", "", facts.conflicts))

    def _show_trouble(self, picture: SyncPicture) -> None:
        if self.banner.words or self.progress.isVisible():
            return
        if picture.held:
            words = self.tr(
                "%Ln row(s) here are no longer at the centre; it was put back to an older state.",
                "",
                picture.held,
            )
            self.banner.show_message(
                Message(words, action=self.tr("Send them"), run=self._send_held)
            )
        elif picture.facts.trouble:
            when = age_words(picture.facts.tried_at, self.shell.clock.now())
            self.banner.say(f"{picture.facts.trouble} ({when})")

    def _open_row(self, row_id: object) -> None:
        refused = self._picture.refused if self._picture is not None else ()
        change = next((one for one in refused if one.id == row_id), None)
        if change is None:
            return
        panel = RefusedPanel(self.look, change)
        sync = self.shell.services.sync
        panel.again.connect(lambda op: self._treat(lambda: sync.send_again((op,))))
        panel.let_go.connect(lambda op: self._treat(lambda: sync.let_go((op,))))
        self.side.open_side(panel, self.tr("Not accepted"))

    def _treat(self, work: Callable[[], object]) -> None:
        self.side.close_side()
        self.shell.tasks.in_db(work, lambda _done: self._on_treated(), owner=self)

    def _on_treated(self) -> None:
        self.shell.bus.tell(Changes.of(Kind.SYNC))
        self.reload()

    def _send_held(self) -> None:
        self.banner.clear()
        self._treat(self.shell.services.sync.send_held)

    def _write_package(self) -> None:
        form = WritePackageForm(self.shell)
        form.done.connect(self._on_written)
        self.side.open_side(form, self.tr("Changes by file"))

    def _on_written(self, words: str) -> None:
        self.side.close_side()
        self.shell.messages.say(words)

    def _choose_package(self) -> None:
        dialog = QFileDialog(self, self.tr("Read a package"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(self.tr("Onsite packages (*{0})").format(SUFFIX))
        if dialog.exec():
            self.read_package(Path(dialog.selectedFiles()[0]))

    def read_package(self, file: Path) -> None:
        """Look into this package beside the list."""
        form = ReadPackageForm(self.shell, file)
        form.merged.connect(self._on_merged)
        self.side.open_side(form, self.tr("Changes by file"))
        form.passphrase.setFocus()

    def _on_merged(self, merged: Merged) -> None:
        self.side.close_side()
        self.shell.bus.tell(merged.changes | Changes.of(Kind.SYNC))
        self.shell.messages.say(self.tr("The package is merged."))
        self.reload()

    def _join(self) -> None:
        form = JoinForm(self.shell)
        form.done.connect(self._on_joined)
        self.side.open_side(form, self.tr("Join a central store"))
        form.address.setFocus()

    def _on_joined(self) -> None:
        self.side.close_side()
        self.reload()
        self.sync()

    def _sign_in(self) -> None:
        address = self._picture.facts.address if self._picture is not None else ""
        form = SignInForm(self.shell, address)
        form.done.connect(self._on_joined)
        self.side.open_side(form, self.tr("Sign in again"))
        form.password.setFocus()

    def _leave(self) -> None:
        self._treat(self.shell.services.sync.leave)
        self.shell.router.replace(Sync())
