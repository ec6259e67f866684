"""A device comes in with a code, a key and a password, and goes out at once."""

from uuid import uuid4

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from audit_app.central.account_tables import CODE, LOG
from audit_app.central.grants import Grant
from audit_app.central.policy import Role
from audit_app.central.tables import DEVICE
from audit_app.sync.protocol import Request, Status
from tests.central.people import PASSWORD, Laptop, Town


def reason(laptop: Laptop, code: str, password: str = PASSWORD, **more: str) -> str:
    response = laptop.enrol(code, password, **more)
    assert response.status_code >= 400
    return str(response.json()["error"])


def test_an_auditor_comes_in_with_code_key_and_first_password(town: Town) -> None:
    user = town.account(Grant(Role.AUDITOR), login="lena@example.org")
    laptop = town.laptop()
    response = laptop.enrol(town.code(user))
    assert response.status_code == 201
    body = response.json()
    assert body["user"] == str(user)
    assert body["name"] == "Lena@Example.Org"
    assert body["instance"] == town.centre.key.instance
    assert laptop.ask("GET", "/v1/devices").json()["devices"][0]["id"] == str(laptop.device)


def test_a_code_is_taken_once(town: Town) -> None:
    user = town.account(Grant(Role.AUDITOR))
    code = town.code(user)
    assert town.laptop().enrol(code).status_code == 201
    assert reason(town.laptop(), code) == "credentials"


def test_a_code_holds_ten_minutes(town: Town) -> None:
    user = town.account(Grant(Role.AUDITOR))
    code = town.code(user)
    town.wait(minutes=10)
    assert reason(town.laptop(), code) == "credentials"


def test_a_new_code_ends_the_one_before(town: Town) -> None:
    user = town.account(Grant(Role.AUDITOR))
    first, second = town.code(user), town.code(user)
    assert reason(town.laptop(), first) == "credentials"
    assert town.laptop().enrol(second).status_code == 201


def test_a_mistyped_password_does_not_use_the_code_up(town: Town) -> None:
    user = town.account(Grant(Role.AUDITOR))
    assert town.laptop().enrol(town.code(user)).status_code == 201
    code = town.code(user)
    laptop = town.laptop()
    assert reason(laptop, code, "another password altogether") == "credentials"
    assert laptop.enrol(code).status_code == 201


@pytest.mark.parametrize(
    "password", ["too short", "password1234", "PASSWORD!!!!", "aaaaaaaaaaaaaaaa"]
)
def test_a_weak_first_password_is_refused(town: Town, password: str) -> None:
    user = town.account(Grant(Role.AUDITOR))
    assert reason(town.laptop(), town.code(user), password) == "password"


def test_a_password_may_not_be_ones_own_login(town: Town) -> None:
    user = town.account(Grant(Role.AUDITOR), login="lena.hofmann@example.org")
    assert reason(town.laptop(), town.code(user), "lena hofmann 12") == "password"


def test_a_device_must_sign_with_the_key_it_sends(town: Town) -> None:
    user = town.account(Grant(Role.AUDITOR))
    code = town.code(user)
    laptop, other = town.laptop(), town.laptop()
    response = laptop.enrol(code, public_key=other.public_key)
    assert (response.status_code, response.json()["error"]) == (422, "key")
    assert laptop.enrol(code).status_code == 201


@pytest.mark.parametrize("role", [Role.LEAD, Role.ADMINISTRATOR])
def test_strong_roles_need_an_authenticator_code_too(town: Town, role: Role) -> None:
    user = town.account(Grant(role))
    code = town.code(user)
    laptop = town.laptop()
    asked = laptop.enrol(code).json()
    assert asked["error"] == "totp_needed"
    assert asked["totp_uri"].startswith("otpauth://totp/Onsite:")
    assert reason(laptop, code, totp="000000") == "credentials"
    assert laptop.enrol(code, totp=town.totp(user)).status_code == 201
    # Once confirmed, the secret is never shown again.
    again = town.laptop().enrol(town.code(user)).json()
    assert again["error"] == "totp_needed"
    assert "totp_uri" not in again


def test_an_authenticator_code_is_taken_once(town: Town) -> None:
    user = town.account(Grant(Role.LEAD))
    totp = town.totp(user)
    assert town.laptop().enrol(town.code(user), totp=totp).status_code == 201
    assert reason(town.laptop(), town.code(user), totp=totp) == "credentials"


def test_unknown_code_and_wrong_password_get_the_same_answer(town: Town) -> None:
    user = town.account(Grant(Role.AUDITOR))
    assert town.laptop().enrol(town.code(user)).status_code == 201
    unknown = town.laptop().enrol("AAAA-BBBB-CCCC-DDDD-EEEE")
    wrong = town.laptop().enrol(town.code(user), "another password altogether")
    assert unknown.status_code == wrong.status_code == 401
    assert unknown.json() == wrong.json()


def test_another_accounts_device_is_not_taken_over(town: Town) -> None:
    first = town.enrolled(town.account(Grant(Role.AUDITOR)))
    second = Laptop(town.client, device=first.device)
    response = second.enrol(town.code(town.account(Grant(Role.AUDITOR))))
    assert (response.status_code, response.json()["error"]) == (409, "taken")
    assert first.ask("GET", "/v1/scopes").status_code == 200


def test_a_revoked_device_is_out_at_once_and_told_so(town: Town) -> None:
    user = town.account(Grant(Role.AUDITOR))
    laptop, second = town.enrolled(user), town.enrolled(user)
    assert second.ask("DELETE", f"/v1/devices/{laptop.device}").status_code == 204
    refused = laptop.ask("GET", "/v1/scopes")
    assert (refused.status_code, refused.json()["error"]) == (401, "revoked")
    assert laptop.refresh().json()["error"] == "revoked"
    assert laptop.sign_in().json()["error"] == "revoked"
    answer = laptop.sync(Request(device=str(laptop.device), top=0, acked=0))
    assert answer.status is Status.REVOKED
    assert second.ask("GET", "/v1/scopes").status_code == 200


def test_nobody_revokes_anothers_device(town: Town) -> None:
    mine = town.enrolled(town.account(Grant(Role.AUDITOR)))
    other = town.enrolled(town.account(Grant(Role.LEAD)))
    assert mine.ask("DELETE", f"/v1/devices/{other.device}").status_code == 404
    assert other.ask("GET", "/v1/scopes").status_code == 200


def test_a_closed_account_is_out_at_once(town: Town) -> None:
    user = town.account(Grant(Role.AUDITOR))
    laptop = town.enrolled(user)
    administrator = town.person(Role.ADMINISTRATOR)
    assert administrator.ask("DELETE", f"/v1/accounts/{user}").status_code == 204
    assert laptop.ask("GET", "/v1/scopes").json()["error"] == "revoked"
    assert laptop.refresh().json()["error"] == "revoked"
    assert laptop.sign_in().status_code == 401
    response = administrator.ask("POST", f"/v1/accounts/{user}/codes")
    assert response.status_code == 404


def test_a_device_that_was_put_back_goes_on_under_a_new_name(town: Town) -> None:
    laptop = town.person(Role.LEAD)
    name = str(uuid4())
    answer = laptop.sync(Request(device=name, top=0, acked=0))
    assert answer.status is Status.OK
    assert len(town.rows(DEVICE, DEVICE.c.id == name)) == 1
    town.person(Role.LEAD)
    other = town.person(Role.LEAD)
    assert other.post_sync(Request(device=name, top=0, acked=0)).status_code == 403
    # All its names go out with it.
    assert laptop.ask("DELETE", f"/v1/devices/{laptop.device}").status_code == 204
    assert town.rows(DEVICE, DEVICE.c.id == name)[0].revoked_at is not None


def test_guessing_passwords_is_slowed_down_and_forgiven(town: Town) -> None:
    user = town.account(Grant(Role.AUDITOR))
    laptop = town.enrolled(user)
    wrong = [laptop.sign_in("not the right password").status_code for _ in range(5)]
    assert wrong == [401] * 5
    busy = laptop.sign_in()
    assert busy.status_code == 429
    assert int(busy.headers["retry-after"]) >= 1
    town.wait(seconds=2)
    assert laptop.sign_in().status_code == 200
    assert laptop.sign_in("not the right password").status_code == 401


def test_the_wait_doubles_with_each_failure(town: Town) -> None:
    laptop = town.enrolled(town.account(Grant(Role.AUDITOR)))
    waits = []
    for _ in range(13):
        response = laptop.sign_in("not the right password")
        if response.status_code == 429:
            waits.append(int(response.headers["retry-after"]))
            town.wait(seconds=waits[-1])
    assert waits == [1, 2, 4, 8]


def test_guessing_codes_is_slowed_down_by_address(town: Town) -> None:
    answers = [town.laptop().enrol(f"AAAA-BBBB-CCCC-DDDD-{n:04}").status_code for n in range(25)]
    assert answers[:15] == [401] * 15
    assert 429 in answers


def test_the_log_holds_who_came_in_and_no_secret(town: Town) -> None:
    user = town.account(Grant(Role.AUDITOR))
    code = town.code(user)
    laptop = town.laptop()
    laptop.enrol(code, name="x\r\n2026 device.enrol done forged\x1b[0m")
    laptop.sign_in("not the right password")
    entries = town.rows(LOG)
    assert any(e.event == "device.enrol" and e.user_id == user for e in entries)
    assert any(e.event == "sign_in" and e.outcome == "credentials" for e in entries)
    text = "\n".join(str(tuple(entry)) for entry in entries)
    assert PASSWORD not in text
    assert code not in text
    assert laptop.tokens["refresh"] not in text
    assert all(
        "\n" not in e.words and "\r" not in e.words and "\x1b" not in e.words for e in entries
    )


def test_secrets_are_kept_as_hashes_only(town: Town, owner_url: str) -> None:
    user = town.account(Grant(Role.AUDITOR))
    code = town.code(user)
    laptop = town.laptop()
    laptop.enrol(code)
    with psycopg.connect(owner_url) as connection:
        tables = [
            row[0]
            for row in connection.execute(
                "select tablename from pg_tables where schemaname = 'public'"
            )
        ]
        everything = "".join(
            str(connection.execute(SQL("select * from {}").format(Identifier(table))).fetchall())
            for table in tables
        )
    for secret in (
        code,
        code.replace("-", ""),
        PASSWORD,
        *(laptop.tokens[k] for k in ("access", "refresh")),
    ):
        assert secret not in everything
    assert len(town.rows(CODE, CODE.c.user_id == user)) == 1
