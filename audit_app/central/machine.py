"""What the machine allows: accounts, folders that others may enter, ports."""

import os
import shutil
import socket
import stat
import subprocess
import sys
from pathlib import Path

from audit_app.errors import AuditError

ACCOUNT = "onsite"
"""The system account of the embedded database, where root starts it."""


def is_root() -> bool:
    """Whether this process runs as root; on Windows nobody does."""
    return sys.platform != "win32" and os.geteuid() == 0


def system_user() -> str:
    """The system account for the database, made if it is not there.

    Raises:
        AuditError: there is none and this machine does not make one.
    """
    if _has_account():
        return ACCOUNT
    program = shutil.which("useradd")
    if program is not None:
        subprocess.run(  # noqa: S603 (a program of the system, fixed words)
            [program, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT],
            capture_output=True,
            check=False,
        )
    # Another process may have made it at the same moment: what counts is that it is there.
    if not _has_account():
        raise AuditError(
            f"The database does not run as root, and no account {ACCOUNT} could be made for it.",
            "Start it as an ordinary user, or make that account.",
        )
    return ACCOUNT


def is_reachable(path: Path) -> bool:
    """Whether an account that owns nothing here may read this and enter the folders above it."""
    try:
        if not path.stat().st_mode & stat.S_IROTH:
            return False
        return all(parent.stat().st_mode & stat.S_IXOTH for parent in path.resolve().parents)
    except OSError:
        return False


def private_folder(path: Path, owner: str | None) -> None:
    """Make a folder that only its owner may enter.

    Raises:
        OSError: it cannot be made.
    """
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    if owner is not None:
        shutil.chown(path, owner, owner)


def free_port() -> int:
    """A port of the loopback address that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _has_account() -> bool:
    if sys.platform == "win32":
        return False
    import pwd

    try:
        pwd.getpwnam(ACCOUNT)
    except KeyError:
        return False
    return True
