"""Devices: one-time codes, enrolment with a key of their own, revocation at once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from audit_app.central.account_tables import ACCOUNT, CODE, DEVICE_KEY, DEVICE_NAME
from audit_app.central.accounts import take_password, take_totp
from audit_app.central.attempts import begin_attempt, by_account, by_address, end_attempt
from audit_app.central.database import Database
from audit_app.central.refusals import TurnedAway, not_known, not_there
from audit_app.central.secret_words import (
    digest_of,
    is_signed,
    new_code,
    plain_code,
    public_key_of,
)
from audit_app.central.security_log import write_log
from audit_app.central.tables import DEVICE
from audit_app.central.tokens import Tokens, end_device, give_tokens
from audit_app.clock import Clock
from audit_app.sync.protocol.signing import enrol_text

CODE_LIFE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Device:
    """One enrolled device."""

    id: UUID
    user: UUID
    login: str
    name: str
    app: str
    enrolled_at: datetime
    last_seen: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a device sends to be enrolled.

    Attributes:
        device: the name its ops are numbered under.
        public_key, signature: base64; the signature is over ``enrol_text``.
        password: the account's, or its first one.
        totp: the code of the authenticator app, where the account's roles need one.
    """

    code: str
    device: UUID
    name: str
    public_key: str
    signature: str
    password: str
    totp: str = ""
    app: str = ""


class DeviceDesk:
    """Enrols devices and revokes them."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def make_code(self, user: UUID, *, by: UUID | None = None) -> tuple[str, datetime]:
        """A code with which one device of this person may be enrolled, and when it runs out.

        An earlier code of the same person that was not used stops working.

        Raises:
            TurnedAway: there is no such account.
        """
        code = new_code()
        now = self._clock.now()

        def keep(connection: Connection) -> None:
            open_account = select(ACCOUNT.c.id).where(
                ACCOUNT.c.id == user, ACCOUNT.c.disabled_at.is_(None)
            )
            if connection.scalar(open_account) is None:
                raise not_there()
            connection.execute(
                update(CODE)
                .where(CODE.c.user_id == user, CODE.c.used_at.is_(None), CODE.c.expires_at > now)
                .values(expires_at=now)
            )
            connection.execute(
                insert(CODE).values(
                    digest=digest_of(plain_code(code)),
                    user_id=user,
                    made_by=by,
                    expires_at=now + CODE_LIFE,
                )
            )
            write_log(connection, self._clock, "code.make", user=by, words=str(user))

        self._database.run(keep)
        return code, now + CODE_LIFE

    def enrol(self, asked: Enrolment, *, address: str) -> tuple[UUID, str, Tokens]:
        """Enrol a device; gives the account's id, its name and the device's first tokens.

        The code is used up only when everything else is right, so that a mistyped password or a
        code still to be set up does not need a new one.

        Raises:
            TurnedAway: something is wrong, with the one answer for everything that is secret.
        """
        now = self._clock.now()
        digest = digest_of(plain_code(asked.code))
        # A code names its account; guessing codes is slowed down by the address.
        owner = self._database.run(
            lambda connection: connection.scalar(
                select(CODE.c.user_id).where(CODE.c.digest == digest)
            )
        )
        subjects = [by_address(address)]
        if owner is not None:
            subjects.append(by_account(str(owner)))
        self._database.run(lambda connection: begin_attempt(connection, now, *subjects))

        def take(connection: Connection) -> tuple[UUID, str, Tokens]:
            row = connection.execute(
                update(CODE)
                .where(CODE.c.digest == digest, CODE.c.used_at.is_(None), CODE.c.expires_at > now)
                .values(used_at=now)
                .returning(CODE.c.user_id)
            ).first()
            public_key = public_key_of(asked.public_key)
            if row is None:
                raise not_known()
            if public_key is None or not is_signed(
                public_key, asked.signature, enrol_text(asked.public_key, asked.code)
            ):
                raise TurnedAway("key", "The device did not sign with the key it sent.", status=422)
            user: UUID = row.user_id
            take_password(connection, user, asked.password, may_be_first=True)
            take_totp(connection, self._clock, user, asked.totp)
            self._keep(connection, asked, user, public_key, now)
            tokens = give_tokens(connection, self._clock, user, asked.device)
            end_attempt(connection, *subjects)
            write_log(
                connection,
                self._clock,
                "device.enrol",
                user=user,
                device=asked.device,
                address=address,
                words=asked.name,
            )
            name = connection.scalar(select(ACCOUNT.c.name).where(ACCOUNT.c.id == user))
            return user, str(name), tokens

        try:
            return self._database.run(take)
        except TurnedAway as refusal:
            self._note(refusal.code, asked.device, address, owner)
            raise

    def _keep(
        self,
        connection: Connection,
        asked: Enrolment,
        user: UUID,
        public_key: bytes,
        now: datetime,
    ) -> None:
        known = connection.scalar(select(DEVICE.c.user_id).where(DEVICE.c.id == asked.device))
        if known is not None and known != user:
            raise TurnedAway("taken", "Another account has a device of that id.", status=409)
        row = {
            "id": asked.device,
            "user_id": user,
            "name": asked.name,
            "last_op": 0,
            "app": asked.app,
            "schema": 0,
            "enrolled_at": now,
            "trail_seq": 0,
            "trail_head": "",
        }
        # Enrolled once more, it goes on with its numbers where it was.
        changes = {"name": asked.name, "enrolled_at": now, "revoked_at": None}
        connection.execute(
            upsert(DEVICE).values(row).on_conflict_do_update(index_elements=["id"], set_=changes)
        )
        connection.execute(
            upsert(DEVICE_KEY)
            .values(device=asked.device, public_key=public_key)
            .on_conflict_do_update(index_elements=["device"], set_={"public_key": public_key})
        )

    def _note(self, code: str, device: UUID, address: str, user: UUID | None) -> None:
        self._database.run(
            lambda connection: write_log(
                connection,
                self._clock,
                "device.enrol",
                outcome=code,
                user=user,
                device=device,
                address=address,
            )
        )


def answers_to(connection: Connection, enrolled: UUID, name: UUID) -> bool:
    """Whether an enrolled device may number its ops under this name; a new name is noted.

    A device that was copied or put back takes a new name by itself (SYNC 2.6, forked).
    """
    if name == enrolled:
        return True
    known = connection.execute(
        select(DEVICE_NAME.c.enrolled).where(DEVICE_NAME.c.device == name)
    ).first()
    if known is not None:
        return bool(known.enrolled == enrolled)
    row = connection.execute(select(DEVICE).where(DEVICE.c.id == enrolled)).mappings().one()
    copy = {**row, "id": name, "last_op": 0, "trail_seq": 0, "trail_head": ""}
    made = connection.execute(
        upsert(DEVICE).values(copy).on_conflict_do_nothing().returning(DEVICE.c.id)
    ).first()
    if made is None:
        return False
    connection.execute(insert(DEVICE_NAME).values(device=name, enrolled=enrolled))
    return True


def revoke_device(
    connection: Connection,
    clock: Clock,
    device: UUID,
    *,
    owner: UUID | None = None,
    by: UUID | None = None,
) -> None:
    """Turn a device out at once, under all its names; what it sent stays.

    Args:
        owner: only if it is this person's.

    Raises:
        TurnedAway: there is no such device, or it was revoked before.
    """
    now = clock.now()
    names = select(DEVICE_NAME.c.device).where(DEVICE_NAME.c.enrolled == device)
    which = select(DEVICE_KEY.c.device).where(DEVICE_KEY.c.device == device)
    query = (
        update(DEVICE)
        .where(DEVICE.c.id.in_(which), DEVICE.c.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(DEVICE.c.id)
    )
    if owner is not None:
        query = query.where(DEVICE.c.user_id == owner)
    if connection.execute(query).first() is None:
        raise not_there()
    connection.execute(update(DEVICE).where(DEVICE.c.id.in_(names)).values(revoked_at=now))
    end_device(connection, device, now, "device revoked")
    write_log(connection, clock, "device.revoke", user=by, device=device)


def list_devices(connection: Connection, *, owner: UUID | None = None) -> list[Device]:
    """Enrolled devices, newest first; of one person if given."""
    query = (
        select(DEVICE, ACCOUNT.c.login)
        .join(DEVICE_KEY, DEVICE_KEY.c.device == DEVICE.c.id)
        .join(ACCOUNT, ACCOUNT.c.id == DEVICE.c.user_id)
        .order_by(DEVICE.c.enrolled_at.desc(), DEVICE.c.id)
    )
    if owner is not None:
        query = query.where(DEVICE.c.user_id == owner)
    return [
        Device(
            row.id,
            row.user_id,
            row.login,
            row.name,
            row.app,
            row.enrolled_at,
            row.last_seen,
            row.revoked_at,
        )
        for row in connection.execute(query)
    ]
