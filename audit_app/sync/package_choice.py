"""Which rows and files go into an exchange package, and what they are built on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from audit_app.domain.records import CONFLICT, RECORDS
from audit_app.errors import AuditError, NotFound
from audit_app.sync import mirror
from audit_app.sync.outbox import PENDING, REFUSED, REFUSING, SEALED, SETTLING
from audit_app.sync.package_parts import PackedRow, Seen
from db.journal import plain
from db.tables import (
    Action,
    Answer,
    Audit,
    Conflict,
    Contact,
    Evidence,
    Finding,
    OutboxOp,
    PackageRow,
    ReportIssue,
    Shadow,
    Signature,
    Visit,
)

_UNSETTLED = (PENDING, SEALED, SETTLING, REFUSING, REFUSED)
_AT_ONCE = 500

Ids = dict[str, set[UUID]]


class Photos(StrEnum):
    """How photos go into a package."""

    ORIGINALS = "originals"
    SMALLER = "smaller"
    """As the 1000 px pictures that reports show."""
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Wanted:
    """One file that the chosen rows name.

    Attributes:
        kind: ``evidence``, ``report``, or ``compiled`` and ``source`` of a checklist version.
        is_photo: there are smaller pictures of it.
    """

    kind: str
    sha256: str
    is_photo: bool = False


@dataclass(frozen=True, slots=True)
class Chosen:
    """What goes into a package; parents stand before their children."""

    about: str
    rows: tuple[PackedRow, ...]
    files: tuple[Wanted, ...]


def choose(session: Session, visit_id: UUID | None) -> Chosen:
    """One visit whole, or everything that the centre has not settled.

    What a row belongs to goes with it, so that it can be shown wherever it arrives, and so do the
    conflicts about it.

    Raises:
        NotFound: the visit is not in the workspace.
        AuditError: nothing waits to be handed on.
    """
    if visit_id is None:
        ids, about = _unsettled(session), "Everything that is not at the centre yet"
    else:
        ids, about = _of_visit(session, visit_id)
    _add_conflicts(session, ids)
    _add_parents(session, ids)
    rows = tuple(row for kind in RECORDS for row in _packed(session, kind, ids.get(kind, set())))
    if not rows:
        raise AuditError(
            "There is nothing to hand over: nothing waits on this device.",
            "Choose a visit to hand that over whole.",
        )
    return Chosen(about, rows, tuple(_files(rows)))


def _unsettled(session: Session) -> Ids:
    ids: Ids = {}
    query = select(OutboxOp.entity, OutboxOp.row_id).where(OutboxOp.state.in_(_UNSETTLED))
    for entity, row_id in session.execute(query):
        if entity in mirror.TABLES:
            ids.setdefault(entity, set()).add(row_id)
    for kind, table in mirror.TABLES.items():
        unsent = session.scalars(select(table.c.id).where(table.c.seq.is_(None)))
        ids.setdefault(kind, set()).update(unsent)
    return ids


def _of_visit(session: Session, visit_id: UUID) -> tuple[Ids, str]:
    visit = session.get(Visit, visit_id)
    if visit is None:
        raise NotFound("This visit is not in the workspace.")
    audits = set(session.scalars(select(Audit.id).where(Audit.visit_id == visit_id)))
    ids: Ids = {"visit": {visit_id}, "audit": audits}
    contacts = select(Contact.id).where(
        Contact.vendor_id == visit.vendor_id,
        Contact.site_id.is_(None) | (Contact.site_id == visit.site_id),
    )
    ids["contact"] = set(session.scalars(contacts))
    for child in (Answer, Finding, Evidence, Signature, ReportIssue):
        query = select(child.id).where(child.audit_id.in_(audits))
        ids[child.__tablename__] = set(session.scalars(query))
    actions = select(Action.id).join(Finding).where(Finding.audit_id.in_(audits))
    ids["action"] = set(session.scalars(actions))
    return ids, f"Visit {visit.number}"


def _add_conflicts(session: Session, ids: Ids) -> None:
    chosen = {row_id for kind in ids.values() for row_id in kind}
    about = session.execute(select(Conflict.id, Conflict.row_id))
    ids.setdefault(CONFLICT, set()).update(row.id for row in about if row.row_id in chosen)


def _add_parents(session: Session, ids: Ids) -> None:
    """Kinds from the last to the first: a parent stands before its children in the records."""
    for kind in reversed(list(RECORDS)):
        parents = RECORDS[kind].parents
        table = mirror.TABLES[kind]
        for some in _portions(ids.get(kind, set())):
            query = select(*(table.c[name] for name in parents)).where(table.c.id.in_(some))
            for row in session.execute(query) if parents else ():
                for parent, row_id in zip(parents.values(), row, strict=True):
                    if row_id is not None:
                        ids.setdefault(parent, set()).add(row_id)


def _packed(session: Session, kind: str, ids: set[UUID]) -> Iterator[PackedRow]:
    table, record = mirror.TABLES[kind], RECORDS[kind]
    for some in _portions(ids):
        shadows = {
            shadow.row_id: shadow
            for shadow in session.scalars(select(Shadow).where(Shadow.row_id.in_(some)))
        }
        seen: dict[UUID, dict[UUID, Seen]] = {}
        for told in session.scalars(select(PackageRow).where(PackageRow.row_id.in_(some))):
            seen.setdefault(told.row_id, {})[told.device] = Seen(told.package, told.fields)
        query = select(table).where(table.c.id.in_(some)).order_by(table.c.id)
        for row in session.execute(query).mappings():
            # Nothing is told too: a field that is not named is one that the maker does not know.
            values = {name: plain(row[name]) for name in record.fields} | (row["extra"] or {})
            shadow = shadows.get(row["id"])
            yield PackedRow(
                kind,
                row["id"],
                row["scope"],
                row["created_at"],
                row["changed_at"],
                values,
                row["seq"] if shadow is None else shadow.seq,
                {} if shadow is None else _changed(values, shadow.fields),
                seen.get(row["id"], {}),
            )


def _changed(values: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    return {name: said.get(name) for name, value in values.items() if value != said.get(name)}


def _files(rows: Iterable[PackedRow]) -> Iterator[Wanted]:
    told: set[str] = set()
    for row in rows:
        wanted: list[Wanted] = []
        if row.entity == "evidence" and row.values.get("deleted_at") is None:
            wanted.append(
                Wanted("evidence", row.values["sha256"], row.values.get("kind") == "photo")
            )
        elif row.entity == "template_version":
            wanted.append(Wanted("compiled", row.values["sha256"]))
            wanted.append(Wanted("source", row.values["source_sha256"]))
        elif row.entity == "report_issue":
            wanted.append(Wanted("report", row.values["sha256"]))
        for file in wanted:
            if file.sha256 not in told:
                told.add(file.sha256)
                yield file


def _portions(ids: set[UUID]) -> Iterator[list[UUID]]:
    ordered = sorted(ids)
    for start in range(0, len(ordered), _AT_ONCE):
        yield ordered[start : start + _AT_ONCE]
