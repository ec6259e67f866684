"""One-time codes from an authenticator app (RFC 6238, SHA-1, six digits, thirty seconds)."""

import base64
import hashlib
import hmac
from datetime import datetime
from urllib.parse import quote

STEP = 30
"""Seconds a code holds."""
DIGITS = 6
SECRET_BYTES = 20
"""RFC 4226 asks for 160 bits."""

_DRIFT = 1
"""Steps that a phone's clock may be off to either side."""


def step_of(moment: datetime) -> int:
    """The number of the time step a moment lies in."""
    return int(moment.timestamp()) // STEP


def code_of(secret: bytes, step: int, *, digits: int = DIGITS) -> str:
    """The code of one time step (RFC 4226, section 5.3)."""
    digest = hmac.new(secret, step.to_bytes(8, "big"), hashlib.sha1).digest()
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def matching_step(secret: bytes, code: str, moment: datetime, *, after: int) -> int | None:
    """The time step a code belongs to; None if it belongs to none, or to one not later than
    ``after``: a code that was taken once is never taken again."""
    now = step_of(moment)
    found = None
    for step in range(now - _DRIFT, now + _DRIFT + 1):
        # All steps are compared, so that the time taken says nothing.
        if hmac.compare_digest(code_of(secret, step).encode(), code.encode()) and step > after:
            found = step
    return found


def setup_uri(secret: bytes, login: str) -> str:
    """What an authenticator app takes in, as text or as a QR code."""
    text = base64.b32encode(secret).decode().rstrip("=")
    return f"otpauth://totp/Onsite:{quote(login)}?secret={text}&issuer=Onsite"
