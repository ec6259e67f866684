"""The structure tree: what is a heading, a cell, a figure; all else is decoration."""

from dataclasses import dataclass, field
from typing import Any

from reportlab.pdfgen.canvas import Canvas


@dataclass(eq=False)
class Element:
    """One element of the tree.

    Attributes:
        kids: elements, and (page, content number) pairs.
        attributes: Alt, Lang, BBox, Scope, ColSpan.
    """

    tag: str
    attributes: dict[str, Any] = field(default_factory=dict)
    kids: list["Element | tuple[int, int]"] = field(default_factory=list)

    def add(self, tag: str, **attributes: object) -> "Element":
        """A new element below this one."""
        made = Element(tag, dict(attributes))
        self.kids.append(made)
        return made

    def pruned(self) -> bool:
        """Drop elements that hold nothing; whether anything is left."""
        self.kids = [kid for kid in self.kids if not isinstance(kid, Element) or kid.pruned()]
        return bool(self.kids)


class TaggedCanvas(Canvas):
    """A canvas on which everything is an artifact until an element is begun."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self._marked = False
        self._next: dict[int, int] = {}
        super().__init__(*args, **options)

    def begin(self, element: Element) -> None:
        """What follows belongs to this element."""
        page = self.getPageNumber()
        number = self._next.get(page, 0)
        self._next[page] = number + 1
        element.kids.append((page, number))
        self._mark(f"/{element.tag} <</MCID {number}>> BDC")

    def end(self) -> None:
        """What follows is decoration again."""
        self._mark("/Artifact BMC")

    def _mark(self, operator: str) -> None:
        if self._marked:
            self.write("EMC")
        self.write(operator)
        self._marked = True

    @property
    def document(self) -> Any:
        """The PDF under construction."""
        return self.__dict__["_doc"]

    def write(self, operator: str) -> None:
        """Add an operator to the page; reportlab has no other way to place glyphs."""
        self.__dict__["_code"].append(operator)

    def forget_color(self) -> None:
        """Colours were set behind the canvas's back; it must not think it knows them."""
        self.__dict__["_fillColorObj"] = None

    def open_page(self) -> None:
        """Every page starts as decoration."""
        if not self._marked:
            self._mark("/Artifact BMC")

    def _make_preamble(self) -> None:
        # reportlab would name a font here that is not embedded.
        self._preamble = "1 0 0 1 0 0 cm"

    def _startPage(self) -> None:  # noqa: N802 (reportlab's name)
        super()._startPage()  # type: ignore[misc]
        self._marked = False

    def close_marks(self) -> None:
        """End the last mark of a page; called before the page is finished."""
        if self._marked:
            self.write("EMC")
            self._marked = False
