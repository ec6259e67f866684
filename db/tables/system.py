"""The trail, the outbox, and this device."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, JsonDict


class Device(Base):
    """This device as the trail and the outbox name it; one row."""

    __tablename__ = "device"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    made_at: Mapped[datetime]


class TrailEntry(Base):
    """One change, for ever: what, by whom, when, from and to, chained by SHA-256.

    ``hash = SHA256(0x01 || previous || SHA256(0x00 || body))`` (RELIABILITY 3). ``body`` is the
    canonical JSON of the entry, so that it can be checked without this program.
    """

    __tablename__ = "trail"

    device: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    kind: Mapped[str]
    object_id: Mapped[UUID]
    body: Mapped[str]
    previous: Mapped[bytes]
    hash: Mapped[bytes]

    __table_args__ = (Index("ix_trail_object", "kind", "object_id"),)


class OutboxOp(Base):
    """One change on its way to the centre: set these fields of this row (SYNC 2).

    Attributes:
        no: 1, 2, 3 … per device once sealed; None while it can still grow.
        base: the row's server sequence the change was made on; None for a row never sent.
        state: pending (may still grow), sealed (sent, fixed for good), settling (answered, its
            checkpoint is not complete), acked (kept as a journal for a centre that forgets),
            refused (waits for a person), dropped (a person let it go).
        code, words: why it was refused.
    """

    __tablename__ = "op"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    no: Mapped[int | None] = mapped_column(BigInteger, unique=True)
    group: Mapped[str]
    scope: Mapped[str]
    entity: Mapped[str]
    row_id: Mapped[UUID] = mapped_column(index=True)
    base: Mapped[int | None] = mapped_column(BigInteger)
    set: Mapped[JsonDict] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(default="pending", index=True)
    code: Mapped[str] = mapped_column(default="")
    words: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]


class Shadow(Base):
    """What the server said of a row that has unsettled changes here."""

    __tablename__ = "shadow"

    row_id: Mapped[UUID] = mapped_column(primary_key=True)
    entity: Mapped[str]
    scope: Mapped[str]
    seq: Mapped[int | None] = mapped_column(BigInteger)
    fields: Mapped[JsonDict] = mapped_column(default=dict)
