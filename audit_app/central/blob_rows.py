"""Which bytes a user may send or read: only through a row of a scope of his."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, and_, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from audit_app.central.intake import Sender
from audit_app.central.tables import BLOB, RECORD_TABLES, SCOPE_MEMBER
from audit_app.domain.records import DELETED
from audit_app.sync.protocol.blobs import (
    ORIGINAL,
    PARTS,
    SIZED,
    BlobVerdict,
    Offer,
    Receipt,
    Reply,
    largest,
    rendition,
)

_READER = "reader"
"""The role whose members write nothing; row-level security says the same."""
STORED, LOST = "stored", "lost"

Sign = Callable[[bytes], str]
"""The centre's Ed25519 signature of a text, in hexadecimal."""


@dataclass(frozen=True, slots=True)
class Named:
    """What one part of a row names.

    Attributes:
        sha256: of the original's bytes.
        size: bytes of the original, where its row says so.
        may_send: this user may add to the scope.
    """

    scope: str
    sha256: str
    size: int | None
    may_send: bool

    def refuses(self, offer: Offer) -> str:
        """Why these bytes cannot be what the row names; "" if they may be."""
        if not self.may_send:
            return "This account only reads."
        most = largest(offer.entity, offer.part)
        if not 0 < offer.size <= most:
            return f"It may have 1 to {most} bytes."
        if rendition(offer.part):
            return ""
        if offer.sha256 != self.sha256:
            return "The row names other bytes."
        if self.size is not None and offer.size != self.size:
            return f"The row says {self.size} bytes."
        return ""


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes that a scope holds."""

    scope: str
    sha256: str
    rendition: str
    content: str
    size: int
    stored_at: datetime

    def receipt(self, sign: Sign | None) -> Receipt:
        """The centre's word that they are here."""
        time = self.stored_at.isoformat()
        said = Receipt(self.scope, self.sha256, self.rendition, self.content, self.size, time)
        if sign is None:
            return said
        text = said.signed_text()
        return Receipt(
            self.scope, self.sha256, self.rendition, self.content, self.size, time, sign(text)
        )


def named(
    connection: Connection, user: UUID, offers: Iterable[tuple[str, str, str]]
) -> dict[tuple[str, str, str], Named]:
    """What these rows name, by entity, row and part; rows he may not read are just not there.

    A deleted row names nothing any more. The members' table is asked here, whatever row-level
    security lets through.
    """
    wanted: dict[str, set[UUID]] = {}
    asked = list(offers)
    for entity, row_id, _ in asked:
        wanted.setdefault(entity, set()).add(UUID(row_id))
    found: dict[tuple[str, str, str], Named] = {}
    for entity, ids in wanted.items():
        table = RECORD_TABLES[entity]
        member = and_(SCOPE_MEMBER.c.scope == table.c.scope, SCOPE_MEMBER.c.user_id == user)
        query = (
            select(table, SCOPE_MEMBER.c.role.label("role_here"))
            .join(SCOPE_MEMBER, member)
            .where(table.c.id.in_(ids), table.c[DELETED].is_(None))
        )
        for row in connection.execute(query).mappings():
            for part, column in PARTS[entity].items():
                is_sized = part == ORIGINAL and entity in SIZED
                found[entity, str(row["id"]), part] = Named(
                    row["scope"],
                    row[column],
                    row["size"] if is_sized else None,
                    row["role_here"] != _READER,
                )
    return {key: found[key] for key in asked if key in found}


def stored(
    connection: Connection, names: Iterable[tuple[str, str, str]]
) -> dict[tuple[str, str, str], Blob]:
    """Of these (scope, SHA-256, rendition) those whose bytes are here."""
    wanted = set(names)
    if not wanted:
        return {}
    key = tuple_(BLOB.c.scope, BLOB.c.sha256, BLOB.c.rendition)
    query = select(BLOB).where(key.in_(wanted), BLOB.c.state == STORED)
    return {
        (row.scope, row.sha256, row.rendition): Blob(
            row.scope, row.sha256, row.rendition, row.content, row.size, row.stored_at
        )
        for row in connection.execute(query)
    }


def replies(
    connection: Connection, sender: Sender, offers: Iterable[Offer], sign: Sign | None
) -> list[Reply]:
    """What to do with each offer, in their order."""
    asked = list(offers)
    rows = named(connection, sender.user, ((o.entity, o.row, o.part) for o in asked))
    keys = {key: (row.scope, row.sha256, rendition(key[2])) for key, row in rows.items()}
    here = stored(connection, keys.values())
    out = []
    for offer in asked:
        key = (offer.entity, offer.row, offer.part)
        row = rows.get(key)
        blob = here.get(keys[key]) if row else None
        if row is None:
            out.append(Reply(BlobVerdict.UNKNOWN))
        elif blob is not None:
            out.append(Reply(BlobVerdict.STORED, blob.receipt(sign)))
        elif offer.sha256 and (words := row.refuses(offer)):
            out.append(Reply(BlobVerdict.REFUSED, words=words))
        else:
            out.append(Reply(BlobVerdict.SEND))
    return out


def find(
    connection: Connection, user: UUID, entity: str, row: str, part: str
) -> tuple[Named | None, Blob | None]:
    """What a part of a row names, and its bytes if they are here."""
    name = named(connection, user, [(entity, row, part)]).get((entity, row, part))
    if name is None:
        return None, None
    key = (name.scope, name.sha256, rendition(part))
    return name, stored(connection, [key]).get(key)


def keep(connection: Connection, blob: Blob, device: UUID) -> None:
    """Write down that a scope holds these bytes; what it holds already stays as it is."""
    values = {
        "scope": blob.scope,
        "sha256": blob.sha256,
        "rendition": blob.rendition,
        "content": blob.content,
        "size": blob.size,
        "state": STORED,
        "stored_at": func.now(),
        "device": device,
    }
    statement = insert(BLOB).values(values)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=[BLOB.c.scope, BLOB.c.sha256, BLOB.c.rendition],
            set_={name: statement.excluded[name] for name in values},
            where=BLOB.c.state == LOST,
        )
    )


def lose(connection: Connection, content: str) -> None:
    """The object is gone: whoever has the bytes is asked for them again."""
    connection.execute(update(BLOB).where(BLOB.c.content == content).values(state=LOST))
