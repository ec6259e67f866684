"""Files made to do harm, or damaged: one clear refusal, bounded work, nothing kept (RELIABILITY 4.3)."""

import os
import random
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

import audit_app.forms.sheets as sheets_module
from audit_app.errors import ImportRefused
from audit_app.forms.reader import read_form
from audit_app.forms.sheets import MAX_CELL, MAX_ROWS, MAX_UNPACKED, read_workbook
from audit_app.forms.xlsform import ImportResult, import_xlsform
from tests.builders import SMALL_FORM, a_spreadsheet, a_world
from tests.forms.conformance import path_of
from tests.forms.hostile_files import (
    LAUGHS,
    SHEET,
    a_bomb,
    a_lying_bomb,
    edited,
    inner_mutant,
    mutant,
    packed,
    parts_of,
    small,
    text_cell,
    with_rows,
)

MUTANTS = int(os.environ.get("ONSITE_MUTANTS", "300"))
"""Damaged files tried; release runs take more."""

Count = Callable[[], int]


@pytest.fixture
def cells_read(monkeypatch: pytest.MonkeyPatch) -> Count:
    """How many cells were looked at so far, by us and by the converter."""
    count = 0
    ours, theirs = sheets_module.cell_text, "pyxform.xls2json_backends.is_empty"

    def read(value: object) -> str:
        nonlocal count
        count += 1
        return ours(value)

    def is_empty(value: object) -> bool:
        nonlocal count
        count += 1
        return value is None or (isinstance(value, str) and not value.strip())

    monkeypatch.setattr(sheets_module, "cell_text", read)
    monkeypatch.setattr(theirs, is_empty)
    return lambda: count


def refusal(data: bytes, name: str = "checklist.xlsx") -> str:
    """The one message a file is refused with."""
    result = import_xlsform(data, name)
    assert result.template is None
    assert (result.questions, result.sections, result.languages) == (0, 0, ())
    (problem,) = result.problems
    assert problem.severity == "error"
    return problem.message


def test_the_parser_that_stops_entities_is_in_use() -> None:
    assert openpyxl.DEFUSEDXML


def test_without_that_parser_no_spreadsheet_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets_module, "DEFUSEDXML", False)
    assert "cannot be opened safely" in refusal(small())


def test_a_cell_in_the_farthest_corner_costs_nothing(cells_read: Count) -> None:
    usual = import_xlsform(small(), "small.xlsx")
    before = cells_read()
    corner = f'<row r="1048576">{text_cell("XFD1048576", "x")}</row>'
    far = import_xlsform(with_rows(corner), "far.xlsx")
    assert (far.questions, usual.questions) == (5, 5)
    assert cells_read() - before < 60_000


def test_rows_that_reach_into_the_last_column_cost_nothing(cells_read: Count) -> None:
    rows = "".join(f'<row r="{n}">{text_cell(f"XFD{n}", "x")}</row>' for n in range(20, 70))
    assert import_xlsform(with_rows(rows), "wide.xlsx").questions == 5
    assert cells_read() < 60_000


def test_a_million_empty_rows_are_not_walked(cells_read: Count) -> None:
    rows = "".join(f'<row r="{number}"/>' for number in range(100, 1_000_000, 7))
    assert import_xlsform(with_rows(rows), "long.xlsx").questions == 5
    assert cells_read() < 60_000


def test_more_rows_than_a_checklist_can_have_are_refused() -> None:
    rows = "".join(
        f'<row r="{number}">{text_cell(f"A{number}", "text")}</row>'
        for number in range(20, MAX_ROWS + 3)
    )
    assert f"more than {MAX_ROWS:,} rows" in refusal(with_rows(rows))


def test_more_columns_than_a_checklist_can_have_are_refused() -> None:
    head = "| survey |" + " |" * 201 + "\n| |" + "".join(f" c{i} |" for i in range(201))
    assert "more than 200 columns" in refusal(a_spreadsheet(head + "\n| | x |"))


def test_a_cell_of_200_000_characters_is_refused() -> None:
    row = f'<row r="20">{text_cell("A20", "text")}{text_cell("C20", "x" * 200_000)}</row>'
    words = refusal(with_rows(row))
    assert "Row 20 of the sheet survey has a cell of more than 32,767 characters" in words


def test_the_longest_cell_a_spreadsheet_can_hold_is_read() -> None:
    label = "x" * MAX_CELL
    data = a_spreadsheet(SMALL_FORM.replace("What stood out?", label))
    assert import_xlsform(data, "long.xlsx").questions == 5


@pytest.mark.parametrize("bomb", [a_bomb, a_lying_bomb])
def test_a_zip_bomb_is_refused_before_it_is_unpacked(
    bomb: Callable[[int], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(_data: bytes) -> None:
        raise AssertionError("a bomb reached the reader")

    monkeypatch.setattr(sheets_module, "_read_xlsx", never)
    data = bomb(80)
    assert len(data) < 200_000
    words = refusal(data)
    assert "unpacks to far more" in words or "cannot be unpacked" in words


def test_a_file_that_unpacks_to_too_much_is_refused_however_it_is_pressed() -> None:
    noise = random.Random(1).randbytes(400_000)
    blanks = {f"xl/media/{i}.bin": noise[:4_000] * 250 for i in range(MAX_UNPACKED // 1_000_000)}
    assert "unpacks to far more" in refusal(packed({**parts_of(small()), **blanks}))


def test_too_many_parts_are_refused() -> None:
    many = {f"xl/media/{i}.bin": b"" for i in range(1001)}
    assert "more than 1000 parts" in refusal(packed({**parts_of(small()), **many}))


def test_a_file_that_is_too_large_is_refused_unread() -> None:
    assert "larger than 20 MB" in refusal(small() + b" " * 20_000_000)
    assert "larger than 20 MB" in refusal(b"<a>" + b" " * 20_000_000, "form.xml")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/_rels/workbook.xml.rels"])
def test_entities_in_a_spreadsheet_are_refused(part: str, encoding: str) -> None:
    parts = parts_of(small())
    parts[part] = (LAUGHS + _bare(parts[part].decode())).encode(encoding)
    assert "declares a document type" in refusal(packed(parts))


def test_entities_that_slip_past_our_look_are_not_expanded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second wall: the reader of sheets refuses them by itself."""
    monkeypatch.setattr(sheets_module, "_check_zip", lambda _data: None)
    cell = text_cell("A20", "text") + text_cell("C20", "&a9;")
    data = edited(
        lambda xml: LAUGHS + _bare(xml).replace("</sheetData>", f"<row>{cell}</row></sheetData>")
    )
    assert "damaged and cannot be read" in refusal(data)


def _bare(xml: str) -> str:
    """XML without its declaration."""
    return xml.split("?>", 1)[-1] if xml.startswith("<?") else xml


def test_a_spreadsheet_reads_no_file_of_this_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the recovery code", encoding="utf-8")
    head = f'<!DOCTYPE x [<!ENTITY e SYSTEM "{secret.as_uri()}">]>'
    cell = f'<row r="20">{text_cell("A20", "text")}{text_cell("C20", "&e;")}</row></sheetData>'
    data = edited(lambda xml: head + _bare(xml).replace("</sheetData>", cell))
    words = refusal(data)
    assert "recovery code" not in words
    assert "declares a document type" in words
    monkeypatch.setattr(sheets_module, "_check_zip", lambda _data: None)
    assert "recovery code" not in str(import_xlsform(data, "secret.xlsx"))


XFORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">
<h:head><h:title>T</h:title><model><instance><data id="t"><a>{}</a></data></instance></model>
</h:head><h:body><input ref="/data/a"><label>A</label></input></h:body></h:html>"""


def test_a_plain_xform_is_taken() -> None:
    assert import_xlsform(XFORM.format("").encode(), "form.xml").questions == 1


@pytest.mark.parametrize("entity", ['SYSTEM "file:///etc/hostname"', '"ha"'])
def test_an_xform_with_a_document_type_is_refused(entity: str) -> None:
    data = f"<!DOCTYPE x [<!ENTITY e {entity}>]>" + XFORM.format("&e;")
    assert "declares a document type" in refusal(data.encode(), "form.xml")


def test_an_xform_that_laughs_is_refused() -> None:
    data = LAUGHS + XFORM.format("&a9;")
    assert import_xlsform(data.encode(), "form.xml").template is None


@pytest.mark.parametrize("depth", [150, 5_000])
def test_groups_nested_beyond_all_sense_are_refused(depth: int) -> None:
    data = XFORM.replace("{}", "<g>" * depth + "</g>" * depth)
    assert import_xlsform(data.encode(), "form.xml").template is None
    with pytest.raises(ImportRefused):
        read_form(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"hello",
        b"\x00" * 1000,
        b"<",
        b"<a/>",
    ],
)
def test_what_is_no_checklist_at_all_is_refused(data: bytes) -> None:
    assert refusal(data)


def test_a_formula_is_never_evaluated() -> None:
    """Only what the author's program stored as its value is read, here nothing."""
    tables = SMALL_FORM.replace("What stood out?", '=HYPERLINK("file:///etc/hostname","x")')
    data = a_spreadsheet(tables)
    assert b"HYPERLINK" in parts_of(data)[SHEET]
    result = import_xlsform(data, "formula.xlsx")
    assert result.template is None
    assert all("HYPERLINK" not in problem.message for problem in result.problems)
    assert [(p.sheet, p.row) for p in result.problems if p.severity == "error"] == [("survey", 9)]


def test_a_text_that_looks_like_a_formula_stays_a_text() -> None:
    data = edited(lambda xml: xml.replace("What stood out?", "@SUM(1+1)*cmd"))
    result = import_xlsform(data, "text.xlsx")
    assert result.template is not None
    assert "@SUM(1+1)*cmd" in result.template.xform


@pytest.mark.parametrize(
    "expression",
    [
        "(" * 30_000,
        "1" + "+1" * 15_000,
        "-" * 30_000 + "1",
        "not(" * 5_000 + "1" + ")" * 5_000,
        "a[" * 9_000 + "]" * 9_000,
        "/".join(["a"] * 15_000),
        "'" + "x" * 30_000,
        "x" * 30_000 + "()",
        "1 or " * 6_000 + "1",
        "${" * 15_000,
    ],
)
def test_an_expression_of_thirty_thousand_signs_is_read_or_refused(expression: str) -> None:
    head = "| survey | | | | |\n| | type | name | label | relevant |\n| | text | a | A | |\n"
    result = import_xlsform(a_spreadsheet(f"{head}| | text | b | B | {expression} |"), "long.xlsx")
    if result.template is None:
        first = result.problems[0]
        assert (first.sheet, first.row, first.column) == ("survey", 3, "relevant")
        assert all(len(problem.message) < 600 for problem in result.problems)
    else:
        assert expression[:100] in result.template.xform


def test_nothing_of_a_refused_file_is_kept(tmp_path: Path) -> None:
    world = a_world(tmp_path / "workspace")
    try:
        before = sorted(path.name for path in tmp_path.rglob("*"))
        for data in (a_bomb(80), mutant(small(), random.Random(3)), b"hello", small()[:-200]):
            imported = world.services.templates.import_file(data, "bad.xlsx")
            assert imported.version_id is None
        assert world.services.templates.listed() == ()
        assert sorted(path.name for path in tmp_path.rglob("*")) == before
        # The control: a good file is kept.
        assert world.services.templates.import_file(small(), "good.xlsx").version_id is not None
        assert len(world.services.templates.listed()) == 1
    finally:
        world.close()


def _told_or_taken(result: ImportResult) -> None:
    if result.template is None:
        assert any(problem.severity == "error" for problem in result.problems)
        assert all(problem.message for problem in result.problems)
    else:
        assert all(problem.severity != "error" for problem in result.problems)


@pytest.mark.parametrize("scar", [mutant, inner_mutant])
def test_damaged_spreadsheets_are_refused_or_read_never_a_crash(
    scar: Callable[[bytes, random.Random], bytes],
) -> None:
    dice = random.Random(20261125)
    whole = small()
    taken = 0
    for _ in range(MUTANTS // 3):
        result = import_xlsform(scar(whole, dice), "mutant.xlsx")
        _told_or_taken(result)
        taken += result.template is not None
    assert taken < MUTANTS // 3


def test_damaged_old_spreadsheets_are_refused_or_read_never_a_crash() -> None:
    whole = path_of("xlsforms/pyxform__055__yes_or_no_question.xls").read_bytes()
    dice = random.Random(20261125)
    for _ in range(MUTANTS // 3):
        _told_or_taken(import_xlsform(mutant(whole, dice), "mutant.xls"))


def test_damage_of_every_kind_becomes_the_one_error(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in (KeyError, TypeError, ValueError, OSError, MemoryError, RecursionError, EOFError):

        def fail(_data: bytes, kind: type[Exception] = kind) -> None:
            raise kind("inside")

        monkeypatch.setattr(sheets_module, "_read_xlsx", fail)
        with pytest.raises(ImportRefused, match=kind.__name__):
            read_workbook(small())
