"""The light node tree that expressions are evaluated on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audit_app.forms.definition import Slot

ELEMENT, ATTRIBUTE, TEXT, COMMENT, INSTRUCTION, DOCUMENT = "e", "a", "t", "c", "p", "d"


class Node:
    """One node of an instance document.

    A leaf element keeps its text in ``text`` and has no children; documents that mix text and
    elements hold text nodes instead. What only the live form needs (``slot`` and what follows it)
    stays at its default elsewhere.

    Attributes:
        named: child elements by local name, kept in step with ``children``; None where the tree
            was not built for speed.
        relevant: effective relevance, own and all ancestors'.
        own: what the node's own relevant expression says.
        key: identity of a repeat instance among its siblings.
        initial: the value a fresh form gives this node.
        touched: a calculated value was overwritten by the auditor and stands until an input moves.
    """

    __slots__ = (
        "attrs",
        "children",
        "initial",
        "key",
        "kind",
        "name",
        "named",
        "namespace",
        "own",
        "parent",
        "readonly",
        "ref",
        "relevant",
        "required",
        "slot",
        "text",
        "touched",
        "valid",
    )

    def __init__(
        self,
        name: str,
        parent: Node | None = None,
        text: str = "",
        kind: str = ELEMENT,
        namespace: str | None = None,
    ) -> None:
        self.kind = kind
        self.name = name
        self.namespace = namespace
        self.parent = parent
        self.children: list[Node] = []
        self.named: dict[str, list[Node]] | None = None
        self.attrs: list[Node] | None = None
        self.text = text
        self.relevant = True
        self.own = True
        self.slot: Slot | None = None
        self.key = ""
        self.ref = ""
        self.required = False
        self.readonly = False
        self.valid = True
        self.touched = False
        self.initial = ""

    def string(self) -> str:
        """The string-value; a node that is not relevant reads as empty."""
        if not self.relevant:
            return ""
        if not self.children:
            return self.text
        return "".join(c.string() for c in self.children if c.kind in {ELEMENT, TEXT})

    def append(self, child: Node) -> None:
        """Add a child element at the end."""
        child.parent = self
        self.children.append(child)
        if self.named is not None:
            self.named.setdefault(child.name, []).append(child)

    def elements(self, name: str) -> list[Node]:
        """The child elements of that local name, in order."""
        if self.named is not None:
            return self.named.get(name, [])
        return [c for c in self.children if c.name == name and c.kind == ELEMENT]

    def root(self) -> Node:
        """The top of the tree this node lives in."""
        node = self
        while node.parent is not None:
            node = node.parent
        return node

    def walk(self) -> Iterator[Node]:
        """This node, then everything below it, in document order, attributes after their owner."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            if node.attrs:
                yield from node.attrs
            stack.extend(reversed(node.children))


def in_document_order(nodes: Iterable[Node]) -> list[Node]:
    """The nodes without doubles, in document order, tree by tree."""
    wanted = {id(node): node for node in nodes}
    if len(wanted) < 2:
        return list(wanted.values())
    roots: dict[int, Node] = {}
    for node in wanted.values():
        root = node.root()
        roots.setdefault(id(root), root)
    return [node for root in roots.values() for node in root.walk() if id(node) in wanted]
