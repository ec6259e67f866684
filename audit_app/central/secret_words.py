"""Codes and tokens: random, shown once, kept only as hashes."""

import base64
import binascii
import hashlib
import secrets

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_CODE_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without 0, 1, I and O, which people mix up."""
_CODE_GROUPS = 5


def new_token() -> str:
    """256 random bits."""
    return secrets.token_urlsafe(32)


def new_code() -> str:
    """A code for a person to type: 100 random bits in five groups of four."""
    groups = ("".join(secrets.choice(_CODE_SIGNS) for _ in range(4)) for _ in range(_CODE_GROUPS))
    return "-".join(groups)


def plain_code(code: str) -> str:
    """A code as it was typed, in its one spelling."""
    return "".join(sign for sign in code.upper() if sign in _CODE_SIGNS)


def digest_of(secret: str) -> str:
    """What is kept of it; it is long and random, so one round of SHA-256 is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def public_key_of(text: str) -> bytes | None:
    """The 32 bytes of a public key in base64; None if it is none."""
    raw = _decode(text)
    return raw if raw is not None and len(raw) == 32 else None


def is_signed(public_key: bytes, signature: str, text: bytes) -> bool:
    """Whether a signature in base64 is that key's over the text."""
    raw = _decode(signature)
    if raw is None:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(raw, text)
    except (InvalidSignature, ValueError):
        return False
    return True


def _decode(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
