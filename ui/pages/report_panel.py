"""One report: made in the background, looked at here, then issued or saved elsewhere."""

import shutil
from pathlib import Path

from PySide6.QtCore import QMargins, QTemporaryDir, QUrl
from PySide6.QtGui import QColor, QDesktopServices, QPalette
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from audit_app.domain.words import AuditState, Tone
from audit_app.errors import AuditError
from audit_app.services.programme_rows import AuditRow, ReportRow, VisitRow
from audit_app.services.results import Done
from ui.pages.report_job import LANGUAGES, Made, make_report
from ui.shell import Shell
from ui.widgets.button import Button, Segmented
from ui.widgets.progress_panel import ProgressPanel
from ui.widgets.strip import Banner
from ui.widgets.tag import Tag
from ui.widgets.text import Label
from ui.widgets.wrap_layout import WrapLayout
from ui.words import day_words, size_words


class ReportPanel(QWidget):
    """Shows the PDF as it will be handed over; a draft says that it is one."""

    def __init__(self, shell: Shell) -> None:
        super().__init__()
        self._shell = shell
        self._audit: AuditRow | None = None
        self._file: Path | None = None
        self._made: Made | None = None
        # Drafts are readable files: they go when the panel goes.
        self._folder = QTemporaryDir()
        self._number = 0
        look = shell.look
        self._tags = WrapLayout()
        self._state = Tag(look, "")
        self._tags.addWidget(self._state)
        self._line = Label("", "secondary", is_wrapped=True)
        self._language = Segmented(look, LANGUAGES, self.tr("Language of the report"))
        self._language.chosen.connect(lambda _language: self._make())
        self._issue = Button(look, self.tr("Issue this report"), "check", "primary")
        self._issue.clicked.connect(self._on_issue)
        self._save = Button(look, self.tr("Save as"), "download")
        self._save.clicked.connect(self._save_as)
        self._open = Button(look, self.tr("Open"), "external-link")
        self._open.clicked.connect(self._open_file)
        self.progress = ProgressPanel(look)
        self._again = Button(look, self.tr("Make the report"), "file-text")
        self._again.clicked.connect(self._make)
        self._again.hide()
        self.banner = Banner(look)
        self._make_view()
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._language)
        buttons.addStretch(1)
        buttons.addWidget(self._open)
        buttons.addWidget(self._save)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 4, 18, 14)
        column.setSpacing(10)
        column.addLayout(self._tags)
        column.addWidget(self._line)
        column.addLayout(buttons)
        column.addWidget(self.progress)
        column.addWidget(self._again)
        column.addWidget(self.banner)
        column.addWidget(self.view, 1)
        column.addWidget(self._issue)
        self._show_buttons()

    def _make_view(self) -> None:
        self.document = QPdfDocument(self)
        self.view = QPdfView()
        self.view.setDocument(self.document)
        self.view.setPageMode(QPdfView.PageMode.MultiPage)
        self.view.setZoomMode(QPdfView.ZoomMode.FitToWidth)
        self.view.setAccessibleName(self.tr("Preview of the report"))
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setDocumentMargins(QMargins(0, 0, 0, 0))
        self._shell.look.changed.connect(self._colour_view)
        self._colour_view()

    def _colour_view(self) -> None:
        """Between the pages stands the panel itself, not the grey of a desktop viewer."""
        palette = self.view.palette()
        palette.setColor(QPalette.ColorRole.Dark, QColor(self._shell.look.tokens.line))
        self.view.setPalette(palette)

    def show_audit(self, visit: VisitRow, audit: AuditRow) -> None:
        """Make and show the report of this audit."""
        if self._audit == audit:
            return
        self._audit = audit
        is_signed = audit.state is AuditState.SIGNED
        if is_signed:
            self._state.show_tag(self.tr("Signed"), Tone.GOOD, "check")
        else:
            self._state.show_tag(self.tr("Draft, not signed yet"), Tone.WATCH, "pencil")
        words = f"{audit.template}, {visit.number}"
        left = audit.total - audit.answered
        if not is_signed and left:
            words += ". " + self.tr("%Ln question(s) not answered", "", left)
        self._line.setText(words)
        self._language.show()
        self._make()

    def show_issued(self, report: ReportRow) -> None:
        """Show a report that was handed over; it cannot change any more."""
        self._audit = None
        self._state.show_tag(self.tr("Issued"), Tone.GOOD, "lock")
        day = day_words(report.issued_at.astimezone().date())
        self._line.setText(
            self.tr("{0}, {1}, version {2}, {3}. SHA-256 {4}").format(
                report.template, day, report.version, size_words(report.size), report.sha256
            )
        )
        self._language.hide()
        self.banner.clear()
        path = Path(report.file)
        if path.is_file():
            self._load(path)
        else:
            self._file = None
            self.document.close()
            self.banner.say(
                self.tr("The file {0} is not there any more. It can be made anew.").format(path)
            )
            self._show_buttons()

    def _make(self) -> None:
        audit = self._audit
        if audit is None:
            return
        self.banner.clear()
        chosen = self._language.value
        language = "en" if chosen is None else str(chosen)
        self._number += 1
        file = Path(self._folder.path()) / f"report-{self._number}.pdf"
        self.progress.begin(self.tr("Making the report"), None)
        self._again.hide()
        number = self._number
        make_report(
            self._shell,
            audit.id,
            language,
            file,
            lambda made: self._on_made(number, made),
            self._refuse,
            lambda progress: self.progress.begin(self.tr("Making the report"), progress),
            self.progress.show_step,
            owner=self,
        )

    def _on_made(self, number: int, made: Made | None) -> None:
        if number != self._number:
            return
        self.progress.end()
        if made is None:
            self._again.show()
            return
        self._made = made
        self._load(made.file)

    def _load(self, file: Path) -> None:
        self._file = file
        self.document.close()
        fault = self.document.load(str(file))
        if fault is not QPdfDocument.Error.None_:
            self.banner.say(self.tr("The report {0} cannot be shown.").format(file.name))
        self._show_buttons()

    def _show_buttons(self) -> None:
        has_file = self._file is not None
        is_signed = self._audit is not None and self._audit.state is AuditState.SIGNED
        self._open.setEnabled(has_file)
        self._save.setEnabled(has_file)
        self._issue.setVisible(is_signed)
        self._issue.setEnabled(has_file)

    def _on_issue(self) -> None:
        audit, file, made = self._audit, self._file, self._made
        if audit is None or file is None or made is None:
            return
        reports = self._shell.services.reports
        self._issue.setEnabled(False)

        def work() -> Done:
            target = reports.suggested_file(audit.id)
            target.parent.mkdir(parents=True, exist_ok=True)
            part = target.with_suffix(".part")
            shutil.copyfile(file, part)
            part.replace(target)
            return reports.issued(
                audit.id,
                file=target,
                sha256=made.sha256,
                pages=made.pages,
                size=made.size,
                language=made.language,
            )

        self._shell.tasks.in_db(work, self._on_issued, self._refuse, owner=self)

    def _on_issued(self, _done: Done) -> None:
        self._state.show_tag(self.tr("Issued"), Tone.GOOD, "lock")
        self._issue.hide()
        self._shell.messages.say(self.tr("The report is issued, with its number and hash."))

    def _save_as(self) -> None:
        file = self._file
        if file is None:
            return
        dialog = QFileDialog(self, self.tr("Save the report"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter("PDF (*.pdf)")
        dialog.selectFile(file.name)
        dialog.fileSelected.connect(lambda name: self._copy(file, Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _copy(self, file: Path, target: Path) -> None:
        def work(_progress: object) -> Path:
            try:
                shutil.copyfile(file, target)
            except OSError as error:
                words = self.tr("{0} could not be written: {1}.").format(target, error.strerror)
                raise AuditError(words, self.tr("Choose another place.")) from error
            return target

        def done(written: Path) -> None:
            self._shell.messages.say(self.tr("Saved as {0}.").format(written))

        self._shell.tasks.in_work(work, done, self._refuse, owner=self)

    def _open_file(self) -> None:
        if self._file is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._file)))

    def _refuse(self, error: AuditError) -> None:
        self.progress.end()
        self.banner.say(str(error))
        self._show_buttons()
