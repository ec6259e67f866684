"""Field work over real sockets: joining, syncing real audits, being turned away in words."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Connection, select, update

from audit_app.central.devices import list_devices, revoke_device
from audit_app.clock import SystemClock
from audit_app.errors import AuditError
from audit_app.sync.account import AccountService
from audit_app.sync.anchors import signed_heads
from audit_app.sync.conflicts import ConflictsService
from audit_app.sync.credentials import load_credentials, save_credentials
from audit_app.sync.desk import Place, SyncDesk
from audit_app.sync.engine import SignInNeeded, Unreachable
from audit_app.sync.http import HttpTransport, check_address
from audit_app.sync.outbox import next_request
from audit_app.sync.protocol import Request
from audit_app.sync.tray import TrayService
from db.tables import Centre, TrailAnchor
from db.verify import Anchor, verify_trail
from tests.builders import StillClock, a_site, a_small_template, an_audit
from tests.builders import World as Workshop
from tests.central.conftest import Databases
from tests.sync.http_world import PASSWORD, Laptop, World, serving


@pytest.fixture
def world(databases: Databases, tmp_path: Path) -> Iterator[World]:
    with serving(databases.fresh().app, tmp_path) as made:
        yield made


def workshop(laptop: Laptop) -> Workshop:
    return Workshop(laptop.store.folder, laptop.store, laptop.services, StillClock())


def test_an_audit_of_one_is_the_audit_of_both(world: World) -> None:
    ada, ben = world.joined("ada.one"), world.joined("ben.one")
    bench = workshop(ada)
    audit = an_audit(bench, a_small_template(bench), a_site(bench))
    view = ada.services.checklist.open(audit)
    choices = [row for row in view.questions if row.choices]
    first = choices[0]
    ada.services.checklist.answer(audit, ref=first.ref, selected=(first.choices[0].name,))
    report = ada.sync()
    assert TrayService(ada.store, SystemClock()).refused() == ()
    assert report.waiting == 0
    assert report.differs == ()

    report = ben.sync()
    assert report.differs == ()
    theirs = ben.services.vendors.listed()
    assert [row.name for row in theirs] == [row.name for row in ada.services.vendors.listed()]


def test_two_who_answer_one_audit_offline_keep_every_answer(world: World) -> None:
    ada, ben = world.joined("ada.two"), world.joined("ben.two")
    bench = workshop(ada)
    audit = an_audit(bench, a_small_template(bench), a_site(bench))
    ada.sync()
    ben.sync()
    # The checklist's own file travels beside the rows; here it is carried over by hand.
    a_small_template(workshop(ben))
    mine = [row for row in ada.services.checklist.open(audit).questions if row.choices]
    ada.services.checklist.answer(audit, ref=mine[0].ref, selected=(mine[0].choices[0].name,))
    ben.services.checklist.answer(audit, ref=mine[1].ref, selected=(mine[1].choices[1].name,))
    ben.services.checklist.answer(audit, ref=mine[0].ref, selected=(mine[0].choices[1].name,))
    for laptop in (ada, ben, ada):
        assert laptop.sync().differs == ()

    for laptop in (ada, ben):
        rows = {row.ref: row.selected for row in laptop.services.checklist.open(audit).questions}
        assert rows[mine[0].ref] == (mine[0].choices[0].name,)
        assert rows[mine[1].ref] == (mine[1].choices[1].name,)
        (conflict,) = ConflictsService(laptop.store, SystemClock()).open()
        assert conflict.candidate.value == mine[0].choices[1].name
        assert (conflict.central.by, conflict.candidate.by) == ("Ada.Two", "Ben.Two")


def test_the_trail_is_anchored_by_the_centre(world: World) -> None:
    ada = world.joined("ada.three")
    bench = workshop(ada)
    a_site(bench)
    with ada.store.read() as session:
        assert verify_trail(session, signed_heads(session)).state is Anchor.NOT_YET
    ada.sync()
    with ada.store.read() as session:
        assert verify_trail(session, signed_heads(session)).state is Anchor.ANCHORED
    with ada.store.settle() as session:
        session.execute(update(TrailAnchor).values(signature="00" * 64))
    with ada.store.read() as session:
        assert signed_heads(session) == (), "a word without a signature is nobody's"


def test_a_code_holds_once(world: World) -> None:
    code = world.account("ada.four")
    first, second = world.laptop("first"), world.laptop("second")
    AccountService(first.store, SystemClock()).join(world.address, code=code, password=PASSWORD)
    with pytest.raises(AuditError, match="not the credentials"):
        AccountService(second.store, SystemClock()).join(
            world.address, code=code, password=PASSWORD
        )
    assert not SyncDesk(second.store).facts().is_joined


def test_a_token_that_ran_out_is_traded_in_without_a_word(world: World) -> None:
    ada = world.joined("ada.five")
    _, before = load_credentials(ada.store)
    save_credentials(ada.store, replace(before, access_until="2020-01-01T00:00:00+00:00"))
    ada.sync()
    _, after = load_credentials(ada.store)
    assert after.access != before.access
    assert after.refresh != before.refresh


def test_a_device_whose_tokens_ended_asks_for_the_password(world: World) -> None:
    ada = world.joined("ada.six")
    _, known = load_credentials(ada.store)
    save_credentials(ada.store, replace(known, refresh="x" * 40, access_until=""))
    a_site(workshop(ada))
    with pytest.raises(SignInNeeded):
        ada.sync()
    assert SyncDesk(ada.store).facts().waiting > 0
    account = AccountService(ada.store, SystemClock())
    with pytest.raises(AuditError, match="not the credentials"):
        account.sign_in(password="a wrong long sentence")
    account.sign_in(password=PASSWORD)
    assert ada.sync().waiting == 0


def test_a_revoked_device_keeps_its_work_and_says_why(world: World) -> None:
    ada = world.joined("ada.seven")
    a_site(workshop(ada))

    def revoke(connection: Connection) -> None:
        (mine,) = [d for d in list_devices(connection) if d.id == ada.store.device]
        revoke_device(connection, SystemClock(), mine.id)

    world.centre.database.run(revoke)
    assert "no longer enrolled" in ada.sync().words
    facts = SyncDesk(ada.store).facts()
    assert facts.waiting > 0
    assert "no longer enrolled" in facts.trouble


def test_nobody_there_is_said_in_words(world: World) -> None:
    ada = world.joined("ada.eight")
    with ada.store.settle() as session:
        session.execute(update(Centre).values(address="http://127.0.0.1:9"))
    with pytest.raises(Unreachable, match="cannot be reached"):
        ada.sync()
    assert "Nothing is lost" in SyncDesk(ada.store).facts().trouble


def test_something_else_at_the_address_is_said_in_words(world: World) -> None:
    ada = world.joined("ada.nine")
    transport = HttpTransport(ada.store, SystemClock())
    transport.client.base_url = f"{world.address}/hotel"
    with pytest.raises(AuditError):
        transport.exchange(_request(ada))
    transport.close()


def _request(laptop: Laptop) -> Request:

    with laptop.store.settle() as session:
        return next_request(session, laptop.store.device)


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("audits.example.com", "https://audits.example.com"),
        (" https://audits.example.com/ ", "https://audits.example.com"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    ],
)
def test_an_address_is_put_into_one_spelling(typed: str, address: str) -> None:
    assert check_address(typed) == address


@pytest.mark.parametrize("typed", ["http://audits.example.com", "ftp://x", "", "https://:80"])
def test_an_address_that_would_give_things_away_is_refused(typed: str) -> None:
    with pytest.raises(AuditError):
        check_address(typed)


def test_the_queue_says_where_each_thing_is(world: World) -> None:
    alone = world.laptop("alone")
    a_site(workshop(alone))
    (group,) = SyncDesk(alone.store).queue()
    assert {thing.place for thing in group.things} == {Place.HERE}
    assert group.title == "Nordwind"

    ada = world.joined("ada.ten")
    a_site(workshop(ada))
    (group,) = SyncDesk(ada.store).queue()
    assert {thing.place for thing in group.things} == {Place.WAITING}
    ada.sync()
    (group,) = SyncDesk(ada.store).queue()
    assert {thing.place for thing in group.things} == {Place.SENT}


def test_leaving_keeps_every_row_and_another_centre_gets_them_all(world: World) -> None:
    ada = world.joined("ada.eleven")
    a_site(workshop(ada))
    ada.sync()
    AccountService(ada.store, SystemClock()).leave()
    assert not SyncDesk(ada.store).facts().is_joined
    assert len(ada.services.vendors.listed()) >= 1
    with ada.store.read() as session:
        assert session.scalars(select(Centre)).first() is None
