"""One checklist: its questions, and the chosen one in the runner's own card."""

from pathlib import Path
from uuid import UUID

from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from audit_app.domain.words import Tone
from audit_app.errors import AuditError
from audit_app.services.checklist_rows import QuestionRow
from audit_app.services.programme_rows import TemplateRow
from audit_app.services.template_preview import SectionPreview
from ui.models.row_list import ListRow, Pill, heading
from ui.pages.question_preview import QuestionPreview
from ui.shell import Shell
from ui.tasks import Progress
from ui.widgets.button import Button, Segmented
from ui.widgets.row_view import RowView
from ui.widgets.strip import Banner
from ui.widgets.text import Label


class TemplatePanel(QWidget):
    """Looking only: a checklist is changed in its spreadsheet and imported as a new version."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self._row: TemplateRow | None = None
        self._questions: dict[str, QuestionRow] = {}
        look = shell.look
        self._line = Label("", "secondary", is_wrapped=True)
        self._languages = Segmented(look, (), self.tr("Language"))
        self._languages.chosen.connect(lambda language: self._load(str(language)))
        self._languages.hide()
        out = Button(look, self.tr("Save the spreadsheet"), "file-down")
        out.clicked.connect(self._export)
        self.banner = Banner(look)
        self.preview = QuestionPreview(look)
        self.preview.hide()
        self.questions = RowView(look, self.tr("Questions"))
        self.questions.opened.connect(self._show_question)
        buttons = QHBoxLayout()
        buttons.addWidget(out)
        buttons.addStretch(1)
        buttons.addWidget(self._languages)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 4, 18, 12)
        column.setSpacing(10)
        column.addWidget(self._line)
        column.addLayout(buttons)
        column.addWidget(self.banner)
        column.addWidget(self.preview)
        column.addWidget(self.questions, 1)

    def show_template(self, row: TemplateRow) -> None:
        """Show this version."""
        if row == self._row:
            return
        self._row = row
        self.preview.hide()
        version = row.version or self.tr("without a number")
        words = self.tr("Version {0}, %Ln question(s). Fingerprint {1}", "", row.questions)
        self._line.setText(words.format(version, row.sha256[:12]))
        self._line.setToolTip(row.sha256)
        many = len(row.languages) > 1
        self._languages.setVisible(many)
        if many:
            self._languages.show_options([(language, language) for language in row.languages])
        self._load(None)

    def _load(self, language: str | None) -> None:
        if self._row is None:
            return
        templates, version_id = self._shell.services.templates, self._row.id

        def done(sections: tuple[SectionPreview, ...]) -> None:
            self._show(version_id, sections)

        self._shell.tasks.in_db(
            lambda: templates.preview(version_id, language=language),
            done,
            self._refuse,
            owner=self,
        )

    def _show(self, version_id: UUID, sections: tuple[SectionPreview, ...]) -> None:
        if self._row is None or self._row.id != version_id:
            return
        self.banner.clear()
        self._questions = {row.ref: row for section in sections for row in section.questions}
        rows: list[ListRow] = []
        for section in sections:
            rows.append(heading(section.title))
            for question in section.questions:
                pills: tuple[Pill, ...] = ()
                if question.critical:
                    pills = (Pill(self.tr("Critical"), Tone.BAD),)
                line = question.clause or question.guidance
                title = f"{question.number}  {question.text}".strip()
                rows.append(ListRow(question.ref, title, line, pills=pills, is_tall=True))
        self.questions.show_rows(rows)
        first = next(iter(self._questions), None)
        shown = self.preview.card.row
        kept = shown.ref if shown is not None and shown.ref in self._questions else first
        self._show_question(kept)

    def _show_question(self, ref: object) -> None:
        question = self._questions.get(str(ref))
        self.preview.setVisible(question is not None)
        if question is not None:
            self.preview.show_question(question)
            self.questions.select(question.ref)

    def _export(self) -> None:
        if self._row is None:
            return
        templates, version_id = self._shell.services.templates, self._row.id
        self._shell.tasks.in_db(
            lambda: templates.export(version_id), self._save_as, self._refuse, owner=self
        )

    def _save_as(self, found: tuple[str, bytes]) -> None:
        name, data = found
        dialog = QFileDialog(self, self.tr("Save the spreadsheet"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(name)
        dialog.fileSelected.connect(lambda chosen: self._write(Path(chosen), data))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _write(self, path: Path, data: bytes) -> None:
        def work(_progress: Progress) -> Path:
            from db.files import write_durably

            write_durably(path, data)
            return path

        def done(written: Path) -> None:
            self._shell.messages.say(self.tr("Saved as {0}.").format(written))

        self._shell.tasks.in_work(work, done, self._refuse, owner=self)

    def _refuse(self, error: AuditError) -> None:
        self.banner.say(str(error))
