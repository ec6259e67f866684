"""The signed manifest of an audit: one hash over everything in it (RELIABILITY 3)."""

import hashlib
import json
from collections.abc import Iterable, Sequence


def leaf(record: object) -> bytes:
    """SHA-256 of one record in canonical JSON (sorted keys, no blanks, UTF-8)."""
    text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(b"\x00" + text.encode()).digest()


def merkle_root(leaves: Sequence[bytes]) -> str:
    """Hex root of a Merkle tree over the leaves (RFC 6962: leaves 0x00, nodes 0x01)."""
    if not leaves:
        return hashlib.sha256(b"").hexdigest()
    return _node(leaves).hex()


def _node(leaves: Sequence[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + _node(leaves[:half]) + _node(leaves[half:])).digest()


def manifest_hash(records: Iterable[object]) -> str:
    """Root over records in the order given; changing any of them changes it."""
    return merkle_root([leaf(record) for record in records])
