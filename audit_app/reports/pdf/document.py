"""The report as pages: furniture, page breaks, outline; the page kinds are drawn elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportlab import rl_config

from audit_app.reports.content import ReportContent
from audit_app.reports.pdf.painter import Painter
from audit_app.reports.pdf.tokens import (
    BOTTOM,
    CAPTION,
    H1,
    LABEL,
    MARGIN,
    PAGE_H,
    PAGE_W,
    TOP,
    span,
)
from audit_app.reports.pdf.words import Words
from audit_app.reports.text.structure import Element, TaggedCanvas
from audit_app.reports.text.typeface import Typeface

Progress = Callable[[int, int, str], None]
"""Parts done, parts in all, and which part comes."""

CONTENTS_FROM = 12
"""Pages from which a table of contents is worth its page."""

OUTLINE_LONGEST = 160
"""Characters of a line in the outline."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the outline; ``level`` 0 is a chapter."""

    page: int
    title: str
    level: int
    y: float


class Sheets:
    """The growing stack of pages.

    Attributes:
        y: where the next block begins; moves down the page.
    """

    def __init__(self, file: Path, content: ReportContent, words: Words, fonts: Path) -> None:
        # The same content gives the same bytes; streams stay binary.
        rl_config.invariant = 1
        rl_config.useA85 = 0
        self.content = content
        self.canvas = TaggedCanvas(str(file), pagesize=(PAGE_W, PAGE_H), pageCompression=1)
        self.pen = Painter(self.canvas, Typeface(fonts), words)
        self.words = words
        self.marks: list[Mark] = []
        self.y = TOP
        self._pages: list[dict[str, Any]] = []
        self._bare: set[int] = set()
        self._late: dict[int, Callable[[int], None]] = {}
        self.canvas.sheet = 1
        self.canvas.open_page()

    @property
    def page(self) -> int:
        """The number of the present page, from 1."""
        return len(self._pages) + 1

    def next_page(self, *, bare: bool = False) -> None:
        """Finish this page and begin another; a bare one (the cover) has no running head."""
        if bare:
            self._bare.add(self.page)
        self._pages.append(dict(self.canvas.__dict__))
        self.canvas._startPage()  # noqa: SLF001 (reportlab's own way to keep a page back)
        self.canvas.sheet = self.page
        self.canvas.open_page()
        self.y = TOP

    def later(self, draw: Callable[[int], None]) -> None:
        """Draw on the present page when the number of pages is known."""
        self._late[self.page] = draw

    def chapter(self, title: str, remark: str = "") -> None:
        """A chapter's heading at the top of a new section."""
        self.pen.begin_section()
        self.mark(title, 0, self.y + 22)
        self.pen.words_at(title, MARGIN, self.y, H1, tag="H1")
        if remark:
            self.pen.words_at(remark, PAGE_W - MARGIN, self.y + 1, CAPTION, "end")
        self.y -= 24

    def mark(self, title: str, level: int, y: float) -> None:
        """Put a place into the outline."""
        short = " ".join(title[:OUTLINE_LONGEST].split())
        self.marks.append(Mark(self.page, short, level, y))

    def room(self, height: float) -> bool:
        """Whether a block of this height still fits."""
        return self.y - height >= BOTTOM

    def need(self, height: float) -> bool:
        """Begin a new page if a block of this height does not fit; whether it did."""
        if self.room(height) or self.y >= TOP:
            return False
        self.next_page()
        return True

    def finish(self) -> int:
        """Draw what needed the number of pages, and write the file; gives that number."""
        self._pages.append(dict(self.canvas.__dict__))
        total = len(self._pages)
        for number, state in enumerate(self._pages, 1):
            self.canvas.__dict__.update(state)
            if number in self._late:
                self._late[number](total)
            self._furniture(number, total)
            self.canvas.close_marks()
            self._outline(number)
            self.canvas.showPage()
        self.canvas.save()
        return total

    def _furniture(self, number: int, total: int) -> None:
        pen, content = self.pen, self.content
        pen.rule(42)
        line = pen.fitted(content.confidentiality, span(9 if not content.draft else 5), CAPTION)
        pen.words_at(line, MARGIN, 29, CAPTION, tag=None)
        count = self.words("page_of", page=number, pages=total)
        pen.words_at(count, PAGE_W - MARGIN, 29, CAPTION, "end", tag=None)
        if content.draft:
            words = self.words("draft")
            pen.words_at(words, PAGE_W / 2, 29, LABEL, "center", tag=None)
        if number in self._bare:
            return
        vendor = pen.fitted(content.vendor, span(5), CAPTION)
        site = pen.fitted(content.site, span(4), CAPTION)
        pen.words_at(f"{vendor}  ·  {site}", MARGIN, PAGE_H - 38, CAPTION, tag=None)
        head = pen.fitted(self.words("audit_number", number=content.number), span(3), CAPTION)
        pen.words_at(head, PAGE_W - MARGIN, PAGE_H - 38, CAPTION, "end", tag=None)
        pen.rule(PAGE_H - 46)

    def _outline(self, number: int) -> None:
        for index, mark in enumerate(self.marks):
            if mark.page != number:
                continue
            key = f"mark{index}"
            self.canvas.bookmarkPage(key, fit="XYZ", left=0, top=mark.y + 8)
            self.canvas.addOutlineEntry(mark.title, key, level=mark.level, closed=mark.level > 0)

    def key_of(self, mark: Mark) -> str:
        """The name of a place, for links."""
        return f"mark{self.marks.index(mark)}"


def table_of_contents(sheets: Sheets) -> None:
    """Keep a page for the contents; it is filled when all pages are known."""
    pen, words = sheets.pen, sheets.words
    sheets.chapter(words("contents"))
    section = pen.section
    top = sheets.y

    def draw(_total: int) -> None:
        from audit_app.reports.pdf.tokens import BODY, CELL_STRONG, HAIR

        table: Element = section.add("Table")
        y = top
        for mark in sheets.marks:
            if mark.level or mark.title == words("contents"):
                continue
            row = table.add("TR")
            y -= 24
            pen.words_at(mark.title, MARGIN, y + 8, BODY, tag="TH", parent=row, limit=span(10))
            pen.words_at(
                str(mark.page), PAGE_W - MARGIN, y + 8, CELL_STRONG, "end", tag="TD", parent=row
            )
            pen.rule(y, HAIR)
            box = (MARGIN, y, PAGE_W - MARGIN, y + 24)
            sheets.canvas.link(section.add("Link"), mark.title, sheets.key_of(mark), box)

    sheets.later(draw)
    sheets.next_page()
