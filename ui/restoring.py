"""Leads putting a backup back: from the list of backups to the workspace as it stood then."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from audit_app.clock import Clock
from audit_app.errors import AuditError
from ui.desk import Desk
from ui.main_window import MainWindow
from ui.pages.opening import Opening, Unlock
from ui.tasks import Tasks
from ui.words import day_words

if TYPE_CHECKING:
    from audit_app.services import Services
    from db.backup import Backup
    from db.restore import Restored
    from ui.pages.restore_screen import RestoreScreen


class Restoring(QObject):
    """Asked for from Settings while the workspace is open, or when it does not open at all."""

    def __init__(
        self,
        desk: Desk,
        tasks: Tasks,
        window: MainWindow,
        clock: Clock,
        alone: tuple[Opening, Unlock],
        opened: "Callable[[Services], object]",
    ) -> None:
        super().__init__()
        self._desk, self._tasks, self._window, self._clock = desk, tasks, window, clock
        self._opening, self._unlock = alone
        self._opened = opened
        self._screen: RestoreScreen | None = None
        window.restore_asked.connect(self.restore)
        for screen in alone:
            screen.backups_asked.connect(self.offer)

    def offer(self) -> None:
        """Show the backups alone in the window."""
        self._tasks.in_db(self._desk.backups, self._show, self._opening.refuse, owner=self)

    def restore(self, name: str) -> None:
        """Put this backup back and open the workspace again."""
        # Typed words are saved into what is set aside: nothing the auditor entered is dropped.
        self._window.flush()
        self._opening.say(self.tr("Checking the backup and putting it back"))
        self._window.show_alone(self._opening)
        typed = self._unlock.typed or None
        self._tasks.in_db(
            lambda: self._desk.restore(name, typed), self._on_restored, self._refuse, owner=self
        )

    def _show(self, backups: "tuple[Backup, ...]") -> None:
        # Imported late: it brings the database with it, and the window is to be seen first.
        from ui.pages.restore_screen import RestoreScreen

        if self._screen is None:
            self._screen = RestoreScreen(self._window.look)
            self._screen.restore_asked.connect(self.restore)
            self._screen.back_asked.connect(self._go_back)
        self._screen.show_backups(backups, self._clock.now())
        self._window.show_alone(self._screen)

    def _go_back(self) -> None:
        self._opening.say(self.tr("Opening"))
        self._window.show_alone(self._opening)
        self._opening.retry_asked.emit()

    def _on_restored(self, found: "tuple[Services, Restored]") -> None:
        services, done = found
        self._opened(services)
        made = done.backup.made_at.astimezone()
        words = self.tr("The workspace stands as on {0}, {1}.").format(
            day_words(made.date()), f"{made:%H:%M}"
        )
        if done.kept_aside is not None:
            kept = self.tr("What was here before is kept in {0}.").format(done.kept_aside.name)
            words = f"{words} {kept}"
        self._window.messages.say(words)

    def _refuse(self, error: AuditError) -> None:
        self._opening.refuse(error)
