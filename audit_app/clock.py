"""Time and new ids, handed in so that tests can hold them still."""

import secrets
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID


class Clock(Protocol):
    """Where the program learns the time and makes ids."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        ...

    def new_id(self) -> UUID:
        """A new UUID of version 7: sorts by the moment it was made."""
        ...


def uuid7(moment: datetime, entropy: bytes) -> UUID:
    """A version 7 UUID (RFC 9562, section 5.7) from an aware moment and 10 random bytes."""
    millis = int(moment.timestamp() * 1000) & ((1 << 48) - 1)
    value = (millis << 80) | int.from_bytes(entropy, "big")
    value = (value & ~(0xF << 76)) | (0x7 << 76)
    value = (value & ~(0x3 << 62)) | (0x2 << 62)
    return UUID(int=value)


class SystemClock:
    """The clock of this computer."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def new_id(self) -> UUID:
        return uuid7(self.now(), secrets.token_bytes(10))
