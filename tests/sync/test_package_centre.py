"""What came by package meets the same change when its maker syncs, over a real centre."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from audit_app.sync.engine import SyncEngine
from tests.builders import StillClock
from tests.sync.couriers import Courier, Nobody, a_courier
from tests.sync.fleet import CentreUnderTest, Laptop, shown_by, vendor_id
from tests.sync.test_engine import Line

SCOPE = "vendor:a"


@pytest.fixture(scope="module")
def centre(database_url: str, owner_url: str) -> Iterator[CentreUnderTest]:
    owner = create_engine(owner_url.replace("postgresql://", "postgresql+psycopg://", 1))
    made = CentreUnderTest(database_url, owner)
    yield made
    made.database.close()
    owner.dispose()


Joined = tuple[Laptop, Courier, Callable[[], object]]


@pytest.fixture
def joined(centre: CentreUnderTest, tmp_path: Path) -> Iterator[list[Joined]]:
    """Two laptops that know one centre, with a vendor that both have from it."""
    centre.empty()
    centre.policy.refuses = set()
    blank = Laptop.blank(tmp_path / "blank")
    (tmp_path / "stick").mkdir()
    made: list[Joined] = []
    for name in ("ada", "ben"):
        laptop = Laptop.copy_of(blank, tmp_path / name)
        engine = SyncEngine(laptop.store, laptop.store.clock, Line(centre), Nobody())
        clock = laptop.store.clock
        assert isinstance(clock, StillClock)
        # Copies of one laptop would give their packages the same ids.
        clock.go_on(hours=len(made))
        made.append((laptop, a_courier(name, laptop.store, tmp_path / "stick"), engine.run))
    yield made
    for laptop, _, _ in made:
        laptop.close()


ROW = vendor_id(SCOPE, 1)


def share(joined: list[Joined]) -> None:
    joined[0][0].write_vendor(SCOPE, ROW, name="Nordwind", code="N")
    for _, _, sync in joined:
        sync()


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("is_known", [True, False])
def test_the_maker_and_the_taker_sync_the_same_values_without_a_conflict(
    joined: list[Joined], centre: CentreUnderTest, first: int, is_known: bool
) -> None:
    (ada, ada_gives, _), (ben, ben_takes, _) = joined
    if is_known:
        share(joined)
    ada.write_vendor(SCOPE, ROW, name="Nordwind AG", note="Two floors.")
    ben_takes.takes(ada_gives.hands_over())
    assert ben.vendor(ROW)["name"] == "Nordwind AG"
    for turn in (first, 1 - first, first):
        joined[turn][2]()
    assert shown_by(centre.rows()) == ada.view() == ben.view()
    assert "conflict" not in {kind for kind, _ in centre.rows()}
    assert centre.rows()["vendor", ROW].values["name"] == "Nordwind AG"
    assert [*ada.unsent(), *ben.unsent()] == []


def test_what_the_centre_told_both_is_common_ground(joined: list[Joined]) -> None:
    (ada, ada_gives, _), (ben, ben_takes, _) = joined
    share(joined)
    ada.write_vendor(SCOPE, ROW, name="Nordwind AG")
    ben.write_vendor(SCOPE, ROW, code="NW")
    ben_takes.takes(ada_gives.hands_over())
    assert (ben.vendor(ROW)["name"], ben.vendor(ROW)["code"]) == ("Nordwind AG", "NW")
    ben.write_vendor(SCOPE, ROW, note="mine")
    ada.write_vendor(SCOPE, ROW, note="yours")
    ben_takes.takes(ada_gives.hands_over())
    assert [row[0] for row in ben_takes.conflicts()] == ["note"]


def test_a_laptop_that_is_behind_takes_what_the_centre_told_the_other(
    joined: list[Joined],
) -> None:
    (ada, ada_gives, ada_syncs), (ben, ben_takes, ben_syncs) = joined
    share(joined)
    ada.write_vendor(SCOPE, ROW, name="Nordwind AG")
    ada_syncs()
    ada.write_vendor(SCOPE, ROW, note="Two floors.")
    ben_takes.takes(ada_gives.hands_over())
    assert (ben.vendor(ROW)["name"], ben.vendor(ROW)["note"]) == ("Nordwind AG", "Two floors.")
    ada_syncs()
    ben_syncs()
    ada_syncs()
    assert ada.view() == ben.view()
    assert ben_takes.conflicts() == []
