"""Runs the collected XPath cases: documents, contexts, comparison of results."""

import json
import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path as FilePath
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

from audit_app.forms.tree import ATTRIBUTE, COMMENT, DOCUMENT, ELEMENT, INSTRUCTION, TEXT, Node
from audit_app.forms.xpath.compiler import compiled
from audit_app.forms.xpath.environment import Environment
from audit_app.forms.xpath.errors import XPathError
from audit_app.forms.xpath.parser import parse
from audit_app.forms.xpath.syntax import Path
from audit_app.forms.xpath.values import Value, boolean, number, string

NAMESPACES = {
    "xhtml": "http://www.w3.org/1999/xhtml",
    "mathml": "http://www.w3.org/1998/Math/MathML",
    "jr": "http://openrosa.org/javarosa",
}
CLOCK = datetime.fromisoformat("2026-11-24T10:00:00-07:00")


@dataclass(frozen=True, slots=True)
class Result:
    case: dict[str, Any]
    good: bool
    got: str


def document(xml: str) -> Node:
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True)
    root = etree.fromstring(xml.encode(), parser)
    top = Node("", kind=DOCUMENT)
    before: list[Any] = []
    sibling = root.getprevious()
    while sibling is not None:
        before.insert(0, sibling)
        sibling = sibling.getprevious()
    after: list[Any] = []
    sibling = root.getnext()
    while sibling is not None:
        after.append(sibling)
        sibling = sibling.getnext()
    for element in [*before, root, *after]:
        top.append(_converted(element))
    return top


def _converted(element: Any) -> Node:
    if element.tag is etree.Comment:
        return Node("", text=element.text or "", kind=COMMENT)
    if element.tag is etree.PI:
        return Node(element.target, text=element.text or "", kind=INSTRUCTION)
    name = etree.QName(element)
    node = Node(name.localname, namespace=name.namespace)
    node.attrs = []
    for key, value in element.attrib.items():
        attribute = etree.QName(key)
        node.attrs.append(Node(attribute.localname, node, value, ATTRIBUTE, attribute.namespace))
    if element.text:
        node.append(Node("", text=element.text, kind=TEXT))
    for child in element:
        node.append(_converted(child))
        if child.tail:
            node.append(Node("", text=child.tail, kind=TEXT))
    return node


def detached(holder: Node) -> Node:
    """A copy of the content of an element as a document of its own."""
    top = Node("", kind=DOCUMENT)
    for child in holder.children:
        top.append(_copied(child))
    return top


def _copied(node: Node) -> Node:
    copy = Node(node.name, None, node.text, node.kind, node.namespace)
    copy.attrs = [Node(a.name, copy, a.text, a.kind, a.namespace) for a in node.attrs or []]
    for child in node.children:
        copy.append(_copied(child))
    return copy


def located(top: Node, context: str) -> Node:
    node = top
    for step in context.strip("/").split("/") if context != "/" else ():
        if step.startswith("@"):
            name = step[1:].split(":")[-1]
            node = next(a for a in node.attrs or [] if a.name == name)
        else:
            found = re.search(r"\d+", step)
            assert found
            node = node.children[int(found[0]) - 1]
    return node


def address(node: Node) -> str:
    if node.parent is None:
        return "/"
    above = address(node.parent)
    if node.kind == ATTRIBUTE:
        return f"{above}/@{node.name}"
    index = next(i for i, c in enumerate(node.parent.children, 1) if c is node)
    return f"{'' if above == '/' else above}/node()[{index}]"


def environment(whole: Node, top: Node, node: Node, mode: str, zone: tzinfo) -> Environment:
    instances: dict[str, Node] = {}
    for found in whole.walk():
        if found.kind == ELEMENT and found.name == "instance":
            key = next((a.text for a in found.attrs or [] if a.name == "id"), "")
            if key:
                instances.setdefault(key, found)

    def instance(name: str) -> list[Node]:
        if name not in instances:
            raise XPathError("no such instance")
        return [instances[name]]

    def names(path: Path) -> tuple[str, ...]:
        out: list[str] = []
        here: Node | None = node if not path.absolute else None
        while here is not None and here.kind == ELEMENT:
            out.insert(0, here.name)
            here = here.parent
        for step in path.steps:
            if step.axis == "parent":
                out.pop()
            elif step.plain_name is not None:
                out.append(step.plain_name)
        return tuple(out)

    return Environment(
        now=lambda: CLOCK,
        zone=zone,
        chance=lambda: 0.5,
        new_uuid=lambda: "0190a1b2-3c4d-4e5f-8a9b-0c1d2e3f4a5b",
        instance=instance,
        absolute_names=names,
        anchor=lambda steps: None if top is whole else ((lambda _node: [top]), steps),
        namespaces=None if mode == "xforms" else NAMESPACES,
    )


def run(path: FilePath) -> Iterable[Result]:
    data = json.loads(path.read_text(encoding="utf-8"))
    documents = {key: document(xml) for key, xml in data["documents"].items()}
    for case in data["cases"]:
        zone = ZoneInfo("UTC" if case["tz"] == "GMT" else "America/Phoenix")
        whole, context = documents[case["xml_id"]], case["context"]
        top = whole
        if "root" in case:
            # The instance at that place is the document that / means.
            top = detached(located(whole, case["root"]))
            context = context.removeprefix(case["root"]) or "/"
        try:
            node = located(top, context)
            evaluate = compiled(
                parse(case["expression"]), environment(whole, top, node, case["mode"], zone)
            )
            value = evaluate(node, 1, 1, node)
            good, got = agrees(case, value, zone)
        except XPathError as wrong:
            good, got = case["type"] == "error", str(wrong)
        yield Result(case, good, got)


def agrees(case: dict[str, Any], value: Value, zone: tzinfo) -> tuple[bool, str]:
    kind, wanted = case["type"], case["value"]
    if kind == "boolean":
        return boolean(value) == wanted, str(boolean(value))
    if kind == "number":
        return _same_number(case, number(value, zone), wanted)
    if kind in {"string", "date"}:
        return string(value) == wanted, string(value)
    if kind == "string-matches":
        return re.search(wanted, string(value)) is not None, string(value)
    if kind == "string-length":
        return len(string(value)) == wanted, string(value)
    if kind == "error" or not isinstance(value, list):
        return False, f"no error: {value!r}"
    if kind == "nodeset":
        found = [address(n) for n in value]
        if case.get("unordered"):
            return sorted(found) == sorted(wanted), str(found)
        return found == wanted, str(found)
    if kind == "nodeset-strings":
        return [n.string() for n in value] == wanted, str([n.string() for n in value])
    first = address(value[0]) if value else None
    return first == wanted, str(first)


def _same_number(case: dict[str, Any], got: float, wanted: Any) -> tuple[bool, str]:
    if wanted is None:
        return False, str(got)
    expected = float(str(wanted).replace("Infinity", "inf"))
    factor = case.get("rounded_factor")
    if factor and not math.isnan(got):
        got = math.floor(got * factor + 0.5) / factor
    if math.isnan(expected):
        return math.isnan(got), str(got)
    return got == expected or abs(got - expected) < 1e-12, str(got)
