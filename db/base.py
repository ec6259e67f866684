"""What every table shares: types, naming, and what a row needs to travel."""

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import JSON, BigInteger, Date, Enum, LargeBinary, MetaData, String, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from audit_app.domain.words import (
    ActionState,
    AuditState,
    FindingState,
    Grade,
    Mark,
    Rating,
    VisitState,
)

JsonDict = dict[str, Any]
JsonList = list[Any]


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept as whole microseconds since 1970 in UTC: sorts and compares right."""

    impl = BigInteger
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment without a time zone cannot be stored.")
        delta = value.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
        return (delta.days * 86_400 + delta.seconds) * 1_000_000 + delta.microseconds

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        seconds, micros = divmod(value, 1_000_000)
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros)


class Uuid16(TypeDecorator[UUID]):
    """A UUID in 16 bytes; version 7 ids then sort by when they were made."""

    impl = LargeBinary(16)
    cache_ok = True

    @property
    def python_type(self) -> type[UUID]:
        return UUID

    def process_bind_param(self, value: UUID | None, dialect: Dialect) -> bytes | None:
        return None if value is None else value.bytes

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> UUID | None:
        return None if value is None else UUID(bytes=value)


class ExactDecimal(TypeDecorator[Decimal]):
    """A decimal kept as its text, digit for digit."""

    impl = String
    cache_ok = True

    @property
    def python_type(self) -> type[Decimal]:
        return Decimal

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        return None if value is None else str(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


def _enum(words: type[StrEnum]) -> Enum:
    """A word list kept as its values; an unknown word read back is an error, not a guess."""
    return Enum(
        words,
        native_enum=False,
        create_constraint=False,
        length=32,
        values_callable=lambda kind: [word.value for word in kind],
    )


NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All tables of the local store."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        date: Date,
        UUID: Uuid16,
        Decimal: ExactDecimal,
        JsonDict: JSON,
        JsonList: JSON,
        **{
            words: _enum(words)
            for words in (
                ActionState,
                AuditState,
                FindingState,
                Grade,
                Mark,
                Rating,
                VisitState,
            )
        },
    }


class Synced:
    """A row that other devices will see; it changes only through ``Store.write``.

    Attributes:
        scope: the unit of sharing, ordering and permission it lies in, such as ``audit:<id>``.
        seq: the server's number of the last change seen; None before the first sync.
        extra: fields that a newer version sent and this one does not know.
        deleted_at: the tombstone; rows are never removed.
    """

    __tablename__: str

    id: Mapped[UUID] = mapped_column(primary_key=True)
    scope: Mapped[str] = mapped_column(index=True)
    seq: Mapped[int | None] = mapped_column(BigInteger)
    extra: Mapped[JsonDict] = mapped_column(default=dict)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


BOOKKEEPING = frozenset({"id", "scope", "seq", "extra", "created_at", "changed_at"})
"""Columns of a synced row that are not entered by anybody."""
