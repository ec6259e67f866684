"""The command that brings changes to others: over the network, or as an encrypted file."""

import argparse
import os
from uuid import UUID

from audit_app.cli_workspace import Answer, services_of
from audit_app.errors import AuditError, NotFound, WrongKey
from audit_app.opening import passphrase_from
from audit_app.services import Services
from audit_app.sync.package_choice import Photos
from audit_app.sync.package_cipher import new_passphrase
from audit_app.sync.package_preview import Preview

PASSPHRASE = "ONSITE_PACKAGE_PASSPHRASE"
PASSWORD = "ONSITE_PASSWORD"


def _sync(args: argparse.Namespace) -> Answer:
    return _online(args) if args.package is None else _by_file(args)


def _online(args: argparse.Namespace) -> Answer:
    """Sync with the centre this workspace is joined to; with an address, join it first."""
    if args.out or args.preview:
        raise AuditError(
            "--out and --preview are about a package.", "Give its file with --package."
        )
    with services_of(args) as services:
        if args.server:
            services.sync.join(args.server, code=_code(args), password=_password(args), totp="")
        done = services.sync.run(may_delete=args.may_delete)
        facts = services.sync.facts()
    is_done = not done.words and done.asks is None
    body: dict[str, object] = {
        "ok": is_done,
        "sent": done.sent,
        "received": done.received,
        "waiting": done.waiting,
        "photos_waiting": done.photos_waiting,
        "refused": facts.refused,
        "conflicts": facts.conflicts,
        "held": done.held,
        "words": done.words,
    }
    lines = [f"{done.sent} sent, {done.received} received, {done.waiting} waiting."]
    if done.asks is not None:
        words = f"{done.asks.rows} of {done.asks.of} rows would be deleted here."
        body["words"] = words
        lines = [words, "If that is right, run it again with --may-delete."]
    if facts.conflicts or facts.refused:
        lines.append(f"For a person: {facts.conflicts} conflicts, {facts.refused} refused changes.")
    return body, [*lines, *([done.words] if done.words else [])], 0 if is_done else 1


def _code(args: argparse.Namespace) -> str:
    if not args.code:
        raise AuditError("A central store is joined with a one-time code.", "Give it with --code.")
    return str(args.code)


def _password(args: argparse.Namespace) -> str:
    found = (
        passphrase_from(args.password_file)
        if args.password_file is not None
        else os.environ.get(PASSWORD)
    )
    if not found:
        raise AuditError(
            "A central store is joined with a password.",
            f"Set {PASSWORD}, or give --password-file.",
        )
    return found


def _by_file(args: argparse.Namespace) -> Answer:
    if args.out and args.preview:
        raise AuditError("--out writes a package and --preview reads one.", "Give one of the two.")
    with services_of(args) as services:
        if args.out:
            return _export(services, args)
        passphrase = _passphrase(args)
        if passphrase is None:
            raise WrongKey(
                "A package is opened with its own passphrase.",
                f"Set {PASSPHRASE}, or give --package-passphrase-file.",
            )
        if args.preview:
            seen = services.packages.preview(args.package, passphrase=passphrase)
            return _json(seen) | {"ok": not seen.refusal}, _lines(seen), 1 if seen.refusal else 0
        merged = services.packages.merge(args.package, passphrase=passphrase).preview
    return _json(merged) | {"ok": True}, ["Merged.", *_lines(merged)], 0


def _export(services: Services, args: argparse.Namespace) -> Answer:
    given = _passphrase(args)
    passphrase = given or new_passphrase()
    if args.package.exists():
        # It may hold what nobody else has.
        raise AuditError(f"{args.package} is there already.", "Choose another name.")
    made = services.packages.export(
        args.package,
        passphrase=passphrase,
        visit_id=_visit(services, args.visit) if args.visit else None,
        photos=Photos(args.photos),
    )
    body: dict[str, object] = {
        "ok": True,
        "id": str(made.id),
        "file": str(made.file),
        "about": made.about,
        "rows": made.rows,
        "files": made.files,
        "absent": made.absent,
        "bytes": made.size,
    }
    lines = [f"{made.about}: {made.rows} rows and {made.files} files in {made.file}."]
    if made.absent:
        lines.append(f"{made.absent} photos or files are not on this device and stayed behind.")
    if given is None:
        # Whoever made none is given one; it is kept nowhere, so this is the only time to see it.
        body["passphrase"] = passphrase
        lines.append(f"Passphrase, shown this once: {passphrase}")
    return body, lines, 0


def _passphrase(args: argparse.Namespace) -> str | None:
    if args.package_passphrase_file is not None:
        return passphrase_from(args.package_passphrase_file)
    return os.environ.get(PASSPHRASE)


def _visit(services: Services, words: str) -> UUID:
    for visit in services.visits.listed():
        if words in (str(visit.id), visit.number):
            return visit.id
    raise NotFound(f"There is no visit “{words}”.", "Give its number or its id.")


def _json(seen: Preview) -> dict[str, object]:
    return {
        "id": str(seen.id),
        "by": seen.by,
        "at": seen.at.isoformat(),
        "about": seen.about,
        "rows": seen.rows,
        "new": dict(seen.new),
        "changed": dict(seen.changed),
        "fields": seen.fields,
        "deletions": seen.deletions,
        "conflicts": seen.conflicts,
        "photos": seen.photos,
        "photo_bytes": seen.photo_bytes,
        "own": seen.is_own,
        "applied": seen.is_applied,
        "refusal": seen.refusal or None,
        "warnings": list(seen.warnings),
    }


def _lines(seen: Preview) -> list[str]:
    rows = sum(seen.changed.values())
    return [
        f"{seen.about}, by {seen.by}, {seen.at:%Y-%m-%d %H:%M} UTC by the clock of that laptop.",
        f"New: {sum(seen.new.values())} rows.",
        f"Changed: {seen.fields} fields of {rows} rows. Deleted: {seen.deletions}.",
        f"Conflicts for a person: {seen.conflicts}.",
        f"Photos and files: {seen.photos}, {seen.photo_bytes // 1024} KB.",
        *([seen.refusal] if seen.refusal else []),
        *seen.warnings,
    ]


HANDLERS = {"sync": _sync}
