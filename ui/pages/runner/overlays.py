"""Layers over the runner: jump to a question, what is left, how the score came about."""

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from audit_app.domain.words import Tone
from audit_app.services.checklist_rows import Explanation, LeftRow, QuestionRow
from audit_app.services.finding_rows import FindingRow
from ui.models.row_list import ListRow, Pill
from ui.pages.runner.layer import Layer
from ui.theme.look import Look
from ui.theme.tokens import RATING_TONES, TONE_ICONS
from ui.widgets.button import Button, IconButton
from ui.widgets.choice import CheckBox
from ui.widgets.empty_state import EmptyState
from ui.widgets.field import SearchField
from ui.widgets.row_view import RowView
from ui.widgets.tag import Tag
from ui.widgets.text import Label
from ui.words import percent_words, word

MOST = 200
MOST_BOXES = 4


class Jump(Layer):
    """Number, word or clause; Enter opens the first.

    Signals:
        chosen: the ref of a question.
    """

    chosen = Signal(str)

    def __init__(self, look: Look, host: QWidget) -> None:
        super().__init__(look, host)
        self._rows: Sequence[QuestionRow] = ()
        self._spoken: list[str] = []
        self.search = SearchField(look, self.tr("Number, word or clause"))
        self.search.textChanged.connect(lambda _text: self._refresh())
        self.search.entered.connect(self._take_current)
        self.search.arrowed.connect(self._move)
        self.found = RowView(look, self.tr("Questions found"))
        self.found.opened.connect(self._take)
        self.column.addWidget(self.search)
        self.column.addWidget(self.found, 1)

    def open_jump(self, rows: Sequence[QuestionRow]) -> None:
        """Search in these questions."""
        self._rows = rows
        self._spoken = [
            " ".join((row.number, row.text, row.clause, row.code, row.note)).casefold()
            for row in rows
        ]
        self.search.clear()
        self._refresh()
        self.open_over(self.search)

    def results(self) -> list[str]:
        """The refs found, best first."""
        words = self.search.text().casefold().split()
        whole = self.search.text().strip().casefold()
        first: list[str] = []
        rest: list[str] = []
        for row, spoken in zip(self._rows, self._spoken, strict=True):
            if not words:
                rest.append(row.ref)
            elif row.number.casefold() == whole:
                first.insert(0, row.ref)
            elif row.number.casefold().startswith(whole):
                first.append(row.ref)
            elif all(part in spoken for part in words):
                rest.append(row.ref)
            if len(first) + len(rest) >= MOST:
                break
        return first + rest

    def _refresh(self) -> None:
        by_ref = {row.ref: row for row in self._rows}
        self.found.show_rows([self._line(by_ref[ref]) for ref in self.results()])
        if self.found.model.rows:
            self.found.select(self.found.model.rows[0].id)

    def _line(self, row: QuestionRow) -> ListRow:
        pills = (Pill(row.answer.label, row.answer.tone),) if row.answer else ()
        title = f"{row.number}  {row.text}"
        return ListRow(row.ref, title, row.clause, pills=pills)

    def _move(self, by: int) -> None:
        view = self.found.list
        row = max(0, min(len(self.found.model.rows) - 1, view.currentIndex().row() + by))
        view.setCurrentIndex(self.found.model.index(row))

    def _take_current(self) -> None:
        row = self.found.list.currentIndex().row()
        if row >= 0:
            self._take(self.found.model.rows[row].id)

    def _take(self, ref: object) -> None:
        self.close_over()
        self.chosen.emit(str(ref))


class WhatIsLeft(Layer):
    """What is still asked, what blocks signing first; then Sign.

    Signals:
        chosen: the ref of a question.
        sign_asked: go on to signing.
    """

    chosen = Signal(str)
    sign_asked = Signal()

    def __init__(self, look: Look, host: QWidget) -> None:
        super().__init__(look, host)
        self._title = Label(self.tr("What is left"), "h1")
        self._line = Label("", "secondary", is_wrapped=True)
        close = IconButton(look, "x", self.tr("Close"), "ghost-icon", key=self.tr("Esc"))
        close.clicked.connect(self.close_over)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(close)
        empty = EmptyState(
            look,
            "circle-check",
            self.tr("Nothing is left"),
            self.tr("Every question that applies is answered. The audit can be signed."),
        )
        self.rows = RowView(look, self.tr("What is left"), empty)
        self.rows.opened.connect(self._take)
        self.sign = Button(look, self.tr("Go on to signing"), "signature", "primary")
        self.sign.clicked.connect(self._on_sign)
        self.column.addLayout(head)
        self.column.addWidget(self._line)
        self.column.addWidget(self.rows, 1)
        self.column.addWidget(self.sign)

    def open_left(self, left: Sequence[LeftRow]) -> None:
        """Show this list."""
        blocking = sum(1 for row in left if row.blocking)
        words = self.tr("%n thing(s) must be done before signing.", "", blocking)
        if not blocking:
            words = self.tr("Nothing stands in the way of signing.")
        self._line.setText(words)
        lines = [
            ListRow(
                f"{place}:{row.ref}",
                f"{row.number}  {row.text}".strip(),
                row.reason,
                "circle-alert" if row.blocking else "circle",
                Tone.BAD if row.blocking else Tone.NEUTRAL,
            )
            for place, row in enumerate(left)
        ]
        self.rows.show_rows(lines)
        self.open_over(self.rows.list if lines else self.sign)

    def _take(self, name: object) -> None:
        self.close_over()
        self.chosen.emit(str(name).partition(":")[2])

    def _on_sign(self) -> None:
        self.close_over()
        self.sign_asked.emit()


class ExplainScore(Layer):
    """The arithmetic of the score, down to each answer; and what closing findings would give.

    Signals:
        closing_chosen: a frozenset of finding ids taken as closed.
    """

    closing_chosen = Signal(object)

    def __init__(self, look: Look, host: QWidget) -> None:
        super().__init__(look, host, width=760, height=760)
        self.boxes: dict[UUID, CheckBox] = {}
        self._title = Label("", "h1")
        self._reason = Label("", "watch", is_wrapped=True)
        close = IconButton(look, "x", self.tr("Close"), "ghost-icon", key=self.tr("Esc"))
        close.clicked.connect(self.close_over)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(close)
        self.lines = RowView(look, self.tr("How the score came about"))
        self._after = Label("", "h3")
        self._rating = Tag(look, "")
        self._ask = Label(self.tr("If these findings were closed"), "label")
        inner = QWidget()
        self._findings = QVBoxLayout(inner)
        self._findings.setContentsMargins(0, 0, 0, 0)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setWidget(inner)
        after = QHBoxLayout()
        after.addWidget(self._after, 1)
        after.addWidget(self._rating)
        self.column.addLayout(head)
        self.column.addWidget(self._reason)
        self.column.addWidget(self.lines, 1)
        self.column.addWidget(self._ask)
        self.column.addWidget(self._area)
        self.column.addLayout(after)

    def open_explanation(
        self, explanation: Explanation, reason: str, findings: Sequence[FindingRow]
    ) -> None:
        """Show the arithmetic, and the findings that could close."""
        for box in self.boxes.values():
            self._findings.removeWidget(box)
            box.deleteLater()
        self.boxes = {}
        for row in findings:
            box = CheckBox(self.look, f"{row.number}  {row.title}")
            box.toggled.connect(lambda _on: self._tell())
            self.boxes[row.id] = box
            self._findings.addWidget(box)
        shown = [box.sizeHint().height() for box in self.boxes.values()][:MOST_BOXES]
        gaps = self._findings.spacing() * max(0, len(shown) - 1)
        self._area.setFixedHeight(sum(shown) + gaps + 2)
        for part in (self._ask, self._area):
            part.setVisible(bool(findings))
        self._reason.setText(reason)
        self._reason.setVisible(bool(reason))
        self.show_explanation(explanation)
        self.open_over(self.lines.list)

    @property
    def after_words(self) -> str:
        """What closing the ticked findings would give; "" while none is ticked."""
        return "" if self._after.isHidden() else self._after.text()

    def show_explanation(self, explanation: Explanation) -> None:
        """Another explanation, as after a finding was ticked."""
        self._title.setText(self.tr("Score {0}").format(percent_words(explanation.shown)))
        rows = []
        for place, line in enumerate(explanation.lines):
            tone = None
            if line.score is not None and line.level == 2:
                full = line.score >= 100
                tone = Tone.GOOD if full else Tone.WATCH if line.score > 0 else Tone.BAD
            icon = TONE_ICONS[tone] if tone else ""
            trailing = percent_words(line.score) if line.score is not None else ""
            rows.append(
                ListRow(
                    place,
                    line.text,
                    line.arithmetic,
                    icon,
                    tone,
                    trailing=trailing,
                    is_heading=False,
                )
            )
        self.lines.show_rows(rows)
        has_after = explanation.if_closed is not None
        self._after.setVisible(has_after)
        self._rating.setVisible(has_after)
        self._after.setText(
            self.tr("The score would be {0}").format(percent_words(explanation.if_closed))
        )
        rating = explanation.if_closed_rating
        self._rating.show_tag(word(rating), RATING_TONES[rating])

    def _tell(self) -> None:
        ticked = frozenset(name for name, box in self.boxes.items() if box.isChecked())
        self.closing_chosen.emit(ticked)
