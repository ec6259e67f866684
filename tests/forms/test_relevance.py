"""What expressions see of questions that are not asked."""

import pytest

from tests.forms.small_forms import CHOICES, engine_of

HIDDEN = f"""
| survey |                |        |        |                    |                            |
|        | type           | name   | label  | relevant           | calculation                |
|        | select_one yn  | gate   | Gate   |                    |                            |
|        | begin_group    | g      | Group  | ${{gate}} = 'yes'  |                            |
|        | text           | a      | A      |                    |                            |
|        | text           | b      | B      |                    |                            |
|        | end_group      |        |        |                    |                            |
|        | calculate      | not_x  |        |                    | if(${{a}} != 'x', 'so', 'no') |
|        | calculate      | empty  |        |                    | if(${{a}} = '', 'so', 'no')   |
|        | calculate      | filled |        |                    | count-non-empty(/small/g/*)  |
|        | begin_repeat   | row    | Row    |                    |                            |
|        | integer        | n      | N      | ${{gate}} = 'yes'  |                            |
|        | end_repeat     |        |        |                    |                            |
|        | calculate      | rows   |        |                    | count(${{n}})              |
|        | calculate      | total  |        |                    | sum(${{n}})                |
{CHOICES}
| settings |         |
|          | name    |
|          | small   |
"""


def test_a_hidden_question_reads_as_empty() -> None:
    engine = engine_of(HIDDEN)
    engine.set("/small/gate", "yes")
    engine.set("/small/g/a", "x")
    assert (engine.value("/small/not_x"), engine.value("/small/empty")) == ("no", "no")
    engine.set("/small/gate", "no")
    assert (engine.value("/small/not_x"), engine.value("/small/empty")) == ("so", "so")


def test_a_hidden_answer_is_kept_and_comes_back() -> None:
    engine = engine_of(HIDDEN)
    engine.set("/small/gate", "yes")
    engine.set("/small/g/a", "x")
    engine.set("/small/gate", "no")
    assert engine.value("/small/g/a") == "x"
    assert engine.value("/small/filled") == "0"
    engine.set("/small/gate", "yes")
    assert engine.value("/small/filled") == "1"


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_hidden_rows_are_left_out_of_sums_however_many_there_are(rows: int) -> None:
    engine = engine_of(HIDDEN)
    engine.set("/small/gate", "yes")
    while len(engine.rows("/small/row")) < rows:
        engine.add_repeat("/small/row")
    for ref in engine.rows("/small/row"):
        engine.set(f"{ref}/n", "4")
    assert (engine.value("/small/rows"), engine.value("/small/total")) == (f"{rows}", f"{rows * 4}")
    engine.set("/small/gate", "no")
    assert (engine.value("/small/rows"), engine.value("/small/total")) == ("0", "0")
