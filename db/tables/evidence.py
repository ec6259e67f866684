"""Photos and files behind answers and findings; their bytes live in the photo store."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, Synced


class Evidence(Synced, Base):
    """One photo or file, named by the SHA-256 of its original bytes."""

    __tablename__ = "evidence"

    audit_id: Mapped[UUID] = mapped_column(ForeignKey("audit.id"), index=True)
    ref: Mapped[str] = mapped_column(default="")
    finding_id: Mapped[UUID | None] = mapped_column(ForeignKey("finding.id"), index=True)
    kind: Mapped[str]
    name: Mapped[str]
    mime: Mapped[str]
    caption: Mapped[str] = mapped_column(default="")
    sha256: Mapped[str] = mapped_column(index=True)
    size: Mapped[int]
    width: Mapped[int] = mapped_column(default=0)
    height: Mapped[int] = mapped_column(default=0)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    taken_at: Mapped[datetime | None]
    added_by: Mapped[str] = mapped_column(default="")
    binned_at: Mapped[datetime | None]


class Thumbnail(Base):
    """The 320 px rendition of a photo; derived, so it never syncs."""

    __tablename__ = "thumbnail"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    data: Mapped[bytes] = mapped_column(LargeBinary)
