"""Findings and the corrective actions that answer them."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from audit_app.domain.words import ActionState, FindingState, Grade
from db.base import Base, Synced


class Finding(Synced, Base):
    """What was found: criterion, evidence, statement (DOMAIN 1.1), and its follow-up."""

    __tablename__ = "finding"

    audit_id: Mapped[UUID] = mapped_column(ForeignKey("audit.id"), index=True)
    number: Mapped[int]
    ref: Mapped[str] = mapped_column(default="")
    question_code: Mapped[str] = mapped_column(default="", index=True)
    question_number: Mapped[str] = mapped_column(default="")
    grade: Mapped[Grade]
    graded_by_hand: Mapped[bool] = mapped_column(default=False)
    opened_by_hand: Mapped[bool] = mapped_column(default=False)
    state: Mapped[FindingState]
    title: Mapped[str]
    clause: Mapped[str] = mapped_column(default="")
    criterion: Mapped[str] = mapped_column(default="")
    statement: Mapped[str] = mapped_column(default="")
    cause: Mapped[str] = mapped_column(default="")
    impact: Mapped[str] = mapped_column(default="")
    containment: Mapped[str] = mapped_column(default="")
    dissent: Mapped[str] = mapped_column(default="")
    repeat_of: Mapped[str] = mapped_column(default="")
    void_reason: Mapped[str] = mapped_column(default="")
    opened_at: Mapped[datetime]
    opened_by: Mapped[str] = mapped_column(default="")


class Action(Synced, Base):
    """What somebody will do about a finding, by when."""

    __tablename__ = "action"

    finding_id: Mapped[UUID] = mapped_column(ForeignKey("finding.id"), index=True)
    text: Mapped[str]
    owner: Mapped[str] = mapped_column(default="")
    due: Mapped[date | None]
    state: Mapped[ActionState]
    note: Mapped[str] = mapped_column(default="")
    proof: Mapped[str] = mapped_column(default="")
    done_at: Mapped[datetime | None]
