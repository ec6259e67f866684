"""The command that hands changes over by file, as a script would use it."""

import json
from pathlib import Path

import pytest

from audit_app.cli import main
from audit_app.cli_sync import PASSPHRASE


def run(
    capsys: pytest.CaptureFixture[str], folder: Path, *args: str | Path
) -> tuple[int, dict[str, object]]:
    """Exit code and what ``--json`` printed."""
    code = main([str(arg) for arg in ("--workspace", folder, "sync", *args, "--json")])
    body = json.loads(capsys.readouterr().out)
    assert isinstance(body, dict)
    return code, body


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """Two laptops made by the real clock's ids; the first one knows a vendor."""
    from audit_app.clock import SystemClock
    from audit_app.services import build_services
    from db.store import Store

    for name in ("one", "two"):
        store = Store.create(tmp_path / name, SystemClock())
        if name == "one":
            build_services(store, SystemClock()).vendors.save_vendor(name="Nordwind")
        store.close()
    return tmp_path / "one", tmp_path / "two"


def test_a_package_is_written_looked_at_and_merged(
    folders: tuple[Path, Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, two = folders
    file = tmp_path / "work.onsite"
    code, made = run(capsys, one, "--package", file, "--out")
    assert (code, made["rows"], made["absent"]) == (0, 1, 0)
    assert len(str(made["passphrase"])) == 29
    monkeypatch.setenv(PASSPHRASE, str(made["passphrase"]))

    code, seen = run(capsys, two, "--package", file, "--preview")
    assert (code, seen["new"], seen["applied"]) == (0, {"vendor": 1}, False)
    code, merged = run(capsys, two, "--package", file)
    assert (code, merged["new"], merged["warnings"]) == (0, {"vendor": 1}, [])

    code, again = run(capsys, two, "--package", file)
    assert (code, again["ok"]) == (1, False)
    assert "merged here already" in str(again["error"])
    code, seen = run(capsys, two, "--package", file, "--preview")
    assert (code, seen["ok"], seen["applied"]) == (1, False, True)


def test_a_passphrase_from_a_file_is_used_and_not_printed(
    folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, two = folders
    file, secret = tmp_path / "work.onsite", tmp_path / "secret"
    secret.write_text("seven dry towels\n", encoding="utf-8")
    given = ("--package", file, "--package-passphrase-file", secret)
    code, made = run(capsys, one, *given, "--out")
    assert code == 0
    assert "passphrase" not in made
    assert run(capsys, two, *given)[0] == 0
    code, body = run(capsys, one, *given, "--out")
    assert code == 1
    assert "is there already" in str(body["error"])


def test_without_a_passphrase_nothing_is_read(
    folders: tuple[Path, Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one, two = folders
    monkeypatch.delenv(PASSPHRASE, raising=False)
    file = tmp_path / "work.onsite"
    run(capsys, one, "--package", file, "--out")
    code, body = run(capsys, two, "--package", file)
    assert code == 1
    assert PASSPHRASE in str(body["hint"])
    monkeypatch.setenv(PASSPHRASE, "not that passphrase")
    code, body = run(capsys, two, "--package", file)
    assert code == 1
    assert "does not open the package" in str(body["error"])


def test_a_visit_nobody_knows_is_refused(
    folders: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "work.onsite"
    code, body = run(capsys, folders[0], "--package", file, "--out", "--visit", "X-1")
    assert code == 1
    assert body["error"] == "There is no visit “X-1”."
    assert not file.exists()
