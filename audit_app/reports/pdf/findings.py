"""The finding cards."""

from collections.abc import Sequence

from audit_app.domain.words import Grade
from audit_app.reports.content import ActionLine, FindingPart, Photo
from audit_app.reports.pdf.document import Sheets
from audit_app.reports.pdf.tokens import (
    CAPTION,
    CELL,
    FINDING,
    GOOD,
    GRADES,
    HAIR,
    LABEL,
    MARGIN,
    PAGE_W,
    TINT,
    TOP,
    WIDTH,
    column,
    span,
    styled,
)
from audit_app.reports.text.structure import Element
from audit_app.reports.text.typeface import Weight

_INDENT = 14.0
_LABELS = 62.0
_KEPT_TOGETHER = 180.0
"""Points of a text that are not parted if that can be helped."""

_TITLE_LINES, _CELL_LINES, _CAPTION_LINES = 5, 24, 5


def draw_findings(sheets: Sheets) -> None:
    """One card for each finding, gravest first; a critical one begins a page."""
    content, words = sheets.content, sheets.words
    if not content.findings:
        return
    remark = words.some("findings_remark", len(content.findings))
    sheets.chapter(words("findings"), remark)
    photos = {photo.number: photo for photo in content.photos}
    for finding in content.findings:
        _card(sheets, finding, [photos[n] for n in finding.photos if n in photos])
    if sheets.y < TOP:
        sheets.next_page()


def _card(sheets: Sheets, finding: FindingPart, photos: Sequence[Photo]) -> None:
    pen, words = sheets.pen, sheets.words
    rows = [
        (words(key), text)
        for key, text in (
            ("condition", finding.condition),
            ("criteria_short", finding.criteria),
            ("cause", finding.cause),
            ("impact", finding.impact),
            ("containment", finding.containment),
            ("dissent", finding.dissent),
            ("repeat", finding.repeat_of),
        )
        if text.strip()
    ]
    text_width = (span(8) - 14 if photos else WIDTH - 14) - _LABELS - 6
    first = sum(pen.height(text, text_width, CELL) + 5 for _, text in rows[:2])
    first = min(first, _KEPT_TOGETHER)
    picture = span(4) * 2 / 3 + 30 if photos else 0.0
    sheets.need(46 + max(first, picture) + 40)
    _head(sheets, finding)
    top, page = sheets.y, sheets.page
    for label, text in rows:
        height = pen.height(text, text_width, CELL)
        if not sheets.room(min(height, _KEPT_TOGETHER) + 5):
            sheets.next_page()
        if sheets.page != page:
            text_width = WIDTH - 14 - _LABELS - 6
        pen.words_at(label, MARGIN + _INDENT, sheets.y - 8.9, LABEL)
        x = MARGIN + _INDENT + _LABELS
        sheets.y -= sheets.flow(text, x, text_width, CELL) + 5
    if photos and sheets.page == page:
        sheets.y = min(sheets.y, _photos(sheets, photos[:2], top))
    sheets.y -= 4
    if finding.actions:
        _actions(sheets, finding.actions, inset=_INDENT)
    sheets.y -= 20


def _head(sheets: Sheets, finding: FindingPart) -> None:
    pen, words = sheets.pen, sheets.words
    color = GRADES[finding.grade]
    width = WIDTH - _INDENT
    title = pen.shortened(finding.title, width, _TITLE_LINES, FINDING)
    height = pen.height(title, width, FINDING)
    y = sheets.y
    sheets.mark(f"{finding.number} {finding.title}", 1, y)
    pen.box(MARGIN, y - 18 - height, 4, 18 + height, color)
    number = styled(8.5, 12, color, Weight.SEMIBOLD)
    taken = pen.words_at(finding.number, MARGIN + _INDENT, y - 11, number, limit=60)
    pen.pill(words.grade(finding.grade), MARGIN + _INDENT + taken + 14, y - 14.5, color)
    where_w = WIDTH - _INDENT - taken - 110
    pen.words_at(finding.where, PAGE_W - MARGIN, y - 11, CAPTION, "end", limit=where_w)
    pen.block(title, MARGIN + _INDENT, y - 17, width, FINDING)
    sheets.y = y - 17 - height - 13


def _photos(sheets: Sheets, photos: Sequence[Photo], top: float) -> float:
    """Photos in the right-hand columns; gives the y below them."""
    pen, words = sheets.pen, sheets.words
    x, width, y = column(9), span(4), top - 1
    for photo in photos:
        height = width * 2 / 3
        caption = words("photo_caption", number=photo.number, caption=photo.caption)
        caption = "  ·  ".join(part for part in (caption, photo.taken) if part)
        caption = pen.shortened(caption, width, _CAPTION_LINES, CAPTION)
        if y - height - pen.height(caption, width, CAPTION) < 60:
            break
        pen.picture(photo.jpeg, x, y, width, height, caption)
        y -= height + 4
        y -= pen.block(caption, x, y, width, CAPTION) + 8
    return y + 4


def _actions(
    sheets: Sheets,
    actions: Sequence[ActionLine],
    *,
    inset: float = 0.0,
) -> None:
    """A table of actions on a tinted ground, broken between rows."""
    pen, words = sheets.pen, sheets.words
    text_x = MARGIN + inset + 8
    text_w = span(6) - 16 - inset
    table = pen.section.add("Table")
    started = False
    for action in actions:
        owner_x, due_x, state_x = column(7) + 2, column(10) - 24, column(11) + 8
        text = pen.shortened(action.text, text_w, _CELL_LINES, CELL)
        owner_w = due_x - owner_x - 6
        owner = pen.shortened(action.owner, owner_w, _CELL_LINES, CELL) or "–"
        needed = max(pen.height(text, text_w, CELL), pen.height(owner, owner_w, CELL))
        height = max(17.0, needed + 6)
        if not sheets.room(height + (0 if started else 20)):
            sheets.next_page()
            started = False
        if not started:
            _action_head(sheets, table, inset)
            started = True
        y = sheets.y
        pen.box(MARGIN + inset, y - height, WIDTH - inset, height, TINT)
        pen.line((text_x, y), (PAGE_W - MARGIN - 8, y), HAIR)
        row = table.add("TR")
        pen.block(text, text_x, y - 3, text_w, CELL, "TD", row)
        due = words.day(action.due) if action.due else "–"
        pen.block(owner, owner_x, y - 3, owner_w, CELL, "TD", row)
        late = styled(8.5, 12, GRADES[Grade.CRITICAL], Weight.MEDIUM)
        pen.words_at(due, due_x, y - 12, late if action.overdue else CELL, tag="TD", parent=row)
        color = GRADES[Grade.MINOR] if action.is_open else GOOD
        if action.overdue:
            color = GRADES[Grade.CRITICAL]
        state = words("overdue") if action.overdue else action.state
        style = styled(8.5, 12, color, Weight.MEDIUM)
        state_w = PAGE_W - MARGIN - 4 - state_x
        pen.words_at(state, state_x, y - 12, style, tag="TD", parent=row, limit=state_w)
        sheets.y -= height


def _action_head(sheets: Sheets, table: Element, inset: float) -> None:
    pen, words, y = sheets.pen, sheets.words, sheets.y
    pen.box(MARGIN + inset, y - 19, WIDTH - inset, 19, TINT)
    row = table.add("TR")
    places = (MARGIN + inset + 8, column(7) + 2, column(10) - 24, column(11) + 8)
    for x, key in zip(places, ("action", "owner", "due", "status"), strict=True):
        head = row.add("TH", Scope="Column")
        with_pen = sheets.canvas
        with_pen.begin(head)
        pen.words_at(words(key), x, y - 13, LABEL, tag=None)
        with_pen.end()
    sheets.y -= 19
