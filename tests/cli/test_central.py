"""``onsite central`` as an operator uses it: one command, then a device comes in."""

import json
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from audit_app.central.embedded import EmbeddedServer
from audit_app.central.machine import free_port
from audit_app.cli import main
from tests.central.people import Laptop

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """One centre for the module, in a folder that other accounts may enter."""
    made = Path(tempfile.mkdtemp(prefix="onsite-test-"))
    made.chmod(0o711)
    yield made / "central"
    shutil.rmtree(made)


def run(capsys: pytest.CaptureFixture[str], *args: str | Path) -> tuple[int, Any]:
    code = main([*(str(arg) for arg in args), "--json"])
    return code, json.loads(capsys.readouterr().out)


class Running:
    """A centre in a process of its own."""

    def __init__(self, folder: Path, *args: str) -> None:
        self.port = free_port()
        self.process = subprocess.Popen(
            [
                sys.executable,
                str(ROOT / "main.py"),
                "central",
                *("--folder", str(folder), "--port", str(self.port), "--json", *args),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.process.communicate()
        self.said: dict[str, str] = json.loads(line)

    def client(self) -> httpx.Client:
        transport = httpx.HTTPTransport(retries=8)
        return httpx.Client(transport=transport, base_url=self.said["address"], timeout=60)

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        self.process.send_signal(number)
        _, err = self.process.communicate(timeout=60)
        return self.process.returncode, err


@pytest.mark.skipif(sys.platform == "win32", reason="a process is told to end by other means there")
def test_one_command_serves_and_stops_its_database(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    running = Running(folder)
    try:
        with running.client() as client:
            assert client.get("/v1/ready").status_code == 200
            assert client.get("/v1/openapi.json").status_code == 404
            # Another command while it runs, in the same folder, uses the same database.
            args = ("central", "user", "add", "lena", "--name", "Lena", "--role", "auditor")
            code, added = run(capsys, *args, "--folder", folder)
            assert code == 0
            laptop = Laptop(client)
            assert laptop.enrol(added["code"]).status_code == 201
            assert laptop.ask("GET", "/v1/scopes").json() == {"scopes": []}
            admin = Laptop(client)
            asked = admin.enrol(running.said["code"])
            assert asked.json()["error"] == "totp_needed"
    finally:
        code, err = running.end()
    assert code == 0, err
    assert "GET /v1/ready 200" in err
    assert "code" not in err.lower().replace("enrolment", "")
    assert not EmbeddedServer(folder).is_running
    # Somebody has come in: no code for strangers any more.
    again = Running(folder)
    assert "code" not in again.said
    assert again.end(signal.SIGINT)[0] == 0


def test_accounts_are_made_granted_listed_and_closed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = ("--folder", folder)
    code, added = run(
        capsys,
        "central",
        *at,
        "user",
        "add",
        "Kenji@example.org",
        "--role",
        "reader",
        "--market",
        "jp",
    )
    assert code == 0
    assert added["login"] == "kenji@example.org"
    assert len(added["code"]) == 24
    vendor = "0195c0de-0000-7000-8000-000000000001"
    code, changed = run(
        capsys, "central", "user", "role", "kenji@example.org", "auditor", "--vendor", vendor, *at
    )
    assert code == 0
    grants = [
        {"role": "auditor", "reach": "vendor", "value": vendor},
        {"role": "reader", "reach": "market", "value": "JP"},
    ]
    assert changed["grants"] == grants
    code, listed = run(capsys, "central", "user", "list", *at)
    (kenji,) = [a for a in listed if a["login"] == "kenji@example.org"]
    assert (code, kenji["grants"], kenji["closed"]) == (0, grants, False)
    args = ("central", "user", "role", "kenji@example.org", "reader", "--market", "JP", "--remove")
    assert run(capsys, *args, *at)[1]["grants"] == grants[:1]
    assert run(capsys, *args, *at)[0] == 1
    assert run(capsys, "central", "user", "close", "kenji@example.org", *at)[0] == 0
    code, refused = run(capsys, "central", "device", "code", "kenji@example.org", *at)
    assert (code, refused["ok"]) == (1, False)


@pytest.mark.parametrize(
    "args",
    [
        ("user", "role", "nobody", "lead"),
        ("user", "close", "nobody"),
        ("user", "add", "!", "--role", "lead"),
        ("user", "add", "vera", "--role", "lead", "--vendor", "no-id"),
        ("device", "code", "nobody"),
        ("device", "revoke", "no-id"),
        ("device", "revoke", "0195c0de-0000-7000-8000-000000000001"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_reason(
    folder: Path, capsys: pytest.CaptureFixture[str], args: tuple[str, ...]
) -> None:
    code, body = run(capsys, "central", *args, "--folder", folder)
    assert code == 1
    assert body["error"]


def test_devices_are_listed_and_revoked(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, listed = run(capsys, "central", "device", "list", "--folder", folder)
    assert code == 0
    assert isinstance(listed, list)


@pytest.mark.parametrize("args", [("user",), ("user", "add"), ("device", "frobnicate")])
def test_wrong_usage_has_its_own_exit_code(args: tuple[str, ...]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["central", *args])
    assert ended.value.code == 2


def test_other_machines_are_not_served_in_the_clear(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, body = run(capsys, "central", "--host", "192.0.2.7", "--folder", folder)
    assert code == 1
    assert "nothing would be encrypted" in body["error"]
