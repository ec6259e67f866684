"""The questions of one section as a list: painted rows, one of them open."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import StrEnum

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from audit_app.services.checklist_rows import QuestionRow

ROW_ROLE = Qt.ItemDataRole.UserRole + 1
CURRENT_ROLE = Qt.ItemDataRole.UserRole + 2
LAST_ROLE = Qt.ItemDataRole.UserRole + 3


class Filter(StrEnum):
    """Which questions of the section are listed."""

    ALL = "all"
    TO_DO = "to_do"
    FLAGGED = "flagged"


class QuestionList(QAbstractListModel):
    """Every question of the audit is kept here; the rows listed are those of one section.

    A row may be shown ahead of the disk (``show_pending``); it goes back when the step failed.
    """

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[str, QuestionRow] = {}
        self._order: tuple[str, ...] = ()
        self._by_section: dict[str, list[str]] = {}
        self._pending: dict[str, list[QuestionRow]] = {}
        self._listed: list[str] = []
        self._place: dict[str, int] = {}
        self.section = ""
        self.filter = Filter.ALL
        self.current = ""

    def show_questions(self, rows: Iterable[QuestionRow], section: str, current: str) -> None:
        """Take another audit, or the same one read again."""
        self.beginResetModel()
        self._rows = {row.ref: row for row in rows}
        self._take_order(tuple(self._rows))
        self._pending = {}
        self.section = section
        self.current = current
        self._list()
        self.endResetModel()

    def show_section(self, section: str, which: Filter, current: str) -> None:
        """List another section, filter differently, or both; ``current`` is the open question."""
        self.beginResetModel()
        self.section, self.filter, self.current = section, which, current
        self._list()
        self.endResetModel()

    def open(self, ref: str) -> None:
        """Make this listed question the open one."""
        if ref == self.current:
            return
        before = self.current
        self.current = ref
        for changed in (before, ref):
            self._tell(changed)

    def apply(self, rows: Iterable[QuestionRow], order: tuple[str, ...] | None) -> None:
        """What a step saved; each changed row is repainted once."""
        for row in rows:
            waiting = self._pending.get(row.ref)
            shown = self.row(row.ref)
            self._rows[row.ref] = row
            if not waiting and row != shown:
                self._tell(row.ref)
        if order is not None and order != self._order:
            self._take_order(order)
            wanted = self._wanted()
            if wanted != self._listed:
                self.beginResetModel()
                self._list()
                self.endResetModel()

    def show_pending(self, row: QuestionRow) -> None:
        """Show this row at once, before it is on disk."""
        self._pending.setdefault(row.ref, []).append(row)
        self._tell(row.ref)

    def settle(self, ref: str) -> None:
        """One step on this question ended, well or not; what stands on disk shows through."""
        shown = self.row(ref)
        waiting = self._pending.get(ref)
        if waiting:
            waiting.pop(0)
            if not waiting:
                del self._pending[ref]
        if self.row(ref) != shown:
            self._tell(ref)

    def row(self, ref: str) -> QuestionRow | None:
        """The question as it is shown, None for one that does not apply."""
        waiting = self._pending.get(ref)
        return waiting[-1] if waiting else self._rows.get(ref)

    @property
    def order(self) -> tuple[str, ...]:
        """All questions that apply, in checklist order."""
        return self._order

    def rows(self) -> list[QuestionRow]:
        """All questions that apply, as shown."""
        return [row for ref in self._order if (row := self.row(ref)) is not None]

    def section_rows(self, section: str) -> list[QuestionRow]:
        """The questions of one section, as shown."""
        refs = self._by_section.get(section, ())
        return [row for ref in refs if (row := self.row(ref)) is not None]

    def listed(self) -> Sequence[str]:
        """The refs listed now."""
        return self._listed

    def place(self, ref: str) -> QModelIndex:
        """Where a question is listed; invalid when it is not."""
        row = self._place.get(ref)
        return QModelIndex() if row is None else self.index(row)

    def next_to_do(self, after: str, step: int = 1) -> str:
        """The next question that asks something, round the end of the checklist; "" for none.

        Skipped ones come only when nothing else is left.
        """
        for with_skipped in (False, True):
            for ref in _round(self._order, after, step):
                row = self.row(ref)
                if row is not None and row.to_do and (with_skipped or not row.skipped):
                    return ref
        return ""

    def beside(self, ref: str, step: int) -> str:
        """The question listed before or after; "" at either end."""
        listed = self._listed
        place = self._place.get(ref)
        if place is None:
            return listed[0] if listed else ""
        place += step
        return listed[place] if 0 <= place < len(listed) else ""

    def _take_order(self, order: tuple[str, ...]) -> None:
        """Keep the order, and which questions each section has; asked for at every answer."""
        self._order = order
        self._by_section = {}
        for ref in order:
            row = self._rows.get(ref)
            if row is not None:
                self._by_section.setdefault(row.section, []).append(ref)

    def _wanted(self) -> list[str]:
        refs = []
        for ref in self._by_section.get(self.section, ()):
            row = self.row(ref)
            if row is None:
                continue
            if ref == self.current or fits(row, self.filter):
                refs.append(ref)
        return refs

    def _list(self) -> None:
        self._listed = self._wanted()
        self._place = {ref: place for place, ref in enumerate(self._listed)}

    def _tell(self, ref: str) -> None:
        index = self.place(ref)
        if index.isValid():
            self.dataChanged.emit(index, index)

    def rowCount(self, parent: QModelIndex | QPersistentModelIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._listed)

    def data(
        self,
        index: QModelIndex | QPersistentModelIndex,
        role: int = Qt.ItemDataRole.DisplayRole,
    ) -> object:
        if not index.isValid():
            return None
        ref = self._listed[index.row()]
        if role == ROW_ROLE:
            return self.row(ref)
        if role == CURRENT_ROLE:
            return ref == self.current
        if role == LAST_ROLE:
            place = index.row() + 1
            return place == len(self._listed) or self._listed[place] == self.current
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            row = self.row(ref)
            return None if row is None else self._spoken(row)
        return None

    def _spoken(self, row: QuestionRow) -> str:
        """The row as a screen reader says it: "3.2. Door seals are intact. Fail. 2 photos"."""
        answer = row.answer.label if row.answer else self.tr("Not answered")
        parts = [row.number, row.text.rstrip(" .?"), answer]
        if row.critical:
            parts.append(self.tr("Critical"))
        if row.photos:
            parts.append(self.tr("%n photo(s)", "", row.photos))
        if row.note:
            parts.append(self.tr("Has a note"))
        if row.flagged:
            parts.append(self.tr("Flagged"))
        if row.problem:
            parts.append(row.problem.rstrip("."))
        return ". ".join(part for part in parts if part)


def fits(row: QuestionRow, which: Filter) -> bool:
    """Whether a question belongs under this filter."""
    if which is Filter.TO_DO:
        return row.to_do
    if which is Filter.FLAGGED:
        return row.flagged or row.skipped
    return True


def without_answer(row: QuestionRow) -> QuestionRow:
    """The row with its answer cleared."""
    emptied = tuple(replace(field, value="") for field in row.fields)
    return replace(row, selected=(), mark=None, answer=None, problem="", fields=emptied)


def _round(order: Sequence[str], after: str, step: int) -> list[str]:
    turned = list(order) if step > 0 else list(reversed(order))
    if after in turned:
        place = turned.index(after) + 1
        turned = turned[place:] + turned[:place]
    return turned
