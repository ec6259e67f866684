"""Functions on chosen answers."""

import math
from collections.abc import Iterator, Mapping
from datetime import tzinfo

from audit_app.forms.xpath.signature import Function
from audit_app.forms.xpath.values import Value, boolean, number, string


def _selected(_zone: tzinfo, answer: Value, name: Value) -> Value:
    wanted = string(name).strip()
    if not wanted:
        return string(answer).strip() == ""
    return wanted in string(answer).split()


def _selected_at(zone: tzinfo, answer: Value, index: Value) -> Value:
    at = number(index, zone)
    names = string(answer).split()
    return names[int(at)] if not math.isnan(at) and 0 <= at < len(names) else ""


def _truths(args: tuple[Value, ...]) -> Iterator[bool]:
    """Whether each argument counts as checked; each node of a node-set for itself."""
    for arg in args:
        if isinstance(arg, list):
            for node in arg:
                yield node.string() != ""
        else:
            yield boolean(arg)


def _within(zone: tzinfo, low: Value, high: Value, found: float) -> bool:
    least, most = number(low, zone), number(high, zone)
    return (least < 0 or found >= least) and (most < 0 or found <= most)


def _checklist(zone: tzinfo, low: Value, high: Value, *args: Value) -> Value:
    return _within(zone, low, high, sum(_truths(args)))


def _weighted(zone: tzinfo, low: Value, high: Value, *args: Value) -> Value:
    truths = list(_truths(tuple(args[0::2])))
    weights: list[float] = []
    for arg in args[1::2]:
        if isinstance(arg, list):
            weights += [number(node.string(), zone) for node in arg]
        else:
            weights.append(number(arg, zone))
    total = sum(w for w, checked in zip(weights, truths, strict=False) if checked)
    return _within(zone, low, high, total)


FUNCTIONS: Mapping[str, Function] = {
    "selected": Function(2, 2, _selected),
    "selected-at": Function(2, 2, _selected_at),
    "count-selected": Function(1, 1, lambda _z, a: float(len(string(a).split()))),
    "checklist": Function(3, None, _checklist),
    "weighted-checklist": Function(4, None, _weighted),
}
