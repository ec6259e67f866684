"""The outer shell of an exchange package: one header line, then sealed chunks.

AES-256-GCM in chunks of 1 MiB under a key that Argon2id makes from the passphrase and a salt of
its own. The header, the chunk's number and whether it is the last are bound into every chunk, so
that a chunk that was changed, moved, left out or cut off is noticed (the STREAM construction).
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from audit_app.errors import AuditError, ImportRefused, WrongKey

FORMAT, VERSION = "onsite-package", 1
SHORTEST = 12
"""Characters of a passphrase, as for a workspace."""
CHUNK = 1024 * 1024
"""Bytes of content in every chunk but the last."""
LARGEST_HEADER = 1024

_TAG = 16
_COST = {"t": 3, "m": 65536, "p": 4}
"""Argon2id, second recommended option of RFC 9106: passes, KiB of memory, lanes."""
_DEAREST = {"t": 10, "m": 512 * 1024, "p": 8}
"""A header may not ask for more: reading it must not eat the memory."""
_CHEAPEST = {"t": 1, "m": 19 * 1024, "p": 1}
_OTHER_FILE = "This is not an Onsite exchange package."


def damaged() -> ImportRefused:
    """What is said of a package whose bytes are not those that were written."""
    return ImportRefused(
        "The package is damaged; nothing of it was taken in.",
        "Copy it again, or have it made again.",
    )


def new_passphrase() -> str:
    """A passphrase of 120 random bits, easy to read aloud; shown once."""
    code = base64.b32encode(secrets.token_bytes(15)).decode().lower()
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def check_passphrase(passphrase: str) -> None:
    """Refuse one that is too short to protect a file that can be carried off.

    Raises:
        AuditError: it has fewer than ``SHORTEST`` characters.
    """
    if len(passphrase) < SHORTEST:
        raise AuditError(
            f"The passphrase of the package has {len(passphrase)} characters.",
            f"Use at least {SHORTEST}; a short sentence is good.",
        )


class Sealer:
    """Seals what is written to it, chunk by chunk; ``close`` seals the last one."""

    def __init__(self, write: Callable[[bytes], object], passphrase: str) -> None:
        check_passphrase(passphrase)
        salt, self._prefix = secrets.token_bytes(16), secrets.token_bytes(8)
        key = _key(passphrase, salt, _COST)
        header = {
            "format": FORMAT,
            "version": VERSION,
            "argon2id": _COST,
            "salt": salt.hex(),
            "nonce": self._prefix.hex(),
            "check": _check_value(key),
        }
        line = json.dumps(header, sort_keys=True, separators=(",", ":")).encode() + b"\n"
        self._write, self._cipher = write, AESGCM(key)
        self._bound, self._number, self._rest = hashlib.sha256(line).digest(), 0, bytearray()
        write(line)

    def write(self, data: bytes) -> None:
        """Add to the content."""
        self._rest += data
        while len(self._rest) > CHUNK:
            self._seal(bytes(self._rest[:CHUNK]), is_last=False)
            del self._rest[:CHUNK]

    def close(self) -> None:
        """Seal what is left; without this the file counts as cut."""
        self._seal(bytes(self._rest), is_last=True)
        self._rest.clear()

    def _seal(self, data: bytes, *, is_last: bool) -> None:
        nonce = _nonce(self._prefix, self._number)
        bound = _bound(self._bound, self._number, is_last=is_last)
        self._write(self._cipher.encrypt(nonce, data, bound))
        self._number += 1


@dataclass(frozen=True, slots=True)
class _Header:
    line: bytes
    key: bytes
    prefix: bytes


def unseal(file: BinaryIO, passphrase: str) -> Iterator[bytes]:
    """The content, chunk by chunk; each is proven before it is given out.

    Raises:
        ImportRefused: not a package, made by a newer program, damaged or cut.
        WrongKey: the passphrase does not fit.
    """
    header = _read_header(file, passphrase)
    cipher, bound = AESGCM(header.key), hashlib.sha256(header.line).digest()
    number, sealed = 0, file.read(CHUNK + _TAG)
    while True:
        following = file.read(CHUNK + _TAG)
        is_last = not following
        nonce = _nonce(header.prefix, number)
        try:
            yield cipher.decrypt(nonce, sealed, _bound(bound, number, is_last=is_last))
        except (InvalidTag, ValueError) as error:
            if is_last and _is_cut(cipher, nonce, sealed, _bound(bound, number, is_last=False)):
                raise ImportRefused(
                    "The end of the package is missing; nothing of it was taken in.",
                    "Copy it again: the stick was pulled out too early, or was full.",
                ) from error
            raise damaged() from error
        if is_last:
            return
        number, sealed = number + 1, following


def _is_cut(cipher: AESGCM, nonce: bytes, sealed: bytes, bound: bytes) -> bool:
    """Whether the last chunk there is was not the last one that was written."""
    try:
        cipher.decrypt(nonce, sealed, bound)
    except (InvalidTag, ValueError):
        return False
    return True


def _read_header(file: BinaryIO, passphrase: str) -> _Header:
    line = file.readline(LARGEST_HEADER)
    try:
        header = json.loads(line)
        if header["format"] != FORMAT:
            raise ImportRefused(_OTHER_FILE, "Choose a file that ends in .onsite.")
        if header["version"] != VERSION:
            raise ImportRefused(
                "This package was made by a newer version of Onsite.", "Update Onsite, then import."
            )
        salt, prefix = bytes.fromhex(header["salt"]), bytes.fromhex(header["nonce"])
        cost, check = _checked_cost(header["argon2id"]), header["check"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise ImportRefused(_OTHER_FILE, "Choose a file that ends in .onsite.") from error
    if len(salt) != 16 or len(prefix) != 8 or not line.endswith(b"\n"):
        raise damaged()
    key = _key(passphrase, salt, cost)
    if not isinstance(check, str) or _check_value(key) != check:
        raise WrongKey(
            "This passphrase does not open the package.",
            "Ask whoever made it; if the passphrase is right, the file is damaged: copy it again.",
        )
    return _Header(line, key, prefix)


def _checked_cost(told: Any) -> dict[str, int]:
    cost = {name: told[name] for name in _COST}
    for name, value in cost.items():
        if type(value) is not int or not _CHEAPEST[name] <= value <= _DEAREST[name]:
            raise ValueError(name)
    return cost


def _key(passphrase: str, salt: bytes, cost: dict[str, int]) -> bytes:
    secret = passphrase.encode()
    return hash_secret_raw(secret, salt, cost["t"], cost["m"], cost["p"], 32, Type.ID)


def _check_value(key: bytes) -> str:
    """Tells a wrong passphrase from a damaged file; says nothing else about the key."""
    return HKDF(SHA256(), 16, None, b"onsite package check").derive(key).hex()


def _nonce(prefix: bytes, number: int) -> bytes:
    return prefix + number.to_bytes(4, "big")


def _bound(header: bytes, number: int, *, is_last: bool) -> bytes:
    return header + number.to_bytes(8, "big") + bytes([is_last])
