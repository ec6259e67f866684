"""What waits on this device: plain facts, the list itself, and how to set up a central store."""

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from audit_app.changes import Kind
from audit_app.domain.words import Tone
from audit_app.services.workspace import WaitingRow
from ui.models.row_list import ListRow, heading
from ui.pages.list_column import ROW_INSET
from ui.pages.page import HEAD_EDGE, Page, PageHead
from ui.routes import Backups
from ui.shell import Shell
from ui.widgets.button import Button
from ui.widgets.empty_state import EmptyState
from ui.widgets.icon_label import IconLabel
from ui.widgets.row_view import RowView
from ui.widgets.text import Label, card
from ui.words import age_words, day_words

SHOWN = 5_000
KINDS = {
    "answer": ("circle-check", QT_TRANSLATE_NOOP("sync", "Answers")),
    "audit": ("clipboard-list", QT_TRANSLATE_NOOP("sync", "Audits")),
    "visit": ("calendar-days", QT_TRANSLATE_NOOP("sync", "Visits")),
    "finding": ("flag", QT_TRANSLATE_NOOP("sync", "Findings")),
    "action": ("list-todo", QT_TRANSLATE_NOOP("sync", "Actions")),
    "evidence": ("camera", QT_TRANSLATE_NOOP("sync", "Evidence")),
    "signature": ("signature", QT_TRANSLATE_NOOP("sync", "Signatures")),
    "vendor": ("building-2", QT_TRANSLATE_NOOP("sync", "Vendors")),
    "site": ("map-pin", QT_TRANSLATE_NOOP("sync", "Sites")),
    "contact": ("users", QT_TRANSLATE_NOOP("sync", "People")),
    "template": ("library", QT_TRANSLATE_NOOP("sync", "Checklists")),
    "template_version": ("library", QT_TRANSLATE_NOOP("sync", "Checklist versions")),
    "report_issue": ("file-text", QT_TRANSLATE_NOOP("sync", "Issued reports")),
}
"""Icon and word of each kind of thing that can wait."""

Found = tuple[int, tuple[WaitingRow, ...], datetime | None]


class SyncPage(Page):
    """Three facts on top, then every change that has not been sent."""

    cares_for: ClassVar[frozenset[Kind]] = frozenset(Kind)

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        look = self.look
        head = PageHead(self.tr("Sync"), self.tr("What is on this device and nowhere else"))
        self._waiting = _Fact(self, "cloud-upload", self.tr("Waiting to be sent"))
        self._contact = _Fact(self, "cloud-off", self.tr("Central store"))
        self._backup = _Fact(self, "hard-drive", self.tr("Last backup"))
        self._contact.say(self.tr("Not set up"))
        facts = QHBoxLayout()
        facts.setSpacing(12)
        for fact in (self._waiting, self._contact, self._backup):
            facts.addWidget(fact, 1)
        note = card()
        words = QVBoxLayout(note)
        words.setContentsMargins(16, 12, 16, 14)
        words.setSpacing(6)
        words.addWidget(Label(self.tr("No central store is set up on this device"), "h3"))
        words.addWidget(
            Label(
                self.tr(
                    "Everything you enter is saved here and stays here. Each change is kept in "
                    "order, so that all of it can be sent when your organisation gives you a "
                    "central store. Until then a backup on another disk is the second copy."
                ),
                "secondary",
                is_wrapped=True,
            )
        )
        row = QHBoxLayout()
        backup = Button(look, self.tr("Make a backup"), "hard-drive")
        backup.clicked.connect(lambda: shell.router.go(Backups()))
        row.addWidget(backup)
        row.addStretch(1)
        words.addLayout(row)
        empty = EmptyState(
            look,
            "cloud-check",
            self.tr("Nothing waits"),
            self.tr("Every change made on this device will be listed here until it is sent."),
        )
        self.list = RowView(look, self.tr("Changes that wait"), empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        inner = QVBoxLayout()
        inner.setContentsMargins(HEAD_EDGE, 4, HEAD_EDGE, 4)
        inner.setSpacing(12)
        inner.addLayout(facts)
        inner.addWidget(note)
        column.addLayout(inner)
        inset = QHBoxLayout()
        inset.setContentsMargins(HEAD_EDGE - ROW_INSET, 0, HEAD_EDGE - ROW_INSET, 12)
        inset.addWidget(self.list)
        column.addLayout(inset, 1)

    def reload(self) -> None:
        workspace = self.shell.services.workspace
        self.shell.tasks.in_db(
            lambda: (workspace.waiting(), workspace.waiting_rows(SHOWN), workspace.last_backup()),
            self._show,
            owner=self,
        )

    def panes(self) -> list[QWidget]:
        return [self.list]

    def _show(self, found: Found) -> None:
        count, waiting, backup = found
        now = self.shell.clock.now()
        self._waiting.say(self.tr("%Ln change(s)", "", count) if count else self.tr("Nothing"))
        self._backup.say(age_words(backup, now))
        rows: list[ListRow] = []
        last = ""
        for (day, entity), changes in _by_day_and_kind(waiting).items():
            if day != last:
                rows.append(heading(day))
                last = day
            rows.append(self._row(entity, changes))
        if count > len(waiting):
            rows.append(heading(self.tr("%Ln older change(s)", "", count - len(waiting))))
        self.list.show_rows(rows)

    def _row(self, entity: str, changes: list[WaitingRow]) -> ListRow:
        icon, words = KINDS.get(entity, ("cloud-upload", entity.replace("_", " ").capitalize()))
        newest, oldest = changes[0].at.astimezone(), changes[-1].at.astimezone()
        times = f"{oldest:%H:%M}"
        if f"{newest:%H:%M}" != times:
            times = self.tr("{0} to {1}").format(times, f"{newest:%H:%M}")
        return ListRow(
            changes[0].number,
            QCoreApplication.translate("sync", str(words)),
            times,
            icon=icon,
            tone=Tone.WATCH,
            trailing=self.tr("%Ln change(s)", "", len(changes)),
        )


def _by_day_and_kind(waiting: Iterable[WaitingRow]) -> dict[tuple[str, str], list[WaitingRow]]:
    """Changes of one kind on one day together, newest day first."""
    groups: dict[tuple[str, str], list[WaitingRow]] = {}
    for change in waiting:
        day = day_words(change.at.astimezone().date())
        groups.setdefault((day, change.entity), []).append(change)
    return groups


class _Fact(QWidget):
    """One plain fact on a card."""

    def __init__(self, page: Page, icon: str, title: str) -> None:
        super().__init__()
        frame = card()
        inner = QHBoxLayout(frame)
        inner.setContentsMargins(14, 12, 14, 12)
        inner.setSpacing(12)
        inner.addWidget(IconLabel(page.look, icon, "text2", 22))
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(Label(title, "caption"))
        self._words = Label("", "h3", is_wrapped=True)
        words.addWidget(self._words)
        inner.addLayout(words, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)

    def say(self, words: str) -> None:
        """The fact itself."""
        self._words.setText(words)
