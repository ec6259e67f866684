"""People, laptops and a centre for the tests: real accounts, real keys, real requests."""

import json
import secrets
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

import httpx
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from audit_app.central.account_tables import ACCOUNT, ATTEMPT, DEVICE_KEY, FAMILY
from audit_app.central.accounts import add_account, roles_of, set_grants
from audit_app.central.app import build_app
from audit_app.central.centre import Centre, build_centre
from audit_app.central.database import Database
from audit_app.central.devices import DeviceDesk
from audit_app.central.grants import Grant, Reach
from audit_app.central.policy import Role
from audit_app.central.tables import DEVICE
from audit_app.central.tokens import give_tokens
from audit_app.central.totp import code_of, step_of
from audit_app.clock import uuid7
from audit_app.sync.protocol import Answer, Op, Request, Result, pack, unpack
from audit_app.sync.protocol.signing import enrol_text, refresh_text, sign_in_text
from tests.builders import StillClock
from tests.central.in_process import client_of

PASSWORD = "seven green kettles sing"
AT = "2026-11-25T09:00:00+00:00"


@dataclass
class Laptop:
    """A device with its key; what it does goes over HTTP."""

    client: httpx.Client
    device: UUID = field(default_factory=uuid4)
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    tokens: dict[str, Any] = field(default_factory=dict)
    top: int = 0

    @property
    def public_key(self) -> str:
        return b64encode(self.key.public_key().public_bytes_raw()).decode()

    def signed(self, text: bytes) -> str:
        return b64encode(self.key.sign(text)).decode()

    def enrol(self, code: str, password: str = PASSWORD, **more: str) -> httpx.Response:
        body = {
            "code": code,
            "device": str(self.device),
            "name": "Lena's laptop",
            "public_key": self.public_key,
            "signature": self.signed(enrol_text(self.public_key, code)),
            "password": password,
            **more,
        }
        return self._kept(self.client.post("/v1/devices", json=body))

    def sign_in(self, password: str = PASSWORD, **more: str) -> httpx.Response:
        asked = self.client.post("/v1/nonces", json={"device": str(self.device)})
        nonce = asked.json()["nonce"]
        body = {
            "device": str(self.device),
            "nonce": nonce,
            "signature": self.signed(sign_in_text(str(self.device), nonce)),
            "password": password,
            **more,
        }
        return self._kept(self.client.post("/v1/tokens", json=body))

    def refresh(self, tokens: Mapping[str, Any] | None = None) -> httpx.Response:
        """Trade the refresh token it has, or an older one."""
        has = tokens or self.tokens
        text = refresh_text(str(self.device), has["nonce"])
        body = {
            "device": str(self.device),
            "refresh": has["refresh"],
            "signature": self.signed(text),
        }
        return self._kept(self.client.post("/v1/tokens/refresh", json=body))

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        """Any request, with its access token."""
        headers = {"Authorization": f"Bearer {self.tokens.get('access', '')}"}
        return self.client.request(method, path, headers=headers | more.pop("headers", {}), **more)

    def post_sync(self, request: Request) -> httpx.Response:
        return self.ask("POST", "/v1/sync", content=packed(request))

    def sync(self, request: Request) -> Answer:
        response = self.post_sync(request)
        assert response.status_code == 200, response.text
        return Answer.read(unpack(response.content))

    def push(self, *changes: tuple[str, str, str, dict[str, Any]]) -> list[Result]:
        """Send changes (scope, kind, id, values), each in a group of its own."""
        ops = []
        for scope, entity, row, values in changes:
            self.top += 1
            ops.append(Op(self.top, f"g{self.top}", scope, entity, row, 0, values, AT))
        answer = self.sync(Request(device=str(self.device), top=self.top, acked=0, ops=tuple(ops)))
        return [answer.results[op.no] for op in ops]

    def _kept(self, response: httpx.Response) -> httpx.Response:
        if response.is_success:
            self.tokens = response.json()
        return response


def packed(request: Request) -> bytes:
    """As it is sent, with signs escaped that only a broken client could write."""
    try:
        return pack(request)
    except UnicodeEncodeError:
        return zstandard.compress(json.dumps(request.wire()).encode())


class TownClock(StillClock):
    """Stands still too, but its ids are new: several towns may share one database."""

    def new_id(self) -> UUID:
        return uuid7(self.now(), secrets.token_bytes(10))


class Town:
    """A centre, and the people who come to it."""

    def __init__(self, url: str, **centre: Any) -> None:
        self.clock = TownClock()
        self.database = Database(url)
        self.centre: Centre = build_centre(self.database, self.clock, version="1.0", **centre)
        self.client = client_of(build_app(self.centre))
        # Failures of an earlier town are not this one's.
        self.database.run(lambda c: c.execute(ATTEMPT.delete()))

    def close(self) -> None:
        self.client.close()
        self.database.close()

    def account(self, *grants: Grant, login: str = "") -> UUID:
        """An account that nobody has used yet."""
        login = login or f"person-{uuid4().hex[:8]}"
        return self.database.run(
            lambda c: add_account(c, self.clock, login=login, name=login.title(), grants=grants)
        )

    def grant(self, user: UUID, *grants: Grant) -> None:
        self.database.run(lambda c: set_grants(c, self.clock, user, grants))

    def code(self, user: UUID) -> str:
        return DeviceDesk(self.database, self.clock).make_code(user)[0]

    def totp(self, user: UUID) -> str:
        """What the person's authenticator app shows now; a fresh one for each call."""
        self.clock.go_on(seconds=30)
        row = self.rows(ACCOUNT, ACCOUNT.c.id == user)[0]
        return code_of(row.totp_secret, step_of(self.clock.now()))

    def laptop(self) -> Laptop:
        """One that is not enrolled."""
        return Laptop(self.client)

    def enrolled(self, user: UUID) -> Laptop:
        """One that went through the whole enrolment."""
        laptop = self.laptop()
        roles = self.database.run(lambda c: roles_of(c, user))
        more = {"totp": self.totp(user)} if any(role.needs_totp for role in roles) else {}
        response = laptop.enrol(self.code(user), **more)
        assert response.status_code == 201, response.text
        return laptop

    def person(self, role: Role, reach: Reach = Reach.EVERYTHING, value: str = "") -> Laptop:
        """Somebody of this role with an enrolled laptop, without the hashing of an enrolment."""
        user = self.account(Grant(role, reach, value))
        return self.quick_laptop(user)

    def quick_laptop(self, user: UUID) -> Laptop:
        """A laptop that has tokens, though it never enrolled."""
        laptop = self.laptop()

        def enrol(connection: Any) -> dict[str, Any]:
            now = self.clock.now()
            connection.execute(
                DEVICE.insert().values(
                    id=laptop.device,
                    user_id=user,
                    name="laptop",
                    last_op=0,
                    app="",
                    schema=1,
                    enrolled_at=now,
                    trail_seq=0,
                    trail_head="",
                )
            )
            raw = laptop.key.public_key().public_bytes_raw()
            connection.execute(DEVICE_KEY.insert().values(device=laptop.device, public_key=raw))
            tokens = give_tokens(connection, self.clock, user, laptop.device)
            return {"access": tokens.access, "refresh": tokens.refresh, "nonce": tokens.nonce}

        laptop.tokens = self.database.run(enrol)
        return laptop

    def rows(self, table: Any, *where: Any) -> Sequence[Any]:
        return self.database.run(lambda c: c.execute(table.select().where(*where)).all())

    def wait(self, **delta: float) -> None:
        self.clock.go_on(**delta)


def end_of_families(town: Town, device: UUID) -> list[str | None]:
    """Why each sign-in of a device ended; None for one that goes on."""
    return [row.reason for row in town.rows(FAMILY, FAMILY.c.device == device)]
