"""Joining a central store, signing in again, leaving it."""

from dataclasses import dataclass, replace
from platform import node

import httpx
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from audit_app.clock import Clock
from audit_app.errors import AuditError
from audit_app.sync.credentials import Credentials, load_credentials, save_credentials
from audit_app.sync.http import body_of, check, check_address, in_words, not_a_centre, open_client
from audit_app.version import VERSION
from db.store import Store
from db.tables import (
    Centre,
    CursorLog,
    OutboxOp,
    ScopeCursor,
    Shadow,
    Staged,
    TrailAnchor,
)


@dataclass(frozen=True, slots=True)
class Joined:
    """Whose account this device now works for."""

    user: str
    address: str


class AccountService:
    """This device's account at the centre."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def join(self, address: str, *, code: str, password: str, totp: str = "") -> Joined:
        """Enrol this device with a one-time code; all that waits can then be sent.

        Raises:
            AuditError: the workspace is joined already, the address is none, or the centre does
                not accept code or password.
            Unreachable: nobody answers there.
        """
        with self._store.read() as session:
            if session.scalars(select(Centre)).first() is not None:
                raise AuditError(
                    "This workspace is joined to a central store already.",
                    "Leave that one first.",
                )
        place = check_address(address)
        mine = Credentials.make(str(self._store.device))
        said = _post(
            place,
            "/v1/devices",
            {
                "code": code.strip(),
                "device": mine.device,
                "name": node()[:120] or "device",
                "public_key": mine.public_key,
                "signature": mine.sign_enrolment(code.strip()),
                "password": password,
                "totp": totp.strip(),
                "app": VERSION,
            },
        )
        now = self._clock.now()
        try:
            known = replace(mine.with_tokens(said, now), centre_key=str(said["centre_key"]))
            user, instance = str(said["name"]), str(said["instance"])
        except (KeyError, ValueError) as error:
            raise not_a_centre() from error
        with self._store.settle() as session:
            session.add(
                Centre(
                    id=1,
                    address=place,
                    instance=instance,
                    user=user,
                    credentials=known.stored(),
                    joined_at=now,
                )
            )
        return Joined(user, place)

    def sign_in(self, *, password: str, totp: str = "") -> None:
        """Sign this device in again.

        Raises:
            AuditError: the centre does not accept the password, or the device.
            Unreachable: nobody answers.
        """
        address, mine = load_credentials(self._store)
        nonce = str(_post(address, "/v1/nonces", {"device": mine.device}).get("nonce", ""))
        said = _post(
            address,
            "/v1/tokens",
            {
                "device": mine.device,
                "nonce": nonce,
                "signature": mine.sign_in(nonce),
                "password": password,
                "totp": totp.strip(),
            },
        )
        save_credentials(self._store, mine.with_tokens(said, self._clock.now()))

    def leave(self) -> None:
        """Forget the centre. Every row stays here; joining again sends what is not yet there.

        All rows count as never sent: another centre must get them whole.
        """
        with self._store.settle() as session:
            _forget(session)
            self._store.rename_device(session)


def _forget(session: Session) -> None:
    from audit_app.sync import mirror

    for table in mirror.TABLES.values():
        session.connection().execute(update(table).values(seq=None))
    for known in (Centre, ScopeCursor, CursorLog, Staged, Shadow, TrailAnchor):
        session.execute(delete(known))
    # The journal of one centre says nothing to another; what was never settled goes on waiting.
    session.execute(delete(OutboxOp).where(OutboxOp.state.in_(("acked", "settling", "dropped"))))
    session.execute(update(OutboxOp).where(OutboxOp.state == "sealed").values(state="pending"))
    session.execute(update(OutboxOp).values(no=None, base=None))


def _post(address: str, path: str, body: dict[str, str]) -> dict[str, object]:
    try:
        with open_client(address) as client:
            response = client.post(path, json=body)
    except httpx.HTTPError as error:
        raise in_words(error) from error
    check(response)
    return body_of(response)
