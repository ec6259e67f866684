"""What an author is told of a checklist with slips: which cell, and what to write instead."""

import io

import pytest
from openpyxl import load_workbook

from audit_app.forms.problems import Problem
from audit_app.forms.xlsform import import_xlsform
from tests.builders import SMALL_FORM, a_spreadsheet
from tests.forms.small_forms import CHOICES, imported

HEAD = """
| survey |      |      |       |          |             |            |
|        | type | name | label | relevant | calculation | constraint |
"""


def said(rows: str, rest: str = CHOICES) -> list[Problem]:
    """The problems of a survey with these rows, but for what is only worth knowing."""
    problems = imported(HEAD + rows + rest).problems
    return [problem for problem in problems if problem.severity != "info"]


def the_only(rows: str, rest: str = CHOICES) -> Problem:
    (problem,) = said(rows, rest)
    return problem


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("foo(${a})", "The function foo() is unknown at character 1"),
        ("lenght(${a}) > 1", "Did you mean string-length"),
        ("if(${a}, 1)", "if() takes 3 arguments, not 2"),
        ("(${a} = 1", "The ( is not closed at character 1. Add the missing )."),
        ("${a} = 1)", "This ) closes nothing at character 9"),
        ("${a} = 1 AND ${a} = 2", "Write and in lower case."),
        ("${a} = ‘yes’", "‘ is a typographic quote at character 8"),
        ("selected(${a} 'yes')", "Is a comma or an operator missing?"),
        ("${a} == 1", "Write a single =."),
        ("${a} <> 1", "Write != for 'not equal'."),
        ("${a} = 'yes", "This quote is not closed"),
        ("${a} =", "Something is missing at the end"),
        ("${a} & ${a}", "Write and in lower case."),
        ("${zz} = 1", "There is no question named zz."),
        ("${aa} = 1", "Did you mean ${a}?"),
    ],
)
def test_a_slip_in_an_expression_is_named_with_sheet_row_and_column(
    expression: str, words: str
) -> None:
    problem = the_only(f"| | text | a | A | | | |\n| | text | b | B | {expression} | | |")
    assert words in problem.message
    place = (problem.severity, problem.sheet, problem.row, problem.column)
    assert place == ("error", "survey", 3, "relevant")


def test_a_right_expression_is_not_complained_of() -> None:
    rows = """
|        | select_one yn | a | A |                              |              |            |
|        | integer       | n | N | ${a} = 'yes' or ${a} != 'no' |              | . >= 0     |
|        | calculate     | c |   |                              | ${n} div 2   |            |
|        | text          | t | Ask about ${n} | selected(${a}, 'yes') |            | regex(., '^[a-z]+$') |
"""
    assert said(rows) == []


def test_the_place_is_marked_in_the_authors_own_text() -> None:
    problem = the_only("| | text | a | A | | | |\n| | text | b | B | ${a} = 1 OR ${a} = 2 | | |")
    assert "▸OR ${a} = 2" in problem.message
    assert "character 10" in problem.message


def test_every_slip_is_told_at_once() -> None:
    rows = """
|        | text      | a | A           | ${zz} = 1  |         |            |
|        | calculate | b |             |            | foo(1)  |            |
|        | text      | c | About ${qq} |            |         | (. = 1     |
|        | text      | a | Again       |            |         |            |
|        | select_one nowhere | d | D |             |         |            |
"""
    found = {(p.row, p.column) for p in said(rows) if p.severity == "error"}
    assert found == {
        (2, "relevant"),
        (3, "calculation"),
        (4, "label"),
        (4, "constraint"),
        (5, "name"),
        (6, "type"),
    }


def test_questions_that_need_one_another_in_a_circle_are_named() -> None:
    problem = the_only("| | calculate | a | | | ${b} + 1 | |\n| | calculate | b | | | ${a} + 1 | |")
    assert "a (calculation) → b (calculation) → a (calculation)" in problem.message
    assert (problem.sheet, problem.row, problem.column) == ("survey", 2, "calculation")


def test_a_circle_through_relevance_is_found() -> None:
    rows = "| | text | a | A | ${b} = '1' | | |\n| | text | b | B | ${a} = '2' | | |"
    assert "in a circle" in the_only(rows).message


@pytest.mark.parametrize(
    "expression", ["${a} = 'maybe'", "'maybe' != ${a}", "selected(${a}, 'maybe')"]
)
def test_comparing_with_what_is_no_choice_is_a_warning(expression: str) -> None:
    rows = f"| | select_one yn | a | A | | | |\n| | text | b | B | {expression} | | |"
    problem = the_only(rows)
    assert "“maybe” is no choice of a" in problem.message
    assert (problem.severity, problem.row, problem.column) == ("warning", 3, "relevant")


def test_a_choice_that_is_nearly_right_is_suggested() -> None:
    rows = "| | select_one yn | a | A | | | |\n| | text | b | B | ${a} = 'yess' | | |"
    assert "Did you mean yes?" in the_only(rows).message


def test_a_name_used_twice_in_a_group_is_an_error_naming_both_rows() -> None:
    problem = the_only("| | text | a | A | | | |\n| | text | a | B | | | |")
    assert "row 2 has it too" in problem.message
    assert (problem.severity, problem.row, problem.column) == ("error", 3, "name")


def test_a_name_may_come_again_in_another_group() -> None:
    rows = """
|        | begin_group | g | G | | | |
|        | text        | a | A | | | |
|        | end_group   |   |   | | | |
|        | begin_group | h | H | | | |
|        | text        | a | A | | | |
|        | end_group   |   |   | | | |
"""
    assert said(rows) == []


def test_a_choice_given_twice_is_told_with_its_remedy() -> None:
    again = CHOICES + "|         | yn        | yes  | Again |\n"
    problem = the_only("| | select_one yn | a | A | | | |", again)
    assert "allow_choice_duplicates" in problem.message
    assert (problem.sheet, problem.row, problem.column) == ("choices", 4, "name")


def test_an_unknown_list_is_told_with_the_nearest() -> None:
    problem = the_only("| | select_one yna | a | A | | | |")
    assert problem.message == "The sheet choices has no list yna. Did you mean yn?"
    assert (problem.row, problem.column) == (2, "type")


@pytest.mark.parametrize(
    ("rows", "row"),
    [
        ("| | tel | a | A | | | |", 2),
        ("| | text | a | A | | | |\n| | text | meta | M | | | |", 3),
        ("| | text | a | A | | | |\n| | text | b c | B | | | |", 3),
        ("| | text | a | A | | | |\n| | begin_group | g | G | | | |", 3),
        ("| | text | a | A | | | |\n| | end_group | | | | | |", 3),
        ("| | text | a | A | | | |\n| | text | b | | | | |", 3),
        ("| | include | a | A | | | |", 2),
    ],
)
def test_what_the_converter_refuses_is_told_with_its_row(rows: str, row: int) -> None:
    errors = [problem for problem in said(rows) if problem.severity == "error"]
    assert [(p.sheet, p.row) for p in errors] == [("survey", row)]


def test_a_raw_failure_of_the_converter_is_told_in_words_and_with_its_column() -> None:
    table = """
| survey  |           |      |       |                 |
|         | type      | name | label | bind::tag       |
|         | text      | a    | A     | x               |
"""
    result = imported(table)
    assert result.template is None
    (problem,) = result.problems
    assert (problem.sheet, problem.row, problem.column) == ("survey", 1, "bind::tag")


AUDITED = """
| survey |               |      |       |        |          |           |              |            |           |        |
|        | type          | name | label | weight | critical | evidence  | evidence_min | score_kind | direction | target |
|        | select_one yn | a    | A     | {0}    | {1}      | {2}       | {3}          | {4}        | {5}       | {6}    |
| choices |           |      |       |       |         |      |          |
|         | list_name | name | label | score | finding | tone | excludes |
|         | yn        | yes  | Yes   | 1     |         |      |          |
|         | yn        | no   | No    | {7}   | {8}     | {9}  | {10}     |
| settings |            |           |
|          | form_title | pass_mark |
|          | T          | {11}      |
"""
GOOD = ["2", "yes", "always", "1", "", "", "5", "0", "major", "bad", "", "85"]
CELLS = [
    (0, "heavy", "survey", 2, "weight"),
    (0, "-1", "survey", 2, "weight"),
    (0, "NaN", "survey", 2, "weight"),
    (1, "very", "survey", 2, "critical"),
    (2, "sometimes", "survey", 2, "evidence"),
    (3, "1.5", "survey", 2, "evidence_min"),
    (4, "guess", "survey", 2, "score_kind"),
    (5, "sideways", "survey", 2, "direction"),
    (6, "many", "survey", 2, "target"),
    (7, "low", "choices", 3, "score"),
    (8, "huge", "choices", 3, "finding"),
    (9, "pink", "choices", 3, "tone"),
    (10, "perhaps", "choices", 3, "excludes"),
    (11, "120", "settings", 2, "pass_mark"),
]


@pytest.mark.parametrize(("index", "value", "sheet", "row", "column"), CELLS)
def test_a_senseless_audit_cell_is_an_error_at_its_place(
    index: int, value: str, sheet: str, row: int, column: str
) -> None:
    cells = [*GOOD]
    cells[index] = value
    result = imported(AUDITED.format(*cells))
    assert result.template is None
    (problem,) = result.problems
    place = (problem.severity, problem.sheet, problem.row, problem.column)
    assert place == ("error", sheet, row, column)


def test_sensible_audit_cells_are_taken() -> None:
    result = imported(AUDITED.format(*GOOD))
    assert result.problems == ()
    assert result.template is not None
    assert result.template.columns.questions["/data/a"]["weight"] == "2"


def test_audit_cells_are_checked_even_where_the_form_cannot_be_converted() -> None:
    table = AUDITED.format("heavy", *GOOD[1:]).replace("select_one yn | a ", "tel | a ")
    places = {(p.row, p.column) for p in imported(table).problems if p.severity == "error"}
    assert places == {(2, "weight"), (2, "type")}


@pytest.mark.parametrize("header", ["audit_weight", "Weight", "AUDIT WEIGHT", "audit-weight"])
def test_audit_columns_are_known_by_their_aliases(header: str) -> None:
    table = AUDITED.format(*GOOD).replace(" weight ", f" {header} ")
    result = imported(table)
    assert result.template is not None, result.problems
    assert result.template.columns.questions["/data/a"]["weight"] == "2"


def test_a_header_the_converter_would_fail_on_is_told_what_to_write() -> None:
    table = AUDITED.format(*GOOD).replace(" score ", " audit::score ")
    errors = [p for p in imported(table).problems if p.severity == "error"]
    assert [(p.sheet, p.row, p.column) for p in errors] == [("choices", 1, "audit::score")]
    assert "audit_score" in errors[0].message


def test_a_misspelt_audit_column_is_a_warning() -> None:
    (problem,) = imported(AUDITED.format(*GOOD).replace(" weight ", " wieght ")).problems
    assert (problem.severity, problem.row, problem.column) == ("warning", 1, "wieght")
    assert "Did you mean weight?" in problem.message


@pytest.mark.parametrize("header", ["bind::a b", "bind::x:y", "bind::", "instance::1"])
def test_a_column_no_form_can_hold_is_an_error(header: str) -> None:
    result = imported(
        f"| survey | | | | |\n| | type | name | label | {header} |\n| | text | a | A | x |"
    )
    assert result.template is None
    first = result.problems[-1]
    assert (first.severity, first.sheet, first.row, first.column) == ("error", "survey", 1, header)


def test_a_checklist_that_asks_nothing_is_a_warning() -> None:
    result = imported("| survey | | | |\n| | type | name | calculation |\n| | calculate | a | 1 |")
    assert [p.message for p in result.problems] == ["This checklist asks nothing."]


def test_two_columns_of_one_name_are_an_error() -> None:
    table = AUDITED.format(*GOOD).replace(" target ", " label ")
    errors = [p for p in imported(table).problems if p.severity == "error"]
    assert [(p.sheet, p.row, p.column) for p in errors] == [("survey", 1, "label")]


def test_an_evidence_rule_is_read_like_any_other_expression() -> None:
    cells = [*GOOD]
    cells[2] = "${a} = 'no' or ${b} = 1"
    (problem,) = imported(AUDITED.format(*cells)).problems
    assert (problem.severity, problem.column) == ("error", "evidence")
    assert "There is no question named b." in problem.message


def test_texts_missing_in_one_language_are_counted_by_language() -> None:
    table = """
| survey |      |      |                    |              |
|        | type | name | label::English (en) | label::Deutsch (de) |
|        | text | a    | One                | Eins         |
|        | text | b    | Two                |              |
|        | text | c    | Three              |              |
"""
    warnings = [p for p in imported(table).problems if p.column == "label::Deutsch (de)"]
    (problem,) = warnings
    assert "2 texts have no label in Deutsch (de) (rows 3, 4)" in problem.message
    assert (problem.severity, problem.row) == ("warning", 3)


def test_an_error_keeps_the_whole_file_out() -> None:
    result = imported(SMALL_FORM.replace("| 60     |", "| heavy  |"))
    assert result.template is None
    assert (result.questions, result.sections, result.languages) == (0, 0, ())


def test_a_file_with_more_problems_than_anyone_reads_is_refused() -> None:
    """Five hundred warnings must not hide the error that comes after them."""
    rows = "\n".join(f"| | text | q{i} | Q | ${{a}} = 'maybe' | | |" for i in range(501))
    result = imported(HEAD + "| | select_one yn | a | A | | | |\n" + rows + CHOICES)
    assert result.template is None
    assert result.problems[0].message.startswith("There are more than 500 problems")


def test_a_misnamed_old_spreadsheet_is_read_by_its_bytes() -> None:
    data = a_spreadsheet(SMALL_FORM)
    for name in ("small.xls", "small.xlsx", "small"):
        assert import_xlsform(data, name).questions == 5


def test_rows_are_numbered_as_the_spreadsheet_shows_them() -> None:
    book = load_workbook(io.BytesIO(a_spreadsheet(HEAD + "| | text | a | A | ${zz} = 1 | | |")))
    book["survey"].insert_rows(2, 3)
    data = io.BytesIO()
    book.save(data)
    errors = [p for p in import_xlsform(data.getvalue(), "x").problems if p.severity == "error"]
    assert [problem.row for problem in errors] == [5]
