"""Spreadsheets that no spreadsheet program would write."""

import io
import random
import zipfile
from collections.abc import Callable

from tests.builders import SMALL_FORM, a_spreadsheet

SHEET = "xl/worksheets/sheet1.xml"
"""The survey of ``small()``."""


def small() -> bytes:
    """A harmless checklist to start from."""
    return a_spreadsheet(SMALL_FORM)


def parts_of(data: bytes) -> dict[str, bytes]:
    """The parts of a spreadsheet by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: dict[str, bytes]) -> bytes:
    """A spreadsheet of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def edited(change: Callable[[str], str], part: str = SHEET) -> bytes:
    """The harmless checklist with one part changed."""
    parts = parts_of(small())
    parts[part] = change(parts[part].decode()).encode()
    return packed(parts)


def with_rows(rows: str) -> bytes:
    """The harmless checklist with more rows, as raw XML, at the end of its survey."""
    return edited(lambda xml: xml.replace("</sheetData>", rows + "</sheetData>"))


def text_cell(ref: str, text: str) -> str:
    """A cell with its text in place."""
    return f'<c r="{ref}" t="inlineStr"><is><t>{text}</t></is></c>'


def a_bomb(megabytes: int) -> bytes:
    """The harmless checklist and a part of nothing but blanks."""
    return packed({**parts_of(small()), "xl/media/blank.bin": b" " * (megabytes * 1_000_000)})


def a_lying_bomb(megabytes: int) -> bytes:
    """A bomb whose directory says it unpacks to one byte."""
    data = bytearray(a_bomb(megabytes))
    size = (megabytes * 1_000_000).to_bytes(4, "little")
    start = 0
    while (at := data.find(size, start)) >= 0:
        data[at : at + 4] = (1).to_bytes(4, "little")
        start = at + 4
    return bytes(data)


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY a{i} "{f"&a{i - 1 if i > 1 else str()};" * 10}">' for i in range(1, 10))
    + "]>"
)
"""A document type whose last entity grows to a billion letters."""


def mutant(data: bytes, dice: random.Random) -> bytes:
    """The bytes with a few random scars."""
    out = bytearray(data)
    for _ in range(dice.randint(1, 8)):
        at = dice.randrange(len(out))
        match dice.randrange(4):
            case 0:
                out[at] = dice.randrange(256)
            case 1:
                del out[at : at + dice.randint(1, 64)]
            case 2:
                out[at:at] = out[at : at + dice.randint(1, 64)]
            case _:
                del out[max(at, 30) :]
        if len(out) < 40:
            break
    return bytes(out)


def inner_mutant(data: bytes, dice: random.Random) -> bytes:
    """A sound archive one of whose parts has scars."""
    parts = parts_of(data)
    name = dice.choice([name for name in parts if name.endswith((".xml", ".rels"))])
    parts[name] = mutant(parts[name], dice)
    return packed(parts)
