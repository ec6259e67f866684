"""The checklists on this device: look at one, bring a new one in, hand one out."""

from pathlib import Path
from typing import ClassVar
from uuid import UUID

from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from audit_app.changes import Kind
from audit_app.domain.words import Tone
from audit_app.errors import AuditError
from audit_app.forms.xlsform import ImportResult
from audit_app.services.programme_rows import TemplateRow
from audit_app.services.templates import Imported
from ui.breadth import Breadth
from ui.commands import Command
from ui.models.row_list import ListRow, Pill, heading
from ui.pages.import_panel import ImportPanel
from ui.pages.list_column import ListColumn
from ui.pages.page import Page, PageHead
from ui.pages.template_panel import TemplatePanel
from ui.routes import Route, Templates
from ui.shell import Shell
from ui.tasks import Progress
from ui.widgets.button import Button
from ui.widgets.empty_state import EmptyState
from ui.widgets.progress_panel import ProgressPanel
from ui.widgets.row_view import RowView
from ui.widgets.side_by_side import SideBySide
from ui.words import day_words

SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".xml"})


class TemplatesPage(Page):
    """Newest versions first; older ones below, because audits are pinned to them."""

    cares_for: ClassVar[frozenset[Kind]] = frozenset({Kind.TEMPLATE, Kind.VISIT})

    def __init__(self, shell: Shell) -> None:
        super().__init__(shell)
        look = self.look
        self._route = Templates()
        self._templates: tuple[TemplateRow, ...] = ()
        head = PageHead(self.tr("Templates"), self.tr("Checklists are spreadsheets (XLSForm)"))
        take = Button(look, self.tr("Import a checklist"), "file-up", "primary")
        take.clicked.connect(self._choose_file)
        head.add(take)
        empty = EmptyState(
            look,
            "library",
            self.tr("No checklist on this device"),
            self.tr("Import a spreadsheet, or drop one here."),
            self.tr("Import a checklist"),
        )
        empty.chosen.connect(self._choose_file)
        self.progress = ProgressPanel(look)
        self.list = RowView(look, self.tr("Checklists"), empty)
        self.list.opened.connect(lambda version_id: shell.router.go(Templates(version_id)))
        main = ListColumn(head, self.list, above=(self.progress,))
        self.side = SideBySide(look, main, width=560)
        self.side.closed.connect(lambda: shell.router.replace(Templates()))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self.side)
        self.setAcceptDrops(True)
        shell.commands.declare(
            [
                Command(
                    "templates.import",
                    self.tr("Import a checklist"),
                    self.tr("Templates"),
                    self._choose_file,
                    "file-up",
                    ("Ctrl+O",),
                )
            ],
            on=self,
        )

    def open_route(self, route: Route) -> None:
        self._route = route if isinstance(route, Templates) else Templates()
        self.reload()

    def reload(self) -> None:
        self.shell.tasks.in_db(self.shell.services.templates.listed, self._show, owner=self)

    def fit(self, breadth: Breadth) -> None:
        super().fit(breadth)
        self.side.fit(breadth)

    def panes(self) -> list[QWidget]:
        return [self.list, self.side.panel]

    def import_path(self, path: Path) -> None:
        """Check this file and show what importing it would give."""
        templates = self.shell.services.templates

        def work(_progress: Progress) -> tuple[ImportResult, bytes]:
            try:
                data = path.read_bytes()
            except OSError as error:
                words = self.tr("{0} could not be read: {1}.").format(path.name, error.strerror)
                raise AuditError(words, self.tr("Check the file and try again.")) from error
            return templates.check(data, path.name), data

        def done(found: tuple[ImportResult, bytes]) -> None:
            self.progress.end()
            if progress.is_stopped:
                return
            panel = ImportPanel(self.shell, found[0], found[1], path.name)
            panel.imported.connect(self._on_imported)
            self.side.open_side(panel, found[0].title or path.name)

        def failed(error: AuditError) -> None:
            self.progress.end()
            self.shell.messages.refuse(error)

        progress = self.shell.tasks.in_work(work, done, failed, owner=self)
        self.progress.begin(self.tr("Checking {0}").format(path.name), progress)

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, self.tr("Import a checklist"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        patterns = " ".join(f"*{suffix}" for suffix in sorted(SUFFIXES))
        dialog.setNameFilter(self.tr("Checklists ({0})").format(patterns))
        dialog.fileSelected.connect(lambda name: self.import_path(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _show(self, templates: tuple[TemplateRow, ...]) -> None:
        self._templates = templates
        newest = [row for row in templates if row.newest]
        older = [row for row in templates if not row.newest]
        rows = [self._row(row) for row in newest]
        if older:
            rows.append(heading(self.tr("Older versions")))
            rows += [self._row(row) for row in older]
        self.list.show_rows(rows)
        if self._route.version_id is not None:
            self._open(self._route.version_id)

    def _row(self, row: TemplateRow) -> ListRow:
        counts = self.tr("{0} questions in {1} sections").format(row.questions, row.sections)
        used = self.tr("%Ln audit(s)", "", row.audits)
        parts = [counts, ", ".join(row.languages), day_words(row.added_at.astimezone().date())]
        return ListRow(
            row.id,
            row.title,
            ", ".join(part for part in parts if part),
            icon="clipboard-list",
            tone=None if row.newest else Tone.NEUTRAL,
            pills=(Pill(row.version, Tone.NEUTRAL),) if row.version else (),
            trailing=used if row.audits else "",
        )

    def _open(self, version_id: UUID) -> None:
        row = next((row for row in self._templates if row.id == version_id), None)
        if row is None:
            self.side.close_side()
            return
        self.list.select(version_id)
        content = self.side.content
        panel = content if isinstance(content, TemplatePanel) else TemplatePanel(self.shell)
        panel.show_template(row)
        self.side.open_side(panel, row.title)

    def _on_imported(self, imported: Imported) -> None:
        words = self.tr("“{0}” is in the library.").format(imported.result.title)
        if imported.already_here:
            words = self.tr("This very checklist is in the library already.")
        self.shell.messages.say(words)
        self.side.close_side()
        self.shell.router.replace(Templates(imported.version_id))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = _dropped(event)
        if path is not None:
            event.acceptProposedAction()
            self.import_path(path)


def _dropped(event: QDropEvent) -> Path | None:
    for url in event.mimeData().urls():
        path = Path(url.toLocalFile())
        if url.isLocalFile() and path.suffix.lower() in SUFFIXES:
            return path
    return None
