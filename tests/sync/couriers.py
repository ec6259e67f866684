"""Laptops that never meet at a centre: packages go between them on a stick."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import select

from audit_app.services.following import Following
from audit_app.settings import AUDITOR
from audit_app.sync import mirror
from audit_app.sync.checkpoint import Shown
from audit_app.sync.package import Merged, PackagesService
from audit_app.sync.package_choice import Photos
from audit_app.sync.package_preview import Preview
from db.store import Store
from db.tables import Conflict, Vendor
from tests.builders import NOON, StillClock, World, a_world

PASSPHRASE = "seven dry towels"


class Nobody:
    """Nothing in memory hangs on the rows."""

    def quiet(self) -> AbstractContextManager[object]:
        return nullcontext()

    def after(self, shown: Shown) -> None:
        pass


@dataclass
class Courier:
    """One laptop, its name, and the stick."""

    name: str
    store: Store
    packages: PackagesService
    stick: Path
    count: int = 0

    def hands_over(self, visit_id: UUID | None = None, photos: Photos = Photos.ORIGINALS) -> Path:
        """A new package on the stick."""
        self.count += 1
        file = self.stick / f"{self.name}-{self.count}.onsite"
        self.packages.export(file, passphrase=PASSPHRASE, visit_id=visit_id, photos=photos)
        return file

    def sees(self, file: Path) -> Preview:
        return self.packages.preview(file, passphrase=PASSPHRASE)

    def takes(self, file: Path) -> Merged:
        return self.packages.merge(file, passphrase=PASSPHRASE)

    def write_vendor(self, row_id: UUID, **values: Any) -> None:
        """Change a vendor, or make it."""
        with self.store.write(actor=self.name, action="edit") as session:
            row = session.get(Vendor, row_id)
            if row is None:
                row = Vendor(id=row_id, scope=f"vendor:{row_id}", name="", code="", note="")
                session.add(row)
            for name, value in values.items():
                setattr(row, name, value)

    def vendor(self, row_id: UUID, name: str) -> Any:
        with self.store.read() as session:
            return getattr(session.get_one(Vendor, row_id), name)

    def conflicts(self) -> list[tuple[str, Any, Any, str]]:
        """Field, what stands, what does not, status."""
        with self.store.read() as session:
            return [
                (row.field, row.central[0], row.candidate[0], row.status)
                for row in session.scalars(select(Conflict).order_by(Conflict.field))
            ]

    def rows(self) -> dict[tuple[str, UUID], dict[str, Any]]:
        """Every synced row but conflicts, as plain values; nothing that is empty."""
        found = {}
        with self.store.read() as session:
            for kind, table in mirror.TABLES.items():
                if kind == "conflict":
                    continue
                ids = list(session.scalars(select(table.c.id)))
                for row_id, values in mirror.read_rows(session, kind, ids).items():
                    found[kind, row_id] = {
                        name: value for name, value in values.items() if value not in ("", [])
                    }
        return found


def a_courier(name: str, store: Store, stick: Path) -> Courier:
    """A laptop without services."""
    return Courier(name, store, PackagesService(store, store.clock, Nobody(), lambda: name), stick)


def a_travelling_world(name: str, folder: Path, stick: Path, number: int) -> tuple[World, Courier]:
    """A laptop with all its services; ``number`` tells its ids from the others'."""
    world = a_world(folder / name, StillClock(NOON + timedelta(seconds=number)))
    world.services.settings.put({AUDITOR.key: name})
    auditor: Callable[[], str] = lambda: world.services.settings.auditor  # noqa: E731
    service = PackagesService(
        world.store, world.clock, Following(world.services.checklist), auditor
    )
    return world, Courier(name, world.store, service, stick)
