"""The parts an expression is made of, each with its place in the text.

Named tuples rather than frozen data classes: a large checklist has tens of thousands of them, and
these are made several times as fast.
"""

from __future__ import annotations

from typing import NamedTuple


class Number(NamedTuple):
    """A number written out."""

    at: int
    value: float


class Text(NamedTuple):
    """A quoted text."""

    at: int
    value: str


class Negate(NamedTuple):
    """A leading minus."""

    at: int
    operand: Expr


class Chain(NamedTuple):
    """Operands joined by operators of one precedence, left to right.

    Kept flat, so that a sum of a thousand terms is not a thousand levels deep.
    """

    at: int
    first: Expr
    rest: tuple[tuple[str, Expr], ...]


class Union(NamedTuple):
    """Node-sets joined by ``|``."""

    at: int
    parts: tuple[Expr, ...]


class Call(NamedTuple):
    """A function call."""

    at: int
    name: str
    args: tuple[Expr, ...]


class Filter(NamedTuple):
    """A node-set expression with predicates, such as ``instance('x')[1]``."""

    at: int
    base: Expr
    predicates: tuple[Expr, ...]


class NameTest(NamedTuple):
    """Matches by name; ``*`` matches all, ``p:*`` a whole namespace."""

    name: str


class TypeTest(NamedTuple):
    """Matches by node type: node, text, comment, processing-instruction (with its target)."""

    type: str
    target: str | None = None


class Step(NamedTuple):
    """One step of a path."""

    at: int
    axis: str
    test: NameTest | TypeTest
    predicates: tuple[Expr, ...] = ()

    @property
    def plain_name(self) -> str | None:
        """The local name if this is just ``name`` with no predicate, else None."""
        if self.axis == "child" and not self.predicates and isinstance(self.test, NameTest):
            name = self.test.name.rpartition(":")[2]
            return None if name == "*" else name
        return None


class Path(NamedTuple):
    """A location path; ``start`` is an expression it goes on from, else root or context."""

    at: int
    start: Expr | None
    absolute: bool
    steps: tuple[Step, ...]


Expr = Number | Text | Negate | Chain | Union | Call | Filter | Path


def parts(expr: Expr) -> list[Expr]:
    """The expressions directly within one, in order."""
    match expr:
        case Negate(_, operand):
            return [operand]
        case Chain(_, first, rest):
            return [first, *(part for _, part in rest)]
        case Union(_, joined):
            return list(joined)
        case Call(_, _, args):
            return list(args)
        case Filter(_, base, predicates):
            return [base, *predicates]
        case Path(_, start, _, steps):
            within = [predicate for step in steps for predicate in step.predicates]
            return [start, *within] if start is not None else within
        case _:
            return []
