"""Photos through the real centre: accounts, tokens, signed receipts."""

import os
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from sqlalchemy import select

from audit_app.central.account_tables import ACCOUNT
from audit_app.central.devices import revoke_device
from audit_app.central.policy import Role
from audit_app.central.totp import code_of, step_of
from audit_app.clock import SystemClock
from audit_app.errors import AuditError
from audit_app.sync.account import AccountService
from audit_app.sync.blob_run import BlobReport
from audit_app.sync.blobs import BlobSync
from audit_app.sync.http import HttpTransport
from db.tables import Blob, Evidence
from tests.builders import a_photo, a_spreadsheet
from tests.central.conftest import Databases
from tests.sync.http_world import PASSWORD, Laptop, World, serving


@pytest.fixture
def world(databases: Databases, tmp_path: Path) -> Iterator[World]:
    with serving(databases.fresh().app, tmp_path) as world:
        yield world


@pytest.fixture
def lena(world: World) -> Laptop:
    return joined(world, "lena", Role.LEAD)


@pytest.fixture
def audit(lena: Laptop) -> UUID:
    services = lena.services
    vendor = services.vendors.save_vendor(name="Nordwind").id
    site = services.vendors.save_site(
        vendor_id=vendor,
        name="Warsaw",
        country="PL",
        time_zone="Europe/Warsaw",
        streams=("merchant",),
        markets=("DE",),
    ).id
    template = services.templates.import_file(a_spreadsheet(), "small.xlsx").version_id
    assert template is not None
    visit = services.visits.plan(
        site_id=site,
        starts=date(2026, 11, 25),
        ends=date(2026, 11, 25),
        template_version_ids=[template],
    ).id
    services.visits.start(visit)
    return services.visits.view(visit).audits[0].id


def joined(world: World, login: str, role: Role) -> Laptop:
    laptop = world.laptop(login)
    account = AccountService(laptop.store, SystemClock())
    code = world.account(login, role)
    if not role.needs_totp:
        account.join(world.address, code=code, password=PASSWORD)
        return laptop
    with pytest.raises(AuditError, match="authenticator"):
        account.join(world.address, code=code, password=PASSWORD)
    query = select(ACCOUNT.c.totp_secret).where(ACCOUNT.c.login == login)
    secret = world.centre.database.run(lambda connection: connection.scalar(query))
    assert secret is not None
    totp = code_of(secret, step_of(SystemClock().now()))
    account.join(world.address, code=code, password=PASSWORD, totp=totp)
    return laptop


def moved(laptop: Laptop, way: str) -> BlobReport:
    with closing(HttpTransport(laptop.store, SystemClock())) as transport:
        sync = BlobSync(laptop.store, transport.client)
        return sync.send() if way == "send" else sync.fetch(originals=True)


def test_a_photo_goes_from_one_person_to_another(world: World, lena: Laptop, audit: UUID) -> None:
    photo = a_photo(2000, 1500)
    row = lena.services.evidence.add_photo(audit, data=photo, name="door.jpg").row
    assert not lena.sync().words
    sent = moved(lena, "send")
    assert (sent.words, sent.troubles, sent.waiting) == ("", (), 0)
    assert sent.moved == 6

    reader = joined(world, "rita", Role.READER)
    assert not reader.sync().words
    got = moved(reader, "fetch")
    assert (got.words, got.troubles) == ("", ())
    assert got.moved == 6
    assert reader.services.evidence.original(row.id) == ("door.jpg", photo)
    assert reader.services.checklist.open(audit).questions
    # A reader sends nothing, and is not told so again and again.
    assert moved(reader, "send").troubles == ()


def test_the_receipt_bears_the_centre_s_own_key(world: World, lena: Laptop, audit: UUID) -> None:
    data = os.urandom(3000)
    row = lena.services.evidence.add_file(audit, data=data, name="a.bin").row
    lena.sync()
    assert moved(lena, "send").waiting == 0
    with lena.store.read() as session:
        receipt = session.scalars(select(Blob.receipt).where(Blob.row_id == row.id)).one()
        assert session.get_one(Evidence, row.id).sha256 == receipt[1] == receipt[3]
    assert len(bytes.fromhex(receipt[-1])) == 64
    assert world.centre.key.sign(b"something else") != receipt[-1]


def test_nobody_reads_or_sends_without_a_token(world: World, lena: Laptop, audit: UUID) -> None:
    row = lena.services.evidence.add_file(audit, data=b"secret", name="a.bin").row
    lena.sync()
    moved(lena, "send")
    with httpx.Client(base_url=world.address, trust_env=False) as http:
        for said in (
            http.get(f"/v1/blobs/evidence/{row.id}"),
            http.post("/v1/blobs/missing", json={"offers": []}),
            http.post("/v1/uploads"),
            http.options("/v1/uploads"),
            http.head(f"/v1/uploads/{row.id}"),
        ):
            assert said.status_code == 401


def test_a_revoked_account_keeps_its_photos_and_moves_none(
    world: World, lena: Laptop, audit: UUID
) -> None:
    lena.sync()
    omar = joined(world, "omar", Role.AUDITOR)
    omar.sync()
    row = omar.services.evidence.add_file(audit, data=b"omar was here", name="a.bin").row
    omar.sync()
    device = omar.store.device
    world.centre.database.run(lambda c: revoke_device(c, SystemClock(), device))
    with pytest.raises(AuditError, match="no longer enrolled"):
        moved(omar, "send")
    assert omar.services.evidence.original(row.id) == ("a.bin", b"omar was here")
    lena.sync()
    assert moved(lena, "fetch").moved == 0
