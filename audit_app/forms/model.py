"""The live instance of a form: its nodes, their refs, and the rows of its repeats."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from audit_app.forms.definition import FormDefinition, Seed, Slot
from audit_app.forms.tree import ATTRIBUTE, DOCUMENT, Node
from audit_app.forms.types import typed

_KEY = re.compile(r"[^\s\[\]/-][^\s\[\]/]*")
_SEGMENT = re.compile(r"/([^/\[\]]+)(?:\[([^\[\]]*)\])?")


@dataclass(slots=True)
class Rows:
    """The rows of one repeat under one parent.

    Attributes:
        ref: where the order of the rows is kept, such as ``/data/line``.
        live: rows shown, in order.
        attic: rows taken away, by key, whole, so that they can come back.
        initial: keys there from the start; the order is stored only once it differs.
    """

    ref: str
    parent: Node
    slot: Slot
    live: list[Node] = field(default_factory=list)
    attic: dict[str, Node] = field(default_factory=dict)
    initial: tuple[str, ...] = ()

    @property
    def counted(self) -> bool:
        """Whether an expression decides how many rows there are."""
        return self.slot.repeat is not None and bool(self.slot.repeat.count)

    def text(self) -> str:
        """The order as it is stored: keys in order, those taken away marked with a minus."""
        return " ".join([*(n.key for n in self.live), *(f"-{key}" for key in self.attic)])

    def is_changed(self) -> bool:
        """Whether the rows are not what a fresh form has."""
        return bool(self.attic) or tuple(n.key for n in self.live) != self.initial


class Model:
    """Nodes of one form, found by ref and by slot."""

    def __init__(self, form: FormDefinition) -> None:
        self._form = form
        self.nodes: dict[str, Node] = {}
        self.rows: dict[str, Rows] = {}
        self.document = Node("", kind=DOCUMENT)
        self.document.named = {}
        self.root = self._build(form.seed, form.root, self.document, "")
        self.document.append(self.root)

    def reset(self) -> None:
        """Bring every node back to its default and every repeat to its first rows.

        Nodes outside repeats stay the same objects: compiled expressions hold on to them.
        """
        self._reset(self._form.seed, self.root)

    def _reset(self, seed: Seed, node: Node) -> None:
        node.relevant = node.own = node.valid = True
        node.required = node.readonly = node.touched = False
        if not seed.children:
            node.text = typed(node.slot.bind.type, seed.text) if node.slot else seed.text
            return
        repeats = {c.name for c in seed.children if self._is_repeat(node, c.name)}
        for name in repeats:
            rows = self.rows[f"{node.ref}/{name}"]
            for row in [*rows.live]:
                self._unplug(rows, row)
            rows.attic.clear()
            inner = f"{rows.ref}["
            for ref in [ref for ref in self.rows if ref.startswith(inner)]:
                del self.rows[ref]
        for child in seed.children:
            if child.name not in repeats:
                self._reset(child, node.elements(child.name)[0])
        for name in repeats:
            self._first_rows(seed, node, name)

    def _is_repeat(self, node: Node, name: str) -> bool:
        slot = node.slot
        return slot is not None and slot.children[name].repeat is not None

    def _build(self, seed: Seed, slot: Slot, parent: Node, key: str) -> Node:
        text = typed(slot.bind.type, seed.text)
        node = Node(seed.name, parent, text, namespace=seed.namespace)
        node.slot = slot
        node.initial = text
        node.key = key
        node.ref = f"{parent.ref}/{seed.name}[{key}]" if key else f"{parent.ref}/{seed.name}"
        self.nodes[node.ref] = node
        if seed.attributes:
            node.attrs = [
                Node(name, node, value, ATTRIBUTE) for name, value in seed.attributes.items()
            ]
        if seed.children:
            node.named = {}
            for child in seed.children:
                child_slot = slot.children[child.name]
                if child_slot.repeat is None:
                    node.append(self._build(child, child_slot, node, ""))
                elif f"{node.ref}/{child.name}" not in self.rows:
                    rows = Rows(f"{node.ref}/{child.name}", node, child_slot)
                    self.rows[rows.ref] = rows
                    self._first_rows(seed, node, child.name)
        return node

    def _first_rows(self, seed: Seed, node: Node, name: str) -> None:
        rows = self.rows[f"{node.ref}/{name}"]
        named = [c for c in seed.children if c.name == name]
        first = [c for c in named if not c.is_template]
        if not first and rows.slot.repeat is not None and rows.slot.repeat.fixed:
            first = named[:1]
        for number, child in enumerate(first, 1):
            self._plug(rows, self._build(child, rows.slot, node, str(number)), len(rows.live))
        rows.initial = tuple(str(number) for number in range(1, len(first) + 1))

    def add(self, rows: Rows, key: str | None = None, index: int | None = None) -> Node:
        """A new row, or the one of that key brought back from the attic.

        Raises:
            ValueError: the key is in use or has blanks, slashes, brackets or a leading minus.
        """
        if key is None:
            key = self._new_key(rows)
        elif _KEY.fullmatch(key) is None:
            raise ValueError(f"{key!r} cannot be the key of a row")
        if any(row.key == key for row in rows.live):
            raise ValueError(f"there is a row {key!r} already")
        row = rows.attic.pop(key, None)
        if row is None:
            seed = self._form.templates[rows.slot.names]
            row = self._build(seed, rows.slot, rows.parent, key)
        self._plug(rows, row, len(rows.live) if index is None else index)
        return row

    def _new_key(self, rows: Rows) -> str:
        used = [row.key for row in rows.live] + list(rows.attic)
        return str(max((int(key) for key in used if key.isdecimal()), default=0) + 1)

    def remove(self, rows: Rows, row: Node) -> None:
        """Take a row away into the attic."""
        self._unplug(rows, row)
        rows.attic[row.key] = row

    def _plug(self, rows: Rows, row: Node, index: int) -> None:
        parent, name = rows.parent, rows.slot.name
        rows.live.insert(index, row)
        row.parent = parent
        if parent.named is not None:
            parent.named[name] = rows.live
        if index > 0:
            at = _index(parent.children, rows.live[index - 1]) + 1
        elif len(rows.live) > 1:
            at = _index(parent.children, rows.live[1])
        else:
            at = self._place(parent, rows.slot)
        parent.children.insert(at, row)
        for node in row.walk():
            if node.ref:
                self.nodes[node.ref] = node

    def _place(self, parent: Node, slot: Slot) -> int:
        """Where the first row of a repeat stands among its siblings: after those before it."""
        for at, child in enumerate(parent.children):
            if child.slot is not None and child.slot.index > slot.index:
                return at
        return len(parent.children)

    def _unplug(self, rows: Rows, row: Node) -> None:
        # By identity: rows have no equality of their own.
        rows.live.pop(_index(rows.live, row))
        rows.parent.children.pop(_index(rows.parent.children, row))
        for node in row.walk():
            self.nodes.pop(node.ref, None)

    def within(self, slot: Slot, top: Node) -> Sequence[Node]:
        """The nodes of a slot below (or at) a node that stands on the slot's line."""
        start = top.slot.depth if top.slot is not None else 0
        names = slot.names[start:]
        here: Sequence[Node] = (top,)
        for name in names:
            if len(here) == 1:
                here = here[0].elements(name)
            else:
                here = [child for node in here for child in node.elements(name)]
        return here

    def shared(self, node: Node, slot: Slot) -> Node:
        """The nearest ancestor of a node, or itself, that stands on the slot's line."""
        while node.parent is not None and (
            node.slot is None or slot.names[: node.slot.depth] != node.slot.names
        ):
            node = node.parent
        return node

    def at(self, slot: Slot) -> Sequence[Node]:
        """All nodes of a slot."""
        return self.within(slot, self.document)

    def ensure(self, ref: str) -> Node | None:
        """The node of a ref, making the rows on its way; None if the form has no such place."""
        found = self.nodes.get(ref)
        if found is not None:
            return found
        here = self.document
        end = 0
        for match in _SEGMENT.finditer(ref):
            if match.start() != end:
                return None
            end = match.end()
            name, key = match[1], match[2]
            if key is None:
                children = here.elements(name)
                if not children or self._is_row(children[0]):
                    return None
                here = children[0]
            else:
                rows = self.rows.get(f"{here.ref}/{name}")
                if rows is None or _KEY.fullmatch(key) is None:
                    return None
                row = next((r for r in rows.live if r.key == key), rows.attic.get(key))
                here = row if row is not None else self.add(rows, key)
        return here if end == len(ref) and here is not self.document else None

    def _is_row(self, node: Node) -> bool:
        return bool(node.key)

    def arrange(self, rows: Rows, text: str) -> None:
        """Bring the rows into a stored order; rows it does not name stay, at the end."""
        wanted = [key for key in text.split() if _KEY.fullmatch(key)]
        gone = [key[1:] for key in text.split() if key[0] == "-" and _KEY.fullmatch(key[1:])]
        known = {*wanted, *gone}
        initial = [row for row in rows.live if row.key in rows.initial and row.key not in known]
        for row in initial:
            # A fresh form's first row that the stored order does not know was never kept.
            self._unplug(rows, row)
        late = [row for row in rows.live if row.key not in known]
        have = {row.key: row for row in rows.live}
        for row in list(rows.live):
            self._unplug(rows, row)
        for key in dict.fromkeys(wanted):
            if key in have:
                self._plug(rows, have[key], len(rows.live))
            else:
                self.add(rows, key)
        for row in late:
            self._plug(rows, row, len(rows.live))
        for key in gone:
            if all(row.key != key for row in rows.live):
                row = have.get(key) or rows.attic.get(key) or self.add(rows, key)
                if any(r is row for r in rows.live):
                    self.remove(rows, row)
                else:
                    rows.attic[key] = row

    def leaves(self) -> Iterator[Node]:
        """Every live node that can hold a value, in document order."""
        for node in self.root.walk():
            if node.kind != ATTRIBUTE and node.slot is not None and not node.slot.children:
                yield node

    def kept(self) -> Mapping[str, str]:
        """Values in rows taken away, by ref."""
        out: dict[str, str] = {}
        for rows in self.rows.values():
            for row in rows.attic.values():
                out.update((n.ref, n.text) for n in row.walk() if n.ref and n.text)
        return out


def _index(nodes: list[Node], node: Node) -> int:
    return next(i for i, other in enumerate(nodes) if other is node)
