"""What became of the actions of earlier audits."""

from audit_app.domain.words import Grade
from audit_app.reports.content import ActionLine
from audit_app.reports.pdf.document import Sheets
from audit_app.reports.pdf.tokens import (
    CAPTION,
    CELL,
    CELL_STRONG,
    GOOD,
    GRADES,
    HAIR,
    INK,
    LABEL,
    MARGIN,
    PAGE_W,
    styled,
)
from audit_app.reports.text.structure import Element
from audit_app.reports.text.typeface import Weight

_FINDING, _ACTION, _OWNER, _DUE, _AGE, _STATUS = 0.0, 88.0, 254.0, 328.0, 386.0, 424.0
_COLUMNS = (
    ("finding", _FINDING),
    ("action", _ACTION),
    ("owner", _OWNER),
    ("due", _DUE),
    ("age", _AGE),
    ("status", _STATUS),
)


def draw_earlier(sheets: Sheets) -> None:
    """Draw the follow-up; its head repeats on every page."""
    content, words = sheets.content, sheets.words
    if not content.earlier_actions:
        return
    sheets.chapter(words("earlier"), words("earlier_remark"))
    sheets.y -= 4
    table = sheets.pen.section.add("Table")
    _head(sheets, table)
    for action in content.earlier_actions:
        height = _height(sheets, action)
        if not sheets.room(height):
            sheets.next_page()
            _head(sheets, None)
        _row(sheets, table, action, height)
    sheets.pen.rule(sheets.y, HAIR)
    sheets.next_page()


def _head(sheets: Sheets, table: Element | None) -> None:
    """The table's head; a repeated one is decoration, so that it is read out once."""
    pen, words = sheets.pen, sheets.words
    pen.rule(sheets.y, INK, 0.9)
    row = table.add("TR") if table is not None else None
    for key, x in _COLUMNS:
        if row is not None:
            sheets.canvas.begin(row.add("TH", Scope="Column"))
        pen.words_at(words(key), MARGIN + x, sheets.y - 12, LABEL, tag=None)
        if row is not None:
            sheets.canvas.end()
    sheets.y -= 18


def _said(sheets: Sheets, action: ActionLine) -> str:
    """The action, and below it who saw that it was done."""
    words, name = sheets.words, action.verified_by
    if not name:
        return ""
    said = words("verified_by", name=name)
    if action.done is not None:
        said = words("verified_on", name=name, date=words.day(action.done))
    return sheets.pen.shortened(said, _text_width(), 2, CAPTION)


def _text_width() -> float:
    return _OWNER - _ACTION - 10


def _height(sheets: Sheets, action: ActionLine) -> float:
    pen, width = sheets.pen, _text_width()
    text = pen.height(pen.shortened(action.text, width, 20, CELL), width, CELL)
    said = _said(sheets, action)
    if said:
        text += pen.height(said, width, CAPTION)
    owner = pen.height(
        pen.shortened(action.owner, _DUE - _OWNER - 8, 4, CELL), _DUE - _OWNER - 8, CELL
    )
    return max(24.0, text, owner) + 7


def _row(sheets: Sheets, table: Element, action: ActionLine, height: float) -> None:
    pen, words, y = sheets.pen, sheets.words, sheets.y
    pen.rule(y, HAIR, 0.5)
    row = table.add("TR")
    first = y - 12.4
    sheets.canvas.begin(row.add("TD"))
    pen.words_at(action.finding, MARGIN, first, CELL_STRONG, tag=None, limit=_ACTION - 6)
    pen.words_at(action.audit, MARGIN, first - 11, CAPTION, tag=None, limit=_ACTION - 6)
    sheets.canvas.end()
    width = _text_width()
    cell = row.add("TD")
    text = pen.shortened(action.text, width, 20, CELL)
    used = pen.block(text, MARGIN + _ACTION, y - 3.5, width, CELL, "P", cell)
    said = _said(sheets, action)
    if said:
        pen.block(said, MARGIN + _ACTION, y - 3.5 - used, width, CAPTION, "P", cell)
    owner_w = _DUE - _OWNER - 8
    owner = pen.shortened(action.owner or "–", owner_w, 4, CELL)
    pen.block(owner, MARGIN + _OWNER, y - 3.5, owner_w, CELL, "TD", row)
    late = styled(8.5, 12, GRADES[Grade.CRITICAL], Weight.MEDIUM)
    due = words.day(action.due) if action.due else "–"
    style = late if action.overdue else CELL
    pen.words_at(due, MARGIN + _DUE, first, style, tag="TD", parent=row, limit=_AGE - _DUE - 4)
    age = _age(sheets, action)
    pen.words_at(age, MARGIN + _AGE, first, CELL, tag="TD", parent=row, limit=_STATUS - _AGE - 4)
    color = GRADES[Grade.MINOR] if action.is_open else GOOD
    state = words("overdue") if action.overdue else action.state
    style = late if action.overdue else styled(8.5, 12, color, Weight.MEDIUM)
    width = PAGE_W - MARGIN - (MARGIN + _STATUS)
    pen.words_at(state, MARGIN + _STATUS, first, style, tag="TD", parent=row, limit=width)
    sheets.y -= height


def _age(sheets: Sheets, action: ActionLine) -> str:
    """Days since it was agreed, for what is still open."""
    if action.opened is None or not action.is_open:
        return "–"
    return sheets.words.some("short_days", (sheets.content.issued - action.opened).days)
