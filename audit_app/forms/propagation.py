"""Carries a change through the rules that depend on it, in order, each as rarely as possible."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC

from audit_app.forms.definition import FormDefinition, Slot
from audit_app.forms.model import Model, Rows
from audit_app.forms.rules import Rule, RuleBook, RuleKind
from audit_app.forms.states import Fault
from audit_app.forms.tree import ELEMENT, Node
from audit_app.forms.types import typed
from audit_app.forms.xpath.errors import XPathError
from audit_app.forms.xpath.values import Value, boolean, number, string

MAX_ROWS = 10_000
"""A repeat count above this is taken as a mistake of the form."""

MAX_ROUNDS = 1_000
"""How often one rule may run in one step before it is taken as running in a circle."""


class Propagation:
    """One wave of changes at a time: begin, report changes, settle, take what changed."""

    def __init__(
        self,
        form: FormDefinition,
        model: Model,
        book: RuleBook,
        choices_changed: Callable[[Node], bool],
    ) -> None:
        self._form = form
        self._model = model
        self._book = book
        self._choices_changed = choices_changed
        self._labels: dict[tuple[str, int], str] = {}
        self._heap: list[tuple[int, Rule]] = []
        self._pending: dict[int, set[Node] | None] = {}
        self._rounds: dict[int, int] = {}
        self._changed: dict[str, None] = {}
        self._values: dict[Node, None] = {}
        self._rows: dict[str, Rows] = {}
        self._all = False
        self.faults: dict[tuple[str, str], Fault] = {}
        self.fresh_rows: list[Node] = []

    def begin(self) -> None:
        """Forget the last wave."""
        self._heap.clear()
        self._pending.clear()
        self._rounds.clear()
        self._changed = {}
        self._values = {}
        self._rows = {}
        self._all = False

    def take_changed(self) -> tuple[Iterable[str], Iterable[Node]]:
        """Refs that changed in any way, and nodes whose value did."""
        return self._changed, self._values

    def take_rows(self) -> Iterable[Rows]:
        """Repeats whose rows changed."""
        return self._rows.values()

    def changed_values(self) -> Sequence[Node]:
        """Nodes whose value changed so far."""
        return list(self._values)

    def value_changed(self, node: Node) -> None:
        """A value was written."""
        self._changed[node.ref] = None
        self._values[node] = None
        self._push(node)

    def recalculate(self, node: Node) -> None:
        """A calculated value must be reckoned again."""
        if node.slot is not None:
            for rule in self._book.of_slot.get(node.slot.index, ()):
                if rule.kind is RuleKind.CALCULATE:
                    self._schedule(rule, node)

    def everything(self, *, keep_touched: bool) -> None:
        """All rules must run everywhere."""
        self._all = keep_touched
        for rule in self._book.rules:
            self._schedule(rule, None)

    def row_added(self, rows: Rows, row: Node) -> None:
        """A row appeared: its own rules run, and those that look at the rows."""
        self._rows[rows.ref] = rows
        for node in row.walk():
            if node.slot is None or node.kind != ELEMENT:
                continue
            self._changed[node.ref] = None
            for rule in self._book.of_slot.get(node.slot.index, ()):
                if rule.kind is not RuleKind.COUNT:
                    self._schedule(rule, node)
            for inner in node.slot.children.values():
                if inner.repeat is not None and inner.repeat.count:
                    self._schedule_counts(inner, node)
            if node is not row:
                self._push(node)
        self._push_structure(rows)

    def _schedule_counts(self, slot: Slot, parent: Node) -> None:
        for rule in self._book.of_slot.get(slot.index, ()):
            if rule.kind is RuleKind.COUNT:
                self._schedule(rule, parent)

    def row_leaving(self, rows: Rows, row: Node) -> None:
        """A row is about to go."""
        self._rows[rows.ref] = rows
        for node in row.walk():
            if node.slot is not None and node.kind == ELEMENT:
                self._changed[node.ref] = None
                self._push(node)
        self._push_structure(rows)

    def _push_structure(self, rows: Rows) -> None:
        """Rows came, went or moved: readers of the repeat in any of its rows must run."""
        parent = rows.parent
        for rule, hold in self._book.readers.get(rows.slot.index, ()):
            self._schedule_near(rule, parent, min(hold, rows.slot.depth - 1))

    def _push(self, node: Node) -> None:
        if node.slot is None:
            return
        for rule, hold in self._book.readers.get(node.slot.index, ()):
            self._schedule_near(rule, node, hold)

    def _schedule_near(self, rule: Rule, node: Node, hold: int) -> None:
        """Schedule a reader wherever it shares ``hold`` levels of ancestors with ``node``."""
        if not rule.slot.repeat_depth:
            self._schedule(rule, None)
            return
        top: Node | None = node
        while top is not None and (top.slot is None or top.slot.depth > hold):
            top = top.parent
        self._schedule(rule, top)

    def _schedule(self, rule: Rule, top: Node | None) -> None:
        key = rule.rank
        if key not in self._pending:
            self._pending[key] = None if top is None else {top}
            heapq.heappush(self._heap, (key, rule))
            return
        tops = self._pending[key]
        if tops is not None:
            if top is None:
                self._pending[key] = None
            else:
                tops.add(top)

    def settle(self) -> None:
        """Run all that is due, lowest rank first, until nothing is."""
        while self._heap:
            rank, rule = heapq.heappop(self._heap)
            tops = self._pending.pop(rank)
            rounds = self._rounds[rank] = self._rounds.get(rank, 0) + 1
            if rounds > MAX_ROUNDS:
                self.fault(rule.slot.path, rule.kind, XPathError("It never comes to rest"))
                continue
            slot = rule.slot
            if rule.kind is RuleKind.COUNT and slot.parent is not None:
                slot = slot.parent
            for node in self._targets(slot, tops):
                self._apply(rule, node)
        self._all = False

    def _targets(self, slot: Slot, tops: set[Node] | None) -> Sequence[Node]:
        if tops is None:
            return list(self._model.at(slot))
        out: dict[Node, None] = {}
        for top in tops:
            if top.slot is not None and self._model.nodes.get(top.ref) is not top:
                continue
            start = _raised(top, slot.depth)
            out.update(dict.fromkeys(self._model.within(slot, start)))
        if len(out) > 1 and len(tops) > 1:
            return [node for node in self._model.at(slot) if node in out]
        return list(out)

    def _apply(self, rule: Rule, node: Node) -> None:
        match rule.kind:
            case RuleKind.CALCULATE:
                self._calculate(rule, node)
            case RuleKind.RELEVANT:
                own = boolean(self._evaluated(rule, node, otherwise=True))
                if own != node.own:
                    node.own = own
                    self._spread_relevance(node)
            case RuleKind.CONSTRAINT:
                self._check(rule, node)
            case RuleKind.REQUIRED:
                required = boolean(self._evaluated(rule, node, otherwise=False))
                if required != node.required:
                    node.required = required
                    self._changed[node.ref] = None
            case RuleKind.READONLY:
                readonly = boolean(self._evaluated(rule, node, otherwise=False))
                if readonly != node.readonly:
                    node.readonly = readonly
                    self._changed.update((n.ref, None) for n in node.walk() if n.ref)
            case RuleKind.COUNT:
                self._resize(rule, node)
            case RuleKind.LABEL:
                self._relabel(rule, node)
            case RuleKind.CHOICES:
                if self._choices_changed(node):
                    self._changed[node.ref] = None

    def _evaluated(self, rule: Rule, node: Node, *, otherwise: Value) -> Value:
        try:
            return rule.evaluate(node, 1, 1, node)
        except XPathError as wrong:
            self.fault(node.ref, rule.kind, wrong)
            return otherwise

    def fault(self, ref: str, kind: str, wrong: XPathError) -> None:
        """Note an expression that failed; the checklist goes on."""
        self.faults[ref, kind] = Fault(ref, kind, str(wrong))

    def _calculate(self, rule: Rule, node: Node) -> None:
        if not node.relevant:
            return
        if self._all and (node.touched or (rule.chancy and node.text)):
            return
        found = self._evaluated(rule, node, otherwise="")
        # What cannot be reckoned stays empty; "NaN" is no answer.
        text = "" if isinstance(found, float) and math.isnan(found) else string(found)
        value = typed(rule.slot.bind.type, text)
        if value == node.text:
            return
        node.text = value
        node.touched = False
        self.value_changed(node)

    def _check(self, rule: Rule, node: Node) -> None:
        valid = (
            not node.relevant
            or not node.text
            or boolean(self._evaluated(rule, node, otherwise=True))
        )
        if valid != node.valid:
            node.valid = valid
            self._changed[node.ref] = None

    def _relabel(self, rule: Rule, node: Node) -> None:
        try:
            text = string(rule.evaluate(node, 1, 1, node))
        except XPathError as wrong:
            self.fault(node.ref, rule.kind, wrong)
            return
        key = (node.ref, rule.rank)
        before = self._labels.get(key)
        self._labels[key] = text
        if before is not None and before != text:
            self._changed[node.ref] = None

    def _spread_relevance(self, top: Node) -> None:
        stack = [top]
        while stack:
            node = stack.pop()
            above = node.parent.relevant if node.parent is not None else True
            relevant = above and node.own
            if relevant == node.relevant:
                continue
            node.relevant = relevant
            self._changed[node.ref] = None
            self._push(node)
            if relevant and node.slot is not None:
                for rule in self._book.of_slot.get(node.slot.index, ()):
                    if rule.kind in {RuleKind.CALCULATE, RuleKind.CONSTRAINT}:
                        self._schedule(rule, node)
            stack.extend(node.children)

    def _resize(self, rule: Rule, parent: Node) -> None:
        """Grow or shrink a repeat to its count; rows dropped wait in the attic."""
        rows = self._model.rows.get(f"{parent.ref}/{rule.slot.name}")
        if rows is None:
            return
        # The expression stands at the repeat, which may have no row yet to stand on.
        place = Node(rule.slot.name, parent)
        place.slot = rule.slot
        place.ref = rows.ref
        wanted = _count(number(self._evaluated(rule, place, otherwise=0.0), UTC))
        while len(rows.live) > wanted:
            row = rows.live[-1]
            self.row_leaving(rows, row)
            self._model.remove(rows, row)
        while len(rows.live) < wanted:
            key = next(reversed(rows.attic), None)
            row = self._model.add(rows, key)
            self.row_added(rows, row)
            if key is None:
                self.fresh_rows.append(row)


def _count(value: float) -> int:
    if math.isnan(value) or value < 0:
        return 0
    return int(min(value, MAX_ROWS))


def _raised(node: Node, depth: int) -> Node:
    """The node or the ancestor of it that stands no deeper than ``depth``."""
    while node.parent is not None and node.slot is not None and node.slot.depth > depth:
        node = node.parent
    return node
