"""Checklist templates: import, look at, export."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from audit_app.changes import Changes, Kind
from audit_app.clock import Clock
from audit_app.domain.records import LIBRARY
from audit_app.errors import ImportRefused, NotFound
from audit_app.forms.checklist import Checklist
from audit_app.forms.compiled import CompiledTemplate
from audit_app.services.facts import compiled_template
from audit_app.services.programme_rows import TemplateRow
from audit_app.services.results import Done
from audit_app.services.settings import SettingsService
from audit_app.services.template_preview import SectionPreview, preview
from db.store import Store
from db.tables import Audit, StoredFile, Template, TemplateVersion

if TYPE_CHECKING:
    from audit_app.forms.xlsform import ImportResult

_LIBRARY = UUID("0d6e1d0a-6b0d-5c3c-9d54-6f6f4a1c7e52")
"""Names templates by their form id: two devices that import one checklist make one row (SYNC 2.5)."""

IMPORT_TIMEOUT = 120.0
"""Seconds after which a spreadsheet that does not convert is given up."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import.

    Attributes:
        result: title, counts and every problem, by sheet, row and column.
        version_id: the version now in the workspace; None when the file was refused.
        already_here: the very same checklist was imported before; nothing was added.
    """

    result: "ImportResult"
    version_id: UUID | None
    already_here: bool
    changes: Changes


class TemplatesService:
    """The template library."""

    def __init__(self, store: Store, clock: Clock, settings: SettingsService) -> None:
        self._store = store
        self._clock = clock
        self._settings = settings

    def listed(self) -> tuple[TemplateRow, ...]:
        """Every version of every checklist, newest version first."""
        with self._store.read() as session:
            used = {
                version_id: count
                for version_id, count in session.execute(
                    select(Audit.template_version_id, func.count())
                    .where(Audit.deleted_at.is_(None))
                    .group_by(Audit.template_version_id)
                )
            }
            forms = dict(session.execute(select(Template.id, Template.form_id)).all())
            versions = session.scalars(
                select(TemplateVersion)
                .where(TemplateVersion.deleted_at.is_(None))
                .order_by(
                    TemplateVersion.title,
                    TemplateVersion.added_at.desc(),
                    TemplateVersion.id.desc(),
                )
            ).all()
        seen: set[UUID] = set()
        rows = []
        for version in versions:
            newest = version.template_id not in seen
            seen.add(version.template_id)
            rows.append(
                TemplateRow(
                    id=version.id,
                    template_id=version.template_id,
                    title=version.title,
                    version=version.version,
                    sha256=version.sha256,
                    questions=version.questions,
                    sections=version.sections,
                    languages=tuple(version.languages),
                    added_at=version.added_at,
                    audits=used.get(version.id, 0),
                    newest=newest,
                    form_id=forms.get(version.template_id, ""),
                )
            )
        return tuple(rows)

    def check(self, data: bytes, name: str) -> "ImportResult":
        """What importing this file would give; nothing is kept."""
        # Only an import needs the converter; with its libraries it would weigh on every start.
        from audit_app.forms.xlsform import import_xlsform

        return import_xlsform(data, name)

    def import_file(self, data: bytes, name: str) -> Imported:
        """Import a spreadsheet as a new version, wholly or not at all.

        Raises:
            ImportRefused: other questions under a version that is already here.
        """
        result = self.check(data, name)
        if result.template is None:
            return Imported(result, None, already_here=False, changes=Changes())
        return self.keep(result, data, name)

    def keep(self, result: "ImportResult", data: bytes, name: str) -> Imported:
        """Keep a converted checklist, with the file it came from."""
        compiled = result.template
        if compiled is None:
            return Imported(result, None, already_here=False, changes=Changes())
        source = hashlib.sha256(data).hexdigest()
        with self._store.write(actor=self._settings.auditor, action="import template") as session:
            # A version whose row came from a colleague may lack its files here until now.
            session.merge(
                StoredFile(sha256=compiled.sha256, kind="compiled", data=compiled.to_bytes())
            )
            session.merge(StoredFile(sha256=source, kind="source", data=data))
            same = session.scalars(
                select(TemplateVersion).where(TemplateVersion.sha256 == compiled.sha256)
            ).first()
            if same is not None:
                return Imported(result, same.id, already_here=True, changes=Changes())
            template = self._template(session, compiled)
            _refuse_silent_change(session, template, compiled)
            version = TemplateVersion(
                id=uuid5(template.id, compiled.sha256),
                scope=LIBRARY,
                template_id=template.id,
                version=compiled.version,
                title=compiled.title,
                sha256=compiled.sha256,
                source_sha256=source,
                source_name=name,
                questions=result.questions,
                sections=result.sections,
                languages=list(result.languages),
                added_at=self._clock.now(),
            )
            session.add(version)
        return Imported(
            result,
            version.id,
            already_here=False,
            changes=Changes.of(Kind.TEMPLATE, template.id),
        )

    def checklist(self, version_id: UUID, *, language: str | None = None) -> Checklist:
        """The sections and questions of a version, to look at."""
        with self._store.read() as session:
            version = _version(session, version_id)
            return Checklist.of(compiled_template(session, version.sha256), language)

    def preview(
        self, version_id: UUID, *, language: str | None = None
    ) -> tuple[SectionPreview, ...]:
        """The questions of a version as the runner would show them, unanswered."""
        with self._store.read() as session:
            compiled = compiled_template(session, _version(session, version_id).sha256)
        return preview(compiled, self._clock, language)

    def export(self, version_id: UUID) -> tuple[str, bytes]:
        """Name and bytes of the spreadsheet a version came from."""
        with self._store.read() as session:
            version = _version(session, version_id)
            stored = session.get(StoredFile, version.source_sha256)
            if stored is None:
                raise NotFound("The spreadsheet of this version is not in the workspace.")
            return version.source_name, stored.data

    def import_shipped(self, folder: Path) -> tuple[Done, ...]:
        """Put the checklists that ship with the program into the library."""
        done = []
        for path in sorted(folder.glob("*.xlsx")):
            imported = self.import_file(path.read_bytes(), path.name)
            if imported.version_id is not None:
                done.append(Done(imported.version_id, imported.changes))
        return tuple(done)

    def _template(self, session: Session, compiled: CompiledTemplate) -> Template:
        template = session.scalars(
            select(Template).where(
                Template.form_id == compiled.form_id, Template.deleted_at.is_(None)
            )
        ).first()
        if template is None:
            template = Template(
                id=uuid5(_LIBRARY, compiled.form_id),
                scope=LIBRARY,
                form_id=compiled.form_id,
                title=compiled.title,
            )
            session.add(template)
            session.flush()
        else:
            template.title = compiled.title
        return template


def _version(session: Session, version_id: UUID) -> TemplateVersion:
    version = session.get(TemplateVersion, version_id)
    if version is None:
        raise NotFound("This checklist version is not in the workspace.")
    return version


def _refuse_silent_change(session: Session, template: Template, compiled: CompiledTemplate) -> None:
    """A changed checklist under an unchanged version string would make versions lie."""
    same = session.scalars(
        select(TemplateVersion).where(
            TemplateVersion.template_id == template.id,
            TemplateVersion.version == compiled.version,
            TemplateVersion.deleted_at.is_(None),
        )
    ).first()
    if same is not None:
        raise ImportRefused(
            f"“{compiled.title}” is here already as version {compiled.version or '(none)'}, "
            "with other contents.",
            "Raise the version on the settings sheet and import it again.",
        )
