"""The keys of a workspace: one random secret, wrapped once for each way of opening it.

The secret is 48 bytes: the database key and its salt. Changing a passphrase rewrites a few
hundred bytes, never the database; losing one way of opening loses nothing while another is left.
"""

import base64
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from audit_app.errors import AuditError, StoreError
from db.files import write_durably

FILE, COPY, DEVICE_KEY = "vault.json", "vault.copy.json", "device.key"
SHORTEST = 12
"""Characters of a passphrase (ASVS 6.2.1 asks 8, urges 15)."""

_ARGON = {"t": 3, "m": 65536, "p": 4}
"""Argon2id, second recommended option of RFC 9106: passes, KiB of memory, lanes."""

_SECRET = 48


@dataclass(frozen=True, slots=True)
class Secret:
    """The opened secret; ``database`` is key and salt, ``photos`` a key made from it."""

    database: bytes

    @property
    def photos(self) -> bytes:
        """The key of the photo store (HKDF-SHA256)."""
        return _hkdf(self.database[:32], b"photo")


class Vault:
    """The file with the wrapped secret, in two copies."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._secret: Secret | None = None

    @staticmethod
    def exists(folder: Path) -> bool:
        """Whether a workspace was ever made here."""
        return (folder / FILE).exists() or (folder / COPY).exists()

    def create(self, passphrase: str | None = None) -> Secret:
        """Make a new secret, opened by the passphrase or, without one, by this device."""
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
            StoreError: nothing given opens it, or the file is damaged in both copies.
        """
        body = self._load()
        for slot in body["slots"]:
            key = self._key_for(slot, passphrase, recovery)
            secret = None if key is None else _unwrap(key, slot, body["vault"])
            if secret is not None:
                self._secret = Secret(secret)
                return self._secret
        if recovery is not None:
            raise StoreError(
                "This recovery code does not open the workspace.", "Check its letters."
            )
        if passphrase is not None:
            raise StoreError(
                "This passphrase does not open the workspace.",
                "Try again, or use the recovery code.",
            )
        raise StoreError(
            "This workspace is protected by a passphrase.",
            "Enter it, or set ONSITE_PASSPHRASE for a command.",
        )

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
        if len(passphrase) < SHORTEST:
            raise AuditError(
                f"The passphrase has {len(passphrase)} characters.",
                f"Use at least {SHORTEST}; a short sentence is good.",
            )
        body = self._load()
        body["slots"] = [s for s in body["slots"] if s["kind"] not in ("device", "passphrase")]
        self._add_passphrase(body, passphrase)
        self._save(body)
        (self._folder / DEVICE_KEY).unlink(missing_ok=True)

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
        write_durably(self._folder / DEVICE_KEY, key, private=True)
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

    def _key_for(
        self, slot: dict[str, Any], passphrase: str | None, recovery: str | None
    ) -> bytes | None:
        kind = slot["kind"]
        if kind == "passphrase" and passphrase is not None:
            return _argon(passphrase, base64.b64decode(slot["salt"]), slot["argon"])
        if kind == "recovery" and recovery is not None:
            try:
                raw = base64.b32decode(recovery.replace("-", "").replace(" ", "").upper())
            except ValueError:
                return None
            return _hkdf(raw, b"recovery")
        if kind == "device":
            try:
                return (self._folder / DEVICE_KEY).read_bytes()
            except OSError:
                return None
        return None

    def _load(self) -> dict[str, Any]:
        for name in (FILE, COPY):
            try:
                body: dict[str, Any] = json.loads((self._folder / name).read_text("utf-8"))
            except (OSError, ValueError):
                continue
            if isinstance(body.get("slots"), list):
                return body
        raise StoreError(
            f"The key file {FILE} in {self._folder} is missing or damaged, and so is its copy.",
            "Put both back from a backup of the folder; without them nothing can be read.",
        )

    def _save(self, body: dict[str, Any]) -> None:
        data = json.dumps(body, indent=1).encode()
        for name in (FILE, COPY):
            write_durably(self._folder / name, data, private=True)
        if os.name == "posix":
            (self._folder / FILE).chmod(0o600)


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
