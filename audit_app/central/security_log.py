"""The log of who came in, who was turned away, and what was changed about people."""

import unicodedata
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, insert

from audit_app.central.account_tables import LOG
from audit_app.clock import Clock

_LONGEST = 500


def write_log(
    connection: Connection,
    clock: Clock,
    event: str,
    *,
    outcome: str = "done",
    user: UUID | None = None,
    device: UUID | None = None,
    address: str = "",
    words: str = "",
) -> datetime:
    """Add one entry; gives its moment. Never takes a password, a code or a token."""
    now = clock.now()
    connection.execute(
        insert(LOG).values(
            id=clock.new_id(),
            at=now,
            event=event,
            outcome=outcome,
            user_id=user,
            device=device,
            address=one_line(address),
            words=one_line(words),
        )
    )
    return now


def one_line(text: str) -> str:
    """Text from outside as one harmless line: nobody forges a second entry with a line break."""
    plain = "".join(
        f"\\x{ord(sign):02x}" if unicodedata.category(sign)[0] in "CZ" and sign != " " else sign
        for sign in text
    )
    return plain[:_LONGEST]
