"""The program's own role in the embedded database."""

import os
import secrets
from pathlib import Path

import psycopg
from psycopg import sql

from audit_app.central.embedded import EmbeddedServer
from audit_app.central.security import APP_ROLE


def give_password(server: EmbeddedServer) -> str:
    """The address for the program's role; with a password where the server listens on a port.

    On a Unix socket the folder's own permissions keep everybody else out.
    """
    if not server.asks_password:
        return server.url(user=APP_ROLE)
    path = server.folder / "app.password"
    if not path.exists():
        _write_new(path, secrets.token_urlsafe(32))
    password = path.read_text(encoding="utf-8")
    with psycopg.connect(server.url(), autocommit=True) as connection:
        connection.execute(
            sql.SQL("alter role {} password {}").format(
                sql.Identifier(APP_ROLE), sql.Literal(password)
            )
        )
    return server.url(user=APP_ROLE, password=password)


def _write_new(path: Path, text: str) -> None:
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
