"""Ways to open a workspace: each works alone, and damage to one copy is mended from the other."""

import json
from pathlib import Path

import pytest

from audit_app.errors import AuditError, StoreError, WrongKey
from db.store import Store
from db.vault import COPY, DEVICE_KEYS, FILE, Vault
from tests.builders import StillClock, a_store

PASSPHRASE = "correct horse battery"


def test_a_wrong_passphrase_is_refused_in_words(tmp_path: Path) -> None:
    Store.create(tmp_path, StillClock(), passphrase=PASSPHRASE).close()
    with pytest.raises(WrongKey, match="passphrase does not open"):
        Store.open(tmp_path, StillClock(), passphrase="wrong horse battery")
    with pytest.raises(WrongKey, match="protected by a passphrase"):
        Store.open(tmp_path, StillClock())
    Store.open(tmp_path, StillClock(), passphrase=PASSPHRASE).close()


def test_a_short_passphrase_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    with pytest.raises(AuditError, match="5 characters"):
        Vault(tmp_path).create("short")
    assert not Vault.exists(tmp_path)
    vault = Vault(tmp_path)
    vault.create()
    with pytest.raises(AuditError, match="at least 12"):
        vault.set_passphrase("short")
    assert vault.has("device")


def test_a_passphrase_takes_the_place_of_the_device_key(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    assert not store.vault.is_protected
    code = store.vault.add_recovery()
    store.vault.set_passphrase("a short sentence")
    assert store.vault.has("passphrase")
    store.close()
    assert not any((tmp_path / name).exists() for name in DEVICE_KEYS)
    with pytest.raises(WrongKey):
        Store.open(tmp_path, StillClock())
    Store.open(tmp_path, StillClock(), recovery=code.lower()).close()


def test_changing_the_passphrase_keeps_the_data_and_ends_the_old_one(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    secret = vault.create(PASSPHRASE)
    vault.set_passphrase("another long sentence")
    assert Vault(tmp_path).open(passphrase="another long sentence") == secret
    with pytest.raises(WrongKey):
        Vault(tmp_path).open(passphrase=PASSPHRASE)


def test_a_new_recovery_code_ends_the_old_one(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    secret = vault.create(PASSPHRASE)
    first, second = vault.add_recovery(), vault.add_recovery()
    assert Vault(tmp_path).open(recovery=second) == secret
    for wrong in (first, "no code at all", ""):
        with pytest.raises(WrongKey, match="recovery code"):
            Vault(tmp_path).open(recovery=wrong)


def test_a_recovery_code_may_be_written_as_people_write_it(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    secret = vault.create(PASSPHRASE)
    code = vault.add_recovery()
    misread = code.replace("O", "0").replace("I", "1").replace("B", "8")
    assert Vault(tmp_path).open(recovery=misread.replace("-", " ").lower()) == secret


@pytest.mark.parametrize("name", [FILE, COPY])
def test_a_damaged_key_file_is_read_from_its_copy_and_mended(tmp_path: Path, name: str) -> None:
    store = a_store(tmp_path)
    store.close()
    whole = (tmp_path / name).read_bytes()
    (tmp_path / name).write_text("{", encoding="utf-8")
    Store.open(tmp_path, StillClock()).close()
    assert (tmp_path / name).read_bytes() == whole


def test_a_key_file_that_still_reads_but_was_changed_is_not_believed(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    secret = vault.create(PASSPHRASE)
    body = json.loads((tmp_path / FILE).read_text(encoding="utf-8"))
    body["slots"][0]["wrapped"] = "A" + body["slots"][0]["wrapped"][1:-5] + "AAAA="
    (tmp_path / FILE).write_text(json.dumps(body), encoding="utf-8")
    assert Vault(tmp_path).open(passphrase=PASSPHRASE) == secret


def test_a_key_file_lost_in_both_copies_is_said_so(tmp_path: Path) -> None:
    a_store(tmp_path).close()
    (tmp_path / FILE).unlink()
    (tmp_path / COPY).write_bytes(b"\xff\xfe")
    with pytest.raises(StoreError, match="missing or damaged, and so is its copy"):
        Store.open(tmp_path, StillClock())


def test_a_passphrase_holds_though_its_saving_was_cut_between_the_copies(tmp_path: Path) -> None:
    store = a_store(tmp_path)
    before = (tmp_path / COPY).read_bytes()
    keys = {name: (tmp_path / name).read_bytes() for name in DEVICE_KEYS}
    store.vault.set_passphrase(PASSPHRASE)
    store.close()
    (tmp_path / COPY).write_bytes(before)
    for name, key in keys.items():
        (tmp_path / name).write_bytes(key)
    with pytest.raises(WrongKey):
        Store.open(tmp_path, StillClock())
    Store.open(tmp_path, StillClock(), passphrase=PASSPHRASE).close()
    (tmp_path / FILE).unlink()
    with pytest.raises(WrongKey):
        Store.open(tmp_path, StillClock())


@pytest.mark.parametrize("damage", [b"", b"\0" * 32])
def test_a_lost_device_key_is_read_from_its_copy(tmp_path: Path, damage: bytes) -> None:
    a_store(tmp_path).close()
    (tmp_path / DEVICE_KEYS[0]).write_bytes(damage)
    Store.open(tmp_path, StillClock()).close()
    (tmp_path / DEVICE_KEYS[1]).unlink()
    with pytest.raises(StoreError, match=r"key of this device.*missing or damaged"):
        Store.open(tmp_path, StillClock())


def test_the_secret_is_in_none_of_the_key_files(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    secret = vault.create(PASSPHRASE)
    vault.add_recovery()
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for part in (secret.database[:32], secret.photos):
        assert part not in held
        assert part.hex().encode() not in held
    assert PASSPHRASE.encode() not in held
