"""Reads an expression into its parts."""

from functools import lru_cache

from audit_app.forms.xpath.errors import XPathError
from audit_app.forms.xpath.lexer import Kind, Token, tokens
from audit_app.forms.xpath.syntax import (
    Call,
    Chain,
    Expr,
    Filter,
    NameTest,
    Negate,
    Number,
    Path,
    Step,
    Text,
    TypeTest,
    Union,
)

MAX_DEPTH = 80
"""How deep brackets, arguments and predicates may nest before we refuse."""

_AXES = frozenset(
    {
        "ancestor",
        "ancestor-or-self",
        "attribute",
        "child",
        "descendant",
        "descendant-or-self",
        "following",
        "following-sibling",
        "namespace",
        "parent",
        "preceding",
        "preceding-sibling",
        "self",
    }
)
_TYPES = frozenset({"comment", "text", "processing-instruction", "node"})
_LEVELS: tuple[frozenset[str], ...] = (
    frozenset({"or"}),
    frozenset({"and"}),
    frozenset({"=", "!="}),
    frozenset({"<", "<=", ">", ">="}),
    frozenset({"+", "-"}),
    frozenset({"*", "div", "mod"}),
)
_LEVEL_OF = {op: level for level, ops in enumerate(_LEVELS) for op in ops}


@lru_cache(maxsize=8192)
def parse(source: str) -> Expr:
    """The parts of an expression.

    Raises:
        XPathError: with the place of the first mistake and, where we know one, the remedy.
    """
    return _Parser(source).whole()


class _Parser:
    def __init__(self, source: str) -> None:
        self._tokens = tokens(source)
        self._next = 0
        self._depth = 0
        # Kept in step by _go_on: looked at several times for each token.
        self._here = self._tokens[0]

    def whole(self) -> Expr:
        if self._here.kind is Kind.END:
            raise XPathError("The expression is empty", 0)
        expr = self._expression(0)
        token = self._here
        if token.kind is not Kind.END:
            if token.text in {")", "]"}:
                raise XPathError(
                    f"This {token.text} closes nothing", token.at, "Remove it, or open it earlier."
                )
            raise XPathError(f"{token.text} is not expected here", token.at)
        return expr

    def _go_on(self) -> None:
        self._next += 1
        self._here = self._tokens[self._next]

    @property
    def _after(self) -> Token:
        return self._tokens[min(self._next + 1, len(self._tokens) - 1)]

    def _take(self) -> Token:
        token = self._here
        if token.kind is not Kind.END:
            self._go_on()
        return token

    def _accept(self, symbol: str) -> bool:
        token = self._here
        if token.text == symbol and token.kind is Kind.SYMBOL:
            self._go_on()
            return True
        return False

    def _close(self, symbol: str, opened: Token) -> None:
        if self._accept(symbol):
            return
        token = self._here
        if token.kind is Kind.END:
            raise XPathError(
                f"The {opened.text} is not closed", opened.at, f"Add the missing {symbol}."
            )
        if token.text == "=" and self._tokens[self._next - 1].text == "=":
            raise XPathError("== is not an operator", token.at, "Write a single =.")
        raise XPathError(
            f"{symbol} expected instead of {token.text}",
            token.at,
            "Is a comma or an operator missing?",
        )

    def _expression(self, level: int) -> Expr:
        """Precedence climbing, to spend few Python frames on each bracket."""
        left = self._unary()
        while True:
            token = self._here
            found = (
                _LEVEL_OF.get(token.text, -1) if token.kind in {Kind.SYMBOL, Kind.BINARY} else -1
            )
            if found < level:
                return left
            rest: list[tuple[str, Expr]] = []
            while self._here.kind is token.kind or rest:
                op = self._here
                if op.kind not in {Kind.SYMBOL, Kind.BINARY} or _LEVEL_OF.get(op.text) != found:
                    break
                self._go_on()
                rest.append((op.text, self._expression(found + 1)))
            left = Chain(token.at, left, tuple(rest))

    def _unary(self) -> Expr:
        signs = 0
        at = self._here.at
        while self._accept("-"):
            signs += 1
        expr = self._joined()
        if not signs:
            return expr
        # Two minus signs cancel but still turn the operand into a number.
        expr = Negate(at, expr)
        return expr if signs % 2 else Negate(at, expr)

    def _joined(self) -> Expr:
        first = self._path()
        if not (self._here.kind is Kind.SYMBOL and self._here.text == "|"):
            return first
        parts = [first]
        at = self._here.at
        while self._accept("|"):
            parts.append(self._path())
        return Union(at, tuple(parts))

    def _path(self) -> Expr:
        token = self._here
        if self._starts_primary(token):
            base = self._primary()
            predicates = self._predicates()
            if predicates:
                base = Filter(token.at, base, predicates)
            if self._accept("/"):
                return Path(token.at, base, absolute=False, steps=tuple(self._steps()))
            if self._accept("//"):
                return Path(token.at, base, absolute=False, steps=(_any(token.at), *self._steps()))
            return base
        if self._accept("/"):
            here = self._here
            if here.kind is Kind.NAME or (
                here.kind is Kind.SYMBOL and here.text in {".", "..", "@"}
            ):
                return Path(token.at, None, absolute=True, steps=tuple(self._steps()))
            return Path(token.at, None, absolute=True, steps=())
        if self._accept("//"):
            return Path(token.at, None, absolute=True, steps=(_any(token.at), *self._steps()))
        return Path(token.at, None, absolute=False, steps=tuple(self._steps()))

    def _starts_primary(self, token: Token) -> bool:
        if token.kind in {Kind.NUMBER, Kind.STRING}:
            return True
        if token.kind is Kind.SYMBOL:
            return token.text == "("
        return (
            token.kind is Kind.NAME
            and self._after.kind is Kind.SYMBOL
            and self._after.text == "("
            and token.text not in _TYPES
        )

    def _primary(self) -> Expr:
        token = self._take()
        if token.kind is Kind.NUMBER:
            return Number(token.at, float(token.text))
        if token.kind is Kind.STRING:
            return Text(token.at, token.text[1:-1])
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise XPathError("The expression is nested too deeply", token.at)
        if token.text == "(":
            expr = self._expression(0)
            self._close(")", token)
        else:
            opened = self._take()
            args: list[Expr] = []
            if not self._accept(")"):
                args.append(self._expression(0))
                while self._accept(","):
                    args.append(self._expression(0))
                self._close(")", opened)
            expr = Call(token.at, token.text, tuple(args))
        self._depth -= 1
        return expr

    def _steps(self) -> list[Step]:
        out = [self._step()]
        while True:
            if self._accept("/"):
                out.append(self._step())
            elif self._here.kind is Kind.SYMBOL and self._here.text == "//":
                out.append(_any(self._take().at))
                out.append(self._step())
            else:
                return out

    def _step(self) -> Step:
        here = self._here
        if here.kind is Kind.NAME and self._after.text not in {"::", "("}:
            # A plain name: nearly all there are.
            self._go_on()
            within = self._predicates() if self._here.text == "[" else ()
            return Step(here.at, "child", NameTest(here.text), within)
        at = here.at
        if self._accept("."):
            return Step(at, "self", TypeTest("node"), self._predicates())
        if self._accept(".."):
            return Step(at, "parent", TypeTest("node"), self._predicates())
        axis = "child"
        if self._accept("@"):
            axis = "attribute"
        elif self._here.kind is Kind.NAME and self._after.text == "::":
            axis = self._take().text
            self._take()
            if axis not in _AXES:
                raise XPathError(f"{axis} is not an axis", at)
        token = self._take()
        if token.kind is not Kind.NAME:
            raise self._operand_expected(token)
        if token.text in _TYPES and self._here.text == "(" and self._here.kind is Kind.SYMBOL:
            target = self._target()
            return Step(at, axis, TypeTest(token.text, target), self._predicates())
        return Step(at, axis, NameTest(token.text), self._predicates())

    def _target(self) -> str | None:
        """The brackets of a type test, and the name within if there is one."""
        opened = self._take()
        target = self._take().text[1:-1] if self._here.kind is Kind.STRING else None
        self._close(")", opened)
        return target

    def _predicates(self) -> tuple[Expr, ...]:
        if not (self._here.kind is Kind.SYMBOL and self._here.text == "["):
            return ()
        out: list[Expr] = []
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise XPathError("The expression is nested too deeply", self._here.at)
        while True:
            opened = self._here
            if not self._accept("["):
                break
            out.append(self._expression(0))
            self._close("]", opened)
        self._depth -= 1
        return tuple(out)

    def _operand_expected(self, token: Token) -> XPathError:
        before = self._tokens[self._next - 2].text if self._next >= 2 else ""
        if token.kind is Kind.END:
            return XPathError("Something is missing at the end", token.at)
        if token.text == "=" and before == "=":
            return XPathError("== is not an operator", token.at, "Write a single =.")
        if token.text == ">" and before == "<":
            return XPathError("<> is not an operator", token.at, "Write != for 'not equal'.")
        if token.text == "|":
            return XPathError("|| is not an operator", token.at, "Write or.")
        if token.text == "$":
            return XPathError("$ stands alone", token.at, "Name a question as ${name}.")
        return XPathError(f"A value is missing before {token.text}", token.at)


def _any(at: int) -> Step:
    return Step(at, "descendant-or-self", TypeTest("node"))
