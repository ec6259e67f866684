"""The report as pages: furniture, page breaks, outline; the page kinds are drawn elsewhere."""

from collections.abc import Callable, Sequence
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
    WIDTH,
    span,
)
from audit_app.reports.text.structure import Element, TaggedCanvas
from audit_app.reports.text.typeface import Style, Typeface
from audit_app.reports.words import Words

Progress = Callable[[int, int, str], None]
"""Parts done, parts in all, and which part comes."""

OUTLINE_LONGEST = 160
"""Characters of a line in the outline."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A text in a row that may go over pages: x and width of its column, and its place."""

    text: str
    x: float
    width: float
    style: Style
    element: Element


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in the outline; ``level`` 0 is a chapter."""

    sheet: int
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
        self._second = 0
        self._data_page = 0
        self._data_number = 0
        self.canvas.sheet = 1
        self.canvas.open_page()

    @property
    def page(self) -> int:
        """The present sheet, from 1 in the order of drawing."""
        return len(self._pages) + 1

    @property
    def order(self) -> list[int]:
        """The sheets in the order of the finished file."""
        sheets = list(range(1, self.page + 1))
        if self._second:
            sheets.remove(self._second)
            sheets.insert(1, self._second)
        return sheets

    def number(self, sheet: int) -> int:
        """The printed number of a sheet."""
        return self.order.index(sheet) + 1

    def next_page(self, *, bare: bool = False) -> None:
        """Finish this page and begin another; a bare one (the cover) has no running head."""
        if bare:
            self._bare.add(self.page)
        self._pages.append(dict(self.canvas.__dict__))
        self.canvas._startPage()  # noqa: SLF001 (reportlab's own way to keep a page back)
        self.canvas.sheet = self.page
        self.canvas.open_page()
        self.y = TOP

    def put_second(self) -> None:
        """The present sheet becomes the second page; what was drawn last is read there too."""
        self._second = self.page
        kids = self.pen.root.kids
        kids.insert(1, kids.pop())

    def holds_data(self) -> None:
        """The present sheet is the one that tells the hash of the data file."""
        self._data_page = self.page

    def appendix(self, letter: str, title: str, room: float, remark: str = "") -> None:
        """An appendix; it follows on the same page where its first block has room."""
        if self.y < TOP:
            if self.room(room + 60):
                self.y -= 34
            else:
                self.next_page()
        self.chapter(self.words("appendix", letter=letter, title=title), remark)

    def chapter(self, title: str, remark: str = "") -> None:
        """A chapter's heading at the top of a new section."""
        self.pen.begin_section()
        self.mark(title, 0, self.y + 22)
        shown = self.pen.fitted(title, WIDTH, H1)
        taken = self.pen.words_at(shown, MARGIN, self.y, H1, tag="H1")
        if remark and taken + self.pen.width(remark, CAPTION) + 16 <= WIDTH:
            self.pen.words_at(remark, PAGE_W - MARGIN, self.y + 1, CAPTION, "end")
        elif remark:
            self.y -= self.pen.block(remark, MARGIN, self.y - 10, WIDTH, CAPTION)
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

    def flow(self, text: str, x: float, width: float, style: Style) -> float:
        """Draw a text that may go over pages; gives what it took of the page it ends on.

        The caller moves ``y`` by that much, as with ``block``.
        """
        element = self.pen.section.add(style.tag)
        return self.flow_row([Cell(text, x, width, style, element)], lambda: None)

    def flow_row(self, cells: Sequence[Cell], new_page: Callable[[], None]) -> float:
        """Draw texts beside each other that may go over pages; gives what the last part took.

        Args:
            new_page: called on each further page, such as for the head of the table.
        """
        made = [self.pen.paragraph(cell.text, cell.style) for cell in cells]
        left = [part.lines(cell.width) for part, cell in zip(made, cells, strict=True)]
        while True:
            taken = 0.0
            for place, (part, cell) in enumerate(zip(made, cells, strict=True)):
                leading = cell.style.leading
                fitting = max(1, int((self.y - BOTTOM) // leading))
                now, left[place] = left[place][:fitting], left[place][fitting:]
                if now:
                    self.pen.lines(part, now, cell.x, self.y, cell.width, cell.element)
                    taken = max(taken, len(now) * leading)
            if not any(left):
                return taken
            self.next_page()
            new_page()

    def finish(self) -> int:
        """Draw running heads and feet, and write the file; gives the number of pages."""
        order = self.order
        self._data_number = self.number(self._data_page) if self._data_page else 0
        self._pages.append(dict(self.canvas.__dict__))
        total = len(order)
        for number, sheet in enumerate(order, 1):
            self.canvas.__dict__.update(self._pages[sheet - 1])
            self._furniture(sheet, number, total)
            self.canvas.close_marks()
            self._outline(sheet)
            self.canvas.showPage()
        self.canvas.save()
        return total

    def _furniture(self, sheet: int, number: int, total: int) -> None:
        pen, content = self.pen, self.content
        pen.rule(42)
        line = content.confidentiality
        if self._data_page and sheet not in self._bare and not content.draft:
            digest = content.data_sha256
            short = f"{digest[:4]}…{digest[-4:]}"
            seal = self.words("data_hash", hash=short, page=self._data_number)
            line = "  ·  ".join(part for part in (pen.fitted(line, span(6), CAPTION), seal) if part)
        line = pen.fitted(line, span(5 if content.draft else 11), CAPTION)
        pen.words_at(line, MARGIN, 29, CAPTION, tag=None)
        count = self.words("page_of", page=number, pages=total)
        pen.words_at(count, PAGE_W - MARGIN, 29, CAPTION, "end", tag=None)
        if content.draft:
            words = self.words("draft")
            pen.words_at(words, PAGE_W / 2, 29, LABEL, "center", tag=None)
        if sheet in self._bare:
            return
        vendor = pen.fitted(content.vendor, span(5), CAPTION)
        site = pen.fitted(content.site, span(4), CAPTION)
        pen.words_at(f"{vendor}  ·  {site}", MARGIN, PAGE_H - 38, CAPTION, tag=None)
        head = pen.fitted(self.words("audit_number", number=content.number), span(3), CAPTION)
        pen.words_at(head, PAGE_W - MARGIN, PAGE_H - 38, CAPTION, "end", tag=None)
        pen.rule(PAGE_H - 46)

    def _outline(self, sheet: int) -> None:
        for index, mark in enumerate(self.marks):
            if mark.sheet != sheet:
                continue
            key = f"mark{index}"
            self.canvas.bookmarkPage(key, fit="XYZ", left=0, top=mark.y + 8)
            self.canvas.addOutlineEntry(mark.title, key, level=mark.level, closed=mark.level > 0)

    def key_of(self, mark: Mark) -> str:
        """The name of a place, for links."""
        return f"mark{self.marks.index(mark)}"
