"""The whole program as a person runs it: start, quit, start again."""

from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from audit_app.clock import Clock
from audit_app.services import Services
from tests.screens.runner import RunnerScreen
from tests.ui.waiting import settle
from ui.app import App
from ui.desk import Desk
from ui.pages.page import Page
from ui.pages.plan_form import PlanForm
from ui.pages.report_panel import ReportPanel
from ui.pages.sign_off import SignOffPage
from ui.pages.today import TodayPage
from ui.pages.visit_panel import VisitPanel
from ui.pages.visits import VisitsPage
from ui.routes import PlanVisit, Reports, Route, SignOff, Visits
from ui.widgets.signature_pad import SignaturePad

PATIENCE_MS = 60_000


class Program:
    """One run after another over the same workspace folder."""

    def __init__(self, qapp: QApplication, qtbot: QtBot, folder: Path, clock: Clock) -> None:
        self._qt, self._qtbot, self._folder, self._clock = qapp, qtbot, folder, clock
        self._app: App | None = None
        self.broken: list[Exception] = []

    @property
    def app(self) -> App:
        assert self._app is not None, "the program is not running"
        return self._app

    @property
    def services(self) -> Services:
        """What the program itself works with."""
        shell = self.app.window._shell
        assert shell is not None
        return shell.services

    def start(self) -> "Program":
        """Open the program; it shows the welcome, or Today when there is a workspace."""
        desk = Desk(self._folder / "workspace", self._clock)
        app = self._app = App(self._qt, desk, self._clock, self._folder / "state")
        app.look.is_motion_reduced = True
        app.tasks.broke.connect(self.broken.append)
        app.show()
        app.window.activateWindow()
        self._qtbot.waitUntil(app.window.isActiveWindow)
        self._qtbot.waitUntil(lambda: self.is_welcoming or self.is_working, timeout=PATIENCE_MS)
        return self

    def quit(self) -> None:
        """Close the window as with its button, and let the program end."""
        app = self.app
        app.window.close()
        app.close()
        QCoreApplication.processEvents()
        for alone in (app.welcome, app.unlock, app.opening):
            alone.deleteLater()
        app.window.deleteLater()
        app.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self._app = None
        assert not self.broken, self.broken

    @property
    def is_welcoming(self) -> bool:
        return self.app.welcome.isVisible()

    @property
    def is_working(self) -> bool:
        return isinstance(self.app.window.page, Page)

    def begin_workspace(self, name: str, organisation: str) -> "Program":
        """Answer the welcome: an own workspace."""
        self.app.welcome.own_asked.emit(name, organisation)
        self._qtbot.waitUntil(lambda: self.is_working, timeout=PATIENCE_MS)
        return self.settle()

    def settle(self) -> "Program":
        settle(self._qtbot, self.app.tasks)
        return self

    def go(self, route: Route) -> Page:
        self.app.window.router.go(route)
        self.settle()
        page = self.app.window.page
        assert page is not None
        return page

    @property
    def is_on_today(self) -> bool:
        return isinstance(self.app.window.page, TodayPage)

    def plan_a_visit(self, site_id: UUID, checklist: str) -> UUID:
        """Plan a visit in the form and start it; gives the audit."""
        page = self.go(PlanVisit(site_id))
        assert isinstance(page, VisitsPage)
        form = page.findChild(PlanForm)
        assert isinstance(form, PlanForm)
        for row, box in form.checklists:
            box.setChecked(row.title == checklist)
        form.submitted.emit()
        self.settle()
        (visit,) = self.services.visits.listed()
        page = self.go(Visits(visit.id))
        assert isinstance(page, VisitsPage)
        panel = page.findChild(VisitPanel)
        assert isinstance(panel, VisitPanel)
        panel.button.click()
        self.settle()
        return self.services.visits.view(visit.id).audits[0].id

    def runner(self, audit_id: UUID, ref: str = "") -> RunnerScreen:
        return RunnerScreen(self.app.window, self._qtbot).open(audit_id, ref)

    def sign_off(self, audit_id: UUID) -> SignOffPage:
        page = self.go(SignOff(audit_id))
        assert isinstance(page, SignOffPage)
        return page

    def issue_report(self, audit_id: UUID) -> Path:
        """Make the report of a signed audit, issue it, and give the file."""
        page = self.go(Reports(audit_id))
        self._qtbot.waitUntil(
            lambda: any(panel.document.pageCount() > 0 for panel in page.findChildren(ReportPanel)),
            timeout=PATIENCE_MS,
        )
        self.settle()
        panel = page.findChild(ReportPanel)
        assert isinstance(panel, ReportPanel)
        assert panel.banner.words == ""
        panel._issue.click()
        self.settle()
        (report,) = self.services.reports.listed()
        return Path(report.file)

    def draw(self, pad: SignaturePad) -> None:
        """Sign with the mouse."""
        left = Qt.MouseButton.LeftButton
        width, height = pad.width(), pad.height()
        places = [(0.1, 0.5), (0.2, 0.3), (0.3, 0.6), (0.4, 0.4), (0.5, 0.55), (0.7, 0.5)]
        points = [QPoint(int(x * width), int(y * height)) for x, y in places]
        self._qtbot.mousePress(pad, left, pos=points[0])
        for point in points[1:]:
            self._qtbot.mouseMove(pad, point)
        self._qtbot.mouseRelease(pad, left, pos=points[-1])
