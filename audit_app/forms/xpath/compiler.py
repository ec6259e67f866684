"""Turns a read expression into a Python closure."""

from audit_app.forms.tree import Node, in_document_order
from audit_app.forms.xpath.arithmetic import ARITHMETIC
from audit_app.forms.xpath.calls import Calls
from audit_app.forms.xpath.environment import Environment
from audit_app.forms.xpath.errors import XPathError
from audit_app.forms.xpath.paths import Paths
from audit_app.forms.xpath.syntax import (
    Call,
    Chain,
    Expr,
    Filter,
    Negate,
    Number,
    Path,
    Text,
    Union,
)
from audit_app.forms.xpath.values import (
    Evaluator,
    Value,
    boolean,
    compare,
    number,
)

_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})


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
        self._paths = Paths(environment, self.expr)
        self._calls = Calls(environment, self.expr)
        self._zone = environment.zone

    def expr(self, expr: Expr) -> Evaluator:
        match expr:
            case Number(_, value) | Text(_, value):
                constant: Value = value
                return lambda _n, _p, _z, _u: constant
            case Path():
                return self._paths.path(expr)
            case Chain():
                return self._chain(expr)
            case Call():
                return self._calls.call(expr)
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
        inner, keep = self.expr(base), self._paths.filtering(predicates)

        def run(n: Node, p: int, z: int, u: Node) -> Value:
            value = inner(n, p, z, u)
            if not isinstance(value, list):
                raise XPathError("[...] filters paths only")
            return keep(value, u)

        return run
