"""Random histories of real devices and a real centre: nothing is lost, and all agree in the end.

The rules are the invariants of SYNC 3: CONVERGE, CURSOR-COMPLETE, NO-SILENT-LOSS, EXACTLY-ONCE,
EDIT-BEATS-DELETE, CHECKPOINT, FORK-SAFE, ROLLBACK-SAFE, NEVER-STUCK.
"""

import copy
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import create_engine, select

from audit_app.central.tables import HISTORY
from audit_app.sync.protocol import Request
from tests.sync.fleet import CentreUnderTest, Laptop, shown_by, vendor_id

SCOPES = ("vendor:a", "vendor:b")
DEVICES = 3
FIELDS = ("name", "code")
HISTORIES = int(os.environ.get("ONSITE_HISTORIES", "50"))
STEPS = int(os.environ.get("ONSITE_STEPS", "30"))

devices = st.integers(0, DEVICES - 1)
scopes = st.sampled_from(SCOPES)
rows = st.integers(0, 2)
faults = st.sampled_from(["ok"] * 5 + ["lose_request", "lose_answer", "twice"])


class Fleet(RuleBasedStateMachine):
    """Devices that edit, delete, sync badly and crash."""

    centre: CentreUnderTest
    blank: Path
    server_faults = False

    @initialize()
    def start(self) -> None:
        self.centre.empty()
        self.folder = Path(tempfile.mkdtemp(dir=self.blank.parent))
        self.devices = [
            Laptop.copy_of(self.blank, self.folder / str(number)) for number in range(DEVICES)
        ]
        self.count = 0
        self.parent: dict[str, str | None] = {}
        self.before: dict[str, str | None] = {}
        self.latest: dict[tuple[int, UUID, str], str] = {}
        self.seen_by_deleter: dict[UUID, set[str]] = {}
        self.after_delete: set[str] = set()
        self.requests: list[Request] = []
        self.lost: set[str] = set()

    def teardown(self) -> None:
        if not hasattr(self, "devices"):
            return
        try:
            self.quiesce()
            self.check()
        finally:
            for device in self.devices:
                device.close()
            shutil.rmtree(self.folder)

    @rule(i=devices, scope=scopes, number=rows, field=st.sampled_from(FIELDS))
    def edit(self, i: int, scope: str, number: int, field: str) -> None:
        self.count += 1
        token, row_id = f"t{self.count}", vendor_id(scope, number)
        view = self.devices[i].vendor(row_id)
        shown = view.get(field)
        self.parent[token] = shown if shown in self.parent else None
        self.before[token] = self.latest.get((i, row_id, field))
        self.latest[i, row_id, field] = token
        if view.get("deleted_at"):
            self.after_delete.add(token)
        self.devices[i].write_vendor(scope, row_id, **{field: token})

    @rule(i=devices, scope=scopes, number=rows)
    def delete(self, i: int, scope: str, number: int) -> None:
        row_id = vendor_id(scope, number)
        view = self.devices[i].vendor(row_id)
        if view and not view["deleted_at"]:
            seen = {value for value in view.values() if value in self.parent}
            self.seen_by_deleter.setdefault(row_id, set()).update(seen)
            moment = self.devices[i].store.clock.now()
            self.devices[i].write_vendor(scope, row_id, deleted_at=moment)

    @rule(i=devices, how=faults, limit=st.integers(1, 5), ops=st.integers(1, 4))
    def sync(self, i: int, how: str, limit: int, ops: int) -> None:
        self.do_sync(i, how, limit, ops)

    def do_sync(self, i: int, how: str, limit: int, ops: int) -> bool:
        request = self.devices[i].request(limit, ops)
        self.requests.append(copy.deepcopy(request))
        if how == "lose_request":
            return True
        answer = self.centre.sync(request)
        if how == "lose_answer":
            return True
        if how == "twice":
            answer = self.centre.sync(request)
        return self.devices[i].take(request, answer).again

    @precondition(lambda self: bool(getattr(self, "requests", None)))
    @rule(number=st.integers(0, 10**6))
    def late_duplicate(self, number: int) -> None:
        self.centre.sync(self.requests[number % len(self.requests)])

    @rule(i=devices)
    def crash_and_reopen(self, i: int) -> None:
        self.devices[i].close()
        self.devices[i] = Laptop(self.devices[i].folder)

    def settle_all(self) -> None:
        for i in range(DEVICES):
            for _ in range(400):
                if not self.do_sync(i, "ok", 1000, 1000):
                    break
            else:
                raise AssertionError(f"device {i} never settles")
            waiting = set(self.devices[i].states()) - {"acked"}
            assert not waiting, f"device {i} still has {waiting}"

    def quiesce(self) -> None:
        for _ in range(2):
            self.settle_all()

    def check(self) -> None:
        central = self.centre.rows()
        wanted = shown_by(central)
        for i, device in enumerate(self.devices):
            assert device.view() == wanted, f"device {i} shows other rows than the centre"
            known = device.seqs()
            assert known == {name: row.seq for name, row in central.items()}, f"device {i}"
        candidates: dict[tuple[UUID, str], set[str]] = {}
        for (kind, _), row in central.items():
            if kind == "conflict":
                key = (UUID(row.values["row_id"]), row.values["field"])
                candidates.setdefault(key, set()).add(str(row.values["candidate"][0]))
        fine: set[str] = set()

        def accept(token: str | None) -> None:
            while token and token not in fine and token in self.parent:
                fine.add(token)
                if self.server_faults:
                    accept(self.before[token])
                token = self.parent[token]

        for (kind, row_id), row in central.items():
            if kind == "vendor":
                for field in FIELDS:
                    accept(row.values.get(field))
                    for token in candidates.get((row_id, field), set()):
                        accept(token)
        for token in self.lost:
            accept(token)
        missing = set(self.parent) - fine
        assert not missing, f"lost without a word: {missing}"
        for (kind, row_id), row in central.items():
            if kind == "vendor" and row.values.get("deleted_at"):
                hidden = {v for f in FIELDS if (v := row.values.get(f)) in self.parent}
                allowed = self.seen_by_deleter.get(row_id, set()) | self.after_delete
                assert hidden <= allowed, f"{hidden - allowed} vanished under a deletion"
        if not self.server_faults:
            self.check_numbers()

    def check_numbers(self) -> None:
        """Every op of a device was applied once, in order, without a gap."""
        with self.centre.owner.connect() as connection:
            found: dict[UUID, list[int]] = {}
            for row in connection.execute(select(HISTORY.c.device, HISTORY.c.no)):
                found.setdefault(row.device, []).append(row.no)
        for numbers in found.values():
            assert sorted(numbers) == list(range(1, len(numbers) + 1))


class ForkedFleet(Fleet):
    """Workspaces are put back from backups, and opened on a second laptop."""

    @initialize()
    def no_backups(self) -> None:
        self.backups: set[int] = set()

    @rule(i=devices)
    def back_up(self, i: int) -> None:
        self.devices[i].close()
        backup = self.folder / f"{i}.bak"
        shutil.rmtree(backup, ignore_errors=True)
        shutil.copytree(self.folder / str(i), backup)
        self.devices[i] = Laptop(self.folder / str(i))
        self.backups.add(i)

    @precondition(lambda self: bool(getattr(self, "backups", None)))
    @rule(i=devices, onto=devices)
    def restore_or_clone(self, i: int, onto: int) -> None:
        if i not in self.backups:
            return
        # What only the overwritten laptop held is gone with it; that is no loss of the protocol.
        self.lost |= {v for op in self.devices[onto].unsent() for v in op.values() if _is_token(v)}
        self.devices[onto].close()
        shutil.rmtree(self.folder / str(onto))
        shutil.copytree(self.folder / f"{i}.bak", self.folder / str(onto))
        self.devices[onto] = Laptop(self.folder / str(onto))


class RestoredCentre(Fleet):
    """The centre is put back to an older state."""

    server_faults = True

    @initialize()
    def no_dump(self) -> None:
        self.dump: dict[str, Any] | None = None

    @rule()
    def back_up_centre(self) -> None:
        self.dump = self.centre.dump()

    @precondition(lambda self: getattr(self, "dump", None) is not None)
    @rule()
    def restore_centre(self) -> None:
        assert self.dump is not None
        self.centre.restore(self.dump)


class Refused(Fleet):
    """Some rows are refused: all others go on, and what was refused waits with its values."""

    @initialize()
    def refuse_one(self) -> None:
        self.centre.policy.refuses = {str(vendor_id(SCOPES[0], 0))}

    def settle_all(self) -> None:
        for i in range(DEVICES):
            for _ in range(400):
                if not self.do_sync(i, "ok", 1000, 1000):
                    break
            else:
                raise AssertionError(f"device {i} never settles")
            assert set(self.devices[i].states()) <= {"acked", "refused"}

    def check(self) -> None:
        refused = vendor_id(SCOPES[0], 0)
        wanted = shown_by(self.centre.rows())
        assert ("vendor", refused) not in wanted
        for device in self.devices:
            view = device.view()
            own = view.pop(("vendor", refused), None)
            assert own is None or own["deleted_at"], "a refused row still shows"
            assert view == wanted


def _is_token(value: object) -> bool:
    return isinstance(value, str) and value.startswith("t") and value[1:].isdigit()


@pytest.fixture(scope="module")
def fleet(database_url: str, owner_url: str) -> Iterator[Callable[[type[Fleet]], type[Fleet]]]:
    # Memory where there is some: a history is thousands of commits, and none need outlive it.
    memory = Path("/dev/shm")  # noqa: S108 (made by mkdtemp)
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        blank = Laptop.blank(Path(name) / "blank")
        owner = create_engine(owner_url.replace("postgresql://", "postgresql+psycopg://", 1))
        centre = CentreUnderTest(database_url, owner)

        def ready(machine: type[Fleet]) -> type[Fleet]:
            machine.centre, machine.blank = centre, blank
            centre.policy.refuses = set()
            return machine

        yield ready
        centre.database.close()
        owner.dispose()


HISTORY_SETTINGS = settings(
    max_examples=HISTORIES,
    stateful_step_count=STEPS,
    deadline=None,
    database=None,
    phases=[Phase.generate, Phase.shrink] if os.environ.get("ONSITE_SHRINK") else [Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("machine", [Fleet, ForkedFleet, RestoredCentre, Refused])
def test_no_history_loses_a_value_or_leaves_two_truths(
    fleet: Callable[[type[Fleet]], type[Fleet]], machine: type[Fleet]
) -> None:
    run_state_machine_as_test(fleet(machine), settings=HISTORY_SETTINGS)
