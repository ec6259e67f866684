"""One conflict: the two values side by side, what both had seen, and how it will read."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from audit_app.sync.conflicts import Choice, ConflictRow, Side
from ui.sync_words import field_words, moment_words
from ui.theme.look import Look
from ui.widgets.button import Button
from ui.widgets.marked_text import MarkedText
from ui.widgets.tag import Tag
from ui.widgets.text import Label, card, hairline


class ConflictCard(QWidget):
    """Shows a conflict and takes a decision.

    Signals:
        settled: the conflict, and the choice.
        put_off: decide later.
    """

    settled = Signal(ConflictRow, Choice)
    put_off = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._row: ConflictRow | None = None
        self._choice: Choice | None = None
        self._about = Label("", "h2", is_wrapped=True)
        self._where = Label("", "secondary", is_wrapped=True)
        self._field = Tag(look, "")
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self._field)
        top.addWidget(self._where, 1)
        self.central = _Column(look, self.tr("Stands at the centre"), self.tr("Keep this"), "1")
        self.candidate = _Column(look, self.tr("Kept beside it"), self.tr("Take this"), "2")
        self.central.button.clicked.connect(self.pick_central)
        self.candidate.button.clicked.connect(self.pick_candidate)
        sides = QHBoxLayout()
        sides.setSpacing(12)
        sides.addWidget(self.central, 1)
        sides.addWidget(self.candidate, 1)
        self._base = Label("", "secondary", is_wrapped=True)
        self._result_head = Label(self.tr("It will read"), "label")
        self._result = Label("", is_wrapped=True)
        self.both = Button(look, self.tr("Keep both"), "merge", "choice", key="3")
        self.both.setCheckable(True)
        self.both.clicked.connect(self.pick_both)
        self.done = Button(look, self.tr("Settle"), "check", "primary", key="Enter")
        self.done.clicked.connect(self.settle)
        later = Button(look, self.tr("Decide later"), kind="ghost", key="L")
        later.clicked.connect(self.put_off)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.both)
        foot.addStretch(1)
        foot.addWidget(later)
        foot.addWidget(self.done)
        surface = card()
        column = QVBoxLayout(surface)
        column.setContentsMargins(20, 18, 20, 18)
        column.setSpacing(12)
        column.addWidget(self._about)
        column.addLayout(top)
        column.addLayout(sides)
        column.addWidget(self._base)
        column.addWidget(hairline())
        column.addWidget(self._result_head)
        column.addWidget(self._result)
        column.addLayout(foot)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(surface)

    @property
    def result(self) -> str:
        """How the field will read; "" while nothing is chosen."""
        return self._result.text() if self._choice is not None else ""

    def show_conflict(self, row: ConflictRow) -> None:
        """Show this one, with nothing chosen."""
        self._row = row
        self._about.setText(row.about or row.entity)
        self._where.setText(row.where)
        self._field.show_tag(field_words(row.field))
        self.central.show_side(row.central, row.candidate)
        self.candidate.show_side(row.candidate, row.central)
        base = row.base.shown if row.base is not None else ""
        self._base.setText(self.tr("Both began from: {0}").format(base or self.tr("nothing")))
        self.both.setVisible(row.can_keep_both)
        self._pick(None)
        self.setAccessibleName(
            self.tr("{0}: {1} or {2}").format(
                row.about, row.central.shown or "–", row.candidate.shown or "–"
            )
        )

    def pick_central(self) -> None:
        """What stands goes on standing."""
        self._pick(Choice.CENTRAL)

    def pick_candidate(self) -> None:
        """The other value takes its place."""
        self._pick(Choice.CANDIDATE)

    def pick_both(self) -> None:
        """One text after the other."""
        if self._row is not None and self._row.can_keep_both:
            self._pick(Choice.BOTH)

    def settle(self) -> None:
        """Decide as chosen."""
        if self._row is not None and self._choice is not None:
            self.settled.emit(self._row, self._choice)

    def _pick(self, choice: Choice | None) -> None:
        self._choice = choice
        self.central.button.setChecked(choice is Choice.CENTRAL)
        self.candidate.button.setChecked(choice is Choice.CANDIDATE)
        self.both.setChecked(choice is Choice.BOTH)
        self.done.setEnabled(choice is not None)
        self._result.setText(self._reads(choice))

    def _reads(self, choice: Choice | None) -> str:
        row = self._row
        if row is None or choice is None:
            return self.tr("Choose one side.")
        if choice is Choice.CENTRAL:
            return row.central.shown or self.tr("nothing")
        if choice is Choice.CANDIDATE:
            return row.candidate.shown or self.tr("nothing")
        return "\n\n".join(part for part in (row.central.shown, row.candidate.shown) if part)


class _Column(QFrame):
    """One value: who wrote it, when, and the button that takes it."""

    def __init__(self, look: Look, title: str, action: str, key: str) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self._who = Label("", "h3", is_wrapped=True)
        self._text = MarkedText(look)
        self.button = Button(look, action, kind="choice", key=key)
        self.button.setCheckable(True)
        column = QVBoxLayout(self)
        # Wrapped texts side by side would otherwise be given less room than they need.
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetMinimumSize)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(8)
        column.addWidget(Label(title, "caption"))
        column.addWidget(self._who)
        column.addWidget(self._text, 1)
        column.addWidget(self.button)

    def show_side(self, side: Side, other: Side) -> None:
        """Show this value, marked where it differs from the other."""
        when = moment_words(side.at)
        self._who.setText(", ".join(part for part in (side.by, when) if part))
        self._text.show_text(side.shown or self.tr("nothing"), other.shown)
