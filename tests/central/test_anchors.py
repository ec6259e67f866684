"""The centre signs the head of a trail that goes on, and none that was cut or made anew."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from audit_app.central.policy import Role
from audit_app.central.tables import TRAIL_ANCHOR
from audit_app.sync.protocol import Anchor, Request, TrailHead
from tests.central.people import Laptop, Town


def ask(laptop: Laptop, seq: int, head: str) -> Anchor | None:
    trail = TrailHead(seq, head)
    return laptop.sync(Request(device=str(laptop.device), top=0, acked=0, trail=trail)).anchor


def is_word_of(town: Town, anchor: Anchor) -> bool:
    key = Ed25519PublicKey.from_public_bytes(town.centre.key.public)
    try:
        key.verify(bytes.fromhex(anchor.signature), anchor.signed_text())
    except InvalidSignature:
        return False
    return True


def test_a_trail_that_goes_on_is_signed(town: Town) -> None:
    laptop = town.person(Role.AUDITOR)
    for seq, head in ((3, "a" * 64), (9, "b" * 64)):
        anchor = ask(laptop, seq, head)
        assert anchor is not None
        assert (anchor.device, anchor.seq, anchor.head) == (str(laptop.device), seq, head)
        assert is_word_of(town, anchor)
    rows = town.rows(TRAIL_ANCHOR, TRAIL_ANCHOR.c.device == laptop.device)
    assert sorted((row.seq, row.head) for row in rows) == [(3, "a" * 64), (9, "b" * 64)]


def test_the_same_head_is_signed_again_and_kept_once(town: Town) -> None:
    laptop = town.person(Role.AUDITOR)
    assert ask(laptop, 3, "a" * 64) is not None
    assert ask(laptop, 3, "a" * 64) is not None
    assert len(town.rows(TRAIL_ANCHOR, TRAIL_ANCHOR.c.device == laptop.device)) == 1


@pytest.mark.parametrize(("seq", "head"), [(2, "a" * 64), (3, "c" * 64), (0, "")])
def test_a_trail_that_was_cut_or_made_anew_is_not_signed(town: Town, seq: int, head: str) -> None:
    laptop = town.person(Role.AUDITOR)
    assert ask(laptop, 3, "a" * 64) is not None
    assert ask(laptop, seq, head) is None


def test_a_changed_word_is_no_word_of_the_centre(town: Town) -> None:
    anchor = ask(town.person(Role.AUDITOR), 3, "a" * 64)
    assert anchor is not None
    other = Anchor(anchor.device, 4, anchor.head, anchor.time, anchor.signature)
    assert not is_word_of(town, other)


def test_two_processes_over_one_database_speak_with_one_voice(
    town: Town, database_url: str
) -> None:
    other = Town(database_url)
    assert other.centre.key.instance == town.centre.key.instance
    assert other.centre.key.public == town.centre.key.public
    other.close()
