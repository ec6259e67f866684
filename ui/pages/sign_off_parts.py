"""Parts of the sign-off page: one signer, and the summary."""

from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from audit_app.domain.words import Tone
from audit_app.services.programme_rows import SignatureRow
from audit_app.services.sign_off import SignOffView
from ui.theme.look import Look
from ui.theme.tokens import GRADE_TONES, RATING_TONES
from ui.widgets.button import Button
from ui.widgets.field import Field
from ui.widgets.progress import StackBar
from ui.widgets.signature_pad import SignaturePad
from ui.widgets.tag import Tag
from ui.widgets.text import Label
from ui.words import day_words, percent_words, word


class Signer(QFrame):
    """One party: who signs, and the pad; afterwards the signature with its time.

    Signals:
        sign_asked: the button was pressed.
        take_back_asked: the id of a signature to take back.
    """

    sign_asked = Signal()
    take_back_asked = Signal(object)

    def __init__(self, look: Look, party: str, title: str) -> None:
        super().__init__()
        self.party = party
        self.setProperty("kind", "card")
        self.setAccessibleName(title)
        self._row: SignatureRow | None = None
        self.name = QLineEdit()
        self.role = QLineEdit()
        self.organisation = QLineEdit()
        self.remark = QLineEdit()
        self.fields = {
            "name": Field(self.tr("Name"), self.name),
            "role": Field(self.tr("Role"), self.role),
            "organisation": Field(self.tr("Organisation"), self.organisation),
            "remark": Field(self.tr("Remark, for the record"), self.remark),
        }
        self.pad = SignaturePad(look, self.tr("Signature of {0}").format(title))
        self.pad.changed.connect(self._on_drawn)
        self._words = Label("", "secondary", is_wrapped=True)
        self.error = Label("", "error", is_wrapped=True)
        self.error.hide()
        self.wipe = Button(look, self.tr("Wipe"), "rotate-ccw", "ghost")
        self.wipe.clicked.connect(self.pad.wipe)
        self.sign = Button(look, self.tr("Sign"), "signature")
        self.sign.clicked.connect(self.sign_asked)
        self.take_back = Button(look, self.tr("Take back"), "undo-2", "ghost")
        self.take_back.clicked.connect(self._on_take_back)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        for place, field in enumerate(self.fields.values()):
            grid.addWidget(field, place // 2, place % 2)
        foot = QHBoxLayout()
        foot.addWidget(self.error, 8)
        foot.addWidget(self._words, 8)
        foot.addStretch(1)
        for part in (self.wipe, self.take_back, self.sign):
            foot.addWidget(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 16, 18, 16)
        column.setSpacing(12)
        column.addWidget(Label(title, "h2"))
        column.addLayout(grid)
        column.addWidget(self.pad)
        column.addLayout(foot)
        self.show_signature(None, is_locked=False)

    def show_signature(self, row: SignatureRow | None, *, is_locked: bool) -> None:
        """Show what was signed, or an empty pad; typed names stay."""
        was_signed = self._row is not None
        self._row = row
        is_signed = row is not None
        for field in self.fields.values():
            field.control.setEnabled(not is_signed and not is_locked)
        self.wipe.setVisible(not is_signed and not is_locked)
        self.sign.setVisible(not is_signed and not is_locked)
        self.take_back.setVisible(is_signed and not is_locked)
        self._words.setVisible(is_signed)
        if row is not None:
            self.name.setText(row.name)
            self.role.setText(row.role)
            self.organisation.setText(row.organisation)
            self.remark.setText(row.remark)
            self.pad.show_strokes(row.strokes, is_fixed=True)
            moment = _moment(row.signed_at, row.zone)
            self._words.setText(self.tr("Signed {0}").format(moment))
            self.show_error("")
        elif was_signed or is_locked:
            self.pad.show_strokes((), is_fixed=is_locked)
        self._on_drawn()

    def suggest(self, name: str, role: str, organisation: str) -> None:
        """Fill in what is known, where nothing stands yet."""
        for line, text in (
            (self.name, name),
            (self.role, role),
            (self.organisation, organisation),
        ):
            if not line.text():
                line.setText(text)

    def show_error(self, words: str) -> None:
        """Why it was not signed."""
        self.error.setText(words)
        self.error.setVisible(bool(words))

    def _on_drawn(self) -> None:
        self.wipe.setEnabled(not self.pad.is_empty)

    def _on_take_back(self) -> None:
        if self._row is not None:
            self.take_back_asked.emit(self._row.id)


class Summary(QFrame):
    """Score, progress and findings on one card."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._look = look
        self._score = Label("", "count")
        self._rating = Tag(look, "")
        self._reason = Label("", "secondary", is_wrapped=True)
        self._bar = StackBar(look)
        self._answered = Label("", "secondary")
        self._findings = QHBoxLayout()
        self._findings.setSpacing(8)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._score)
        head.addWidget(self._rating)
        head.addStretch(1)
        head.addLayout(self._findings)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 16)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self._reason)
        column.addWidget(self._bar)
        column.addWidget(self._answered)
        self._tags: list[QWidget] = []

    def show_view(self, view: SignOffView) -> None:
        """Show this audit."""
        score, progress = view.score, view.progress
        self._score.setText(percent_words(score.shown))
        tone = Tone.NEUTRAL if score.provisional else RATING_TONES[score.rating]
        words = self.tr("Provisional") if score.provisional else word(score.rating)
        self._rating.show_tag(words, tone)
        self._reason.setText(score.cap_reason)
        self._reason.setVisible(bool(score.cap_reason))
        answered = self.tr("{0} of {1} answered").format(progress.answered, progress.total)
        coverage = self.tr("coverage {0}").format(percent_words(score.coverage))
        self._answered.setText(f"{answered}, {coverage}")
        parts = (
            (progress.good, Tone.GOOD),
            (progress.watch, Tone.WATCH),
            (progress.bad, Tone.BAD),
            (progress.neutral, Tone.NEUTRAL),
            (progress.total - progress.answered, None),
        )
        self._bar.show_parts(parts, answered)
        for tag in self._tags:
            self._findings.removeWidget(tag)
            tag.hide()
            tag.deleteLater()
        self._tags = []
        for grade in sorted({row.grade for row in view.findings}, key=lambda grade: grade.rank):
            count = sum(1 for row in view.findings if row.grade is grade)
            tag = Tag(self._look, f"{count} {word(grade)}", GRADE_TONES[grade])
            self._tags.append(tag)
            self._findings.addWidget(tag, 0, Qt.AlignmentFlag.AlignVCenter)


def _moment(moment: datetime, zone: str) -> str:
    """Day and time on the site's own clock, with the zone named."""
    there = moment.astimezone(ZoneInfo(zone))
    return f"{day_words(there.date())}, {there:%H:%M} ({zone})"
