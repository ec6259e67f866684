"""Who may come in: accounts, what was granted to them, their devices and tokens, and the log of it.

Passwords, codes and tokens are kept only as hashes. None of these tables holds what is in a scope;
row-level security is about those that do.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from audit_app.central.tables import METADATA


def _moment(name: str, *, nullable: bool = True) -> Column[Any]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


ACCOUNT = Table(
    "account",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("login", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("password_hash", Text),
    Column("totp_secret", LargeBinary, nullable=False),
    _moment("totp_confirmed_at"),
    Column("totp_last", BigInteger, nullable=False),
    _moment("created_at", nullable=False),
    _moment("disabled_at"),
    UniqueConstraint("login"),
)
"""``totp_last`` is the last time step whose code was taken: no code is taken twice."""

GRANT = Table(
    "role_grant",
    METADATA,
    Column("user_id", Uuid, nullable=False),
    Column("role", Text, nullable=False),
    Column("reach", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("granted_by", Uuid),
    _moment("granted_at", nullable=False),
    PrimaryKeyConstraint("user_id", "role", "reach", "value"),
    info={"rights": "select, insert, delete"},
)
"""A role over everything, or over one vendor, site or market."""

PLACE = Table(
    "place",
    METADATA,
    Column("site_id", Uuid, primary_key=True),
    Column("vendor_id", Uuid, nullable=False),
    Column("markets", JSONB, nullable=False),
    Index("ix_place_vendor", "vendor_id"),
)
"""Which vendor and which markets a site belongs to: what a grant over a market or a site needs."""

MEMBERSHIP_LOCK = Table("membership_lock", METADATA, Column("id", BigInteger, primary_key=True))
"""One row, locked while memberships are worked out: a scope that opens just as somebody is granted
a role must not be missed by both."""

CODE = Table(
    "enrolment_code",
    METADATA,
    Column("digest", Text, primary_key=True),
    Column("user_id", Uuid, nullable=False),
    Column("made_by", Uuid),
    _moment("expires_at", nullable=False),
    _moment("used_at"),
)

DEVICE_KEY = Table(
    "device_key",
    METADATA,
    Column("device", Uuid, primary_key=True),
    Column("public_key", LargeBinary, nullable=False),
)
"""The Ed25519 key whose other half never leaves the device."""

DEVICE_NAME = Table(
    "device_name",
    METADATA,
    Column("device", Uuid, primary_key=True),
    Column("enrolled", Uuid, nullable=False),
    Index("ix_device_name_enrolled", "enrolled"),
    info={"rights": "select, insert"},
)
"""New names of enrolled devices: one that was copied or put back to an older state numbers its ops
from 1 again, under a new name, with the key it has."""

FAMILY = Table(
    "token_family",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("device", Uuid, nullable=False),
    Column("user_id", Uuid, nullable=False),
    _moment("started_at", nullable=False),
    _moment("expires_at", nullable=False),
    _moment("revoked_at"),
    Column("reason", Text),
    Index("ix_token_family_device", "device"),
    Index("ix_token_family_user", "user_id"),
)
"""All tokens that came of one sign-in; when an old one is used again, none of them works."""

TOKEN = Table(
    "token",
    METADATA,
    Column("digest", Text, primary_key=True),
    Column("family", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("successor", Text),
    Column("nonce", Text),
    _moment("expires_at", nullable=False),
    _moment("used_at"),
    Index("ix_token_family", "family"),
    info={"rights": "select, insert, update, delete"},
)

NONCE = Table(
    "nonce",
    METADATA,
    Column("digest", Text, primary_key=True),
    Column("device", Uuid, nullable=False),
    _moment("expires_at", nullable=False),
    info={"rights": "select, insert, delete"},
)
"""A number used once, to be signed by a device that has no token left."""

ATTEMPT = Table(
    "attempt",
    METADATA,
    Column("subject", Text, primary_key=True),
    Column("failures", BigInteger, nullable=False),
    _moment("last_at", nullable=False),
    info={"rights": "select, insert, update, delete"},
)
"""Failed tries to come in, by account and by address."""

LOG = Table(
    "security_log",
    METADATA,
    Column("id", Uuid, primary_key=True),
    _moment("at", nullable=False),
    Column("event", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("user_id", Uuid),
    Column("device", Uuid),
    Column("address", Text, nullable=False),
    Column("words", Text, nullable=False),
    Index("ix_security_log_at", "at"),
    info={"rights": "select, insert"},
)
"""Who came in, who was turned away and what was changed about people; never changed itself."""
