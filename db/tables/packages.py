"""Exchange packages: which this device has made and merged, and what others' packages said."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from db.base import Base, JsonDict, JsonList


class Package(Base):
    """One exchange package this device knows of.

    Attributes:
        device: which laptop made it; this one's own are listed too.
        merged_at: when it was merged here, whole; None if it was not: one of our own, one that
            only came in part, or one that a third laptop had merged.
        earlier: packages that its maker had made before it, as it told.
    """

    __tablename__ = "package"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    device: Mapped[UUID] = mapped_column(index=True)
    by: Mapped[str] = mapped_column(default="")
    made_at: Mapped[datetime | None]
    merged_at: Mapped[datetime | None]
    earlier: Mapped[JsonList] = mapped_column(default=list)


class PackageRow(Base):
    """What the newest package of a laptop said of a row, once that has been dealt with here.

    Two laptops that never meet at a centre have no other common ground to merge from.

    Attributes:
        device: the laptop whose values these are.
        package: the package that told them, which need not be one that came here itself.
    """

    __tablename__ = "package_row"

    row_id: Mapped[UUID] = mapped_column(primary_key=True)
    device: Mapped[UUID] = mapped_column(primary_key=True)
    package: Mapped[UUID] = mapped_column(ForeignKey("package.id"))
    entity: Mapped[str]
    fields: Mapped[JsonDict] = mapped_column(default=dict)
