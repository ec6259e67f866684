"""The structure tree: what is a heading, a cell, a figure; all else is decoration."""

from dataclasses import dataclass, field
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from audit_app.reports.text.embed import Embedding
from audit_app.reports.text.face import Face

_KEPT_EMPTY = ("TD", "TH")


@dataclass(frozen=True, slots=True)
class Content:
    """Marked content: the sheet it is drawn on, and its number there."""

    sheet: int
    number: int


@dataclass(frozen=True, slots=True)
class Target:
    """A link's annotation: the sheet it lies on, and its place among that sheet's annotations."""

    sheet: int
    place: int


@dataclass(eq=False, slots=True)
class Element:
    """One element of the tree.

    Attributes:
        attributes: Alt, Lang, BBox, Scope, ColSpan.
    """

    tag: str
    attributes: dict[str, Any] = field(default_factory=dict)
    kids: list["Element | Content | Target"] = field(default_factory=list)

    def add(self, tag: str, **attributes: object) -> "Element":
        """A new element below this one."""
        made = Element(tag, dict(attributes))
        self.kids.append(made)
        return made

    def pruned(self) -> bool:
        """Drop elements that hold nothing; whether anything is left."""
        self.kids = [kid for kid in self.kids if not isinstance(kid, Element) or kid.pruned()]
        # An empty cell keeps its place, so that every row has the same columns.
        return bool(self.kids) or self.tag in _KEPT_EMPTY


class TaggedCanvas(Canvas):
    """A canvas on which everything is an artifact until an element is begun.

    Attributes:
        sheet: the present page's name in the structure. It is not the page's number, so that a
            page drawn late can be put before others.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        self.sheet = 0
        self._marked = False
        self._next: dict[int, int] = {}
        self._fonts: dict[str, Embedding] = {}
        super().__init__(*args, **options)

    def begin(self, element: Element) -> None:
        """What follows belongs to this element."""
        number = self._next.get(self.sheet, 0)
        self._next[self.sheet] = number + 1
        element.kids.append(Content(self.sheet, number))
        self._mark(f"/{element.tag} <</MCID {number}>> BDC")

    def end(self) -> None:
        """What follows is decoration again."""
        self._mark("/Artifact BMC")

    def link(
        self, element: Element, words: str, key: str, box: tuple[float, float, float, float]
    ) -> None:
        """Make a box of the page jump to a place; the element tells what it is for."""
        place = len(self.__dict__["_annotationrefs"])
        self.linkRect(words, key, box, relative=0, thickness=0)
        element.kids.append(Target(self.sheet, place))

    def font(self, face: Face) -> Embedding:
        """How this document writes the face's glyphs."""
        made = self._fonts.get(face.resource)
        if made is None:
            made = self._fonts[face.resource] = Embedding(face, self.document)
        return made

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
