"""Splits an expression into tokens, each with its place, and names the usual slips."""

import re
from enum import StrEnum
from typing import NamedTuple

from audit_app.forms.xpath.errors import XPathError


class Kind(StrEnum):
    """What a token is; ``BINARY`` is an operator spelled like a name (and, or, div, mod, *)."""

    NUMBER = "number"
    STRING = "string"
    SYMBOL = "symbol"
    NAME = "name"
    BINARY = "binary"
    END = "end"


class Token(NamedTuple):
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
_KINDS = (Kind.END, Kind.NUMBER, Kind.STRING, Kind.SYMBOL, Kind.NAME)
"""By the number of the group in the pattern above."""

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
    # Whether a value has just ended, so that a name or a star must be an operator.
    after_value = False
    while at < length:
        match = _TOKEN.match(source, at)
        if match is None:
            rest = source[at:]
            blank = len(rest) - len(rest.lstrip())
            if blank == len(rest):
                break
            raise _bad_character(source, at + blank)
        kind, text = _KINDS[match.lastindex or 0], match[match.lastindex or 0]
        at = match.end()
        start = at - len(text)
        if kind is Kind.SYMBOL:
            if text == "*":
                kind = Kind.BINARY if after_value else Kind.NAME
        elif kind is Kind.NAME and after_value:
            kind = Kind.BINARY
            if text not in _OPERATORS:
                glued = _GLUED.match(text)
                if glued is None:
                    raise _operator_expected(text, start)
                text = glued[0]
                at = start + len(text)
        out.append(Token(kind, text, start))
        after_value = kind is not Kind.BINARY and not (kind is Kind.SYMBOL and text in _OPENERS)
    out.append(Token(Kind.END, "", length))
    return out


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
