"""Photos and files from one laptop over the centre to the next."""

import hashlib
import os
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import create_engine, select, update
from sqlalchemy.engine import make_url

from audit_app.changes import Kind
from audit_app.errors import AuditError
from audit_app.sync.blob_plan import HERE, LOCAL, SENDING, STORED, WANTED, may_leave_device
from audit_app.sync.blob_run import BlobStep
from audit_app.sync.blobs import BlobSync
from db.tables import Blob, Centre, Evidence, ReportIssue, StoredFile, TemplateVersion, Thumbnail
from tests.builders import World
from tests.central.blob_program import Program
from tests.central.blob_world import CentreRows
from tests.sync.blob_fleet import (
    Laptops,
    blobs_of,
    entries,
    http_of,
    states,
    sync_rows,
    the_audit,
    with_file,
    with_photo,
)
from tests.sync.cutting_line import CuttingLine
from tests.sync.fleet import CentreUnderTest

ORIGINAL = ("evidence", "")


@pytest.fixture(scope="module")
def objects(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("objects")


@pytest.fixture(scope="module")
def server(database_url: str, objects: Path) -> Iterator[Program]:
    program = Program(database_url, str(objects))
    yield program
    program.kill()


@pytest.fixture(scope="module")
def rows(owner_url: str) -> Iterator[CentreRows]:
    rows = CentreRows.at(owner_url)
    yield rows
    rows.owner.dispose()


@pytest.fixture
def centre(database_url: str, owner_url: str) -> Iterator[CentreUnderTest]:
    owner = create_engine(make_url(owner_url).set(drivername="postgresql+psycopg"))
    centre = CentreUnderTest(database_url, owner)
    centre.empty()
    yield centre
    centre.database.close()
    owner.dispose()


@pytest.fixture(scope="module")
def laptops(tmp_path_factory: pytest.TempPathFactory) -> Laptops:
    return Laptops(tmp_path_factory.mktemp("laptops"))


@pytest.fixture
def lena(tmp_path: Path, laptops: Laptops, centre: CentreUnderTest) -> Iterator[World]:
    world = laptops.with_audit(tmp_path / "lena")
    sync_rows(world, centre)
    yield world
    world.close()


@pytest.fixture
def omar(tmp_path: Path, laptops: Laptops, centre: CentreUnderTest) -> Iterator[World]:
    world = laptops.empty(tmp_path / "omar")
    sync_rows(world, centre)
    yield world
    world.close()


@pytest.fixture
def audit(lena: World) -> UUID:
    return the_audit(lena)


@pytest.fixture
def http(lena: World, server: Program) -> Iterator[httpx.Client]:
    with http_of(lena, server.address) as client:
        yield client


@pytest.fixture
def other_http(omar: World, server: Program) -> Iterator[httpx.Client]:
    with http_of(omar, server.address) as client:
        yield client


def sent(
    world: World, http: httpx.Client, *, originals: bool = True, everything: bool = False
) -> None:
    report = blobs_of(world, http).send(originals=originals, everything=everything)
    assert (report.words, report.troubles) == ("", ())


def photo_of(world: World, row: UUID) -> Evidence:
    with world.store.read() as session:
        return session.get_one(Evidence, row)


def test_a_photo_taken_on_one_laptop_is_seen_on_the_other(
    lena: World,
    omar: World,
    centre: CentreUnderTest,
    audit: UUID,
    http: httpx.Client,
    other_http: httpx.Client,
) -> None:
    row = with_photo(lena, centre, audit)
    report = blobs_of(lena, http).send()
    assert (report.words, report.troubles, report.waiting) == ("", (), 0)
    assert set(states(lena).values()) == {STORED}

    sync_rows(omar, centre)
    fetched = blobs_of(omar, other_http).fetch()
    assert (fetched.words, fetched.troubles) == ("", ())
    assert fetched.changes.has(Kind.EVIDENCE, Kind.TEMPLATE)
    sha256 = photo_of(lena, row).sha256
    for size in (1000,):
        there = omar.store.photos.get_rendition(sha256, size)
        assert there == lena.store.photos.get_rendition(sha256, size)
    with omar.store.read() as session, lena.store.read() as theirs:
        mine, its = session.get_one(Thumbnail, sha256), theirs.get_one(Thumbnail, sha256)
        assert mine.data == its.data
        version = session.scalars(select(TemplateVersion)).one()
        assert session.get(StoredFile, version.sha256) is not None
        assert session.get(StoredFile, version.source_sha256) is not None
    # In full size only when it is asked for.
    assert states(omar)[ORIGINAL] == WANTED
    assert blobs_of(omar, other_http).fetch(rows=[row]).moved == 2
    assert omar.store.photos.get(sha256) == lena.store.photos.get(sha256)
    assert states(omar)[ORIGINAL] == HERE
    # The checklist can be opened there now.
    assert omar.services.checklist.open(audit).questions


def test_a_row_that_the_centre_does_not_know_keeps_its_photo_back(
    lena: World, centre: CentreUnderTest, audit: UUID, http: httpx.Client
) -> None:
    sent(lena, http)
    lena.services.evidence.add_file(audit, data=b"not yet told", name="a.bin")
    assert blobs_of(lena, http).send().moved == 0
    assert ORIGINAL not in states(lena)
    sync_rows(lena, centre)
    assert blobs_of(lena, http).send().moved == 1


def test_small_things_travel_before_large_ones_and_originals_only_if_wanted(
    lena: World, centre: CentreUnderTest, audit: UUID, http: httpx.Client
) -> None:
    with_photo(lena, centre, audit, seed=1)
    with_photo(lena, centre, audit, seed=2)
    sent(lena, http, originals=False)
    state = states(lena)
    assert state["evidence", "320"] == state["evidence", "1000"] == STORED
    assert state["evidence", ""] == state["evidence", "1600"] == LOCAL
    order = [(entry.entity, entry.part) for entry in entries(lena)]
    assert order == sorted(
        order,
        key=[
            ("template_version", ""),
            ("evidence", "320"),
            ("evidence", "1000"),
            ("template_version", "source"),
            ("evidence", "1600"),
            ("evidence", ""),
        ].index,
    )
    sent(lena, http)
    assert set(states(lena).values()) == {STORED}


def test_progress_grows_to_its_end(
    lena: World, centre: CentreUnderTest, audit: UUID, http: httpx.Client
) -> None:
    with_file(lena, centre, audit, os.urandom(900_000))
    steps: list[BlobStep] = []
    blobs_of(lena, http).send(steps.append)
    assert [step.done for step in steps] == sorted(step.done for step in steps)
    left = [step.left for step in steps]
    assert left == sorted(left, reverse=True)
    assert set(left) == {0, 1, 2, 3}
    # The large one is told piece by piece.
    assert left.count(1) > 3
    assert (steps[-1].left, steps[-1].done) == (0, steps[-1].total)
    assert steps[-1].total == sum(entry.size for entry in entries(lena))


def test_a_run_that_is_stopped_is_gone_on_with(
    lena: World, centre: CentreUnderTest, audit: UUID, server: Program
) -> None:
    with_file(lena, centre, audit, os.urandom(2_000_000))
    line = CuttingLine(server.port)
    try:
        with http_of(lena, line.address) as http:
            seen: list[int] = []
            stopped = blobs_of(lena, http).send(
                lambda step: seen.append(step.done), lambda: bool(seen) and seen[-1] > 600_000
            )
            assert "Stopped" in stopped.words
            entry = next(e for e in entries(lena) if (e.entity, e.part) == ORIGINAL)
            assert entry.state == SENDING
            assert entry.upload
            assert entry.done > 0
            before = line.up
            assert blobs_of(lena, http).send().waiting == 0
            # Only the rest was sent.
            assert line.up - before < 2_000_000 - entry.done + 20_000
    finally:
        line.close()


def test_a_line_that_is_gone_is_told_in_words_and_costs_nothing(
    lena: World, centre: CentreUnderTest, audit: UUID, server: Program, http: httpx.Client
) -> None:
    with_file(lena, centre, audit, b"some bytes")
    waited: list[float] = []
    with http_of(lena, "http://127.0.0.1:9") as nowhere:
        report = blobs_of(lena, nowhere, waited.append).send()
    assert "cannot be reached" in report.words
    assert report.waiting == 3
    assert waited == sorted(waited)
    assert len(waited) >= 4
    assert blobs_of(lena, http).send().waiting == 0


def test_a_stranger_s_page_in_between_is_not_taken_for_the_centre(
    lena: World, centre: CentreUnderTest, audit: UUID
) -> None:
    with_file(lena, centre, audit, b"some bytes")
    page = httpx.MockTransport(
        lambda request: httpx.Response(200, html="<h1>Welcome to the hotel</h1>", request=request)
    )
    with httpx.Client(base_url="http://centre.test", transport=page) as portal:
        sync = BlobSync(lena.store, portal, pause=lambda _seconds: None)
        assert "is not a central store" in sync.send().words
        assert set(states(lena).values()) == {LOCAL}


def test_an_answer_never_sends_the_token_to_another_machine(
    lena: World, centre: CentreUnderTest, audit: UUID
) -> None:
    with_file(lena, centre, audit, os.urandom(600_000))
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        if request.url.path.endswith("missing"):
            return httpx.Response(200, json={"replies": [["send", None, ""]] * 3})
        if request.method == "POST":
            return httpx.Response(
                201, headers={"Location": "https://evil.test/v1/uploads/x", "Upload-Offset": "0"}
            )
        return httpx.Response(404)

    with httpx.Client(
        base_url="http://centre.test", transport=httpx.MockTransport(answer)
    ) as client:
        BlobSync(lena.store, client, pause=lambda _seconds: None).send()
    assert set(asked) == {"centre.test"}


def test_a_device_that_was_revoked_is_told_so_and_keeps_everything(
    lena: World, centre: CentreUnderTest, audit: UUID, http: httpx.Client, rows: CentreRows
) -> None:
    row = with_file(lena, centre, audit, b"some bytes")
    rows.revoke(lena.store.device)
    with pytest.raises(AuditError, match="no longer enrolled"):
        blobs_of(lena, http).send()
    assert lena.store.photos.get(photo_of(lena, row).sha256) == b"some bytes"
    assert states(lena)[ORIGINAL] == LOCAL


def test_a_row_removed_at_the_centre_does_not_hold_up_the_others(
    lena: World, centre: CentreUnderTest, audit: UUID, http: httpx.Client, rows: CentreRows
) -> None:
    gone = with_file(lena, centre, audit, b"removed there")
    with_file(lena, centre, audit, b"still there")
    rows.remove("evidence", gone)
    report = blobs_of(lena, http).send()
    assert report.waiting == 1
    assert report.troubles == ("The centre does not know its row.",)
    kept = {e.row_id: e.state for e in entries(lena) if e.entity == "evidence"}
    assert sorted(kept.values()) == [LOCAL, STORED]
    assert kept[gone] == LOCAL


def test_a_photo_damaged_here_is_told_and_the_rest_goes_on(
    lena: World, centre: CentreUnderTest, audit: UUID, http: httpx.Client
) -> None:
    row = with_file(lena, centre, audit, b"to be damaged")
    with_file(lena, centre, audit, b"whole")
    sha256 = photo_of(lena, row).sha256
    path = lena.folder / "photos" / sha256[:2] / sha256
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    report = blobs_of(lena, http).send()
    assert report.waiting == 1
    assert "damaged" in report.troubles[0]
    # Adding it again mends it.
    lena.services.evidence.add_file(audit, data=b"to be damaged", name="b.bin")
    sync_rows(lena, centre)
    assert blobs_of(lena, http).send().waiting == 0


def test_a_report_travels_from_where_it_was_put(
    lena: World,
    omar: World,
    centre: CentreUnderTest,
    audit: UUID,
    http: httpx.Client,
    other_http: httpx.Client,
    tmp_path: Path,
) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(b"%PDF-1.7 the report")
    sha256 = hashlib.sha256(file.read_bytes()).hexdigest()
    with lena.store.write(actor="Lena", action="issue report") as session:
        row = ReportIssue(
            id=lena.clock.new_id(),
            scope=f"audit:{audit}",
            audit_id=audit,
            number="R1",
            version=1,
            sha256=sha256,
            pages=1,
            size=file.stat().st_size,
            file=str(file),
            issued_at=lena.clock.now(),
        )
        session.add(row)
    sync_rows(lena, centre)
    sent(lena, http)
    file.unlink()
    assert lena.store.photos.get(sha256) == b"%PDF-1.7 the report"
    sync_rows(omar, centre)
    blobs_of(omar, other_http).fetch()
    assert omar.store.photos.get(sha256) == b"%PDF-1.7 the report"


def test_a_changed_report_is_not_sent_in_its_place(
    lena: World, centre: CentreUnderTest, audit: UUID, http: httpx.Client, tmp_path: Path
) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(b"another one")
    with lena.store.write(actor="Lena", action="issue report") as session:
        session.add(
            ReportIssue(
                id=lena.clock.new_id(),
                scope=f"audit:{audit}",
                audit_id=audit,
                number="R1",
                version=1,
                sha256="0" * 64,
                pages=1,
                size=11,
                file=str(file),
                issued_at=lena.clock.now(),
            )
        )
    sync_rows(lena, centre)
    report = blobs_of(lena, http).send()
    assert "changed after it was issued" in report.troubles[0]
    assert report.waiting == 1


def test_an_original_may_leave_only_after_its_receipt(
    lena: World, centre: CentreUnderTest, audit: UUID, http: httpx.Client
) -> None:
    data = os.urandom(5000)
    sha256 = hashlib.sha256(data).hexdigest()

    def may_leave() -> bool:
        with lena.store.read() as session:
            return may_leave_device(session, sha256)

    row = with_file(lena, centre, audit, data)
    assert not may_leave()
    sent(lena, http, originals=False)
    assert not may_leave()
    sent(lena, http)
    assert may_leave()
    with lena.store.settle() as session:
        session.execute(update(Blob).where(Blob.row_id == row).values(receipt=[]))
    assert not may_leave()
    sent(lena, http, everything=True)
    assert may_leave()
    # The same bytes under a row that the centre does not know yet.
    lena.services.evidence.add_file(an_other_audit(lena), data=data, name="again.bin")
    assert not may_leave()


def an_other_audit(world: World) -> UUID:
    from tests.builders import an_audit

    with world.store.read() as session:
        version = session.scalars(select(TemplateVersion.id)).one()
    return an_audit(world, version)


def test_a_receipt_that_is_not_the_centre_s_counts_for_nothing(
    lena: World, centre: CentreUnderTest, audit: UUID, http: httpx.Client
) -> None:
    with_file(lena, centre, audit, b"some bytes")
    theirs = b64encode(Ed25519PrivateKey.generate().public_key().public_bytes_raw()).decode()
    for key in (theirs, ""):
        with lena.store.settle() as session:
            mine = session.scalars(select(Centre)).one()
            right, mine.credentials = mine.credentials, {"centre_key": key}
        report = blobs_of(lena, http).send()
        assert report.waiting == 3
        assert "The centre gave a receipt that is not valid." in report.troubles
        assert STORED not in states(lena).values()
        with lena.store.settle() as session:
            session.scalars(select(Centre)).one().credentials = right
    sent(lena, http)


def test_what_a_restored_centre_has_lost_is_sent_again_by_whoever_has_it(
    lena: World,
    omar: World,
    centre: CentreUnderTest,
    audit: UUID,
    http: httpx.Client,
    other_http: httpx.Client,
    rows: CentreRows,
) -> None:
    row = with_file(lena, centre, audit, os.urandom(5000))
    sent(lena, http)
    sync_rows(omar, centre)
    blobs_of(omar, other_http).fetch(rows=[row])
    assert states(omar)[ORIGINAL] == HERE
    from sqlalchemy import delete

    from audit_app.central.tables import BLOB

    with rows.owner.begin() as connection:
        connection.execute(delete(BLOB))
    assert blobs_of(omar, other_http).send().moved == 0
    report = blobs_of(omar, other_http).send(everything=True)
    assert report.moved >= 1
    assert blobs_of(lena, http).send(everything=True).waiting == 0
    assert http.get(f"/v1/blobs/evidence/{row}").status_code == 200


def test_a_false_photo_from_the_centre_is_not_kept(
    lena: World,
    omar: World,
    centre: CentreUnderTest,
    audit: UUID,
    http: httpx.Client,
    other_http: httpx.Client,
    objects: Path,
) -> None:
    row = with_photo(lena, centre, audit)
    sent(lena, http)
    sync_rows(omar, centre)
    sha256 = photo_of(lena, row).sha256
    # Damaged at the centre, past the program: same length, other bytes.
    for name in {e.receipt[3] for e in entries(lena) if e.entity == "evidence"}:
        path = objects / "blobs" / name[:2] / name
        path.write_bytes(bytes(path.stat().st_size))
    report = blobs_of(omar, other_http).fetch(rows=[row])
    assert report.moved == 0
    assert "not the photo" in report.troubles[0]
    assert [key for key in omar.store.photos.held() if key[0] == sha256] == []
    with omar.store.read() as session:
        assert session.get(Thumbnail, sha256) is None


def test_what_claims_to_be_a_rendition_must_be_a_small_photo(
    lena: World,
    omar: World,
    centre: CentreUnderTest,
    audit: UUID,
    http: httpx.Client,
    other_http: httpx.Client,
    rows: CentreRows,
) -> None:
    from tests.builders import a_photo
    from tests.central.blob_world import Sending

    row = with_photo(lena, centre, audit)
    liar = Sending(str(http.base_url), lena.store.device)
    with liar.http:
        liar.send("evidence", row, b"no photo at all", part="320")
        liar.send("evidence", row, a_photo(1200, 900), part="1000")
    sync_rows(omar, centre)
    report = blobs_of(omar, other_http).fetch()
    assert sorted(report.troubles) == [
        "What came from the centre is larger than the photo that was asked for.",
        "What came from the centre is not a photo.",
    ]
    assert states(omar)["evidence", "320"] == states(omar)["evidence", "1000"] == WANTED


def test_what_is_not_at_the_centre_yet_is_wanted_without_complaint(
    lena: World,
    omar: World,
    centre: CentreUnderTest,
    audit: UUID,
    http: httpx.Client,
    other_http: httpx.Client,
) -> None:
    with_photo(lena, centre, audit)
    sync_rows(omar, centre)
    report = blobs_of(omar, other_http).fetch()
    assert (report.moved, report.troubles, report.words) == (0, (), "")
    sent(lena, http)
    assert blobs_of(omar, other_http).fetch().moved == 4


def test_entries_of_rows_that_are_gone_are_forgotten(
    lena: World, centre: CentreUnderTest, audit: UUID, http: httpx.Client
) -> None:
    row = with_file(lena, centre, audit, b"some bytes")
    sent(lena, http)
    with lena.store.write(actor="Lena", action="remove") as session:
        session.get_one(Evidence, row).deleted_at = lena.clock.now()
    sync_rows(lena, centre)
    blobs_of(lena, http).send()
    assert ORIGINAL not in states(lena)
