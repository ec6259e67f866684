"""The commands: what the window does, for scripts; they never open a window and never ask."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from audit_app.cli_central_options import add_central
from audit_app.errors import AuditError

REFUSED, USAGE = 1, 2

Handler = Callable[[argparse.Namespace], tuple[object, Sequence[str], int]]
"""Takes the arguments; gives what ``--json`` prints, the lines for people, and the exit code."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0 ok, 1 refused with a reason, 2 wrong usage."""
    # The shared options may stand before or after the command, so their defaults live here: a
    # default in the parser would let the command's empty one undo what stood before it.
    start = argparse.Namespace(json=False, workspace=None, passphrase_file=None)
    args = _parser().parse_args(argv, start)
    try:
        data, lines, code = _handler(args.handler)(args)
    except AuditError as error:
        _print_error(error, as_json=args.json)
        return REFUSED
    try:
        if data is None:
            # It ran for as long as it was wanted, and said what it had to say at its start.
            return code
        if args.json:
            print(json.dumps(data, ensure_ascii=False, indent=2, default=str))
        else:
            for line in lines:
                print(line)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader (head, less) went away; that is no error of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def _handler(name: str) -> Handler:
    """Commands are imported when they run, so that ``--help`` needs no database."""
    from audit_app import cli_audits, cli_central, cli_safety, cli_sync, cli_templates

    handlers: dict[str, Handler] = {
        **cli_audits.HANDLERS,
        **cli_central.HANDLERS,
        **cli_safety.HANDLERS,
        **cli_sync.HANDLERS,
        **cli_templates.HANDLERS,
    }
    return handlers[name]


def _print_error(error: AuditError, *, as_json: bool) -> None:
    if as_json:
        print(
            json.dumps(
                {"ok": False, "error": error.message, "hint": error.hint}, ensure_ascii=False
            )
        )
    else:
        print(str(error), file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", default=argparse.SUPPRESS)
    common.add_argument("--workspace", type=Path, default=argparse.SUPPRESS, metavar="DIR")
    common.add_argument("--passphrase-file", type=Path, default=argparse.SUPPRESS, metavar="FILE")
    parser = argparse.ArgumentParser(
        prog="onsite",
        parents=[common],
        description="Onsite: on-site vendor audits, offline first. Without a command the window "
        "opens. A passphrase comes from --passphrase-file or ONSITE_PASSPHRASE.",
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    def add(where: Any, name: str, handler: str, words: str) -> argparse.ArgumentParser:
        made: argparse.ArgumentParser = where.add_parser(
            name, parents=[common], help=words, description=words
        )
        made.set_defaults(handler=handler)
        return made

    add(commands, "demo", "demo", "fill a workspace with a realistic vendor programme")

    template = commands.add_parser("template", help="check, import or export a checklist")
    kinds = template.add_subparsers(metavar="check|import|export", required=True)
    check = add(kinds, "check", "template check", "list every problem of a spreadsheet")
    check.add_argument("file", type=Path)
    take = add(kinds, "import", "template import", "import a spreadsheet as a checklist version")
    take.add_argument("file", type=Path)
    give = add(kinds, "export", "template export", "write a version's spreadsheet to a file")
    give.add_argument("template", help="form id, title or version hash")
    give.add_argument("--out", type=Path, required=True)
    add(kinds, "list", "template list", "list the checklists of the workspace")

    audit = commands.add_parser("audit", help="list or show audits")
    views = audit.add_subparsers(metavar="list|show", required=True)
    add(views, "list", "audit list", "list all audits")
    show = add(views, "show", "audit show", "show one audit whole")
    show.add_argument("audit", help="audit id or number")

    report = add(commands, "report", "report", "write the report of an audit")
    report.add_argument("audit", help="audit id or number")
    report.add_argument("--out", type=Path, required=True)
    report.add_argument("--lang", default="en")

    sync = add(commands, "sync", "sync", "sync with the central store, or by an encrypted file")
    sync.add_argument("--server", metavar="URL", help="join this central store first")
    sync.add_argument(
        "--code", help="with --server: the one-time code; the password comes from a file"
    )
    sync.add_argument("--password-file", type=Path, metavar="FILE", help="or ONSITE_PASSWORD")
    sync.add_argument("--may-delete", action="store_true", help="yes to a mass deletion")
    sync.add_argument("--package", type=Path, metavar="FILE", help="the package instead")
    sync.add_argument("--out", action="store_true", help="write it instead of merging it")
    sync.add_argument("--preview", action="store_true", help="only say what merging it would do")
    sync.add_argument("--visit", help="with --out: one visit whole, by its number or id")
    sync.add_argument("--photos", choices=["originals", "smaller", "none"], default="originals")
    sync.add_argument("--package-passphrase-file", type=Path, metavar="FILE")

    backup = add(commands, "backup", "backup", "make a verified backup now")
    backup.add_argument("--list", action="store_true", help="list the backups instead")
    restore = add(commands, "restore", "restore", "put a backup in place of the database")
    restore.add_argument("backup", nargs="?", help="name of the backup; the newest if not given")
    add(commands, "verify", "verify", "check the trail, the manifests and every photo")
    add_central(commands, add)
    add(commands, "doctor", "doctor", "say in words what is wrong with this workspace")
    return parser


if __name__ == "__main__":
    sys.exit(main())
