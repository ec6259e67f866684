"""Commands about safety: backup, restore, verify, doctor."""

import argparse

from audit_app.cli_workspace import Answer, services_of, store_of
from audit_app.clock import SystemClock
from audit_app.errors import NotFound, StoreError, WorkspaceBusy, WrongKey
from audit_app.opening import default_workspace, passphrase_from
from audit_app.services.integrity import (
    Remark,
    examine_closed,
    examine_workspace,
    verify_workspace,
)
from db.backup import Backup
from db.lock import WorkspaceLock
from db.restore import restore
from db.store import Store


def _backup_json(backup: Backup) -> dict[str, object]:
    return {
        "name": backup.name,
        "made_at": backup.made_at.isoformat(),
        "reason": backup.reason,
        "bytes": backup.size,
    }


def _backup(args: argparse.Namespace) -> Answer:
    with services_of(args) as services:
        if args.list:
            found = services.workspace.backups()
            lines = [f"{backup.name}  {backup.size // 1024} KB" for backup in found]
            return [_backup_json(backup) for backup in found], lines or ["No backups yet."], 0
        made = services.workspace.back_up()
    return {"ok": True} | _backup_json(made), [f"Verified backup {made.name}."], 0


def _restore(args: argparse.Namespace) -> Answer:
    folder = args.workspace or default_workspace()
    if not Store.exists(folder):
        raise NotFound(f"There is no workspace in {folder}.", "Check the path.")
    with WorkspaceLock(folder):
        done = restore(
            folder,
            SystemClock(),
            name=args.backup,
            passphrase=passphrase_from(args.passphrase_file),
        )
    aside = str(done.kept_aside) if done.kept_aside else None
    body = {"ok": True, "kept_aside": aside} | _backup_json(done.backup)
    lines = [f"Restored {done.backup.name}."]
    if aside:
        lines.append(f"The former database is kept in {aside}.")
    return body, lines, 0


def _verify(args: argparse.Namespace) -> Answer:
    with store_of(args) as store:
        result = verify_workspace(store)
    body = {
        "ok": result.ok,
        "trail": result.trail.state.value,
        "entries": result.trail.entries,
        "head": result.trail.head,
        "broken_at": result.trail.broken_at or None,
        "why": result.trail.why or None,
        "database": list(result.database),
        "signed_audits": result.signed_audits,
        "changed_audits": list(result.changed_audits),
        "photos": result.seen_photos,
        "lost_photos": list(result.lost_photos),
    }
    lines = [
        f"Trail: {result.trail.entries} entries, {result.trail.state.value}.",
        f"Signed audits: {result.signed_audits}, changed since: {len(result.changed_audits)}.",
        f"Photos: {result.seen_photos}, missing or damaged: {len(result.lost_photos)}.",
        f"Database: {'whole' if not result.database else result.database[0]}.",
    ]
    return body, lines, 0 if result.ok else 1


def _doctor(args: argparse.Namespace) -> Answer:
    remarks: tuple[Remark, ...]
    try:
        with store_of(args) as store:
            remarks = examine_workspace(store)
    except NotFound:
        raise
    except StoreError as error:
        folder = args.workspace or default_workspace()
        remarks = (Remark(grave=True, words=str(error)),)
        if not isinstance(error, WorkspaceBusy | WrongKey):
            remarks += examine_closed(folder)
    grave = any(remark.grave for remark in remarks)
    body = {
        "ok": not grave,
        "remarks": [{"grave": remark.grave, "words": remark.words} for remark in remarks],
    }
    lines = [f"{'!' if remark.grave else '-'} {remark.words}" for remark in remarks]
    return body, lines or ["Nothing is wrong."], 1 if grave else 0


HANDLERS = {"backup": _backup, "restore": _restore, "verify": _verify, "doctor": _doctor}
