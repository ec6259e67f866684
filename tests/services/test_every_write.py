"""Whatever changes the workspace is in the trail and in the outbox, in the same transaction."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, insert, select

from audit_app.changes import Changes
from audit_app.domain.words import ActionState, Grade, Mark
from audit_app.services import Services
from audit_app.settings import THEME
from audit_app.sync.conflicts import Choice
from db.connect import connect
from db.tables import Conflict, OutboxOp, TrailEntry
from tests.builders import (
    SMALL_FORM,
    STROKES,
    World,
    a_photo,
    a_site,
    a_small_template,
    a_spreadsheet,
    a_vendor,
    an_audit,
    answer,
    question,
)

REPEATED = (
    SMALL_FORM.replace("begin_group       | B ", "begin_repeat      | B ")
    .replace(
        "| end_group         |          |                            |        |          |"
        "          |            |        |\n| choices",
        "| end_repeat        |          |                            |        |          |"
        "          |            |        |\n| choices",
    )
    .replace("small-form", "repeated-form")
)


@dataclass
class Stage:
    """An audit under way with a finding, an action and a photo."""

    world: World
    audit: UUID
    finding: UUID
    action: UUID
    photo: UUID
    ref: str

    @property
    def do(self) -> Services:
        return self.world.services

    def signed(self) -> "Stage":
        """The same with the audit signed off."""
        self.do.sign_off.sign(self.audit, party="auditor", name="Lena", strokes=STROKES)
        self.do.sign_off.sign_off(self.audit)
        return self

    @property
    def visit(self) -> UUID:
        return self.do.visits.of_audit(self.audit).id

    @property
    def site(self) -> UUID:
        return self.do.visits.of_audit(self.audit).site_id

    @property
    def vendor(self) -> UUID:
        return self.do.visits.of_audit(self.audit).vendor_id


@pytest.fixture
def stage(world: World) -> Stage:
    audit_id = an_audit(world, a_small_template(world, REPEATED))
    ref = question(world.services.checklist.open(audit_id), "A1").ref
    opened = answer(world, audit_id, "A2", "MIN").opened
    assert opened is not None
    world.services.findings.edit(opened.id, statement="Paper on four desks.")
    action = world.services.actions.add(opened.id, text="Lock the cupboard").id
    photo = world.services.evidence.add_photo(audit_id, data=a_photo(), name="a.jpg", ref=ref)
    return Stage(world, audit_id, opened.id, action, photo.row.id, ref)


def field(stage: Stage) -> str:
    return question(stage.do.checklist.open(stage.audit), "B1").fields[0].ref


def conflict(stage: Stage) -> UUID:
    """A vendor's note that a colleague changed without seeing ours."""
    made = stage.world.clock.new_id()
    with stage.world.store.settle() as session:
        moment = stage.world.clock.now()
        session.execute(
            insert(Conflict).values(
                id=made,
                scope=f"vendor:{stage.vendor}",
                entity="vendor",
                row_id=stage.vendor,
                field="note",
                base=[None],
                central=["Two floors."],
                candidate=["Three floors."],
                status="open",
                created_at=moment,
                changed_at=moment,
            )
        )
    return made


def contact(stage: Stage) -> UUID:
    return stage.do.vendors.save_contact(vendor_id=stage.vendor, name="Omar").id


def planned(stage: Stage) -> UUID:
    return stage.do.visits.plan(
        site_id=stage.site,
        starts=stage.world.clock.now().date() + timedelta(days=30),
        ends=stage.world.clock.now().date() + timedelta(days=31),
        template_version_ids=[stage.do.templates.listed()[0].id],
    ).id


def cancelled(stage: Stage) -> UUID:
    visit_id = planned(stage)
    stage.do.visits.cancel(visit_id)
    return visit_id


def sign(stage: Stage) -> UUID:
    return stage.do.sign_off.sign(stage.audit, party="auditor", name="Lena", strokes=STROKES).id


def repeated(stage: Stage) -> str:
    stage.do.checklist.add_repeat(stage.audit, section="/data/B")
    return stage.do.checklist.open(stage.audit).sections[-1].code


def undone(stage: Stage) -> None:
    answer(stage.world, stage.audit, "A1", "C")
    stage.do.checklist.undo(stage.audit)


def binned(stage: Stage) -> UUID:
    stage.do.evidence.remove(stage.photo)
    return stage.photo


def another_template(stage: Stage) -> UUID:
    return a_small_template(stage.world)


Act = Callable[[Stage], object]
Prepare = Callable[[Stage], object]


def issue(stage: Stage) -> None:
    stage.do.reports.issued(
        stage.audit, file=Path("r.pdf"), sha256="0" * 64, pages=3, size=9, language="en"
    )


def issued(stage: Stage) -> None:
    issue(stage.signed())


def nothing(_stage: Stage) -> object:
    return None


WRITES: dict[str, tuple[Prepare, Callable[[Stage, Any], object]]] = {
    "vendors.save_vendor": (nothing, lambda s, _: a_vendor(s.world, "Atlas")),
    "vendors.save_site": (nothing, lambda s, _: a_site(s.world, s.vendor, name="Cairo")),
    "vendors.save_contact": (nothing, lambda s, _: contact(s)),
    "vendors.remove_contact": (contact, lambda s, made: s.do.vendors.remove_contact(made)),
    "visits.plan": (nothing, lambda s, _: planned(s)),
    "visits.add_checklist": (
        another_template,
        lambda s, made: s.do.visits.add_checklist(s.visit, template_version_id=made),
    ),
    "visits.start": (planned, lambda s, made: s.do.visits.start(made)),
    "visits.cancel": (planned, lambda s, made: s.do.visits.cancel(made)),
    "visits.restore": (cancelled, lambda s, made: s.do.visits.restore(made)),
    "visits.close": (issued, lambda s, _: s.do.visits.close(s.visit)),
    "visits.change": (nothing, lambda s, _: s.do.visits.change(s.visit, purpose="Full scope")),
    "visits.duplicate_last": (
        nothing,
        lambda s, _: s.do.visits.duplicate_last(
            s.site, starts=s.world.clock.now().date() + timedelta(days=90)
        ),
    ),
    "checklist.answer": (nothing, lambda s, _: answer(s.world, s.audit, "A1", "C")),
    "checklist.measure": (
        nothing,
        lambda s, _: s.do.checklist.measure(s.audit, field_ref=field(s), value="7"),
    ),
    "checklist.mark": (
        nothing,
        lambda s, _: s.do.checklist.mark(s.audit, ref=s.ref, mark=Mark.NOT_APPLICABLE),
    ),
    "checklist.note": (
        nothing,
        lambda s, _: s.do.checklist.note(s.audit, ref=s.ref, text="Walked at 09:10."),
    ),
    "checklist.flag": (nothing, lambda s, _: s.do.checklist.flag(s.audit, ref=s.ref, on=True)),
    "checklist.skip": (nothing, lambda s, _: s.do.checklist.skip(s.audit, ref=s.ref, on=True)),
    "checklist.mark_rest": (
        nothing,
        lambda s, _: s.do.checklist.mark_rest(s.audit, section="A", selected="C"),
    ),
    "checklist.add_repeat": (
        nothing,
        lambda s, _: s.do.checklist.add_repeat(s.audit, section="/data/B"),
    ),
    "checklist.remove_repeat": (
        repeated,
        lambda s, made: s.do.checklist.remove_repeat(s.audit, section=made),
    ),
    "checklist.set_language": (
        nothing,
        lambda s, _: s.do.checklist.set_language(s.audit, language="English (en)"),
    ),
    "checklist.undo": (
        lambda s: answer(s.world, s.audit, "A1", "C"),
        lambda s, _: s.do.checklist.undo(s.audit),
    ),
    "checklist.redo": (undone, lambda s, _: s.do.checklist.redo(s.audit)),
    "evidence.add_photo": (
        nothing,
        lambda s, _: s.do.evidence.add_photo(
            s.audit, data=a_photo(seed=2), name="b.jpg", ref=s.ref
        ),
    ),
    "evidence.add_file": (
        nothing,
        lambda s, _: s.do.evidence.add_file(s.audit, data=b"%PDF-x", name="x.pdf", ref=s.ref),
    ),
    "evidence.caption": (nothing, lambda s, _: s.do.evidence.caption(s.photo, text="Side door")),
    "evidence.remove": (nothing, lambda s, _: s.do.evidence.remove(s.photo)),
    "evidence.restore": (binned, lambda s, made: s.do.evidence.restore(made)),
    "findings.open": (
        nothing,
        lambda s, _: s.do.findings.open(s.audit, grade=Grade.OFI, title="Noise in row D"),
    ),
    "findings.edit": (nothing, lambda s, _: s.do.findings.edit(s.finding, cause="No owner.")),
    "findings.regrade": (
        nothing,
        lambda s, _: s.do.findings.regrade(s.finding, grade=Grade.MAJOR, reason="harm"),
    ),
    "findings.merge": (
        lambda s: s.do.findings.open(s.audit, grade=Grade.OFI, title="Noise in row D").id,
        lambda s, made: s.do.findings.merge(made, into=s.finding),
    ),
    "findings.acknowledge": (
        lambda s: s.signed(),
        lambda s, _: s.do.findings.acknowledge(s.finding),
    ),
    "findings.dispute": (
        lambda s: s.signed(),
        lambda s, _: s.do.findings.dispute(s.finding, dissent="The lockers are the landlord's."),
    ),
    "findings.close": (
        lambda s: s.do.findings.acknowledge(s.signed().finding),
        lambda s, _: s.do.findings.close(s.finding, note="Seen."),
    ),
    "findings.void": (
        lambda s: s.signed(),
        lambda s, _: s.do.findings.void(s.finding, reason="Wrong queue."),
    ),
    "actions.add": (nothing, lambda s, _: s.do.actions.add(s.finding, text="Brief the guards")),
    "actions.edit": (nothing, lambda s, _: s.do.actions.edit(s.action, owner="Marek")),
    "actions.move": (
        nothing,
        lambda s, _: s.do.actions.move(s.action, state=ActionState.IMPLEMENTED, proof="Photo"),
    ),
    "actions.remove": (nothing, lambda s, _: s.do.actions.remove(s.action)),
    "sign_off.sign": (nothing, lambda s, _: sign(s)),
    "sign_off.unsign": (sign, lambda s, made: s.do.sign_off.unsign(made)),
    "sign_off.sign_off": (sign, lambda s, _: s.do.sign_off.sign_off(s.audit)),
    "sign_off.reopen": (
        lambda s: s.signed(),
        lambda s, _: s.do.sign_off.reopen(s.audit, reason="A record came late."),
    ),
    "templates.import_file": (nothing, lambda s, _: another_template(s)),
    "templates.keep": (
        lambda s: s.do.templates.check(a_spreadsheet(), "small.xlsx"),
        lambda s, made: s.do.templates.keep(made, a_spreadsheet(), "small.xlsx"),
    ),
    "reports.issued": (
        lambda s: s.signed(),
        lambda s, _: issue(s),
    ),
    "sync.settle": (
        conflict,
        lambda s, made: s.do.sync.settle(made, choice=Choice.CANDIDATE),
    ),
    "sync.undo": (
        lambda s: s.do.sync.settle(conflict(s), choice=Choice.CANDIDATE),
        lambda s, settled: s.do.sync.undo(settled),
    ),
}
"""Each way to change the workspace, with what must stand before."""

LOCAL = {
    "settings.put": "choices of this device; they never leave it",
    "templates.import_shipped": "many imports, each of which is one",
    "workspace.back_up": "a copy of everything",
    "workspace.set_passphrase": "opens the vault; the database is not touched",
    "workspace.new_recovery_code": "opens the vault; the database is not touched",
    "checklist.forget": "memory only",
    "checklist.refresh": "a read in the form of a step",
    "checklist.renew": "memory only",
    "packages.merge": "held to the same in tests/sync, with a real package",
    "packages.write": "writes a file for another laptop",
    "sync.join": "this device's account; what the centre says is in its own history",
    "sync.sign_in": "this device's account",
    "sync.leave": "this device's account",
    "sync.run": "what others changed; their devices' trails tell of it",
    "sync.send_again": "the same change once more; it is in the trail already",
    "sync.let_go": "the queue of this device; the change is in the trail already",
    "sync.send_held": "what is here already, sent again",
    "unsaved.do": "one of the checklist's own steps, each of which is one",
    "unsaved.keep": "the recovery file of this device",
}
"""What changes nothing that travels, and why."""


def recorded(world: World) -> tuple[int, list[str]]:
    """Entries in the trail, and what is on its way in the outbox."""
    with world.store.read() as session:
        trail = session.scalar(select(func.count()).select_from(TrailEntry)) or 0
        ops = session.execute(select(OutboxOp.id, OutboxOp.set)).all()
    return trail, [f"{number}: {fields}" for number, fields in ops]


def assert_recorded(world: World, act: Callable[[], object]) -> None:
    before = recorded(world)
    act()
    after = recorded(world)
    assert after[0] > before[0], "nothing came into the trail"
    assert after[1] != before[1], "nothing came into the outbox"


@pytest.mark.parametrize("method", WRITES)
def test_every_write_is_in_the_trail_and_in_the_outbox(stage: Stage, method: str) -> None:
    prepare, act = WRITES[method]
    made = prepare(stage)
    assert_recorded(stage.world, lambda: act(stage, made))


def test_a_change_behind_the_services_is_in_neither(stage: Stage) -> None:
    def forge() -> None:
        connection = connect(stage.world.store.path, stage.world.store.key())
        connection.execute("UPDATE answer SET note = 'forged'")
        connection.commit()
        connection.close()

    with pytest.raises(AssertionError, match="nothing came into the trail"):
        assert_recorded(stage.world, forge)


def test_what_stays_on_the_device_is_in_neither(stage: Stage) -> None:
    before = recorded(stage.world)
    stage.do.settings.put({THEME.key: "dark"})
    assert recorded(stage.world) == before


def test_no_method_that_changes_something_is_forgotten_here() -> None:
    """A method that gives back what it changed, or nothing at all, is a write."""
    writes = set()
    for service in fields(Services):
        kind = service.type
        assert isinstance(kind, type)
        for name in dir(kind):
            member = getattr(kind, name)
            given = getattr(member, "__annotations__", {}).get("return", "nothing")
            if not name.startswith("_") and callable(member) and _is_write(given):
                writes.add(f"{service.name}.{name}")
    assert writes - set(WRITES) - set(LOCAL) == set()
    assert {"checklist.answer", "visits.plan", "sign_off.sign_off"} <= writes


def _is_write(given: object) -> bool:
    """Whether this is a result with Changes, or None."""
    kinds = [given, *getattr(given, "__args__", ())]
    return given is None or any(
        getattr(kind, "__annotations__", {}).get("changes") is Changes for kind in kinds
    )
