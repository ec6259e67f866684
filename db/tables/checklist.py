"""Templates and their frozen versions, audits, answers, and the steps that can be undone."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from audit_app.domain.words import AuditState, Mark, Rating
from db.base import Base, JsonDict, JsonList, Synced


class Template(Synced, Base):
    """A checklist by its form id, through all its versions."""

    __tablename__ = "template"

    form_id: Mapped[str]
    title: Mapped[str]


class TemplateVersion(Synced, Base):
    """One immutable version of a checklist, keyed by the SHA-256 of its compiled form."""

    __tablename__ = "template_version"

    template_id: Mapped[UUID] = mapped_column(ForeignKey("template.id"), index=True)
    version: Mapped[str]
    title: Mapped[str]
    sha256: Mapped[str]
    source_sha256: Mapped[str]
    source_name: Mapped[str]
    questions: Mapped[int]
    sections: Mapped[int]
    languages: Mapped[JsonList] = mapped_column(default=list)
    added_at: Mapped[datetime]


class StoredFile(Base):
    """Bytes by their SHA-256: compiled templates and the spreadsheets they came from."""

    __tablename__ = "stored_file"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    data: Mapped[bytes] = mapped_column(LargeBinary)


class Audit(Synced, Base):
    """One checklist run at one visit, pinned to one template version for ever."""

    __tablename__ = "audit"

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("visit.id"), index=True)
    template_version_id: Mapped[UUID] = mapped_column(ForeignKey("template_version.id"))
    number: Mapped[str]
    state: Mapped[AuditState]
    version: Mapped[int] = mapped_column(default=1)
    language: Mapped[str] = mapped_column(default="")
    form_sha256: Mapped[str]
    signed_at: Mapped[datetime | None]
    manifest: Mapped[str] = mapped_column(default="")
    reopen_reason: Mapped[str] = mapped_column(default="")


class AuditSummary(Base):
    """The score and progress of an audit as last computed; derived, so it never syncs."""

    __tablename__ = "audit_summary"

    audit_id: Mapped[UUID] = mapped_column(primary_key=True)
    answered: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    raw: Mapped[Decimal | None]
    shown: Mapped[Decimal | None]
    coverage: Mapped[Decimal | None]
    rating: Mapped[Rating] = mapped_column(default=Rating.NONE)
    provisional: Mapped[bool] = mapped_column(default=False)
    sections: Mapped[JsonDict] = mapped_column(default=dict)


class Answer(Synced, Base):
    """The value of one node of the form, with the auditor's note and marks on its question.

    The id is ``uuid5(audit, ref)``: two people answering the same question offline meet in one
    row instead of making two (SYNC 2.5).
    """

    __tablename__ = "answer"

    audit_id: Mapped[UUID] = mapped_column(ForeignKey("audit.id"), index=True)
    ref: Mapped[str]
    value: Mapped[str] = mapped_column(default="")
    mark: Mapped[Mark | None]
    note: Mapped[str] = mapped_column(default="")
    flagged: Mapped[bool] = mapped_column(default=False)
    skipped: Mapped[bool] = mapped_column(default=False)
    answered_by: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("audit_id", "ref"),)


class UndoStep(Base):
    """One step that can be taken back; kept until sign-off, on this device only.

    ``before`` and ``after`` map a table name and row id to the fields that the step changed.
    """

    __tablename__ = "undo_step"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    audit_id: Mapped[UUID] = mapped_column(index=True)
    label: Mapped[str]
    before: Mapped[JsonDict] = mapped_column(default=dict)
    after: Mapped[JsonDict] = mapped_column(default=dict)
    undone: Mapped[bool] = mapped_column(default=False)
