"""From a drawn file to PDF/A-3a and PDF/UA-1: structure tree, metadata, attached data."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pikepdf
from pikepdf import Array, Dictionary, Name, String, pdfa

from audit_app.reports.text.structure import Element, Target

PRODUCER = "Onsite"
LONGEST_STRING = 2000
"""Characters of a title or an alternative text; PDF/A allows 32,767 bytes."""


@dataclass(frozen=True, slots=True)
class About:
    """What the file says of itself."""

    title: str
    author: str
    subject: str
    language: str
    issued: date


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the drawing left behind: the structure, and the sheets in the order of the pages."""

    root: Element
    order: list[int]


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the file; the report was made from it."""

    name: str
    mime: str
    data: bytes
    description: str


def finish(
    file: Path, out: Path, drawn: Drawn, about: About, attachments: tuple[Attachment, ...]
) -> None:
    """Write the finished file; the same input gives the same bytes."""
    with pikepdf.open(file) as pdf:
        _describe(pdf, about)
        _Tree(pdf, drawn.order).write(drawn.root)
        for attachment in attachments:
            _attach(pdf, attachment, about.issued)
        pdfa.prepare(pdf, "3b")
        _metadata(pdf, about)
        options = dict(pdfa.resolve_save_kwargs("3b"))
        options.pop("fix_metadata_version", None)
        pdf.save(out, **{**options, "deterministic_id": True, "fix_metadata_version": False})


def _describe(pdf: pikepdf.Pdf, about: About) -> None:
    pdf.Root.Lang = String(about.language)
    pdf.Root.MarkInfo = Dictionary(Marked=True)
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
    pdf.Root.PageMode = Name.UseOutlines
    for page in pdf.pages:
        if "/Trans" in page:
            del page["/Trans"]


class _Tree:
    """Builds the structure tree and its index by page."""

    def __init__(self, pdf: pikepdf.Pdf, order: list[int]) -> None:
        self._pdf = pdf
        self._pages = {sheet: page.obj for sheet, page in zip(order, pdf.pages, strict=True)}
        self._by_page: dict[int, dict[int, Any]] = {}
        self._links: list[tuple[Any, Any]] = []

    def write(self, root: Element) -> None:
        """Put the tree into the file."""
        root.pruned()
        tree = self._pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        document = self._element(root, tree)
        tree.K = document
        numbers: list[Any] = []
        count = 0
        for number, page in self._pages.items():
            page.Tabs = Name.S
            contents = self._by_page.get(number)
            if contents:
                page.StructParents = count
                owners = [contents.get(i) for i in range(max(contents) + 1)]
                numbers += [count, self._pdf.make_indirect(Array(owners))]
                count += 1
        for link, owner in self._links:
            link.StructParent = count
            numbers += [count, owner]
            count += 1
        tree.ParentTree = self._pdf.make_indirect(Dictionary(Nums=Array(numbers)))
        tree.ParentTreeNextKey = count
        self._pdf.Root.StructTreeRoot = tree

    def _element(self, element: Element, parent: Any) -> Any:
        made = self._pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name("/" + element.tag), P=parent)
        )
        self._attributes(made, element)
        kids: list[Any] = []
        for kid in element.kids:
            if isinstance(kid, Element):
                kids.append(self._element(kid, made))
                continue
            page = self._pages[kid.sheet]
            if "/Pg" not in made:
                made.Pg = page
            if isinstance(kid, Target):
                kids.append(self._target(made, page, kid.place))
                continue
            self._by_page.setdefault(kid.sheet, {})[kid.number] = made
            if made.Pg.objgen == page.objgen:
                kids.append(kid.number)
            else:
                kids.append(Dictionary(Type=Name.MCR, Pg=page, MCID=kid.number))
        if kids:
            made.K = Array(kids) if len(kids) > 1 else kids[0]
        return made

    def _attributes(self, made: Any, element: Element) -> None:
        given = element.attributes
        if given.get("Alt"):
            made.Alt = String(given["Alt"][:LONGEST_STRING])
        if given.get("Lang"):
            made.Lang = String(given["Lang"])
        if element.tag == "Figure":
            box = [round(edge, 2) for edge in given["BBox"]]
            made.A = Dictionary(O=Name.Layout, BBox=Array(box), Placement=Name.Block)
        if element.tag == "TH":
            scope = Name("/" + given.get("Scope", "Row"))
            made.A = Dictionary(O=Name.Table, Scope=scope)

    def _target(self, owner: Any, page: Any, place: int) -> Any:
        """A link's annotation as a part of its element."""
        link = page.Annots[place]
        link.Contents = String(str(link.get("/Contents", "Link")))
        link.F = 4
        self._links.append((link, owner))
        return Dictionary(Type=Name.OBJR, Obj=link, Pg=page)


def _attach(pdf: pikepdf.Pdf, attachment: Attachment, issued: date) -> None:
    spec = pikepdf.AttachedFileSpec(
        pdf,
        attachment.data,
        filename=attachment.name,
        mime_type=attachment.mime,
        description=attachment.description,
        relationship=Name.Source,
        mod_date=f"D:{issued:%Y%m%d}000000Z",
    )
    pdf.attachments[attachment.name] = spec
    files = pdf.Root.get("/AF", Array())
    files.append(pdf.attachments[attachment.name].obj)
    pdf.Root.AF = files


def _metadata(pdf: pikepdf.Pdf, about: About) -> None:
    moment = f"D:{about.issued:%Y%m%d}000000Z"
    info = pdf.docinfo
    info["/Title"], info["/Author"], info["/Subject"] = about.title, about.author, about.subject
    info["/Producer"], info["/Creator"] = PRODUCER, PRODUCER
    info["/CreationDate"], info["/ModDate"] = moment, moment
    for key in ("/Keywords", "/Trapped"):
        if key in info:
            del info[key]
    pdf.Root.Metadata = pdf.make_stream(
        _xmp(about).encode(), Dictionary(Type=Name.Metadata, Subtype=Name.XML)
    )


def _xmp(about: About) -> str:
    """XMP with the PDF/UA identifier and, as PDF/A asks, the schema that declares it."""
    when = f"{about.issued:%Y-%m-%d}T00:00:00Z"
    title, author, subject = escape(about.title), escape(about.author), escape(about.subject)
    return f"""<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" \
xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/" \
xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
<dc:format>application/pdf</dc:format>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<dc:language><rdf:Bag><rdf:li>{escape(about.language)}</rdf:li></rdf:Bag></dc:language>
<xmp:CreateDate>{when}</xmp:CreateDate><xmp:ModifyDate>{when}</xmp:ModifyDate>
<xmp:CreatorTool>{PRODUCER}</xmp:CreatorTool><pdf:Producer>{PRODUCER}</pdf:Producer>
<pdfaid:part>3</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfuaid:part>1</pdfuaid:part></rdf:Description>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" \
xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Indicates, which part of ISO 14289 standard is followed\
</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag>
</pdfaExtension:schemas></rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>"""
