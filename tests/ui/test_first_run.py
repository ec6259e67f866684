"""The first minute: the demo is whole or not there at all."""

from collections.abc import Callable
from pathlib import Path

import pytest

from audit_app.errors import AuditError
from db.store import Store
from tests.builders import StillClock
from ui.desk import Desk, Door
from ui.tasks import Progress, Step, Stopped


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "workspace", StillClock())


def progress_that(step: Callable[[Progress, Step], None]) -> Progress:
    """A Progress whose every step does this."""
    made = Progress(lambda now: step(made, now))
    return made


def test_stopping_the_demo_leaves_nothing_behind(desk: Desk) -> None:
    stopped = progress_that(lambda progress, _now: progress.stop())

    with pytest.raises(Stopped):
        desk.start_demo(stopped)

    assert desk.door() is Door.NEW
    assert list(desk.folder.parent.iterdir()) == []


def test_the_demo_is_not_seen_before_it_is_whole(desk: Desk) -> None:
    seen: list[bool] = []

    def look(progress: Progress, _now: Step) -> None:
        seen.append(Store.exists(desk.folder))
        if len(seen) == 3:
            progress.stop()

    with pytest.raises(Stopped):
        desk.start_demo(progress_that(look))

    assert seen == [False, False, False]


def test_the_demo_does_not_move_into_a_folder_that_holds_something(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.folder.mkdir()
    (desk.folder / "letter.txt").write_text("mine", encoding="utf-8")
    monkeypatch.setattr("audit_app.demo.build.build_demo", lambda *_: {})

    with pytest.raises(AuditError, match="holds something else"):
        desk.start_demo(Progress(lambda _step: None))

    assert (desk.folder / "letter.txt").read_text(encoding="utf-8") == "mine"
    assert [path.name for path in desk.folder.parent.iterdir()] == ["workspace"]
