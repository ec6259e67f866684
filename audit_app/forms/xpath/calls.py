"""Turns a function call into a closure."""

from collections.abc import Callable

from audit_app.forms.tree import Node
from audit_app.forms.xpath import library
from audit_app.forms.xpath.contextual import CONTEXTUAL
from audit_app.forms.xpath.environment import Environment
from audit_app.forms.xpath.errors import XPathError
from audit_app.forms.xpath.syntax import Call, Expr, Path
from audit_app.forms.xpath.values import Evaluator, Value, number


class Calls:
    """Compiles calls.

    Args:
        expr: compiles their arguments.
    """

    def __init__(self, environment: Environment, expr: Callable[[Expr], Evaluator]) -> None:
        self._env = environment
        self._expr = expr

    def call(self, call: Call) -> Evaluator:
        """The value of a call; one that cannot be right fails when it is reached."""
        wrong = call_problem(call)
        if wrong is not None:
            return _failing(wrong)
        if call.name == "indexed-repeat":
            return self._indexed(call)
        args = [self._expr(arg) for arg in call.args]
        contextual = CONTEXTUAL.get(call.name)
        if contextual is not None:
            return contextual(self._env, args)
        function = library.plain(call.name)
        if function is None:
            raise XPathError(f"The function {call.name}() is unknown", call.at)
        f, zone = function.call, self._env.zone
        match args:
            case []:
                if function.context:
                    return lambda n, _p, _z, _u: f(zone, [n])
                return lambda _n, _p, _z, _u: f(zone)
            case [a]:
                return lambda n, p, z, u: f(zone, a(n, p, z, u))
            case [a, b]:
                return lambda n, p, z, u: f(zone, a(n, p, z, u), b(n, p, z, u))
            case _:
                return lambda n, p, z, u: f(zone, *[arg(n, p, z, u) for arg in args])

    def _indexed(self, call: Call) -> Evaluator:
        """``indexed-repeat(path, repeat, index, ...)``: that instance's value."""
        target = _names_of(call.args[0], self._env)
        if target is None or len(call.args) % 2 == 0:
            raise XPathError("indexed-repeat() needs a question, then repeat and index", call.at)
        chosen: dict[int, Evaluator] = {}
        for repeat, index in zip(call.args[1::2], call.args[2::2], strict=True):
            names = _names_of(repeat, self._env)
            if names is None or target[: len(names)] != names:
                raise XPathError("The question is not inside the repeat named here", repeat.at)
            chosen[len(names)] = self._expr(index)
        outer, zone = min(chosen) - 1, self._env.zone

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


def call_problem(call: Call) -> XPathError | None:
    """What is wrong with a call: its name or the number of arguments; None if nothing is."""
    contextual = library.CONTEXTUAL.get(call.name)
    if contextual is not None:
        return _arity_problem(call, *contextual)
    function = library.plain(call.name)
    if function is None:
        return XPathError(
            f"The function {call.name}() is unknown", call.at, library.suggestion(call.name)
        )
    return _arity_problem(call, function.low, function.high)


def _arity_problem(call: Call, low: int, high: int | None) -> XPathError | None:
    count = len(call.args)
    if low <= count and (high is None or count <= high):
        return None
    wanted = f"at least {low}" if high is None else f"{low} to {high}"
    if low == high:
        wanted = str(low)
    plural = "" if wanted == "1" else "s"
    return XPathError(f"{call.name}() takes {wanted} argument{plural}, not {count}", call.at)


def _failing(wrong: XPathError) -> Evaluator:
    """Fails when reached: a dead branch may hold anything."""

    def fail(_n: Node, _p: int, _z: int, _u: Node) -> Value:
        raise wrong

    return fail


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
