"""The PostgreSQL that comes with the program starts, keeps what it was given, and stops."""

import sys
from pathlib import Path

import psycopg
import pytest

from audit_app.central.embedded import EmbeddedServer
from audit_app.central.machine import is_root
from audit_app.errors import AuditError


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that other accounts may enter."""
    import tempfile

    folder = Path(tempfile.mkdtemp(prefix="onsite-test-"))
    folder.chmod(0o711)
    return folder


def rows(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        found = connection.execute(statement)
        return list(found.fetchall()) if found.description else []


def test_a_restarted_server_still_has_what_was_committed(place: Path) -> None:
    server = EmbeddedServer(place / "central")
    server.start()
    rows(server.url(), "create table kept (id int)")
    rows(server.url(), "insert into kept values (7)")
    server.stop()
    assert not server.is_running
    again = EmbeddedServer(place / "central")
    again.start()
    try:
        assert rows(again.url(), "select id from kept") == [(7,)]
    finally:
        again.stop()


def test_the_last_one_to_leave_stops_the_server(place: Path) -> None:
    first, second = EmbeddedServer(place / "central"), EmbeddedServer(place / "central")
    first.start()
    try:
        second.start()
        with psycopg.connect(second.url()):
            assert not first.leave()
        assert first.is_running
        assert second.leave()
        assert not first.is_running
    finally:
        if first.is_running:
            first.stop()


def test_the_data_folder_is_closed_to_others(place: Path) -> None:
    server = EmbeddedServer(place / "central")
    server.start()
    try:
        assert (place / "central" / "data").stat().st_mode & 0o077 == 0
        assert (place / "central" / "owner.password").stat().st_mode & 0o077 == 0
        if sys.platform != "win32":
            assert rows(server.url(), "show listen_addresses") == [("",)]
    finally:
        server.stop()


def test_a_socket_path_that_is_too_long_goes_elsewhere(place: Path) -> None:
    deep = place / ("a" * 60) / ("b" * 60)
    deep.mkdir(parents=True)
    server = EmbeddedServer(deep)
    server.start()
    try:
        assert rows(server.url(), "select 1") == [(1,)]
    finally:
        server.stop()


@pytest.mark.skipif(
    not is_root(), reason="only root can make a folder its own account may not enter"
)
def test_root_is_told_of_a_folder_the_database_may_not_enter(place: Path) -> None:
    place.chmod(0o700)
    with pytest.raises(AuditError, match="may not enter"):
        EmbeddedServer(place / "central").start()
