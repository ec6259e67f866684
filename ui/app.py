"""The application: everything the window needs is built and wired here, once."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, QTimer, QTranslator
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

import resources
from audit_app.clock import Clock, SystemClock
from audit_app.errors import AuditError
from audit_app.settings import LEFT_HANDED, REDUCED_MOTION, TEXT_SIZE, THEME
from ui.auto_sync import AutoSync
from ui.bus import Bus
from ui.crash import CrashReports
from ui.desk import Desk, Door, has_display
from ui.main_window import MainWindow
from ui.pages.opening import Opening, Unlock
from ui.pages.welcome import Welcome
from ui.restoring import Restoring
from ui.single_instance import SingleInstance
from ui.tasks import Progress, Stopped, Tasks
from ui.theme.fonts import load_fonts
from ui.theme.look import Look
from ui.theme.tokens import Theme
from ui.tidying import Tidying

if TYPE_CHECKING:
    from audit_app.services import Services

NO_DISPLAY = 1
BACKUP_LOOK_MS = 5 * 60_000


class App(QObject):
    """One window over one workspace."""

    def __init__(self, qt: QApplication, desk: Desk, clock: Clock, state: Path) -> None:
        super().__init__()
        self._qt = qt
        self._desk = desk
        self._clock = clock
        self._services: Services | None = None
        self.bus = Bus()
        self.tasks = Tasks(self.bus)
        self.crashes = CrashReports(state / "errors", clock)
        self.auto_sync = AutoSync(self.tasks, self.bus, clock, self)
        self.look = Look(qt)
        remembered = QSettings(str(state / "window.ini"), QSettings.Format.IniFormat)
        self.window = MainWindow(self.look, self.tasks, self.bus, clock, remembered)
        self._backups = QTimer(self)
        self._backups.setInterval(BACKUP_LOOK_MS)
        self._backups.timeout.connect(self._back_up_if_due)
        self.tasks.broke.connect(self._on_broke)
        self.crashes.kept.connect(self._on_crash_kept)
        self.opening = Opening(self.look)
        self.opening.retry_asked.connect(self.begin)
        self.welcome = Welcome(self.look, str(desk.folder))
        self.welcome.demo_asked.connect(self._start_demo)
        self.welcome.own_asked.connect(self._start_own)
        self.unlock = Unlock(self.look)
        self.unlock.passphrase_given.connect(self._open)
        alone = (self.opening, self.unlock)
        self.restoring = Restoring(desk, self.tasks, self.window, clock, alone, self._on_open)
        self._building: Progress | None = None

    def show(self) -> None:
        """Put the window on the screen, then see what the workspace asks for."""
        self.window.show_alone(self.opening)
        self.window.show()
        QTimer.singleShot(0, self, self.begin)

    def begin(self) -> None:
        """See whether there is a workspace, and open it."""
        self.tasks.in_db(self._desk.door, self._on_door, self.opening.refuse, owner=self)

    def close(self) -> None:
        """Finish what was asked for and close the workspace."""
        self.window.flush()
        if self._building is not None:
            self._building.stop()
        self.tasks.in_db(self._desk.close)
        self.tasks.close()

    def _on_door(self, door: Door) -> None:
        if door is Door.NEW:
            self.window.show_alone(self.welcome)
        elif door is Door.LOCKED:
            self.window.show_alone(self.unlock)
            self.unlock.begin()
        else:
            self.tasks.in_db(self._desk.open, self._on_open, self.opening.refuse, owner=self)

    def _open(self, typed: str) -> None:
        self.tasks.in_db(
            lambda: self._desk.open(typed), self._on_open, self.unlock.refuse, owner=self
        )

    def _start_own(self, name: str, organisation: str) -> None:
        self.welcome.say_working(self.tr("Getting your workspace ready"))
        self.tasks.in_db(
            lambda: self._desk.start_own(name, organisation),
            self._on_open,
            self.welcome.refuse,
            owner=self,
        )

    def _start_demo(self) -> None:
        def work(progress: Progress) -> "Services | None":
            try:
                return self._desk.start_demo(progress)
            except Stopped:
                return None

        def done(services: "Services | None") -> None:
            self._building = None
            if services is None:
                self.welcome.begin()
            else:
                self._on_open(services)

        self._building = self.tasks.in_db_slowly(
            work, done, self.welcome.refuse, step=self.welcome.progress.show_step, owner=self
        )
        self.welcome.say_working(self.tr("Building the demo programme"), self._building)

    def _on_open(self, services: "Services") -> None:
        self._services = services
        self.tasks.in_db(services.settings.all, self._wear, owner=self)
        self.window.show_services(services)
        self.auto_sync.begin(services.sync)
        self._backups.start()

    def _wear(self, settings: dict[str, str]) -> None:
        """Take on the look the auditor chose."""
        self.look.is_motion_reduced = settings[REDUCED_MOTION.key] == "yes"
        self.look.choose_hand(is_left=settings[LEFT_HANDED.key] == "yes")
        theme, size = Theme(settings[THEME.key]), int(settings[TEXT_SIZE.key])
        if (theme, size) != (self.look.theme, self.look.text_percent):
            self.look.choose(theme, size)

    def _back_up_if_due(self) -> None:
        """A backup without being asked; a failure is said and does not stop the work."""
        services = self._services
        if services is not None:
            self.tasks.in_work(lambda _progress: services.workspace.back_up_if_due(), owner=self)

    def _on_broke(self, error: Exception) -> None:
        self.crashes.keep(error)

    def _on_crash_kept(self, file: str) -> None:
        words = self.tr("Something went wrong inside Onsite. What was saved is safe.")
        self.window.messages.refuse(
            AuditError(words, self.tr("The details are in {0}.").format(file))
        )


def install_language(qt: QApplication, language: str) -> bool:
    """Use the words of this language; English needs it too, for its plurals."""
    translator = QTranslator(qt)
    file = resources.path("i18n", f"onsite_{language}.qm")
    return translator.load(str(file)) and qt.installTranslator(translator)


def run(workspace: Path | None = None, passphrase: str | None = None) -> int:
    """Open the window and stay until it is closed; gives the exit code."""
    if not has_display(sys.platform, os.environ):
        sys.stderr.write(
            "Onsite cannot open a window: there is no display. "
            "Use a command instead, such as “audit list --json”; see --help.\n"
        )
        return NO_DISPLAY
    qt = QApplication(sys.argv[:1])
    qt.setApplicationName("Onsite")
    qt.setDesktopFileName("onsite")
    qt.setWindowIcon(QIcon(str(resources.path("icons", "clipboard-check.svg"))))
    folder = workspace or _default_workspace()
    only = SingleInstance(folder)
    if only.is_running_elsewhere():
        return 0
    only.listen()
    try:
        load_fonts()
    except AuditError as error:
        sys.stderr.write(f"{error}\n")
        return NO_DISPLAY
    install_language(qt, "en")
    clock = SystemClock()
    app = App(qt, Desk(folder, clock, passphrase), clock, _state_folder())
    app.crashes.install()
    only.raise_asked.connect(app.window.to_front)
    app.show()
    tidying = Tidying()
    code = qt.exec()
    app.close()
    tidying.end()
    only.close()
    return code


def _default_workspace() -> Path:
    named = os.environ.get("ONSITE_WORKSPACE")
    if named:
        return Path(named)
    from platformdirs import user_data_path

    return user_data_path("Onsite", appauthor=False) / "workspace"


def _state_folder() -> Path:
    from platformdirs import user_state_path

    return user_state_path("Onsite", appauthor=False)
