"""A trail is anchored, not yet anchored or broken; every tampering is found."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from db.journal import FIRST, canonical, chain
from db.store import Store
from db.verify import Anchor, Link, Receipt, verify_links, verify_trail
from tests.builders import a_store, save_vendor

HERE, THERE = UUID(int=1), UUID(int=2)
TAMPERINGS = 2000


def a_chain(length: int, device: UUID = HERE) -> list[Link]:
    links, head = [], FIRST
    for seq in range(1, length + 1):
        thing = UUID(int=seq % 3)
        body = canonical(
            {
                "device": str(device),
                "seq": seq,
                "kind": "answer",
                "id": str(thing),
                "new": {"n": seq},
            }
        )
        after = chain(head, body)
        links.append(Link(device, seq, "answer", thing, body, head, after))
        head = after
    return links


def receipt(link: Link) -> Receipt:
    return Receipt(link.device, link.seq, link.hash)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = a_store(tmp_path)
    yield made
    made.close()


def test_the_trail_of_real_steps_is_whole_and_not_yet_anchored(store: Store) -> None:
    for name in ("One", "Two", "Three"):
        save_vendor(store, name)
    with store.read() as session:
        report = verify_trail(session)
    assert (report.state, report.entries, report.why) == (Anchor.NOT_YET, 3, "")


def test_a_trail_whose_end_was_signed_is_anchored() -> None:
    links = [*a_chain(5), *a_chain(2, THERE)]
    ends = [receipt(links[4]), receipt(links[6])]
    assert verify_links(links, ends).state is Anchor.ANCHORED
    assert verify_links(links, ends[:1]).state is Anchor.NOT_YET
    assert verify_links(links, [receipt(links[2]), ends[1]]).state is Anchor.NOT_YET


def test_an_empty_trail_is_not_anchored() -> None:
    assert verify_links([]).state is Anchor.NOT_YET


def test_a_cut_off_end_shows_once_it_was_signed() -> None:
    links = a_chain(5)
    assert verify_links(links[:3]).state is Anchor.NOT_YET
    report = verify_links(links[:3], [receipt(links[4])])
    assert (report.state, report.broken_at) == (Anchor.BROKEN, f"{HERE} 5")
    assert verify_links([], [receipt(links[0])]).state is Anchor.BROKEN


def test_a_chain_made_anew_shows_once_it_was_signed() -> None:
    forged = a_chain(5)
    signed = replace(receipt(forged[3]), hash=b"x" * 32)
    report = verify_links(forged, [signed])
    assert (report.state, report.broken_at) == (Anchor.BROKEN, f"{HERE} 4")


def tampered(links: list[Link], rng: random.Random) -> list[Link]:
    """The chain with one thing done to it that a careless or curious hand could do."""
    made, at = list(links), rng.randrange(len(links) - 1)
    link = made[at]
    kind = rng.choice(["drop", "swap", "twice", "text", "hash", "previous", "thing", "number"])
    if kind == "drop":
        del made[at]
    elif kind == "swap":
        made[at], made[at + 1] = made[at + 1], made[at]
    elif kind == "twice":
        made.insert(at, link)
    elif kind == "text":
        place = rng.randrange(len(link.body))
        letter = chr(ord(link.body[place]) ^ 1)
        made[at] = replace(link, body=link.body[:place] + letter + link.body[place + 1 :])
    elif kind == "hash":
        made[at] = replace(link, hash=rng.randbytes(32))
    elif kind == "previous":
        made[at] = replace(link, previous=rng.randbytes(32))
    elif kind == "thing":
        made[at] = replace(link, object_id=UUID(int=rng.getrandbits(128)))
    else:
        made[at] = replace(link, seq=link.seq + rng.randint(1, 9))
    return made


def test_every_tampering_is_found_and_no_whole_chain_is_blamed() -> None:
    rng = random.Random(20261125)
    for _ in range(TAMPERINGS):
        links = a_chain(rng.randint(2, 12))
        assert verify_links(links).state is Anchor.NOT_YET
        assert verify_links(tampered(links, rng)).state is Anchor.BROKEN
