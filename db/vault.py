"""The keys of a workspace: one random secret, wrapped once for each way of opening it.

The secret is 48 bytes: the database key and its salt. Changing a passphrase rewrites a few
hundred bytes, never the database; losing one way of opening loses nothing while another is left.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from audit_app.errors import AuditError, StoreError, WrongKey
from db.files import write_durably

FILE, COPY = "vault.json", "vault.copy.json"
DEVICE_KEYS = ("device.key", "device.copy.key")
SHORTEST = 12
"""Characters of a passphrase (ASVS 6.2.1 asks 8, urges 15)."""

_ARGON = {"t": 3, "m": 65536, "p": 4}
"""Argon2id, second recommended option of RFC 9106: passes, KiB of memory, lanes."""

_SECRET = 48


@dataclass(frozen=True, slots=True)
class Secret:
    """The opened secret; ``database`` is key and salt, the others are keys made from it."""

    database: bytes

    @property
    def photos(self) -> bytes:
        """The key of the photo store (HKDF-SHA256)."""
        return _hkdf(self.database[:32], b"photo")

    @property
    def unsaved(self) -> bytes:
        """The key of the recovery file (HKDF-SHA256)."""
        return _hkdf(self.database[:32], b"unsaved")


class Vault:
    """The file with the wrapped secret, in two copies; each carries a checksum of itself.

    A damaged copy is never believed: the other one is read, and puts it right.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._secret: Secret | None = None

    @staticmethod
    def exists(folder: Path) -> bool:
        """Whether a workspace was ever made here."""
        return (folder / FILE).exists() or (folder / COPY).exists()

    def create(self, passphrase: str | None = None) -> Secret:
        """Make a new secret, opened by the passphrase or, without one, by this device.

        Raises:
            AuditError: the passphrase is too short.
        """
        if passphrase is not None:
            _check_length(passphrase)
        self._secret = Secret(secrets.token_bytes(_SECRET))
        body: dict[str, Any] = {"version": 1, "vault": secrets.token_hex(8), "slots": []}
        if passphrase is None:
            self._add_device(body)
        else:
            self._add_passphrase(body, passphrase)
        self._save(body)
        return self._secret

    def open(self, *, passphrase: str | None = None, recovery: str | None = None) -> Secret:
        """Open with a passphrase, a recovery code, or this device's own key.

        Raises:
            WrongKey: nothing given opens it.
            StoreError: the file is damaged in both copies.
        """
        body = self._load()
        for slot in body["slots"]:
            for key in self._keys_for(slot, passphrase, recovery):
                secret = _unwrap(key, slot, body["vault"])
                if secret is not None:
                    self._secret = Secret(secret)
                    self._mend(body)
                    return self._secret
        raise self._refusal(body, passphrase, recovery)

    @property
    def is_protected(self) -> bool:
        """Whether something that is not on this device is needed to open the workspace."""
        return not self.has("device")

    def has(self, kind: str) -> bool:
        """Whether there is a slot of this kind: device, passphrase, recovery."""
        return any(slot["kind"] == kind for slot in self._load()["slots"])

    def set_passphrase(self, passphrase: str) -> None:
        """From now on this passphrase opens the workspace, and the device alone no longer does.

        Raises:
            AuditError: it is too short.
        """
        _check_length(passphrase)
        body = self._load()
        body["slots"] = [s for s in body["slots"] if s["kind"] not in ("device", "passphrase")]
        self._add_passphrase(body, passphrase)
        self._save(body)
        for name in DEVICE_KEYS:
            (self._folder / name).unlink(missing_ok=True)

    def add_recovery(self) -> str:
        """A new recovery code of 160 bits; an older one stops working. Shown this once."""
        body = self._load()
        body["slots"] = [slot for slot in body["slots"] if slot["kind"] != "recovery"]
        raw = secrets.token_bytes(20)
        body["slots"].append(
            {"kind": "recovery", "wrapped": self._wrap(_hkdf(raw, b"recovery"), "recovery", body)}
        )
        self._save(body)
        code = base64.b32encode(raw).decode()
        return "-".join(code[start : start + 4] for start in range(0, len(code), 4))

    def _add_device(self, body: dict[str, Any]) -> None:
        key = secrets.token_bytes(32)
        for name in DEVICE_KEYS:
            write_durably(self._folder / name, key, private=True, what="the key file")
        body["slots"].append({"kind": "device", "wrapped": self._wrap(key, "device", body)})

    def _add_passphrase(self, body: dict[str, Any], passphrase: str) -> None:
        salt = secrets.token_bytes(16)
        slot = {"kind": "passphrase", "salt": _text(salt), "argon": dict(_ARGON)}
        slot["wrapped"] = self._wrap(_argon(passphrase, salt, _ARGON), "passphrase", body)
        body["slots"].append(slot)

    def _wrap(self, key: bytes, kind: str, body: dict[str, Any]) -> str:
        if self._secret is None:
            raise RuntimeError("The vault is opened before a slot is added.")
        nonce = secrets.token_bytes(12)
        bound = f"{kind}:{body['vault']}".encode()
        return _text(nonce + AESGCM(key).encrypt(nonce, self._secret.database, bound))

    def _keys_for(
        self, slot: dict[str, Any], passphrase: str | None, recovery: str | None
    ) -> Iterator[bytes]:
        kind = slot["kind"]
        if kind == "passphrase" and passphrase is not None:
            yield _argon(passphrase, base64.b64decode(slot["salt"]), slot["argon"])
        elif kind == "recovery" and recovery is not None:
            with suppress(ValueError):
                # Not base 32 at all: no key, so nothing opens.
                yield _hkdf(base64.b32decode(_letters(recovery)), b"recovery")
        elif kind == "device":
            for name in DEVICE_KEYS:
                with suppress(OSError):
                    # The other copy may be there; if none is, the refusal says so.
                    yield (self._folder / name).read_bytes()

    def _refusal(
        self, body: dict[str, Any], passphrase: str | None, recovery: str | None
    ) -> StoreError:
        if recovery is not None:
            return WrongKey("This recovery code does not open the workspace.", "Check its letters.")
        if any(slot["kind"] == "device" for slot in body["slots"]):
            return StoreError(
                f"The key of this device, {DEVICE_KEYS[0]} in {self._folder}, is missing or "
                "damaged, and so is its copy.",
                "Put it back from a backup of the folder, or open with the recovery code.",
            )
        if passphrase is not None:
            return WrongKey(
                "This passphrase does not open the workspace.",
                "Try again, or use the recovery code.",
            )
        return WrongKey(
            "This workspace is protected by a passphrase.",
            "Enter it, or set ONSITE_PASSPHRASE for a command.",
        )

    def _load(self) -> dict[str, Any]:
        for name in (FILE, COPY):
            body = self._read(name)
            if body is not None:
                return body
        raise StoreError(
            f"The key file {FILE} in {self._folder} is missing or damaged, and so is its copy.",
            "Put both back from a backup of the folder; without them nothing can be read.",
        )

    def _read(self, name: str) -> dict[str, Any] | None:
        """One copy, if it is whole."""
        try:
            body = json.loads((self._folder / name).read_text("utf-8"))
        except (OSError, ValueError):
            return None
        if not isinstance(body, dict) or body.pop("check", None) != _checksum(body):
            return None
        return body

    def _mend(self, body: dict[str, Any]) -> None:
        """Both copies hold what was just read; a cut while saving can leave them unequal."""
        if any(self._read(name) != body for name in (FILE, COPY)):
            # Where nothing can be written, what was read is good all the same.
            with suppress(StoreError):
                self._save(body)

    def _save(self, body: dict[str, Any]) -> None:
        data = json.dumps({**body, "check": _checksum(body)}, indent=1).encode()
        for name in (FILE, COPY):
            write_durably(self._folder / name, data, private=True, what="the key file")


def _check_length(passphrase: str) -> None:
    if len(passphrase) < SHORTEST:
        raise AuditError(
            f"The passphrase has {len(passphrase)} characters.",
            f"Use at least {SHORTEST}; a short sentence is good.",
        )


def _checksum(body: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _letters(code: str) -> str:
    """A recovery code as it was meant: base 32 has no 0, 1 or 8, so they are misread letters."""
    plain = code.replace("-", "").replace(" ", "").upper()
    return plain.translate(str.maketrans("018", "OIB"))


def _unwrap(key: bytes, slot: dict[str, Any], vault: str) -> bytes | None:
    sealed = base64.b64decode(slot["wrapped"])
    bound = f"{slot['kind']}:{vault}".encode()
    try:
        return AESGCM(key).decrypt(sealed[:12], sealed[12:], bound)
    except (InvalidTag, ValueError):
        return None


def _argon(passphrase: str, salt: bytes, cost: dict[str, int]) -> bytes:
    return hash_secret_raw(passphrase.encode(), salt, cost["t"], cost["m"], cost["p"], 32, Type.ID)


def _hkdf(key: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), 32, None, purpose).derive(key)


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
