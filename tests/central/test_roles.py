"""A database role of ours gets a password where the server listens on a port."""

import psycopg
import pytest

from audit_app.central.roles import give_password
from audit_app.central.security import APP_ROLE
from tests.central.conftest import Databases


class OnAPort:
    """The session's server, as if it listened on a port."""

    def __init__(self, databases: Databases, folder: object) -> None:
        self._server = databases.server
        self._urls = databases.fresh()
        self.folder = folder
        self.asks_password = True

    def url(self, *, user: str = "", password: str = "") -> str:
        return f"{self._urls.owner}&password={password}" if user else self._urls.owner


def test_the_programs_role_gets_one_password_and_keeps_it(
    databases: Databases, tmp_path: object
) -> None:
    server = OnAPort(databases, tmp_path)
    first = give_password(server)  # type: ignore[arg-type]
    assert give_password(server) == first  # type: ignore[arg-type]
    query = "select rolpassword like 'SCRAM-SHA-256%%' from pg_authid where rolname = %s"
    with psycopg.connect(server.url()) as connection:
        assert connection.execute(query, (APP_ROLE,)).fetchone() == (True,)
        connection.execute(f"alter role {APP_ROLE} password null")


@pytest.mark.usefixtures("central_database")
def test_on_a_socket_no_password_is_needed(databases: Databases) -> None:
    assert "password" not in databases.server.url(user=APP_ROLE)
    assert not databases.server.asks_password
