"""What a device signs with its key (Ed25519), so that a stolen token or code alone is worth nothing."""


def enrol_text(public_key: str, code: str) -> bytes:
    """At its enrolment: its public key (base64) and the one-time code."""
    return "\n".join(("onsite enrol", public_key, code)).encode()


def sign_in_text(device: str, nonce: str) -> bytes:
    """When it signs in with a password: the number used once that it asked for."""
    return "\n".join(("onsite sign in", device, nonce)).encode()


def refresh_text(device: str, nonce: str) -> bytes:
    """When it trades its refresh token: the number that came with that token."""
    return "\n".join(("onsite refresh", device, nonce)).encode()
