"""Vendors, their sites and people, visits, and this workspace's settings."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from audit_app.domain.words import VisitState
from db.base import Base, JsonList, Synced


class Vendor(Synced, Base):
    """A company that moderates for us."""

    __tablename__ = "vendor"

    name: Mapped[str]
    code: Mapped[str]
    note: Mapped[str] = mapped_column(default="")


class Site(Synced, Base):
    """A place where a vendor works; its flags decide which questions apply (DOMAIN 2.4)."""

    __tablename__ = "site"

    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendor.id"), index=True)
    name: Mapped[str]
    code: Mapped[str]
    city: Mapped[str] = mapped_column(default="")
    country: Mapped[str]
    time_zone: Mapped[str]
    address: Mapped[str] = mapped_column(default="")
    languages: Mapped[JsonList] = mapped_column(default=list)
    streams: Mapped[JsonList] = mapped_column(default=list)
    markets: Mapped[JsonList] = mapped_column(default=list)
    shared_markets: Mapped[bool] = mapped_column(default=False)
    ai_assist: Mapped[bool] = mapped_column(default=False)
    card_data: Mapped[bool] = mapped_column(default=False)
    remote_work: Mapped[bool] = mapped_column(default=False)


class Contact(Synced, Base):
    """A person at a vendor, or at one of its sites."""

    __tablename__ = "contact"

    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendor.id"), index=True)
    site_id: Mapped[UUID | None] = mapped_column(ForeignKey("site.id"))
    name: Mapped[str]
    role: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")


class Visit(Synced, Base):
    """Going to a site on some days to run one or more checklists."""

    __tablename__ = "visit"

    vendor_id: Mapped[UUID] = mapped_column(ForeignKey("vendor.id"), index=True)
    site_id: Mapped[UUID] = mapped_column(ForeignKey("site.id"), index=True)
    number: Mapped[str]
    starts: Mapped[date]
    ends: Mapped[date]
    state: Mapped[VisitState]
    purpose: Mapped[str] = mapped_column(default="")
    agenda: Mapped[str] = mapped_column(default="")
    team: Mapped[JsonList] = mapped_column(default=list)
    started_at: Mapped[datetime | None]


class Setting(Base):
    """One choice of this device; never leaves it."""

    __tablename__ = "setting"

    key: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
