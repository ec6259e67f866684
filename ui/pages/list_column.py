"""The main part of a page that is a list: head, what narrows the list, the list."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.pages.page import HEAD_EDGE, PageHead
from ui.widgets.field import SearchField

ROW_INSET = 14
"""Rows of a list begin this much inside it (ui.delegates.list_row)."""


class ListColumn(QWidget):
    """Title, search, cards and the discs of the rows stand on one edge.

    ``controls`` stand in one line under the head, a search field taking what room is left;
    ``above`` follow below each other.
    """

    def __init__(
        self,
        head: PageHead,
        rows: QWidget,
        *,
        controls: Sequence[QWidget] = (),
        above: Sequence[QWidget] = (),
    ) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 12)
        column.setSpacing(0)
        column.addWidget(head)
        if controls:
            line = QHBoxLayout()
            line.setContentsMargins(HEAD_EDGE, 2, HEAD_EDGE, 6)
            line.setSpacing(12)
            for control in controls:
                line.addWidget(control, 1 if isinstance(control, SearchField) else 0)
            if not any(isinstance(control, SearchField) for control in controls):
                line.addStretch(1)
            column.addLayout(line)
        for widget in above:
            across = QHBoxLayout()
            across.setContentsMargins(HEAD_EDGE, 4, HEAD_EDGE, 4)
            across.addWidget(widget)
            column.addLayout(across)
        inset = QHBoxLayout()
        edge = HEAD_EDGE - ROW_INSET
        inset.setContentsMargins(edge, 0, edge, 0)
        inset.addWidget(rows)
        column.addLayout(inset, 1)
