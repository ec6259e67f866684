"""Some devices over real stores and one real centre, and a policy that lets one user do all."""

import json
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4, uuid5

from sqlalchemy import Connection, Engine, insert, select, text
from sqlalchemy.dialects.postgresql import insert as upsert

from audit_app.central.database import Database
from audit_app.central.exchange import Exchange
from audit_app.central.intake import Sender
from audit_app.central.rows import CentralRow, from_columns, kinds
from audit_app.central.tables import DEVICE, METADATA, OTHER, SCOPE, SCOPE_MEMBER
from audit_app.clock import uuid7
from audit_app.domain.records import RECORDS
from audit_app.sync import mirror
from audit_app.sync.outbox import next_request
from audit_app.sync.protocol import Answer, Op, Request, Result, pack, unpack
from audit_app.sync.settling import Taken, take_in
from db.store import Store
from db.tables import Centre, OutboxOp, ScopeCursor, Vendor
from tests.builders import StillClock

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
INSTANCE = "test-centre"
NAMES = UUID("2f0d0a40-7d2c-5b53-8b8e-6f6b5f3f0a11")


class Everything:
    """The policy of a single user who may do all there is."""

    def __init__(self, user: UUID) -> None:
        self.user = user
        self.refuses: set[str] = set()
        """Ids of rows that this user may not touch after all."""

    def readable(self, connection: Connection) -> set[str]:
        query = select(SCOPE_MEMBER.c.scope).where(SCOPE_MEMBER.c.user_id == self.user)
        return set(connection.scalars(query))

    def open_scopes(self, connection: Connection, ops: Mapping[str, Sequence[Op]]) -> set[str]:
        for scope in sorted(ops):
            row = {"id": scope, "kind": "vendor", "seq": 0, "commit_id": "", "gc_floor": 0}
            connection.execute(upsert(SCOPE).values(row).on_conflict_do_nothing())
            member = {"scope": scope, "user_id": self.user, "role": "lead"}
            connection.execute(upsert(SCOPE_MEMBER).values(member).on_conflict_do_nothing())
        return set(ops)

    def refusal(self, op: Op, _stored: CentralRow | None) -> Result | None:
        from audit_app.sync.protocol import Verdict

        if op.id in self.refuses:
            return Result(Verdict.REFUSED, 0, "policy", "Not allowed here.")
        return None


class CentreUnderTest:
    """The centre, without its web side."""

    def __init__(self, url: str, owner: Engine) -> None:
        self.database = Database(url)
        self.owner = owner
        self.exchange = Exchange(self.database, INSTANCE)
        self.policy = Everything(uuid4())
        self._devices: set[UUID] = set()

    def enrol(self, device: UUID) -> None:
        """A device that asks for the first time."""
        row = {
            "id": device,
            "user_id": self.policy.user,
            "name": "laptop",
            "last_op": 0,
            "app": "",
            "schema": 1,
            "enrolled_at": NOW,
            "trail_seq": 0,
            "trail_head": "",
        }
        self.database.run(
            lambda c: c.execute(upsert(DEVICE).values(row).on_conflict_do_nothing()),
            user=self.policy.user,
        )

    def sync(self, request: Request) -> Answer:
        """One request, over the wire format."""
        read = Request.read(unpack(pack(request)))
        device = UUID(read.device)
        self.enrol(device)
        sender = Sender(device, self.policy.user, f"user of {read.device[-8:]}")
        answer = self.exchange.answer(read, sender, self.policy, NOW)
        return Answer.read(unpack(pack(answer)))

    def rows(self) -> dict[tuple[str, UUID], CentralRow]:
        """All there is."""

        def read(connection: Connection) -> dict[tuple[str, UUID], CentralRow]:
            found = {}
            for kind, table in kinds():
                for row in connection.execute(select(table)).mappings():
                    name = row["entity"] if table is OTHER else kind
                    central = from_columns(name, row)
                    found[central.entity, UUID(central.id)] = central
            return found

        return self.database.read(read, user=self.policy.user)

    def empty(self) -> None:
        """As new."""
        names = ", ".join(f'"{table.name}"' for table in METADATA.sorted_tables)
        with self.owner.begin() as connection:
            connection.execute(text(f"truncate {names}"))

    def dump(self) -> dict[str, list[dict[str, Any]]]:
        """A backup."""
        with self.owner.connect() as connection:
            return {
                table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
                for table in METADATA.sorted_tables
            }

    def restore(self, dump: dict[str, list[dict[str, Any]]]) -> None:
        """Put a backup back."""
        self.empty()
        with self.owner.begin() as connection:
            for table in METADATA.sorted_tables:
                if dump[table.name]:
                    connection.execute(insert(table), dump[table.name])


class LaptopClock(StillClock):
    """Stands still, but no two laptops and no two starts of one give the same id twice."""

    def new_id(self) -> UUID:
        return uuid7(self.now(), secrets.token_bytes(10))


class Laptop:
    """One laptop."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store.open(folder, LaptopClock())

    @staticmethod
    def blank(folder: Path) -> Path:
        """A joined workspace to copy from: making one anew takes longer than a whole history."""
        store = Store.create(folder, LaptopClock())
        with store.settle() as session:
            session.add(Centre(id=1, address="https://centre.test", joined_at=NOW))
        store.close()
        return folder

    @classmethod
    def copy_of(cls, blank: Path, folder: Path) -> "Laptop":
        """A new laptop with a name of its own."""
        shutil.copytree(blank, folder)
        device = cls(folder)
        with device.store.settle() as session:
            device.store.rename_device(session)
        return device

    def close(self) -> None:
        self.store.close()

    def request(self, rows: int = 2500, ops: int = 2500) -> Request:
        with self.store.settle() as session:
            return next_request(session, self.store.device, rows=rows, ops=ops)

    def take(self, request: Request, answer: Answer) -> Taken:
        return take_in(self.store, request, answer, NOW)

    def view(self) -> dict[tuple[str, UUID], dict[str, Any]]:
        """Every row that the screens could show."""
        out: dict[tuple[str, UUID], dict[str, Any]] = {}
        with self.store.read() as session:
            for kind, table in mirror.TABLES.items():
                ids = list(session.scalars(select(table.c.id)))
                for row_id, values in mirror.read_rows(session, kind, ids).items():
                    out[kind, row_id] = told(values)
        return out

    def seqs(self) -> dict[tuple[str, UUID], int | None]:
        """How far each row is known to the centre."""
        with self.store.read() as session:
            return {
                (kind, row.id): row.seq
                for kind, table in mirror.TABLES.items()
                for row in session.execute(select(table.c.id, table.c.seq))
            }

    def states(self) -> list[str]:
        with self.store.read() as session:
            return list(session.scalars(select(OutboxOp.state).order_by(OutboxOp.id)))

    def write_vendor(self, scope: str, row_id: UUID, **values: Any) -> None:
        """Change a vendor, or make it."""
        with self.store.write(actor="auditor", action="edit") as session:
            row = session.get(Vendor, row_id)
            if row is None:
                row = Vendor(id=row_id, scope=scope, name=f"vendor {row_id}", code="", note="")
                session.add(row)
            for name, value in values.items():
                setattr(row, name, value)

    def vendor(self, row_id: UUID) -> dict[str, Any]:
        with self.store.read() as session:
            row = session.get(Vendor, row_id)
            if row is None:
                return {}
            return {
                "name": row.name,
                "code": row.code,
                "note": row.note,
                "deleted_at": row.deleted_at,
            }

    def unsent(self) -> Iterator[dict[str, Any]]:
        """What waits on this device and nowhere else."""
        with self.store.read() as session:
            query = select(OutboxOp.set).where(OutboxOp.state.in_(("pending", "sealed")))
            yield from session.scalars(query)

    def scopes(self) -> dict[str, tuple[int, str]]:
        with self.store.read() as session:
            return {c.scope: (c.seq, c.commit_id) for c in session.scalars(select(ScopeCursor))}


def told(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a reader is told: nothing and empty are one."""
    return {
        name: json.loads(json.dumps(value))
        for name, value in values.items()
        if value not in ("", [], None, False)
    }


def vendor_id(scope: str, number: int) -> UUID:
    """The same row on every device, as answers are."""
    return uuid5(NAMES, f"{scope}/{number}")


def shown_by(central: Mapping[tuple[str, UUID], CentralRow]) -> dict[tuple[str, UUID], Any]:
    """The centre's rows in the same words as ``Laptop.view``."""
    return {name: told(row.values) for name, row in central.items() if name[0] in RECORDS}
