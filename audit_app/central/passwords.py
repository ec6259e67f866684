"""Passwords: what is asked of them, and how they are kept (ASVS 6.2; RFC 9106)."""

import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from audit_app.central.refusals import TurnedAway

SHORTEST, LONGEST = 12, 256
"""Characters; there is no rule about which."""

_AT_ONCE = 2
"""Each hash takes 64 MiB and a core's attention: more at a time would let strangers fill memory."""

_hasher = PasswordHasher(time_cost=3, memory_cost=65536, parallelism=4)
_turn = threading.BoundedSemaphore(_AT_ONCE)

_COMMON_BASES = [
    "password",
    "passwort",
    "motdepasse",
    "contrasena",
    "qwerty",
    "qwertyuiop",
    "azerty",
    "letmein",
    "welcome",
    "willkommen",
    "administrator",
    "admin",
    "iloveyou",
    "sunshine",
    "princess",
    "football",
    "baseball",
    "dragon",
    "monkey",
    "master",
    "superman",
    "batman",
    "trustno",
    "starwars",
    "whatever",
    "freedom",
    "computer",
    "internet",
    "samsung",
    "google",
    "facebook",
    "michael",
    "jennifer",
    "jordan",
    "charlie",
    "shadow",
    "summer",
    "winter",
    "spring",
    "autumn",
    "monday",
    "changeme",
    "secret",
    "default",
    "hello",
    "onsite",
    "audit",
    "auditor",
    "vendor",
    "company",
    "test",
    "testing",
    "guest",
    "abc",
    "abcd",
    "abcdef",
    "123",
    "1234",
    "12345",
    "123456",
    "1234567",
    "12345678",
    "123456789",
    "1234567890",
    "987654321",
    "111111",
    "000000",
    "zaqwsx",
    "1qaz2wsx",
    "1q2w3e4r",
    "qazwsxedc",
    "asdfgh",
    "asdfghjkl",
    "zxcvbnm",
    "correcthorsebatterystaple",
]
_COMMON = frozenset(_COMMON_BASES)


def check_password(password: str, *, login: str) -> None:
    """Refuse a password that is short or that everybody tries first.

    Raises:
        TurnedAway: with the reason.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise TurnedAway(
            "password", f"A password has {SHORTEST} to {LONGEST} characters.", status=422
        )
    if is_common(password, login=login):
        raise TurnedAway(
            "password", "This password is among the first that anybody would try.", status=422
        )


def is_common(password: str, *, login: str) -> bool:
    """Whether it is made of nothing but common words, the login, or one sign over and over."""
    plain = _plain(password)
    names = {_plain(part) for part in (login, login.partition("@")[0]) if len(_plain(part)) > 2}
    return len(set(plain)) <= 2 or _is_made_of(plain, _COMMON | names)


def _is_made_of(text: str, words: frozenset[str]) -> bool:
    """Whether common words cover the text, with at most four signs between them."""
    if not text:
        return True
    covered = [0] + [len(text) + 1] * len(text)
    for end in range(1, len(text) + 1):
        covered[end] = covered[end - 1] + 1
        for word in words:
            if end >= len(word) and text.endswith(word, 0, end):
                covered[end] = min(covered[end], covered[end - len(word)])
    return covered[-1] <= 4


def _plain(text: str) -> str:
    """Without case, accents, spaces and the usual signs in place of letters."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(sign for sign in bare if sign.isalnum() or sign in "@$!")
    return letters.translate(str.maketrans("@$!", "asi"))


def hash_password(password: str) -> str:
    """The Argon2id hash that is kept."""
    with _turn:
        return _hasher.hash(unicodedata.normalize("NFC", password))


def is_right(kept: str | None, password: str) -> bool:
    """Whether the password is the one kept; takes the same time where none is."""
    with _turn:
        try:
            _hasher.verify(kept or _NOBODYS, unicodedata.normalize("NFC", password))
        except (VerificationError, InvalidHashError):
            return False
    return kept is not None


_NOBODYS = _hasher.hash("nobody has this password")
"""Compared where there is no account, so that the time taken does not tell."""
