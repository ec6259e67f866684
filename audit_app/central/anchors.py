"""The centre's word: its Ed25519 key, and what it signs with it (RELIABILITY 3).

A trail's chain can be made anew by whoever owns the laptop; a head that the centre has signed
cannot. A head that does not follow the last one signed is not signed at all.
"""

import secrets
from datetime import UTC, datetime
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, insert, select, text, update

from audit_app.central.database import Database
from audit_app.central.tables import DEVICE, SERVER, TRAIL_ANCHOR
from audit_app.clock import Clock
from audit_app.errors import AuditError
from audit_app.sync.protocol import Anchor, TrailHead


class CentreKey:
    """Which centre this is, and its signature."""

    def __init__(self, instance: str, private: bytes) -> None:
        self.instance = instance
        self._key = Ed25519PrivateKey.from_private_bytes(private)

    @staticmethod
    def load(database: Database) -> "CentreKey":
        """The key of the centre over this database.

        Raises:
            AuditError: the database was not set up.
        """
        row = database.run(lambda connection: connection.execute(select(SERVER)).first())
        if row is None:
            raise AuditError(
                "The central database has no identity yet.",
                "Start it once with --owner and the address of the owner's role.",
            )
        return CentreKey(row.instance, row.signing_key)

    @property
    def public(self) -> bytes:
        """The 32 bytes with which anybody checks a signature."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, said: bytes) -> str:
        """The signature of a text, in hexadecimal."""
        return self._key.sign(said).hex()


class TrailSigner:
    """Counter-signs the heads of devices' trails."""

    def __init__(self, key: CentreKey, clock: Clock) -> None:
        self._key = key
        self._clock = clock

    def anchor(self, connection: Connection, device: str, trail: TrailHead) -> Anchor | None:
        """The head, signed and kept for ever; None where it does not follow what was signed.

        A trail that is shorter than before, or has another hash at the same number, was cut or
        made anew; its holder sees that it is not anchored.
        """
        row = connection.execute(
            select(DEVICE.c.trail_seq, DEVICE.c.trail_head)
            .where(DEVICE.c.id == UUID(device))
            .with_for_update()
        ).one()
        is_same = (trail.seq, trail.head) == (row.trail_seq, row.trail_head)
        if trail.seq <= 0 or (trail.seq <= row.trail_seq and not is_same):
            return None
        now = self._clock.now().astimezone(UTC).isoformat()
        unsigned = Anchor(device, trail.seq, trail.head, now, "")
        signed = Anchor(device, trail.seq, trail.head, now, self._key.sign(unsigned.signed_text()))
        if not is_same:
            connection.execute(
                update(DEVICE)
                .where(DEVICE.c.id == UUID(device))
                .values(trail_seq=trail.seq, trail_head=trail.head)
            )
            connection.execute(
                insert(TRAIL_ANCHOR).values(
                    device=UUID(device),
                    seq=trail.seq,
                    head=trail.head,
                    at=datetime.fromisoformat(now),
                    signature=signed.signature,
                )
            )
        return signed


def found_centre(connection: Connection) -> None:
    """Give a new central database its identity and its key; nothing to do if it has one.

    Runs as the owner, while nobody else migrates.
    """
    if connection.execute(text("select 1 from server")).first() is not None:
        return
    key = Ed25519PrivateKey.generate().private_bytes_raw()
    connection.execute(
        insert(SERVER).values(
            instance=secrets.token_hex(16), made_at=datetime.now(UTC), signing_key=key
        )
    )
