"""Signatures, and the reports that were issued."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, JsonList, Synced


class Signature(Synced, Base):
    """A drawn signature: evidence that findings were received, not a qualified e-signature."""

    __tablename__ = "signature"

    audit_id: Mapped[UUID] = mapped_column(ForeignKey("audit.id"), index=True)
    audit_version: Mapped[int]
    party: Mapped[str]
    name: Mapped[str]
    role: Mapped[str] = mapped_column(default="")
    organisation: Mapped[str] = mapped_column(default="")
    remark: Mapped[str] = mapped_column(default="")
    strokes: Mapped[JsonList] = mapped_column(default=list)
    signed_at: Mapped[datetime]
    zone: Mapped[str]


class ReportIssue(Synced, Base):
    """A report as handed over: locked, numbered, with its hash."""

    __tablename__ = "report_issue"

    audit_id: Mapped[UUID] = mapped_column(ForeignKey("audit.id"), index=True)
    number: Mapped[str]
    version: Mapped[int]
    language: Mapped[str] = mapped_column(default="en")
    sha256: Mapped[str]
    pages: Mapped[int]
    size: Mapped[int]
    file: Mapped[str]
    issued_at: Mapped[datetime]
