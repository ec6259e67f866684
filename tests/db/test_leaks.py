"""Nothing that was entered can be read in any file of the workspace, in none of its forms."""

import base64
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from tests.builders import (
    STROKES,
    World,
    a_small_template,
    a_world,
    an_audit,
    answer,
    question,
)

CANARY = "canary7coalmine"
FORMS = (
    CANARY.encode(),
    CANARY.encode("utf-16-le"),
    base64.b64encode(CANARY.encode())[:-4],
    CANARY.encode().hex().encode(),
)


def a_photo_that_says() -> bytes:
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = CANARY
    data = io.BytesIO()
    Image.new("RGB", (640, 480), "navy").save(data, "JPEG", exif=exif, comment=CANARY.encode())
    return data.getvalue()


def leaks(folder: Path) -> list[str]:
    """The files in which the canary can be read."""
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            found += [path.name for form in FORMS if form in data]
    return found


def live_through_an_audit(world: World) -> None:
    """Say the canary everywhere something can be entered."""
    world.services.vendors.save_vendor(name=f"Vendor {CANARY}")
    audit_id = an_audit(world, a_small_template(world))
    ref = question(world.services.checklist.open(audit_id), "A1").ref
    world.services.checklist.note(audit_id, ref=ref, text=f"note {CANARY}")
    for number in range(30):
        world.services.checklist.note(audit_id, ref=ref, text=f"{number} {CANARY} " * 40)
    answer(world, audit_id, "A1", "C")
    opened = answer(world, audit_id, "A2", "MIN").opened
    assert opened is not None
    world.services.findings.edit(opened.id, statement=f"finding {CANARY}")
    evidence = world.services.evidence
    evidence.add_photo(
        audit_id, data=a_photo_that_says(), name=f"{CANARY}.jpg", ref=ref, caption=CANARY
    )
    evidence.add_file(audit_id, data=CANARY.encode() * 999, name=f"{CANARY}.txt", ref=ref)
    world.services.workspace.back_up()
    assert world.services.search.find(CANARY) is not None
    world.services.sign_off.sign(audit_id, party="auditor", name=CANARY, strokes=STROKES)
    world.services.sign_off.sign_off(audit_id)


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Temporary files go here, where they are looked at too."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    for name in ("TMPDIR", "TEMP", "TMP", "SQLITE_TMPDIR"):
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setattr("tempfile.tempdir", None)
    yield folder
    monkeypatch.setattr("tempfile.tempdir", None)


def test_the_canary_is_in_no_file(tmp_path: Path, elsewhere: Path) -> None:
    world = a_world(tmp_path / "workspace")
    live_through_an_audit(world)
    # Twice: with the log still beside the database, and after closing.
    assert (tmp_path / "workspace" / "store.db-wal").stat().st_size > 0
    assert leaks(tmp_path) == []
    code = world.services.workspace.new_recovery_code()
    world.services.workspace.set_passphrase(f"passphrase {CANARY}")
    world.close()
    assert leaks(tmp_path) == []
    held = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert code.encode() not in held
    assert code.replace("-", "").encode() not in held


def test_the_search_for_the_canary_would_find_it(tmp_path: Path) -> None:
    """The control of the test above, in each form."""
    for form in FORMS:
        (tmp_path / "file").write_bytes(b"x" * 500 + form + b"x" * 500)
        assert leaks(tmp_path) == ["file"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_secrets_are_for_their_owner_alone(tmp_path: Path) -> None:
    umask = os.umask(0)
    try:
        world = a_world(tmp_path)
        live_through_an_audit(world)
        world.close()
    finally:
        os.umask(umask)
    open_to_others = [
        path.name
        for path in tmp_path.rglob("*")
        if path.is_file() and path.name.startswith(("vault", "device")) and path.stat().st_mode & 63
    ]
    assert open_to_others == []
