"""Photos and files at the centre: sent whole or not at all, read only through a row."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from cryptography.exceptions import InvalidSignature

from audit_app.central.database import Database
from audit_app.central.object_folder import FolderObjects
from audit_app.central.objects import Objects, blob_name
from audit_app.central.tables import BLOB
from audit_app.central.upload_lock import UploadLock
from audit_app.central.upload_storage import MOST_OPEN, UploadStorage
from audit_app.sync.protocol.blobs import LARGEST_CHUNK, BlobVerdict, Offer, Receipt
from tests.central.blob_program import KEY, Program
from tests.central.blob_world import CHUNK, CentreRows, Sending, offer, sha, torn

SEND, STORED = BlobVerdict.SEND, BlobVerdict.STORED
UNKNOWN, REFUSED = BlobVerdict.UNKNOWN, BlobVerdict.REFUSED


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("objects")


@pytest.fixture(scope="module")
def objects(folder: Path) -> Objects:
    return FolderObjects(folder)


@pytest.fixture(scope="module")
def server(database_url: str, folder: Path) -> Iterator[Program]:
    program = Program(database_url, str(folder))
    yield program
    program.kill()


@pytest.fixture(scope="module")
def rows(owner_url: str) -> Iterator[CentreRows]:
    rows = CentreRows.at(owner_url)
    yield rows
    rows.owner.dispose()


@pytest.fixture
def scope(rows: CentreRows) -> str:
    return rows.scope()


@pytest.fixture
def device(server: Program, rows: CentreRows, scope: str) -> Iterator[Sending]:
    sending = Sending(server.address, rows.device(scope))
    with sending.http:
        yield sending


@pytest.fixture
def stranger(server: Program, rows: CentreRows) -> Iterator[Sending]:
    sending = Sending(server.address, rows.device(rows.scope()))
    with sending.http:
        yield sending


def pieces_of(objects: Objects, path: str) -> list[str]:
    return list(objects.names(f"uploads/{path.rsplit('/', 1)[-1]}"))


def test_what_is_sent_in_pieces_is_read_back_whole(
    rows: CentreRows, scope: str, device: Sending, objects: Objects
) -> None:
    data = os.urandom(3 * CHUNK + 77)
    row = rows.evidence(scope, data)
    assert device.verdicts(offer("evidence", row, data)) == [SEND]
    path = device.send("evidence", row, data)
    read = device.read("evidence", row)
    assert read.content == data
    assert read.headers["content-disposition"] == "attachment"
    assert read.headers["x-content-type-options"] == "nosniff"
    assert pieces_of(objects, path) == []


def test_a_receipt_says_what_is_held_and_is_signed(
    rows: CentreRows, scope: str, device: Sending
) -> None:
    data, small = os.urandom(5000), os.urandom(900)
    row = rows.evidence(scope, data)
    device.send("evidence", row, data)
    device.send("evidence", row, small, part="320")
    whole, thumbnail = device.ask(
        offer("evidence", row, data), offer("evidence", row, small, "320")
    )
    assert whole.verdict is thumbnail.verdict is STORED
    for reply, said in ((whole, data), (thumbnail, small)):
        receipt = reply.receipt
        assert receipt is not None
        assert (receipt.scope, receipt.sha256) == (scope, sha(data))
        assert (receipt.content, receipt.size) == (sha(said), len(said))
        KEY.public_key().verify(bytes.fromhex(receipt.signature), receipt.signed_text())
        forged = Receipt.read([*receipt.wire()[:4], 1, *receipt.wire()[5:]])
        with pytest.raises(InvalidSignature):
            KEY.public_key().verify(bytes.fromhex(forged.signature), forged.signed_text())
    assert device.read("evidence", row, "320").content == small


def test_templates_their_source_and_reports_travel_too(
    rows: CentreRows, scope: str, device: Sending
) -> None:
    compiled, source, report = os.urandom(3000), os.urandom(2000), os.urandom(4000)
    version = rows.row("template_version", scope, sha256=sha(compiled), source_sha256=sha(source))
    issue = rows.row("report_issue", scope, sha256=sha(report), size=len(report))
    device.send("template_version", version, compiled)
    device.send("template_version", version, source, part="source")
    device.send("report_issue", issue, report)
    assert device.read("template_version", version).content == compiled
    assert device.read("template_version", version, "source").content == source
    assert device.read("report_issue", issue).content == report


def test_a_piece_with_a_wrong_checksum_does_not_count(
    rows: CentreRows, scope: str, device: Sending
) -> None:
    data = os.urandom(CHUNK + 20_000)
    path = device.begun("evidence", rows.evidence(scope, data), data)
    wrong = device.patch(path, 0, data[:CHUNK], checksum="A" * 43 + "=")
    assert wrong.status_code == 460
    assert device.head(path).headers["upload-offset"] == "0"
    device.send_on(path, data)
    assert device.head(path).headers["upload-offset"] == str(len(data))


def test_other_bytes_than_announced_are_refused_and_nothing_is_stored(
    rows: CentreRows, scope: str, device: Sending, objects: Objects
) -> None:
    data = os.urandom(2 * CHUNK)
    row = rows.evidence(scope, data)
    path = device.begun("evidence", row, data)
    assert device.patch(path, 0, data[:CHUNK]).status_code == 204
    last = device.patch(path, CHUNK, bytes(CHUNK))
    assert (last.status_code, last.json()["error"]) == (460, "content")
    assert device.head(path).status_code == 404
    assert objects.size(blob_name(sha(data))) is None
    assert pieces_of(objects, path) == []
    assert device.read("evidence", row).status_code == 404
    assert device.verdicts(offer("evidence", row, data)) == [SEND]


def test_what_the_row_does_not_name_is_refused_before_a_byte_travels(
    rows: CentreRows, scope: str, device: Sending
) -> None:
    data = os.urandom(2000)
    row = rows.evidence(scope, data)
    for other in (data + b"x", os.urandom(2000)):
        said = device.create("evidence", row, other)
        assert (said.status_code, said.json()["error"]) == (422, "refused")
        assert device.verdicts(offer("evidence", row, other)) == [REFUSED]
    lying = Offer("evidence", str(row), "", sha(data), 3000)
    assert device.verdicts(lying) == [REFUSED]
    big = Offer("evidence", str(row), "1000", sha(data), 50_000_000)
    assert device.verdicts(big) == [REFUSED]


def test_a_piece_that_is_too_large_or_too_small_is_refused(
    rows: CentreRows, scope: str, device: Sending
) -> None:
    data = os.urandom(2 * LARGEST_CHUNK)
    path = device.begun("evidence", rows.evidence(scope, data), data)
    assert device.patch(path, 0, data[: LARGEST_CHUNK + 1]).status_code == 413
    assert device.patch(path, 0, data[:10]).status_code == 400
    assert device.patch(path, 0, b"").status_code == 400
    assert device.head(path).headers["upload-offset"] == "0"


def test_a_foreign_row_looks_just_like_one_that_does_not_exist(
    rows: CentreRows, scope: str, device: Sending, stranger: Sending
) -> None:
    data = os.urandom(CHUNK + 20_000)
    row, missing = rows.evidence(scope, data), uuid4()
    path = device.begun("evidence", row, data)
    device.send_on(path, data)
    nowhere = f"/v1/uploads/{missing}"
    for there, not_there in (
        (stranger.read("evidence", row), stranger.read("evidence", missing)),
        (stranger.read("evidence", row, "320"), stranger.read("evidence", missing, "320")),
        (stranger.create("evidence", row, data), stranger.create("evidence", missing, data)),
        (stranger.patch(path, 0, data[:CHUNK]), stranger.patch(nowhere, 0, data[:CHUNK])),
        (stranger.head(path), stranger.head(nowhere)),
        (stranger.http.delete(path), stranger.http.delete(nowhere)),
    ):
        assert there.status_code == not_there.status_code == 404
        assert there.content == not_there.content
        assert dict(there.headers) | {"date": ""} == dict(not_there.headers) | {"date": ""}
    foreign, absent = stranger.ask(offer("evidence", row, data), offer("evidence", missing, data))
    assert foreign == absent
    assert foreign.verdict is UNKNOWN
    assert device.read("evidence", row).content == data


def test_knowing_a_hash_gives_nothing_without_the_bytes(
    rows: CentreRows, scope: str, device: Sending, stranger: Sending, objects: Objects
) -> None:
    data = os.urandom(5000)
    device.send("evidence", rows.evidence(scope, data), data)
    theirs = rows.scope()
    thief = Sending(stranger.address, rows.device(theirs))
    row = rows.evidence(theirs, data)
    with thief.http:
        said = thief.read("evidence", row)
        assert (said.status_code, said.json()["error"]) == (404, "not_yet")
        assert thief.verdicts(offer("evidence", row, data)) == [SEND]
        # Whoever has the bytes sends them; they are kept once.
        thief.send("evidence", row, data)
        assert thief.read("evidence", row).content == data
    assert [name for name in objects.names("blobs") if sha(data) in name] == [blob_name(sha(data))]
    assert sorted(s for s, digest, *_ in rows.blobs() if digest == sha(data)) == sorted(
        [scope, theirs]
    )


def test_what_is_here_is_not_taken_twice(rows: CentreRows, scope: str, device: Sending) -> None:
    data = os.urandom(5000)
    one, two = rows.evidence(scope, data), rows.evidence(scope, data)
    device.send("evidence", one, data)
    assert device.verdicts(offer("evidence", two, data)) == [STORED]
    assert device.create("evidence", two, data).status_code == 409
    assert device.read("evidence", two).content == data


def test_two_uploads_of_the_same_bytes_at_once_both_come_to_their_end(
    rows: CentreRows, scope: str, device: Sending, server: Program
) -> None:
    data = os.urandom(2 * CHUNK)
    row = rows.evidence(scope, data)
    other = Sending(server.address, rows.device(scope))
    with other.http:
        first, second = device.begun("evidence", row, data), other.begun("evidence", row, data)
        assert device.patch(first, 0, data[:CHUNK]).status_code == 204
        other.send_on(second, data)
        device.send_on(first, data, CHUNK)
        assert device.read("evidence", row).content == other.read("evidence", row).content == data


def test_a_small_file_comes_with_its_announcement(
    rows: CentreRows, scope: str, device: Sending
) -> None:
    data = os.urandom(20_000)
    row = rows.evidence(scope, data)
    kind = {"Content-Type": "application/offset+octet-stream"}
    for wrong in (data + b"x", data[:100]):
        said = device.create("evidence", row, data, content=wrong, **kind)
        assert said.status_code == 400
    torn_one = device.create("evidence", row, data, content=bytes(20_000), **kind)
    assert (torn_one.status_code, torn_one.json()["error"]) == (460, "content")
    assert device.read("evidence", row).status_code == 404
    said = device.create("evidence", row, data, content=data, **kind)
    assert (said.status_code, said.headers["upload-offset"]) == (201, "20000")
    assert device.read("evidence", row).content == data


def test_a_second_sender_goes_on_while_the_first_has_stalled(
    rows: CentreRows, scope: str, device: Sending, server: Program
) -> None:
    data = os.urandom(2 * CHUNK)
    row = rows.evidence(scope, data)
    path = device.begun("evidence", row, data)
    with socket.create_connection(("127.0.0.1", server.port)) as stalled:
        stalled.sendall(
            f"PATCH {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {device.device}\r\n"
            "Tus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
            "Content-Type: application/offset+octet-stream\r\n"
            f"Content-Length: {CHUNK}\r\n\r\n".encode()
            + data[:100_000]
        )
        device.send_on(path, data)
        assert device.read("evidence", row).content == data
        # What the first sends at last finds that it is too late.
        stalled.sendall(data[100_000:CHUNK])
        assert stalled.recv(100).split()[1] == b"403"
    assert device.read("evidence", row).content == data


def test_one_upload_through_two_servers_at_once_stays_right(
    rows: CentreRows,
    scope: str,
    device: Sending,
    database_url: str,
    folder: Path,
    objects: Objects,
) -> None:
    data = os.urandom(6 * CHUNK)
    row = rows.evidence(scope, data)
    path = device.begun("evidence", row, data)
    second = Program(database_url, str(folder))
    seen: list[int] = []

    def push(sending: Sending) -> None:
        with sending.http:
            while (at := int(sending.head(path).headers["upload-offset"])) < len(data):
                seen.append(sending.patch(path, at, data[at : at + CHUNK]).status_code)

    try:
        threads = [
            threading.Thread(target=push, args=(Sending(address, device.device),))
            for address in (device.address, second.address)
            for _ in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        second.kill()
    assert set(seen) <= {204, 403, 409, 423}
    assert device.read("evidence", row).content == data
    assert pieces_of(objects, path) == []


def test_a_revoked_device_is_turned_away_everywhere(
    rows: CentreRows, scope: str, device: Sending
) -> None:
    data = os.urandom(CHUNK + 20_000)
    row = rows.evidence(scope, data)
    path = device.begun("evidence", row, data)
    assert device.patch(path, 0, data[:CHUNK]).status_code == 204
    rows.revoke(device.device)
    for said in (
        device.patch(path, CHUNK, data[CHUNK:]),
        device.head(path),
        device.create("evidence", row, data),
        device.read("evidence", row),
        device.http.post("/v1/blobs/missing", json={"offers": []}),
        device.http.options("/v1/uploads"),
    ):
        assert said.status_code == 401
    assert sha(data) not in {digest for _, digest, *_ in rows.blobs()}


def test_who_loses_a_scope_or_its_row_cannot_go_on(
    rows: CentreRows, scope: str, device: Sending
) -> None:
    data = os.urandom(CHUNK + 20_000)
    row, gone = rows.evidence(scope, data), rows.evidence(scope, data)
    path, other = device.begun("evidence", row, data), device.begun("evidence", gone, data)
    rows.remove("evidence", gone)
    assert device.patch(other, 0, data[:CHUNK]).status_code == 404
    assert device.patch(path, 0, data[:CHUNK]).status_code == 204
    rows.leave(device.device, scope)
    assert device.patch(path, CHUNK, data[CHUNK:]).status_code == 404
    assert device.verdicts(offer("evidence", row, data)) == [UNKNOWN]
    assert sha(data) not in {digest for _, digest, *_ in rows.blobs()}


def test_a_reader_reads_and_sends_nothing(
    rows: CentreRows, scope: str, device: Sending, server: Program
) -> None:
    data, more = os.urandom(3000), os.urandom(3000)
    row, other = rows.evidence(scope, data), rows.evidence(scope, more)
    device.send("evidence", row, data)
    reader = Sending(server.address, rows.device(scope, role="reader"))
    with reader.http:
        assert reader.read("evidence", row).content == data
        assert reader.verdicts(offer("evidence", other, more)) == [REFUSED]
        assert reader.create("evidence", other, more).status_code == 422


def test_row_level_security_alone_hides_and_guards_blobs(
    rows: CentreRows, scope: str, device: Sending, database_url: str
) -> None:
    """The second wall: no question of this program stands before it."""
    from sqlalchemy import insert, select
    from sqlalchemy.exc import ProgrammingError

    data = os.urandom(3000)
    device.send("evidence", rows.evidence(scope, data), data)
    row = {
        "scope": scope,
        "sha256": "a" * 64,
        "rendition": "",
        "content": "a" * 64,
        "size": 1,
        "state": "stored",
        "stored_at": "2026-11-25T00:00:00Z",
        "device": uuid4(),
    }
    database = Database(database_url)
    try:
        query = select(BLOB.c.sha256).where(BLOB.c.scope == scope)
        assert database.read(lambda c: list(c.scalars(query)), user=uuid4()) == []
        with pytest.raises(ProgrammingError, match="row-level security"):
            database.run(lambda c: c.execute(insert(BLOB).values(row)), user=uuid4())
    finally:
        database.close()


def test_after_a_lost_answer_the_upload_says_that_it_is_complete(
    rows: CentreRows, scope: str, device: Sending
) -> None:
    data = os.urandom(2 * CHUNK)
    row = rows.evidence(scope, data)
    path = device.send("evidence", row, data)
    said = device.head(path)
    assert (said.status_code, said.headers["upload-offset"]) == (200, str(len(data)))
    assert device.patch(path, CHUNK, data[CHUNK:]).status_code == 403
    assert device.read("evidence", row).content == data


def test_an_upload_may_be_given_up(
    rows: CentreRows, scope: str, device: Sending, objects: Objects
) -> None:
    data = os.urandom(2 * CHUNK)
    path = device.begun("evidence", rows.evidence(scope, data), data)
    assert device.patch(path, 0, data[:CHUNK]).status_code == 204
    assert len(pieces_of(objects, path)) == 1
    gone = device.http.delete(path, headers={"Tus-Resumable": "1.0.0"})
    assert gone.status_code == 204
    assert pieces_of(objects, path) == []
    assert device.head(path).status_code == 404


def test_abandoned_uploads_and_stray_pieces_are_swept(
    rows: CentreRows, scope: str, device: Sending, objects: Objects, database_url: str
) -> None:
    data = os.urandom(2 * CHUNK)
    old = device.begun("evidence", rows.evidence(scope, data), data)
    live = device.begun("evidence", rows.evidence(scope, data), data)
    for path in (old, live):
        assert device.patch(path, 0, data[:CHUNK]).status_code == 204
    stray = f"uploads/{uuid4()}/0-3"
    objects.put(stray, b"abc")
    rows.expire(old.rsplit("/", 1)[-1])
    assert device.head(old).status_code == 410
    database = Database(database_url)
    try:
        assert UploadStorage(database, objects).cleanup_expired_uploads() == 1
    finally:
        database.close()
    assert pieces_of(objects, old) == []
    assert objects.size(stray) is None
    assert len(pieces_of(objects, live)) == 1
    device.send_on(live, data, CHUNK)


def test_forgotten_uploads_make_room_for_new_ones(
    rows: CentreRows, scope: str, device: Sending
) -> None:
    data = os.urandom(2000)
    row = rows.evidence(scope, data)
    paths = [device.begun("evidence", row, data) for _ in range(MOST_OPEN + 2)]
    still = [path for path in paths if path.rsplit("/", 1)[-1] in rows.uploads()]
    assert still == paths[2:]


def test_a_range_is_answered_with_just_that_part(
    rows: CentreRows, scope: str, device: Sending
) -> None:
    data = os.urandom(CHUNK + 500)
    row = rows.evidence(scope, data)
    device.send("evidence", row, data)
    size = len(data)
    for asked, start, stop in (
        ("bytes=0-9", 0, 10),
        ("bytes=100-", 100, size),
        ("bytes=-7", size - 7, size),
        (f"bytes=5-{size + 100}", 5, size),
    ):
        said = device.read("evidence", row, Range=asked)
        assert said.status_code == 206, asked
        assert said.content == data[start:stop]
        assert said.headers["content-range"] == f"bytes {start}-{stop - 1}/{size}"
    assert device.read("evidence", row, Range=f"bytes={size}-").status_code == 416
    for whole in ("bytes=1-2,5-6", "bytes=9-2", "bytes=-", "lines=1-2"):
        said = device.read("evidence", row, Range=whole)
        assert (said.status_code, said.content) == (200, data)
    tag = said.headers["etag"]
    assert device.read("evidence", row, **{"If-None-Match": tag}).status_code == 304
    changed = device.read("evidence", row, **{"If-Range": '"other"', "Range": "bytes=0-9"})
    assert changed.content == data


@pytest.mark.parametrize("damage", ["gone", "short"])
def test_a_lost_object_is_asked_for_again(
    rows: CentreRows, scope: str, device: Sending, objects: Objects, damage: str
) -> None:
    data = os.urandom(5000)
    row = rows.evidence(scope, data)
    device.send("evidence", row, data)
    if damage == "gone":
        objects.delete(blob_name(sha(data)))
    else:
        objects.put(blob_name(sha(data)), data[:100])
    assert device.read("evidence", row).json()["error"] == "not_yet"
    assert device.verdicts(offer("evidence", row, data)) == [SEND]
    device.send("evidence", row, data)
    assert device.read("evidence", row).content == data


@pytest.mark.parametrize(
    "headers",
    [
        {"Upload-Length": "-1"},
        {"Upload-Length": "1_0"},
        {"Upload-Length": "9" * 5000},
        {"Upload-Metadata": "entity !!!"},
        {"Upload-Metadata": ""},
        {"Upload-Metadata": "x" * 5000},
        {"Tus-Resumable": "0.2.2"},
        {"Content-Length": "5"},
        {"X-HTTP-Method-Override": "DELETE", "Upload-Metadata": ""},
        {"Upload-Concat": "final;/v1/uploads/x", "Upload-Metadata": ""},
        {"Upload-Defer-Length": "1", "Upload-Length": ""},
    ],
)
def test_a_request_that_is_not_tus_as_agreed_is_refused(
    rows: CentreRows, scope: str, device: Sending, headers: dict[str, str]
) -> None:
    data = b"12345"
    row = rows.evidence(scope, data)
    content = data if "Content-Length" in headers else b""
    said = device.http.request(
        "POST",
        "/v1/uploads",
        content=content,
        headers={
            "Tus-Resumable": "1.0.0",
            "Upload-Length": "5",
            "Upload-Metadata": device.create("evidence", row, data).request.headers[
                "upload-metadata"
            ],
        }
        | headers,
    )
    assert 400 <= said.status_code < 500
    assert set(said.json()) == {"error", "words"}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b"[" * 100_000,
        b'{"offers": [1]}',
        b'{"offers": [{"entity": "vendor", "row": "x", "part": "", "sha256": "", "size": 0}]}',
        b'{"offers": {}, "more": 1}',
        b'{"offers": [' + b"null," * 2000 + b"null]}",
        b"x" * 600_000,
        b'{"offers": [{"entity":"evidence","row":"\xed\xa0\x80","part":"","sha256":"","size":1}]}',
    ],
)
def test_a_question_that_is_none_is_refused(device: Sending, body: bytes) -> None:
    said = device.http.post("/v1/blobs/missing", content=body)
    assert said.status_code in {400, 413}
    assert set(said.json()) == {"error", "words"}


@pytest.mark.parametrize(
    "path", ["vendor/{}", "evidence/x", "evidence/{}?part=9", "template_version/{}?part=320"]
)
def test_what_cannot_be_there_is_not_found(device: Sending, path: str) -> None:
    said = device.http.get("/v1/blobs/" + path.format(UUID(int=1)))
    assert (said.status_code, said.json()["error"]) == (404, "not_found")


def test_a_lease_of_a_killed_writer_runs_out(
    rows: CentreRows, scope: str, device: Sending, database_url: str
) -> None:
    data = os.urandom(2 * CHUNK)
    path = device.begun("evidence", rows.evidence(scope, data), data)
    upload = path.rsplit("/", 1)[-1]
    database = Database(database_url)
    try:
        lock = UploadLock(database)
        dead = lock.acquire(upload, 0.4)
        assert dead is not None
        assert lock.acquire(upload, 5) is None
        while (token := lock.acquire(upload, 5)) is None:
            time.sleep(0.05)
        lock.release(upload, dead)
        assert device.patch(path, 0, data[:CHUNK]).status_code == 423
        lock.release(upload, token)
    finally:
        database.close()
    device.send_on(path, data)


def test_the_library_s_own_client_can_send(
    rows: CentreRows, scope: str, device: Sending, tmp_path: Path
) -> None:
    """Our endpoint is tus to others too."""
    from resumable_upload import TusClient

    data = os.urandom(3 * CHUNK + 9)
    row = rows.evidence(scope, data)
    file = tmp_path / "photo.jpg"
    file.write_bytes(data)
    client = TusClient(
        f"{device.address}/v1/uploads",
        chunk_size=CHUNK,
        headers={"Authorization": f"Bearer {device.device}"},
        checksum=False,
    )
    client.upload_file(
        str(file), metadata={"entity": "evidence", "row": str(row), "sha256": sha(data)}
    )
    assert device.read("evidence", row).content == data


def test_at_the_end_no_object_is_torn(objects: Objects, rows: CentreRows) -> None:
    found = ((name, b"".join(objects.get(name))) for name in objects.names("blobs"))
    assert torn(found) == []
    assert torn([(blob_name("a" * 64), b"x")]) == [blob_name("a" * 64)]
