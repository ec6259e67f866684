"""The appendices: how the score was made, the photos, the people, and how to check it all."""

from collections.abc import Callable, Sequence

from audit_app.reports.content import Photo, SectionPart
from audit_app.reports.pdf.document import Sheets
from audit_app.reports.pdf.tokens import (
    BODY,
    CAPTION,
    CELL,
    CELL_INK,
    CELL_STRONG,
    H2,
    HAIR,
    INK,
    LABEL,
    MARGIN,
    PAGE_W,
    TEXT,
    column,
    span,
    styled,
)
from audit_app.reports.text.structure import Element

_COLUMNS = 2
_LETTERS = "ABCDEFG"
_SCORING = ("scoring_question", "scoring_coverage", "scoring_critical", "scoring_sample")
_PEOPLE = (("name", 1), ("role", 4), ("organisation", 7), ("part", 10))


def draw_appendices(sheets: Sheets) -> None:
    """Draw those that hold something, lettered in their order."""
    content = sheets.content
    parts: list[Callable[[Sheets, str], None]] = [_method]
    if content.photos:
        parts.append(_photos)
    if content.people:
        parts.append(_people)
    parts.append(_data)
    for letter, draw in zip(_LETTERS, parts, strict=False):
        draw(sheets, letter)


def _method(sheets: Sheets, letter: str) -> None:
    content, words = sheets.content, sheets.words
    sheets.appendix(letter, words("method_title"), 200)
    _weights(sheets, [part for part in content.sections if part.weight is not None])
    _texts(sheets, words("samples"), content.sample_words)
    _texts(sheets, words("scoring"), [words(key) for key in _SCORING])
    _texts(sheets, words("agenda"), [content.agenda])


def _weights(sheets: Sheets, parts: Sequence[SectionPart]) -> None:
    """A table of the sections: weight, answered, score."""
    if not parts:
        return
    pen, words = sheets.pen, sheets.words
    _heading(sheets, words("sections_weights"))
    table = pen.section.add("Table")
    places = (column(8), column(10) + 10, PAGE_W - MARGIN)
    heads = (words("weight"), words("answered"), words("score"))
    row = table.add("TR")
    _cell(sheets, row, words("section"), MARGIN, "start")
    for head, x in zip(heads, places, strict=True):
        _cell(sheets, row, head, x, "end")
    sheets.y -= 16
    for part in parts:
        sheets.need(18)
        y = sheets.y
        pen.rule(y, HAIR, 0.5)
        row = table.add("TR")
        name = f"{part.number}  {part.title}".strip()
        pen.words_at(name, MARGIN, y - 12, CELL_INK, tag="TD", parent=row, limit=span(6))
        answered = words(
            "figure_answered_short",
            answered=words.number(part.answered, 0),
            total=words.number(part.total, 0),
        )
        texts = (
            words.percent(part.weight or 0),
            answered,
            "–" if part.score is None else words.percent(part.score),
        )
        for text, x in zip(texts, places, strict=True):
            style = CELL_STRONG if x == places[-1] else CELL
            pen.words_at(text, x, y - 12, style, "end", tag="TD", parent=row)
        sheets.y -= 17
    pen.rule(sheets.y, HAIR, 0.5)
    sheets.y -= 20


def _cell(sheets: Sheets, row: Element, text: str, x: float, align: str) -> None:
    sheets.canvas.begin(row.add("TH", Scope="Column"))
    sheets.pen.words_at(text, x, sheets.y - 10, LABEL, align, tag=None)
    sheets.canvas.end()


def _heading(sheets: Sheets, title: str) -> None:
    sheets.need(70)
    sheets.pen.words_at(title, MARGIN, sheets.y - 12, H2, tag="H2")
    sheets.y -= 20
    sheets.pen.rule(sheets.y, INK, 0.9)
    sheets.y -= 4


def _texts(sheets: Sheets, title: str, texts: Sequence[str]) -> None:
    shown = [text for text in texts if text.strip()]
    if not shown:
        return
    _heading(sheets, title)
    for text in shown:
        sheets.y -= sheets.flow(text, MARGIN, span(11), BODY) + 5
    sheets.y -= 12


def _photos(sheets: Sheets, letter: str) -> None:
    """Every photo, two beside each other, with time, place and hash."""
    content, words = sheets.content, sheets.words
    remark = words.some("photos_remark", len(content.photos))
    sheets.appendix(letter, words("photos"), 230, remark)
    sheets.y -= 2
    for start in range(0, len(content.photos), _COLUMNS):
        pair = content.photos[start : start + _COLUMNS]
        height = max(_photo_height(sheets, photo) for photo in pair)
        sheets.need(height + 18)
        for place, photo in enumerate(pair):
            _photo(sheets, photo, column(1 + place * 6))
        sheets.y -= height + 18


def _photo_height(sheets: Sheets, photo: Photo) -> float:
    width = span(6)
    return width * 2 / 3 + 6 + sheets.pen.height(_said(sheets, photo), width, CAPTION) + 10


def _said(sheets: Sheets, photo: Photo) -> str:
    words = sheets.words
    parts = [words("photo_caption", number=photo.number, caption=photo.caption)]
    parts += [part for part in (photo.taken, photo.where) if part]
    return sheets.pen.shortened("  ·  ".join(parts), span(6), 6, CAPTION)


def _photo(sheets: Sheets, photo: Photo, x: float) -> None:
    pen, width, y = sheets.pen, span(6), sheets.y
    height = width * 2 / 3
    said = _said(sheets, photo)
    pen.picture(photo.jpeg, x, y, width, height, said)
    below = y - height - 4
    below -= pen.block(said, x, below, width, styled(7.5, 10, TEXT))
    digest = f"SHA-256 {photo.sha256[:16]}…{photo.sha256[-8:]}"
    pen.words_at(digest, x, below - 8, CAPTION)


def _people(sheets: Sheets, letter: str) -> None:
    """Who took part."""
    pen, words, content = sheets.pen, sheets.words, sheets.content
    sheets.appendix(letter, words("people"), 90)
    pen.rule(sheets.y, INK, 0.9)
    table = pen.section.add("Table")
    row = table.add("TR")
    for key, place in _PEOPLE:
        _cell(sheets, row, words(key), column(place), "start")
    sheets.y -= 16
    width = span(3) - 6
    for person in content.people:
        texts = [
            pen.shortened(text or "–", width, 3, CELL)
            for text in (person.name, person.role, person.organisation, person.part)
        ]
        height = max(pen.height(text, width, CELL) for text in texts) + 7
        sheets.need(height)
        pen.rule(sheets.y, HAIR, 0.5)
        row = table.add("TR")
        for text, (key, place) in zip(texts, _PEOPLE, strict=True):
            style = CELL_INK if key == "name" else CELL
            pen.block(text, column(place), sheets.y - 3.5, width, style, "TD", row)
        sheets.y -= height
    pen.rule(sheets.y, HAIR, 0.5)


def _data(sheets: Sheets, letter: str) -> None:
    """The hashes, and what can be checked with them."""
    content, words = sheets.content, sheets.words
    sheets.appendix(letter, words("data_title"), 170)
    sheets.holds_data()
    texts = [words("verify_data", hash=content.data_sha256)]
    if content.manifest:
        texts.append(words("verify_manifest", hash=content.manifest))
    if content.trail_head:
        texts.append(words("verify_trail", head=content.trail_head))
    if content.time_zone:
        texts.append(words("times_words", zone=content.time_zone))
    _texts(sheets, words("verify_title"), texts)
