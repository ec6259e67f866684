"""Functions on texts."""

import base64
import binascii
import functools
import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import tzinfo
from math import inf, isnan

from audit_app.forms.tree import Node
from audit_app.forms.xpath.errors import XPathError
from audit_app.forms.xpath.linear_regex import LinearRegex, Unreadable
from audit_app.forms.xpath.signature import Function
from audit_app.forms.xpath.values import Value, boolean, number, string, texts

_WAYS = re.compile(r"[*+?{|]")
_BLANK = re.compile(r"[ \t\r\n]+")


def _concat(_zone: tzinfo, *args: Value) -> Value:
    return "".join(texts(args))


def _join(_zone: tzinfo, separator: Value, *args: Value) -> Value:
    return string(separator).join(texts(args))


def _substring_before(_zone: tzinfo, text: Value, mark: Value) -> Value:
    head, found, _ = string(text).partition(string(mark)) if string(mark) else ("", "", "")
    return head if found else ""


def _substring_after(_zone: tzinfo, text: Value, mark: Value) -> Value:
    return string(text).partition(string(mark))[2] if string(mark) else string(text)


def xpath_round(value: float) -> float:
    """The nearest whole number, halves up, as XPath 1 counts places in texts."""
    if isnan(value) or value in {inf, -inf}:
        return value
    return float((value + 0.5) // 1)


def _substring(zone: tzinfo, text: Value, start: Value, length: Value | None = None) -> Value:
    first = xpath_round(number(start, zone))
    end = inf if length is None else first + xpath_round(number(length, zone))
    return "".join(char for i, char in enumerate(string(text), 1) if first <= i < end)


def _substr(zone: tzinfo, text: Value, start: Value, end: Value | None = None) -> Value:
    """From ``start`` to before ``end``, counted from 0; negative places count from the end."""
    whole = string(text)

    def place(value: Value) -> int:
        at = number(value, zone)
        if isnan(at) or at in {inf, -inf}:
            return 0 if isnan(at) or at < 0 else len(whole)
        return int(at) + (len(whole) if at < 0 else 0)

    first = max(place(start), 0)
    last = len(whole) if end is None else max(place(end), 0)
    return whole[first:last]


def _translate(_zone: tzinfo, text: Value, old: Value, new: Value) -> Value:
    replacement = string(new)
    table: dict[str, str] = {}
    for i, char in enumerate(string(old)):
        table.setdefault(char, replacement[i] if i < len(replacement) else "")
    return "".join(table.get(char, char) for char in string(text))


def _normalize(_zone: tzinfo, text: Value) -> Value:
    return _BLANK.sub(" ", string(text)).strip(" ")


@functools.lru_cache(maxsize=512)
def pattern(source: str) -> Callable[[str], object]:
    """What searches a text for a regular expression, as authors write them.

    Raises:
        XPathError: it is none, or one that could take for ever.
    """
    try:
        quick = re.compile(source)
    except (re.error, OverflowError, RecursionError) as wrong:
        raise XPathError(f"{source!r} is not a regular expression ({wrong})") from wrong
    if len(_WAYS.findall(source.replace("(?", ""))) < 2:
        # With one place to choose at, trying one way after the other is quickest.
        return quick.search
    try:
        return LinearRegex(source).search
    except (Unreadable, RecursionError) as wrong:
        raise XPathError(
            f"The regular expression {source!r} could take for ever",
            suggestion="Write it without back references, looking back or so many repeats.",
        ) from wrong


def _regex(_zone: tzinfo, text: Value, source: Value) -> Value:
    return bool(pattern(string(source))(string(text)))


def _coalesce(_zone: tzinfo, *args: Value) -> Value:
    for arg in args:
        if isinstance(arg, float) and isnan(arg):
            continue
        text = string(arg)
        if text:
            return text
    return ""


def _digest(_zone: tzinfo, text: Value, method: Value, encoding: Value = "base64") -> Value:
    wanted = string(method)
    name = {"MD5": "md5", "SHA-1": "sha1", "SHA-256": "sha256", "SHA-384": "sha384"}.get(
        wanted, "sha512" if wanted == "SHA-512" else ""
    )
    if not name:
        raise XPathError(f"digest() does not know the method {wanted!r}")
    shown = string(encoding)
    if shown not in {"hex", "base64"}:
        raise XPathError(f"digest() does not know the encoding {shown!r}")
    raw = hashlib.new(name, string(text).encode(), usedforsecurity=False).digest()
    return raw.hex() if shown == "hex" else base64.b64encode(raw).decode("ascii")


def _base64_decode(_zone: tzinfo, text: Value) -> Value:
    try:
        return base64.b64decode(string(text), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


def _string(_zone: tzinfo, value: Value) -> Value:
    return string(value)


def _local_name(_zone: tzinfo, nodes: Value) -> Value:
    first = _first(nodes)
    return first.name if first is not None else ""


def _name(_zone: tzinfo, nodes: Value) -> Value:
    first = _first(nodes)
    return first.name if first is not None else ""


def _namespace_uri(_zone: tzinfo, nodes: Value) -> Value:
    first = _first(nodes)
    return (first.namespace or "") if first is not None else ""


def _first(nodes: Value) -> Node | None:
    if not isinstance(nodes, list):
        raise XPathError("A path to a question is expected here")
    return nodes[0] if nodes else None


def _boolean_from_string(_zone: tzinfo, value: Value) -> Value:
    return string(value) in {"true", "1"}


FUNCTIONS: Mapping[str, Function] = {
    "string": Function(0, 1, _string, context=True),
    "concat": Function(0, None, _concat),
    "join": Function(1, None, _join),
    "starts-with": Function(2, 2, lambda _z, a, b: string(a).startswith(string(b))),
    "ends-with": Function(2, 2, lambda _z, a, b: string(a).endswith(string(b))),
    "contains": Function(2, 2, lambda _z, a, b: string(b) in string(a)),
    "substring-before": Function(2, 2, _substring_before),
    "substring-after": Function(2, 2, _substring_after),
    "substring": Function(2, 3, _substring),
    "substr": Function(2, 3, _substr),
    "string-length": Function(0, 1, lambda _z, a: float(len(string(a))), context=True),
    "normalize-space": Function(0, 1, _normalize, context=True),
    "translate": Function(3, 3, _translate),
    "regex": Function(2, 2, _regex),
    "coalesce": Function(2, None, _coalesce),
    "digest": Function(2, 3, _digest),
    "base64-decode": Function(1, 1, _base64_decode),
    "local-name": Function(0, 1, _local_name, context=True),
    "name": Function(0, 1, _name, context=True),
    "namespace-uri": Function(0, 1, _namespace_uri, context=True),
    "boolean": Function(1, 1, lambda _z, a: boolean(a)),
    "boolean-from-string": Function(1, 1, _boolean_from_string),
    "not": Function(1, 1, lambda _z, a: not boolean(a)),
    "true": Function(0, 0, lambda _z: True),
    "false": Function(0, 0, lambda _z: False),
}
