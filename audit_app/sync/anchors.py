"""The centre's word on this workspace's trail, checked before it is believed."""

from base64 import b64decode

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from audit_app.sync.protocol import Anchor
from db.tables import Centre, TrailAnchor
from db.verify import Receipt


def signed_heads(session: Session) -> tuple[Receipt, ...]:
    """The heads that the centre has signed, as far as its signature holds.

    The key came with the enrolment; without one nothing is believed.
    """
    centre = session.scalars(select(Centre)).first()
    public = (centre.credentials if centre else {}).get("centre_key", "")
    if not public:
        return ()
    key = Ed25519PublicKey.from_public_bytes(b64decode(public))
    return tuple(
        Receipt(row.device, row.seq, bytes.fromhex(row.head))
        for row in session.scalars(select(TrailAnchor))
        if _holds(key, row)
    )


def _holds(key: Ed25519PublicKey, row: TrailAnchor) -> bool:
    said = Anchor(str(row.device), row.seq, row.head, row.time, row.signature)
    try:
        key.verify(bytes.fromhex(row.signature), said.signed_text())
    except (InvalidSignature, ValueError):
        return False
    return True
