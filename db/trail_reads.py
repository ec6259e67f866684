"""The trail in words, for one thing."""

import json
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from db.tables.system import TrailEntry


def history_of(session: Session, kind: str, object_id: UUID, limit: int = 50) -> tuple[str, ...]:
    """What happened to a thing, newest first, one line for each entry."""
    bodies = session.scalars(
        select(TrailEntry.body)
        .where(TrailEntry.kind == kind, TrailEntry.object_id == object_id)
        .order_by(TrailEntry.seq.desc())
        .limit(limit)
    )
    return tuple(_line(json.loads(body)) for body in bodies)


def _line(record: dict[str, object]) -> str:
    when = datetime.fromisoformat(str(record["wall"]))
    new = record.get("new")
    fields = ", ".join(sorted(new)) if isinstance(new, dict) else ""
    reason = f" ({record['reason']})" if record.get("reason") else ""
    return f"{when:%Y-%m-%d %H:%M} UTC, {record['actor']}: {record['action']}{reason}: {fields}"
