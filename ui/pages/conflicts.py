"""Two people changed one thing without seeing each other: one conflict at a time (UI 3)."""

from collections.abc import Callable
from typing import ClassVar

from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from audit_app.changes import Kind
from audit_app.errors import AuditError
from audit_app.sync.conflicts import Choice, ConflictRow, Settled
from ui.commands import Command
from ui.pages.conflict_card import ConflictCard
from ui.pages.page import HEAD_EDGE, Page, PageHead
from ui.routes import Sync
from ui.shell import Shell
from ui.widgets.button import Button
from ui.widgets.empty_state import EmptyState

WIDEST = 960
"""Longer lines of text are hard to compare."""


class ConflictsPage(Page):
    """One conflict at a time; what is decided travels like any other change."""

    cares_for: ClassVar[frozenset[Kind]] = frozenset(Kind)

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        look = self.look
        self._rows: tuple[ConflictRow, ...] = ()
        self._at = 0
        self.head = PageHead(self.tr("Conflicts"))
        back = Button(look, self.tr("Sync"), "chevron-left", "ghost")
        back.clicked.connect(lambda: shell.router.go(Sync()))
        self.all_central = Button(look, self.tr("Keep all that stand"))
        self.all_central.clicked.connect(lambda: self._settle_all(Choice.CENTRAL))
        self.all_candidates = Button(look, self.tr("Take all the others"))
        self.all_candidates.clicked.connect(lambda: self._settle_all(Choice.CANDIDATE))
        for button in (back, self.all_central, self.all_candidates):
            self.head.add(button)
        self.card = ConflictCard(look)
        self.card.settled.connect(self._settle)
        self.card.put_off.connect(self._put_off)
        self._empty = EmptyState(
            look,
            "circle-check",
            self.tr("Nothing to decide"),
            self.tr(
                "When two people change the same thing without seeing each other, both values "
                "are kept and wait here."
            ),
            self.tr("Back to Sync"),
        )
        self._empty.chosen.connect(lambda: shell.router.go(Sync()))
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(HEAD_EDGE, 4, HEAD_EDGE, 16)
        across_card = QHBoxLayout()
        self.card.setMaximumWidth(look.px(WIDEST))
        across_card.addWidget(self.card, 100)
        across_card.addStretch(1)
        column.addLayout(across_card)
        column.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.head)
        across = QHBoxLayout()
        across.addWidget(self._area)
        across.addWidget(self._empty)
        outer.addLayout(across, 1)
        self._declare_keys()

    def reload(self) -> None:
        sync = self.shell.services.sync
        self.shell.tasks.in_db(sync.conflicts, self._show, owner=self)

    def panes(self) -> list[QWidget]:
        return [self.card]

    def _declare_keys(self) -> None:
        group, card = self.tr("Conflicts"), self.card

        def command(name: str, words: str, run: Callable[[], object], *keys: str) -> Command:
            return Command(f"conflict.{name}", words, group, run, keys=keys)

        self.shell.commands.declare(
            [
                command("central", self.tr("Keep what stands"), card.pick_central, "1"),
                command("other", self.tr("Take the other"), card.pick_candidate, "2"),
                command("both", self.tr("Keep both"), card.pick_both, "3"),
                command("settle", self.tr("Settle"), card.settle, "Return", "Enter"),
                command("later", self.tr("Decide later"), self._put_off, "L"),
            ],
            on=self,
        )

    def _show(self, rows: tuple[ConflictRow, ...]) -> None:
        self._rows = rows
        self._at = min(self._at, max(len(rows) - 1, 0))
        has_some = bool(rows)
        self._area.setVisible(has_some)
        self._empty.setVisible(not has_some)
        for button in (self.all_central, self.all_candidates):
            button.setVisible(len(rows) > 1)
        if has_some:
            self.head.show_words(
                self.tr("Conflicts"), self.tr("{0} of {1}").format(self._at + 1, len(rows))
            )
            self.card.show_conflict(rows[self._at])
        else:
            self.head.show_words(self.tr("Conflicts"))

    def _put_off(self) -> None:
        if self._rows:
            self._at = (self._at + 1) % len(self._rows)
            self._show(self._rows)

    def _settle(self, row: ConflictRow, choice: Choice) -> None:
        sync = self.shell.services.sync
        self.shell.tasks.in_db(
            lambda: sync.settle(row.id, choice=choice),
            lambda settled: self._on_settled([settled]),
            self._refuse,
            owner=self,
        )

    def _settle_all(self, choice: Choice) -> None:
        sync, ids = self.shell.services.sync, [row.id for row in self._rows]

        def work() -> list[Settled]:
            return [sync.settle(row_id, choice=choice) for row_id in ids]

        self.shell.tasks.in_db(work, self._on_settled, self._refuse, owner=self)

    def _on_settled(self, settled: list[Settled]) -> None:
        words = self.tr("%Ln conflict(s) settled", "", len(settled))
        self.shell.messages.say(words, self.tr("Undo"), lambda: self._undo(settled))
        self._tell(settled)
        self.reload()

    def _undo(self, settled: list[Settled]) -> None:
        sync = self.shell.services.sync

        def work() -> list[Settled]:
            return [sync.undo(one) for one in reversed(settled)]

        self.shell.tasks.in_db(work, self._on_undone, self._refuse, owner=self)

    def _on_undone(self, settled: list[Settled]) -> None:
        self._tell(settled)
        self.reload()

    def _tell(self, settled: list[Settled]) -> None:
        for one in settled:
            self.shell.bus.tell(one.changes)

    def _refuse(self, error: AuditError) -> None:
        self.shell.messages.refuse(error)
        self.reload()
