"""A question in the runner's own card, to look at."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from audit_app.services.checklist_rows import QuestionRow
from ui.pages.runner.question_card import QuestionCard
from ui.theme.look import Look


class QuestionPreview(QWidget):
    """Shows what the auditor will see; it takes no press and no key, because nothing is kept."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.card = QuestionCard(look)
        self.card.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.card)
        look.changed.connect(self._fit)

    def show_question(self, row: QuestionRow) -> None:
        """Show this one, unanswered."""
        self.card.show_question(row)
        for part in self.card.findChildren(QWidget):
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._fit()

    def _fit(self) -> None:
        if self.card.row is not None:
            self.setFixedHeight(self.card.height_for(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def event(self, event: QEvent) -> bool:
        # The card asks for its height anew when its parts are laid out.
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(event)
