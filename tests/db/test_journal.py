"""Every change leaves a trail entry and an op in its own transaction; nothing goes round that."""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, event, func, insert, select, text, update
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from audit_app.errors import StoreError
from db import journal
from db.journal import chain
from db.store import Store, WriteSession
from db.tables import OutboxOp, Shadow, TrailEntry, Vendor
from tests.builders import a_store, save_vendor, vendor_names


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = a_store(tmp_path)
    yield made
    made.close()


def count(store: Store, table: type[TrailEntry] | type[OutboxOp]) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_every_change_leaves_an_entry_and_an_op(store: Store) -> None:
    vendor_id = save_vendor(store, "One")
    save_vendor(store, "Two", vendor_id)
    assert count(store, TrailEntry) == 2
    with store.read() as session:
        (op,) = session.scalars(select(OutboxOp)).all()
        assert op.set["name"] == "Two"
        last = session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc())).first()
        assert last is not None
        assert '"old":{"name":"One"}' in last.body
        assert '"new":{"name":"Two"}' in last.body
        assert '"actor":"Lena"' in last.body


def test_an_op_of_a_sent_row_waits_apart_from_the_one_under_way(store: Store) -> None:
    vendor_id = save_vendor(store, "One")
    with store.write(actor="Lena", action="seal") as session:
        sealed = session.scalars(select(OutboxOp)).one()
        sealed.no, sealed.state = 1, "sealed"
    save_vendor(store, "Two", vendor_id)
    with store.read() as session:
        states = [(op.state, op.set["name"]) for op in session.scalars(select(OutboxOp))]
    assert states == [("sealed", "One"), ("pending", "Two")]


def test_a_change_to_the_same_value_leaves_nothing(store: Store) -> None:
    vendor_id = save_vendor(store, "One")
    save_vendor(store, "One", vendor_id)
    assert count(store, TrailEntry) == 1


def _orm(statement: Any) -> Callable[[Session, UUID], object]:
    return lambda session, _id: session.execute(statement)


def _bulk_mappings(session: Session, _id: UUID) -> None:
    row = {"id": UUID(int=9), "scope": "v", "code": "N", "name": "x", "extra": {}}
    session.bulk_insert_mappings(Vendor, [row])


def _bulk_object(session: Session, vendor_id: UUID) -> None:
    vendor = session.get_one(Vendor, vendor_id)
    vendor.name = "x"
    session.bulk_save_objects([vendor])


def _raw(session: Session, _id: UUID) -> object:
    return session.connection().exec_driver_sql("UPDATE OR REPLACE \"vendor\" SET name = 'x'")


WAYS_ROUND = {
    "orm update": _orm(update(Vendor).values(name="x")),
    "orm delete": _orm(delete(Vendor)),
    "orm insert": _orm(insert(Vendor).values(id=UUID(int=9), name="x")),
    "table update": _orm(update(Vendor.__table__).values(name="x")),  # type: ignore[arg-type]
    "table delete": _orm(delete(Vendor.__table__)),  # type: ignore[arg-type]
    "text update": _orm(text("update  vendor set name = 'x'")),
    "text in words around": _orm(text("WITH a AS (SELECT 1) UPDATE vendor SET name = 'x'")),
    "text replace": _orm(text("REPLACE INTO vendor (id) SELECT id FROM vendor")),
    "text insert": _orm(text("INSERT OR IGNORE INTO vendor (id) VALUES (x'00')")),
    "bulk mappings": _bulk_mappings,
    "bulk objects": _bulk_object,
    "driver": _raw,
}


@pytest.mark.parametrize("way", WAYS_ROUND)
def test_no_statement_goes_round_the_trail(store: Store, way: str) -> None:
    vendor_id = save_vendor(store, "One")
    with (
        pytest.raises(RuntimeError, match="row by row"),
        store.write(actor="Lena", action="go round") as session,
    ):
        WAYS_ROUND[way](session, vendor_id)
    assert vendor_names(store) == ["One"]
    assert count(store, TrailEntry) == 1


def test_without_the_guard_a_statement_would_go_round(store: Store) -> None:
    """The control of the test above: the statements themselves do work."""
    save_vendor(store, "One")
    with store.write(actor="Lena", action="go round") as session:
        session.connection().info[journal._FLUSHING] = True
        session.execute(text("update  vendor set name = 'x'"))
    assert vendor_names(store) == ["x"]
    assert count(store, TrailEntry) == 1


def test_a_flush_opens_the_way_for_itself_only(store: Store) -> None:
    with (
        pytest.raises(RuntimeError, match="row by row"),
        store.write(actor="Lena", action="save and go round") as session,
    ):
        session.add(Vendor(id=store.clock.new_id(), scope="v", code="N", name="x"))
        session.flush()
        session.execute(text("UPDATE vendor SET name = 'y'"))
    assert vendor_names(store) == []


def test_without_the_listener_nothing_is_written(store: Store) -> None:
    event.remove(WriteSession, "before_flush", journal._before_flush)
    try:
        with (
            pytest.raises((RuntimeError, DatabaseError)),
            store.write(actor="Lena", action="save vendor") as session,
        ):
            session.add(Vendor(id=store.clock.new_id(), scope="v", code="N", name="silent"))
    finally:
        event.listen(WriteSession, "before_flush", journal._before_flush)
    assert vendor_names(store) == []
    assert count(store, TrailEntry) == 0


def test_a_session_that_names_nobody_cannot_write(store: Store) -> None:
    with (
        pytest.raises(RuntimeError, match=r"Store\.write"),
        store._writes() as session,
        session.begin(),
    ):
        session.add(Vendor(id=store.clock.new_id(), scope="v", code="N", name="x"))
    assert vendor_names(store) == []


def test_a_row_is_never_removed(store: Store) -> None:
    vendor_id = save_vendor(store, "One")
    with (
        pytest.raises(RuntimeError, match="never removed"),
        store.write(actor="Lena", action="remove") as session,
    ):
        session.delete(session.get_one(Vendor, vendor_id))
    assert vendor_names(store) == ["One"]


@pytest.mark.parametrize("statement", ["UPDATE trail SET body = 'x'", "DELETE FROM trail"])
def test_the_trail_cannot_be_rewritten(store: Store, statement: str) -> None:
    save_vendor(store, "One")
    with (
        pytest.raises(DatabaseError, match="append-only"),
        store.write(actor="Lena", action="forge") as session,
    ):
        session.execute(text(statement))


def test_the_chain_is_that_of_the_specification() -> None:
    inner = hashlib.sha256(b"\x00" + b"{}").digest()
    assert chain(b"p" * 32, "{}") == hashlib.sha256(b"\x01" + b"p" * 32 + inner).digest()


def test_a_disk_error_leaves_the_next_step_a_new_connection(store: Store) -> None:
    save_vendor(store, "One")
    before = store._writer.pool
    with (
        pytest.raises(StoreError, match="read-only"),
        store.write(actor="Lena", action="save vendor") as session,
    ):
        session.connection().exec_driver_sql("PRAGMA query_only=1")
        session.add(Vendor(id=store.clock.new_id(), scope="v", code="N", name="x"))
    assert store._writer.pool is not before
    save_vendor(store, "Two")
    assert vendor_names(store) == ["One", "Two"]


def test_a_field_of_a_newer_version_that_changes_travels_like_any_other(store: Store) -> None:
    vendor_id = save_vendor(store, "One")
    with store.write(actor="Lena", action="merge") as session:
        session.get_one(Vendor, vendor_id).extra = {"rank": "gold"}
    with store.read() as session:
        (op,) = session.scalars(select(OutboxOp)).all()
        last = session.scalars(select(TrailEntry).order_by(TrailEntry.seq.desc())).first()
    assert (op.set["rank"], op.set["name"]) == ("gold", "One")
    assert last is not None
    assert '"new":{"rank":"gold"}' in last.body
    assert '"old":{"rank":null}' in last.body


def test_what_the_centre_said_is_put_aside_with_the_fields_of_a_newer_version(
    store: Store,
) -> None:
    vendor_id = save_vendor(store, "One")
    with store.settle() as session:
        session.execute(delete(OutboxOp))
        row = session.get_one(Vendor, vendor_id)
        row.seq, row.extra = 4, {"rank": "gold"}
    save_vendor(store, "Two", vendor_id)
    with store.read() as session:
        shadow = session.scalars(select(Shadow)).one()
    assert (shadow.fields["name"], shadow.fields["rank"]) == ("One", "gold")
