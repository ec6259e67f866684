"""The Unicode Consortium's own tests, where Debian's unicode-data is installed."""

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from audit_app.reports.text.bidi import levels, reorder

FOLDER = Path("/usr/share/unicode")
FULL = os.environ.get("ONSITE_FULL") == "1"
STEP = 1 if FULL else 13
REPRESENTATIVES = {
    "L": "a",
    "R": "\u05d0",
    "AL": "\u0627",
    "EN": "1",
    "AN": "\u0661",
    "ES": "+",
    "ET": "$",
    "CS": ",",
    "B": "\u2029",
    "S": "\t",
    "WS": " ",
    "ON": "!",
    "BN": "\xad",
    "NSM": "\u0300",
    "LRE": "\u202a",
    "RLE": "\u202b",
    "LRO": "\u202d",
    "RLO": "\u202e",
    "PDF": "\u202c",
    "LRI": "\u2066",
    "RLI": "\u2067",
    "FSI": "\u2068",
    "PDI": "\u2069",
}


def lines(name: str) -> Iterator[str]:
    file = FOLDER / name
    if not file.exists():
        pytest.skip(f"{file} is absent: install Debian's unicode-data to run this test")
    for line in file.read_text(encoding="utf-8").splitlines():
        plain = line.split("#")[0].strip()
        if plain:
            yield plain


def shown(found: list[int | None]) -> list[str]:
    return ["x" if level is None else str(level) for level in found]


def test_every_line_of_the_character_test_is_right() -> None:
    wrong = []
    for line in islice(lines("BidiCharacterTest.txt"), 0, None, STEP):
        codes, direction, base, wanted, order = line.split(";")
        text = "".join(chr(int(code, 16)) for code in codes.split())
        got_base, got = levels(text, None if direction == "2" else int(direction))
        good = (
            got_base == int(base)
            and shown(got) == wanted.split()
            and reorder(got) == [int(place) for place in order.split()]
        )
        if not good:
            wrong.append(line)
    assert wrong == []


def test_every_line_of_the_class_test_is_right() -> None:
    wrong = []
    wanted: list[str] = []
    order: list[int] = []
    for number, line in enumerate(lines("BidiTest.txt")):
        if line.startswith("@Levels:"):
            wanted = line.removeprefix("@Levels:").split()
        elif line.startswith("@Reorder:"):
            order = [int(place) for place in line.removeprefix("@Reorder:").split()]
        elif line[0] != "@" and number % STEP == 0:
            classes, bits = line.split(";")
            text = "".join(REPRESENTATIVES[name] for name in classes.split())
            for bit, base in ((1, None), (2, 0), (4, 1)):
                if int(bits, 16) & bit:
                    _, got = levels(text, base)
                    if shown(got) != wanted or reorder(got) != order:
                        wrong.append((line, base))
    assert wrong == []


def test_a_plain_line_keeps_its_order() -> None:
    base, found = levels("plain 12 words")
    assert base == 0
    assert reorder(found) == list(range(14))


def test_numbers_stay_readable_in_a_right_to_left_line() -> None:
    text = "\u05d0 12"
    base, found = levels(text)
    assert base == 1
    assert "".join(text[i] for i in reorder(found)) == "12 \u05d0"
