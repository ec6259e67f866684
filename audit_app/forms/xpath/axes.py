"""The axes of XPath over our tree, and the tests that pick nodes on them."""

from collections.abc import Callable, Iterable, Mapping

from audit_app.forms.tree import ATTRIBUTE, COMMENT, ELEMENT, INSTRUCTION, TEXT, Node
from audit_app.forms.xpath.errors import XPathError
from audit_app.forms.xpath.syntax import NameTest, TypeTest

REVERSE = frozenset({"ancestor", "ancestor-or-self", "preceding", "preceding-sibling"})
"""Axes whose nodes come nearest first."""

_TYPE_KINDS = {"text": TEXT, "comment": COMMENT, "processing-instruction": INSTRUCTION}


def along(axis: str, node: Node) -> list[Node]:
    """The nodes on an axis, in the axis' own order."""
    return _AXES[axis](node)


def _descendants(node: Node) -> list[Node]:
    out: list[Node] = []
    stack = list(reversed(node.children))
    while stack:
        child = stack.pop()
        out.append(child)
        stack.extend(reversed(child.children))
    return out


def _ancestors(node: Node) -> list[Node]:
    out: list[Node] = []
    up = node.parent
    while up is not None:
        out.append(up)
        up = up.parent
    return out


def _siblings(node: Node) -> tuple[list[Node], int]:
    if node.parent is None or node.kind == ATTRIBUTE:
        return [], 0
    siblings = node.parent.children
    return siblings, next(i for i, other in enumerate(siblings) if other is node)


def _following_siblings(node: Node) -> list[Node]:
    siblings, index = _siblings(node)
    return siblings[index + 1 :]


def _preceding_siblings(node: Node) -> list[Node]:
    siblings, index = _siblings(node)
    return siblings[:index][::-1]


def _following(node: Node) -> list[Node]:
    out: list[Node] = []
    here: Node | None = node
    if node.kind == ATTRIBUTE and node.parent is not None:
        here = node.parent
        out += _descendants(here)
    while here is not None:
        for sibling in _following_siblings(here):
            out += [sibling, *_descendants(sibling)]
        here = here.parent
    return out


def _preceding(node: Node) -> list[Node]:
    out: list[Node] = []
    here: Node | None = node.parent if node.kind == ATTRIBUTE else node
    while here is not None:
        for sibling in _preceding_siblings(here):
            out += [sibling, *_descendants(sibling)][::-1]
        here = here.parent
    return out


_AXES: Mapping[str, Callable[[Node], list[Node]]] = {
    "self": lambda node: [node],
    "child": lambda node: node.children,
    "parent": lambda node: [node.parent] if node.parent is not None else [],
    "attribute": lambda node: node.attrs or [],
    "namespace": lambda _node: [],
    "descendant": _descendants,
    "descendant-or-self": lambda node: [node, *_descendants(node)],
    "ancestor": _ancestors,
    "ancestor-or-self": lambda node: [node, *_ancestors(node)],
    "following-sibling": _following_siblings,
    "preceding-sibling": _preceding_siblings,
    "following": _following,
    "preceding": _preceding,
}

Picker = Callable[[Iterable[Node]], list[Node]]


def picker(
    test: NameTest | TypeTest, axis: str, namespaces: Mapping[str, str] | None, at: int
) -> Picker:
    """A function that keeps the nodes a test matches.

    Args:
        namespaces: prefix → address; None compares local names only, as forms do.
    """
    if isinstance(test, TypeTest):
        if test.type == "node":
            return list
        kind = _TYPE_KINDS[test.type]
        target = test.target
        if target is not None:
            return lambda nodes: [n for n in nodes if n.kind == kind and n.name == target]
        return lambda nodes: [n for n in nodes if n.kind == kind]
    wanted = ATTRIBUTE if axis == "attribute" else ELEMENT
    prefix, _, name = test.name.rpartition(":")
    if prefix and namespaces is not None:
        address = namespaces.get(prefix)
        if address is None:
            raise XPathError(f"The prefix {prefix} is unknown", at)
        if name == "*":
            return lambda nodes: [n for n in nodes if n.kind == wanted and n.namespace == address]
        return lambda nodes: [
            n for n in nodes if n.name == name and n.kind == wanted and n.namespace == address
        ]
    if name == "*":
        return lambda nodes: [n for n in nodes if n.kind == wanted]
    return lambda nodes: [n for n in nodes if n.name == name and n.kind == wanted]
