"""Beside the question: its finding, or guidance; its photos; what the last visit found."""

from collections.abc import Sequence

from PySide6.QtCore import QDate, QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from audit_app.services.checklist_rows import PreviousAnswer, QuestionRow
from audit_app.services.finding_rows import EvidenceRow
from ui.pages.finding_panel import FindingPanel
from ui.theme.look import Look
from ui.theme.tokens import SIDE_WIDTH
from ui.widgets.button import Button
from ui.widgets.icon_label import IconLabel
from ui.widgets.photo_strip import PhotoStrip
from ui.widgets.tag import Tag
from ui.widgets.text import ElidedLabel, Label, card


class LastVisit(QWidget):
    """How this question was answered the last time."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        frame = card()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        column = QVBoxLayout(frame)
        column.setContentsMargins(14, 12, 14, 14)
        column.setSpacing(4)
        self._look = look
        self._date = ElidedLabel("", "label")
        self._tag = Tag(look, "")
        date = QHBoxLayout()
        date.setSpacing(7)
        date.addWidget(IconLabel(look, "history", "text2", 17))
        date.addWidget(self._date, 1)
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._head.setSpacing(7)
        self._head.addLayout(date, 1)
        self._head.addWidget(self._tag, 0, Qt.AlignmentFlag.AlignLeading)
        self._words = Label("", "secondary", is_wrapped=True)
        column.addLayout(self._head)
        column.addWidget(self._words)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.hide()

    def show_previous(self, previous: PreviousAnswer | None) -> None:
        """Show it; nothing when the site was not audited with this checklist before."""
        self.setVisible(previous is not None)
        if previous is None:
            return
        moment = previous.date.date()
        day = QLocale().toString(QDate(moment.year, moment.month, moment.day), "d MMM yyyy")
        words = self.tr("Last visit, {0}").format(day)
        self._date.show_text(words)
        room = self._look.px(SIDE_WIDTH - 84) - self._date.fontMetrics().horizontalAdvance(words)
        self._tag.show_tag(previous.answer.label, previous.answer.tone)
        # A long answer stands under the date instead of squeezing it, or widening the panel.
        is_beside = self._tag.sizeHint().width() <= room
        direction = QBoxLayout.Direction
        self._head.setDirection(direction.LeftToRight if is_beside else direction.TopToBottom)
        parts = [previous.answer.judgement, previous.note]
        if previous.finding is not None:
            parts.append(self.tr("Finding {0}").format(previous.finding.number))
        words = " ".join(part for part in parts if part)
        self._words.setText(words)
        self._words.setVisible(bool(words))
        self.setAccessibleName(f"{self._date.accessibleName()}. {previous.answer.label}. {words}")


class SidePanel(QFrame):
    """Signals:
    photo_asked, action_asked, finding_asked, sign_asked: the auditor pressed the button.
    photo_opened: the id of a photo.
    """

    photo_asked = Signal()
    action_asked = Signal()
    finding_asked = Signal()
    sign_asked = Signal()
    photo_opened = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("side")
        self.setAccessibleName(self.tr("Finding and evidence"))
        self._look = look
        self.finding = FindingPanel(look)
        self.finding.photo_asked.connect(self.photo_asked)
        self.finding.photo_opened.connect(self.photo_opened)
        self.finding.title.hide()
        self._title = ElidedLabel("", "h2")
        self._line = ElidedLabel("", "secondary")
        self._guidance = Label("", "", is_wrapped=True)
        self._photos_words = Label("", "label")
        self.photos = PhotoStrip(look)
        self.photos.opened.connect(self.photo_opened)
        take = Button(look, self.tr("Take photo"), "camera", key="C")
        take.clicked.connect(self.photo_asked)
        self.about = QWidget()
        about = QVBoxLayout(self.about)
        about.setContentsMargins(0, 0, 0, 0)
        about.setSpacing(8)
        about.addWidget(Label(self.tr("Guidance"), "label"))
        about.addWidget(self._guidance)
        about.addSpacing(8)
        about.addWidget(self._photos_words)
        about.addWidget(self.photos)
        about.addWidget(take)
        self.last = LastVisit(look)
        self.act = Button(look, self.tr("Add action"), "list-todo", key="A")
        self.act.clicked.connect(self._on_act)
        sign = Button(look, self.tr("Sign"), "signature")
        sign.clicked.connect(self.sign_asked)
        self._build(sign)
        look.changed.connect(self._fit_width)
        self._fit_width()

    def show_question(self, row: QuestionRow) -> None:
        """Show what belongs to this question; the finding itself comes later."""
        has_finding = row.finding is not None
        self.finding.setVisible(has_finding)
        self.about.setVisible(not has_finding)
        if row.finding is not None:
            self._title.show_text(self.tr("Finding {0}").format(row.finding.number))
            words = self.tr("Opened by hand on {0}").format(row.number)
            if row.answer is not None:
                words = self.tr("Opened by “{0}” on {1}").format(row.answer.label, row.number)
            self._line.show_text(words)
        else:
            self._title.show_text(self.tr("About {0}").format(row.number))
            self._line.show_text(row.clause)
        self._line.setVisible(bool(row.clause) or has_finding)
        self._guidance.setText(row.guidance or self.tr("No guidance for this question."))
        self.act.setText(self.tr("Add action") if has_finding else self.tr("Open finding"))
        self.act.show_icon("list-todo" if has_finding else "flag")

    def show_evidence(self, rows: Sequence[EvidenceRow]) -> None:
        """Show the photos of a question without a finding."""
        self.photos.show_evidence(rows)
        count = len(rows)
        self._photos_words.setText(
            self.tr("Evidence, %n item(s)", "", count) if count else self.tr("Evidence")
        )

    @property
    def title(self) -> str:
        """What it is about just now."""
        return self._title.accessibleName()

    def to_last_visit(self) -> None:
        """Bring the last visit's answer into view."""
        if not self.last.isHidden():
            self._area.ensureWidgetVisible(self.last)
            self.last.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _build(self, sign: Button) -> None:
        inner = QWidget()
        column = self._column = QVBoxLayout(inner)
        column.setContentsMargins(18, 16, 18, 14)
        column.setSpacing(0)
        column.addWidget(self.finding)
        column.addWidget(self.about)
        column.addSpacing(16)
        column.addWidget(self.last)
        column.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(inner)
        # The scroll bar takes its width out of the margin, so that nothing moves when it comes.
        self._area.verticalScrollBar().rangeChanged.connect(
            lambda _low, high: self._column.setContentsMargins(18, 16, 8 if high else 18, 14)
        )
        head = QVBoxLayout()
        head.setContentsMargins(18, 20, 18, 0)
        head.setSpacing(2)
        head.addWidget(self._title)
        head.addWidget(self._line)
        foot = QHBoxLayout()
        foot.setContentsMargins(18, 8, 18, 14)
        foot.setSpacing(8)
        foot.addWidget(self.act, 1)
        foot.addWidget(sign, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(head)
        outer.addWidget(self._area, 1)
        outer.addLayout(foot)

    def _on_act(self) -> None:
        if self.about.isHidden():
            self.action_asked.emit()
        else:
            self.finding_asked.emit()

    def _fit_width(self) -> None:
        self.setMinimumWidth(min(self._look.px(SIDE_WIDTH), SIDE_WIDTH + 80))
