"""Turns a location path into a closure that finds its nodes."""

from collections.abc import Callable

from audit_app.forms.tree import Node, in_document_order
from audit_app.forms.xpath.axes import REVERSE, along, picker
from audit_app.forms.xpath.environment import Environment, Finder
from audit_app.forms.xpath.errors import XPathError
from audit_app.forms.xpath.syntax import Expr, NameTest, Path, Step
from audit_app.forms.xpath.values import Evaluator, Value, boolean

Filtering = Callable[[list[Node], Node], list[Node]]
"""Keeps the nodes that pass predicates: (nodes, current node) → nodes."""


class Paths:
    """Compiles paths and predicates.

    Args:
        expr: compiles the expressions within them.
    """

    def __init__(self, environment: Environment, expr: Callable[[Expr], Evaluator]) -> None:
        self._env = environment
        self._expr = expr

    def filtering(self, predicates: tuple[Expr, ...]) -> Filtering:
        """What keeps the nodes for which all predicates hold."""
        tests = [self._expr(predicate) for predicate in predicates]

        def keep(nodes: list[Node], u: Node) -> list[Node]:
            for test in tests:
                size = len(nodes)
                kept: list[Node] = []
                for i, node in enumerate(nodes, 1):
                    value = test(node, i, size, u)
                    if value == i if isinstance(value, float) else boolean(value):
                        kept.append(node)
                nodes = kept
            return nodes

        return keep

    def path(self, path: Path) -> Evaluator:
        """The nodes a path leads to."""
        steps = path.steps
        if path.absolute:
            anchored = self._env.anchor(steps)
            if anchored is not None:
                finder, steps = anchored
                if not steps:
                    return self._only_relevant(lambda _n, _p, _z, u: finder(u))
                return self._walk(_from_finder(finder), steps)
            return self._walk(lambda n, _p, _z, _u: [n.root()], steps)
        if path.start is not None:
            return self._walk(self._expr(path.start), steps)
        names = [step.plain_name for step in steps]
        if len(steps) == 1 and steps[0].axis == "self" and not steps[0].predicates:
            return self._only_relevant(lambda n, _p, _z, _u: [n])
        if self._env.namespaces is None and all(
            name is not None or _is_parent(step) for name, step in zip(names, steps, strict=True)
        ):
            return self._relative(names)
        return self._walk(lambda n, _p, _z, _u: [n], steps)

    def _only_relevant(self, find: Evaluator) -> Evaluator:
        if not self._env.only_relevant:
            return find

        def run(n: Node, p: int, z: int, u: Node) -> Value:
            found = find(n, p, z, u)
            return seen(found, u) if isinstance(found, list) else found

        return run

    def _relative(self, names: list[str | None]) -> Evaluator:
        """``../../a/b``: the commonest path by far, without the general machinery."""
        relevant = self._env.only_relevant

        def run(n: Node, _p: int, _z: int, u: Node) -> Value:
            here = [n]
            for name in names:
                if name is None:
                    if len(here) == 1:
                        up = here[0].parent
                        here = [up] if up is not None else []
                    else:
                        here = in_document_order(x.parent for x in here if x.parent is not None)
                elif len(here) == 1:
                    here = here[0].elements(name)
                else:
                    here = [child for x in here for child in x.elements(name)]
            return seen(here, u) if relevant else list(here)

        return run

    def _walk(self, start: Evaluator, steps: tuple[Step, ...]) -> Evaluator:
        plan = [
            (
                step.axis,
                picker(step.test, step.axis, self._env.namespaces, step.at),
                self.filtering(step.predicates) if step.predicates else None,
                step.plain_name if self._env.namespaces is None else None,
            )
            for step in steps
        ]
        relevant = self._env.only_relevant
        any_name = any(isinstance(s.test, NameTest) and s.test.name == "*" for s in steps)

        def run(n: Node, p: int, z: int, u: Node) -> Value:
            value = start(n, p, z, u)
            if not isinstance(value, list):
                raise XPathError("A path goes on from questions only")
            here = value
            for axis, pick, keep, name in plan:
                if name is not None:
                    here = (
                        here[0].elements(name)
                        if len(here) == 1
                        else [child for x in here for child in x.elements(name)]
                    )
                    continue
                found: list[Node] = []
                for node in here:
                    nodes = pick(along(axis, node))
                    if keep is not None:
                        nodes = keep(nodes, u)
                    found += nodes[::-1] if axis in REVERSE else nodes
                if len(here) > 1 and axis not in {"child", "self", "attribute"}:
                    found = in_document_order(found)
                here = found
            if not relevant:
                return list(here)
            return [x for x in here if x.relevant] if any_name else seen(here, u)

        return run


def seen(found: list[Node], current: Node) -> list[Node]:
    """What an expression sees of the nodes a path leads to.

    Among several, those that are not relevant are left out. A question named by itself stays, and
    reads as empty: ``${hidden} != 'yes'`` holds, as it does in every engine.
    """
    if len(found) == 1:
        node = found[0]
        return found if node.relevant or _stands_alone(node, current) else []
    return [node for node in found if node.relevant]


def _stands_alone(node: Node, current: Node) -> bool:
    """Whether there is only one such node as seen from ``current``: not one row of many."""
    row: Node | None = node
    while row is not None and not row.key:
        row = row.parent
    here: Node | None = current
    while here is not None and here is not row:
        here = here.parent
    return here is row


def _is_parent(step: Step) -> bool:
    return step.axis == "parent" and not step.predicates and not hasattr(step.test, "name")


def _from_finder(finder: Finder) -> Evaluator:
    return lambda _n, _p, _z, u: finder(u)
