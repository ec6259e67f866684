"""The centre's word that it holds a photo, checked before it is believed."""

from base64 import b64decode
from collections.abc import Callable

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from audit_app.sync.protocol.blobs import Receipt
from db.tables import Centre


def receipt_check(session: Session) -> Callable[[Receipt], bool]:
    """Whether a receipt bears the signature of the centre that this workspace is joined to.

    Its key came with the enrolment; without one nothing is believed.
    """
    centre = session.scalars(select(Centre)).first()
    public = (centre.credentials if centre else {}).get("centre_key", "")
    if not public:
        return lambda _receipt: False
    key = Ed25519PublicKey.from_public_bytes(b64decode(public))

    def is_genuine(receipt: Receipt) -> bool:
        try:
            key.verify(bytes.fromhex(receipt.signature), receipt.signed_text())
        except (InvalidSignature, ValueError):
            return False
        return True

    return is_genuine
