"""A run of the sync over real stores and a real centre: what it brings, refuses, asks and keeps."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import create_engine, delete, insert, select, text

from audit_app.central.tables import RECORD_TABLES, SCOPE_MEMBER
from audit_app.changes import Kind
from audit_app.domain.records import RECORDS
from audit_app.domain.words import AuditState
from audit_app.errors import AuditError, NotAllowed, NotFound
from audit_app.services import build_services
from audit_app.sync import mirror
from audit_app.sync.checkpoint import Shown
from audit_app.sync.conflicts import Choice, ConflictsService
from audit_app.sync.engine import Report, SyncEngine, Unreachable
from audit_app.sync.protocol import Answer, Request, Status
from audit_app.sync.tray import TrayService
from db.base import BOOKKEEPING
from db.store import Store
from db.tables import Centre, Conflict, OutboxOp, Shadow, Staged, Vendor
from tests.builders import StillClock, World, a_site, a_small_template, an_audit
from tests.sync.fleet import INSTANCE, CentreUnderTest, Laptop, vendor_id

SCOPE = "vendor:a"


@dataclass
class Line:
    """The way to the centre: can be cut, and counts what went over it."""

    centre: CentreUnderTest
    cut: bool = False
    twist: Callable[[Answer], Answer] = lambda answer: answer
    requests: list[Request] = field(default_factory=list)

    def exchange(self, request: Request) -> Answer:
        self.requests.append(request)
        if self.cut:
            raise Unreachable("The central store did not answer.", "Nothing is lost.")
        return self.twist(self.centre.sync(request))


@dataclass
class Follower:
    """Notes what the engine told it."""

    seen: list[Shown] = field(default_factory=list)

    def quiet(self) -> AbstractContextManager[object]:
        return nullcontext()

    def after(self, shown: Shown) -> None:
        self.seen.append(shown)


@dataclass
class Office:
    """One laptop with its line and its engine."""

    laptop: Laptop
    line: Line
    follower: Follower
    engine: SyncEngine

    def sync(self, *, may_delete: bool = False) -> Report:
        return self.engine.run(may_delete=may_delete)

    @property
    def store(self) -> Store:
        return self.laptop.store


@pytest.fixture(scope="module")
def centre(database_url: str, owner_url: str) -> Iterator[CentreUnderTest]:
    owner = create_engine(owner_url.replace("postgresql://", "postgresql+psycopg://", 1))
    made = CentreUnderTest(database_url, owner)
    yield made
    made.database.close()
    owner.dispose()


@pytest.fixture
def offices(centre: CentreUnderTest, tmp_path: Path) -> Iterator[Callable[[str], Office]]:
    centre.empty()
    centre.policy.refuses = set()
    blank = Laptop.blank(tmp_path / "blank")
    opened: list[Laptop] = []

    def make(name: str) -> Office:
        laptop = Laptop.copy_of(blank, tmp_path / name)
        opened.append(laptop)
        line, follower = Line(centre), Follower()
        return Office(
            laptop, line, follower, SyncEngine(laptop.store, StillClock(), line, follower)
        )

    yield make
    for laptop in opened:
        laptop.close()


def waiting(office: Office) -> int:
    with office.store.read() as session:
        query = select(OutboxOp).where(OutboxOp.state.in_(("pending", "sealed")))
        return len(list(session.scalars(query)))


def test_records_and_tables_name_the_same_fields() -> None:
    for kind, record in RECORDS.items():
        table = mirror.TABLES[kind]
        columns = {column.name for column in table.columns} - BOOKKEEPING
        assert columns == set(record.fields), kind
        assert set(record.fields) <= {c.name for c in RECORD_TABLES[kind].columns}, kind
        for name, parent in record.parents.items():
            (key,) = table.c[name].foreign_keys
            assert key.column.table.name == parent


def test_what_one_writes_the_other_sees_after_both_synced(
    offices: Callable[[str], Office],
) -> None:
    ada, ben = offices("ada"), offices("ben")
    row = vendor_id(SCOPE, 1)
    ada.laptop.write_vendor(SCOPE, row, name="Nordwind", note="Two floors.")
    report = ada.sync()
    assert (report.sent, report.waiting, report.differs) == (1, 0, ())
    report = ben.sync()
    assert report.received == 1
    assert report.changes.ids(Kind.VENDOR) == {row}
    assert ben.laptop.vendor(row)["note"] == "Two floors."


def test_a_push_and_its_pull_are_one_request(offices: Callable[[str], Office]) -> None:
    ada = offices("ada")
    for number in range(5):
        ada.laptop.write_vendor(SCOPE, vendor_id(SCOPE, number), code=f"V{number}")
    ada.sync()
    first, *others = ada.line.requests
    assert len(first.ops) == 5
    assert not any(request.ops for request in others)
    ada.line.requests.clear()
    ada.sync()
    assert len(ada.line.requests) == 1, "an idle sync is one request"


def test_the_same_field_changed_twice_keeps_both_values(offices: Callable[[str], Office]) -> None:
    ada, ben = offices("ada"), offices("ben")
    row = vendor_id(SCOPE, 1)
    ada.laptop.write_vendor(SCOPE, row, code="V1")
    ada.sync()
    ben.sync()
    ada.laptop.write_vendor(SCOPE, row, name="Nordwind A")
    ben.laptop.write_vendor(SCOPE, row, name="Nordwind B")
    ada.sync()
    ben.sync()
    ada.sync()
    assert ada.laptop.vendor(row)["name"] == ben.laptop.vendor(row)["name"] == "Nordwind A"
    for office in (ada, ben):
        (conflict,) = ConflictsService(office.store, StillClock()).open()
        assert (conflict.central.value, conflict.candidate.value) == ("Nordwind A", "Nordwind B")
        assert conflict.base is not None
        assert conflict.base.value == f"vendor {row}"
        assert conflict.about == "Nordwind A"
        assert conflict.central.by != conflict.candidate.by


@pytest.mark.parametrize(
    ("choice", "name"),
    [(Choice.CENTRAL, "Nordwind A"), (Choice.CANDIDATE, "Nordwind B")],
)
def test_a_decision_reaches_everybody_and_can_be_taken_back(
    offices: Callable[[str], Office], choice: Choice, name: str
) -> None:
    ada, ben = offices("ada"), offices("ben")
    row = vendor_id(SCOPE, 1)
    ada.laptop.write_vendor(SCOPE, row, name="Nordwind A")
    ben.laptop.write_vendor(SCOPE, row, name="Nordwind B")
    ada.sync()
    ben.sync()
    service = ConflictsService(ben.store, StillClock())
    (conflict,) = service.open()
    settled = service.settle(conflict.id, choice=choice, actor="Ben")
    assert service.count() == 0
    ben.sync()
    ada.sync()
    assert ada.laptop.vendor(row)["name"] == name
    assert ConflictsService(ada.store, StillClock()).count() == 0
    service.undo(settled, actor="Ben")
    ben.sync()
    ada.sync()
    assert ada.laptop.vendor(row)["name"] == "Nordwind A"
    assert ConflictsService(ada.store, StillClock()).count() == 1


def test_two_notes_on_different_words_merge_by_themselves(
    offices: Callable[[str], Office],
) -> None:
    ada, ben = offices("ada"), offices("ben")
    row = vendor_id(SCOPE, 1)
    ada.laptop.write_vendor(SCOPE, row, note="The badge door was open at ten.")
    ada.sync()
    ben.sync()
    ada.laptop.write_vendor(SCOPE, row, note="The rear badge door was open at ten.")
    ben.laptop.write_vendor(SCOPE, row, note="The badge door was open at eleven.")
    ada.sync()
    ben.sync()
    ada.sync()
    for office in (ada, ben):
        assert office.laptop.vendor(row)["note"] == "The rear badge door was open at eleven."
        assert ConflictsService(office.store, StillClock()).count() == 0


def test_a_cut_line_loses_nothing_and_says_so(offices: Callable[[str], Office]) -> None:
    ada = offices("ada")
    ada.laptop.write_vendor(SCOPE, vendor_id(SCOPE, 1), code="V1")
    ada.line.cut = True
    with pytest.raises(Unreachable):
        ada.sync()
    assert waiting(ada) == 1
    with ada.store.read() as session:
        centre = session.scalars(select(Centre)).one()
        assert "did not answer" in centre.trouble
    ada.line.cut = False
    assert ada.sync().waiting == 0
    with ada.store.read() as session:
        assert session.scalars(select(Centre)).one().trouble == ""


def test_a_refused_change_leaves_the_screen_and_waits_with_its_values(
    offices: Callable[[str], Office], centre: CentreUnderTest
) -> None:
    ada = offices("ada")
    refused, other = vendor_id(SCOPE, 1), vendor_id(SCOPE, 2)
    centre.policy.refuses = {str(refused)}
    ada.laptop.write_vendor(SCOPE, refused, code="no")
    ada.laptop.write_vendor(SCOPE, other, code="yes")
    report = ada.sync()
    assert (report.refused, report.waiting) == (1, 0)
    assert ada.laptop.vendor(refused)["deleted_at"] is not None
    tray = TrayService(ada.store, StillClock())
    (row,) = tray.refused()
    assert row.values["code"] == "no"
    assert row.words == "Not allowed here."
    assert ada.laptop.vendor(other)["code"] == "yes"

    centre.policy.refuses = set()
    assert tray.send_again([row.id]) == 1
    assert ada.laptop.vendor(refused)["deleted_at"] is None
    assert ada.sync().refused == 0
    assert tray.refused() == ()
    assert str(refused) in {str(name[1]) for name in centre.rows()}


def test_a_refused_change_of_a_known_row_shows_what_the_centre_has(
    offices: Callable[[str], Office], centre: CentreUnderTest
) -> None:
    ada = offices("ada")
    row = vendor_id(SCOPE, 1)
    ada.laptop.write_vendor(SCOPE, row, name="Nordwind")
    ada.sync()
    centre.policy.refuses = {str(row)}
    ada.laptop.write_vendor(SCOPE, row, name="Suedwind")
    ada.sync()
    assert ada.laptop.vendor(row)["name"] == "Nordwind"
    tray = TrayService(ada.store, StillClock())
    tray.let_go([tray.refused()[0].id])
    assert tray.refused() == ()
    with ada.store.read() as session:
        assert session.scalars(select(Shadow)).all() == []


def test_a_mass_deletion_stops_and_asks(offices: Callable[[str], Office]) -> None:
    ada, ben = offices("ada"), offices("ben")
    rows = [vendor_id(SCOPE, number) for number in range(12)]
    for row in rows:
        ada.laptop.write_vendor(SCOPE, row, code="V")
    ada.sync()
    ben.sync()
    for row in rows[:8]:
        ada.laptop.write_vendor(SCOPE, row, deleted_at=StillClock().now())
    ada.sync()
    report = ben.sync()
    assert report.asks is not None
    assert (report.asks.rows, report.asks.of) == (8, 12)
    assert all(ben.laptop.vendor(row)["deleted_at"] is None for row in rows)
    assert ben.sync().asks is not None, "it goes on asking"
    assert ben.sync(may_delete=True).asks is None
    assert all(ben.laptop.vendor(row)["deleted_at"] is not None for row in rows[:8])


def test_few_deletions_are_not_asked_about(offices: Callable[[str], Office]) -> None:
    ada, ben = offices("ada"), offices("ben")
    rows = [vendor_id(SCOPE, number) for number in range(20)]
    for row in rows:
        ada.laptop.write_vendor(SCOPE, row, code="V")
    ada.sync()
    ben.sync()
    for row in rows[:4]:
        ada.laptop.write_vendor(SCOPE, row, deleted_at=StillClock().now())
    ada.sync()
    assert ben.sync().asks is None
    assert ben.laptop.vendor(rows[0])["deleted_at"] is not None


def test_a_restored_centre_gets_back_what_it_lost(
    offices: Callable[[str], Office], centre: CentreUnderTest
) -> None:
    ada, ben = offices("ada"), offices("ben")
    first, second = vendor_id(SCOPE, 1), vendor_id(SCOPE, 2)
    ada.laptop.write_vendor(SCOPE, first, code="before")
    ada.sync()
    ben.sync()
    backup = centre.dump()
    ada.laptop.write_vendor(SCOPE, second, code="after")
    ada.sync()
    ben.sync()
    centre.restore(backup)

    report = ben.sync()
    assert report.held == 1
    assert ben.laptop.vendor(second)["code"] == "after", "nothing is deleted here"
    ada.sync()
    ben.sync()
    assert {name[1] for name in centre.rows()} == {first, second}
    assert ben.laptop.view() == ada.laptop.view()


def test_rows_that_nobody_else_brings_back_can_be_sent_from_here(
    offices: Callable[[str], Office], centre: CentreUnderTest
) -> None:
    ada, ben = offices("ada"), offices("ben")
    row = vendor_id(SCOPE, 1)
    ada.laptop.write_vendor(SCOPE, vendor_id(SCOPE, 0), code="first")
    ada.sync()
    backup = centre.dump()
    ada.laptop.write_vendor(SCOPE, row, code="lost")
    ada.sync()
    ben.sync()
    centre.restore(backup)
    ben.sync()
    tray = TrayService(ben.store, StillClock())
    assert tray.held() == 1
    assert tray.send_held() == 1
    assert ben.sync().waiting == 0
    assert tray.held() == 0
    assert row in {name[1] for name in centre.rows()}


def test_a_row_that_got_lost_on_the_way_is_found_by_counting(
    offices: Callable[[str], Office],
) -> None:
    ada, ben = offices("ada"), offices("ben")
    for number in range(3):
        ada.laptop.write_vendor(SCOPE, vendor_id(SCOPE, number), code=f"V{number}")
    ada.sync()
    ben.line.twist = lambda answer: replace(answer, rows=answer.rows[1:])
    answered = ben.line.twist

    def only_once(answer: Answer) -> Answer:
        ben.line.twist = lambda other: other
        return answered(answer)

    ben.line.twist = only_once
    report = ben.sync()
    assert report.differs == ()
    assert ben.laptop.view() == ada.laptop.view()


def test_a_scope_taken_away_leaves_once_own_changes_are_out(
    offices: Callable[[str], Office], centre: CentreUnderTest
) -> None:
    ada = offices("ada")
    row, other = vendor_id(SCOPE, 1), vendor_id("vendor:b", 1)
    ada.laptop.write_vendor(SCOPE, row, code="V1")
    ada.laptop.write_vendor("vendor:b", other, code="V2")
    ada.sync()
    with centre.owner.begin() as connection:
        connection.execute(delete(SCOPE_MEMBER).where(SCOPE_MEMBER.c.scope == SCOPE))
    ada.sync()
    assert ada.laptop.vendor(row) == {}
    assert ada.laptop.vendor(other)["code"] == "V2"


def test_a_row_of_a_newer_program_waits_and_is_shown_later(
    offices: Callable[[str], Office], centre: CentreUnderTest
) -> None:
    ada, ben = offices("ada"), offices("ben")
    row = vendor_id(SCOPE, 1)
    ada.laptop.write_vendor(SCOPE, row, code="V1")
    with ada.store.settle() as session:
        op = session.scalars(select(OutboxOp)).one()
        op.set = {**op.set, "carbon_score": 7}
        session.add(
            OutboxOp(
                group="newer",
                scope=SCOPE,
                entity="carbon",
                row_id=vendor_id(SCOPE, 9),
                set={"grams": 3},
                state="pending",
                at=StillClock().now(),
            )
        )
    ada.sync()
    ben.sync()
    ben.laptop.write_vendor(SCOPE, row, code="V2")
    ben.sync()
    (central,) = (r for name, r in centre.rows().items() if name == ("vendor", row))
    assert central.values["carbon_score"] == 7, "an older client does not clear what it cannot see"
    assert central.values["code"] == "V2"
    with ben.store.read() as session:
        assert session.scalars(select(Vendor)).one().extra == {"carbon_score": 7}
        assert session.scalars(select(Staged)).one().entity == "carbon"


def test_another_centre_at_the_address_gets_nothing(
    offices: Callable[[str], Office], centre: CentreUnderTest
) -> None:
    ada = offices("ada")
    ada.laptop.write_vendor(SCOPE, vendor_id(SCOPE, 1), code="V1")
    with ada.store.settle() as session:
        session.scalars(select(Centre)).one().instance = "another"
    report = ada.sync()
    assert "another central store" in report.words
    assert waiting(ada) == 1
    assert centre.rows() == {}
    with ada.store.read() as session:
        assert session.scalars(select(Centre)).one().instance == "another" != INSTANCE


def test_a_revoked_device_is_told_and_keeps_its_work(
    offices: Callable[[str], Office], centre: CentreUnderTest
) -> None:
    ada = offices("ada")
    ada.sync()
    with centre.owner.begin() as connection:
        connection.execute(text("update device set revoked_at = now()"))
    ada.laptop.write_vendor(SCOPE, vendor_id(SCOPE, 1), code="V1")
    report = ada.sync()
    assert "no longer enrolled" in report.words
    assert waiting(ada) == 1


def test_a_workspace_without_a_centre_says_so(tmp_path: Path, centre: CentreUnderTest) -> None:
    store = Store.create(tmp_path / "alone", StillClock())
    engine = SyncEngine(store, StillClock(), Line(centre), Follower())
    with pytest.raises(NotFound, match="not joined"):
        engine.run()
    store.close()


def test_a_cancelled_run_keeps_what_was_exchanged(offices: Callable[[str], Office]) -> None:
    ada = offices("ada")
    ada.laptop.write_vendor(SCOPE, vendor_id(SCOPE, 1), code="V1")
    report = ada.engine.run(cancelled=lambda: len(ada.line.requests) >= 1)
    assert report.requests == 1
    assert waiting(ada) == 0


def test_two_who_answer_the_same_talk_without_an_end_are_stopped(
    offices: Callable[[str], Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = offices("ada")
    monkeypatch.setattr("audit_app.sync.engine.MOST_ROUNDS", 5)
    ada.line.twist = lambda answer: replace(answer, status=Status.NEED_FROM, need_from=1)
    ada.laptop.write_vendor(SCOPE, vendor_id(SCOPE, 1), code="V1")
    with pytest.raises(AuditError, match="did not come to an end"):
        ada.sync()


def test_the_engine_tells_what_changed_once_it_is_whole(offices: Callable[[str], Office]) -> None:
    ada, ben = offices("ada"), offices("ben")
    rows: set[UUID] = set()
    for number in range(4):
        rows.add(vendor_id(SCOPE, number))
        ada.laptop.write_vendor(SCOPE, vendor_id(SCOPE, number), code="V")
    ada.sync()
    ben.engine._rows = 1
    ben.sync()
    told = [shown.rows["vendor"] for shown in ben.follower.seen if shown.rows]
    assert told == [rows], "nothing is shown before the last page"


def test_conflicts_are_rows_like_any_other(offices: Callable[[str], Office]) -> None:
    ada, ben = offices("ada"), offices("ben")
    row = vendor_id(SCOPE, 1)
    ada.laptop.write_vendor(SCOPE, row, name="A")
    ben.laptop.write_vendor(SCOPE, row, name="B")
    ada.sync()
    ben.sync()
    with ben.store.read() as session:
        conflict = session.scalars(select(Conflict)).one()
        assert conflict.scope == SCOPE
        assert conflict.seq is not None


def test_a_conflict_cannot_sign_an_audit(offices: Callable[[str], Office]) -> None:
    ada = offices("ada")
    clock = StillClock()
    world = World(ada.laptop.folder, ada.store, build_services(ada.store, clock), clock)
    audit = an_audit(world, a_small_template(world), a_site(world))
    made = vendor_id(SCOPE, 77)
    with ada.store.settle() as session:
        session.execute(
            insert(Conflict).values(
                id=made,
                scope=f"audit:{audit}",
                entity="audit",
                row_id=audit,
                field="state",
                central=["open"],
                candidate=["signed"],
                status="open",
                created_at=clock.now(),
                changed_at=clock.now(),
            )
        )
    service = ConflictsService(ada.store, clock)
    with pytest.raises(NotAllowed, match="signed or reopened on its own page"):
        service.settle(made, choice=Choice.CANDIDATE, actor="Ada")
    assert world.services.visits.of_audit(audit).audits[0].state is AuditState.OPEN
    service.settle(made, choice=Choice.CENTRAL, actor="Ada")
    assert service.count() == 0
