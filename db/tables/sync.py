"""What this device knows of the central store: how far it has read, what lies between pages, what
waits for a person."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, JsonDict, JsonList, Synced


class Conflict(Synced, Base):
    """Two values of one field, one of which did not go in: waits for a person (SYNC 2.5).

    ``base``, ``central`` and ``candidate`` hold one value each, in a list, since a value may be
    nothing.
    """

    __tablename__ = "conflict"

    entity: Mapped[str]
    row_id: Mapped[UUID] = mapped_column(index=True)
    field: Mapped[str]
    base: Mapped[JsonList] = mapped_column(default=list)
    central: Mapped[JsonList] = mapped_column(default=list)
    candidate: Mapped[JsonList] = mapped_column(default=list)
    device: Mapped[UUID | None]
    by: Mapped[str] = mapped_column(default="")
    central_by: Mapped[str] = mapped_column(default="")
    central_at: Mapped[datetime | None]
    at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(index=True)
    resolved_by: Mapped[str] = mapped_column(default="")
    resolved_at: Mapped[datetime | None]


class Centre(Base):
    """The central store this workspace is joined to; one row, or none.

    Attributes:
        instance: which centre it is; another one at the same address is not written to.
        acked: results of this device's ops have arrived up to this number.
        credentials: device key and tokens; they are as safe as the workspace itself.
        trouble: why the last try failed, in words; "" after a good one.
    """

    __tablename__ = "centre"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str]
    instance: Mapped[str] = mapped_column(default="")
    user: Mapped[str] = mapped_column(default="")
    role: Mapped[str] = mapped_column(default="")
    credentials: Mapped[JsonDict] = mapped_column(default=dict)
    acked: Mapped[int] = mapped_column(BigInteger, default=0)
    durable: Mapped[int] = mapped_column(BigInteger, default=0)
    joined_at: Mapped[datetime]
    contact_at: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(default="")
    clock_offset: Mapped[float] = mapped_column(default=0.0)


class ScopeCursor(Base):
    """How far one scope was read.

    Attributes:
        fresh: it is being read anew from its start, after the centre lost part of its history.
        asks: the centre did not know the cursor; the earlier ones are told with the next request.
        is_lost: this account may no longer read it.
    """

    __tablename__ = "cursor"

    scope: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, default=0)
    commit_id: Mapped[str] = mapped_column(default="")
    fresh: Mapped[bool] = mapped_column(default=False)
    asks: Mapped[bool] = mapped_column(default=False)
    is_lost: Mapped[bool] = mapped_column(default=False)


class CursorLog(Base):
    """Earlier cursors of a scope, to find the last point that a restored centre still knows."""

    __tablename__ = "cursor_log"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    scope: Mapped[str] = mapped_column(index=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    commit_id: Mapped[str]


class Staged(Base):
    """A row that arrived and is not shown yet: its sync has not come to an end, or its parent or
    a newer version of this program is missing."""

    __tablename__ = "stage"

    entity: Mapped[str] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(index=True)
    seq: Mapped[int] = mapped_column(BigInteger)
    fields: Mapped[JsonDict] = mapped_column(default=dict)
    created: Mapped[str]
    changed: Mapped[str]


class TrailAnchor(Base):
    """The centre's signed word that it saw the head of a trail."""

    __tablename__ = "trail_anchor"

    device: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    head: Mapped[str]
    time: Mapped[str]
    signature: Mapped[str]
    instance: Mapped[str]


class Blob(Base):
    """One photo or file of a row, on its way to the centre or from it.

    Attributes:
        sha256: what the row names; of a rendition, its original's.
        rendition: longest side in pixels as a text; "" for what its own hash names.
        entity: with ``row_id`` and ``part``, through which row it travels.
        state: ``local`` (here, not yet at the centre), ``sending``, ``stored`` (at the centre, by
            its receipt), ``wanted`` (not here), ``here`` (fetched from the centre).
        rank: smaller ones travel first.
        done: bytes that have arrived at the other end.
        upload: where at the centre an upload can be gone on with; "" if none was begun.
        receipt: the centre's word that it holds the bytes; empty until it is given.
        trouble: why it is not there yet, in words.
    """

    __tablename__ = "blob"

    scope: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(primary_key=True)
    rendition: Mapped[str] = mapped_column(primary_key=True)
    entity: Mapped[str]
    row_id: Mapped[UUID] = mapped_column(index=True)
    part: Mapped[str]
    state: Mapped[str] = mapped_column(index=True)
    rank: Mapped[int]
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    done: Mapped[int] = mapped_column(BigInteger, default=0)
    upload: Mapped[str] = mapped_column(default="")
    receipt: Mapped[JsonList] = mapped_column(default=list)
    trouble: Mapped[str] = mapped_column(default="")
