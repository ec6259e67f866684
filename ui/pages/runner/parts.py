"""What the runner is made of, and where each part stands at each width."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from ui.breadth import Breadth
from ui.devices.camera import Camera, QtCamera
from ui.models.question_list import QuestionList
from ui.pages.finding_desk import FindingDesk
from ui.pages.page import Page
from ui.pages.runner.answering import Answering
from ui.pages.runner.bottom_bar import BottomBar
from ui.pages.runner.layers import Layers
from ui.pages.runner.photos import Photos
from ui.pages.runner.question_card import QuestionCard
from ui.pages.runner.recorder import Recorder
from ui.pages.runner.side_panel import SidePanel
from ui.pages.runner.top_line import TopLine
from ui.pages.runner.visit_panel import VisitPanel
from ui.pages.runner.walk import Walk
from ui.pages.runner.work_list import WorkList
from ui.shell import Shell
from ui.widgets.drawer import Drawer, Edge
from ui.widgets.empty_state import EmptyState
from ui.widgets.hand import lay_out_for_hand
from ui.widgets.strip import Banner


class RunnerParts(Page):
    """The parts and their places; ``RunnerPage`` leads what happens between them."""

    def __init__(self, shell: Shell, camera: Camera | None = None) -> None:
        super().__init__(shell)
        look = shell.look
        self.questions = QuestionList()
        self.card = QuestionCard(look)
        self.list = WorkList(look, self.questions, self.card)
        self.walk = Walk(self.questions, self.list, self.card)
        self.top = TopLine(look)
        self.bottom = BottomBar(look)
        self.visit = VisitPanel(look)
        self.side = SidePanel(look)
        self.banner = Banner(look, None)
        self.recorder = Recorder(shell, self.questions, self.top.mark)
        self.answering = Answering(self.questions, self.card, self.recorder, self.walk)
        self.desk = FindingDesk(shell, self.side.finding)
        self.photos = Photos(shell, self, camera or QtCamera())
        self._build()
        self.visit_drawer = Drawer(look, self, self.tr("Visit and sections"), Edge.START, 300)
        self.side_drawer = Drawer(look, self, self.tr("Finding and evidence"), Edge.END, 360)
        self.layers = Layers(shell, self)
        look.changed.connect(self._on_look_changed)

    def flush(self) -> None:
        self.flush_typing()
        self.recorder.send()

    def flush_typing(self) -> None:
        """Take what is being typed; it is saved once the screen has been painted."""
        self.card.flush()
        self.side.finding.flush()

    def fit(self, breadth: Breadth) -> None:
        super().fit(breadth)
        self._place(self.side, self.side_drawer, self._across, is_beside=breadth is Breadth.WIDE)
        self._place(
            self.visit, self.visit_drawer, self._across, is_beside=breadth >= Breadth.MIDDLE
        )
        self.top.show_panels(
            has_visit=breadth < Breadth.MIDDLE, has_side=breadth is not Breadth.WIDE
        )
        lay_out_for_hand(self.look, self._across, self.visit, self.side)
        self.list.fit_card()

    def _on_look_changed(self) -> None:
        lay_out_for_hand(self.look, self._across, self.visit, self.side)

    def remind_saved(self) -> None:
        self.flush()
        self.top.mark.remind()

    def panes(self) -> list[QWidget]:
        return [self.visit, self.list, self.side, self.bottom]

    def open_side(self) -> None:
        """Bring the side panel out, where it is a drawer."""
        if self.breadth is not Breadth.WIDE:
            self.side_drawer.open_drawer()

    def close_drawers(self) -> None:
        """Nothing lies over the list any more."""
        for drawer in (self.side_drawer, self.visit_drawer):
            drawer.close_drawer()

    def _build(self) -> None:
        centre = QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.top)
        margin = QHBoxLayout()
        margin.setContentsMargins(20, 0, 14, 0)
        margin.addWidget(self.list)
        column.addLayout(margin, 1)
        column.addWidget(self.bottom)
        self.work = QWidget()
        self._across = QHBoxLayout(self.work)
        self._across.setContentsMargins(0, 0, 0, 0)
        self._across.setSpacing(0)
        self._across.addWidget(self.visit)
        self._across.addWidget(centre, 1)
        self._across.addWidget(self.side)
        self.empty = EmptyState(
            self.look,
            "clipboard-list",
            self.tr("No visit is under way"),
            self.tr("Start a planned visit, and its checklist opens here."),
            self.tr("Go to Today"),
        )
        self.stack = QStackedWidget()
        self.stack.addWidget(self.work)
        self.stack.addWidget(self.empty)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.stack)

    def _place(self, panel: QWidget, drawer: Drawer, row: QHBoxLayout, *, is_beside: bool) -> None:
        """Stand a panel beside the list, or put it into its drawer."""
        if is_beside and row.indexOf(panel) < 0:
            drawer.close_drawer()
            row.insertWidget(0 if panel is self.visit else row.count(), panel)
            panel.show()
        elif not is_beside and row.indexOf(panel) >= 0:
            row.removeWidget(panel)
            drawer.hold(panel)


def once(owner: QWidget, pause_ms: int, run: Callable[[], object]) -> QTimer:
    """A timer that runs something once, this long after it is started last."""
    timer = QTimer(owner)
    timer.setSingleShot(True)
    timer.setInterval(pause_ms)
    timer.timeout.connect(run)
    return timer
