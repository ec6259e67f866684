"""What proves to the centre that this device is the one that was enrolled."""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from audit_app.errors import NotFound
from audit_app.sync.protocol.signing import enrol_text, refresh_text, sign_in_text
from db.store import Store
from db.tables import Centre

_EARLY = timedelta(seconds=30)
"""A token is traded in so long before it runs out, for clocks and slow lines."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """The device's own key, and the tokens it holds now.

    Attributes:
        device: the id under which it was enrolled; its ops may have a newer one after a fork.
        key: the private Ed25519 key, base64.
        centre_key: the centre's public key, base64, to check its word with.
        access, refresh, nonce: as the centre gave them; "" where it has to sign in.
    """

    device: str
    key: str
    centre_key: str = ""
    access: str = ""
    access_until: str = ""
    refresh: str = ""
    nonce: str = ""

    @staticmethod
    def make(device: str) -> "Credentials":
        """A new key, enrolled nowhere yet."""
        return Credentials(
            device, b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()
        )

    @staticmethod
    def read(stored: Mapping[str, Any]) -> "Credentials":
        """As they were stored."""
        return Credentials(**{name: str(stored.get(name, "")) for name in Credentials.__slots__})

    def stored(self) -> dict[str, str]:
        """For the store; they are as safe as the workspace itself."""
        return {name: getattr(self, name) for name in Credentials.__slots__}

    @property
    def public_key(self) -> str:
        """The public key, base64."""
        return b64encode(self._private.public_key().public_bytes_raw()).decode()

    def sign_enrolment(self, code: str) -> str:
        """The signature that goes with a one-time code."""
        return self._sign(enrol_text(self.public_key, code))

    def sign_in(self, nonce: str) -> str:
        """The signature that goes with a password."""
        return self._sign(sign_in_text(self.device, nonce))

    def sign_refresh(self) -> str:
        """The signature that goes with the refresh token."""
        return self._sign(refresh_text(self.device, self.nonce))

    def is_fresh(self, now: datetime) -> bool:
        """Whether the access token still holds, as far as this device's clock can tell."""
        if not (self.access and self.access_until):
            return False
        return now < datetime.fromisoformat(self.access_until) - _EARLY

    def with_tokens(self, said: Mapping[str, Any], now: datetime) -> "Credentials":
        """With the pair that the centre has just given."""
        until = now + timedelta(seconds=int(said["expires_in"]))
        return replace(
            self,
            access=str(said["access"]),
            access_until=until.isoformat(),
            refresh=str(said["refresh"]),
            nonce=str(said["nonce"]),
        )

    def without_tokens(self) -> "Credentials":
        """A person has to sign in again."""
        return replace(self, access="", access_until="", refresh="", nonce="")

    @property
    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(b64decode(self.key))

    def _sign(self, text: bytes) -> str:
        return b64encode(self._private.sign(text)).decode()


def load_credentials(store: Store) -> tuple[str, Credentials]:
    """The centre's address and this device's credentials.

    Raises:
        NotFound: the workspace is joined to no centre.
    """
    with store.read() as session:
        centre = session.scalars(select(Centre)).first()
        if centre is None:
            raise NotFound(
                "This workspace is not joined to a central store.",
                "Join one under Settings, Sync.",
            )
        return centre.address, Credentials.read(centre.credentials)


def save_credentials(store: Store, credentials: Credentials) -> None:
    """Keep them; a token that was given once must not be lost."""
    with store.settle() as session:
        centre = session.scalars(select(Centre)).one()
        centre.credentials = credentials.stored()
