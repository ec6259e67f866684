"""What device and centre say to each other: one request says hello, pushes and pulls (SYNC 2.3).

No clock takes part in any decision; moments on the wire are for reading only. Both ends import
this package and nothing else of each other.
"""

from audit_app.sync.protocol.answer import Answer
from audit_app.sync.protocol.packing import CONTENT_TYPE, LARGEST_BODY, pack, unpack
from audit_app.sync.protocol.parts import (
    NOTHING_READ,
    PROTOCOL,
    SCHEMA,
    Anchor,
    Cursor,
    Op,
    ProtocolError,
    Result,
    Row,
    Status,
    TrailHead,
    Verdict,
)
from audit_app.sync.protocol.request import Request

__all__ = [
    "CONTENT_TYPE",
    "LARGEST_BODY",
    "NOTHING_READ",
    "PROTOCOL",
    "SCHEMA",
    "Anchor",
    "Answer",
    "Cursor",
    "Op",
    "ProtocolError",
    "Request",
    "Result",
    "Row",
    "Status",
    "TrailHead",
    "Verdict",
    "pack",
    "unpack",
]
