"""Messages as bytes: compressed JSON, with a bound on what it may unpack to."""

import json
from typing import Any

import zstandard

from audit_app.sync.protocol.answer import Answer
from audit_app.sync.protocol.parts import ProtocolError
from audit_app.sync.protocol.request import Request

CONTENT_TYPE = "application/vnd.onsite.sync+json"
LARGEST_BODY = 64 * 1024 * 1024
"""Bytes of an unpacked message; a bigger one is refused before it is read to the end."""

_LEVEL = 3


def pack(message: Request | Answer) -> bytes:
    """A message as compressed JSON."""
    text = json.dumps(message.wire(), separators=(",", ":"), ensure_ascii=False)
    return zstandard.ZstdCompressor(level=_LEVEL).compress(text.encode())


def unpack(data: bytes) -> Any:
    """The JSON of a compressed message.

    Raises:
        ProtocolError: it is not compressed JSON, or unpacks to more than ``LARGEST_BODY``.
    """
    try:
        with zstandard.ZstdDecompressor().stream_reader(data) as reader:
            text = reader.read(LARGEST_BODY + 1)
    except zstandard.ZstdError as error:
        raise ProtocolError(f"the message is not compressed as agreed: {error}") from error
    if len(text) > LARGEST_BODY:
        raise ProtocolError("the message is too large")
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProtocolError(f"the message is not JSON: {error}") from error
