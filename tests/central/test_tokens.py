"""Tokens hold a short time, are traded once, and end together when one is stolen."""

from uuid import uuid4

import pytest

from audit_app.central.grants import Grant
from audit_app.central.policy import Role
from tests.central.people import Laptop, Town, end_of_families


def is_in(laptop: Laptop) -> bool:
    return laptop.ask("GET", "/v1/scopes").status_code == 200


def test_an_access_token_holds_fifteen_minutes(town: Town) -> None:
    laptop = town.person(Role.AUDITOR)
    town.wait(minutes=14, seconds=59)
    assert is_in(laptop)
    town.wait(seconds=1)
    assert not is_in(laptop)
    assert laptop.refresh().status_code == 200
    assert is_in(laptop)


def test_the_old_access_token_is_dead_after_a_trade(town: Town) -> None:
    laptop = town.person(Role.AUDITOR)
    old = Laptop(town.client, tokens=dict(laptop.tokens))
    laptop.refresh()
    assert is_in(laptop)
    assert not is_in(old)


def test_a_traded_token_that_comes_again_ends_the_whole_sign_in(town: Town) -> None:
    laptop = town.person(Role.AUDITOR)
    stolen = dict(laptop.tokens)
    laptop.refresh()
    laptop.refresh()
    assert laptop.refresh(stolen).status_code == 401
    assert not is_in(laptop)
    assert laptop.refresh().status_code == 401
    assert end_of_families(town, laptop.device) == ["a used token came again"]


def test_a_trade_whose_answer_was_lost_may_be_asked_again(town: Town) -> None:
    laptop = town.person(Role.AUDITOR)
    before = dict(laptop.tokens)
    lost = laptop.refresh().json()
    assert laptop.refresh(before).status_code == 200
    assert is_in(laptop)
    # What was lost works for nobody.
    thief = Laptop(town.client, device=laptop.device, key=laptop.key, tokens=lost)
    assert not is_in(thief)
    assert thief.refresh().status_code == 401
    assert is_in(laptop)


def test_a_token_without_the_devices_key_is_worth_nothing(town: Town) -> None:
    laptop = town.person(Role.AUDITOR)
    thief = Laptop(town.client, device=laptop.device, tokens=dict(laptop.tokens))
    assert thief.refresh().status_code == 401
    assert laptop.refresh().status_code == 200


def test_a_token_works_for_its_own_device_only(town: Town) -> None:
    laptop, other = town.person(Role.AUDITOR), town.person(Role.AUDITOR)
    assert other.refresh(laptop.tokens).status_code == 401
    assert laptop.refresh().status_code == 200


@pytest.mark.parametrize(("days", "status"), [(29, 200), (30, 401)])
def test_a_refresh_token_rests_thirty_days_at_most(town: Town, days: int, status: int) -> None:
    laptop = town.person(Role.AUDITOR)
    town.wait(days=days)
    assert laptop.refresh().status_code == status


def test_a_sign_in_ends_after_ninety_days_however_busy(town: Town) -> None:
    laptop = town.person(Role.AUDITOR)
    for _ in range(4):
        town.wait(days=20)
        assert laptop.refresh().status_code == 200
    town.wait(days=10)
    assert laptop.refresh().status_code == 401


def test_signing_in_again_ends_the_sign_in_before(town: Town) -> None:
    laptop = town.enrolled(town.account(Grant(Role.AUDITOR)))
    old = Laptop(town.client, tokens=dict(laptop.tokens))
    assert laptop.sign_in().status_code == 200
    assert is_in(laptop)
    assert not is_in(old)


def test_a_nonce_is_signed_once(town: Town) -> None:
    from audit_app.sync.protocol.signing import sign_in_text
    from tests.central.people import PASSWORD

    laptop = town.enrolled(town.account(Grant(Role.AUDITOR)))
    nonce = town.client.post("/v1/nonces", json={"device": str(laptop.device)}).json()["nonce"]
    body = {
        "device": str(laptop.device),
        "nonce": nonce,
        "signature": laptop.signed(sign_in_text(str(laptop.device), nonce)),
        "password": PASSWORD,
    }
    assert town.client.post("/v1/tokens", json=body).status_code == 200
    assert town.client.post("/v1/tokens", json=body).status_code == 401


def test_a_nonce_holds_two_minutes(town: Town) -> None:
    from audit_app.sync.protocol.signing import sign_in_text
    from tests.central.people import PASSWORD

    laptop = town.enrolled(town.account(Grant(Role.AUDITOR)))
    nonce = town.client.post("/v1/nonces", json={"device": str(laptop.device)}).json()["nonce"]
    town.wait(minutes=2)
    body = {
        "device": str(laptop.device),
        "nonce": nonce,
        "signature": laptop.signed(sign_in_text(str(laptop.device), nonce)),
        "password": PASSWORD,
    }
    assert town.client.post("/v1/tokens", json=body).status_code == 401


def test_a_password_without_the_devices_key_is_not_enough(town: Town) -> None:
    laptop = town.enrolled(town.account(Grant(Role.AUDITOR)))
    thief = Laptop(town.client, device=laptop.device)
    unknown = Laptop(town.client, device=uuid4())
    answers = [thief.sign_in(), unknown.sign_in()]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert answers[0].json() == answers[1].json()


def test_a_lead_signs_in_with_a_fresh_authenticator_code(town: Town) -> None:
    user = town.account(Grant(Role.LEAD))
    laptop = town.enrolled(user)
    assert laptop.sign_in().json()["error"] == "totp_needed"
    assert laptop.sign_in(totp=town.totp(user)).status_code == 200


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Basic x", "Bearer " + "a" * 5000, "Bearer é" * 3]
)
def test_what_is_no_token_is_refused(town: Town, header: str) -> None:
    response = town.client.get("/v1/scopes", headers=[(b"Authorization", header.encode())])
    assert response.status_code == 401
