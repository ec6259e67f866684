"""The tables of the central store: one a kind of record for people and reports to read, and those
that keep order (SYNC 2.2).

Portable SQL only (SYNC 6): plain keys, no sequences, no triggers; whatever a push touches carries
its scope, so that a distributed engine can keep a scope in one place.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Double,
    Index,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from audit_app.domain.records import RECORDS, Record, Shape

METADATA = MetaData()

_TYPES: dict[Shape, Any] = {
    Shape.TEXT: Text,
    Shape.INTEGER: BigInteger,
    Shape.REAL: Double,
    Shape.FLAG: Boolean,
    Shape.MOMENT: DateTime(timezone=True),
    Shape.DAY: Date,
    Shape.ID: Uuid,
    Shape.LIST: JSONB,
}


def _record_table(record: Record) -> Table:
    """A table of one kind.

    ``versions`` holds who wrote each field last; ``extra`` the fields that this version of the
    centre does not know.
    """
    return Table(
        record.kind,
        METADATA,
        Column("scope", Text, nullable=False),
        Column("id", Uuid, nullable=False),
        Column("seq", BigInteger, nullable=False),
        *(Column(field.name, _TYPES[field.shape]) for field in record.fields.values()),
        Column("versions", JSONB, nullable=False),
        Column("extra", JSONB, nullable=False),
        Column("row_created_at", Text, nullable=False),
        Column("row_changed_at", Text, nullable=False),
        PrimaryKeyConstraint("scope", "id"),
        Index(f"ix_{record.kind}_pull", "scope", "seq"),
        *(Index(f"ix_{record.kind}_{name}", name) for name in record.parents),
    )


RECORD_TABLES: dict[str, Table] = {kind: _record_table(record) for kind, record in RECORDS.items()}

OTHER = Table(
    "other_record",
    METADATA,
    Column("scope", Text, nullable=False),
    Column("entity", Text, nullable=False),
    Column("id", Uuid, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("versions", JSONB, nullable=False),
    Column("extra", JSONB, nullable=False),
    Column("row_created_at", Text, nullable=False),
    Column("row_changed_at", Text, nullable=False),
    PrimaryKeyConstraint("scope", "entity", "id"),
    Index("ix_other_record_pull", "scope", "seq"),
)
"""Kinds that only newer clients know: kept whole and handed on."""

SCOPE = Table(
    "scope",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("commit_id", Text, nullable=False),
    Column("gc_floor", BigInteger, nullable=False),
    Column("vendor_id", Uuid),
    Column("site_id", Uuid),
)
"""One counter a scope, locked for the whole push: the order of its rows is the order of commits."""

SCOPE_COMMIT = Table(
    "scope_commit",
    METADATA,
    Column("scope", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("commit_id", Text, nullable=False),
    Column("device", Uuid, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("scope", "seq"),
)

SCOPE_MEMBER = Table(
    "scope_member",
    METADATA,
    Column("scope", Text, nullable=False),
    Column("user_id", Uuid, nullable=False),
    Column("role", Text, nullable=False),
    PrimaryKeyConstraint("scope", "user_id"),
    Index("ix_scope_member_user", "user_id"),
)

DEVICE = Table(
    "device",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("user_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("last_op", BigInteger, nullable=False),
    Column("app", Text, nullable=False),
    Column("schema", BigInteger, nullable=False),
    Column("enrolled_at", DateTime(timezone=True), nullable=False),
    Column("last_seen", DateTime(timezone=True)),
    Column("revoked_at", DateTime(timezone=True)),
    Column("trail_seq", BigInteger, nullable=False),
    Column("trail_head", Text, nullable=False),
)

TRAIL_ANCHOR = Table(
    "trail_anchor",
    METADATA,
    Column("device", Uuid, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("head", Text, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("signature", Text, nullable=False),
    PrimaryKeyConstraint("device", "seq"),
    info={"rights": "select, insert"},
)
"""Heads of devices' trails that the centre has signed, for ever."""

OP_RESULT = Table(
    "op_result",
    METADATA,
    Column("device", Uuid, nullable=False),
    Column("no", BigInteger, nullable=False),
    Column("digest", Text, nullable=False),
    Column("result", JSONB, nullable=False),
    PrimaryKeyConstraint("device", "no"),
)
"""Kept until the device says that the result arrived."""

HISTORY = Table(
    "history",
    METADATA,
    Column("scope", Text, nullable=False),
    Column("device", Uuid, nullable=False),
    Column("no", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("entity", Text, nullable=False),
    Column("row_id", Uuid, nullable=False),
    Column("values", JSONB, nullable=False),
    Column("applied", JSONB),
    Column("verdict", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("at_client", Text, nullable=False),
    Column("at_server", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("scope", "device", "no"),
    Index("ix_history_row", "scope", "row_id", "seq"),
)
"""Every op, for ever, refused ones too; never read by a pull.

``applied`` says what was written where that is not just what was sent: a merged text, fewer fields.
"""

ERASED = Table(
    "erased",
    METADATA,
    Column("entity", Text, nullable=False),
    Column("id", Uuid, nullable=False),
    PrimaryKeyConstraint("entity", "id"),
)
"""Rows whose contents were erased on a person's demand; only their ids are left."""

SERVER = Table(
    "server",
    METADATA,
    Column("instance", Text, primary_key=True),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("signing_key", LargeBinary, nullable=False),
)
"""One row: which centre this is, and the Ed25519 key of its word."""

BLOB = Table(
    "blob",
    METADATA,
    Column("scope", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("rendition", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("stored_at", DateTime(timezone=True), nullable=False),
    Column("device", Uuid, nullable=False),
    PrimaryKeyConstraint("scope", "sha256", "rendition"),
    Index("ix_blob_content", "content"),
)
"""Bytes that a scope holds because a member of it sent them whole: knowing a hash is not enough.

``sha256`` is what rows name; ``content`` is the hash of the bytes themselves, which differs for a
rendition. ``state`` is ``stored``, or ``lost`` where the object was found missing.
"""

UPLOAD = Table(
    "upload",
    METADATA,
    Column("id", Uuid, primary_key=True),
    Column("user_id", Uuid, nullable=False),
    Column("device", Uuid, nullable=False),
    Column("scope", Text, nullable=False),
    Column("entity", Text, nullable=False),
    Column("row_id", Uuid, nullable=False),
    Column("part", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("content", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("received", BigInteger, nullable=False),
    Column("pieces", JSONB, nullable=False),
    Column("is_done", Boolean, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("lease", Text),
    Column("lease_until", DateTime(timezone=True)),
    Index("ix_upload_user", "user_id"),
    Index("ix_upload_expires", "expires_at"),
    info={"rights": "select, insert, update, delete"},
)
"""Uploads under way. ``received`` reaches ``size`` only in the transaction that writes the blob.

``pieces`` are the lengths of what came, in order; each is one object, so that a piece that was cut
off leaves nothing. ``lease`` is the writer of the moment.
"""
