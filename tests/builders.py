"""Builders: the shortest way to a workspace, a visit, an audit, an answer."""

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from openpyxl import Workbook
from PIL import Image, ImageDraw
from sqlalchemy import select

from audit_app.clock import uuid7
from audit_app.services import Services, build_services
from audit_app.services.checklist_rows import AuditView, QuestionRow, Saved
from db.store import Store
from db.tables import Vendor
from resources import path

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


class StillClock:
    """A clock that stands still until told, with ids that count up."""

    def __init__(self, now: datetime = NOON) -> None:
        self._now = now
        self._count = 0

    def now(self) -> datetime:
        return self._now

    def new_id(self) -> UUID:
        self._count += 1
        return uuid7(self._now, self._count.to_bytes(10, "big"))

    def go_on(self, **delta: float) -> None:
        """Move on by a timedelta's keywords."""
        self._now += timedelta(**delta)


SMALL_FORM = """
| survey |                   |          |                            |        |          |          |            |        |
|        | type              | name     | label                      | weight | critical | evidence | score_kind | target |
|        | begin_group       | A        | Floor                      | 60     |          |          |            |        |
|        | select_one conf   | A1       | Is the door locked?        | 2      |          | always   |            |        |
|        | select_one conf   | A2       | Is the floor free of paper? | 1     |          |          |            |        |
|        | select_one conf   | A3       | Is the alarm answered?     | 3      | yes      |          |            |        |
|        | end_group         |          |                            |        |          |          |            |        |
|        | begin_group       | B        | People                     | 40     |          |          |            |        |
|        | integer           | B1       | How many leaders?          | 1      |          |          |            | 5      |
|        | text              | B2       | What stood out?            | 0      |          |          |            |        |
|        | end_group         |          |                            |        |          |          |            |        |
| choices |           |      |                 |       |         |         |          |                  |
|         | list_name | name | label           | score | finding | tone    | excludes | comment_required |
|         | conf      | C    | Conforms        | 1     |         | good    |          |                  |
|         | conf      | MIN  | Minor           | 0.5   | minor   | bad     |          |                  |
|         | conf      | MAJ  | Major           | 0     | major   | bad     |          |                  |
|         | conf      | NA   | Not applicable  |       |         | neutral | yes      | yes              |
| settings |            |            |         |
|          | form_title | form_id    | version |
|          | Small form | small-form | 1       |
"""
"""A checklist of five questions in two sections, as tables."""


def a_spreadsheet(tables: str = SMALL_FORM) -> bytes:
    """The bytes of an .xlsx file with these tables as its sheets."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = None
    for line in filter(None, map(str.strip, tables.splitlines())):
        name, *cells = (cell.strip() for cell in line.strip("|").split("|"))
        if name:
            sheet = book.create_sheet(name)
        elif sheet is not None:
            sheet.append([cell or None for cell in cells])
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


@dataclass
class World:
    """An open workspace with its services and its clock."""

    folder: Path
    store: Store
    services: Services
    clock: StillClock

    def close(self) -> None:
        self.store.close()

    def reopened(self) -> "World":
        """The same workspace as after a restart."""
        self.store.close()
        return World(self.folder, *_opened(self.folder, self.clock), self.clock)


def _opened(folder: Path, clock: StillClock) -> tuple[Store, Services]:
    store = Store.open(folder, clock)
    return store, build_services(store, clock)


def a_world(folder: Path, clock: StillClock | None = None) -> World:
    """A new workspace in the folder."""
    clock = clock or StillClock()
    store = Store.create(folder, clock)
    return World(folder, store, build_services(store, clock), clock)


def a_store(folder: Path, clock: StillClock | None = None) -> Store:
    """A new store without services."""
    return Store.create(folder, clock or StillClock())


def save_vendor(store: Store, name: str, vendor_id: UUID | None = None) -> UUID:
    """One step of the store itself: a vendor is made, or named anew."""
    with store.write(actor="Lena", action="save vendor") as session:
        vendor = session.get(Vendor, vendor_id) if vendor_id else None
        if vendor is None:
            vendor = Vendor(id=store.clock.new_id(), scope="vendor:1", code="N")
            session.add(vendor)
        vendor.name = name
    return vendor.id


def vendor_names(store: Store) -> list[str]:
    """What the store holds, in the order it came."""
    with store.read() as session:
        return list(session.scalars(select(Vendor.name).order_by(Vendor.id)))


def a_vendor(world: World, name: str = "Nordwind") -> UUID:
    return world.services.vendors.save_vendor(name=name).id


def a_site(world: World, vendor_id: UUID | None = None, **fields: Any) -> UUID:
    values: dict[str, Any] = {
        "name": "Warsaw",
        "country": "PL",
        "time_zone": "Europe/Warsaw",
        "streams": ("merchant", "product", "content", "live"),
        "markets": ("DE", "FR", "GB"),
        "shared_markets": True,
        "ai_assist": True,
    } | fields
    return world.services.vendors.save_site(
        vendor_id=vendor_id or a_vendor(world),
        **values,
    ).id


def a_template(world: World, checklist: str = "general-vendor-site") -> UUID:
    """One of the shipped checklists, imported."""
    file = path("checklists", f"{checklist}.xlsx")
    imported = world.services.templates.import_file(file.read_bytes(), file.name)
    assert imported.version_id is not None, imported.result.problems
    return imported.version_id


def a_small_template(world: World, tables: str = SMALL_FORM) -> UUID:
    """The small checklist, imported."""
    imported = world.services.templates.import_file(a_spreadsheet(tables), "small.xlsx")
    assert imported.version_id is not None, imported.result.problems
    return imported.version_id


def an_audit(
    world: World,
    template: UUID | None = None,
    site: UUID | None = None,
    starts: date | None = None,
) -> UUID:
    """An audit under way."""
    starts = starts or world.clock.now().date()
    visit_id = world.services.visits.plan(
        site_id=site or a_site(world),
        starts=starts,
        ends=starts + timedelta(days=1),
        template_version_ids=[template or a_template(world)],
    ).id
    world.services.visits.start(visit_id)
    return world.services.visits.view(visit_id).audits[0].id


def question(view: AuditView, code: str) -> QuestionRow:
    """The question with this code."""
    return next(row for row in view.questions if row.code == code)


def answer(world: World, audit_id: UUID, code: str, name: str) -> Saved:
    """Give a choice by the question's code."""
    row = question(world.services.checklist.open(audit_id), code)
    return world.services.checklist.answer(audit_id, ref=row.ref, selected=(name,))


def a_photo(width: int = 800, height: int = 600, seed: int = 1) -> bytes:
    """JPEG bytes of a plain picture."""
    image = Image.new("RGB", (width, height), (40 * seed % 255, 90, 140))
    ImageDraw.Draw(image).rectangle((width // 4, height // 4, width // 2, height // 2), "#F6DE5B")
    data = io.BytesIO()
    image.save(data, "JPEG", quality=88)
    return data.getvalue()


STROKES = [[(0.1, 0.5), (0.2, 0.3), (0.3, 0.6), (0.4, 0.4), (0.5, 0.55), (0.7, 0.5)]]
