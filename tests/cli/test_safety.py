"""backup, restore, verify and doctor on a workspace with real damage."""

import json
from base64 import b64encode
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from audit_app.cli import main
from audit_app.sync.protocol import Anchor
from db.connect import connect
from db.store import Store
from db.tables import Centre, TrailAnchor, TrailEntry
from tests.builders import (
    NOON,
    STROKES,
    StillClock,
    World,
    a_photo,
    a_small_template,
    a_world,
    an_audit,
    answer,
    question,
    save_vendor,
)

Run = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A workspace with a signed audit and a photo."""
    made = a_world(tmp_path / "workspace")
    audit_id = an_audit(made, a_small_template(made))
    answer(made, audit_id, "A1", "C")
    ref = question(made.services.checklist.open(audit_id), "A1").ref
    made.services.evidence.add_photo(audit_id, data=a_photo(), name="door.jpg", ref=ref)
    made.services.sign_off.sign(audit_id, party="auditor", name="Lena", strokes=STROKES)
    made.services.sign_off.sign_off(audit_id)
    return made


@pytest.fixture
def run(world: World, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command over the closed workspace; gives the exit code and what it said."""

    def command(*words: str) -> tuple[int, dict[str, Any]]:
        world.close()
        code = main(["--workspace", str(world.folder), "--json", *words])
        said = json.loads(capsys.readouterr().out)
        return code, said if isinstance(said, dict) else {"rows": said}

    return command


def counter_sign(store: Store, *, forged: bool = False) -> None:
    """What a sync leaves: the centre's signature of the head of the trail."""
    key = Ed25519PrivateKey.generate()
    public = b64encode(key.public_key().public_bytes_raw()).decode()
    with store.read() as session:
        entry = session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc()).limit(1)).one()
    word = Anchor(str(entry.device), entry.seq, entry.hash.hex(), NOON.isoformat(), "")
    signer = Ed25519PrivateKey.generate() if forged else key
    signature = signer.sign(word.signed_text()).hex()
    with store.write(actor="sync", action="receive") as session:
        session.add(
            Centre(
                address="https://centre.example",
                instance="i",
                credentials={"centre_key": public},
                joined_at=NOON,
            )
        )
        session.add(
            TrailAnchor(
                device=entry.device,
                seq=entry.seq,
                head=word.head,
                time=word.time,
                signature=signature,
                instance="i",
            )
        )


def raw(world: World, *statements: str) -> None:
    """What somebody does who has the key and a database program."""
    world.close()
    with closing(connect(world.store.path, world.store.key())) as connection:
        for statement in statements:
            connection.execute(statement)


UNLOCK = ("DROP TRIGGER trail_is_append_only_update", "DROP TRIGGER trail_is_append_only_delete")


def test_verify_says_anchored_once_the_centre_has_signed_the_head(world: World, run: Run) -> None:
    counter_sign(world.store)
    code, said = run("verify")
    assert (code, said["ok"], said["trail"]) == (0, True, "anchored")
    assert (said["signed_audits"], said["photos"]) == (1, 1)


def test_verify_says_not_yet_anchored_after_a_further_step(world: World, run: Run) -> None:
    counter_sign(world.store)
    save_vendor(world.store, "Another")
    code, said = run("verify")
    assert (code, said["trail"], said["broken_at"]) == (0, "not yet anchored", None)


def test_verify_believes_no_signature_of_somebody_else(world: World, run: Run) -> None:
    counter_sign(world.store, forged=True)
    code, said = run("verify")
    assert (code, said["trail"]) == (0, "not yet anchored")


def test_verify_finds_a_cut_off_end_that_the_centre_had_signed(world: World, run: Run) -> None:
    counter_sign(world.store)
    raw(world, *UNLOCK, "DELETE FROM trail WHERE seq = (SELECT max(seq) FROM trail)")
    code, said = run("verify")
    assert (code, said["ok"], said["trail"]) == (1, False, "broken")
    assert "signed it and it is missing" in said["why"]


@pytest.mark.parametrize(
    ("forgery", "why"),
    [
        ("UPDATE trail SET body = replace(body, 'new', 'neu') WHERE seq = 4", "text was changed"),
        ("DELETE FROM trail WHERE seq = 4", "entry 4 is missing"),
        ("UPDATE trail SET hash = zeroblob(32) WHERE seq = 4", "text was changed"),
        ("UPDATE trail SET previous = zeroblob(32) WHERE seq = 4", "does not follow"),
        ("UPDATE trail SET kind = 'audit' WHERE seq = 4", "speaks of something else"),
    ],
)
def test_verify_finds_a_forged_entry_and_says_where(
    world: World, run: Run, forgery: str, why: str
) -> None:
    raw(world, *UNLOCK, forgery)
    code, said = run("verify")
    assert (code, said["trail"]) == (1, "broken")
    assert why in said["why"]
    assert said["broken_at"].split()[1] in {"4", "5"}
    code, said = run("doctor")
    assert code == 1
    assert any(row["grave"] and "trail is broken" in row["words"] for row in said["remarks"])


def test_verify_finds_an_answer_changed_after_sign_off(world: World, run: Run) -> None:
    raw(world, "UPDATE answer SET value = 'MAJ' WHERE value = 'C'")
    code, said = run("verify")
    assert (code, len(said["changed_audits"])) == (1, 1)
    code, said = run("doctor")
    assert code == 1
    assert "was changed after it was signed" in json.dumps(said)


@pytest.mark.parametrize("harm", ["gone", "damaged"])
def test_verify_names_a_lost_photo(world: World, run: Run, harm: str) -> None:
    (sha256,) = world.store.photos.originals()
    file = world.folder / "photos" / sha256[:2] / sha256
    if harm == "gone":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:-1] + b"x")
    code, said = run("verify")
    assert (code, said["lost_photos"]) == (1, ["door.jpg"])
    code, said = run("doctor")
    assert code == 1
    assert "Photo door.jpg is missing or damaged" in json.dumps(said)


def test_the_doctor_tells_advice_from_trouble(
    world: World, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = run("doctor")
    assert (code, said["ok"]) == (0, True)
    words = " ".join(row["words"] for row in said["remarks"])
    for advice in ("No passphrase", "No recovery code", "no backup yet"):
        assert advice in words
    store = Store.open(world.folder, StillClock())
    store.photos.put(b"nobody names me")
    store.vault.add_recovery()
    store.close()
    assert run("backup")[0] == 0
    code, said = run("doctor")
    words = " ".join(row["words"] for row in said["remarks"])
    assert "1 photo files belong to no audit" in words
    assert "No recovery code" not in words
    assert main(["--workspace", str(world.folder), "doctor"]) == 0
    assert capsys.readouterr().out.startswith("- No passphrase")


def test_backups_are_listed_newest_first_and_restored_by_name(world: World, run: Run) -> None:
    assert run("backup", "--list") == (0, {"rows": []})
    _, first = run("backup")
    store = Store.open(world.folder, StillClock())
    save_vendor(store, "After the backup")
    store.close()
    _, second = run("backup")
    _, listed = run("backup", "--list")
    assert [row["name"] for row in listed["rows"]] == [second["name"], first["name"]]
    assert all(row["bytes"] > 0 and row["reason"] == "manual" for row in listed["rows"])
    code, said = run("restore", first["name"])
    assert (code, said["name"]) == (0, first["name"])
    assert Path(said["kept_aside"], "store.db").is_file()
    _, found = run("audit", "list")
    assert len(found["rows"]) == 1
    code, said = run("restore", "no-such-backup")
    assert (code, said["hint"]) == (1, "List them with the command “backup --list”.")


@pytest.mark.parametrize("command", ["restore", "backup", "verify", "doctor"])
def test_a_folder_without_a_workspace_is_refused_and_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    nowhere = tmp_path / "nowhere"
    assert main(["--workspace", str(nowhere), "--json", command]) == 1
    assert "There is no workspace" in json.loads(capsys.readouterr().out)["error"]
    assert not nowhere.exists()


def test_a_passphrase_file_that_is_no_text_is_refused(
    world: World, tmp_path: Path, run: Run
) -> None:
    (tmp_path / "secret").write_bytes(b"\xff\xfe\x00")
    code, said = run("verify", "--passphrase-file", str(tmp_path / "secret"))
    assert (code, "is not a text" in said["error"]) == (1, True)
