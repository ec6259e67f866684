"""Photos kept in S3: the same promises, with the centre killed in between."""

import os
from collections.abc import Iterator

import pytest

from audit_app.central.objects import Objects, blob_name, open_objects
from audit_app.sync.protocol.blobs import BlobVerdict
from tests.central.blob_program import Program
from tests.central.blob_world import CHUNK, CentreRows, Sending, offer, sha, torn


@pytest.fixture
def objects(s3_address: str) -> Objects:
    return open_objects(s3_address)


@pytest.fixture
def server(database_url: str, s3_address: str) -> Iterator[Program]:
    program = Program(database_url, s3_address)
    yield program
    program.kill()


@pytest.fixture
def rows(owner_url: str) -> Iterator[CentreRows]:
    rows = CentreRows.at(owner_url)
    yield rows
    rows.owner.dispose()


def test_an_upload_to_s3_goes_on_after_the_centre_was_killed(
    server: Program, rows: CentreRows, objects: Objects
) -> None:
    data = os.urandom(9 * 1024 * 1024)
    scope = rows.scope()
    row = rows.evidence(scope, data)
    device = Sending(server.address, rows.device(scope))
    with device.http:
        path = device.begun("evidence", row, data)
        assert device.patch(path, 0, data[:CHUNK]).status_code == 204
        server.kill()
        server.start()
        at = int(device.head(path).headers["upload-offset"])
        assert at == CHUNK
        device.send_on(path, data, at)
        assert device.verdicts(offer("evidence", row, data)) == [BlobVerdict.STORED]
        assert device.read("evidence", row).content == data
        part = device.read("evidence", row, Range="bytes=5000000-5000099")
        assert part.content == data[5_000_000:5_000_100]
    assert list(objects.names("uploads")) == []
    found = {name: b"".join(objects.get(name)) for name in objects.names("blobs")}
    assert list(found) == [blob_name(sha(data))]
    assert torn(found.items()) == []


def test_other_bytes_than_announced_do_not_reach_s3(
    server: Program, rows: CentreRows, objects: Objects
) -> None:
    for size in (2 * CHUNK, 9 * 1024 * 1024):
        data = os.urandom(size)
        scope = rows.scope()
        row = rows.evidence(scope, data)
        device = Sending(server.address, rows.device(scope))
        with device.http:
            path = device.begun("evidence", row, data)
            for at in range(0, size - CHUNK, CHUNK):
                assert device.patch(path, at, data[at : at + CHUNK]).status_code == 204
            assert device.patch(path, size - CHUNK, bytes(CHUNK)).status_code == 460
            assert device.read("evidence", row).status_code == 404
    assert list(objects.names("blobs")) == []
    assert list(objects.names("uploads")) == []
