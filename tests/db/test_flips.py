"""One flipped bit anywhere in a workspace: noticed, or without effect; and a way back each time.

How many bits in all: ONSITE_FLIPS. Where they lie is drawn from a fixed seed.
"""

import os
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from audit_app.errors import AuditError, StoreError
from audit_app.services.integrity import verify_workspace
from db.backup import path_of
from db.connect import connect
from db.restore import restore
from db.store import Store
from db.vault import COPY, DEVICE_KEYS, FILE, Vault
from tests.builders import (
    StillClock,
    a_photo,
    a_small_template,
    a_world,
    an_audit,
    answer,
    question,
)

FLIPS = int(os.environ.get("ONSITE_FLIPS", "400"))
RESTORE_EVERY = 10
Contents = dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Whole:
    """A closed workspace before any damage."""

    folder: Path
    secret: bytes
    contents: Contents
    photos: dict[str, bytes]
    backup: str


def contents(path: Path, key: bytes) -> Contents:
    """Every row of every table but those a restart writes."""
    with closing(connect(path, key, query_only=True)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: connection.execute(f'SELECT * FROM "{name}" ORDER BY 1, 2').fetchall()  # noqa: S608
            for (name,) in names
        }


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    folder = tmp_path_factory.mktemp("flips") / "workspace"
    world = a_world(folder)
    audit_id = an_audit(world, a_small_template(world))
    answer(world, audit_id, "A1", "C")
    answer(world, audit_id, "A2", "MIN")
    ref = question(world.services.checklist.open(audit_id), "A1").ref
    for seed in (1, 2):
        data = a_photo(320, 240, seed=seed)
        world.services.evidence.add_photo(audit_id, data=data, name=f"{seed}.jpg", ref=ref)
    photos = {sha256: world.store.photos.get(sha256) for sha256 in world.store.photos.originals()}
    backup = world.services.workspace.back_up()
    world.close()
    secret = world.store.key()
    return Whole(folder, secret, contents(folder / "store.db", secret), photos, backup.name)


@pytest.fixture
def damaged(whole: Whole, tmp_path: Path) -> Path:
    """A copy of the workspace, to be damaged."""
    return shutil.copytree(whole.folder, tmp_path / "workspace")


def flips(file: Path, share: int) -> Iterator[int]:
    """Flip one bit of a file after another, each alone; gives how many came before."""
    good = file.read_bytes()
    rng = random.Random(f"{file.name} {share}")
    for number in range(max(1, FLIPS * share // 100)):
        bad = bytearray(good)
        bad[rng.randrange(len(bad))] ^= 1 << rng.randrange(8)
        file.write_bytes(bytes(bad))
        yield number
        file.write_bytes(good)


def judge(whole: Whole, folder: Path) -> str:
    """What the program makes of a workspace: noticed, harmless, or silently wrong."""
    try:
        store = Store.open(folder, StillClock())
    except StoreError:
        return "noticed"
    try:
        if not verify_workspace(store).ok:
            return "noticed"
        found = contents(store.path, store.key())
    except StoreError:
        return "noticed"
    finally:
        store.close()
    return "harmless" if found == whole.contents else "silently wrong"


def test_a_flipped_bit_of_the_database_is_noticed_and_a_restore_brings_all_back(
    whole: Whole, damaged: Path
) -> None:
    database, clock = damaged / "store.db", StillClock()
    before = database.read_bytes()
    said = Counter[str]()
    for number in flips(database, 50):
        verdict = judge(whole, damaged)
        said[verdict] += 1
        assert verdict != "silently wrong", number
        if number % RESTORE_EVERY == 0:
            clock.go_on(seconds=1)
            done = restore(damaged, clock)
            assert done.backup.name == whole.backup
            assert contents(database, whole.secret) == whole.contents
            assert judge(whole, damaged) == "harmless"
        for path in damaged.glob("store.db-*"):
            path.unlink()
    assert database.read_bytes() == before
    # Without effect are only the first 16 bytes: the salt, which is kept in the key file too.
    assert said["noticed"] > 0.98 * said.total()


def test_the_salt_at_the_beginning_is_not_needed(whole: Whole, damaged: Path) -> None:
    database = damaged / "store.db"
    database.write_bytes(bytes(16) + database.read_bytes()[16:])
    assert judge(whole, damaged) == "harmless"


def test_a_change_that_authenticates_would_be_seen_to_be_wrong(whole: Whole, damaged: Path) -> None:
    """The control: the comparison itself can fail."""
    with closing(connect(damaged / "store.db", whole.secret)) as connection:
        connection.execute("UPDATE vendor SET name = 'another'")
    assert judge(whole, damaged) == "silently wrong"


@pytest.mark.parametrize("name", [FILE, COPY, *DEVICE_KEYS])
def test_a_flipped_bit_of_a_key_file_is_mended_from_its_copy(
    whole: Whole, damaged: Path, name: str
) -> None:
    for number in flips(damaged / name, 5):
        assert Vault(damaged).open().database == whole.secret, number
    assert judge(whole, damaged) == "harmless"


@pytest.mark.parametrize("name", [FILE, DEVICE_KEYS[0]])
def test_a_flipped_bit_in_both_copies_is_refused_in_words(damaged: Path, name: str) -> None:
    other = {FILE: COPY, DEVICE_KEYS[0]: DEVICE_KEYS[1]}[name]
    (damaged / other).unlink()
    for number in flips(damaged / name, 5):
        with pytest.raises(StoreError, match="missing or damaged"):
            Store.open(damaged, StillClock())
        assert not (damaged / other).exists(), number


def every(folder: Path, fits: Callable[[str], bool]) -> list[Path]:
    return sorted(p for p in (folder / "photos").glob("??/*") if fits(p.name))


def test_a_flipped_bit_of_a_photo_is_noticed_and_adding_it_again_mends_it(
    whole: Whole, damaged: Path
) -> None:
    store = Store.open(damaged, StillClock())
    for file in every(damaged, lambda name: "-" not in name):
        for number in flips(file, 8):
            with pytest.raises(AuditError, match="damaged"):
                store.photos.get(file.name)
            if number % RESTORE_EVERY == 0:
                assert verify_workspace(store).lost_photos != ()
                store.photos.put(whole.photos[file.name])
                assert store.photos.get(file.name) == whole.photos[file.name]
    assert verify_workspace(store).ok
    store.close()


def test_a_flipped_bit_of_a_rendition_is_mended_from_the_original(damaged: Path) -> None:
    store = Store.open(damaged, StillClock())
    file = every(damaged, lambda name: name.endswith("-1000"))[0]
    sha256 = file.name.partition("-")[0]
    shown = store.photos.get_rendition(sha256, 1000)
    for number in flips(file, 5):
        assert store.photos.get_rendition(sha256, 1000) == shown, number
    store.close()


def test_a_flipped_bit_of_a_backup_is_noticed_before_it_is_restored(
    whole: Whole, damaged: Path
) -> None:
    for number in flips(path_of(damaged, whole.backup), 15):
        with pytest.raises(StoreError, match="is damaged"):
            restore(damaged, StillClock(), name=whole.backup)
        assert number >= 0
    assert judge(whole, damaged) == "harmless"
