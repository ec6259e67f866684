"""Tokens: a short one for each request, a long one to get the next, both bound to a device's key.

They are opaque and looked up at every request: whoever is turned out is out at once.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection, delete, insert, select, update

from audit_app.central.account_tables import ACCOUNT, DEVICE_KEY, FAMILY, NONCE, TOKEN
from audit_app.central.accounts import take_password, take_totp
from audit_app.central.attempts import begin_attempt, by_account, by_address, end_attempt
from audit_app.central.database import Database
from audit_app.central.refusals import TurnedAway, device_revoked, no_token, not_known
from audit_app.central.secret_words import digest_of, is_signed, new_token
from audit_app.central.security_log import write_log
from audit_app.central.tables import DEVICE
from audit_app.clock import Clock
from audit_app.sync.protocol.signing import refresh_text, sign_in_text

ACCESS = timedelta(minutes=15)
IDLE = timedelta(days=30)
"""A device that was not heard of for so long signs in with its password again."""
LONGEST = timedelta(days=90)
"""So does every device after this time."""
NONCE_LIFE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Who:
    """Whose request this is.

    Attributes:
        name: the user's, as others read it beside his changes.
    """

    user: UUID
    device: UUID
    name: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a device gets at its sign-in, in its only copy.

    Attributes:
        nonce: to be signed when the refresh token is traded in.
        expires_in: seconds that the access token holds.
    """

    access: str
    refresh: str
    nonce: str
    expires_in: int


class TokenDesk:
    """Gives tokens out, trades them and knows whose they are."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def whose(self, access: str) -> Who:
        """Whose token this is.

        Raises:
            TurnedAway: nobody's; its time is over; or its device or account is no longer welcome.
        """
        now = self._clock.now()
        query = (
            select(
                TOKEN.c.expires_at,
                FAMILY.c.revoked_at,
                FAMILY.c.user_id,
                FAMILY.c.device,
                ACCOUNT.c.name,
                ACCOUNT.c.disabled_at,
                DEVICE.c.revoked_at.label("device_revoked_at"),
            )
            .join(FAMILY, FAMILY.c.id == TOKEN.c.family)
            .join(ACCOUNT, ACCOUNT.c.id == FAMILY.c.user_id)
            .join(DEVICE, DEVICE.c.id == FAMILY.c.device)
            .where(TOKEN.c.digest == digest_of(access), TOKEN.c.kind == "access")
        )
        row = self._database.run(lambda connection: connection.execute(query).first())
        if row is None:
            raise no_token()
        if row.device_revoked_at is not None or row.disabled_at is not None:
            raise device_revoked()
        if row.revoked_at is not None or row.expires_at <= now:
            raise no_token()
        return Who(row.user_id, row.device, row.name)

    def nonce(self, device: UUID) -> str:
        """A number used once, for a device to sign; given to anybody who asks."""
        nonce, now = new_token(), self._clock.now()

        def keep(connection: Connection) -> None:
            connection.execute(delete(NONCE).where(NONCE.c.expires_at <= now))
            connection.execute(
                insert(NONCE).values(
                    digest=digest_of(nonce), device=device, expires_at=now + NONCE_LIFE
                )
            )

        self._database.run(keep)
        return nonce

    def sign_in(
        self, *, device: UUID, nonce: str, signature: str, password: str, totp: str, address: str
    ) -> Tokens:
        """Sign a device in again with its key, its owner's password and, where due, a code.

        Raises:
            TurnedAway: one of them is wrong; or too many tries failed.
        """
        now = self._clock.now()
        subjects = (by_account(str(device)), by_address(address))
        self._database.run(lambda connection: begin_attempt(connection, now, *subjects))

        def take(connection: Connection) -> Tokens:
            used = connection.execute(
                delete(NONCE)
                .where(
                    NONCE.c.digest == digest_of(nonce),
                    NONCE.c.device == device,
                    NONCE.c.expires_at > now,
                )
                .returning(NONCE.c.device)
            ).first()
            row = connection.execute(
                select(DEVICE.c.user_id, DEVICE.c.revoked_at, DEVICE_KEY.c.public_key)
                .join(DEVICE_KEY, DEVICE_KEY.c.device == DEVICE.c.id)
                .where(DEVICE.c.id == device)
            ).first()
            if used is None or row is None:
                raise not_known()
            if not is_signed(row.public_key, signature, sign_in_text(str(device), nonce)):
                raise not_known()
            if row.revoked_at is not None:
                raise device_revoked()
            take_password(connection, row.user_id, password)
            take_totp(connection, self._clock, row.user_id, totp)
            tokens = give_tokens(connection, self._clock, row.user_id, device)
            end_attempt(connection, *subjects)
            write_log(
                connection,
                self._clock,
                "sign_in",
                user=row.user_id,
                device=device,
                address=address,
            )
            return tokens

        try:
            return self._database.run(take)
        except TurnedAway as refusal:
            self._note("sign_in", refusal, device, address)
            raise

    def refresh(self, *, device: UUID, refresh: str, signature: str, address: str) -> Tokens:
        """Trade a refresh token for the next pair.

        An answer that was lost on its way may be asked for once more, as long as nothing that
        came with it was used. Any other second use means that somebody else has the token: all
        tokens of that sign-in end (ASVS 10.4.5).

        Raises:
            TurnedAway: the token is not valid for this device.
        """
        outcome = self._database.run(
            lambda connection: self._trade(connection, device, refresh, signature)
        )
        if isinstance(outcome, TurnedAway):
            self._note("refresh", outcome, device, address)
            raise outcome
        return outcome

    def _trade(
        self, connection: Connection, device: UUID, refresh: str, signature: str
    ) -> "Tokens | TurnedAway":
        """The next pair, or why not; a family that ends here ends for good."""
        now = self._clock.now()
        row = connection.execute(
            select(
                TOKEN,
                FAMILY.c.device,
                FAMILY.c.user_id,
                FAMILY.c.revoked_at,
                FAMILY.c.expires_at.label("family_ends"),
                ACCOUNT.c.disabled_at,
                DEVICE.c.revoked_at.label("device_revoked_at"),
                DEVICE_KEY.c.public_key,
            )
            .join(FAMILY, FAMILY.c.id == TOKEN.c.family)
            .join(ACCOUNT, ACCOUNT.c.id == FAMILY.c.user_id)
            .join(DEVICE, DEVICE.c.id == FAMILY.c.device)
            .join(DEVICE_KEY, DEVICE_KEY.c.device == FAMILY.c.device)
            .where(
                TOKEN.c.digest == digest_of(refresh),
                TOKEN.c.kind == "refresh",
                FAMILY.c.device == device,
            )
            .with_for_update(of=[TOKEN, FAMILY])
        ).first()
        if row is None:
            return no_token()
        if row.device_revoked_at is not None or row.disabled_at is not None:
            return device_revoked()
        if row.revoked_at is not None or min(row.expires_at, row.family_ends) <= now:
            return no_token()
        if row.used_at is not None and _was_used(connection, row.successor):
            end_family(connection, row.family, now, "a used token came again")
            return no_token()
        if not is_signed(row.public_key, signature, refresh_text(str(device), row.nonce or "")):
            return no_token()
        # Of the pair whose answer was lost, nothing may work beside the new one.
        connection.execute(
            delete(TOKEN).where(
                TOKEN.c.family == row.family,
                TOKEN.c.digest != row.digest,
                TOKEN.c.used_at.is_(None) | (TOKEN.c.expires_at <= now),
            )
        )
        return _next_pair(connection, row.family, now, row.digest)

    def _note(self, event: str, refusal: TurnedAway, device: UUID, address: str) -> None:
        self._database.run(
            lambda connection: write_log(
                connection,
                self._clock,
                event,
                outcome=refusal.code,
                device=device,
                address=address,
            )
        )


def give_tokens(connection: Connection, clock: Clock, user: UUID, device: UUID) -> Tokens:
    """Begin a sign-in; an earlier one of the same device ends."""
    now = clock.now()
    end_device(connection, device, now, "signed in anew")
    over = select(FAMILY.c.id).where(FAMILY.c.device == device)
    connection.execute(delete(TOKEN).where(TOKEN.c.family.in_(over)))
    family = clock.new_id()
    connection.execute(
        insert(FAMILY).values(
            id=family, device=device, user_id=user, started_at=now, expires_at=now + LONGEST
        )
    )
    return _next_pair(connection, family, now, None)


def end_device(connection: Connection, device: UUID, now: datetime, reason: str) -> None:
    """End every sign-in of a device at once."""
    connection.execute(
        update(FAMILY)
        .where(FAMILY.c.device == device, FAMILY.c.revoked_at.is_(None))
        .values(revoked_at=now, reason=reason)
    )


def end_family(connection: Connection, family: UUID, now: datetime, reason: str) -> None:
    """End one sign-in."""
    connection.execute(
        update(FAMILY).where(FAMILY.c.id == family).values(revoked_at=now, reason=reason)
    )


def _next_pair(connection: Connection, family: UUID, now: datetime, before: str | None) -> Tokens:
    tokens = Tokens(new_token(), new_token(), new_token(), int(ACCESS.total_seconds()))
    access, refresh = digest_of(tokens.access), digest_of(tokens.refresh)
    if before is not None:
        connection.execute(
            update(TOKEN).where(TOKEN.c.digest == before).values(used_at=now, successor=refresh)
        )
    connection.execute(
        insert(TOKEN),
        [
            {
                "digest": access,
                "family": family,
                "kind": "access",
                "nonce": None,
                "expires_at": now + ACCESS,
            },
            {
                "digest": refresh,
                "family": family,
                "kind": "refresh",
                "nonce": tokens.nonce,
                "expires_at": now + IDLE,
            },
        ],
    )
    return tokens


def _was_used(connection: Connection, successor: str | None) -> bool:
    """Whether the pair that a token was traded for arrived: its refresh token was traded on, or
    is not there any more."""
    row = connection.execute(select(TOKEN.c.used_at).where(TOKEN.c.digest == successor)).first()
    return row is None or row.used_at is not None
