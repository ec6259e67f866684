"""Functions on sets of nodes."""

import hashlib
import itertools
import math
import re
from collections.abc import Mapping
from datetime import tzinfo

from audit_app.forms.tree import Node
from audit_app.forms.xpath.errors import XPathError
from audit_app.forms.xpath.signature import Function
from audit_app.forms.xpath.values import Value, number, string

_EARTH_RADIUS = 6_378_100.0
"""Metres; the radius ODK tools use."""


def nodes_of(value: Value, what: str) -> list[Node]:
    """The value as a node-set.

    Raises:
        XPathError: it is none.
    """
    if not isinstance(value, list):
        raise XPathError(f"{what} needs a path to questions")
    return value


def _count(_zone: tzinfo, nodes: Value) -> Value:
    return float(len(nodes_of(nodes, "count()")))


def _count_non_empty(_zone: tzinfo, nodes: Value) -> Value:
    return float(sum(1 for n in nodes_of(nodes, "count-non-empty()") if n.string() != ""))


def _randomize(zone: tzinfo, nodes: Value, seed: Value | None = None) -> Value:
    items = list(nodes_of(nodes, "randomize()"))
    if seed is None:
        return items
    return shuffled(items, _seed(seed, zone))


def _seed(seed: Value, zone: tzinfo) -> int:
    value = number(seed, zone)
    if not math.isnan(value) and not math.isinf(value):
        return int(value)
    text = string(seed)
    if not text:
        return 42
    # Texts seed by the first 8 bytes of their hash, as ODK tools do.
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big", signed=True)


def shuffled(items: list[Node], seed: int) -> list[Node]:
    """Park-Miller shuffle (ODK XForms specification, randomize)."""
    state = int(math.fmod(seed, 2_147_483_647))
    if state <= 0:
        state += 2_147_483_646
    out = list(items)
    for last in range(len(out) - 1, 0, -1):
        state = state * 16_807 % 2_147_483_647
        pick = int((state - 1) / 2_147_483_646 * (last + 1))
        out[last], out[pick] = out[pick], out[last]
    return out


def _points(args: tuple[Value, ...]) -> list[tuple[float, float]]:
    parts: list[str] = []
    for arg in args:
        if isinstance(arg, list):
            parts += [node.string() for node in arg]
        else:
            parts.append(string(arg))
    points: list[tuple[float, float]] = []
    for part in ";".join(parts).split(";"):
        if not part.strip():
            continue
        fields = re.split(r"\s+", part.strip())
        try:
            points.append((float(fields[0]), float(fields[1])))
        except (ValueError, IndexError):
            return []
    return points


def _distance(_zone: tzinfo, *args: Value) -> Value:
    points = _points(args)
    if len(points) < 2:
        return 0.0 if points or not args else math.nan
    return round(sum(_leg(a, b) for a, b in itertools.pairwise(points)), 2)


def _leg(a: tuple[float, float], b: tuple[float, float]) -> float:
    (lat1, lon1), (lat2, lon2) = a, b
    phi1, phi2 = math.radians(lat1), math.radians(lat2)
    cosine = math.sin(phi1) * math.sin(phi2) + math.cos(phi1) * math.cos(phi2) * math.cos(
        math.radians(lon1 - lon2)
    )
    return math.acos(max(-1.0, min(1.0, cosine))) * _EARTH_RADIUS


def _area(_zone: tzinfo, *args: Value) -> Value:
    points = _points(args)
    if len(points) < 3:
        return 0.0
    total = 0.0
    for (lat1, lon1), (lat2, lon2) in zip(points, [*points[1:], points[0]], strict=True):
        total += math.radians(lon2 - lon1) * (
            2 + math.sin(math.radians(lat1)) + math.sin(math.radians(lat2))
        )
    return round(abs(total * _EARTH_RADIUS * _EARTH_RADIUS / 2), 2)


FUNCTIONS: Mapping[str, Function] = {
    "count": Function(1, 1, _count),
    "count-non-empty": Function(1, 1, _count_non_empty),
    "randomize": Function(1, 2, _randomize),
    "distance": Function(1, None, _distance),
    "area": Function(1, None, _area),
}
