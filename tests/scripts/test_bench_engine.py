"""The bench of the checklist engine: the forms it measures, and what it says without its peer."""

import json
import math
from pathlib import Path

import pytest

from audit_app.forms.xlsform import import_xlsform
from scripts.bench_engine import BenchError, Figures, Peer, ours, own_rows, peer_rows, taken_in
from scripts.engine_forms import audit_form, repeat_form
from scripts.write_benchmarks import read_rows

FAST = Figures(10.0, 12.0, (0.1,) * 1000, (1.0,) * 99)
SLOW = Figures(150.0, math.nan, (2.0,) * 1000, (40.0,) * 99)


@pytest.mark.parametrize("questions", [100, 1000])
def test_the_form_has_as_many_questions_as_asked_for(questions: int) -> None:
    result = import_xlsform(audit_form(questions), "bench.xlsx")
    assert (result.questions, result.problems) == (questions, ())
    assert len(result.languages) == 2


def test_our_run_does_the_whole_work() -> None:
    figures = ours(taken_in(audit_form()), taken_in(repeat_form()))
    assert len(figures.answer) == 1000
    assert len(figures.add) == 99


def test_a_total_that_is_wrong_stops_the_bench() -> None:
    with pytest.raises(BenchError, match="not 1500"):
        ours(taken_in(audit_form(100)), taken_in(repeat_form()))


def test_without_npm_our_rows_say_that_the_peer_was_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    form = taken_in(audit_form(100))
    missing = Peer(tmp_path).install(form, form)
    assert "was not run: there is no npm here" in missing
    assert list(tmp_path.iterdir()) == []
    rows = read_rows("bench_engine", json.dumps(own_rows([FAST], missing)))
    assert all("was not run" in row.note for row in rows)
    assert all(row.is_kept for row in rows)


def test_rows_beside_the_peer_tell_how_many_times_as_fast_we_are() -> None:
    rows = read_rows("bench_engine", json.dumps(peer_rows([FAST, FAST], [SLOW])))
    assert [(row.measured, row.budget) for row in rows] == [
        (15.0, 10.0),
        (20.0, 10.0),
        (20.0, None),
        (40.0, None),
    ]
    assert all(row.is_kept for row in rows)
    missed = read_rows("bench_engine", json.dumps(peer_rows([SLOW], [SLOW])))
    assert [row.is_kept for row in missed] == [False, False, True, True]
