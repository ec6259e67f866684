"""A question in the look of the runner's card, without answering it."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from audit_app.domain.words import Critical, Tone
from audit_app.forms.checklist import Question
from ui.theme.look import Look
from ui.theme.tokens import TONE_ICONS
from ui.widgets.tag import Tag
from ui.widgets.text import Label
from ui.widgets.wrap_layout import WrapLayout


class QuestionPreview(QFrame):
    """Number, tags, question, guidance and the possible answers."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setProperty("kind", "open-card")
        self._look = look
        self._body: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(18, 14, 18, 16)

    def show_question(self, question: Question) -> None:
        """Show this one."""
        if self._body is not None:
            self._body.hide()
            self._column.removeWidget(self._body)
            self._body.deleteLater()
        look = self._look
        self._body = QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(Label(question.number, "label"))
        if question.critical is not Critical.NO:
            top.addWidget(Tag(look, self.tr("Critical"), Tone.BAD))
        if question.evidence.when == "always":
            top.addWidget(Tag(look, self.tr("Evidence needed")))
        top.addStretch(1)
        top.addWidget(Label(question.clause, "caption"))
        column.addLayout(top)
        column.addWidget(Label(question.text, "question", is_wrapped=True))
        if question.guidance:
            column.addWidget(Label(question.guidance, "secondary", is_wrapped=True))
        answers = WrapLayout()
        for choice in question.choices:
            answers.addWidget(Tag(look, choice.label, choice.tone, TONE_ICONS[choice.tone]))
        if answers.count():
            column.addLayout(answers)
        for field in question.fields:
            words = " ".join(part for part in (field.label, field.unit) if part)
            if words and not question.choices:
                column.addWidget(Label(words, "label"))
        self._column.addWidget(self._body)
