"""Is the trail whole? Three different words: anchored, not yet anchored, broken."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.journal import FIRST, canonical, chain
from db.tables.system import TrailEntry


class Anchor(StrEnum):
    """How far the trail can be trusted.

    A chain alone does not survive its owner: until a second party has signed its head, it shows
    damage and carelessness but not a patient forger.
    """

    ANCHORED = "anchored"
    NOT_YET = "not yet anchored"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Link:
    """One entry as it is checked."""

    device: UUID
    seq: int
    kind: str
    object_id: UUID
    body: str
    previous: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the centre signed: that this device's chain stood at this entry with this hash.

    Whoever makes one has checked its signature (RELIABILITY 3).
    """

    device: UUID
    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class TrailReport:
    """The result of a check.

    Attributes:
        broken_at: the first entry that does not fit, as "device seq"; "" if none.
        why: what is wrong with it.
        head: hex hash of the last entry of this device's chain.
    """

    entries: int
    state: Anchor
    broken_at: str
    why: str
    head: str


def verify_trail(session: Session, receipts: Sequence[Receipt] = ()) -> TrailReport:
    """Check every entry of every device's chain, and the chains against what was signed."""
    rows = session.execute(
        select(
            TrailEntry.device,
            TrailEntry.seq,
            TrailEntry.kind,
            TrailEntry.object_id,
            TrailEntry.body,
            TrailEntry.previous,
            TrailEntry.hash,
        ).order_by(TrailEntry.device, TrailEntry.seq)
    )
    return verify_links((Link(*row) for row in rows), receipts)


def verify_links(links: Iterable[Link], receipts: Sequence[Receipt] = ()) -> TrailReport:
    """Check entries that come ordered by device and number.

    The trail is anchored when the centre has signed the last entry of every chain. A signed entry
    that is missing or different is a break: this is how a cut-off end shows, which the chain alone
    cannot tell.
    """
    signed = {(receipt.device, receipt.seq): receipt.hash for receipt in receipts}
    ends: dict[UUID, int] = {}
    count, head, seq = 0, FIRST, 0
    device: UUID | None = None
    for link in links:
        if link.device != device:
            device, head, seq = link.device, FIRST, 0
        why = _wrong(link, head, seq + 1)
        if not why and signed.get((link.device, link.seq), link.hash) != link.hash:
            why = "it is not the entry that the centre signed"
        if why:
            return TrailReport(count, Anchor.BROKEN, f"{link.device} {link.seq}", why, head.hex())
        count, head, seq = count + 1, link.hash, link.seq
        ends[link.device] = seq
    for receipt in receipts:
        if receipt.seq > ends.get(receipt.device, 0):
            why = "the centre signed it and it is missing"
            where = f"{receipt.device} {receipt.seq}"
            return TrailReport(count, Anchor.BROKEN, where, why, head.hex())
    is_anchored = bool(ends) and all((device, seq) in signed for device, seq in ends.items())
    return TrailReport(
        count, Anchor.ANCHORED if is_anchored else Anchor.NOT_YET, "", "", head.hex()
    )


def _wrong(link: Link, head: bytes, expected: int) -> str:
    if link.seq != expected:
        return f"entry {expected} is missing"
    if link.previous != head:
        return "it does not follow the entry before it"
    if chain(head, link.body) != link.hash:
        return "its text was changed"
    try:
        record = json.loads(link.body)
    except ValueError:
        return "its text is not readable"
    said = (record.get("device"), record.get("seq"), record.get("kind"), record.get("id"))
    if said != (str(link.device), link.seq, link.kind, str(link.object_id)):
        return "its text speaks of something else"
    return "" if canonical(record) == link.body else "its text is not in canonical form"
