"""The page of benchmarks: what a bench may print, and when a budget counts as missed."""

import importlib.util
import json
import sys
from datetime import date
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "write_benchmarks.py"


@pytest.fixture(scope="module")
def benchmarks() -> ModuleType:
    """The script, as a module."""
    spec = importlib.util.spec_from_file_location("write_benchmarks", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def printed(**fields: object) -> str:
    return json.dumps([{"what": "one answer", "unit": "ms", "measured": 0.5, **fields}])


def test_a_figure_under_its_ceiling_keeps_the_budget(benchmarks: ModuleType) -> None:
    (row,) = benchmarks.read_rows("bench_engine", printed(budget=1))
    assert (row.ratio, row.is_kept) == (0.5, True)


def test_a_figure_over_its_ceiling_misses_the_budget(benchmarks: ModuleType) -> None:
    (row,) = benchmarks.read_rows("bench_engine", printed(measured=1.01, budget=1))
    assert not row.is_kept
    assert "**missed**" in benchmarks.table([row])


@pytest.mark.parametrize(("times", "kept"), [(12, True), (10, True), (9.9, False), (0, False)])
def test_a_floor_is_kept_from_above(benchmarks: ModuleType, times: float, kept: bool) -> None:
    (row,) = benchmarks.read_rows(
        "bench_engine", printed(unit="×", measured=times, budget=10, bound="at least")
    )
    assert row.is_kept is kept


def test_a_row_without_a_budget_misses_none(benchmarks: ModuleType) -> None:
    (row,) = benchmarks.read_rows("bench_engine", printed(measured=9000))
    assert row.is_kept
    assert "| 9,000 ms |" in benchmarks.table([row])


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "[]",
        "{}",
        "[3]",
        '[{"what": "x", "unit": "ms"}]',
        printed(measured="fast"),
        printed(measured=None),
        printed(measured=float("nan")),
        printed(budget=0),
        printed(bound="about"),
        printed(budgte=1),
    ],
)
def test_what_is_no_row_is_refused(benchmarks: ModuleType, wrong: str) -> None:
    with pytest.raises(benchmarks.BenchError, match="bench_engine"):
        benchmarks.read_rows("bench_engine", wrong)


def test_the_page_tells_day_machine_and_every_bench(benchmarks: ModuleType) -> None:
    rows = benchmarks.read_rows("bench_engine", printed(budget=1, note="median of 5"))
    text = benchmarks.page(
        {"bench_engine": rows, "bench_first_sync": rows}, facts="2 processors", day=date(2026, 3, 1)
    )
    assert "2026-03-01: 2 processors." in text
    assert "## Engine" in text
    assert "## First sync" in text
    assert "| one answer | at most 1.00 ms | 0.500 ms | 0.50 | median of 5 |" in text


def test_the_machine_is_told_without_names(benchmarks: ModuleType) -> None:
    import getpass
    import platform

    facts = benchmarks.machine()
    assert "processors" in facts
    for name in (platform.node(), getpass.getuser()):
        assert name not in facts.split()


def test_a_bench_that_is_not_there_is_named(
    benchmarks: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert benchmarks.main(["moonlight"]) == 2
    assert "bench_moonlight" in capsys.readouterr().err


def test_a_bench_that_breaks_off_is_an_error(benchmarks: ModuleType, tmp_path: Path) -> None:
    script = tmp_path / "bench_broken.py"
    script.write_text("raise SystemExit(3)\n", encoding="utf-8")
    with pytest.raises(benchmarks.BenchError, match="bench_broken ended with exit code 3"):
        benchmarks.run_bench(script)


def test_a_bench_runs_from_the_root_with_the_program_at_hand(
    benchmarks: ModuleType, tmp_path: Path
) -> None:
    script = tmp_path / "bench_small.py"
    script.write_text(
        "import json\nfrom audit_app.version import VERSION\n"
        'print(json.dumps([{"what": VERSION, "unit": "ms", "measured": 1}]))\n',
        encoding="utf-8",
    )
    (row,) = benchmarks.run_bench(script)
    assert row.measured == 1
