"""Splits an expression into tokens, each with its place, and names the usual slips."""

import re
from dataclasses import dataclass
from enum import StrEnum

from audit_app.forms.xpath.errors import XPathError


class Kind(StrEnum):
    """What a token is; ``BINARY`` is an operator spelled like a name (and, or, div, mod, *)."""

    NUMBER = "number"
    STRING = "string"
    SYMBOL = "symbol"
    NAME = "name"
    BINARY = "binary"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One token; ``at`` is the offset of its first character."""

    kind: Kind
    text: str
    at: int


_TOKEN = re.compile(
    r"""\s*(?:
      (?P<number>\d+(?:\.\d*)?|\.\d+)
    | (?P<string>"[^"]*"|'[^']*')
    | (?P<symbol>::|\.\.|//|!=|<=|>=|[()\[\].@,/|+\-=<>*$])
    | (?P<name>[^\W\d][\w.\-]*(?::(?:\*|[^\W\d][\w.\-]*)(?!:))?)
    )""",
    re.VERBOSE,
)
_OPERATORS = ("and", "or", "div", "mod")
_GLUED = re.compile(r"(and|or|div|mod)(?=\d|\.\d)")
_OPENERS = frozenset(
    {"@", "::", "(", "[", ",", "/", "//", "|", "+", "-", "=", "!=", "<", "<=", ">", ">="}
)
_SMART_QUOTES = "‘’‚‛“”„‟«»`´"
_SLIPS = {
    "≠": "Write != for 'not equal'.",
    "≤": "Write <= for 'at most'.",
    "≥": "Write >= for 'at least'.",
    "×": "Write * to multiply.",
    "÷": "Write div to divide.",
    "−": "Write a plain minus sign.",
    "–": "Write a plain minus sign.",
    "—": "Write a plain minus sign.",
    ";": "Separate arguments with a comma.",
    "&": "Write and in lower case.",
    "!": "Write not(...) to negate, != for 'not equal'.",
    "%": "Write mod for the remainder, div 100 for percent.",
    "^": "Write pow(a, b) for a power.",
}


def tokens(source: str) -> list[Token]:
    """The tokens of an expression, closed by one of kind END.

    Raises:
        XPathError: at the first character that belongs to no token.
    """
    out: list[Token] = []
    at, length = 0, len(source)
    while at < length:
        match = _TOKEN.match(source, at)
        if match is None:
            rest = source[at:]
            blank = len(rest) - len(rest.lstrip())
            if blank == len(rest):
                break
            raise _bad_character(source, at + blank)
        group = match.lastgroup or ""
        text = match[group]
        start = match.start(group)
        at = match.end()
        if group == "symbol" and text == "*":
            kind = Kind.BINARY if _after_operand(out) else Kind.NAME
        elif group == "name" and _after_operand(out):
            kind = Kind.BINARY
            if text not in _OPERATORS:
                glued = _GLUED.match(text)
                if glued is None:
                    raise _operator_expected(text, start)
                text = glued[0]
                at = start + len(text)
        else:
            kind = Kind(group)
        out.append(Token(kind, text, start))
    out.append(Token(Kind.END, "", length))
    return out


def _after_operand(out: list[Token]) -> bool:
    if not out:
        return False
    last = out[-1]
    return last.kind is not Kind.BINARY and not (last.kind is Kind.SYMBOL and last.text in _OPENERS)


def _bad_character(source: str, at: int) -> XPathError:
    bad = source[at]
    if bad in _SMART_QUOTES:
        return XPathError(f"{bad} is a typographic quote", at, "Write a straight quote: ' or \".")
    if bad in "'\"":
        return XPathError("This quote is not closed", at, f"Add a closing {bad} after the text.")
    if bad in "{}#":
        return XPathError(f"{bad} is not allowed here", at, "Name a question as ${name}.")
    return XPathError(f"{bad!r} is not allowed here", at, _SLIPS.get(bad, ""))


def _operator_expected(text: str, at: int) -> XPathError:
    if text.lower() in _OPERATORS:
        return XPathError(f"{text} is not an operator", at, f"Write {text.lower()} in lower case.")
    return XPathError(
        f"An operator or a comma is missing before {text}",
        at,
        "Join the two sides with and, or, =, + or a comma.",
    )
