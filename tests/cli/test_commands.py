"""The commands, as a script would use them."""

import json
from pathlib import Path

import pytest

from audit_app.cli import main
from tests.builders import (
    STROKES,
    World,
    a_small_template,
    a_spreadsheet,
    a_world,
    an_audit,
    answer,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "workspace"


def run(capsys: pytest.CaptureFixture[str], *args: str | Path) -> tuple[int, object]:
    """Exit code and what ``--json`` printed."""
    code = main([str(arg) for arg in (*args, "--json")])
    return code, json.loads(capsys.readouterr().out)


def a_closed_world(folder: Path) -> None:
    world = a_world(folder)
    _a_signed_audit(world)
    world.close()


def _a_signed_audit(world: World) -> None:
    audit_id = an_audit(world, a_small_template(world))
    answer(world, audit_id, "A1", "C")
    opened = answer(world, audit_id, "A2", "MIN").opened
    assert opened is not None
    world.services.findings.edit(opened.id, statement="Paper on four desks.")
    world.services.sign_off.sign(audit_id, party="auditor", name="Lena", strokes=STROKES)
    world.services.sign_off.sign_off(audit_id)


def test_audit_list_prints_what_scripts_expect(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_closed_world(folder)
    code, body = run(capsys, "--workspace", folder, "audit", "list")
    assert code == 0
    assert isinstance(body, list)
    (row,) = body
    assert {
        "id",
        "vendor",
        "site",
        "template",
        "state",
        "score",
        "coverage",
        "rating",
        "findings",
    } <= set(row)
    assert (row["state"], row["findings"]) == ("signed", 1)


def test_audit_show_prints_the_whole_audit(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_closed_world(folder)
    _, listed = run(capsys, "audit", "list", "--workspace", folder)
    assert isinstance(listed, list)
    code, body = run(capsys, "audit", "show", listed[0]["number"], "--workspace", folder)
    assert code == 0
    assert isinstance(body, dict)
    answers = {row["code"]: row["value"] for row in body["answers"]}
    assert answers == {"A1": "C", "A2": "MIN", "A3": None, "B1": None, "B2": None}
    assert body["findings"][0]["statement"] == "Paper on four desks."
    assert [section["code"] for section in body["sections"]] == ["A", "B"]


def test_an_unknown_audit_is_refused_with_exit_code_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_closed_world(folder)
    code, body = run(capsys, "audit", "show", "AUD-1", "--workspace", folder)
    assert code == 1
    assert body == {
        "ok": False,
        "error": "There is no audit “AUD-1”.",
        "hint": "List them with “audit list”.",
    }


def test_a_missing_workspace_is_refused_in_words(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--workspace", str(folder), "audit", "list"]) == 1
    assert "There is no workspace" in capsys.readouterr().err
    assert not (folder / "store.db").exists()


def test_wrong_usage_has_exit_code_two() -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["audit", "dance"])
    assert stopped.value.code == 2


def test_template_check_lists_problems_by_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = tmp_path / "good.xlsx"
    good.write_bytes(a_spreadsheet())
    code, body = run(capsys, "template", "check", good)
    assert code == 0
    assert isinstance(body, dict)
    assert (body["ok"], body["title"], body["questions"]) == (True, "Small form", 5)
    bad = tmp_path / "bad.xlsx"
    bad.write_bytes(b"not a spreadsheet")
    code, body = run(capsys, "template", "check", bad)
    assert code == 1
    assert isinstance(body, dict)
    assert not body["ok"]
    assert set(body["problems"][0]) == {"severity", "sheet", "row", "column", "message"}


def test_a_template_goes_in_and_comes_out_byte_for_byte(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, out = tmp_path / "small.xlsx", tmp_path / "out.xlsx"
    source.write_bytes(a_spreadsheet())
    assert run(capsys, "template", "import", source, "--workspace", folder)[0] == 0
    code, _ = run(capsys, "template", "export", "small-form", "--out", out, "--workspace", folder)
    assert code == 0
    assert out.read_bytes() == source.read_bytes()


def test_a_backup_is_made_listed_and_restored(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_closed_world(folder)
    code, made = run(capsys, "backup", "--workspace", folder)
    assert code == 0
    assert isinstance(made, dict)
    _, listed = run(capsys, "backup", "--list", "--workspace", folder)
    assert isinstance(listed, list)
    assert [row["name"] for row in listed] == [made["name"]]
    (folder / "store.db").write_bytes(b"ruined" * 999)
    code, body = run(capsys, "restore", "--workspace", folder)
    assert code == 0
    assert isinstance(body, dict)
    assert Path(body["kept_aside"]).joinpath("store.db").read_bytes().startswith(b"ruined")
    assert run(capsys, "verify", "--workspace", folder)[0] == 0


def test_the_doctor_speaks_of_a_ruined_database(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_closed_world(folder)
    run(capsys, "backup", "--workspace", folder)
    (folder / "store.db").write_bytes(b"ruined" * 999)
    code, body = run(capsys, "doctor", "--workspace", folder)
    assert code == 1
    assert isinstance(body, dict)
    words = " ".join(remark["words"] for remark in body["remarks"])
    assert "cannot be opened" in words
    assert "restore" in words


def test_verify_tells_that_the_trail_is_not_anchored_yet(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    a_closed_world(folder)
    code, body = run(capsys, "verify", "--workspace", folder)
    assert code == 0
    assert isinstance(body, dict)
    assert body["trail"] == "not yet anchored"
    assert body["signed_audits"] == 1


def test_a_second_command_is_refused_while_one_holds_the_workspace(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from db.lock import WorkspaceLock

    a_closed_world(folder)
    with WorkspaceLock(folder):
        code, body = run(capsys, "audit", "list", "--workspace", folder)
    assert code == 1
    assert isinstance(body, dict)
    assert "another window or command" in body["error"]


def test_a_passphrase_comes_from_a_file(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = a_world(folder)
    world.services.workspace.set_passphrase("a short sentence")
    world.close()
    assert run(capsys, "audit", "list", "--workspace", folder)[0] == 1
    secret = tmp_path / "secret"
    secret.write_text("a short sentence\n", encoding="utf-8")
    args = ("audit", "list", "--workspace", folder, "--passphrase-file", secret)
    assert run(capsys, *args)[0] == 0
