"""Turns a read expression into a Python closure."""

import math
from collections.abc import Callable

from audit_app.forms.tree import ELEMENT, Node, in_document_order
from audit_app.forms.xpath import library
from audit_app.forms.xpath.arithmetic import ARITHMETIC
from audit_app.forms.xpath.axes import REVERSE, along, picker
from audit_app.forms.xpath.environment import Environment, Finder
from audit_app.forms.xpath.errors import XPathError
from audit_app.forms.xpath.moments import Moment
from audit_app.forms.xpath.syntax import (
    Call,
    Chain,
    Expr,
    Filter,
    Negate,
    Number,
    Path,
    Step,
    Text,
    Union,
)
from audit_app.forms.xpath.values import (
    Evaluator,
    Value,
    boolean,
    compare,
    number,
    string,
)

_Filtering = Callable[[list[Node], Node], list[Node]]
_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_NO_NODES: list[Node] = []


def compiled(expr: Expr, environment: Environment) -> Evaluator:
    """A closure that evaluates the expression.

    An unknown function or a wrong number of arguments raises only when it is reached, so a dead
    branch does no harm; the linter reports it beforehand.

    Raises:
        XPathError: an unknown prefix.
    """
    return _Compiler(environment).expr(expr)


class _Compiler:
    def __init__(self, environment: Environment) -> None:
        self._env = environment
        self._zone = environment.zone

    def expr(self, expr: Expr) -> Evaluator:
        match expr:
            case Number(_, value) | Text(_, value):
                constant: Value = value
                return lambda _n, _p, _z, _u: constant
            case Path():
                return self._path(expr)
            case Chain():
                return self._chain(expr)
            case Call():
                return self._call(expr)
            case Negate(_, operand):
                inner, zone = self.expr(operand), self._zone
                return lambda n, p, z, u: -number(inner(n, p, z, u), zone)
            case Filter(_, base, predicates):
                return self._filter(base, predicates)
            case Union(_, parts):
                return self._union(parts)

    def _chain(self, chain: Chain) -> Evaluator:
        operator = chain.rest[0][0]
        if operator in {"or", "and"}:
            return self._logic(operator, [chain.first, *(e for _, e in chain.rest)])
        left = self.expr(chain.first)
        if operator in _COMPARISONS:
            for op, expr in chain.rest:
                left = self._comparison(op, left, expr)
            return left
        for op, expr in chain.rest[:2] if len(chain.rest) <= 2 else ():
            left = self._arithmetic(op, left, self.expr(expr))
        return left if len(chain.rest) <= 2 else self._long(left, chain.rest)

    def _logic(self, operator: str, operands: list[Expr]) -> Evaluator:
        parts = [self.expr(operand) for operand in operands]
        if len(parts) == 2:
            f, g = parts
            if operator == "or":
                return lambda n, p, z, u: boolean(f(n, p, z, u)) or boolean(g(n, p, z, u))
            return lambda n, p, z, u: boolean(f(n, p, z, u)) and boolean(g(n, p, z, u))
        combine = any if operator == "or" else all
        return lambda n, p, z, u: combine(boolean(f(n, p, z, u)) for f in parts)

    def _comparison(self, op: str, left: Evaluator, right: Expr) -> Evaluator:
        zone = self._zone
        if op == "=" and isinstance(right, Text):
            text = right.value

            def equals_text(n: Node, p: int, z: int, u: Node) -> Value:
                value = left(n, p, z, u)
                if isinstance(value, list) and len(value) == 1:
                    return value[0].string() == text
                return compare("=", value, text, zone)

            return equals_text
        other = self.expr(right)
        return lambda n, p, z, u: compare(op, left(n, p, z, u), other(n, p, z, u), zone)

    def _arithmetic(self, op: str, left: Evaluator, right: Evaluator) -> Evaluator:
        apply, zone = ARITHMETIC[op], self._zone
        return lambda n, p, z, u: apply(
            number(left(n, p, z, u), zone), number(right(n, p, z, u), zone)
        )

    def _long(self, first: Evaluator, rest: tuple[tuple[str, Expr], ...]) -> Evaluator:
        terms = [(ARITHMETIC[op], self.expr(expr)) for op, expr in rest]
        zone = self._zone

        def run(n: Node, p: int, z: int, u: Node) -> Value:
            total = number(first(n, p, z, u), zone)
            for apply, term in terms:
                total = apply(total, number(term(n, p, z, u), zone))
            return total

        return run

    def _union(self, parts: tuple[Expr, ...]) -> Evaluator:
        evaluators = [self.expr(part) for part in parts]

        def run(n: Node, p: int, z: int, u: Node) -> Value:
            found: list[Node] = []
            for evaluate in evaluators:
                value = evaluate(n, p, z, u)
                if not isinstance(value, list):
                    raise XPathError("| joins paths only")
                found += value
            return in_document_order(found)

        return run

    def _filter(self, base: Expr, predicates: tuple[Expr, ...]) -> Evaluator:
        inner, keep = self.expr(base), self._predicates(predicates)

        def run(n: Node, p: int, z: int, u: Node) -> Value:
            value = inner(n, p, z, u)
            if not isinstance(value, list):
                raise XPathError("[...] filters paths only")
            return keep(value, u)

        return run

    def _predicates(self, predicates: tuple[Expr, ...]) -> _Filtering:
        tests = [self.expr(predicate) for predicate in predicates]

        def keep(nodes: list[Node], u: Node) -> list[Node]:
            for test in tests:
                size = len(nodes)
                kept: list[Node] = []
                for i, node in enumerate(nodes, 1):
                    value = test(node, i, size, u)
                    if value == i if _is_number(value) else boolean(value):
                        kept.append(node)
                nodes = kept
            return nodes

        return keep

    def _path(self, path: Path) -> Evaluator:
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
            return self._walk(self.expr(path.start), steps)
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
            if not isinstance(found, list):
                return found
            if len(found) == 1:
                return found if found[0].relevant else _NO_NODES
            return [node for node in found if node.relevant]

        return run

    def _relative(self, names: list[str | None]) -> Evaluator:
        """``../../a/b``: the commonest path by far, without the general machinery."""
        relevant = self._env.only_relevant

        def run(n: Node, _p: int, _z: int, _u: Node) -> Value:
            here = [n]
            for name in names:
                if name is None:
                    if len(here) == 1:
                        up = here[0].parent
                        here = [up] if up is not None else []
                    else:
                        here = in_document_order(
                            x.parent for x in here if x.parent is not None
                        )
                elif len(here) == 1:
                    here = here[0].elements(name)
                else:
                    here = [child for x in here for child in x.elements(name)]
            return [x for x in here if x.relevant] if relevant else list(here)

        return run

    def _walk(self, start: Evaluator, steps: tuple[Step, ...]) -> Evaluator:
        plan = [
            (
                step.axis,
                picker(step.test, step.axis, self._env.namespaces, step.at),
                self._predicates(step.predicates) if step.predicates else None,
                step.plain_name if self._env.namespaces is None else None,
            )
            for step in steps
        ]
        relevant = self._env.only_relevant

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
            return [x for x in here if x.relevant] if relevant else list(here)

        return run

    def _call(self, call: Call) -> Evaluator:
        name, count = call.name, len(call.args)
        contextual = library.CONTEXTUAL.get(name)
        if contextual is not None:
            if (wrong := arity_problem(call, *contextual)) is not None:
                return _failing(wrong)
            return self._contextual(name, call)
        function = library.plain(name)
        if function is None:
            return _failing(
                XPathError(f"The function {name}() is unknown", call.at, library.suggestion(name))
            )
        if (wrong := arity_problem(call, function.low, function.high)) is not None:
            return _failing(wrong)
        f, zone = function.call, self._zone
        if not count:
            if function.context:
                return lambda n, _p, _z, _u: f(zone, [n])
            return lambda _n, _p, _z, _u: f(zone)
        args = [self.expr(arg) for arg in call.args]
        if count == 1:
            a = args[0]
            return lambda n, p, z, u: f(zone, a(n, p, z, u))
        if count == 2:
            a, b = args
            return lambda n, p, z, u: f(zone, a(n, p, z, u), b(n, p, z, u))
        return lambda n, p, z, u: f(zone, *[arg(n, p, z, u) for arg in args])

    def _contextual(self, name: str, call: Call) -> Evaluator:
        env, zone = self._env, self._zone
        if name == "indexed-repeat":
            return self._indexed(call)
        args = [self.expr(arg) for arg in call.args]
        match name, args:
            case "if", [test, yes, no]:
                return lambda n, p, z, u: (yes if boolean(test(n, p, z, u)) else no)(n, p, z, u)
            case "position", []:
                return lambda _n, p, _z, _u: float(p)
            case "position", [nodes]:
                return lambda n, p, z, u: _place(nodes(n, p, z, u))
            case "last", _:
                return lambda _n, _p, z, _u: float(z)
            case "current", _:
                return lambda _n, _p, _z, u: [u]
            case "once", [value]:
                return lambda n, p, z, u: u.string() or _known(value(n, p, z, u))
            case "instance", [which]:
                return lambda n, p, z, u: env.instance(string(which(n, p, z, u)))
            case "now", _:
                return lambda _n, _p, _z, _u: Moment(env.now().astimezone(zone), date_only=False)
            case "today", _:
                return lambda _n, _p, _z, _u: _midnight(env)
            case "random", _:
                return lambda _n, _p, _z, _u: env.chance()
            case "uuid", []:
                return lambda _n, _p, _z, _u: env.new_uuid()
            case "uuid", [length]:
                return lambda n, p, z, u: _letters(number(length(n, p, z, u), zone), env)
            case "jr:choice-name", [value, path]:
                return lambda n, p, z, u: env.choice_name(
                    string(value(n, p, z, u)), string(path(n, p, z, u)), u
                )
            case "jr:itext", [key]:
                return lambda n, p, z, u: env.translated(string(key(n, p, z, u)))
            case "pulldata", [file, wanted, key, value]:
                return lambda n, p, z, u: _pull(
                    env.instance(string(file(n, p, z, u))),
                    string(wanted(n, p, z, u)),
                    string(key(n, p, z, u)),
                    string(value(n, p, z, u)),
                )
        return lambda _n, _p, _z, _u: ""

    def _indexed(self, call: Call) -> Evaluator:
        """``indexed-repeat(path, repeat, index, ...)``: that instance's value."""
        target = _names_of(call.args[0], self._env)
        if target is None or len(call.args) % 2 == 0:
            raise XPathError("indexed-repeat() needs a question, then repeat and index", call.at)
        chosen: dict[int, Evaluator] = {}
        for repeat, index in zip(call.args[1::2], call.args[2::2], strict=True):
            names = _names_of(repeat, self._env)
            if names is None or target[: len(names)] != names:
                raise XPathError(
                    "The question is not inside the repeat named here", repeat.at
                )
            chosen[len(names)] = self.expr(index)
        outer, zone = min(chosen) - 1, self._zone

        def run(n: Node, p: int, z: int, u: Node) -> Value:
            here = _own(u, target[:outer])
            for depth, name in enumerate(target[outer:], outer + 1):
                here = [child for x in here for child in x.elements(name) if child.relevant]
                pick = chosen.get(depth)
                if pick is not None:
                    at = number(pick(n, p, z, u), zone)
                    here = [here[int(at) - 1]] if 1 <= at <= len(here) else []
            return here

        return run


def arity_problem(call: Call, low: int, high: int | None) -> XPathError | None:
    """What is wrong with the number of arguments of a call; None if nothing is."""
    count = len(call.args)
    if low <= count and (high is None or count <= high):
        return None
    if high is None:
        wanted = f"at least {low}"
    else:
        wanted = str(low) if low == high else f"{low} to {high}"
    plural = "" if wanted == "1" else "s"
    return XPathError(f"{call.name}() takes {wanted} argument{plural}, not {count}", call.at)


def _failing(wrong: XPathError) -> Evaluator:
    """Fails when reached: a dead branch may hold anything."""

    def fail(_n: Node, _p: int, _z: int, _u: Node) -> Value:
        raise wrong

    return fail


def _is_number(value: Value) -> bool:
    return isinstance(value, float)


def _is_parent(step: Step) -> bool:
    return step.axis == "parent" and not step.predicates and not hasattr(step.test, "name")


def _from_finder(finder: Finder) -> Evaluator:
    return lambda _n, _p, _z, u: finder(u)


def _known(value: Value) -> Value:
    return "" if isinstance(value, float) and math.isnan(value) else value


def _place(nodes: Value) -> float:
    """Place of the first node among its siblings of the same name, from 1."""
    if not isinstance(nodes, list) or not nodes:
        return math.nan
    node = nodes[0]
    if node.parent is None or node.kind != ELEMENT:
        return 1.0
    return next(
        float(i) for i, other in enumerate(node.parent.elements(node.name), 1) if other is node
    )


def _midnight(env: Environment) -> Moment:
    at = env.now().astimezone(env.zone)
    return Moment(at.replace(hour=0, minute=0, second=0, microsecond=0), date_only=True)


def _letters(length: float, env: Environment) -> str:
    if not 0 < length <= 1000:
        return ""
    return "".join("0123456789abcdef"[int(env.chance() * 16)] for _ in range(int(length)))


def _pull(roots: list[Node], wanted: str, key: str, value: str) -> str:
    for root in (child for document in roots for child in document.children):
        for item in root.elements("item"):
            if any(k.string() == value for k in _column(item, key)):
                return next((x.string() for x in _column(item, wanted)), "")
    return ""


def _column(item: Node, name: str) -> list[Node]:
    if name.startswith("@"):
        return [a for a in item.attrs or [] if a.name == name[1:]]
    return item.elements(name)


def _names_of(expr: Expr, env: Environment) -> tuple[str, ...] | None:
    return env.absolute_names(expr) if isinstance(expr, Path) else None


def _own(node: Node, names: tuple[str, ...]) -> list[Node]:
    """The node of that path among the current node and its ancestors."""
    line = [node]
    while line[-1].parent is not None:
        line.append(line[-1].parent)
    line.reverse()
    depth = 0
    while depth < len(names) and depth + 1 < len(line) and line[depth + 1].name == names[depth]:
        depth += 1
    here = [line[depth]]
    for name in names[depth:]:
        here = [child for x in here for child in x.elements(name)]
    return here
