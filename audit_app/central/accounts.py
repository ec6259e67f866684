"""People: making accounts, granting roles, closing accounts, and knowing them again."""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, Row, delete, insert, select, update

from audit_app.central.account_tables import ACCOUNT, FAMILY, GRANT
from audit_app.central.grants import (
    Grant,
    Reach,
    grants_of,
    lock_memberships,
    write_memberships,
)
from audit_app.central.passwords import check_password, hash_password, is_right
from audit_app.central.policy import Role
from audit_app.central.refusals import TurnedAway, not_known, not_there
from audit_app.central.security_log import write_log
from audit_app.central.totp import SECRET_BYTES, matching_step, setup_uri
from audit_app.clock import Clock

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._+@-]{1,119}")


@dataclass(frozen=True, slots=True)
class Account:
    """One person."""

    id: UUID
    login: str
    name: str
    grants: tuple[Grant, ...]
    created_at: datetime
    disabled_at: datetime | None


def add_account(
    connection: Connection,
    clock: Clock,
    *,
    login: str,
    name: str,
    grants: Iterable[Grant] = (),
    by: UUID | None = None,
) -> UUID:
    """Make an account; its password is set when its first device is enrolled.

    Raises:
        TurnedAway: the login is taken or is none, or a grant makes no sense.
    """
    login = login.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise TurnedAway(
            "login", "A login has 2 to 120 letters, digits and the signs . _ + @ -.", status=422
        )
    name = name.strip()
    if not 0 < len(name) <= 200:
        raise TurnedAway("name", "A name has 1 to 200 characters.", status=422)
    if connection.scalar(select(ACCOUNT.c.id).where(ACCOUNT.c.login == login)) is not None:
        raise TurnedAway("taken", "There is an account of that login.", status=409)
    user = clock.new_id()
    now = clock.now()
    connection.execute(
        insert(ACCOUNT).values(
            id=user,
            login=login,
            name=name,
            totp_secret=secrets.token_bytes(SECRET_BYTES),
            totp_last=0,
            created_at=now,
        )
    )
    write_log(connection, clock, "account.add", user=by, words=login)
    set_grants(connection, clock, user, grants, by=by)
    return user


def set_grants(
    connection: Connection,
    clock: Clock,
    user: UUID,
    grants: Iterable[Grant],
    *,
    by: UUID | None = None,
) -> None:
    """Put these grants in place of what the person had; scopes open and close at once.

    Raises:
        TurnedAway: there is no such account, or a grant makes no sense.
    """
    wanted = list(dict.fromkeys(checked(grant) for grant in grants))
    lock_memberships(connection)
    if connection.scalar(select(ACCOUNT.c.id).where(ACCOUNT.c.id == user)) is None:
        raise not_there()
    connection.execute(delete(GRANT).where(GRANT.c.user_id == user))
    if wanted:
        now = clock.now()
        connection.execute(
            insert(GRANT),
            [
                {
                    "user_id": user,
                    "role": grant.role.value,
                    "reach": grant.reach.value,
                    "value": grant.value,
                    "granted_by": by,
                    "granted_at": now,
                }
                for grant in wanted
            ],
        )
    write_memberships(connection, user)
    words = ", ".join(f"{g.role} {g.reach} {g.value}".strip() for g in wanted) or "nothing"
    write_log(connection, clock, "account.grants", user=by, words=f"{user}: {words}")


def checked(grant: Grant) -> Grant:
    """The grant in its one spelling.

    Raises:
        TurnedAway: its reach and value do not go together.
    """
    value = grant.value.strip()
    match grant.reach:
        case Reach.EVERYTHING:
            is_right_form = value == ""
        case Reach.MARKET:
            value = value.upper()
            is_right_form = re.fullmatch(r"[A-Z0-9_-]{1,20}", value) is not None
        case _:
            try:
                value = str(UUID(value))
                is_right_form = True
            except ValueError:
                is_right_form = False
    if not is_right_form:
        raise TurnedAway("grant", f"A role over a {grant.reach} cannot name that.", status=422)
    return Grant(grant.role, grant.reach, value)


def disable_account(
    connection: Connection, clock: Clock, user: UUID, *, by: UUID | None = None
) -> None:
    """Close an account: its devices and tokens end at once, what it wrote stays.

    Raises:
        TurnedAway: there is no such account.
    """
    lock_memberships(connection)
    now = clock.now()
    done = connection.execute(
        update(ACCOUNT)
        .where(ACCOUNT.c.id == user, ACCOUNT.c.disabled_at.is_(None))
        .values(disabled_at=now)
        .returning(ACCOUNT.c.id)
    ).first()
    if done is None:
        raise not_there()
    connection.execute(
        update(FAMILY)
        .where(FAMILY.c.user_id == user, FAMILY.c.revoked_at.is_(None))
        .values(revoked_at=now, reason="account closed")
    )
    write_memberships(connection, user)
    write_log(connection, clock, "account.disable", user=by, words=str(user))


def list_accounts(connection: Connection) -> list[Account]:
    """Everybody, by login."""
    rows = connection.execute(select(ACCOUNT).order_by(ACCOUNT.c.login)).all()
    return [
        Account(
            row.id,
            row.login,
            row.name,
            grants_of(connection, row.id),
            row.created_at,
            row.disabled_at,
        )
        for row in rows
    ]


def find_account(connection: Connection, login: str) -> UUID:
    """The account of a login.

    Raises:
        TurnedAway: there is none.
    """
    wanted = login.strip().lower()
    found: UUID | None = connection.scalar(select(ACCOUNT.c.id).where(ACCOUNT.c.login == wanted))
    if found is None:
        raise not_there()
    return found


def roles_of(connection: Connection, user: UUID) -> frozenset[Role]:
    """The roles a person has anywhere."""
    return frozenset(grant.role for grant in grants_of(connection, user))


def take_password(
    connection: Connection, user: UUID, password: str, *, may_be_first: bool = False
) -> None:
    """Compare the password.

    Args:
        may_be_first: where the account has none yet, this becomes it.

    Raises:
        TurnedAway: it is wrong, or not fit to be the first one.
    """
    row = _row(connection, user)
    if row.password_hash is None and may_be_first:
        check_password(password, login=row.login)
        connection.execute(
            update(ACCOUNT)
            .where(ACCOUNT.c.id == user)
            .values(password_hash=hash_password(password))
        )
    elif not is_right(row.password_hash, password):
        raise not_known()


def take_totp(connection: Connection, clock: Clock, user: UUID, code: str) -> None:
    """Compare the one-time code of a person whose roles need one.

    Raises:
        TurnedAway: a code is needed, with the set-up URI where none was ever confirmed; or it is
            wrong.
    """
    if not any(role.needs_totp for role in roles_of(connection, user)):
        return
    row = _row(connection, user)
    if not code:
        more = {} if row.totp_confirmed_at else {"totp_uri": setup_uri(row.totp_secret, row.login)}
        raise TurnedAway(
            "totp_needed", "Enter the code of your authenticator app.", status=401, more=more
        )
    now = clock.now()
    step = matching_step(row.totp_secret, code, now, after=row.totp_last)
    if step is None:
        raise not_known()
    values: dict[str, object] = {"totp_last": step}
    if row.totp_confirmed_at is None:
        values["totp_confirmed_at"] = now
    connection.execute(update(ACCOUNT).where(ACCOUNT.c.id == user).values(**values))


def _row(connection: Connection, user: UUID) -> Row[tuple[object, ...]]:
    """The account, locked: two sign-ins must not take the same one-time code."""
    row = connection.execute(
        select(ACCOUNT)
        .where(ACCOUNT.c.id == user, ACCOUNT.c.disabled_at.is_(None))
        .with_for_update()
    ).first()
    if row is None:
        raise not_known()
    return row
