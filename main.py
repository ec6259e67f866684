"""Onsite: without a command the window opens, with one it runs (see ``--help``)."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path


def main(argv: Sequence[str] | None = None) -> int:
    """Open the window, or hand the arguments to the commands before Qt is imported."""
    given = list(sys.argv[1:] if argv is None else argv)
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument("--workspace", type=Path)
    parser.add_argument("--passphrase-file", type=Path)
    options, rest = parser.parse_known_args(given)
    if rest:
        from audit_app.cli import main as run_command

        return run_command(given)
    try:
        passphrase = _passphrase(options.passphrase_file)
    except OSError as error:
        print(
            f"The passphrase file {options.passphrase_file} cannot be read: {error.strerror}. "
            "Check its path.",
            file=sys.stderr,
        )
        return 1
    from ui.app import run

    return run(options.workspace, passphrase)


def _passphrase(file: Path | None) -> str | None:
    if file is None:
        return os.environ.get("ONSITE_PASSPHRASE")
    return file.read_text(encoding="utf-8").rstrip("\r\n")


if __name__ == "__main__":
    sys.exit(main())
